//! Many processes that start at once on an empty database.

use serde_json::json;

use super::setup::{Setup, on_every_database};

const REPLICAS: usize = 8;

on_every_database!(one_replica_makes_the_tables_and_all_serve);

fn one_replica_makes_the_tables_and_all_serve(setup: &Setup) {
    let launched = (0..REPLICAS).map(|_| setup.launch("quickstart").spawn());
    let mut replicas: Vec<_> = launched.collect();
    replicas
        .iter_mut()
        .for_each(|replica| replica.wait_for_report());

    let unchanged = replicas
        .iter()
        .filter(|replica| replica.report().contains("unchanged"));
    assert_eq!(unchanged.count(), REPLICAS - 1);
    for (number, replica) in replicas.iter().enumerate() {
        let user = json!({ "email": format!("{number}@x.org"), "name": "N" });
        replica.http().post("/api/users", &user).expect(201);
    }
    for replica in &replicas {
        let users = replica.http().get("/api/users").expect(200);
        assert_eq!(users.as_array().unwrap().len(), REPLICAS);
    }
}
