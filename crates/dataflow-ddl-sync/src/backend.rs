//! One session per database, behind the trait of the foundation.

mod lazy;
pub(crate) mod postgres;
pub(crate) mod sqlite;

pub(crate) use lazy::Lazy;

use dataflow_core::Endpoint;
use dataflow_core::ddl::Executor;
use dataflow_core::error::Result;

use crate::timeouts::Timeouts;
use crate::whereabouts::Whereabouts;

/// Opens a session, which closes when it is dropped.
fn open(endpoint: &Endpoint, timeouts: &Timeouts) -> Result<Box<dyn Executor>> {
    Ok(match endpoint {
        Endpoint::Sqlite(sqlite) => Box::new(sqlite::open(sqlite, timeouts)?),
        Endpoint::Postgres(postgres) => Box::new(postgres::open(postgres, timeouts)?),
    })
}

/// Which database an endpoint leads to; none for SQLite, where the path says it.
pub(crate) fn whereabouts(endpoint: &Endpoint, timeouts: &Timeouts) -> Result<Option<Whereabouts>> {
    match endpoint {
        Endpoint::Sqlite(_) => Ok(None),
        Endpoint::Postgres(postgres) => postgres::open(postgres, timeouts)?.whereabouts().map(Some),
    }
}
