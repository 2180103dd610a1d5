//! The PostgreSQL server of the tests, the caller's or a private one, and PgBouncer.

mod install;

use std::env;

use private_postgres::{Cluster, Error, Pooler, Settings};

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

/// Installs PgBouncer where that is asked for and it is missing. Where none can be had, the tests
/// that need it say that they are skipped.
pub(crate) fn provide_pooler(missing: Missing) {
    if missing == Missing::Fail || Pooler::is_installed() {
        return;
    }
    if let Err(error) = install::run(Package::Pooler) {
        eprintln!("cannot install PgBouncer, so what goes through it is not tested: {error}");
    }
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
