//! The `nexus` command: asks a running server what it offers, and calls it.
//!
//! The exit code is 0 when all went well, 1 when it did not, 2 when the command line cannot be
//! understood.

mod client;
mod endpoint;
mod health;
mod list;
mod request;
mod run;

use clap::{Args, Parser, Subcommand};
use nexus::Result;

use client::Client;

/// Asks a running Nexus server what it offers, and calls it.
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
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let client = Client::new(&arguments.server.url)?;
    match arguments.verb {
        Verb::List => list::list(&client),
        Verb::Run { name, inputs } => run::run(&client, &name, &inputs),
        Verb::Health => health::health(&client),
    }
}
