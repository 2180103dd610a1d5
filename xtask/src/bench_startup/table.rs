//! The figures as a table.

use std::fmt::Write;

use super::Kind;
use super::run::{BARE, HUNDRED, Round, Start};

/// One round: milliseconds, and ratios to the baselines of the same round.
pub(crate) fn of_round(round: &Round) -> String {
    let database = match round.kind {
        Kind::Sqlite => "SQLite",
        Kind::Postgres => "PostgreSQL",
    };
    let mut table = format!("\n{database}, {} models of 8 fields\n", round.models);
    let _ = writeln!(
        table,
        "{:<24}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "ms since exec", "ready", "first", "minimum", "crud", "/bare", "/100 lines"
    );
    write_start(&mut table, "nexus, empty database", &round.cold, round);
    for (name, start) in &round.warm {
        write_start(&mut table, name, start, round);
    }
    if let (Some(psql), Some(ready)) = (round.psql.median(), round.cold.ready.median()) {
        let _ = writeln!(
            table,
            "psql -1 -f {psql:.1} ms; ready / psql {:.2}",
            ready / psql
        );
    }
    if let Some(connections) = round.connections {
        let _ = writeln!(table, "connections before the first request: {connections}");
    }
    let megabytes = round.memory as f64 / 1e6;
    let _ = writeln!(
        table,
        "memory (PSS) after the first requests: {megabytes:.1} MB"
    );
    table
}

fn write_start(table: &mut String, name: &str, start: &Start, round: &Round) {
    let first = start.first.median();
    let ratio_to = |baseline: &str| {
        let (_, baseline) = round.warm.iter().find(|(name, _)| *name == baseline)?;
        Some(first? / baseline.first.median()?)
    };
    let _ = writeln!(
        table,
        "{name:<24}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
        number(start.ready.median()),
        number(first),
        number(start.first.minimum()),
        number(start.crud.median()),
        number(ratio_to(BARE)),
        number(ratio_to(HUNDRED)),
    );
}

fn number(number: Option<f64>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| format!("{number:.2}"))
}

/// What the documents that this system replaces say of themselves.
pub(crate) fn of_seeds() -> &'static str {
    "Kailash DataFlow + Nexus (Python), by its own documents: 10 to 30 s with default settings; \
     under 2 s, and under 0.1 s a model, with the registry and migrations off."
}
