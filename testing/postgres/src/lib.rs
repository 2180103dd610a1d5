//! A PostgreSQL server of one's own, for tests and benchmarks.
//!
//! A [`Cluster`] is a receipt: while the value lives, a server answers on a free loopback port,
//! with its data in a temporary directory; when it goes, server and directory go with it, also
//! when the process that owned it was killed.
//! An [`Authority`] issues the certificates that make such a server speak TLS.
//! A [`Database`] is the smaller receipt most tests want: an empty database on a server that
//! somebody else started, dropped with the value.
//! A [`Pooler`] is a PgBouncer before such a database, and a [`SmallDisk`] a disk that is soon full.
//!
//! ```no_run
//! use private_postgres::{Cluster, Database, Settings};
//!
//! let cluster = Cluster::start(Settings::default())?;
//! let database = Database::create(cluster.url());
//! assert!(database.url().starts_with("postgres://postgres@127.0.0.1:"));
//! # Ok::<(), private_postgres::Error>(())
//! ```
//!
//! Everything here blocks, and may be called inside an async runtime as well as outside.
//! It runs on Unix, from the PostgreSQL programs of the machine ([`Binaries`]), and needs no
//! privilege: started by root it steps down to another user, which PostgreSQL insists on.

mod account;
mod admin;
mod authority;
mod binaries;
mod cluster;
mod database;
mod disk;
mod error;
mod expected;
mod keeper;
mod pooler;
mod settings;

pub use authority::Authority;
pub use binaries::Binaries;
pub use cluster::Cluster;
pub use database::{Database, test_database_url};
pub use disk::SmallDisk;
pub use error::{Error, Result};
pub use expected::EXPECTED;
pub use pooler::Pooler;
pub use settings::{Auth, CertificateFiles, Durability, Settings};
