//! PostgreSQL 13 and later.

use std::borrow::Cow;

use super::ddl::{default, row_security, trigger, type_change};
use super::dml::{Newness, Place};
use super::pattern::like;
use super::{Capability, Dialect, TypeChange, identifier, literal, table_identifier, written};
use crate::plan::Lock;
use crate::query::{Case, IfLocked, ItemComparison, Pattern};
use crate::schema::{DefaultValue, Field, FieldType, Limit, ModelSchema, Stamp, TableName};
use crate::snapshot::Trigger;
use crate::value::Value;

/// PostgreSQL.
#[derive(Debug, Clone, Copy)]
pub struct Postgres;

static CAPABILITY: Capability = Capability {
    alter_column: true,
    online_changes: true,
    rename_index: true,
    least_lock: Lock::Nobody,
    add_foreign_key: true,
    forward_foreign_key: false,
    add_computed_default: true,
    index_options: true,
    virtual_columns: false,
    comments: true,
    schemas: true,
    loose_types: false,
    sized_types: true,
    enum_types: true,
    orders_decimals: true,
    equates_json: true,
    indexes_documents: true,
    row_level_security: true,
    rowids: false,
    copies_rows: true,
    names_foreign_keys: true,
    null_is_greatest: true,
};

/// What a wall clock in UTC shows. `AT TIME ZONE` means the same, and comes back from the catalogue in
/// another spelling with each version.
const NOW_IN_UTC: &str = "timezone('utc'::text, now())";

/// Text whose column has a size.
const VARYING: &str = "character varying";

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn system_name(&self) -> &'static str {
        "postgresql"
    }

    fn capability(&self) -> &'static Capability {
        &CAPABILITY
    }

    fn column_type<'t>(&self, field_type: &'t FieldType) -> Cow<'t, str> {
        if let Some((_, name)) = field_type.as_named() {
            return identifier(name).into();
        }
        let name = match field_type {
            FieldType::Bool => "boolean",
            FieldType::I16 => "smallint",
            FieldType::I32 => "integer",
            FieldType::I64 => "bigint",
            FieldType::F32 => "real",
            FieldType::F64 => "double precision",
            FieldType::String | FieldType::Enum(_) => "text",
            FieldType::Bytes => "bytea",
            FieldType::Uuid => "uuid",
            FieldType::Timestamp => "timestamp with time zone",
            FieldType::LocalDateTime => "timestamp without time zone",
            FieldType::Date => "date",
            FieldType::LocalTime => "time without time zone",
            FieldType::Decimal => "numeric",
            FieldType::Json => "jsonb",
            FieldType::Array(item) => {
                let of = self.column_type(&item.field_type()).into_owned();
                return format!("{of}[]").into();
            }
        };
        name.into()
    }

    fn declared_type<'t>(&self, field: &'t Field) -> Cow<'t, str> {
        match field.limit {
            Some(Limit::Length(most)) => format!("{VARYING}({most})").into(),
            Some(Limit::Digits { precision, scale }) => {
                format!("numeric({precision},{scale})").into()
            }
            Some(Limit::SecondDigits(digits)) => {
                let column_type = self.column_type(&field.field_type);
                column_type.replacen(' ', &format!("({digits}) "), 1).into()
            }
            None => self.column_type(&field.field_type),
        }
    }

    fn default_expression(&self, field: &Field) -> Option<String> {
        match field.stamp {
            Some(Stamp::Version) => return Some(default::FIRST_VERSION.to_owned()),
            Some(Stamp::Created | Stamp::Updated) => {
                return Some(self.now(&field.field_type).to_owned());
            }
            Some(Stamp::Deleted) | None => {}
        }
        if let Some(DefaultValue::Sql(sql)) = &field.default {
            return Some(sql.to_string());
        }
        let value = default::value_of(field)?;
        // A size is none of the default's.
        let column_type = match field.limit {
            Some(Limit::Length(_)) => VARYING.into(),
            _ => self.column_type(&field.field_type),
        };
        Some(default::postgres(&value, &field.field_type, &column_type))
    }

    fn constant(&self, value: &Value, field_type: &FieldType) -> String {
        default::postgres(value, field_type, &self.column_type(field_type))
    }

    /// What is constant within a transaction is computed once for all rows that exist.
    fn is_volatile(&self, default: &str) -> bool {
        let stable = [
            "now()",
            NOW_IN_UTC,
            "CURRENT_TIMESTAMP",
            "LOCALTIMESTAMP",
            "CURRENT_DATE",
            "LOCALTIME",
        ];
        !stable.contains(&default) && !crate::snapshot::is_constant(default)
    }

    fn is_alike(&self, found: &str, wanted: &str) -> bool {
        [
            (VARYING, "text"),
            ("timestamp(6) with time zone", "timestamp with time zone"),
            (
                "timestamp(6) without time zone",
                "timestamp without time zone",
            ),
            ("time(6) without time zone", "time without time zone"),
        ]
        .contains(&(found, wanted))
    }

    fn type_change(&self, from: &str, to: &str) -> TypeChange {
        type_change::postgres(from, to)
    }

    fn misfits(&self, column: &str, from: &str, to: &str) -> Option<String> {
        type_change::misfits(column, from, to)
    }

    fn now(&self, field_type: &FieldType) -> &'static str {
        match field_type {
            FieldType::LocalDateTime => NOW_IN_UTC,
            _ => "now()",
        }
    }

    fn serial_clause(&self) -> &'static str {
        "GENERATED BY DEFAULT AS IDENTITY"
    }

    /// The counter is only ever moved forward, and only by a key beyond it. A table whose keys come
    /// from a sequence of somebody else's has none that is known here: then nothing is moved. Its
    /// name is looked up once for a statement, and what it has counted to again for each row.
    fn count_past(&self, table: &TableName, column: &str) -> Option<String> {
        let sequence = format!(
            "(SELECT pg_get_serial_sequence({}, {})::regclass)",
            literal(&table_identifier(table)),
            literal(column)
        );
        let key = identifier(column);
        Some(format!(
            "CASE WHEN {key} > coalesce(pg_sequence_last_value({sequence}), 0) \
             THEN setval({sequence}, {key}) END"
        ))
    }

    fn guard(&self, _: &Field, _: bool) -> Option<String> {
        None
    }

    fn transaction_number(&self) -> Option<(&'static str, &'static str)> {
        Some(("xid8", "pg_current_xact_id()"))
    }

    /// A row that nobody has locked has no number of a transaction there, and a change locks the row
    /// before it writes the next state of it.
    fn newness(&self) -> Newness {
        Newness {
            is_new: "xmax = 0",
            mark: None,
        }
    }

    fn lock_rows(&self, if_locked: IfLocked) -> &'static str {
        match if_locked {
            IfLocked::Wait => " FOR UPDATE",
            IfLocked::Skip => " FOR UPDATE SKIP LOCKED",
            IfLocked::Fail => " FOR UPDATE NOWAIT",
        }
    }

    fn triggers(&self, model: &ModelSchema) -> Vec<Trigger> {
        trigger::postgres(&trigger::Rows::of(model))
    }

    fn drop_trigger(&self, table: &TableName, trigger: &Trigger) -> Vec<String> {
        let (table, name) = (table_identifier(table), identifier(&trigger.name));
        let function = trigger.function.as_deref();
        [format!("DROP TRIGGER {name} ON {table}")]
            .into_iter()
            .chain(function.map(trigger::drop_function))
            .collect()
    }

    fn is_of_tenant(&self, field: &Field) -> Option<String> {
        let column_type = self.declared_type(field);
        Some(row_security::condition(&field.column, &column_type))
    }

    fn table_suffix(&self) -> &'static str {
        ""
    }

    fn parameter(&self, ordinal: usize, field_type: &FieldType) -> String {
        match field_type {
            FieldType::Array(_) => self.given(&format!("${ordinal}"), field_type),
            named if named.as_named().is_some() => {
                format!("${ordinal}::text::{}", self.column_type(field_type))
            }
            _ => format!("${ordinal}"),
        }
    }

    fn array_parameter(&self, ordinal: usize, field_type: &FieldType) -> Option<String> {
        let element = match field_type {
            FieldType::Array(_) => "jsonb".into(),
            named if named.as_named().is_some() => "text".into(),
            _ => self.column_type(field_type),
        };
        Some(format!("${ordinal}::{element}[]"))
    }

    fn typed_parameter(&self, ordinal: usize, field_type: &FieldType) -> String {
        format!("${ordinal}::{}", self.column_type(field_type))
    }

    fn given(&self, expression: &str, field_type: &FieldType) -> String {
        let column_type = self.column_type(field_type);
        match field_type {
            FieldType::Array(item) => {
                let item = self.column_type(&item.field_type()).into_owned();
                format!(
                    "CASE WHEN {expression} IS NOT NULL THEN ARRAY(SELECT item::{item} \
                     FROM jsonb_array_elements_text({expression}) AS items (item)) END"
                )
            }
            _ => format!("{expression}::{column_type}"),
        }
    }

    fn written(&self, sql: &str, parameters: &[FieldType]) -> String {
        written::typed_for_postgres(sql, parameters, |of| self.column_type(of))
    }

    fn cast(&self, expression: &str, field_type: &FieldType) -> String {
        format!("{expression}::{}", self.column_type(field_type))
    }

    fn readable(&self, expression: &str, field_type: &FieldType) -> String {
        match field_type {
            FieldType::Array(_) => format!("to_jsonb({expression})"),
            _ if is_read_as_text(field_type) => format!("{expression}::text"),
            _ => expression.to_owned(),
        }
    }

    fn comparable(&self, expression: &str, _: &FieldType) -> String {
        expression.to_owned()
    }

    fn ranked(&self, expression: &str, _: &FieldType) -> String {
        expression.to_owned()
    }

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

/// The digits of a decimal are copied into JSON as they are, and a type of named values has another
/// number in each database.
fn is_read_as_text(field_type: &FieldType) -> bool {
    *field_type == FieldType::Decimal || field_type.as_named().is_some()
}

/// A path as the array of texts that the operators on documents take.
fn members(path: &str) -> String {
    format!("ARRAY(SELECT jsonb_array_elements_text({path}))")
}
