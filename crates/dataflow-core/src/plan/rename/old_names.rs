//! Changes of a table that is to be rebuilt: what the new one is made from still has the old names.

use super::Renames;
use crate::dialect::{identifier, with_names};
use crate::plan::Change;
use crate::schema::TableName;
use crate::snapshot::ForeignKey;

impl Renames {
    /// A change of a table that is to be rebuilt, in the names that things have before any step.
    pub(in crate::plan) fn in_old_names(&self, mut change: Change) -> Change {
        let new_name = change.table().clone();
        let old_names = OldNames {
            renames: self,
            table: &new_name,
        };
        let table = match &mut change {
            Change::AddColumn {
                table,
                column,
                foreign_key,
            } => {
                let foreign_keys = foreign_key.iter_mut();
                foreign_keys.for_each(|foreign_key| old_names.of_foreign_key(foreign_key));
                if let Some(generated) = &mut column.generated {
                    old_names.of_expression(&mut generated.expression);
                }
                table
            }
            Change::DropColumn { table, column } | Change::DropNotNull { table, column } => {
                old_names.of_column(column);
                table
            }
            Change::SetType { table, column, .. }
            | Change::SetLimit { table, column, .. }
            | Change::SetCollation { table, column, .. }
            | Change::SetNotNull { table, column, .. }
            | Change::SetDefault { table, column, .. } => {
                old_names.of_column(&mut column.name);
                table
            }
            Change::SetGenerated {
                table,
                column,
                found,
            } => {
                for generated in found.iter_mut().chain(&mut column.generated) {
                    old_names.of_expression(&mut generated.expression);
                }
                old_names.of_column(&mut column.name);
                table
            }
            Change::SetGuard {
                table,
                column,
                found,
            } => {
                for guard in found.iter_mut().chain(&mut column.guard) {
                    old_names.of_expression(&mut guard.condition);
                }
                old_names.of_column(&mut column.name);
                table
            }
            Change::AddCheck { table, check } => {
                old_names.of_expression(&mut check.expression);
                table
            }
            Change::ReplaceCheck {
                table,
                found,
                check,
            } => {
                old_names.of_expression(&mut found.expression);
                old_names.of_expression(&mut check.expression);
                table
            }
            Change::AddForeignKey { table, foreign_key } => {
                old_names.of_foreign_key(foreign_key);
                table
            }
            Change::ReplaceForeignKey {
                table,
                found,
                foreign_key,
            } => {
                old_names.of_foreign_key(found);
                old_names.of_foreign_key(foreign_key);
                table
            }
            Change::CreateIndex { table, index, .. } => {
                let columns = index.columns_mut();
                columns.for_each(|column| old_names.of_column(column));
                let expressions = index.expressions_mut();
                expressions.for_each(|expression| old_names.of_expression(expression));
                table
            }
            Change::DropConstraint { table, .. }
            | Change::DropIndex { table, .. }
            | Change::SetTriggers { table, .. }
            | Change::SetRowSecurity { table, .. }
            | Change::DropRowid { table } => table,
            _ => return change,
        };
        *table = self.old_table(&new_name).clone();
        change
    }
}

/// The names that things of one table have before any step.
struct OldNames<'a> {
    renames: &'a Renames,
    /// The table, by the name that it is to have.
    table: &'a TableName,
}

impl OldNames<'_> {
    fn of_column(&self, column: &mut String) {
        *column = self.renames.old_column(self.table, column).to_owned();
    }

    fn of_foreign_key(&self, foreign_key: &mut ForeignKey) {
        let ForeignKey {
            column,
            referenced_table,
            referenced_column,
            ..
        } = foreign_key;
        self.of_column(column);
        let referenced = self.renames.old_column(referenced_table, referenced_column);
        *referenced_column = referenced.to_owned();
        *referenced_table = self.renames.old_table(referenced_table).clone();
    }

    fn of_expression(&self, expression: &mut String) {
        *expression = with_names(expression, |new| {
            let is_it = |(of, _, to): &&(TableName, String, String)| {
                of == self.table && to.eq_ignore_ascii_case(new)
            };
            let (_, old, _) = self.renames.columns.iter().find(is_it)?;
            Some(identifier(old))
        });
    }
}
