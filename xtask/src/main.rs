//! Automation of this workspace, one file per verb: `cargo xtask --help` lists them.

mod bench_check;
mod bench_instructions;
mod bench_startup;
mod ci;
mod docs;
mod features;
mod fixtures;
mod layers;
mod postgres;
mod replicas;
mod stats;
mod test;
mod workspace;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a verb comes to; the error's text and sources are all the caller will read.
type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

/// Automation of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct CommandLine {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Measures how long models take to check, beside sea-orm
    BenchCheck(bench_check::Arguments),
    /// Counts the instructions of operations, beside the drivers; asks for valgrind
    BenchInstructions(bench_instructions::Arguments),
    /// Measures starts against baselines, in release builds
    BenchStartup(bench_startup::Arguments),
    /// Runs every check the server runs: format, lints, docs, layers, tests
    Ci,
    /// Checks that the links of the Markdown lead somewhere
    Docs,
    /// Builds and tests each crate alone: with no features, with each of them, and with all
    Features(features::Arguments),
    /// Checks which crate depends on which, and that every room is on the map
    Layers,
    /// Starts many programs at once, round after round, with a PostgreSQL server
    Replicas(replicas::Arguments),
    /// Runs every test, with a PostgreSQL server
    Test(test::Arguments),
}

fn main() -> ExitCode {
    let outcome = match CommandLine::parse().verb {
        Verb::BenchCheck(arguments) => bench_check::run(&arguments),
        Verb::BenchInstructions(arguments) => bench_instructions::run(&arguments),
        Verb::BenchStartup(arguments) => bench_startup::run(&arguments),
        Verb::Ci => ci::run(),
        Verb::Docs => docs::run(),
        Verb::Features(arguments) => features::run(&arguments),
        Verb::Layers => layers::run(),
        Verb::Replicas(arguments) => replicas::run(&arguments),
        Verb::Test(arguments) => test::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", with_sources(&*error));
            ExitCode::FAILURE
        }
    }
}

/// The error and everything below it, on one line.
fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
