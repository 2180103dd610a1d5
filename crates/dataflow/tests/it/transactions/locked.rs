use super::*;

on_every_database! {
    rows_that_are_read_for_update_lose_no_change
    several_workers_take_each_job_once
    rows_that_others_have_are_left_out_or_refused
    what_cannot_be_read_for_update_is_refused
}

async fn rows_that_are_read_for_update_lose_no_change(setup: Setup) {
    let database = setup.open();
    let authors = database.repository::<Author>().unwrap();
    let key = authors.create(&Author::new("a@b.org")).await.unwrap().id;
    let count = |database: DataFlow| async move {
        let counted = database.transaction(async |tx| {
            let inside = tx.repository::<Author>()?;
            let mut author = inside.read_for_update(&key).await?;
            author.rank += 1;
            inside.update(&author).await.map(drop)
        });
        counted.await
    };
    let counts: Vec<_> = (0..6)
        .map(|_| tokio::spawn(count(database.clone())))
        .collect();
    for counted in counts {
        counted.await.unwrap().unwrap();
    }
    assert_eq!(authors.read(&key).await.unwrap().rank, 7);
    let error = authors.read_for_update(&key).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported, "nothing would be kept");
}

async fn several_workers_take_each_job_once(setup: Setup) {
    let database = setup.library().connection_pool_size(6).open().unwrap();
    let jobs = database.repository::<Author>().unwrap();
    let rows: Vec<Author> = (0..30).map(|job| Author::new(&format!("{job}"))).collect();
    jobs.bulk_create(&rows).await.unwrap();
    let work = |database: DataFlow| async move {
        let mut done = Vec::new();
        loop {
            let next = database.transaction(async |tx| {
                let jobs = tx.repository::<Author>()?;
                let open = jobs.query().filter(Author::RANK.eq(1));
                let Some(job) = open.for_update(IfLocked::Skip).first().await? else {
                    return Ok(None);
                };
                // Whoever else looks meanwhile finds another.
                tokio::time::sleep(Duration::from_millis(2)).await;
                let changed = jobs.update_fields(&job.id, [Author::RANK.add(1)]);
                changed.await.map(|job| Some(job.email))
            });
            match next.await.unwrap() {
                Some(job) => done.push(job),
                None => return done,
            }
        }
    };
    let workers: Vec<_> = (0..5)
        .map(|_| tokio::spawn(work(database.clone())))
        .collect();
    let mut done = Vec::new();
    for worker in workers {
        done.extend(worker.await.unwrap());
    }
    done.sort_by_key(|job| job.parse::<usize>().unwrap());
    let all: Vec<String> = rows.into_iter().map(|job| job.email).collect();
    assert_eq!(done, all);
    let twice = jobs.count(Author::RANK.ne(2)).await.unwrap();
    assert_eq!(twice, 0, "each was done once");
}

async fn rows_that_others_have_are_left_out_or_refused(setup: Setup) {
    if setup.is_sqlite() {
        // No other transaction that writes is open beside one.
        return;
    }
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    countries.bulk_create(&[france(), italy()]).await.unwrap();
    let (one, other) = (
        database.begin().await.unwrap(),
        database.begin().await.unwrap(),
    );
    let mine = one.repository::<Country>().unwrap();
    let taken = mine
        .query()
        .limit(1)
        .for_update(IfLocked::Wait)
        .list()
        .await;
    assert_eq!(taken.unwrap(), [france()], "and no row more than that");

    let theirs = other.repository::<Country>().unwrap();
    let rest = theirs.query().for_update(IfLocked::Skip).list().await;
    assert_eq!(rest.unwrap(), [italy()]);
    let key = "fr".to_owned();
    let none = theirs.find_for_update(&key, IfLocked::Skip).await.unwrap();
    assert_eq!(none, None);
    let started = Instant::now();
    let refused = theirs
        .find_for_update(&key, IfLocked::Fail)
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), Kind::Timeout);
    assert!(
        refused.to_string().contains("another transaction"),
        "{refused}"
    );
    assert!(started.elapsed() < Duration::from_secs(1));
    other.roll_back().await.unwrap();
    one.commit().await.unwrap();

    let last = database.begin().await.unwrap();
    let last = last.repository::<Country>().unwrap();
    let both = last.query().for_update(IfLocked::Fail).list().await;
    assert_eq!(both.unwrap().len(), 2);
}

async fn what_cannot_be_read_for_update_is_refused(setup: Setup) {
    let database = setup.open();
    let books = database.repository::<Book>().unwrap();
    let outside = books.query().for_update(IfLocked::Wait).first().await;
    assert_eq!(outside.unwrap_err().kind(), Kind::Unsupported);
    let reading = database.begin_with(TransactionOptions::new().read_only());
    let reading = reading.await.unwrap();
    let inside = reading.repository::<Book>().unwrap();
    let read_only = inside.query().for_update(IfLocked::Skip).list().await;
    assert_eq!(read_only.unwrap_err().kind(), Kind::Unsupported);
    drop(reading);
    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Book>().unwrap();
    for query in [
        inside.query().distinct().after("x"),
        inside.query().after("x"),
    ] {
        let refused = query.for_update(IfLocked::Wait).list().await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Unsupported, "{refused}");
    }
    let titles = inside.query().select(Book::TITLE).distinct();
    let refused = titles.for_update(IfLocked::Wait).list().await.unwrap_err();
    assert_eq!(refused.kind(), Kind::Unsupported, "{refused}");
    // Nothing was asked of the database, so the transaction goes on.
    let none = inside.query().order_by(Book::TITLE.desc()).offset(3);
    assert_eq!(none.for_update(IfLocked::Wait).list().await.unwrap(), []);
    tx.commit().await.unwrap();
}
