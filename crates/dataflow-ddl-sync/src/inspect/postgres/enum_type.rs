//! The types of named values.

use dataflow_core::snapshot::EnumType;

use super::row::Row;

/// One row for each label of each type of named values that a column could have by its name alone,
/// and one without a label for a type without any.
pub(super) const ENUM_TYPES: &str = "
SELECT 'enum type' AS kind, kind.typname AS name, label.enumlabel AS label
FROM pg_type kind
LEFT JOIN pg_enum label ON label.enumtypid = kind.oid
WHERE kind.typtype = 'e' AND pg_type_is_visible(kind.oid)
ORDER BY kind.typname, label.enumsortorder";

/// Reads one row of [`ENUM_TYPES`].
pub(super) fn read(row: Row<'_>, enum_types: &mut Vec<EnumType>) {
    let (name, label) = (row.text("name"), row.some("label"));
    match enum_types.last_mut() {
        Some(last) if last.name == name => last.labels.extend(label),
        _ => enum_types.push(EnumType {
            name: name.to_owned(),
            labels: label.into_iter().collect(),
        }),
    }
}
