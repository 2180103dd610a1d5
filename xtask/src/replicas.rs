//! `cargo xtask replicas`: many programs that start together, round after round.

use clap::Args;
use xshell::cmd;

use crate::postgres::{self, Missing};
use crate::{Result, workspace};

#[derive(Args)]
pub(crate) struct Arguments {
    /// How many rounds; each begins with an empty database
    #[arg(long, default_value_t = 20)]
    rounds: u32,
}

/// Runs the test of the replicas for more rounds than every run of all tests has time for.
pub(crate) fn run(arguments: &Arguments) -> Result {
    // Bound to a name, so that it lives until the last round has ended.
    let server = postgres::provide(Missing::Fail)?;
    let shell = workspace::shell()?;
    shell.set_var("TEST_DATABASE_URL", server.url());
    shell.set_var("ROUNDS", arguments.rounds.to_string());
    cmd!(shell, "cargo test -p starts --test it replicas").run()?;
    Ok(())
}
