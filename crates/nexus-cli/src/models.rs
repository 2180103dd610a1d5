//! `nexus models`.

mod generate;
mod list;
mod rust;

use std::path::PathBuf;

use clap::Subcommand;
use nexus::Result;

use crate::database::Database;

/// What is asked of models.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the models in the registry of a database: application, model, version and table.
    List {
        #[command(flatten)]
        database: Database,
    },
    /// Generate Rust models for the tables of an existing database.
    ///
    /// The first synchronization of the models changes nothing. What they cannot express is listed
    /// at the top of the file and on standard error, and stays in the database as it is.
    Generate {
        #[command(flatten)]
        database: Database,
        /// The schemas of PostgreSQL whose tables are meant; the one that new tables are made in
        /// when none is given.
        #[arg(long, value_name = "SCHEMA", value_delimiter = ',')]
        schemas: Vec<String>,
        /// The file; standard output when it is not given. One that is there and says something else
        /// is left as it is.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Replace the file, whatever it says.
        #[arg(long, requires = "output")]
        force: bool,
    },
}

/// Does what is asked.
///
/// # Errors
///
/// When the database cannot be read, or the file not written.
pub(crate) fn models(verb: &Verb) -> Result<()> {
    match verb {
        Verb::List { database } => list::list(database),
        Verb::Generate {
            database,
            schemas,
            output,
            force,
        } => {
            let file = output.as_deref().map(|path| match force {
                true => generate::File::Replaced(path),
                false => generate::File::Kept(path),
            });
            generate::generate(database, schemas, file)
        }
    }
}
