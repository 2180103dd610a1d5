//! `nexus models generate`.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use dataflow_ddl_sync::SyncDDLExecutor;
use nexus::migrate::Output;
use nexus::{Error, Kind, Result};

use super::rust;
use crate::database::Database;

/// A file that models are written to.
#[derive(Debug, Clone, Copy)]
pub(super) enum File<'a> {
    /// One that is left as it is where it says something else: somebody may have changed it.
    Kept(&'a Path),
    /// One that is replaced, whatever it says.
    Replaced(&'a Path),
}

/// Writes models for the tables of a database, to standard output where no file is given.
pub(super) fn generate(
    database: &Database,
    schemas: &[String],
    output: Option<File<'_>>,
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
        Some(File::Replaced(path)) => Output::to(path).write(&text),
        Some(File::Kept(path)) => write_new(path, &text),
    }
}

/// Writes a file that is not there yet, or says the same already.
fn write_new(path: &Path, text: &str) -> Result<()> {
    match fs::File::create_new(path) {
        Ok(mut file) => file
            .write_all(text.as_bytes())
            .map_err(|fault| cannot_be(path, "written", fault)),
        Err(fault) if fault.kind() == ErrorKind::AlreadyExists => {
            let found = fs::read(path).map_err(|fault| cannot_be(path, "read", fault))?;
            match found == text.as_bytes() {
                true => Ok(()),
                false => Err(says_something_else(path)),
            }
        }
        Err(fault) => Err(cannot_be(path, "written", fault)),
    }
}

fn says_something_else(path: &Path) -> Error {
    let message = format!(
        "{} is there already and says something else than these models",
        path.display()
    );
    Error::new(Kind::Configuration, message)
        .with_help("compare it with the models on standard output, or replace it with --force")
}

fn cannot_be(path: &Path, what: &str, fault: std::io::Error) -> Error {
    let message = format!("{} cannot be {what}", path.display());
    Error::new(Kind::Configuration, message).with_source(fault)
}
