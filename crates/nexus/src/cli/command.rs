//! What can be typed.

use clap::{Parser, Subcommand};

use crate::migrate;

/// Serves this application's operations, or calls one.
#[derive(Debug, Parser)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Serves HTTP and MCP until SIGINT or SIGTERM; the same as no verb.
    Serve,
    /// Prints the routes of the HTTP door.
    Routes,
    /// Prints the operations, each with the inputs it takes.
    List,
    /// Calls one operation and prints what it gives as JSON.
    Run {
        /// The operation, as `list` prints it.
        name: String,
        /// One input; a JSON value where the operation does not want text.
        #[arg(long = "input", value_name = "NAME=VALUE")]
        inputs: Vec<String>,
    },
    /// Plan, apply and check schema migrations from the compiled models.
    #[command(after_help = migrate::EXIT_CODES)]
    Migrate {
        /// The database, as `migrate status` names it; needed where the application has several.
        #[arg(long, global = true, value_name = "NAME")]
        source: Option<String>,
        #[command(subcommand)]
        verb: migrate::Verb,
    },
}

impl Arguments {
    pub(super) fn verb(self) -> Verb {
        self.verb.unwrap_or(Verb::Serve)
    }
}
