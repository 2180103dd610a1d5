//! What must hold between and within the models of a set, rule by rule.

mod behavior;
mod enumeration;
mod evolution;
mod index;
mod key;
mod name;
mod relation;
mod value;

use std::borrow::Cow;

use super::{ModelSchema, TableName};
use crate::error::{Error, Kind, Result};

pub(crate) use name::LONGEST_NAME;

type Models = [Cow<'static, ModelSchema>];

/// Checks every rule and reports every mistake at once.
pub(super) fn check(models: &Models, dropped_tables: &[TableName]) -> Result<()> {
    let mut mistakes = Vec::new();
    name::model_names_are_unique(models, &mut mistakes);
    name::table_names_are_unique(models, &mut mistakes);
    evolution::dropped_tables_have_no_model(models, dropped_tables, &mut mistakes);
    evolution::dropped_tables_become_no_model(models, dropped_tables, &mut mistakes);
    evolution::a_table_becomes_one_model(models, &mut mistakes);
    for model in models {
        evolution::what_goes_is_not_declared(model, &mut mistakes);
        evolution::what_is_renamed_does_not_go(model, &mut mistakes);
        evolution::a_column_becomes_one_field(model, &mut mistakes);
        name::names_are_storable(model, &mut mistakes);
        name::fields_and_columns_are_unique(model, &mut mistakes);
        key::the_key_is_made_of_plain_fields(model, &mut mistakes);
        key::a_key_of_several_fields_is_given(model, &mut mistakes);
        key::what_has_no_rowid_counts_no_keys_up(model, &mut mistakes);
        value::defaults_fit_their_fields(model, &mut mistakes);
        value::generated_fields_have_one_source(model, &mut mistakes);
        behavior::a_deletion_is_a_time_or_null(model, &mut mistakes);
        behavior::what_is_only_added_does_not_change(model, &mut mistakes);
        behavior::a_tenant_is_one_plain_field(model, &mut mistakes);
        behavior::rows_that_are_kept_apart_have_a_tenant(model, &mut mistakes);
        value::limits_fit_their_fields(model, &mut mistakes);
        value::rules_fit_their_fields(model, &mut mistakes);
        value::a_version_counts(model, &mut mistakes);
        value::every_field_goes_some_way(model, &mut mistakes);
        value::collations_sort_texts(model, &mut mistakes);
        name::comments_say_something(model, &mut mistakes);
        index::indexes_cover_declared_fields(model, &mut mistakes);
        index::what_may_agree_for_a_while_covers_fields_of_all_rows(model, &mut mistakes);
        index::only_what_is_unique_tells_nulls_apart(model, &mut mistakes);
        index::checks_say_something(model, &mut mistakes);
        relation::relations_point_at_registered_models(model, models, &mut mistakes);
        relation::relations_have_names_of_their_own(model, &mut mistakes);
        relation::inverses_are_relations_read_backwards(model, models, &mut mistakes);
    }
    behavior::tenants_are_of_one_type(models, &mut mistakes);
    enumeration::a_type_has_one_set_of_names(models, &mut mistakes);
    match mistakes.as_slice() {
        [] => Ok(()),
        [only] => Err(Error::new(Kind::Configuration, only.clone())),
        many => {
            let summary = format!("{} mistakes in the models", many.len());
            Err(Error::new(Kind::Configuration, summary).with_details(mistakes))
        }
    }
}
