//! Prints the DDL that `startup-nexus` runs on an empty PostgreSQL database, for `psql -1 -f`.
//!
//! `startup-ddl MODELS`

use benches::models;
use dataflow_core::dialect::Postgres;
use dataflow_core::plan::{Hints, plan};
use dataflow_core::snapshot::{DatabaseSnapshot, desired};

fn main() {
    let count = std::env::args().nth(1).expect("usage: startup-ddl MODELS");
    let models = models(count.parse().expect("MODELS is a number"));
    let plan = plan(
        &desired(&models, &Postgres).expect("PostgreSQL can hold the models"),
        &DatabaseSnapshot::default(),
        &Hints::default(),
        &Postgres,
    );
    for statement in plan.steps.iter().flat_map(|step| &step.statements) {
        println!("{};", statement.sql);
    }
}
