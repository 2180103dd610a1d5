//! What can go wrong while a private server starts or stops.

use std::io;
use std::path::{Path, PathBuf};

/// The result of everything a cluster does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a private server did not start or stop.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Neither PATH nor the usual places hold PostgreSQL's server programs.
    #[error(
        "no PostgreSQL found: install its server programs (initdb, postgres), \
         or set TEST_DATABASE_URL to the URL of a superuser"
    )]
    NotInstalled,
    /// Neither PATH nor the usual places hold PgBouncer.
    #[error("no PgBouncer found: install pgbouncer")]
    NoPooler,
    /// PostgreSQL refuses to run as root, and neither `postgres` nor `nobody` is in /etc/passwd.
    #[error("PostgreSQL refuses to run as root, and this machine has no user postgres or nobody")]
    NoUnprivilegedUser,
    /// A file, a directory or a program could not be used.
    #[error("{}", path.display())]
    Io {
        /// The file, directory or program.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A certificate could not be made.
    #[error("cannot make a certificate for {subject}")]
    Certificate {
        /// Whom it was for.
        subject: String,
        /// What the library said.
        source: rcgen::Error,
    },
    /// `initdb` failed.
    #[error("initdb failed: {output}")]
    Initialize {
        /// What it printed.
        output: String,
    },
    /// The server ended, or did not answer, before its deadline.
    #[error("the private server on port {port} did not start: {log}")]
    Start {
        /// The port it was given.
        port: u16,
        /// What it logged.
        log: String,
    },
    /// No file system could be mounted.
    #[error("no disk could be mounted, which takes root, or sudo without a password: {said}")]
    Mount {
        /// What the programs said.
        said: String,
    },
    /// The server did not end before its deadline.
    #[error("the private PostgreSQL server on port {port} did not stop")]
    Stop {
        /// Its port.
        port: u16,
    },
}

impl Error {
    pub(crate) fn io(path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Error {
        let path = path.as_ref().to_path_buf();
        move |source| Error::Io { path, source }
    }
}
