use std::time::{Duration, Instant};

use dataflow::{DataFlow, Filter, Model};
use futures_util::TryStreamExt as _;
use private_postgres::{Cluster, Durability, Settings};

#[derive(Debug, Clone, PartialEq, Model)]
struct Line {
    #[model(primary_key)]
    id: i64,
    text: String,
}

async fn a_replica_answers(database: &DataFlow) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let place = database.sql("SELECT pg_is_in_recovery()");
        if place.fetch::<(bool,)>().await.unwrap() == [(true,)] {
            return;
        }
        assert!(Instant::now() < deadline, "no replica is ever read from");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_done_to_the_rows_of_a_filter_is_read_at_once() {
    let primary = Cluster::start(Settings {
        durability: Durability::Default,
        ..Settings::default()
    });
    let primary = primary.unwrap();
    let late = ("recovery_min_apply_delay".to_owned(), "200ms".to_owned());
    let replica = primary.standby(&[late]).unwrap();
    let database = DataFlow::builder(primary.url())
        .environment([("", ""); 0])
        .read_url(replica.url())
        .model::<Line>();
    let database = database.open_async().await.unwrap();
    let lines = database.repository::<Line>().unwrap();
    let rows: Vec<Line> = (0..6)
        .map(|_| Line {
            id: 0,
            text: "old".to_owned(),
        })
        .collect();
    lines.bulk_create(&rows).await.unwrap();

    for (round, left) in [(1, 5), (2, 4), (3, 3)] {
        a_replica_answers(&database).await;
        let text = format!("new {round}");
        let changed = lines.update_where(Filter::all(), [Line::TEXT.set(&*text)]);
        assert_eq!(changed.await.unwrap(), left + 1);
        assert_eq!(lines.count(Line::TEXT.eq(&*text)).await.unwrap(), left + 1);
        a_replica_answers(&database).await;
        assert_eq!(lines.delete_where(Line::ID.eq(round)).await.unwrap(), 1);
        assert_eq!(lines.count(Filter::all()).await.unwrap(), left);
        let streamed = database.sql("SELECT id FROM lines").stream::<(i64,)>();
        let streamed: Vec<(i64,)> = streamed.try_collect().await.unwrap();
        assert_eq!(
            streamed.len() as u64,
            left,
            "a stream shows what was written too"
        );
    }
    a_replica_answers(&database).await;
    let tx = database.begin().await.unwrap();
    tx.repository::<Line>()
        .unwrap()
        .delete_where(Filter::all())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(lines.count(Filter::all()).await.unwrap(), 0);
}
