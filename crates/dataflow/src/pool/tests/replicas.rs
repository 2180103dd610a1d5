//! Reads may go to replicas, and everybody reads their own writes.

use std::time::{Duration, Instant};

use dataflow_core::Endpoint;
use dataflow_core::endpoint::PostgresEndpoint;
use private_postgres::{Cluster, Durability, Settings};

use super::setup::Setup;
use crate::pool::TransactionOptions;

/// 1 where the answer comes from a replica.
const WHERE: &str = "SELECT pg_is_in_recovery()::int::bigint";

const COUNT: &str = "SELECT count(*) FROM t";

fn endpoint(url: &str) -> PostgresEndpoint {
    match url.parse().unwrap() {
        Endpoint::Postgres(endpoint) => endpoint,
        Endpoint::Sqlite(_) => panic!("not a server"),
    }
}

async fn a_replica_answers(setup: &Setup) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while setup.number(WHERE).await == 0 {
        assert!(Instant::now() < deadline, "no replica is ever read from");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_go_to_a_replica_that_has_caught_up() {
    let primary = Cluster::start(Settings {
        durability: Durability::Default,
        ..Settings::default()
    })
    .unwrap();
    let late = ("recovery_min_apply_delay".to_owned(), "200ms".to_owned());
    let mut replica = primary.standby(&[late]).unwrap();
    let setup = Setup::at_url(primary.url(), |settings| {
        settings.read_endpoints = vec![endpoint(replica.url())];
        settings.connect_timeout = Duration::from_secs(2);
    });
    setup.execute("CREATE TABLE t (a bigint PRIMARY KEY)").await;
    let insert = "INSERT INTO t VALUES ({})";
    for a in 1..5 {
        setup.insert(insert, a).await.unwrap();
        assert_eq!(setup.number(COUNT).await, a, "it reads what it wrote");
    }
    a_replica_answers(&setup).await;
    assert_eq!(setup.number(COUNT).await, 4);

    setup.insert(insert, 5).await.unwrap();
    assert_eq!(setup.number(WHERE).await, 0, "the replica is late");
    a_replica_answers(&setup).await;
    let tx = setup.pool.begin(TransactionOptions::new()).await.unwrap();
    let delete = setup.statement("DELETE FROM t WHERE a < 5", &[]);
    tx.write(&delete, vec![], ()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(setup.number(COUNT).await, 1);

    a_replica_answers(&setup).await;
    replica.stop().unwrap();
    assert_eq!(setup.number(COUNT).await, 1, "nobody notices");
    assert_eq!(setup.number(WHERE).await, 0);
    replica.start_again().unwrap();
    a_replica_answers(&setup).await;
    setup.pool.close().await;
}
