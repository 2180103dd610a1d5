//! What `#[dataflow::test]` does not take.

use dataflow_core::__private::test;

#[test(crate = "dataflow_core")]
fn blocking(database: DataFlow) {}

#[test(crate = "dataflow_core")]
async fn without_database() {}

#[test(on(sqlite, mysql, sqlite), crate = "dataflow_core")]
async fn unknown_database(database: DataFlow) {}

#[test(model(User), crate = "dataflow_core")]
async fn unknown_word(database: DataFlow) {}

#[test(crate = "dataflow_core")]
struct NoFunction;

fn main() {}
