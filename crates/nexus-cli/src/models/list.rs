//! `nexus models list`.

use std::io::Write as _;

use dataflow_ddl_sync::SyncDDLExecutor;
use nexus::Result;

use crate::database::Database;

/// Prints the models that applications registered in a database, a line each.
pub(super) fn list(database: &Database) -> Result<()> {
    let executor = SyncDDLExecutor::new(database.url()?.parse()?);
    let mut output = std::io::stdout().lock();
    for registered in executor.registered()? {
        let model = &registered.model;
        let line = format!(
            "{:<16} {:<24} {:>4}  {}",
            registered.application, model.name, registered.version, model.table
        );
        if writeln!(output, "{line}").is_err() {
            // Nobody reads any more, as when the output goes into `head`.
            break;
        }
    }
    Ok(())
}
