//! `cargo xtask test`: every test there is.

use clap::Args;
use xshell::cmd;

use crate::postgres::{self, Missing};
use crate::{Result, features, fixtures, workspace};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Installs PostgreSQL with the system's package manager if the machine has none
    #[arg(long)]
    install_postgres: bool,

    /// Runs only `cargo test <ARGUMENTS>`, with the PostgreSQL server
    #[arg(last = true, value_name = "ARGUMENTS")]
    cargo_test: Vec<String>,
}

impl Arguments {
    /// Every test, and PostgreSQL installed for them if need be.
    pub(crate) fn everything_installed() -> Arguments {
        Arguments {
            install_postgres: true,
            cargo_test: Vec::new(),
        }
    }
}

/// Runs the tests of the workspace, then those of the fixtures, then those of each crate alone with
/// each selection of its features. Ends at the first of the three that fails.
pub(crate) fn run(arguments: &Arguments) -> Result {
    let missing = Missing::install_if(arguments.install_postgres);
    // Bound to a name, so that it lives until the last test has ended.
    let server = postgres::provide(missing)?;
    let extras = postgres::provide_extras(missing)?;
    let shell = workspace::shell()?;
    shell.set_var("TEST_DATABASE_URL", server.url());
    shell.set_var(private_postgres::EXPECTED, extras.there);

    let selected = &arguments.cargo_test;
    if selected.is_empty() {
        cmd!(shell, "cargo test --workspace").run()?;
        fixtures::run(&shell)?;
        features::test(&shell)?;
    } else {
        cmd!(shell, "cargo test {selected...}").run()?;
    }
    for line in extras.untested {
        eprintln!("{line}");
    }
    Ok(())
}
