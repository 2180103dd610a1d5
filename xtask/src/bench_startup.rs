//! `cargo xtask bench-startup`: how long a start takes, beside what it could take at the least.
//!
//! Every program is started again and again, turn and turn about, so that a noisy machine disturbs
//! all of them alike; the table shows medians, and ratios within the one run. Databases keep their
//! default durability.

mod database;
mod program;
mod psql;
mod run;

mod table;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use private_postgres::{Cluster, Durability, Settings};
use xshell::cmd;

use crate::{Result, workspace};

#[derive(Args)]
pub(crate) struct Arguments {
    /// How many models of 8 fields the measured programs have
    #[arg(long, value_delimiter = ',', default_values_t = [1, 10, 100, 1000])]
    models: Vec<usize>,

    /// How often each program starts on an unchanged schema
    #[arg(long, default_value_t = 20)]
    starts: usize,

    /// How often each program starts on an empty database
    #[arg(long, default_value_t = 5)]
    cold_starts: usize,

    /// Which databases
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Kind::Sqlite, Kind::Postgres])]
    databases: Vec<Kind>,

    /// Also writes every figure to this file, as JSON
    #[arg(long)]
    json: Option<PathBuf>,
}

/// Which database.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// A file in a temporary directory
    Sqlite,
    /// A private server
    Postgres,
}

pub(crate) fn run(arguments: &Arguments) -> Result {
    let shell = workspace::shell()?;
    cmd!(shell, "cargo build --release --package benches --bins").run()?;
    let cluster = if arguments.databases.contains(&Kind::Postgres) {
        Some(Cluster::start(Settings {
            durability: Durability::Default,
            ..Settings::default()
        })?)
    } else {
        None
    };
    let mut rounds = Vec::new();
    for &kind in &arguments.databases {
        for &models in &arguments.models {
            let round = run::round(kind, models, arguments, cluster.as_ref())?;
            println!("{}", table::of_round(&round));
            rounds.push(round);
        }
    }
    println!("{}", table::of_seeds());
    if let Some(path) = &arguments.json {
        std::fs::write(path, serde_json::to_string_pretty(&rounds)?)?;
    }
    Ok(())
}
