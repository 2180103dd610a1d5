use std::pin::pin;
use std::time::{Duration, Instant};

use dataflow::error::Kind;
use dataflow::node::Source;
use dataflow::{DataFlow, FromRow, Result};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};

use crate::models::Book;
use crate::setup::Setup;

on_every_database! {
    rows_stream_in_their_order
    a_stream_ends_with_what_the_database_refuses
    a_stream_of_other_types_is_refused_at_its_first_row
    a_dropped_stream_frees_its_connection_and_stops_what_runs
    open_streams_are_in_nobodys_way
    a_stream_shows_the_moment_at_which_it_began
    a_stream_in_a_transaction_is_inside_it
    statement_timeout_is_kept_by_each_portion
    nothing_streams_from_what_is_closed
}

/// More than three portions.
const ALL: i64 = 1_700;

/// What MUST NOT wait is over by then.
const SOON: Duration = Duration::from_secs(10);

const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 \
                       FROM n) SELECT i FROM n";

/// Some books, written by the database itself.
async fn fill(database: &DataFlow) {
    let titles = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ALL}) \
         INSERT INTO books (title) SELECT 'title ' || i FROM n ORDER BY i"
    );
    let written = database.sql(titles).execute().await.unwrap();
    assert_eq!(written, ALL as u64);
}

/// The first rows of a statement that has no end; what follows is dropped.
async fn first_of_endless(database: &DataFlow) -> Vec<(i64,)> {
    let endless = database.sql(ENDLESS).stream::<(i64,)>().take(3);
    endless.try_collect().await.unwrap()
}

#[derive(Debug, PartialEq, FromRow)]
struct Titled {
    title: String,
    id: i64,
}

async fn rows_stream_in_their_order(setup: Setup) {
    let database = setup.open();
    fill(&database).await;
    for wanted in [0, 1, 499, 500, 501, 1_000, ALL] {
        let some = database
            .sql("SELECT id, title FROM books WHERE id <= $1 ORDER BY id")
            .bind(wanted);
        let rows: Vec<Titled> = some.stream::<Titled>().try_collect().await.unwrap();
        let expected = (1..=wanted).map(|id| Titled {
            title: format!("title {id}"),
            id,
        });
        assert!(expected.eq(rows), "{wanted}");
    }
}

async fn a_stream_ends_with_what_the_database_refuses(setup: Setup) {
    let database = setup.open();
    let wrong = [
        "SELECT nothing FROM books",
        "DELETE FROM books RETURNING id",
        "SELECT 1; SELECT 2",
    ];
    for text in wrong {
        let rows: Result<Vec<(i64,)>> = database.sql(text).stream::<(i64,)>().try_collect().await;
        assert!(rows.is_err(), "{text}");
    }
    let mut few = pin!(database.sql("SELECT $1").stream::<(i64,)>());
    assert!(few.next().await.unwrap().is_err() || setup.is_sqlite());
    assert!(few.next().await.is_none(), "an error is the last");
}

async fn a_stream_of_other_types_is_refused_at_its_first_row(setup: Setup) {
    let database = setup.open();
    let started = Instant::now();
    let mut texts = pin!(database.sql(ENDLESS).stream::<(String,)>());
    let error = texts.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("column 0"), "{error}");
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
}

async fn a_dropped_stream_frees_its_connection_and_stops_what_runs(setup: Setup) {
    let database = setup.library().connection_pool_size(1).open().unwrap();
    fill(&database).await;
    let started = Instant::now();
    for _ in 0..20 {
        assert_eq!(first_of_endless(&database).await, [(1,), (2,), (3,)]);
        // One that is dropped while its statement runs.
        let sql = "SELECT count(*) FROM books a, books b, books c, books d";
        let counted = database.sql(sql).stream::<(i64,)>().try_collect::<Vec<_>>();
        let short = tokio::time::timeout(Duration::from_millis(20), counted);
        assert!(short.await.is_err(), "it takes minutes");
    }
    let books = database.repository::<Book>().unwrap();
    assert_eq!(books.query().count().await.unwrap(), ALL as u64);
    assert!(started.elapsed() < 3 * SOON, "{:?}", started.elapsed());
    if !setup.is_sqlite() {
        let busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND pid <> pg_backend_pid() AND state <> 'idle'";
        assert_eq!(setup.sql(busy).unwrap(), "0");
    }
}

async fn open_streams_are_in_nobodys_way(setup: Setup) {
    let database = setup.library().connection_pool_size(6).open().unwrap();
    fill(&database).await;
    let mut streams = Vec::new();
    for _ in 0..4 {
        let mut ids = Box::pin(database.sql("SELECT id FROM books").stream::<(i64,)>());
        ids.next().await.unwrap().unwrap();
        streams.push(ids);
    }
    let books = database.repository::<Book>().unwrap();
    let started = Instant::now();
    books.create(&Book::new("another")).await.unwrap();
    assert_eq!(books.query().count().await.unwrap(), ALL as u64 + 1);
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    for ids in streams {
        assert_eq!(rest(ids).await, ALL as usize - 1);
    }
}

async fn rest(stream: impl Stream<Item = Result<(i64,)>>) -> usize {
    let rest: Vec<(i64,)> = stream.try_collect().await.unwrap();
    rest.len()
}

async fn a_stream_shows_the_moment_at_which_it_began(setup: Setup) {
    let database = setup.open();
    fill(&database).await;
    let mut ids = Box::pin(database.sql("SELECT id FROM books").stream::<(i64,)>());
    ids.next().await.unwrap().unwrap();
    let deleted = database.sql("DELETE FROM books").execute().await.unwrap();
    assert_eq!(deleted, ALL as u64);
    assert_eq!(rest(ids).await, ALL as usize - 1);
}

async fn a_stream_in_a_transaction_is_inside_it(setup: Setup) {
    let database = setup.open();
    let transaction = database.begin().await.unwrap();
    let insert = "INSERT INTO countries (code, name) VALUES ('it', 'Italy')";
    transaction.sql(insert).execute().await.unwrap();
    let all = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
                       WHERE i < {ALL}) SELECT code FROM countries, n"
    );
    let mut codes = Box::pin(transaction.sql(&all).stream::<(String,)>());
    assert_eq!(codes.next().await.unwrap().unwrap(), ("it".to_owned(),));
    // Other statements, and other streams, go on beside it.
    transaction
        .sql("UPDATE countries SET name = 'Italia'")
        .execute()
        .await
        .unwrap();
    let others = transaction.sql(&all).stream::<(String,)>();
    assert_eq!(
        others.try_collect::<Vec<_>>().await.unwrap().len(),
        ALL as usize
    );
    assert_eq!(
        codes.try_collect::<Vec<_>>().await.unwrap().len(),
        ALL as usize - 1
    );

    let mut dropped = Box::pin(transaction.sql(&all).stream::<(String,)>());
    dropped.next().await.unwrap().unwrap();
    drop(dropped);
    transaction.commit().await.unwrap();
    assert_eq!(setup.sql("SELECT name FROM countries").unwrap(), "Italia");
}

async fn statement_timeout_is_kept_by_each_portion(setup: Setup) {
    let short = Duration::from_millis(400);
    let database = setup.library().statement_timeout(short).open().unwrap();
    fill(&database).await;
    let slow = "SELECT count(*) FROM books a, books b, books c, books d";
    let counted = database
        .sql(slow)
        .stream::<(i64,)>()
        .try_collect::<Vec<_>>();
    let error = counted.await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout, "{error}");

    let mut ids = Box::pin(database.sql("SELECT id FROM books").stream::<(i64,)>());
    ids.next().await.unwrap().unwrap();
    tokio::time::sleep(2 * short).await;
    assert_eq!(
        rest(ids).await,
        ALL as usize - 1,
        "the caller takes its time"
    );
}

async fn nothing_streams_from_what_is_closed(setup: Setup) {
    let database = setup.open();
    fill(&database).await;
    if setup.is_sqlite() {
        // PostgreSQL's waits for the stream to end.
        let mut ids = Box::pin(database.sql("SELECT id FROM books").stream::<(i64,)>());
        ids.next().await.unwrap().unwrap();
        Source::close(&database).await;
        let error = ids.try_collect::<Vec<_>>().await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unavailable, "{error}");
    }
    Source::close(&database).await;
    let mut none = pin!(database.sql("SELECT id FROM books").stream::<(i64,)>());
    assert_eq!(
        none.next().await.unwrap().unwrap_err().kind(),
        Kind::Unavailable
    );
}
