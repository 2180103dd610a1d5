//! Brings a database to a version of two models, and prints what came of it.
//!
//! `starts URL VERSION [STATEMENTS]`: after so many statements it kills itself, as a machine that
//! loses its power would.

mod doomed;
mod models;

use dataflow_core::Endpoint;
use dataflow_core::ddl::{self, SyncOptions};
use dataflow_core::error::Result;
use dataflow_core::plan::Policy;
use dataflow_ddl_sync::SyncDDLExecutor;

use doomed::Doomed;

fn main() -> Result<()> {
    const USAGE: &str = "usage: starts URL VERSION [STATEMENTS]";
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, version, rest @ ..] = arguments.as_slice() else {
        panic!("{USAGE}");
    };
    let endpoint: Endpoint = url.parse()?;
    let models = models::version(version.parse().expect(USAGE))?;
    let statements = rest.first().map(|text| text.parse().expect(USAGE));
    let options = SyncOptions {
        policy: Policy::Full,
        ..SyncOptions::default()
    };
    let ready = SyncDDLExecutor::new(endpoint).run(|executor| match statements {
        None => ddl::synchronize(executor, &models, &options),
        Some(left) => ddl::synchronize(&mut Doomed::new(executor, left), &models, &options),
    })?;
    println!("{:?}", ready.outcome());
    Ok(())
}
