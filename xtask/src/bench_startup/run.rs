//! One round: so many models on one database, every program in turn.

use private_postgres::Cluster;
use serde::Serialize;

use super::database::Database;
use super::program::{Program, Started};
use super::{Arguments, Kind, psql};
use crate::Result;
use crate::stats::Times;

/// The figures of one round.
#[derive(Serialize)]
pub(crate) struct Round {
    pub(crate) kind: Kind,
    pub(crate) models: usize,
    /// `startup-nexus` on an empty database.
    pub(crate) cold: Start,
    /// `psql -1 -f` of the same DDL on an empty database, the whole process.
    pub(crate) psql: Times,
    /// Each program on the unchanged schema.
    pub(crate) warm: Vec<(&'static str, Start)>,
    /// Connections that `startup-nexus` holds before the first request.
    pub(crate) connections: Option<usize>,
    /// The proportional set size of `startup-nexus` after its first requests, in bytes.
    pub(crate) memory: u64,
}

/// The stages of repeated starts, all since `exec`.
#[derive(Default, Serialize)]
pub(crate) struct Start {
    /// The tables are ready and the ports are bound.
    pub(crate) ready: Times,
    /// The first request, which included a query, was answered.
    pub(crate) first: Times,
    /// A row was created and read over HTTP.
    pub(crate) crud: Times,
}

/// The names that the table compares.
pub(crate) const PROBE: &str = "nexus, probe";
pub(crate) const FINGERPRINT: &str = "nexus, fingerprint";
pub(crate) const BARE: &str = "bare";
pub(crate) const HUNDRED: &str = "100 lines";

pub(crate) fn round(
    kind: Kind,
    models: usize,
    arguments: &Arguments,
    cluster: Option<&Cluster>,
) -> Result<Round> {
    let mut round = Round {
        kind,
        models,
        cold: Start::default(),
        psql: Times::default(),
        warm: Vec::new(),
        connections: None,
        memory: 0,
    };
    let ddl = psql::ddl_file(models)?;
    for _ in 0..arguments.cold_starts {
        let database = Database::empty(kind, cluster)?;
        measure_nexus(&nexus(&database, models, "probe").start()?, &mut round.cold)?;
        if let Some(cluster) = cluster.filter(|_| kind == Kind::Postgres) {
            round.psql.push(psql::create(cluster, &ddl)?);
        }
    }
    measure_warm(&mut round, arguments, cluster)?;
    Ok(round)
}

/// The programs take turns on one database, which the first start, not counted, has set up.
fn measure_warm(round: &mut Round, arguments: &Arguments, cluster: Option<&Cluster>) -> Result {
    let database = Database::empty(round.kind, cluster)?;
    let url = database.url();
    {
        let started = nexus(&database, round.models, "probe").start()?;
        if round.kind == Kind::Postgres {
            round.connections = Some(psql::connections(&url)?);
        }
        measure_nexus(&started, &mut Start::default())?;
        round.memory = started.memory()?;
    }
    let programs = [
        (PROBE, nexus(&database, round.models, "probe")),
        (FINGERPRINT, nexus(&database, round.models, "fingerprint")),
        (HUNDRED, program("startup-hundred", vec![url.clone()])),
        (BARE, program("startup-bare", vec![url.clone()])),
    ];
    round.warm = programs
        .each_ref()
        .map(|(name, _)| (*name, Start::default()))
        .into();
    for _ in 0..arguments.starts {
        for ((_, program), (_, start)) in programs.iter().zip(&mut round.warm) {
            let started = program.start()?;
            if program.name == "startup-nexus" {
                measure_nexus(&started, start)?;
            } else {
                start.ready.push(started.ready);
                start.first.push(started.answer("GET", "/", "")?.1);
            }
        }
    }
    Ok(())
}

fn measure_nexus(started: &Started, start: &mut Start) -> Result {
    start.ready.push(started.ready);
    start
        .first
        .push(started.answer("GET", "/api/model0s?limit=1", "")?.1);
    let email = format!("{}@example.org", started.ready.as_nanos());
    let row = format!(r#"{{"email": "{email}", "name": "Ada"}}"#);
    let (created, _) = started.answer("POST", "/api/model0s", &row)?;
    let id = serde_json::from_str::<serde_json::Value>(&created)?["id"].to_string();
    let (_, read) = started.answer("GET", &format!("/api/model0s/{id}"), "")?;
    start.crud.push(read);
    Ok(())
}

fn nexus(database: &Database, models: usize, drift_check: &str) -> Program {
    let arguments = vec![database.url(), models.to_string(), drift_check.to_owned()];
    program("startup-nexus", arguments)
}

fn program(name: &'static str, arguments: Vec<String>) -> Program {
    Program { name, arguments }
}
