//! Fields for columns.

use super::contents::Sight;
use super::loose;
use crate::dialect::Dialect;
use crate::dialect::token::canonical;
use crate::schema::{self, DefaultValue, EnumType, Field, FieldType, ItemType, Limit};
use crate::snapshot::{self, Column};

/// The types that a column can tell by itself, the plainest first.
const TYPES: [FieldType; 15] = [
    FieldType::I64,
    FieldType::String,
    FieldType::Bool,
    FieldType::I32,
    FieldType::I16,
    FieldType::F64,
    FieldType::F32,
    FieldType::Bytes,
    FieldType::Uuid,
    FieldType::Timestamp,
    FieldType::LocalDateTime,
    FieldType::Date,
    FieldType::LocalTime,
    FieldType::Decimal,
    FieldType::Json,
];

/// The field of a column, or why it has none. What was seen in it is known of a database whose
/// columns may hold anything.
pub(super) fn field(
    name: String,
    column: &Column,
    is_key: bool,
    enum_types: &[EnumType],
    sight: Option<Sight<'_>>,
    dialect: &dyn Dialect,
) -> Result<Field, String> {
    let holds = |field: &Field| sight.is_none_or(|sight| sight.own.fits(&field.field_type));
    let of_type = |field_type: FieldType| {
        let mut field = Field::new(name.clone(), field_type);
        field.limit = match column.limit.as_ref() {
            Some(limit) => Some(limit.takes),
            // Elsewhere a size is a word that nobody minds.
            None if !dialect.capability().sized_types => None,
            None => size(&field.field_type, &column.column_type),
        };
        let limit = field.limit;
        let fits = limit.is_none_or(|limit| limit.mistake(&field.field_type).is_none());
        (fits && holds(&field) && stores(&field, column, dialect)).then_some(field)
    };
    let enums = enum_types.iter().cloned().map(FieldType::Enum);
    let lists = enum_types.iter().cloned().map(ItemType::Enum);
    let enums = enums.chain(lists.map(FieldType::Array));
    // Where it is stored as a number, its name tells it.
    let by_name = is_truth(&column.column_type).then_some(FieldType::Bool);
    let arrays = ItemType::PLAIN.into_iter().map(FieldType::Array);
    let types = by_name.into_iter().chain(TYPES).chain(arrays);
    let mut types = types.chain(enums);
    let adopted = || loose::field(&name, column, sight?.or_alike());
    let Some(mut field) = types.find_map(of_type).or_else(adopted) else {
        return Err(match (column.column_type.as_str(), sight) {
            ("", _) => "has no type".to_owned(),
            (found, Some(sight)) if !sight.or_alike().is_empty() => {
                let holds = sight.or_alike().in_words();
                format!("has type {found} and holds {holds}, which no field takes as they are")
            }
            (found, _) => format!("has type {found}, which no field has"),
        });
    };
    if let Some(pattern) = sight.and_then(|sight| loose::bare_uuids(&field, column, sight.own)) {
        field.rules.pattern = Some(pattern.into());
    }
    if column.is_serial && !is_key && column.default.is_none() {
        return Err("is counted up by the database".to_owned());
    }
    field.column = column.name.clone().into();
    field.nullable = column.nullable;
    field.comment = column.comment.clone().map(Into::into);
    if let Some(generated) = &column.generated {
        field.generated = Some(schema::Generated {
            expression: generated.expression.clone().into(),
            kept: generated.kept,
        });
    } else if !is_key {
        field.default = default(&field, column, dialect);
        if field.adopts.is_some() && !loose::keeps_form(&field) {
            field.default = None;
        }
    }
    Ok(field)
}

/// Whether a column holds what a field does, and is kept to it as the field's would be.
fn stores(field: &Field, column: &Column, dialect: &dyn Dialect) -> bool {
    let wanted = dialect.declared_type(field);
    let guard = || dialect.guard(field, column.is_serial);
    let is_guarded_so = column.guard.as_ref().is_none_or(|found| {
        guard().is_some_and(|wanted| canonical(&wanted) == canonical(&found.condition))
    });
    let has_type = wanted.eq_ignore_ascii_case(&column.column_type)
        || dialect.is_alike(&column.column_type, &wanted);
    has_type && is_guarded_so
}

/// Whether the name of a type that SQLite stores as a number says that it is a truth value.
fn is_truth(column_type: &str) -> bool {
    let column_type = column_type.to_ascii_lowercase();
    column_type.starts_with("bool") || column_type == "tinyint(1)"
}

/// The numbers in the brackets of a type.
pub(super) fn size(field_type: &FieldType, column_type: &str) -> Option<Limit> {
    let (_, rest) = column_type.split_once('(')?;
    let (numbers, behind) = rest.split_once(')')?;
    let mut numbers = numbers.split(',');
    let first: u32 = numbers.next()?.trim().parse().ok()?;
    let second = numbers.next().map(|number| number.trim().parse());
    match (field_type, second) {
        // All the digits that a time has.
        (_, None) if field_type.has_seconds() && first == 6 => None,
        (_, None) if field_type.has_seconds() => {
            Some(Limit::SecondDigits(first.try_into().unwrap_or(u8::MAX)))
        }
        _ if !behind.is_empty() => None,
        (FieldType::String, None) => Some(Limit::Length(first)),
        (FieldType::Decimal, second) => Some(Limit::Digits {
            precision: first.try_into().ok()?,
            scale: second.unwrap_or(Ok(0)).ok()?,
        }),
        _ => None,
    }
}

/// A default as a value where one is spelled so, else as it is spelled.
fn default(field: &Field, column: &Column, dialect: &dyn Dialect) -> Option<DefaultValue> {
    let spelled = column.default.as_deref()?;
    let text = || {
        let inner = spelled.strip_prefix('\'')?;
        let end = inner.rfind('\'')?;
        Some(inner[..end].replace("''", "'"))
    };
    let of_text = |text: String| DefaultValue::Text(text.into());
    let candidates = match &field.field_type {
        FieldType::Bool => vec![DefaultValue::Bool(true), DefaultValue::Bool(false)],
        FieldType::I16 | FieldType::I32 | FieldType::I64 => {
            let number = text().unwrap_or_else(|| spelled.to_owned()).parse();
            number.ok().map(DefaultValue::Integer).into_iter().collect()
        }
        FieldType::String => text().into_iter().map(of_text).collect(),
        FieldType::Enum(enum_type) => {
            let label = text().filter(|text| enum_type.variants.iter().any(|label| label == text));
            label.into_iter().map(of_text).collect()
        }
        FieldType::Array(_) => vec![of_text("[]".to_owned())],
        _ => Vec::new(),
    };
    let is_spelled_so = |candidate: &DefaultValue| {
        let field = Field {
            default: Some(candidate.clone()),
            ..field.clone()
        };
        let declared = dialect.declared_type(&field);
        let expression = dialect.default_expression(&field);
        expression.is_some_and(|default| {
            snapshot::respelled(default, &declared, &column.column_type) == spelled
        })
    };
    let value = candidates.into_iter().find(is_spelled_so);
    Some(value.unwrap_or_else(|| DefaultValue::Sql(spelled.to_owned().into())))
}
