//! A database of its own for each test, and a pool on it.

use std::any::Any;
use std::sync::Arc;

use dataflow_core::ddl::{
    self, Batches, Cookie, Executor, Migrate, Probe, Recorded, SchemaReady, StatementLimit,
    SyncOptions, TextRow,
};
use dataflow_core::dialect::{self, Dialect};
use dataflow_core::inventory::{Inventory, Schemas};
use dataflow_core::plan;
use dataflow_core::schema::{FieldType, TableName};
use dataflow_core::snapshot::DatabaseSnapshot;
use dataflow_core::{Endpoint, Result, SchemaSet, Value};

use private_postgres::{Database, test_database_url};

use super::collect::{Values, Written};
use crate::pool::{Bulk, Pool, PoolSettings, Statement};

/// A database that goes when this goes.
pub(super) struct Setup {
    pub(super) endpoint: Endpoint,
    pub(super) dialect: &'static dyn Dialect,
    pub(super) pool: Pool,
    /// What goes with the database: its folder, or itself.
    _keep: Box<dyn Any + Send + Sync>,
}

impl Setup {
    pub(super) fn sqlite_file(settings: impl FnOnce(&mut PoolSettings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        Self::at(&url, Box::new(folder), settings)
    }

    pub(super) fn sqlite_memory(settings: impl FnOnce(&mut PoolSettings)) -> Self {
        Self::at("sqlite::memory:", Box::new(()), settings)
    }

    pub(super) fn postgres(settings: impl FnOnce(&mut PoolSettings)) -> Self {
        let database = Database::create(&test_database_url());
        let url = database.url().to_owned();
        Self::at(&url, Box::new(database), settings)
    }

    /// On a server that belongs to somebody else.
    pub(super) fn at_url(url: &str, settings: impl FnOnce(&mut PoolSettings)) -> Self {
        Self::at(url, Box::new(()), settings)
    }

    fn at(
        url: &str,
        keep: Box<dyn Any + Send + Sync>,
        settings: impl FnOnce(&mut PoolSettings),
    ) -> Self {
        let endpoint: Endpoint = url.parse().unwrap();
        let dialect: &'static dyn Dialect = match endpoint {
            Endpoint::Sqlite(_) => &dialect::Sqlite,
            Endpoint::Postgres(_) => &dialect::Postgres,
        };
        let mut resolved = PoolSettings::of(&endpoint);
        settings(&mut resolved);
        let pool = Pool::new(endpoint.clone(), resolved);
        pool.admit(unchecked(dialect));
        Self {
            endpoint,
            dialect,
            pool,
            _keep: keep,
        }
    }

    /// The file of a SQLite database.
    pub(super) fn path(&self) -> &std::path::Path {
        match &self.endpoint {
            Endpoint::Sqlite(sqlite) => sqlite.path().unwrap(),
            Endpoint::Postgres(_) => panic!("a server has no file"),
        }
    }

    /// Runs a statement without parameters, such as one that makes a table.
    pub(super) async fn execute(&self, sql: &str) {
        let statement = Arc::new(Statement::new(sql, Vec::new()));
        self.pool.write(&statement, Vec::new(), ()).await.unwrap();
    }

    /// A statement with one parameter of each type, written `{}` in the template.
    pub(super) fn statement(&self, template: &str, types: &[FieldType]) -> Arc<Statement> {
        let mut sql = String::new();
        let mut pieces = template.split("{}");
        sql.push_str(pieces.next().unwrap());
        for (position, piece) in pieces.enumerate() {
            sql.push_str(&self.dialect.parameter(position + 1, &types[position]));
            sql.push_str(piece);
        }
        Arc::new(Statement::new(sql, types.to_vec()))
    }

    /// The statement of [`statement`](Self::statement), to be run once for each of many.
    pub(super) fn bulk(&self, template: &str, types: &[FieldType]) -> Arc<Bulk> {
        Arc::new(Bulk::of(self.statement(template, types)))
    }

    pub(super) async fn insert(&self, template: &str, value: i64) -> Result<u64> {
        let statement = self.statement(template, &[FieldType::I64]);
        let values = vec![Value::Integer(value)];
        self.pool.write(&statement, values, Written).await
    }

    /// The one integer that a statement yields.
    pub(super) async fn number(&self, sql: &str) -> i64 {
        let statement = Arc::new(Statement::new(sql, Vec::new()));
        let rows = Values::of(&[FieldType::I64]);
        let rows = self.pool.read(&statement, Vec::new(), rows).await.unwrap();
        match rows.as_slice() {
            [row] => match row.as_slice() {
                [Value::Integer(number)] => *number,
                other => panic!("not one integer: {other:?}"),
            },
            other => panic!("not one row: {other:?}"),
        }
    }
}

/// The receipt of a schema that nobody looked at.
pub(super) fn unchecked(dialect: &'static dyn Dialect) -> SchemaReady {
    let options = SyncOptions {
        migrate: Migrate::Skip,
        ..SyncOptions::default()
    };
    ddl::synchronize(&mut Blind(dialect), &SchemaSet::new(), &options).unwrap()
}

/// Says what database it is, and is asked nothing else where the check is skipped.
struct Blind(&'static dyn Dialect);

impl Executor for Blind {
    fn dialect(&self) -> &'static dyn Dialect {
        self.0
    }

    fn identity(&self) -> String {
        "a test".to_owned()
    }

    fn recorded(&mut self, _: &str, _: Option<Probe>) -> Result<Option<Recorded>> {
        unreachable!("the check is skipped")
    }

    fn lock(&mut self) -> Result<()> {
        unreachable!("the check is skipped")
    }

    fn inspect(&mut self, _: &[TableName]) -> Result<DatabaseSnapshot> {
        unreachable!("the check is skipped")
    }

    fn inventory(&mut self, _: &Schemas) -> Result<Inventory> {
        unreachable!("the check is skipped")
    }

    fn spelled(&mut self, _: &DatabaseSnapshot, _: &DatabaseSnapshot) -> Result<DatabaseSnapshot> {
        unreachable!("the check is skipped")
    }

    fn rows(&mut self, _: &[TableName]) -> Result<Vec<u64>> {
        unreachable!("the check is skipped")
    }

    fn query(&mut self, _: &str) -> Result<Vec<TextRow>> {
        unreachable!("the check is skipped")
    }

    fn suspend_foreign_keys(&mut self) -> Result<()> {
        unreachable!("the check is skipped")
    }

    fn lock_tables(&mut self, _: &[(TableName, plan::Lock)]) -> Result<()> {
        unreachable!("the check is skipped")
    }

    fn keep_lock(&mut self) -> Result<()> {
        unreachable!("the check is skipped")
    }

    fn execute_later(&mut self, _: &plan::Statement, _: &mut dyn FnMut(Batches)) -> Result<()> {
        unreachable!("the check is skipped")
    }

    fn release(&mut self) {}

    fn limit_statements(&mut self, _: StatementLimit) -> Result<()> {
        unreachable!("the check is skipped")
    }

    fn execute(&mut self, _: &str) -> Result<()> {
        unreachable!("the check is skipped")
    }

    fn cookie(&mut self, _: &[TableName], _: Probe) -> Result<Cookie> {
        unreachable!("the check is skipped")
    }

    fn commit(&mut self) -> Result<()> {
        unreachable!("the check is skipped")
    }

    fn rollback(&mut self) {}
}
