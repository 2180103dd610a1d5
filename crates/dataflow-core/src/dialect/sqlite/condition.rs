//! Conditions of SQLite, which reads lists and documents as JSON.

use super::{CONTAINS_DOCUMENT, Sqlite};
use crate::dialect::dml::Place;
use crate::dialect::pattern::{glob, like};
use crate::dialect::{ConditionDialect, ValueDialect as _};
use crate::query::{Case, ItemComparison, Pattern};
use crate::schema::FieldType;
use crate::value::Value;

impl ConditionDialect for Sqlite {
    fn is_in_list(&self, column: &str, list: &str, field_type: &FieldType) -> String {
        let column = self.comparable(column, field_type);
        let item = self.comparable(&self.given("value", field_type), field_type);
        format!("{column} IN (SELECT {item} FROM json_each({list}))")
    }

    fn compares_items(&self, column: &str, comparison: ItemComparison, list: &str) -> String {
        let each = |of: &str, is: &str, other: &str| {
            format!(
                "(SELECT 1 FROM json_each({of}) AS item \
                 WHERE item.value {is} (SELECT value FROM json_each({other})))"
            )
        };
        match comparison {
            ItemComparison::Contains => {
                let missing = each(list, "NOT IN", column);
                format!("({column} IS NOT NULL AND NOT EXISTS {missing})")
            }
            ItemComparison::Contained => {
                let other = each(column, "NOT IN", list);
                format!("({column} IS NOT NULL AND NOT EXISTS {other})")
            }
            ItemComparison::Overlaps => format!("EXISTS {}", each(column, "IN", list)),
        }
    }

    fn is_empty(&self, column: &str) -> String {
        format!("json_array_length({column}) = 0")
    }

    /// `LIKE` ignores the case of ASCII letters, always; `GLOB` tells it apart.
    fn matches(&self, text: &str, pattern: &str, case: Case) -> String {
        match case {
            Case::Sensitive => format!("{text} GLOB {pattern}"),
            Case::Insensitive => format!("{text} LIKE {pattern} ESCAPE '\\'"),
        }
    }

    fn pattern(&self, pattern: &Pattern, case: Case) -> String {
        match case {
            Case::Sensitive => glob(pattern),
            Case::Insensitive => like(pattern),
        }
    }

    /// SQLite has no such question; the pool gives its connections a function for it.
    fn contains_document(&self, column: &str, document: &str) -> String {
        format!("{CONTAINS_DOCUMENT}({column}, {document})")
    }

    fn document_place(&self, column: &str, path: &str) -> Place {
        let kind = format!("json_type({column}, {path})");
        let value = format!("json_extract({column}, {path})");
        Place {
            is_text: format!("{kind} = 'text'"),
            is_number: format!("{kind} IN ('integer', 'real')"),
            is_bool: format!("{kind} IN ('true', 'false')"),
            text: value.clone(),
            number: value.clone(),
            float: format!("CAST({value} AS REAL)"),
            bool: value,
            document: format!("({column} -> {path})"),
        }
    }

    /// A truth value is read as a number, so what is one and what is not are told apart. The column
    /// stays outside of the query of the items, whose own columns have names that it may have too.
    fn document_is_in_list(&self, column: &str, path: &str, list: &str) -> String {
        let kinds = "('true', 'false')";
        format!(
            "(json_extract({column}, {path}), json_type({column}, {path}) IN {kinds}) IN \
             (SELECT atom, type IN {kinds} FROM json_each({list}))"
        )
    }

    fn document_path_type(&self) -> FieldType {
        FieldType::String
    }

    /// A member is quoted; a position in an array is not. SQLite has no spelling for a quotation
    /// mark in a path, so such a place is one that no document has: what follows an array's end.
    fn document_path(&self, path: &[String]) -> Value {
        let mut text = "$".to_owned();
        if path.iter().any(|member| member.contains(['"', '\\', '\0'])) {
            return Value::Text("$[#]".to_owned());
        }
        for member in path {
            if member.parse::<u32>().is_ok() {
                text.push_str(&format!("[{member}]"));
            } else {
                text.push_str(&format!(".\"{member}\""));
            }
        }
        Value::Text(text)
    }
}
