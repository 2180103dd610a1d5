//! How much memory a stream takes. In a program of its own, because the peak is that of the whole
//! program.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use dataflow::{DataFlow, Model, Repository};
use futures_util::{StreamExt as _, TryStreamExt as _};
use private_postgres::{Database, test_database_url};

#[derive(Debug, Clone, Model)]
struct Line {
    #[model(primary_key)]
    id: i64,
    text: String,
}

const ALL: usize = 200_000;
const SOME: usize = 10_000;

/// Less than a tenth of what all rows take.
const SLACK_KIB: u64 = 8 * 1024;

/// The most memory that this program has taken since the last reset.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.unwrap().split_whitespace().nth(1);
    number.unwrap().parse().unwrap()
}

fn reset_peak() {
    fs::write("/proc/self/clear_refs", "5").unwrap();
}

/// Lines of a database, and two ways to go over them.
struct Lines {
    database: DataFlow,
    repository: Repository<Line>,
}

#[derive(Debug, Clone, Copy)]
enum Way {
    Query,
    Sql,
}

impl Lines {
    /// The most memory that it takes to go over so many rows.
    async fn peak_of_stream(&self, way: Way, limit: usize) -> u64 {
        reset_peak();
        let rows = match way {
            Way::Query => self.repository.query().limit(limit).stream().left_stream(),
            Way::Sql => {
                let some = self
                    .database
                    .sql("SELECT text, id FROM lines WHERE id <= $1");
                some.bind(limit as i64).stream().right_stream()
            }
        };
        let count = rows.try_fold(0, async |count, line: Line| {
            assert_eq!(line.text.len(), 400);
            Ok(count + 1)
        });
        assert_eq!(count.await.unwrap(), limit);
        peak_kib()
    }
}

/// A database with so many lines, made by a statement of its own.
async fn filled(url: &str, numbers: &str) -> Lines {
    let builder = DataFlow::builder(url).environment([("", ""); 0]);
    let database = builder.model::<Line>().open().unwrap();
    database.sql(numbers).execute().await.unwrap();
    Lines {
        repository: database.repository::<Line>().unwrap(),
        database,
    }
}

#[tokio::test]
async fn a_stream_of_twenty_times_the_rows_takes_no_more_memory() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite://{}", folder.path().join("lines.db").display());
    let in_file = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ALL}) \
         INSERT INTO lines (text) SELECT printf('%0400d', n) FROM numbers"
    );
    let server = Database::create(&test_database_url());
    let on_server = format!(
        "INSERT INTO lines (text) SELECT lpad(n::text, 400, '0') FROM generate_series(1, {ALL}) n"
    );
    let databases = [
        ("SQLite", filled(&file, &in_file).await),
        ("PostgreSQL", filled(server.url(), &on_server).await),
    ];
    let mut highest = 0;
    for (name, lines) in &databases {
        for way in [Way::Query, Way::Sql] {
            // What is made once is there before anything is measured.
            lines.peak_of_stream(way, SOME).await;
            let of_some = lines.peak_of_stream(way, SOME).await;
            let of_all = lines.peak_of_stream(way, ALL).await;
            assert!(
                of_all < of_some + SLACK_KIB,
                "{name}, {way:?}: {SOME} rows: {of_some} KiB, {ALL} rows: {of_all} KiB"
            );
            highest = highest.max(of_all);
        }
    }

    reset_peak();
    let (_, lines) = &databases[0];
    let kept: Vec<Line> = lines
        .repository
        .query()
        .stream()
        .try_collect()
        .await
        .unwrap();
    let of_kept = peak_kib();
    assert_eq!(kept.len(), ALL);
    assert!(
        of_kept > highest + 5 * SLACK_KIB,
        "the peak tells: {of_kept} KiB"
    );
}
