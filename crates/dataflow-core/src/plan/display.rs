//! Plans and findings in words.

use std::fmt;

use super::{Change, Finding, FindingKind, Plan};
use crate::dialect::index_definition;
use crate::snapshot::Index;

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(formatter, "+ {}", step.change)?;
        }
        for finding in &self.findings {
            let mark = if finding.kind.is_blocking() { "!" } else { "~" };
            writeln!(formatter, "{mark} {finding}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateTable(table) => write!(formatter, "create table {:?}", table.name),
            Self::AddColumn { table, column, .. } => {
                write!(formatter, "add column {:?} to table {table:?}", column.name)
            }
            Self::CreateIndex { table, index } => {
                let unique = if index.unique { "unique " } else { "" };
                write!(
                    formatter,
                    "create {unique}index {:?} on table {table:?}",
                    index.name
                )
            }
            Self::AddForeignKey { table, foreign_key } => write!(
                formatter,
                "add foreign key from table {table:?}, column {:?} to table {:?}",
                foreign_key.column, foreign_key.referenced_table
            ),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "table {:?}", self.table)?;
        if let Some(column) = &self.column {
            write!(formatter, ", column {column:?}")?;
        }
        write!(formatter, ": {}", self.kind)
    }
}

impl fmt::Display for FindingKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UndeclaredColumn => formatter.write_str("is not declared by the model"),
            Self::UndeclaredRequiredColumn => formatter
                .write_str("is not declared by the model, yet refuses null and has no default"),
            Self::ColumnType { found, wanted } => {
                write!(formatter, "found type {found}, wanted {wanted}")
            }
            Self::NotNull => formatter.write_str("found NOT NULL, wanted a column that takes null"),
            Self::Nullable => {
                formatter.write_str("found a column that takes null, wanted NOT NULL")
            }
            Self::Default { found, wanted } => write!(
                formatter,
                "found {}, wanted {}",
                default_in_words(found.as_deref()),
                default_in_words(wanted.as_deref())
            ),
            Self::PrimaryKey { found, wanted } => write!(
                formatter,
                "found primary key ({}), wanted ({})",
                found.join(", "),
                wanted.join(", ")
            ),
            Self::NotSerial => {
                formatter.write_str("found a plain column, wanted one that the database counts up")
            }
            Self::Index { found, wanted } => write!(
                formatter,
                "found index {:?} as {}, wanted {}",
                wanted.name,
                index_in_words(found),
                index_in_words(wanted)
            ),
            Self::MissingForeignKey { referenced_table } => write!(
                formatter,
                "has no foreign key to table {referenced_table:?}, and this database cannot add one \
                 to a table that exists"
            ),
        }
    }
}

fn index_in_words(index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    unique.to_owned() + &index_definition(index)
}

fn default_in_words(default: Option<&str>) -> String {
    default.map_or_else(|| "no default".to_owned(), |text| format!("default {text}"))
}
