use dataflow_core::ddl;

use crate::setup::Setup;

/// What is written to a database, counted by the database itself.
pub(super) enum Writes<'a> {
    /// SQLite tells a connection that keeps open whether another one committed a change of the file.
    Sqlite(rusqlite::Connection),
    /// PostgreSQL calls a function before each statement that changes a schema, and gives each
    /// change of a row the number of its transaction.
    Postgres(&'a Setup),
}

/// Lets a database count what changes its schemas.
pub(super) fn count(setup: &Setup) {
    setup.execute(
        "CREATE SCHEMA counted; CREATE SEQUENCE counted.statements; \
         CREATE FUNCTION counted.count() RETURNS event_trigger LANGUAGE plpgsql \
         AS 'BEGIN PERFORM nextval(''counted.statements''); END'; \
         CREATE EVENT TRIGGER counted ON ddl_command_start EXECUTE FUNCTION counted.count()",
    );
}

impl<'a> Writes<'a> {
    /// Those to a database, which [counts](count) them.
    pub(super) fn to(setup: &'a Setup) -> Self {
        match setup.is_postgres() {
            true => Self::Postgres(setup),
            false => Self::Sqlite(setup.sqlite_connection()),
        }
    }

    /// What the database tells of them; it stays the same as long as nothing is written.
    pub(super) fn so_far(&self) -> Vec<Option<String>> {
        match self {
            Self::Sqlite(connection) => {
                let version = "SELECT CAST(data_version AS text) FROM pragma_data_version";
                vec![connection.query_row(version, [], |row| row.get(0)).unwrap()]
            }
            Self::Postgres(setup) => {
                let statements = "SELECT last_value::text FROM counted.statements";
                let ledger = [
                    ddl::REGISTRY_TABLE,
                    ddl::VERSION_TABLE,
                    ddl::HISTORY_TABLE,
                    ddl::STATE_TABLE,
                ];
                let is_there =
                    |table: &&'static str| setup.executor().table_exists(*table).unwrap();
                let rows = ledger.into_iter().filter(is_there).map(|table| {
                    format!("SELECT concat_ws(' ', ctid, xmin) FROM {table} ORDER BY ctid")
                });
                let queries = std::iter::once(statements.to_owned()).chain(rows);
                queries.flat_map(|query| setup.texts(&query)).collect()
            }
        }
    }
}
