//! Fields of other rows beside those of a table.
//!
//! What a list is sorted by may stand in another row. The table is then read together with it, under
//! its own name, so that conditions, pages and orders are written as always:
//!
//! ```text
//! FROM (SELECT "posts".*, "=1"."name" AS "=author.name" FROM "posts"
//!       LEFT JOIN "users" AS "=1" ON "=1"."id" = "posts"."author_id") AS "posts"
//! ```

use std::fmt::Write;

use super::draft::Draft;
use crate::dialect::{identifier, table_identifier};
use crate::query::{By, Link, Path};
use crate::schema::ModelSchema;

impl Draft<'_> {
    /// The table, with the fields of other rows that are named.
    pub(super) fn source<'b>(&mut self, related: impl Iterator<Item = &'b By>) -> String {
        let whole = table_identifier(&self.model.table);
        let table = identifier(&self.model.table.name);
        let (mut columns, mut joins, mut aliases) = (String::new(), String::new(), 0);
        for by in related {
            let By::Related(links, _) = by else {
                continue;
            };
            let (mut from, mut from_model) = (table.clone(), self.model);
            for link in links {
                aliases += 1;
                let to = identifier(&format!("={aliases}"));
                let target = table_identifier(&link.target().table);
                let is_pair = pair(link, from_model, &from, &to);
                let is_reached = and_all(&self.reached_beside(link.target(), &to));
                let _ = write!(
                    joins,
                    " LEFT JOIN {target} AS {to} ON {is_pair}{is_reached}"
                );
                (from, from_model) = (to, link.target());
            }
            let field = identifier(&by.field(self.model).column);
            let name = self.sorted_column(by);
            let _ = write!(columns, ", {from}.{field} AS {name}");
        }
        if columns.is_empty() {
            return whole;
        }
        format!("(SELECT {table}.*{columns} FROM {whole}{joins}) AS {table}")
    }

    /// What rows are sorted by. A name alone would mean what is given under it, and that may be a
    /// text in the place of the value.
    pub(super) fn ranked(&self, by: &By) -> String {
        let field_type = &by.field(self.model).field_type;
        let mut column = self.sorted_column(by);
        if self.dialect.readable(&column, field_type) != column {
            column = format!("{}.{column}", identifier(&self.model.table.name));
        }
        self.dialect.ranked(&column, field_type)
    }

    /// The column that rows are sorted by.
    pub(super) fn sorted_column(&self, by: &By) -> String {
        match by.as_own() {
            Some(field) => self.column(field),
            // No column is called so.
            None => identifier(&format!("={}", by.name(self.model))),
        }
    }

    /// A field of another row, in the form that `RowSource` takes.
    pub(super) fn related_value(&self, by: &By) -> String {
        let column = self.sorted_column(by);
        let field_type = &by.field(self.model).field_type;
        self.dialect.readable(&column, field_type)
    }
}

/// The condition that a row is one which a relation leads to from another, both named by what stands
/// before their columns. A relation through another model is none between two rows.
pub(super) fn pair(link: &Link, from_model: &ModelSchema, from: &str, to: &str) -> String {
    let target = link.target();
    let (own, theirs) = match link.path() {
        Path::Own(field) => (&from_model.fields[*field], target.key_field()),
        Path::Theirs(field) => (from_model.key_field(), &target.fields[*field]),
        Path::Between { model, there, .. } => (&model.fields[*there], target.key_field()),
    };
    let (own, theirs) = (identifier(&own.column), identifier(&theirs.column));
    format!("{to}.{theirs} = {from}.{own}")
}

/// Conditions that stand behind another.
pub(super) fn and_all(conditions: &[String]) -> String {
    let each = conditions
        .iter()
        .map(|condition| format!(" AND {condition}"));
    each.collect()
}
