//! Which database an address leads to, as the server says and not as the address does.

use std::fmt;

use dataflow_core::error::{Error, Kind};
use postgres::SimpleQueryRow;

/// Which database and schema an address leads to. Two addresses with equal whereabouts reach the
/// same tables, whatever hosts, ports and poolers stand in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whereabouts {
    /// The number that a cluster was given when it was made, where the role may see it. Its
    /// replicas have the same.
    cluster: Option<String>,
    /// The number of the database, which another one of its name does not have.
    number: String,
    database: String,
    schema: String,
}

/// All of it in one round trip.
pub(crate) const QUERY: &str = "SELECT oid, datname, current_schema(), \
     (SELECT system_identifier FROM pg_control_system()) \
     FROM pg_database WHERE datname = current_database()";

/// What a role may see that may not read the cluster's control file.
pub(crate) const QUERY_WITHOUT_CLUSTER: &str = "SELECT oid, datname, current_schema(), NULL \
     FROM pg_database WHERE datname = current_database()";

impl Whereabouts {
    /// What either query found.
    pub(crate) fn read(row: Option<&SimpleQueryRow>) -> Option<Self> {
        let row = row?;
        Some(Self {
            number: row.get(0)?.to_owned(),
            database: row.get(1)?.to_owned(),
            schema: row.get(2).unwrap_or_default().to_owned(),
            cluster: row.get(3).map(str::to_owned),
        })
    }

    /// Sees that tables which are made by way of `ddl_url` are those that `main` then reads.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`] when they are not.
    pub fn agree(ddl_url: &Self, main: &Self) -> Result<(), Error> {
        if ddl_url == main {
            return Ok(());
        }
        Err(Error::new(
            Kind::Configuration,
            "ddl_url leads to another database than the database url",
        )
        .with_details(vec![
            format!("ddl_url: {ddl_url}"),
            format!("database url: {main}"),
        ])
        .with_help("give the direct address of the same database and schema, or leave it out"))
    }
}

impl fmt::Display for Whereabouts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            database, schema, ..
        } = self;
        write!(formatter, "database {database:?}, schema {schema:?}")?;
        match &self.cluster {
            Some(cluster) => write!(formatter, ", system identifier {cluster}"),
            None => write!(formatter, ", oid {}", self.number),
        }
    }
}
