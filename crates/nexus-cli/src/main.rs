//! The `nexus` command: asks a running server what it offers, and calls it; administers the schema
//! of a database.
//!
//! The exit code is 0 when all went well, 1 when it did not, 2 when the command line cannot be
//! understood. Below `migrate`, 2 says that changes are pending, and a command line that cannot be
//! understood is 1.

mod client;
mod database;
mod endpoint;
mod health;
mod list;
mod migrate;
mod models;
mod request;
mod run;
mod timeouts;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use nexus::Result;

use client::Client;

/// Asks a running Nexus server what it offers, and calls it; migrates databases.
#[derive(Debug, Parser)]
#[command(name = "nexus", version)]
struct Arguments {
    #[command(flatten)]
    server: Server,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Args)]
struct Server {
    /// The HTTP door of the server.
    #[arg(
        long = "server",
        value_name = "URL",
        global = true,
        default_value = "http://127.0.0.1:8002"
    )]
    url: String,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Prints the operations of the server, each with its route.
    List,
    /// Calls one operation and prints what it gives as JSON.
    Run {
        /// The operation, as `list` prints it.
        name: String,
        /// One input; a JSON value where the operation does not want text.
        #[arg(long = "input", value_name = "NAME=VALUE")]
        inputs: Vec<String>,
    },
    /// Prints whether the server lives and whether it can answer.
    Health,
    /// List registered models, or generate models for an existing database.
    Models {
        #[command(subcommand)]
        verb: models::Verb,
    },
    /// Plan, apply and check schema migrations of a database.
    ///
    /// The schema comes from a file (--schema), from another database (--to) or, without either, from
    /// the model registry of the database itself. An application that calls `.cli()` has the same verbs for its compiled
    /// models.
    #[command(after_help = nexus::migrate::EXIT_CODES)]
    Migrate {
        #[command(flatten)]
        target: migrate::Target,
        #[command(subcommand)]
        verb: nexus::migrate::Verb,
    },
}

/// The verb below which exit code 2 says that changes are pending.
const MIGRATE: &str = "migrate";

fn main() -> Result<ExitCode> {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refusal) if refusal.use_stderr() && std::env::args().any(|word| word == MIGRATE) => {
            // Without a terminal to print to, the exit code still tells.
            let _ = refusal.print();
            return Ok(ExitCode::FAILURE);
        }
        Err(refusal) => refusal.exit(),
    };
    let client = || Client::new(&arguments.server.url);
    match &arguments.verb {
        Verb::List => list::list(&client()?)?,
        Verb::Run { name, inputs } => run::run(&client()?, name, inputs)?,
        Verb::Health => health::health(&client()?)?,
        Verb::Models { verb } => models::models(verb)?,
        Verb::Migrate { target, verb } => return migrate::migrate(target, verb),
    }
    Ok(ExitCode::SUCCESS)
}
