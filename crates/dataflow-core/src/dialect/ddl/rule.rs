//! The conditions that a field's rules come to.
//!
//! A length and a range are conditions of the table on both databases. A pattern, a format or a
//! function is none: no two dialects of patterns agree, and a program has its functions for itself.
//!
//! They stand among the checks of a table and are planned as these are. What tells them from a check
//! that a person declared is their name and their form together: so one that no field asks for any
//! longer can go, and one that takes more than before is no threat to the programs of before.

mod found;

pub(crate) use found::{Bounds, form_of_rule, takes_more};

use crate::dialect::{Dialect, identifier, literal};
use crate::schema::{Field, FieldType};
use crate::snapshot::{self, Check};
use crate::value::Value;

/// The last parts of the names of such conditions.
const LENGTH: &str = "length";
const RANGE: &str = "range";
const LABELS: &str = "labels";

/// All that the name of such a condition can end with.
pub(crate) const SUFFIXES: [&str; 3] = [LENGTH, RANGE, LABELS];

/// The conditions of a field of a table.
pub(crate) fn checks<'d>(
    table: &'d str,
    field: &'d Field,
    dialect: &'d dyn Dialect,
) -> impl Iterator<Item = Check> + 'd {
    let conditions = [
        (LENGTH, length(field)),
        (RANGE, range(field, dialect)),
        (LABELS, labels(field, dialect)),
    ];
    conditions
        .into_iter()
        .filter_map(move |(suffix, condition)| {
            Some(Check {
                name: snapshot::constraint_name(table, &[&field.column], suffix),
                expression: condition?,
            })
        })
}

fn length(field: &Field) -> Option<String> {
    let least = field.rules.min_length?;
    Some(format!("length({}) >= {least}", identifier(&field.column)))
}

/// Where decimals have no order in the database, a range of them is left to the library.
fn range(field: &Field, dialect: &dyn Dialect) -> Option<String> {
    if field.field_type == FieldType::Decimal && !dialect.capability().orders_decimals {
        return None;
    }
    let column = identifier(&field.column);
    let end = |operator, bound: Option<Value>| {
        let constant = dialect.constant(&bound?, &field.field_type);
        Some(format!("{column} {operator} {constant}"))
    };
    let [min, max] = field.rules.range(&field.field_type);
    let ends: Vec<String> = [end(">=", min), end("<=", max)]
        .into_iter()
        .flatten()
        .collect();
    (!ends.is_empty()).then(|| ends.join(" AND "))
}

/// Where no type keeps a column to the labels of an enum.
fn labels(field: &Field, dialect: &dyn Dialect) -> Option<String> {
    let (enum_type, _) = field.field_type.as_named()?;
    let labels: Vec<String> = enum_type
        .variants
        .iter()
        .map(|label| literal(label))
        .collect();
    let is_kept = dialect.capability().enum_types;
    let condition = || format!("{} IN ({})", identifier(&field.column), labels.join(", "));
    (!is_kept).then(condition)
}
