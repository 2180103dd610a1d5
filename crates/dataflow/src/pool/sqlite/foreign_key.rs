//! Which foreign key a statement, or a whole transaction, breaks.
//!
//! SQLite says only that one is broken. The statement has been undone by then, so the row that it was
//! about is looked at: what it points at is there or not, and what points at it. A transaction that
//! is refused at its commit is still open, and its rows are there to be looked at.

use std::time::Duration;

use dataflow_core::dialect::dml::Subject;
use dataflow_core::dialect::identifier;
use dataflow_core::error::Place;
use dataflow_core::{Error, Value};
use rusqlite::Connection;

use super::bind::Bound;
use super::watch::Watch;
use crate::pool::{Statement, refusal};

/// The refusal that names it; none where it cannot be found.
pub(super) fn broken(
    connection: &Connection,
    statement: &Statement,
    values: &[Value],
) -> Option<Error> {
    let row = Row {
        connection,
        subject: statement.subject()?,
        values,
    };
    row.points_nowhere().or_else(|| row.is_pointed_at())
}

/// So long a row that points nowhere is looked for, on the connection that everybody writes with.
const PATIENCE: Duration = Duration::from_millis(100);

/// The tables and columns of the first row that points nowhere.
const LEFT_OPEN: &str = "SELECT c.\"table\", c.parent, k.\"from\" \
                         FROM (SELECT * FROM pragma_foreign_key_check LIMIT 1) AS c \
                         JOIN pragma_foreign_key_list(c.\"table\") AS k ON k.id = c.fkid \
                         ORDER BY k.seq";

/// The refusal of a commit that names the key, whose rows did not agree by then; none where it is not
/// found in time.
pub(super) fn left_open(connection: &Connection, watch: &Watch) -> Option<Error> {
    watch.start(Some(PATIENCE), None);
    let found = read_left_open(connection);
    watch.stop();
    let (table, parent, columns) = found.ok()??;
    let refusal = refusal::points_nowhere(Some(&parent), &columns);
    Some(refusal.with_place(Place {
        table: Some(table),
        columns,
        constraint: None,
    }))
}

type LeftOpen = (String, String, Vec<String>);

fn read_left_open(connection: &Connection) -> rusqlite::Result<Option<LeftOpen>> {
    let mut statement = connection.prepare(LEFT_OPEN)?;
    let mut rows = statement.query([])?;
    let mut found: Option<LeftOpen> = None;
    while let Some(row) = rows.next()? {
        let names = (row.get(0)?, row.get(1)?);
        let (_, _, columns) = found.get_or_insert((names.0, names.1, Vec::new()));
        columns.push(row.get(2)?);
    }
    Ok(found)
}

/// The row that a statement is about.
struct Row<'a> {
    connection: &'a Connection,
    subject: &'a Subject,
    values: &'a [Value],
}

/// A column of one table that holds what a column of another does.
struct Key {
    table: String,
    column: String,
    pointed_at: String,
}

/// Those of one column; what a key of several holds is not looked at.
const OWN: &str = "SELECT \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?1) \
                   GROUP BY id HAVING count(*) = 1 AND \"to\" IS NOT NULL";

/// Those that refuse, of any table.
const OTHERS: &str = "SELECT t.name, k.\"from\", k.\"to\" \
                      FROM sqlite_schema AS t JOIN pragma_foreign_key_list(t.name) AS k \
                      WHERE t.type = 'table' AND k.\"table\" = ?1 COLLATE NOCASE \
                      AND k.on_delete IN ('NO ACTION', 'RESTRICT') \
                      GROUP BY t.name, k.id HAVING count(*) = 1 AND k.\"to\" IS NOT NULL";

impl Row<'_> {
    fn points_nowhere(&self) -> Option<Error> {
        let table = &*self.subject.table.name;
        self.first(OWN, |key| {
            let mut values = self.values_of(&key.column);
            let is_missing = |value| {
                !self.is_itself(&key, value)
                    && self.is_there(&key.table, &key.pointed_at, value) == Some(false)
            };
            values.any(is_missing).then(|| {
                let columns = vec![key.column.clone()];
                let place = Place {
                    table: Some(table.to_owned()),
                    columns: columns.clone(),
                    constraint: None,
                };
                refusal::points_nowhere(Some(&key.table), &columns).with_place(place)
            })
        })
    }

    fn is_pointed_at(&self) -> Option<Error> {
        self.first(OTHERS, |key| {
            let mut values = self.values_of(&key.pointed_at);
            let is_held = |value| self.is_there(&key.table, &key.column, value) == Some(true);
            values.any(is_held).then(|| {
                let place = Place {
                    table: Some(key.table.clone()),
                    columns: vec![key.column.clone()],
                    constraint: None,
                };
                refusal::pointed_at(Some(&key.table)).with_place(place)
            })
        })
    }

    /// What is said of the first key of which something is.
    fn first(&self, keys: &str, say: impl Fn(Key) -> Option<Error>) -> Option<Error> {
        let mut statement = self.connection.prepare(keys).ok()?;
        let keys = statement.query_map([&*self.subject.table.name], |row| {
            Ok(Key {
                table: row.get(0)?,
                column: row.get(1)?,
                pointed_at: row.get(2)?,
            })
        });
        keys.ok()?.flatten().find_map(say)
    }

    /// What the row holds in a column, or is to hold.
    fn values_of(&self, column: &str) -> impl Iterator<Item = &Value> {
        let columns = self.subject.columns.iter();
        let of_column = columns.filter(move |(name, _)| name.eq_ignore_ascii_case(column));
        let values = of_column.filter_map(|(_, at)| self.values.get(*at));
        values.filter(|value| !value.is_null())
    }

    /// Whether it is the row that it would point at.
    fn is_itself(&self, key: &Key, value: &Value) -> bool {
        key.table.eq_ignore_ascii_case(&self.subject.table.name)
            && self.values_of(&key.pointed_at).any(|own| own == value)
    }

    fn is_there(&self, table: &str, column: &str, value: &Value) -> Option<bool> {
        let (table, column) = (identifier(table), identifier(column));
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE {column} = ?1)");
        let found = self
            .connection
            .query_row(&sql, [Bound(value)], |row| row.get(0));
        found.ok()
    }
}
