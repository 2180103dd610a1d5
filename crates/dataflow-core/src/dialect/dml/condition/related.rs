//! Conditions on the rows that a relation leads to: subqueries that name the row outside.
//!
//! ```text
//! EXISTS (SELECT 1 FROM "posts" AS "=1" WHERE "=1"."author_id" = "users"."id" AND "draft" = $1)
//! ```
//!
//! Inside, a column without a table is one of the innermost, so conditions are written there as
//! anywhere else.

use crate::dialect::dml::draft::Draft;
use crate::dialect::dml::joined::{and_all, pair};
use crate::dialect::{identifier, table_identifier};
use crate::error::Result;
use crate::query::{Condition, Link, Path, Quantifier};

impl<'a> Draft<'a> {
    pub(super) fn related(
        &mut self,
        link: &'a Link,
        quantifier: Quantifier,
        condition: &'a Condition,
    ) -> Result<String> {
        let exists = self.exists(link, quantifier, condition)?;
        Ok(match quantifier {
            Quantifier::Some => exists,
            Quantifier::None | Quantifier::Every => format!("NOT {exists}"),
        })
    }

    /// That there is a row for which the condition holds, or does not where it must for every one.
    fn exists(
        &mut self,
        link: &'a Link,
        quantifier: Quantifier,
        condition: &'a Condition,
    ) -> Result<String> {
        let (outer, outer_model, outer_depth) = (self.qualifier(), self.model, self.depth);
        let mut opening = String::new();
        let mut closing = String::from(")");
        let (mut from, mut from_model) = (outer, outer_model);
        if let Path::Between { model, here, .. } = link.path() {
            self.depth += 1;
            self.model = model;
            let between = self.qualifier();
            opening = format!(
                "EXISTS (SELECT 1 FROM {} AS {between} WHERE {between}.{} = {from}.{}{} AND ",
                table_identifier(&model.table),
                self.column(*here),
                identifier(&from_model.key_field().column),
                and_all(&self.reached_beside(model, &between)),
            );
            closing.push(')');
            (from, from_model) = (between, model);
        }
        self.depth += 1;
        self.model = link.target();
        let to = self.qualifier();
        let table = table_identifier(&self.model.table);
        let is_pair = pair(link, from_model, &from, &to);
        let is_reached = and_all(&self.reached_beside(self.model, &to));
        let inner = match (condition, quantifier) {
            (Condition::All(all), Quantifier::Some | Quantifier::None) if all.is_empty() => {
                String::new()
            }
            (condition, Quantifier::Some | Quantifier::None) => {
                format!(" AND {}", self.condition(condition)?)
            }
            (condition, Quantifier::Every) => {
                format!(" AND ({}) IS NOT TRUE", self.condition(condition)?)
            }
        };
        (self.model, self.depth) = (outer_model, outer_depth);
        Ok(format!(
            "{opening}EXISTS (SELECT 1 FROM {table} AS {to} WHERE {is_pair}{is_reached}{inner}{closing}"
        ))
    }

    /// What stands before the columns of the table that is written about.
    pub(super) fn qualifier(&self) -> String {
        match self.depth {
            0 => identifier(&self.model.table.name),
            depth => identifier(&format!("={depth}")),
        }
    }
}
