use super::*;

on_every_database! {
    what_is_no_longer_kept_is_an_error_that_says_so
    so_many_changes_are_kept_and_no_more
    a_position_of_another_database_is_refused
}

async fn what_is_no_longer_kept_is_an_error_that_says_so(setup: Setup) {
    let kept_for = Duration::from_secs(2);
    let database = followed(&setup).changes_kept_for(kept_for).open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    for code in ["a", "b", "c"] {
        countries.create(&Country::new(code, code)).await.unwrap();
    }
    let mut told = Told::of(database.changes().from_oldest());
    let first = told.next().await.unwrap();
    tokio::time::sleep(2 * kept_for).await;
    // The task in the background may have been there before.
    database.prune_changes().await.unwrap();
    countries.create(&Country::new("d", "d")).await.unwrap();

    let mut late = Told::of(database.changes().from(first.position));
    let error = late.next().await.unwrap_err();
    assert!(error.is_gone(), "{error:?}");
    assert_eq!(error.code().to_string(), "DF-310");
    assert!(error.help().unwrap().contains("read the rows anew"));
    assert_eq!(
        late.words(1).await,
        [r#"Country create "d""#],
        "those after them"
    );

    let mut anew = Told::of(database.changes().from_oldest());
    assert_eq!(anew.words(1).await, [r#"Country create "d""#]);
    let entries = setup.sql("SELECT count(*) FROM dataflow_changes");
    assert_eq!(entries.as_deref(), Some("2"), "the gap and the last");
}

async fn so_many_changes_are_kept_and_no_more(setup: Setup) {
    let kept_for = Duration::from_secs(1);
    let settings = |builder: DataFlowBuilder| builder.changes_kept(100).changes_kept_for(kept_for);
    let replicas = [(); 3].map(|()| settings(followed(&setup)).open().unwrap());
    let books = replicas[0].repository::<Book>().unwrap();
    let rows: Vec<Book> = (0..2_000).map(|n| Book::new(&format!("{n}"))).collect();
    for _ in 0..6 {
        books.bulk_create(&rows).await.unwrap();
    }
    tokio::time::sleep(kept_for + Duration::from_millis(200)).await;
    books.bulk_create(&rows[..50]).await.unwrap();
    let pruned = futures_util::future::join_all(replicas.iter().map(DataFlow::prune_changes));
    let pruned: Result<Vec<u64>> = pruned.await.into_iter().collect();
    assert_eq!(
        pruned.unwrap().len(),
        3,
        "whoever finds another one at it leaves it alone"
    );
    // Whoever came second may have left it to the first, and nobody removes what is younger than a
    // transaction that somebody has open, be it in another database of the server.
    let entries = async {
        loop {
            replicas[1].prune_changes().await.unwrap();
            let entries = setup.sql("SELECT count(*) FROM dataflow_changes").unwrap();
            let entries: usize = entries.parse().unwrap();
            if entries <= 101 {
                return entries;
            }
            tokio::time::sleep(kept_for / 4).await;
        }
    };
    let entries = tokio::time::timeout(Duration::from_secs(60), entries);
    let entries = entries.await.expect("they are pruned some time");
    assert!(entries >= 50, "{entries}");
}

async fn a_position_of_another_database_is_refused(setup: Setup) {
    let database = followed(&setup).open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    countries
        .create(&Country::new("it", "Italy"))
        .await
        .unwrap();
    let far: Position = match setup.is_sqlite() {
        true => "900".parse().unwrap(),
        false => "9000000000.1".parse().unwrap(),
    };
    let Err(error) = Source::changes(&database, &Context::default(), &[], Some(far)).await else {
        panic!("it was taken");
    };
    assert_eq!(error.kind(), Kind::Malformed);
    let unknown = ["Countri".to_owned()];
    let Err(error) = Source::changes(&database, &Context::default(), &unknown, None).await else {
        panic!("it was taken");
    };
    assert_eq!(error.kind(), Kind::NotFound);
}
