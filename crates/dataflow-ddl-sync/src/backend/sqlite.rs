//! SQLite: a session over a connection, its own or somebody else's.

mod lent;

use std::borrow::{Borrow, BorrowMut};
use std::path::Path;
use std::thread;
use std::time::Duration;

use dataflow_core::ddl::{
    Batches, Cookie, Executor, Probe, Recorded, STATE_TABLE, StatementLimit, TextRow,
};
use dataflow_core::dialect::{self, Dialect, table_identifier};
use dataflow_core::endpoint::SqliteEndpoint;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::inventory::{Inventory, Schemas};
use dataflow_core::plan::{self, Lock};
use dataflow_core::schema::TableName;
use dataflow_core::snapshot::DatabaseSnapshot;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, OptionalExtension, Statement};

use crate::error::sqlite::{
    being_migrated, is_busy, lacks_column, lacks_table, translate, translate_change,
};
use crate::inspect;
use crate::timeouts::Timeouts;
use crate::wait::Wait;

pub use lent::{recorded_on, synchronize_on};

/// What SQLite calls the schema of the file that was opened.
const SCHEMA: &str = "main";

/// How long to sleep between two attempts to become the writer.
const POLL: Duration = Duration::from_millis(20);

/// Opens a file; it is created when it does not exist.
pub(super) fn open(endpoint: &SqliteEndpoint, timeouts: &Timeouts) -> Result<Session<Connection>> {
    let Some(path) = endpoint.path() else {
        return Err(Error::new(
            Kind::Unsupported,
            format!("{endpoint} is gone as soon as the connection that changes it closes"),
        )
        .with_help("open it through dataflow, or name a file"));
    };
    let connection = Connection::open(path).map_err(|fault| translate(endpoint, &fault))?;
    let session = Session::new(endpoint, connection, timeouts.migration);
    session.prepare(timeouts.lock)?;
    Ok(session)
}

/// Whether opening would make the file: it does not exist, and its folder does.
pub(super) fn is_to_be_made(endpoint: &SqliteEndpoint) -> bool {
    endpoint.path().is_some_and(|path| {
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        !path.exists() && folder.is_none_or(Path::exists)
    })
}

/// An empty database of the name of another.
pub(super) fn nothing(
    endpoint: &SqliteEndpoint,
    timeouts: &Timeouts,
) -> Result<Session<Connection>> {
    let connection = Connection::open_in_memory().map_err(|fault| translate(endpoint, &fault))?;
    Ok(Session::new(endpoint, connection, timeouts.migration))
}

/// A connection, owned or borrowed, that changes the schema of one database.
pub(super) struct Session<C> {
    endpoint: SqliteEndpoint,
    connection: C,
    migration_timeout: Duration,
    /// Whether foreign keys were enforced before they were suspended.
    suspended: bool,
}

impl<C: Borrow<Connection>> Session<C> {
    fn new(endpoint: &SqliteEndpoint, connection: C, migration_timeout: Duration) -> Self {
        Self {
            endpoint: endpoint.clone(),
            connection,
            migration_timeout,
            suspended: false,
        }
    }

    /// Sets up a connection, and reads the file for the first time.
    fn prepare(&self, lock_timeout: Duration) -> Result<()> {
        let connection = self.connection.borrow();
        connection
            .busy_timeout(lock_timeout)
            .map_err(|fault| self.fault(&fault))?;
        self.run("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")?;
        let is_on: bool = self.read("PRAGMA foreign_keys")?;
        if !is_on {
            return Err(Error::new(
                Kind::Unsupported,
                "this build of SQLite has no foreign keys",
            ));
        }
        self.read::<i64>("PRAGMA schema_version").map(drop)
    }

    /// The write-ahead log lets others read while one writes. It is a property of the file, and
    /// turning it on needs the file for oneself.
    fn begin(&self) -> rusqlite::Result<()> {
        let connection = self.connection.borrow();
        if self.endpoint.path().is_some() {
            connection.pragma_update(None, "journal_mode", "wal")?;
        }
        connection.execute_batch("BEGIN IMMEDIATE")
    }

    /// The waiting of SQLite itself does not cover every collision of a first start, and ends by
    /// another deadline.
    fn poll(&self) -> Result<()> {
        let mut wait = Wait::begin(self.migration_timeout);
        while let Err(fault) = self.begin() {
            if !is_busy(&fault) {
                return Err(self.fault(&fault));
            }
            if wait.is_over() {
                return Err(being_migrated(&self.endpoint));
            }
            if wait.is_to_be_told() {
                let database = self.endpoint.to_string();
                tracing::warn!(database, "waiting for another connection that writes");
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    fn run(&self, sql: &str) -> Result<()> {
        let connection = self.connection.borrow();
        connection
            .execute_batch(sql)
            .map_err(|fault| self.fault(&fault))
    }

    fn read<T: rusqlite::types::FromSql>(&self, sql: &str) -> Result<T> {
        let connection = self.connection.borrow();
        connection
            .query_row(sql, [], |row| row.get(0))
            .map_err(|fault| self.fault(&fault))
    }

    fn fault(&self, fault: &rusqlite::Error) -> Error {
        translate(&self.endpoint, fault)
    }

    /// SQLite takes any default and looks at it when a row is written, which would be too late.
    fn defaults_are_understood(&self, desired: &DatabaseSnapshot) -> Result<()> {
        let connection: &Connection = self.connection.borrow();
        for table in &desired.tables {
            let computed = table
                .columns
                .iter()
                .filter(|column| !column.has_constant_default());
            for (column, default) in computed.filter_map(|it| Some((it, it.default.as_ref()?))) {
                let prepared = connection.prepare(&format!("SELECT {default}"));
                prepared.map_err(|fault| {
                    let place = format!(
                        "table {:?}, column {:?}: the default",
                        table.name, column.name
                    );
                    self.fault(&fault).within(place)
                })?;
            }
        }
        Ok(())
    }

    /// What was set for a migration is as it was. Inside a transaction SQLite ignores the first in
    /// silence: whoever lent the connection looks at it again.
    fn restore(&mut self) {
        if std::mem::take(&mut self.suspended) {
            let _ = self.run("PRAGMA foreign_keys = ON");
        }
        let _ = self.run("PRAGMA legacy_alter_table = OFF");
    }
}

impl<C: BorrowMut<Connection>> Executor for Session<C> {
    fn dialect(&self) -> &'static dyn Dialect {
        &dialect::Sqlite
    }

    fn identity(&self) -> String {
        self.endpoint.to_string()
    }

    fn recorded(&mut self, application: &str, probe: Option<Probe>) -> Result<Option<Recorded>> {
        let catalogue = match probe {
            Some(_) => "cookie = (SELECT CAST(schema_version AS TEXT) FROM pragma_schema_version)",
            None => "1",
        };
        let sql = format!(
            "SELECT fingerprint, schema IS '{SCHEMA}' AND {catalogue} FROM {STATE_TABLE} \
             WHERE application = ?1"
        );
        let connection: &Connection = self.connection.borrow();
        let row = connection.prepare(&sql).and_then(|mut statement| {
            statement
                .query_row([application], |row| {
                    Ok((row.get::<_, String>(0)?, row.get(1)?))
                })
                .optional()
        });
        match row {
            Ok(row) => Ok(row.and_then(|(fingerprint, is_unmoved)| {
                let fingerprint = fingerprint.parse().ok()?;
                Some(Recorded {
                    fingerprint,
                    is_unmoved,
                })
            })),
            // Asking the catalogue instead would race with whoever is just making the table.
            Err(fault) if lacks_table(&fault, STATE_TABLE) || lacks_column(&fault, "schema") => {
                Ok(None)
            }
            Err(fault) => Err(self.fault(&fault)),
        }
    }

    fn lock(&mut self) -> Result<()> {
        let usual: u32 = self.read("PRAGMA busy_timeout")?;
        self.run("PRAGMA busy_timeout = 0")?;
        let locked = self.poll();
        self.run(&format!("PRAGMA busy_timeout = {usual}"))?;
        locked
    }

    fn inspect(&mut self, tables: &[TableName]) -> Result<DatabaseSnapshot> {
        let connection: &Connection = self.connection.borrow();
        inspect::sqlite::inspect(connection, tables).map_err(|fault| self.fault(&fault))
    }

    fn inventory(&mut self, schemas: &Schemas) -> Result<Inventory> {
        if *schemas != Schemas::Current {
            let message = format!("SQLite has no schemas, and so none called {schemas}");
            return Err(Error::new(Kind::Unsupported, message)
                .with_help("leave --schemas out: all of the database is meant"));
        }
        inspect::sqlite::inventory(self.connection.borrow()).map_err(|fault| self.fault(&fault))
    }

    fn spelled(
        &mut self,
        desired: &DatabaseSnapshot,
        found: &DatabaseSnapshot,
    ) -> Result<DatabaseSnapshot> {
        self.defaults_are_understood(desired)?;
        Ok(inspect::sqlite::spelled(desired, found))
    }

    fn rows(&mut self, tables: &[TableName]) -> Result<Vec<u64>> {
        let count = |table: &TableName| {
            let rows: i64 =
                self.read(&format!("SELECT count(*) FROM {}", table_identifier(table)))?;
            Ok(rows.unsigned_abs())
        };
        tables.iter().map(count).collect()
    }

    fn query(&mut self, sql: &str) -> Result<Vec<TextRow>> {
        let connection: &Connection = self.connection.borrow();
        let read = || -> rusqlite::Result<Vec<TextRow>> {
            let mut statement = connection.prepare(sql)?;
            let columns = statement.column_count();
            let rows = statement.query_map([], |row| {
                (0..columns).map(|at| Ok(text(row.get_ref(at)?))).collect()
            })?;
            rows.collect()
        };
        read().map_err(|fault| self.fault(&fault))
    }

    /// Read back, because SQLite says nothing where it does not obey.
    fn suspend_foreign_keys(&mut self) -> Result<()> {
        let is_enforced: bool = self.read("PRAGMA foreign_keys")?;
        self.suspended |= is_enforced;
        self.run("PRAGMA foreign_keys = OFF")?;
        let is_enforced: bool = self.read("PRAGMA foreign_keys")?;
        match is_enforced {
            true => Err(Error::new(
                Kind::Internal,
                "foreign keys cannot be suspended inside a transaction",
            )),
            false => Ok(()),
        }
    }

    /// Whoever writes to the file has all of it to itself.
    fn lock_tables(&mut self, _: &[(TableName, Lock)]) -> Result<()> {
        Ok(())
    }

    /// Every change is part of the one transaction, so nothing is left for which to keep it.
    fn keep_lock(&mut self) -> Result<()> {
        Ok(())
    }

    fn execute_later(
        &mut self,
        statement: &plan::Statement,
        _: &mut dyn FnMut(Batches),
    ) -> Result<()> {
        self.execute(&statement.sql)
    }

    fn release(&mut self) {}

    /// Only the statements of a pool are limited here.
    fn limit_statements(&mut self, _: StatementLimit) -> Result<()> {
        Ok(())
    }

    fn execute(&mut self, sql: &str) -> Result<()> {
        let connection: &Connection = self.connection.borrow();
        let mut batch = Batch::new(connection, sql);
        while let Some(mut statement) = batch.next().map_err(|fault| self.fault(&fault))? {
            let finished = run_to_the_end(&mut statement);
            finished.map_err(|fault| {
                let sql = statement.expanded_sql().unwrap_or_default();
                translate_change(&self.endpoint, &sql, &fault)
            })?;
        }
        Ok(())
    }

    fn cookie(&mut self, _: &[TableName], _: Probe) -> Result<Cookie> {
        let version: i64 = self.read("PRAGMA schema_version")?;
        Ok(Cookie {
            schema: SCHEMA.to_owned(),
            catalogue: version.to_string(),
        })
    }

    fn commit(&mut self) -> Result<()> {
        self.run("COMMIT")?;
        self.restore();
        Ok(())
    }

    /// What fails here is undone all the same when the connection closes.
    fn rollback(&mut self) {
        let _ = self.run("ROLLBACK");
        self.restore();
    }
}

/// Runs a statement, whether it returns rows or not.
fn run_to_the_end(statement: &mut Statement) -> rusqlite::Result<()> {
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

/// A value as PostgreSQL would send it.
fn text(value: ValueRef) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}
