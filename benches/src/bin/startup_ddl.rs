//! Prints the DDL that `startup-nexus` runs on an empty PostgreSQL database, for `psql -1 -f`.
//!
//! `startup-ddl MODELS`

use benches::models;
use dataflow_core::dialect::{Dialect, Postgres, statement};
use dataflow_core::plan::plan;
use dataflow_core::snapshot::{DatabaseSnapshot, desired};

fn main() {
    let count = std::env::args().nth(1).expect("usage: startup-ddl MODELS");
    let models = models(count.parse().expect("MODELS is a number"));
    let plan = plan(
        &desired(&models, &Postgres).expect("PostgreSQL can hold the models"),
        &DatabaseSnapshot::default(),
        Postgres.capability(),
    );
    for step in plan.steps {
        println!("{};", statement(&step.change, &Postgres));
    }
}
