use std::process::Child;

use crate::setup::{Setup, printed};

const REPLICAS: usize = 32;

/// How often, unless `ROUNDS` says it.
const FEW_ROUNDS: usize = 2;

/// Starts as many programs at once as there are replicas; gives how many changed something.
fn start_together(setup: &Setup, version: u32) -> usize {
    let replicas: Vec<Child> = (0..REPLICAS)
        .map(|_| setup.program(version).spawn().unwrap())
        .collect();
    let outcomes = replicas
        .into_iter()
        .map(|replica| printed(replica.wait_with_output().unwrap()));
    outcomes
        .filter(|outcome| outcome.starts_with("Applied"))
        .count()
}

/// First on an empty database, then with an index that is made concurrently.
fn check(setup: impl Fn() -> Setup) {
    let rounds = std::env::var("ROUNDS").map_or(FEW_ROUNDS, |text| text.parse().unwrap());
    for round in 0..rounds {
        let setup = setup();
        assert_eq!(start_together(&setup, 1), 1, "round {round}");
        setup.execute("INSERT INTO users (name, level) VALUES ('Ada', NULL)");
        assert_eq!(start_together(&setup, 2), 1, "round {round}");
        assert_eq!(setup.invalid_indexes(), 0, "round {round}");
        assert_eq!(
            setup.number("SELECT count(*) FROM users WHERE level = 7"),
            1
        );
        assert_eq!(
            setup.number("SELECT count(*) FROM dataflow_migration_history"),
            2
        );
    }
}

#[test]
fn programs_that_start_together_change_the_tables_once_on_sqlite() {
    check(Setup::sqlite);
}

#[test]
fn programs_that_start_together_change_the_tables_once_on_postgres() {
    check(Setup::postgres);
}
