//! `nexus models generate`.

use std::io::Write as _;
use std::path::Path;

use dataflow_ddl_sync::SyncDDLExecutor;
use nexus::{Error, Kind, Result};

use super::rust;
use crate::database::Database;

/// Writes models for the tables of a database.
pub(super) fn generate(database: &Database, output: Option<&Path>) -> Result<()> {
    let executor = SyncDDLExecutor::new(database.url()?.parse()?);
    let adopted = executor.adopt()?;
    for unsaid in &adopted.unsaid {
        // Whoever does not look finds it in the file.
        let _ = writeln!(std::io::stderr(), "not expressed: {unsaid}");
    }
    let text = rust::file(&adopted);
    match output {
        None => {
            let _ = write!(std::io::stdout(), "{text}");
            Ok(())
        }
        Some(path) => std::fs::write(path, text).map_err(|fault| {
            let message = format!("{} cannot be written", path.display());
            Error::new(Kind::Configuration, message).with_source(fault)
        }),
    }
}
