//! `nexus models generate`.

use std::io::Write as _;
use std::path::Path;

use dataflow_ddl_sync::SyncDDLExecutor;
use nexus::{Error, Kind, Result};

use super::rust;
use crate::database::Database;

/// Writes models for the tables of a database.
pub(super) fn generate(
    database: &Database,
    schemas: &[String],
    output: Option<&Path>,
) -> Result<()> {
    let executor = SyncDDLExecutor::new(database.url()?.parse()?);
    let schemas: Vec<&str> = schemas.iter().map(String::as_str).collect();
    let adopted = executor.adopt_schemas(&schemas)?;
    for unsaid in &adopted.unsaid {
        let told = rust::of_one_line(&unsaid.to_string());
        // Whoever does not look finds it in the file.
        let _ = writeln!(std::io::stderr(), "not expressed: {told}");
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
