//! Which foreign key a statement, or a whole transaction, breaks.
//!
//! SQLite says only that one is broken. The statement has been undone by then, so the row that it was
//! about is looked at: what it points at is there or not, and what points at it. A statement of which
//! that row is not known, such as one in somebody's own words, is done again with its keys left open
//! until somebody has looked, and undone. A transaction that is refused at its commit is still open, and
//! its rows are there to be looked at.

use std::time::Duration;

use dataflow_core::dialect::dml::Subject;
use dataflow_core::dialect::identifier;
use dataflow_core::error::Place;
use dataflow_core::{Error, Value};
use rusqlite::Connection;
use rusqlite::types::Value as Stored;

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

/// The refusal of a commit that names the key, whose rows did not agree by then; none where it is not
/// found in time.
pub(super) fn left_open(connection: &Connection, watch: &Watch) -> Option<Error> {
    LeftOpen::first(connection, watch)?.map(LeftOpen::points_nowhere)
}

/// The refusal of a statement that names the key; none where it is not found in time. The statement is
/// run again in what was begun for that, and undone.
pub(super) fn done_again(
    connection: &Connection,
    watch: &Watch,
    again: impl FnOnce() -> rusqlite::Result<()>,
    undo: impl FnOnce(),
) -> Option<Error> {
    let found = left_open_by(connection, watch, again);
    undo();
    let (value, open) = found?;
    // The row that it points at is there again where the statement had taken that away.
    let is_there = |value| open.is_there(connection, value).unwrap_or(false);
    Some(match value.is_some_and(is_there) {
        true => open.pointed_at(),
        false => open.points_nowhere(),
    })
}

/// The first row that a statement leaves pointing nowhere, and by which value.
fn left_open_by(
    connection: &Connection,
    watch: &Watch,
    statement: impl FnOnce() -> rusqlite::Result<()>,
) -> Option<(Option<Stored>, LeftOpen)> {
    // What was open before would be taken for what the statement leaves open.
    let was_open = LeftOpen::first(connection, watch)?.is_some();
    let is_deferred = connection.pragma_query_value(None, DEFER, |row| row.get::<_, bool>(0));
    let is_deferred = is_deferred.ok().filter(|_| !was_open)?;
    connection.pragma_update(None, DEFER, true).ok()?;
    let ran = statement().ok();
    let open = ran.and_then(|()| LeftOpen::first(connection, watch)?);
    let found = open.map(|open| (open.value(connection), open));
    // A transaction around it goes on as it was.
    let _ = connection.pragma_update(None, DEFER, is_deferred);
    found
}

/// Leaves every key open until the transaction ends.
const DEFER: &str = "defer_foreign_keys";

/// The first row that points nowhere: where it is, by which columns it points, and at which.
const LEFT_OPEN: &str = "SELECT c.\"table\", c.rowid, c.parent, k.\"from\", coalesce(k.\"to\", \
                         (SELECT name FROM pragma_table_info(c.parent) WHERE pk = k.seq + 1)) \
                         FROM (SELECT * FROM pragma_foreign_key_check LIMIT 1) AS c \
                         JOIN pragma_foreign_key_list(c.\"table\") AS k ON k.id = c.fkid \
                         ORDER BY k.seq";

/// A row that points nowhere.
struct LeftOpen {
    table: String,
    /// Where it is; none in a table without that.
    row: Option<i64>,
    columns: Vec<String>,
    pointed_at: String,
    /// The columns of that.
    named: Vec<Option<String>>,
}

impl LeftOpen {
    /// The first one, if there is any; nothing where that is not known in time.
    fn first(connection: &Connection, watch: &Watch) -> Option<Option<Self>> {
        watch.start(Some(PATIENCE), None);
        let found = Self::read(connection);
        watch.stop();
        found.ok()
    }

    fn read(connection: &Connection) -> rusqlite::Result<Option<Self>> {
        let mut statement = connection.prepare(LEFT_OPEN)?;
        let mut rows = statement.query([])?;
        let mut found: Option<Self> = None;
        while let Some(row) = rows.next()? {
            let begun = Self {
                table: row.get(0)?,
                row: row.get(1)?,
                columns: Vec::new(),
                pointed_at: row.get(2)?,
                named: Vec::new(),
            };
            let open = found.get_or_insert(begun);
            open.columns.push(row.get(3)?);
            open.named.push(row.get(4)?);
        }
        Ok(found)
    }

    /// What it holds in the column by which it points, where that is one.
    fn value(&self, connection: &Connection) -> Option<Stored> {
        let ([column], Some(row)) = (self.columns.as_slice(), self.row) else {
            return None;
        };
        let (table, column) = (identifier(&self.table), identifier(column));
        let sql = format!("SELECT {column} FROM {table} WHERE rowid = ?1");
        connection.query_row(&sql, [row], |row| row.get(0)).ok()
    }

    fn is_there(&self, connection: &Connection, value: Stored) -> Option<bool> {
        let [Some(column)] = self.named.as_slice() else {
            return None;
        };
        let (table, column) = (identifier(&self.pointed_at), identifier(column));
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE {column} = ?1)");
        connection.query_row(&sql, [value], |row| row.get(0)).ok()
    }

    fn points_nowhere(self) -> Error {
        let refusal = refusal::points_nowhere(Some(&self.pointed_at), &self.columns);
        refusal.with_place(self.place())
    }

    fn pointed_at(self) -> Error {
        refusal::pointed_at(Some(&self.table)).with_place(self.place())
    }

    fn place(self) -> Place {
        Place {
            table: Some(self.table),
            columns: self.columns,
            constraint: None,
        }
    }
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
