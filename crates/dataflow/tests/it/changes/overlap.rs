use super::*;

on_every_database! {
    what_is_rolled_back_is_not_told
}

async fn what_is_rolled_back_is_not_told(setup: Setup) {
    let database = followed(&setup).open().unwrap();
    let mut told = Told::of(database.changes().from_oldest());
    let tx = database.begin().await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    countries
        .create(&Country::new("it", "Italy"))
        .await
        .unwrap();
    tx.roll_back().await.unwrap();
    let tx = database.begin().await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    countries
        .create(&Country::new("fr", "France"))
        .await
        .unwrap();
    let savepoint = tx.savepoint().await.unwrap();
    let inside = savepoint.repository::<Country>().unwrap();
    inside.create(&Country::new("at", "Austria")).await.unwrap();
    savepoint.roll_back().await.unwrap();
    countries
        .create(&Country::new("ch", "Switzerland"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        told.words(2).await,
        [r#"Country create "fr""#, r#"Country create "ch""#]
    );
}

/// Readers stop before the oldest transaction that is still open: its changes come later, though
/// they were written before.
#[tokio::test]
async fn a_transaction_that_stays_open_while_others_commit_loses_nothing() {
    let setup = Setup::postgres();
    let database = followed(&setup).open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    let mut told = Told::of(database.changes().from_oldest());
    let country = |code: &str| Country::new(code, code);

    let late = database.begin().await.unwrap();
    late.repository::<Country>()
        .unwrap()
        .create(&country("late"))
        .await
        .unwrap();
    for code in ["a", "b"] {
        countries.create(&country(code)).await.unwrap();
    }
    let early = tokio::time::timeout(Duration::from_millis(300), told.next()).await;
    assert!(early.is_err(), "told {early:?} past an open transaction");
    late.commit().await.unwrap();
    countries.create(&country("c")).await.unwrap();
    assert_eq!(
        told.words(4).await,
        ["late", "a", "b", "c"].map(|code| format!("Country create {code:?}"))
    );
}

/// Many transactions that end in another order than they began, and a reader in the midst of them.
#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_lost_or_told_twice_however_transactions_overlap() {
    let setup = Setup::postgres();
    let database = followed(&setup).connection_pool_size(16).open().unwrap();
    let mut told = Told::of(database.changes().from_oldest());
    let writer = |writer: u64| {
        let database = database.clone();
        tokio::spawn(async move {
            for round in 0..20 {
                let tx = database.begin().await.unwrap();
                let books = tx.repository::<Book>().unwrap();
                for _ in 0..3 {
                    books.create(&Book::new("x")).await.unwrap();
                    tokio::time::sleep(Duration::from_millis((writer * 7 + round) % 11)).await;
                }
                match round % 5 {
                    4 => tx.roll_back().await.unwrap(),
                    _ => tx.commit().await.unwrap(),
                }
            }
        })
    };
    let writers: Vec<_> = (0..8).map(writer).collect();
    let mut keys = std::collections::HashSet::new();
    let mut last = Position::default();
    for _ in 0..8 * 16 * 3 {
        let change = told.next().await.unwrap();
        assert!(change.position > last);
        last = change.position;
        assert!(
            keys.insert(change.key["id"].as_i64().unwrap()),
            "told twice"
        );
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let rows = database
        .sql("SELECT count(*) FROM books")
        .fetch::<(i64,)>()
        .await
        .unwrap();
    assert_eq!(rows, [(i64::try_from(keys.len()).unwrap(),)]);
}
