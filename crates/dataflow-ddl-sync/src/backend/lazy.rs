//! A session that is opened by the first call that needs the database.

use std::collections::HashSet;

use dataflow_core::Endpoint;
use dataflow_core::ddl::{Batches, Cookie, Executor, Probe, Recorded, StatementLimit, TextRow};
use dataflow_core::dialect::{self, Dialect};
use dataflow_core::error::Result;
use dataflow_core::inventory::{Inventory, Schemas};
use dataflow_core::plan::{Conversion, Lock, Statement};
use dataflow_core::schema::TableName;
use dataflow_core::snapshot::DatabaseSnapshot;

use super::{postgres, sqlite};
use crate::timeouts::Timeouts;

/// Whoever asks for a receipt without a look at the database gets one while it is unreachable.
pub(crate) struct Lazy<'a> {
    endpoint: &'a Endpoint,
    timeouts: &'a Timeouts,
    opening: Option<Result<postgres::Opening>>,
    session: Option<Box<dyn Executor>>,
    /// An empty database, in the place of a file that does not exist and is only looked at.
    nothing: Option<Box<dyn Executor>>,
}

impl<'a> Lazy<'a> {
    /// Nothing is opened yet.
    pub(crate) fn new(endpoint: &'a Endpoint, timeouts: &'a Timeouts) -> Self {
        Self {
            endpoint,
            timeouts,
            opening: None,
            session: None,
            nothing: None,
        }
    }

    fn session(&mut self) -> Result<&mut dyn Executor> {
        let session = match self.session.take() {
            Some(session) => session,
            None => match self.opening.take() {
                Some(opening) => Box::new(opening?.finish()?),
                None => super::open(self.endpoint, self.timeouts)?,
            },
        };
        Ok(self.session.insert(session).as_mut())
    }

    /// The session for a look: it makes no file, until something is to be changed.
    fn look(&mut self) -> Result<&mut dyn Executor> {
        if self.session.is_none()
            && let Endpoint::Sqlite(sqlite) = self.endpoint
            && sqlite::is_to_be_made(sqlite)
        {
            let nothing = match self.nothing.take() {
                Some(nothing) => nothing,
                None => Box::new(sqlite::nothing(sqlite, self.timeouts)?),
            };
            return Ok(self.nothing.insert(nothing).as_mut());
        }
        self.session()
    }
}

impl Executor for Lazy<'_> {
    fn dialect(&self) -> &'static dyn Dialect {
        match self.endpoint {
            Endpoint::Sqlite(_) => &dialect::Sqlite,
            Endpoint::Postgres(_) => &dialect::Postgres,
        }
    }

    fn identity(&self) -> String {
        self.endpoint.to_string()
    }

    /// A file is opened in less time than a thread starts.
    fn connect_ahead(&mut self) {
        if let (None, Endpoint::Postgres(endpoint)) = (&self.session, self.endpoint) {
            self.opening = Some(postgres::Opening::begin(endpoint, self.timeouts));
        }
    }

    fn recorded(&mut self, application: &str, probe: Option<Probe>) -> Result<Option<Recorded>> {
        self.look()?.recorded(application, probe)
    }

    fn lock(&mut self) -> Result<()> {
        self.session()?.lock()
    }

    fn inspect(&mut self, tables: &[TableName]) -> Result<DatabaseSnapshot> {
        self.look()?.inspect(tables)
    }

    fn inventory(&mut self, schemas: &Schemas) -> Result<Inventory> {
        self.look()?.inventory(schemas)
    }

    fn spelled(
        &mut self,
        desired: &DatabaseSnapshot,
        found: &DatabaseSnapshot,
    ) -> Result<DatabaseSnapshot> {
        self.look()?.spelled(desired, found)
    }

    fn unknown_conversions(&mut self, asked: &[Conversion]) -> Result<HashSet<Conversion>> {
        self.look()?.unknown_conversions(asked)
    }

    fn rows(&mut self, tables: &[TableName]) -> Result<Vec<u64>> {
        self.look()?.rows(tables)
    }

    fn query(&mut self, sql: &str) -> Result<Vec<TextRow>> {
        self.look()?.query(sql)
    }

    fn suspend_foreign_keys(&mut self) -> Result<()> {
        self.session()?.suspend_foreign_keys()
    }

    fn lock_tables(&mut self, tables: &[(TableName, Lock)]) -> Result<()> {
        self.session()?.lock_tables(tables)
    }

    fn keep_lock(&mut self) -> Result<()> {
        self.session()?.keep_lock()
    }

    fn execute_later(
        &mut self,
        statement: &Statement,
        watch: &mut dyn FnMut(Batches),
    ) -> Result<()> {
        self.session()?.execute_later(statement, watch)
    }

    fn release(&mut self) {
        if let Some(session) = &mut self.session {
            session.release();
        }
    }

    fn limit_statements(&mut self, limit: StatementLimit) -> Result<()> {
        self.session()?.limit_statements(limit)
    }

    fn execute(&mut self, sql: &str) -> Result<()> {
        self.session()?.execute(sql)
    }

    fn cookie(&mut self, tables: &[TableName], probe: Probe) -> Result<Cookie> {
        self.session()?.cookie(tables, probe)
    }

    fn commit(&mut self) -> Result<()> {
        self.session()?.commit()
    }

    fn rollback(&mut self) {
        if let Some(session) = &mut self.session {
            session.rollback();
        }
    }
}
