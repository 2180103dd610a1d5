use super::*;

on_every_database! {
    a_repository_that_lives_on_does_not_keep_a_dropped_transaction_open
    a_transaction_that_does_nothing_for_too_long_is_rolled_back
    a_transaction_can_be_made_in_a_task
}

async fn a_repository_that_lives_on_does_not_keep_a_dropped_transaction_open(setup: Setup) {
    let database = setup.open();
    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    inside.create(&italy()).await.unwrap();
    drop(tx);
    let error = inside.create(&france()).await.unwrap_err();
    assert!(error.to_string().contains("rolled back"), "{error}");
    let countries = database.repository::<Country>().unwrap();
    countries.create(&italy()).await.unwrap();
}

async fn a_transaction_that_does_nothing_for_too_long_is_rolled_back(setup: Setup) {
    let patience = Duration::from_millis(200);
    let database = setup
        .library()
        .transaction_idle_timeout(patience)
        .open()
        .unwrap();
    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    inside.create(&italy()).await.unwrap();
    let started = Instant::now();
    let other = database.clone();
    let waiting =
        tokio::spawn(async move { other.repository::<Country>()?.create(&italy()).await });
    waiting.await.unwrap().unwrap();
    assert!(started.elapsed() >= patience / 2);
    let error = inside.create(&france()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout, "{error:?}");
    let names_itself = error.to_string().contains("transaction_idle_timeout");
    assert!(names_itself, "{error}");
    let error = tx.commit().await.unwrap_err();
    assert!(error.to_string().contains("is over"), "{error}");
    let countries = database.repository::<Country>().unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
}

/// The mark of who has the writer is the newest transaction's, whatever becomes of older ones.
#[tokio::test]
async fn on_sqlite_a_transaction_that_is_over_takes_no_mark_from_another() {
    let patience = Duration::from_millis(200);
    for setup in [Setup::sqlite(), Setup::sqlite_memory()] {
        let database = setup
            .library()
            .transaction_idle_timeout(patience)
            .open()
            .unwrap();
        let late = database.begin().await.unwrap();
        tokio::time::sleep(patience * 2).await;
        let holder = database.clone();
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (gone, has_gone) = tokio::sync::oneshot::channel();
        let holding = tokio::spawn(async move {
            let tx = holder.begin().await.unwrap();
            begun.send(()).unwrap();
            has_gone.await.unwrap();
            let past = holder.repository::<Country>().unwrap();
            let error = past.create(&italy()).await.unwrap_err();
            assert!(error.to_string().contains("this task"), "{error}");
            drop(tx);
        });
        has_begun.await.unwrap();
        let countries = late.repository::<Country>().unwrap();
        countries.create(&france()).await.unwrap_err();
        drop((countries, late));
        gone.send(()).unwrap();
        holding.await.unwrap();
    }
}

async fn a_transaction_can_be_made_in_a_task(setup: Setup) {
    let database = setup.open();
    let codes = ["it".to_owned(), "fr".to_owned()];
    let task = tokio::spawn(async move {
        let count = database
            .transaction(async |tx| {
                let countries = tx.repository::<Country>()?;
                for code in &codes {
                    countries.create(&Country::new(code, code)).await?;
                }
                tx.transaction(async |inner| {
                    assert_eq!(codes.len(), 2);
                    inner.repository::<Country>()?.count(Filter::all()).await
                })
                .await
            })
            .await;
        let tx = database.begin().await?;
        tx.commit().await?;
        count
    });
    assert_eq!(task.await.unwrap().unwrap(), 2);
}

/// The connection that writes is the only one: the task would wait for itself.
#[tokio::test]
async fn on_sqlite_a_write_past_the_transaction_that_its_task_holds_fails_at_once() {
    for setup in [Setup::sqlite(), Setup::sqlite_memory()] {
        let database = setup.open();
        let countries = database.repository::<Country>().unwrap();
        let tx = database.begin().await.unwrap();
        let started = Instant::now();
        for error in [
            countries.create(&italy()).await.unwrap_err(),
            countries.bulk_create(&[italy()]).await.unwrap_err(),
            database.begin().await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), Kind::Unsupported, "{error}");
            assert!(error.to_string().contains("this task"), "{error}");
            assert!(error.help().is_some());
        }
        assert!(started.elapsed() < Duration::from_secs(1));

        let other = countries.clone();
        let others = tokio::spawn(async move { other.create(&france()).await });
        tx.repository::<Country>()
            .unwrap()
            .create(&italy())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        others.await.unwrap().unwrap();
        assert_eq!(countries.count(Filter::all()).await.unwrap(), 2);
    }
}
