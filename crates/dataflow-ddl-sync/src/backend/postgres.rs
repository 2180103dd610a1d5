//! PostgreSQL: a session over the blocking driver.
//!
//! Every statement is a simple query: nothing is prepared, so each is one round trip, and a
//! connection pooler in between does not mind.

mod connect;
mod conversions;
mod later;
mod newer;
mod pooler;
mod spelling;
mod tables;
mod tls;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use dataflow_core::ddl::{Batches, Cookie, Executor, Probe, Recorded, StatementLimit, TextRow};
use dataflow_core::dialect::{self, Dialect, literal, table_identifier};
use dataflow_core::endpoint::PostgresEndpoint;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::inventory::{Inventory, Schemas};
use dataflow_core::plan::{Conversion, Lock, Statement};
use dataflow_core::schema::TableName;
use dataflow_core::snapshot::DatabaseSnapshot;
use postgres::error::SqlState;
use postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use crate::error::postgres::{translate, translate_together};
use crate::probe::{self, RecallQuery};
use crate::timeouts::Timeouts;
use crate::whereabouts::{self, Whereabouts};
use crate::{inspect, lock};

use connect::Connecting;

/// How literals are read, whatever the role or the database is set to.
pub(crate) const LITERALS: &str = "SET LOCAL standard_conforming_strings = on; ";

/// How defaults are written; the body of a function may name what is made after it. What reads rows
/// sees all of them, or fails.
const SPELLING: &str = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = ISO; \
                        SET LOCAL bytea_output = hex; SET LOCAL check_function_bodies = off; \
                        SET LOCAL row_security = off; ";

/// Connects and logs in.
pub(super) fn open(endpoint: &PostgresEndpoint, timeouts: &Timeouts) -> Result<Session> {
    Opening::begin(endpoint, timeouts)?.finish()
}

/// A session whose connection is being opened.
pub(super) struct Opening {
    connecting: Connecting,
    endpoint: PostgresEndpoint,
    timeouts: Timeouts,
}

impl Opening {
    pub(super) fn begin(endpoint: &PostgresEndpoint, timeouts: &Timeouts) -> Result<Self> {
        Ok(Self {
            connecting: Connecting::begin(endpoint, timeouts.connect)?,
            endpoint: endpoint.clone(),
            timeouts: *timeouts,
        })
    }

    pub(super) fn finish(self) -> Result<Session> {
        Ok(Session {
            begun: self.connecting.begun,
            client: self.connecting.finish(&self.endpoint)?,
            endpoint: self.endpoint,
            timeouts: self.timeouts,
            is_in_transaction: false,
            has_kept_lock: false,
        })
    }
}

/// One connection.
pub(crate) struct Session {
    client: Client,
    /// When its connection was asked for.
    begun: Instant,
    endpoint: PostgresEndpoint,
    timeouts: Timeouts,
    is_in_transaction: bool,
    has_kept_lock: bool,
}

impl Session {
    /// For how long another migration is waited for that cannot be seen at work.
    pub(crate) fn migration_timeout(&self) -> Duration {
        self.timeouts.migration
    }

    /// The rows of a query, bounded by the timeouts.
    pub(crate) fn rows(&mut self, sql: &str) -> Result<Vec<SimpleQueryRow>> {
        self.try_rows(sql)
            .map_err(|fault| translate(&self.endpoint, &fault))
    }

    /// Begins a transaction that sees what others commit meanwhile, and runs a query in it, in one
    /// round trip.
    pub(crate) fn begin(&mut self, query: &str) -> Result<Vec<SimpleQueryRow>> {
        self.is_in_transaction = true;
        let limits = self.limits();
        self.rows(&format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; {limits} {query}"
        ))
    }

    /// Which database this is. A role may be kept from seeing the cluster's own number.
    pub(super) fn whereabouts(&mut self) -> Result<Whereabouts> {
        let rows = match self.try_rows(whereabouts::QUERY) {
            Err(fault) if fault.as_db_error().is_some() => {
                self.rows(whereabouts::QUERY_WITHOUT_CLUSTER)?
            }
            rows => rows.map_err(|fault| translate(&self.endpoint, &fault))?,
        };
        Whereabouts::read(rows.first()).ok_or_else(|| {
            let message = format!("{} does not say which database it is", self.endpoint);
            Error::new(Kind::Unsupported, message)
        })
    }

    fn try_rows(&mut self, sql: &str) -> Result<Vec<SimpleQueryRow>, postgres::Error> {
        match self.is_in_transaction {
            true => self.send(sql),
            false => self.send(&(self.limits() + sql)),
        }
    }

    /// The rows of a query as it stands, without limits.
    fn send(&mut self, sql: &str) -> Result<Vec<SimpleQueryRow>, postgres::Error> {
        let messages = self.client.simple_query(sql)?;
        let rows = messages.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        Ok(rows.collect())
    }

    /// What every query needs that is not part of a transaction with [`limits`](Self::limits).
    ///
    /// What is local to a transaction leaves no trace in a connection that a pooler hands on.
    /// Statements that are sent together are one transaction.
    fn bounds(&self) -> String {
        format!(
            "SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {}; {LITERALS}",
            self.timeouts.statement.as_millis(),
            self.timeouts.lock.as_millis(),
        )
    }

    fn limits(&self) -> String {
        self.bounds() + SPELLING
    }
}

impl Executor for Session {
    fn dialect(&self) -> &'static dyn Dialect {
        &dialect::Postgres
    }

    fn identity(&self) -> String {
        self.endpoint.to_string()
    }

    fn recorded(&mut self, application: &str, probe: Option<Probe>) -> Result<Option<Recorded>> {
        let before = match self.is_in_transaction {
            true => "SAVEPOINT recorded; ".to_owned(),
            false => self.bounds(),
        };
        let query = RecallQuery::new(application, probe);
        match self.send(&(before + &query.statement())) {
            Ok(rows) => Ok(rows.iter().find_map(|row| query.read(|at| row.get(at)))),
            Err(fault)
                if matches!(
                    fault.code(),
                    Some(&SqlState::UNDEFINED_TABLE | &SqlState::UNDEFINED_COLUMN)
                ) =>
            {
                if self.is_in_transaction {
                    Session::rows(self, "ROLLBACK TO SAVEPOINT recorded")?;
                }
                Ok(None)
            }
            Err(fault) => Err(translate(&self.endpoint, &fault)),
        }
    }

    fn lock(&mut self) -> Result<()> {
        lock::acquire(self)
    }

    fn inspect(&mut self, tables: &[TableName]) -> Result<DatabaseSnapshot> {
        if tables.is_empty() {
            return Ok(DatabaseSnapshot::default());
        }
        let rows = Session::rows(self, &inspect::postgres::query(tables, 0))?;
        Ok(inspect::postgres::read(tables, &rows))
    }

    fn inventory(&mut self, schemas: &Schemas) -> Result<Inventory> {
        let rows = Session::rows(self, &inspect::postgres::inventory::query(schemas))?;
        if let Schemas::One(schema) = schemas {
            let name = literal(schema);
            let existing = format!("SELECT 1 FROM pg_namespace WHERE nspname = {name}");
            if Session::rows(self, &existing)?.is_empty() {
                let message = format!("{} has no schema {schema:?}", self.endpoint);
                return Err(Error::new(Kind::NotFound, message));
            }
        }
        Ok(inspect::postgres::inventory::read(schemas, &rows))
    }

    fn spelled(
        &mut self,
        desired: &DatabaseSnapshot,
        found: &DatabaseSnapshot,
    ) -> Result<DatabaseSnapshot> {
        spelling::spelled(self, desired, found)
    }

    fn unknown_conversions(&mut self, asked: &[Conversion]) -> Result<HashSet<Conversion>> {
        conversions::unknown(self, asked)
    }

    /// The statistics tell how many, but not whether there are any. Whoever is shown the rows of no
    /// tenant goes by the space that they take.
    fn rows(&mut self, tables: &[TableName]) -> Result<Vec<u64>> {
        let count = |table: &TableName| {
            let table = table_identifier(table);
            let oid = literal(&table);
            format!(
                "SELECT CASE WHEN EXISTS (SELECT 1 FROM {table}) OR row_security_active({oid}) \
                 AND pg_relation_size({oid}) > 0 THEN \
                 (SELECT greatest(1, reltuples::bigint) FROM pg_class WHERE oid = {oid}::regclass) \
                 ELSE 0 END"
            )
        };
        let queries: Vec<String> = tables.iter().map(count).collect();
        let rows = Session::rows(
            self,
            &format!(
                "SET LOCAL row_security = on; {}; SET LOCAL row_security = off",
                queries.join("; ")
            ),
        )?;
        let number = |row: &SimpleQueryRow| row.get(0).and_then(|text| text.parse().ok());
        Ok(rows.iter().map(|row| number(row).unwrap_or(1)).collect())
    }

    fn query(&mut self, sql: &str) -> Result<Vec<TextRow>> {
        let rows = Session::rows(self, sql)?;
        let values = |row: &SimpleQueryRow| {
            let value = |at| row.get(at).map(ToOwned::to_owned);
            (0..row.len()).map(value).collect()
        };
        Ok(rows.iter().map(values).collect())
    }

    /// No table is dropped that others point at: what changes is altered in place.
    fn suspend_foreign_keys(&mut self) -> Result<()> {
        Ok(())
    }

    fn lock_tables(&mut self, tables: &[(TableName, Lock)]) -> Result<()> {
        tables::lock(self, tables)
    }

    fn keep_lock(&mut self) -> Result<()> {
        pooler::is_absent(self)?;
        lock::keep(self)?;
        self.has_kept_lock = true;
        Ok(())
    }

    fn execute_later(
        &mut self,
        statement: &Statement,
        watch: &mut dyn FnMut(Batches),
    ) -> Result<()> {
        later::execute(self, statement, watch)
    }

    /// What fails here is let go all the same when the connection closes.
    fn release(&mut self) {
        if std::mem::take(&mut self.has_kept_lock) {
            let _ = lock::release(self);
        }
    }

    fn limit_statements(&mut self, limit: StatementLimit) -> Result<()> {
        let milliseconds = match limit {
            StatementLimit::Usual => self.timeouts.statement.as_millis(),
            StatementLimit::None => 0,
        };
        self.execute(&format!("SET LOCAL statement_timeout = {milliseconds}"))
    }

    fn execute(&mut self, sql: &str) -> Result<()> {
        match self.is_in_transaction {
            true => self
                .send(sql)
                .map(drop)
                .map_err(|fault| translate_together(&self.endpoint, sql, &fault)),
            false => Session::rows(self, sql).map(drop),
        }
    }

    fn cookie(&mut self, tables: &[TableName], probe: Probe) -> Result<Cookie> {
        let rows = Session::rows(self, &probe::cookie(tables, probe))?;
        let text = |at| rows.first().and_then(|row| row.get(at)).unwrap_or_default();
        Ok(Cookie {
            schema: text(0).to_owned(),
            catalogue: text(1).to_owned(),
        })
    }

    fn commit(&mut self) -> Result<()> {
        Session::rows(self, "COMMIT")?;
        self.is_in_transaction = false;
        Ok(())
    }

    /// What fails here is undone all the same when the connection closes.
    fn rollback(&mut self) {
        let _ = Session::rows(self, "ROLLBACK");
        self.is_in_transaction = false;
    }
}
