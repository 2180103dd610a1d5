//! Whether a database can hold what models declare.

use super::Dialect;
use crate::error::{Error, Kind, Result};
use crate::schema::{Field, Index, Kept, ModelSchema, SchemaSet};

/// Sees that a database can hold everything that the models of a set declare.
///
/// # Errors
///
/// [`Kind::Unsupported`] that names everything it lacks, with the remedies.
pub fn can_hold(schema_set: &SchemaSet, dialect: &dyn Dialect) -> Result<()> {
    let mut refusals = Refusals::default();
    for model in schema_set.models() {
        a_table_stands_in_no_schema(model, dialect, &mut refusals);
        generated_fields_are_stored(model, dialect, &mut refusals);
        rows_are_kept_apart_by_the_library_alone(model, dialect, &mut refusals);
        for index in model.indexes.iter() {
            indexes_are_sorted_plainly(model, index, dialect, &mut refusals);
        }
    }
    refusals.into_result(dialect)
}

/// What a database lacks, and what to do about it.
#[derive(Default)]
struct Refusals {
    details: Vec<String>,
    remedies: Vec<&'static str>,
}

impl Refusals {
    fn add(&mut self, model: &ModelSchema, what: &str, remedy: &'static str) {
        self.details.push(format!("model {:?}: {what}", model.name));
        if !self.remedies.contains(&remedy) {
            self.remedies.push(remedy);
        }
    }

    fn into_result(self, dialect: &dyn Dialect) -> Result<()> {
        if self.details.is_empty() {
            return Ok(());
        }
        let summary = format!("{} lacks what the models declare", dialect.name());
        Err(Error::new(Kind::Unsupported, summary)
            .with_details(self.details)
            .with_help(self.remedies.join("; ")))
    }
}

fn a_table_stands_in_no_schema(
    model: &ModelSchema,
    dialect: &dyn Dialect,
    refusals: &mut Refusals,
) {
    let schema = model.table.schema.as_ref();
    if let Some(schema) = schema.filter(|_| !dialect.capability().schemas) {
        let what = format!("its table is in schema {schema:?}");
        let remedy = "declare the schema for postgres alone, such as with \
                      #[cfg_attr(feature = \"postgres\", model(schema = \"…\"))], or leave it out";
        refusals.add(model, &what, remedy);
    }
}

fn generated_fields_are_stored(
    model: &ModelSchema,
    dialect: &dyn Dialect,
    refusals: &mut Refusals,
) {
    if dialect.capability().virtual_columns {
        return;
    }
    let is_virtual = |field: &&Field| {
        let generated = field.generated.as_ref();
        generated.is_some_and(|generated| generated.kept == Kept::Virtual)
    };
    for field in model.fields.iter().filter(is_virtual) {
        let what = format!("field {:?} is computed whenever it is read", field.name);
        refusals.add(model, &what, "let it be stored: leave `virtual` out");
    }
}

fn rows_are_kept_apart_by_the_library_alone(
    model: &ModelSchema,
    dialect: &dyn Dialect,
    refusals: &mut Refusals,
) {
    if model.row_level_security && !dialect.capability().row_level_security {
        let what = "the database is to keep the rows of tenants apart";
        let remedy = "declare row_level_security for postgres alone, such as with \
                      #[cfg_attr(feature = \"postgres\", model(row_level_security))], or leave it \
                      out: the library keeps them apart on every database";
        refusals.add(model, what, remedy);
    }
}

fn indexes_are_sorted_plainly(
    model: &ModelSchema,
    index: &Index,
    dialect: &dyn Dialect,
    refusals: &mut Refusals,
) {
    if dialect.capability().index_options {
        return;
    }
    let member = |has: fn(&crate::schema::IndexMember) -> bool| index.members.iter().any(has);
    let declared = [
        (index.method.is_some(), "a method"),
        (!index.include.is_empty(), "included fields"),
        (member(|member| member.nulls.is_some()), "a place for null"),
        (
            member(|member| member.operator_class.is_some()),
            "an operator class",
        ),
        (
            index.deferrable.is_some(),
            "rows that may agree for a while (deferrable)",
        ),
        (
            index.nulls_not_distinct,
            "nulls that are not distinct (nulls_not_distinct)",
        ),
    ];
    for (_, what) in declared.iter().filter(|(is_declared, _)| *is_declared) {
        let what = format!("an index has {what}");
        refusals.add(model, &what, "leave it out of the index, or use postgres");
    }
}
