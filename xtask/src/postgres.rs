//! The PostgreSQL server of the tests, the caller's or a private one, and PgBouncer.

mod install;

use std::env;

use private_postgres::{Cluster, Error, Pooler, Settings, SmallDisk};

use crate::Result;
use install::Package;

/// What to do on a machine without PostgreSQL.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Install it with the system's package manager.
    Install,
    /// Fail, and say what to do.
    Fail,
}

impl Missing {
    /// Reads the flag `--install-postgres`.
    pub(crate) fn install_if(is_wanted: bool) -> Missing {
        if is_wanted {
            Missing::Install
        } else {
            Missing::Fail
        }
    }
}

/// A server the tests may use while this value lives.
pub(crate) enum Server {
    /// Somebody else's, from `TEST_DATABASE_URL`.
    Given(String),
    /// Ours, gone with this value.
    Private(Box<Cluster>),
}

impl Server {
    /// The URL of a superuser.
    pub(crate) fn url(&self) -> &str {
        match self {
            Server::Given(url) => url,
            Server::Private(cluster) => cluster.url(),
        }
    }
}

/// Takes the server of `TEST_DATABASE_URL`, else starts a private one.
pub(crate) fn provide(missing: Missing) -> Result<Server> {
    match env::var("TEST_DATABASE_URL") {
        Ok(url) if !url.is_empty() => Ok(Server::Given(url)),
        _ => Ok(Server::Private(Box::new(start(missing)?))),
    }
}

/// What some tests need beside the server.
pub(crate) struct Extras {
    /// What is there, as [`EXPECTED`](private_postgres::EXPECTED) names it.
    pub(crate) there: String,
    /// A line for each that is not, so that nobody takes skipped tests for passed ones.
    pub(crate) untested: Vec<String>,
}

/// Installs PgBouncer where that is asked for and it is missing, and tells what tests may rely on.
/// Whether a disk can be mounted is up to the machine.
pub(crate) fn provide_extras(missing: Missing) -> Result<Extras> {
    if missing == Missing::Install && !Pooler::is_installed() {
        install::run(Package::Pooler)?;
    }
    let pooler = match Pooler::is_installed() {
        true => Ok(()),
        false => Err(Error::NoPooler),
    };
    if missing == Missing::Install {
        pooler.as_ref().map_err(ToString::to_string)?;
    }
    let (mut there, mut untested) = (Vec::new(), Vec::new());
    for (name, what, outcome) in [
        (Pooler::NAME, "what goes through PgBouncer", pooler),
        (
            SmallDisk::NAME,
            "a full disk of the server",
            SmallDisk::may_be_mounted(),
        ),
    ] {
        match outcome {
            Ok(()) => there.push(name),
            Err(error) => untested.push(format!("not tested here: {what}: {error}")),
        }
    }
    Ok(Extras {
        there: there.join(","),
        untested,
    })
}

fn start(missing: Missing) -> Result<Cluster> {
    match Cluster::start(Settings::default()) {
        Err(Error::NotInstalled) if missing == Missing::Install => {
            install::run(Package::Postgres)?;
            Ok(Cluster::start(Settings::default())?)
        }
        Err(Error::NotInstalled) => Err("the tests need PostgreSQL and this machine has none: \
             install its server programs, pass --install-postgres, \
             or set TEST_DATABASE_URL to the URL of a superuser"
            .into()),
        other => Ok(other?),
    }
}
