//! The statements that read the outbox, and those that shorten it.
//!
//! Entries are numbered as they are written, transactions take effect in another order. Where the
//! database numbers transactions, a reader goes by that number first and stops before the oldest one
//! that is still open, so that nothing can appear behind it.

use super::Statement;
use crate::dialect::Dialect;
use crate::feed::{CHANGES_TABLE, GAP};
use crate::schema::FieldType;

/// The statements of a feed. A position is two parameters or columns: transaction and entry.
#[derive(Debug)]
pub struct Feed {
    /// The entries after a position, at most so many: position, table, verb, key, former key,
    /// tenant.
    pub page: Statement,
    /// The position that all later changes are after, and the number of the last transaction that
    /// was begun, or else of the last entry.
    pub now: Statement,
    /// Whether there is a gap after a position: a row where there is.
    pub gap_after: Statement,
    /// The mark of this moment.
    pub mark: Statement,
    /// The tables with entries that were not to be seen yet at a mark, in whatever order they were
    /// written, and the mark of this moment: one or the other in each row.
    pub since: Statement,
    /// Whether this transaction may delete entries: one row, with 1 or 0.
    pub may_delete: Statement,
    /// The position of the last of the oldest entries, so many at the most, that are to go: those
    /// written before the first time, and those written before the second that are more than so
    /// many behind the last.
    pub last_to_go: Statement,
    /// Makes a gap of the entry at a position.
    pub make_gap: Statement,
    /// Deletes the entries before a position.
    pub delete_before: Statement,
}

impl Feed {
    /// The statements of a dialect.
    pub fn of(dialect: &dyn Dialect) -> Self {
        let words = match dialect.transaction_number() {
            Some(_) => NUMBERED,
            None => IN_ORDER,
        };
        let statement = |text: &str, parameters: &[FieldType]| {
            let mut text = words
                .iter()
                .fold(text.to_owned(), |text, (word, sql)| text.replace(word, sql));
            for (position, field_type) in parameters.iter().enumerate() {
                let word = format!("{{{position}}}");
                let parameter = dialect.typed_parameter(position + 1, field_type);
                text = text.replace(&word, &parameter);
            }
            Statement::new(text, parameters.to_vec())
        };
        let number = FieldType::I64;
        let position = [number.clone(), number.clone()];
        let from_oldest = "ORDER BY <order>";
        let from_newest = "ORDER BY <reversed>";
        Self {
            page: statement(
                &format!(
                    "SELECT <position>, table_name, verb, row_key, former_key, tenant \
                     FROM {CHANGES_TABLE} WHERE <after> AND <settled> {from_oldest} LIMIT {{2}}"
                ),
                &[number.clone(), number.clone(), number.clone()],
            ),
            now: statement(&format!("SELECT <now> FROM {CHANGES_TABLE}"), &[]),
            gap_after: statement(
                &format!(
                    "SELECT <position> FROM {CHANGES_TABLE} \
                     WHERE verb = '{GAP}' AND table_name = '' AND <after> {from_newest} LIMIT 1"
                ),
                &position,
            ),
            mark: statement("SELECT <mark>", &[]),
            since: statement(
                &format!(
                    "SELECT NULL, <mark> UNION ALL \
                     SELECT DISTINCT table_name, NULL FROM {CHANGES_TABLE} WHERE <unseen>"
                ),
                &[FieldType::String],
            ),
            may_delete: statement("SELECT <may_delete>", &[]),
            last_to_go: statement(
                &format!(
                    "SELECT <position> FROM (SELECT * FROM {CHANGES_TABLE} WHERE <settled> \
                     {from_oldest} LIMIT {{3}}) AS oldest \
                     WHERE verb <> '{GAP}' AND (written_at < {{0}} OR written_at < {{1}} \
                     AND position <= (SELECT position FROM {CHANGES_TABLE} {from_newest} LIMIT 1) - {{2}}) \
                     {from_newest} LIMIT 1"
                ),
                &[
                    FieldType::Timestamp,
                    FieldType::Timestamp,
                    number.clone(),
                    number,
                ],
            ),
            make_gap: statement(
                &format!(
                    "UPDATE {CHANGES_TABLE} SET verb = '{GAP}', table_name = '', \
                     row_key = '[]', former_key = NULL WHERE <at>"
                ),
                &position,
            ),
            delete_before: statement(
                &format!("DELETE FROM {CHANGES_TABLE} WHERE <before>"),
                &position,
            ),
        }
    }
}

/// Words of the statements above, as PostgreSQL says them: transactions have numbers.
const NUMBERED: &[(&str, &str)] = &[
    ("<position>", "transaction::text::bigint, position"),
    ("<order>", "transaction, position"),
    ("<reversed>", "transaction DESC, position DESC"),
    (
        "<settled>",
        "transaction < pg_snapshot_xmin(pg_current_snapshot())",
    ),
    (
        "<after>",
        "(transaction, position) > ({0}::text::xid8, {1})",
    ),
    ("<at>", "(transaction, position) = ({0}::text::xid8, {1})"),
    (
        "<before>",
        "(transaction, position) < ({0}::text::xid8, {1})",
    ),
    (
        "<now> FROM dataflow_changes",
        "pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0::bigint, \
         pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
    ),
    ("<mark>", "pg_current_snapshot()::text"),
    (
        "<unseen>",
        "transaction >= pg_snapshot_xmin({0}::pg_snapshot) \
         AND NOT pg_visible_in_snapshot(transaction, {0}::pg_snapshot)",
    ),
    (
        "<may_delete>",
        "pg_try_advisory_xact_lock(hashtextextended('dataflow_changes ' || current_schema(), 0))\
         ::int::bigint",
    ),
];

/// The same as SQLite says them: whoever writes has the database alone.
const IN_ORDER: &[(&str, &str)] = &[
    ("<position>", "0, position"),
    ("<order>", "position"),
    ("<reversed>", "position DESC"),
    ("<settled>", "true"),
    ("<after>", "position > {1}"),
    ("<at>", "position = {1}"),
    ("<before>", "position < {1}"),
    (
        "<now>",
        "0, coalesce(max(position), 0), coalesce(max(position), 0)",
    ),
    (
        "<mark>",
        "(SELECT CAST(coalesce(max(position), 0) AS TEXT) FROM dataflow_changes)",
    ),
    ("<unseen>", "position > CAST({0} AS INTEGER)"),
    ("<may_delete>", "1"),
];
