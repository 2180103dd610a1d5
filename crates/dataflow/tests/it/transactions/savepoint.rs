use super::*;

on_every_database! {
    a_savepoint_is_undone_alone
    a_savepoint_that_is_dropped_is_undone
    the_transaction_around_an_open_savepoint_is_refused
}

async fn a_savepoint_is_undone_alone(setup: Setup) {
    let database = setup.open();
    let tx = database.begin().await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    countries.create(&italy()).await.unwrap();

    let refused: Result<()> = tx
        .transaction(async |savepoint| {
            let countries = savepoint.repository::<Country>()?;
            countries.create(&france()).await?;
            countries.create(&italy()).await.map(|_| ())
        })
        .await;
    assert_eq!(refused.unwrap_err().kind(), Kind::Unique);
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);

    let savepoint = tx.savepoint().await.unwrap();
    let deeper = savepoint.savepoint().await.unwrap();
    let within = deeper.repository::<Country>().unwrap();
    within.create(&france()).await.unwrap();
    deeper.commit().await.unwrap();
    savepoint.commit().await.unwrap();
    tx.commit().await.unwrap();
    let countries = database.repository::<Country>().unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 2);
}

async fn a_savepoint_that_is_dropped_is_undone(setup: Setup) {
    let database = setup.open();
    let tx = database.begin().await.unwrap();
    let savepoint = tx.savepoint().await.unwrap();
    let deeper = savepoint.savepoint().await.unwrap();
    let within = deeper.repository::<Country>().unwrap();
    within.create(&france()).await.unwrap();
    drop(savepoint);
    let error = within.create(&italy()).await.unwrap_err();
    assert!(error.to_string().contains("savepoint is over"), "{error}");
    drop(deeper);
    let countries = tx.repository::<Country>().unwrap();
    countries.create(&italy()).await.unwrap();
    tx.commit().await.unwrap();
    let countries = database.repository::<Country>().unwrap();
    let page = countries.list(Filter::all()).await.unwrap();
    assert_eq!(page.rows, [italy()]);
}

async fn the_transaction_around_an_open_savepoint_is_refused(setup: Setup) {
    let database = setup.open();
    let tx = database.begin().await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    let savepoint = tx.savepoint().await.unwrap();
    let error = countries.create(&italy()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    assert!(error.to_string().contains("savepoint"), "{error}");
    savepoint.roll_back().await.unwrap();
    countries.create(&italy()).await.unwrap();
    tx.commit().await.unwrap();
}
