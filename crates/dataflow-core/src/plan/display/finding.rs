//! Findings in words.

use std::fmt;

use super::super::{Finding, FindingKind};
use crate::dialect::index_definition;
use crate::schema::Limit;
use crate::snapshot::Index;

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The change names its table.
        if let FindingKind::Missing { .. }
        | FindingKind::Beyond { .. }
        | FindingKind::Unmade { .. } = self.kind
        {
            return self.kind.fmt(formatter);
        }
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
            Self::Beyond { what } => formatter.write_str(what),
            Self::ColumnType { found, wanted } => {
                write!(formatter, "found type {found}, wanted {wanted}")
            }
            Self::Labels { found, wanted } => write!(
                formatter,
                "found a type with the labels {found:?}, wanted {wanted:?}"
            ),
            Self::Limit { found, wanted } => write!(
                formatter,
                "found a column that takes {}, wanted {}",
                limit_in_words(*found),
                limit_in_words(*wanted)
            ),
            Self::Collation { found, wanted } => write!(
                formatter,
                "found {}, wanted collation {wanted:?}",
                found.as_ref().map_or_else(
                    || "no collation".to_owned(),
                    |found| format!("collation {found:?}")
                )
            ),
            Self::ChangeFeed { is_wanted: true } => {
                formatter.write_str("is written to without its changes being written down")
            }
            Self::ChangeFeed { is_wanted: false } => {
                formatter.write_str("has its changes written down, which nobody asks for")
            }
            Self::RowSecurity { is_wanted: true } => {
                formatter.write_str("shows rows to others than their tenant")
            }
            Self::RowSecurity { is_wanted: false } => formatter
                .write_str("shows rows to their tenant alone, which the model does not declare"),
            Self::Rowid => formatter.write_str("is kept with rowid, wanted without"),
            Self::Comment => formatter.write_str("is not commented on as declared"),
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
            Self::UndeclaredDefault { found } => write!(
                formatter,
                "has a default that no version of the model declared, and keeps it: {found}"
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
            Self::ForeignKey { found, wanted } => write!(
                formatter,
                "found a foreign key {}, wanted one {}",
                rules_in_words(found),
                rules_in_words(wanted)
            ),
            Self::Check {
                name,
                found,
                wanted,
            } => write!(
                formatter,
                "found check {name:?} as ({found}), wanted ({wanted})"
            ),
            Self::Generated { found, wanted } => write!(
                formatter,
                "found {}, wanted {}",
                generated_in_words(found.as_deref()),
                generated_in_words(wanted.as_deref())
            ),
            Self::NothingToFillIn => formatter
                .write_str("cannot be added: every row must fill it, and the table has rows"),
            Self::HiddenRows => formatter.write_str(
                "has to be filled in, and row-level security shows its rows only to their tenant",
            ),
            Self::PerhapsRenamed { former } => write!(
                formatter,
                "is missing, while column {former:?} of the same type is no longer declared: is it \
                 the same under another name?"
            ),
            Self::PerhapsRenamedTable { former } => write!(
                formatter,
                "is missing, while table {:?}, which its model had before, is there: is it the \
                 same under another name?",
                former.to_string()
            ),
            Self::MissingFormerColumn { former } => write!(
                formatter,
                "is missing, and so is column {former:?} that it is said to have been"
            ),
            Self::CannotRebuild { change } => write!(
                formatter,
                "cannot be written anew, because its CREATE TABLE cannot be read: {change}"
            ),
            Self::Missing { change } => write!(formatter, "missing: {change}"),
            Self::Unmade { change, class } => write!(formatter, "not made ({class}): {change}"),
        }
    }
}

fn index_in_words(index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let deferrable = match index.deferrable {
        Some(deferrable) => format!(" DEFERRABLE {}", deferrable.as_sql()),
        None => String::new(),
    };
    format!("{unique}{}{deferrable}", index_definition(index))
}

pub(super) fn limit_in_words(limit: Option<Limit>) -> String {
    limit.map_or_else(
        || "anything of its type".to_owned(),
        |limit| limit.to_string(),
    )
}

pub(super) fn rules_in_words(rules: &str) -> String {
    match rules {
        "" => "without actions".to_owned(),
        rules => format!("with {rules}"),
    }
}

fn generated_in_words(generated: Option<&str>) -> String {
    generated.map_or_else(
        || "a plain column".to_owned(),
        |text| format!("a column that is generated as {text}"),
    )
}

fn default_in_words(default: Option<&str>) -> String {
    default.map_or_else(|| "no default".to_owned(), |text| format!("default {text}"))
}
