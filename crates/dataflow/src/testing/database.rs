//! An empty database that goes with its value.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs, process};

use dataflow_core::Endpoint;
use dataflow_ddl_sync::SyncDDLExecutor;

use super::Place;
use crate::{DataFlow, DataFlowBuilder};

const URL: &str = "TEST_DATABASE_URL";

/// An empty database that goes with its value.
pub(super) struct Database {
    url: String,
    rest: Rest,
}

/// What has to be removed afterwards.
enum Rest {
    Nothing,
    Folder(PathBuf),
    Schema {
        executor: Box<SyncDDLExecutor>,
        name: String,
    },
}

impl Database {
    pub(super) fn create(place: Place) -> Self {
        match place {
            Place::Memory => Self {
                url: "sqlite::memory:".to_owned(),
                rest: Rest::Nothing,
            },
            Place::Sqlite => Self::in_folder(),
            Place::Postgres => match given() {
                Some(url) => Self::in_schema(&url),
                None => panic!("set {URL} to the url of a PostgreSQL database for tests"),
            },
            Place::Given => match given().as_deref() {
                None => Self::in_folder(),
                Some("sqlite::memory:") => Self::create(Place::Memory),
                Some(url) if url.starts_with("sqlite:") => Self::in_folder(),
                Some(url) => Self::in_schema(url),
            },
        }
    }

    /// The environment of whoever runs the tests is left out.
    pub(super) fn builder(&self) -> DataFlowBuilder {
        DataFlow::builder(&self.url).environment([("", ""); 0])
    }

    fn in_folder() -> Self {
        let folder = env::temp_dir().join(unused_name());
        fs::create_dir(&folder)
            .unwrap_or_else(|fault| panic!("no folder for a test in {folder:?}: {fault}"));
        let file = folder.join("test.db");
        Self {
            url: format!("sqlite://{}", file.display()),
            rest: Rest::Folder(folder),
        }
    }

    fn in_schema(url: &str) -> Self {
        let name = unused_name();
        let endpoint: Endpoint = match url.parse() {
            Ok(endpoint @ Endpoint::Postgres(_)) => endpoint,
            _ => panic!("{URL} is not the url of a PostgreSQL database"),
        };
        let executor = Box::new(SyncDDLExecutor::new(endpoint));
        executor
            .execute(&format!("CREATE SCHEMA {name}"))
            .unwrap_or_else(|error| panic!("no schema for a test: {error:?}"));
        let mark = if url.contains('?') { '&' } else { '?' };
        Self {
            url: format!("{url}{mark}options=-c%20search_path%3D{name}"),
            rest: Rest::Schema { executor, name },
        }
    }
}

impl Drop for Database {
    /// What cannot be removed is named, and fails no test.
    fn drop(&mut self) {
        let (what, removed) = match &self.rest {
            Rest::Nothing => return,
            Rest::Folder(folder) => (
                folder.display().to_string(),
                fs::remove_dir_all(folder).map_err(|fault| fault.to_string()),
            ),
            Rest::Schema { executor, name } => (
                format!("schema {name}"),
                executor
                    .execute(&format!("DROP SCHEMA {name} CASCADE"))
                    .map_err(|error| error.to_string()),
            ),
        };
        if let Err(fault) = removed {
            eprintln!("{what} is left behind: {fault}");
        }
    }
}

fn given() -> Option<String> {
    env::var(URL).ok().filter(|url| !url.is_empty())
}

/// A name that differs between threads, processes and machines that share a server.
fn unused_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let nanoseconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_nanos());
    format!("dataflow_test_{:x}_{nanoseconds:x}_{count}", process::id())
}
