//! An executor whose process dies after some statements.

use std::process::Command;

use dataflow_core::ddl::{Batches, Cookie, Executor, Probe, Recorded, StatementLimit, TextRow};
use dataflow_core::dialect::Dialect;
use dataflow_core::error::Result;
use dataflow_core::inventory::{Inventory, Schemas};
use dataflow_core::plan::{Lock, Statement};
use dataflow_core::schema::TableName;
use dataflow_core::snapshot::DatabaseSnapshot;

/// Passes everything on until its time has come.
pub(crate) struct Doomed<'a> {
    inner: &'a mut dyn Executor,
    left: u32,
}

impl<'a> Doomed<'a> {
    pub(crate) fn new(inner: &'a mut dyn Executor, left: u32) -> Self {
        Self { inner, left }
    }

    /// A statement boundary. No destructor runs and nothing is flushed.
    fn boundary(&mut self) {
        if self.left > 0 {
            self.left -= 1;
            return;
        }
        let process = std::process::id().to_string();
        let killed = Command::new("kill").args(["-9", &process]).status();
        panic!("still alive: {killed:?}");
    }
}

impl Executor for Doomed<'_> {
    fn dialect(&self) -> &'static dyn Dialect {
        self.inner.dialect()
    }

    fn identity(&self) -> String {
        self.inner.identity()
    }

    fn recorded(&mut self, application: &str, probe: Option<Probe>) -> Result<Option<Recorded>> {
        self.inner.recorded(application, probe)
    }

    fn lock(&mut self) -> Result<()> {
        self.boundary();
        self.inner.lock()
    }

    fn inspect(&mut self, tables: &[TableName]) -> Result<DatabaseSnapshot> {
        self.inner.inspect(tables)
    }

    fn inventory(&mut self, schemas: &Schemas) -> Result<Inventory> {
        self.inner.inventory(schemas)
    }

    fn spelled(
        &mut self,
        desired: &DatabaseSnapshot,
        found: &DatabaseSnapshot,
    ) -> Result<DatabaseSnapshot> {
        self.inner.spelled(desired, found)
    }

    fn rows(&mut self, tables: &[TableName]) -> Result<Vec<u64>> {
        self.inner.rows(tables)
    }

    fn query(&mut self, sql: &str) -> Result<Vec<TextRow>> {
        self.inner.query(sql)
    }

    fn suspend_foreign_keys(&mut self) -> Result<()> {
        self.inner.suspend_foreign_keys()
    }

    fn lock_tables(&mut self, tables: &[(TableName, Lock)]) -> Result<()> {
        self.boundary();
        self.inner.lock_tables(tables)
    }

    fn limit_statements(&mut self, limit: StatementLimit) -> Result<()> {
        self.inner.limit_statements(limit)
    }

    /// What is sent together is sent one by one, so that there are boundaries in between.
    fn execute(&mut self, sql: &str) -> Result<()> {
        for statement in sql.split(";\n") {
            self.boundary();
            self.inner.execute(statement)?;
        }
        Ok(())
    }

    fn cookie(&mut self, tables: &[TableName], probe: Probe) -> Result<Cookie> {
        self.inner.cookie(tables, probe)
    }

    fn keep_lock(&mut self) -> Result<()> {
        self.boundary();
        self.inner.keep_lock()
    }

    fn execute_later(
        &mut self,
        statement: &Statement,
        watch: &mut dyn FnMut(Batches),
    ) -> Result<()> {
        self.boundary();
        self.inner.execute_later(statement, watch)
    }

    fn release(&mut self) {
        self.boundary();
        self.inner.release();
    }

    fn commit(&mut self) -> Result<()> {
        self.boundary();
        self.inner.commit()
    }

    fn rollback(&mut self) {
        self.boundary();
        self.inner.rollback();
    }
}
