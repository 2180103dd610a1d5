use super::*;

on_every_database! {
    a_read_only_transaction_does_not_write
    an_isolation_says_what_is_seen_of_others
    a_transaction_is_what_was_asked_for
}

async fn a_read_only_transaction_does_not_write(setup: Setup) {
    let database = setup.open();
    let outside = database.repository::<Country>().unwrap();
    outside.create(&italy()).await.unwrap();
    let options = TransactionOptions::new().read_only();
    let tx = database.begin_with(options).await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
    let error = countries.create(&france()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    let error = countries.bulk_create(&[france()]).await.unwrap_err();
    assert!(error.to_string().contains("read-only"), "{error}");
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
    outside.create(&france()).await.unwrap();
    tx.commit().await.unwrap();
    outside.create(&Country::new("es", "Spain")).await.unwrap();
}

async fn an_isolation_says_what_is_seen_of_others(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    for (isolation, name, sees_others) in [
        (Isolation::ReadCommitted, "read committed", true),
        (Isolation::RepeatableRead, "repeatable read", false),
        (Isolation::Serializable, "serializable", false),
    ] {
        let options = TransactionOptions::new().isolation(isolation).read_only();
        let tx = database.begin_with(options).await.unwrap();
        let inside = tx.repository::<Country>().unwrap();
        let before = inside.count(Filter::all()).await.unwrap();
        countries.create(&Country::new(name, name)).await.unwrap();
        let after = inside.count(Filter::all()).await.unwrap();
        // SQLite knows only the strictest.
        let sees_others = sees_others && !setup.is_sqlite();
        assert_eq!(after - before, u64::from(sees_others), "{name}");
        tx.commit().await.unwrap();
    }
}

async fn a_transaction_is_what_was_asked_for(setup: Setup) {
    let database = setup.open();
    for (isolation, name) in [
        (Isolation::ReadCommitted, "read committed"),
        (Isolation::RepeatableRead, "repeatable read"),
        (Isolation::Serializable, "serializable"),
    ] {
        let options = TransactionOptions::new().isolation(isolation);
        for (options, is_on) in [(options, "off"), (options.read_only().deferrable(), "on")] {
            let tx = database.begin_with(options).await.unwrap();
            let countries = tx.repository::<Country>().unwrap();
            assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);
            if !setup.is_sqlite() {
                let asked = "SELECT current_setting('transaction_isolation'), \
                             current_setting('transaction_read_only'), \
                             current_setting('transaction_deferrable')";
                let told = tx.sql(asked).fetch::<(String, String, String)>().await;
                let told = told.unwrap().remove(0);
                assert_eq!((&*told.0, &*told.1, &*told.2), (name, is_on, is_on));
            }
            tx.commit().await.unwrap();
        }
    }
}
