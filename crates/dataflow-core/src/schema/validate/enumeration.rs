//! Enums that have a type of their own.

use std::collections::HashMap;

use super::{LONGEST_NAME, Models};

/// Models share a type by its name, so it holds the same for all of them. PostgreSQL cuts neither its
/// name nor its labels, but refuses the longer ones.
pub(super) fn a_type_has_one_set_of_names(models: &Models, mistakes: &mut Vec<String>) {
    let mut known = HashMap::new();
    let fields = models
        .iter()
        .flat_map(|model| model.fields.iter().map(move |field| (model, field)));
    for (model, field) in fields {
        let Some((enum_type, name)) = field.field_type.made_with() else {
            continue;
        };
        let first = *known.entry(name).or_insert(enum_type);
        let names = enum_type.variants.iter().map(AsRef::as_ref).chain([name]);
        let wrong = match names
            .into_iter()
            .find(|name: &&str| name.len() > LONGEST_NAME || name.contains('\0'))
        {
            _ if name.is_empty() => "has no name".to_owned(),
            Some(wrong) => {
                format!("has a name or label that PostgreSQL cannot store: {wrong:?}")
            }
            None if first.variants != enum_type.variants => {
                format!("has other labels than for enum {:?}", first.name)
            }
            None => continue,
        };
        mistakes.push(format!(
            "model {:?}: the type {name:?} of field {:?} {wrong}",
            model.name, field.name
        ));
    }
}
