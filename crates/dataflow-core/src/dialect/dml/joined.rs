//! Fields of other rows, and values inside documents, beside the columns of a table.
//!
//! What a list is sorted by may stand in another row, or in a document. The table is then read
//! together with it, under its own name, so that conditions, pages and orders are written as always:
//!
//! ```text
//! FROM (SELECT "posts".*, "=1"."name" AS "=author.name" FROM "posts"
//!       LEFT JOIN "users" AS "=1" ON "=1"."id" = "posts"."author_id") AS "posts"
//! ```

use std::fmt::Write;

use super::draft::Draft;
use crate::dialect::{identifier, table_identifier};
use crate::query::{By, Link, Path, Sought};
use crate::schema::ModelSchema;

impl Draft<'_> {
    /// The table, with what is named beside its columns: fields of other rows, and values inside
    /// documents, whose paths are parameters.
    pub(super) fn source(&mut self, beside: &[&By]) -> String {
        let whole = table_identifier(&self.model.table);
        if beside.is_empty() {
            return whole;
        }
        self.beside = beside.iter().map(|by| (*by).clone()).collect();
        let table = identifier(&self.model.table.name);
        let (mut columns, mut joins, mut aliases) = (String::new(), String::new(), 0);
        for by in beside {
            let (links, last) = by.route();
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
            let column = |field: usize| {
                let column = identifier(&from_model.fields[field].column);
                format!("{from}.{column}")
            };
            let value = match last {
                By::Inside(inside) => self.inside_value(&column(inside.field), inside.sought),
                By::Field(field) => column(*field),
                By::Related(..) => unreachable!("a route ends at what is no relation"),
            };
            let name = self.sorted_column(by);
            let _ = write!(columns, ", {value} AS {name}");
        }
        format!("(SELECT {table}.*{columns} FROM {whole}{joins}) AS {table}")
    }

    /// What is looked for at a place inside the document of a column. The path is a parameter.
    fn inside_value(&mut self, column: &str, sought: Sought) -> String {
        let path = self.typed_parameter(self.dialect.document_path_type());
        let place = self.dialect.document_place(column, &path);
        match sought {
            Sought::Text => format!("CASE WHEN {} THEN {} END", place.is_text, place.text),
            Sought::Number => format!("CASE WHEN {} THEN {} END", place.is_number, place.float),
            Sought::Document => place.document,
        }
    }

    /// What rows are sorted by. A name alone would mean what is given under it, and that may be a
    /// text in the place of the value.
    pub(super) fn ranked(&self, by: &By) -> String {
        let field_type = by.field_type(self.model);
        let mut column = self.sorted_column(by);
        if self.dialect.readable(&column, field_type) != column {
            column = format!("{}.{column}", identifier(&self.model.table.name));
        }
        self.dialect.ranked(&column, field_type)
    }

    /// The column that rows are sorted by. No column of a table is called as one beside them is, nor
    /// is a path, which a caller chooses, part of its name.
    fn sorted_column(&self, by: &By) -> String {
        match (by, by.as_inside()) {
            (By::Field(field), _) => self.column(*field),
            (_, None) => identifier(&format!("={}", by.name(self.model))),
            (_, Some(_)) => {
                let place = self.beside.iter().position(|known| known == by);
                identifier(&format!("={}", place.unwrap_or_default()))
            }
        }
    }

    /// What is given of a row, in the form that `RowSource` takes.
    pub(super) fn given(&self, columns: &[By]) -> String {
        let value = |by: &By| {
            let column = self.sorted_column(by);
            self.dialect.readable(&column, by.field_type(self.model))
        };
        let values: Vec<String> = columns.iter().map(value).collect();
        values.join(", ")
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
