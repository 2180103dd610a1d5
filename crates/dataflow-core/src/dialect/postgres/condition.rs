//! Conditions of PostgreSQL, with its operators on arrays and documents.

use super::Postgres;
use crate::dialect::dml::Place;
use crate::dialect::pattern::like;
use crate::dialect::{ConditionDialect, SchemaDialect as _};
use crate::query::{Case, ItemComparison, Pattern};
use crate::schema::FieldType;
use crate::value::Value;

impl ConditionDialect for Postgres {
    fn is_in_list(&self, column: &str, list: &str, field_type: &FieldType) -> String {
        let column_type = self.column_type(field_type);
        format!(
            "{column} = ANY (ARRAY(SELECT item::{column_type} \
             FROM jsonb_array_elements_text({list}) AS items (item)))"
        )
    }

    fn compares_items(&self, column: &str, comparison: ItemComparison, list: &str) -> String {
        let operator = match comparison {
            ItemComparison::Contains => "@>",
            ItemComparison::Contained => "<@",
            ItemComparison::Overlaps => "&&",
        };
        format!("{column} {operator} {list}")
    }

    fn is_empty(&self, column: &str) -> String {
        format!("cardinality({column}) = 0")
    }

    /// A backslash escapes without being told to.
    fn matches(&self, text: &str, pattern: &str, case: Case) -> String {
        match case {
            Case::Sensitive => format!("{text} LIKE {pattern}"),
            Case::Insensitive => format!("{text} ILIKE {pattern}"),
        }
    }

    fn pattern(&self, pattern: &Pattern, _: Case) -> String {
        like(pattern)
    }

    fn contains_document(&self, column: &str, document: &str) -> String {
        format!("{column} @> {document}")
    }

    /// What the cast of a number or truth value sees is of that kind, whichever part of the
    /// condition is asked first.
    fn document_place(&self, column: &str, path: &str) -> Place {
        let path = members(path);
        let document = format!("{column} #> {path}");
        let kind = format!("jsonb_typeof({document})");
        let text = format!("({column} #>> {path})");
        let cast = |of: &str, to: &str| format!("CASE {kind} WHEN '{of}' THEN {text}::{to} END");
        let number = cast("number", "numeric");
        // What a float does not hold would be an error, and not the nearest one.
        let float = format!("round(greatest(least({number}, 1e308), -1e308), 300)::float8");
        Place {
            is_text: format!("{kind} = 'string'"),
            is_number: format!("{kind} = 'number'"),
            float: format!("CASE {kind} WHEN 'number' THEN {float} END"),
            number,
            is_bool: format!("{kind} = 'boolean'"),
            bool: cast("boolean", "boolean"),
            document: format!("({document})"),
            text,
        }
    }

    fn document_is_in_list(&self, column: &str, path: &str, list: &str) -> String {
        let path = members(path);
        format!("{column} #> {path} = ANY (ARRAY(SELECT jsonb_array_elements({list})))")
    }

    fn document_path_type(&self) -> FieldType {
        FieldType::Json
    }

    fn document_path(&self, path: &[String]) -> Value {
        let members = path.iter().map(|member| member.as_str().into()).collect();
        Value::Json(serde_json::Value::Array(members).to_string())
    }
}

/// A path as the array of texts that the operators on documents take.
fn members(path: &str) -> String {
    format!("ARRAY(SELECT jsonb_array_elements_text({path}))")
}
