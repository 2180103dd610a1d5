//! Changes in words.

use std::fmt;

use super::super::Change;
use super::finding::{limit_in_words, rules_in_words};
use crate::dialect::foreign_key_rules;
use crate::snapshot::RowSecurity;

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateSchema { schema, .. } => write!(formatter, "create schema {schema:?}"),
            Self::CreateTable(table) => write!(formatter, "create table {:?}", table.name),
            Self::CreateEnumType { enum_type, .. } => {
                write!(formatter, "create type {:?}", enum_type.name)
            }
            Self::AddLabels { found, wanted, .. } => {
                let added = wanted.iter().filter(|label| !found.labels.contains(label));
                let added: Vec<String> = added.map(|label| format!("{label:?}")).collect();
                write!(
                    formatter,
                    "add {} to type {:?}",
                    added.join(", "),
                    found.name
                )
            }
            Self::Imitate { what, .. } => formatter.write_str(what),
            Self::DropTable { table, .. } => write!(formatter, "drop table {table:?}"),
            Self::RenameTable { from, to } => {
                write!(formatter, "rename table {from:?} to {to:?}")
            }
            Self::RebuildTable { table, changes } => {
                let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
                let changes = changes.join(", ");
                write!(formatter, "write table {:?} anew: {changes}", table.name)
            }
            Self::AddColumn { table, column, .. } => {
                write!(formatter, "add column {:?} to table {table:?}", column.name)
            }
            Self::DropColumn { table, column } => {
                write!(formatter, "drop column {column:?} of table {table:?}")
            }
            Self::RenameColumn { table, from, to } => write!(
                formatter,
                "rename column {from:?} of table {table:?} to {to:?}"
            ),
            Self::SetType {
                table,
                column,
                found,
                ..
            } => write!(
                formatter,
                "change column {:?} of table {table:?} from {found} to {}",
                column.name, column.column_type
            ),
            Self::SetCollation { table, column, .. } => write!(
                formatter,
                "compare column {:?} of table {table:?} by collation {:?}",
                column.name,
                column.collation.as_deref().unwrap_or_default()
            ),
            Self::DropRowid { table } => {
                write!(formatter, "keep the rows of table {table:?} without rowid")
            }
            Self::SetComment { table, column, .. } => match column {
                Some(column) => {
                    write!(formatter, "comment on column {column:?} of table {table:?}")
                }
                None => write!(formatter, "comment on table {table:?}"),
            },
            Self::SetGenerated { table, column, .. } => match &column.generated {
                Some(generated) => write!(
                    formatter,
                    "compute column {:?} of table {table:?} as {generated}",
                    column.name
                ),
                None => write!(
                    formatter,
                    "no longer compute column {:?} of table {table:?}",
                    column.name
                ),
            },
            Self::SetGuard { table, column, .. } => {
                let verb = match column.guard {
                    Some(_) => "keep column",
                    None => "no longer keep column",
                };
                let name = &column.name;
                write!(formatter, "{verb} {name:?} of table {table:?} to its type")
            }
            Self::SetLimit { table, column, .. } => write!(
                formatter,
                "let column {:?} of table {table:?} take {}",
                column.name,
                limit_in_words(column.takes())
            ),
            Self::DropNotNull { table, column } => write!(
                formatter,
                "let column {column:?} of table {table:?} take null"
            ),
            Self::SetNotNull { table, column, .. } => write!(
                formatter,
                "let column {:?} of table {table:?} refuse null",
                column.name
            ),
            Self::SetDefault { table, column, .. } => match &column.default {
                Some(default) => write!(
                    formatter,
                    "give column {:?} of table {table:?} the default {default}",
                    column.name
                ),
                None => write!(
                    formatter,
                    "take the default from column {:?} of table {table:?}",
                    column.name
                ),
            },
            Self::CreateIndex { table, index, .. } => {
                let unique = if index.unique { "unique " } else { "" };
                write!(
                    formatter,
                    "create {unique}index {:?} on table {table:?}",
                    index.name
                )?;
                match index.deferrable {
                    Some(deferrable) => {
                        let when = deferrable.as_sql().to_lowercase();
                        write!(formatter, ", deferrable {when}")
                    }
                    None => Ok(()),
                }
            }
            Self::DropIndex {
                table,
                index,
                is_constraint,
            } => {
                let what = if *is_constraint {
                    "constraint"
                } else {
                    "index"
                };
                write!(formatter, "drop {what} {:?} of table {table:?}", index.name)
            }
            Self::RenameIndex { table, from, index } => write!(
                formatter,
                "rename index {from:?} of table {table:?} to {:?}",
                index.name
            ),
            Self::AddCheck { table, check } => {
                write!(formatter, "add check {:?} to table {table:?}", check.name)
            }
            Self::ReplaceCheck { table, check, .. } => {
                write!(
                    formatter,
                    "make check {:?} of table {table:?} anew",
                    check.name
                )
            }
            Self::ReplaceForeignKey {
                table, foreign_key, ..
            } => write!(
                formatter,
                "make the foreign key of table {table:?}, column {:?} anew, {}",
                foreign_key.column,
                rules_in_words(&foreign_key_rules(foreign_key))
            ),
            Self::AddForeignKey { table, foreign_key } => write!(
                formatter,
                "add foreign key from table {table:?}, column {:?} to table {:?}",
                foreign_key.column, foreign_key.referenced_table
            ),
            Self::DropConstraint { table, constraint } => {
                write!(
                    formatter,
                    "drop constraint {constraint:?} of table {table:?}"
                )
            }
            Self::RenameConstraint { table, from, to } => write!(
                formatter,
                "rename constraint {from:?} of table {table:?} to {to:?}"
            ),
            Self::SetTriggers {
                table, triggers, ..
            } => match triggers.is_empty() {
                false => write!(formatter, "write down the changes of table {table:?}"),
                true => write!(
                    formatter,
                    "no longer write down the changes of table {table:?}"
                ),
            },
            Self::SetRowSecurity { table, wanted, .. } => match wanted {
                Some(RowSecurity { column, .. }) => write!(
                    formatter,
                    "show the rows of table {table:?} to the tenant in column {column:?} alone"
                ),
                None => write!(
                    formatter,
                    "no longer show the rows of table {table:?} to their tenant alone"
                ),
            },
            Self::ValidateConstraint { table, constraint } => write!(
                formatter,
                "validate constraint {constraint:?} of table {table:?}"
            ),
        }
    }
}
