//! What the derives promise to those who use them.

/// A row in memory, read by ordinal as a driver's row is.
mod memory_row;

/// What stands in the schema of a derived model.
mod schema;

/// Rows: from struct to values, and back from a row.
mod row;

/// Structs that rows are read as: some columns of a model, or those of any statement.
mod part;

/// What the values of a field fulfill beyond their type.
mod rules;

/// Enums as fields.
mod model_enum;

/// Mistakes, each reported at its token, all of a file at once.
mod compile_fail;

/// Generated code needs nothing imported and is not led astray by what a user's file shadows.
mod hygiene;
