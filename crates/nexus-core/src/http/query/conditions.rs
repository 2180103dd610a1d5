//! All that must hold of a row, gathered from the parts that name it.

use dataflow_core::error::Result;
use dataflow_core::node::Object;
use serde_json::{Value as Json, json};

use super::condition::{self, Spelling};
use super::origin::Origin;

/// All that must hold of a row.
#[derive(Default)]
pub(super) struct Conditions {
    fields: Object,
    others: Vec<Json>,
}

impl Conditions {
    /// Takes one more: a group, or the test of a field.
    pub(super) fn take(
        &mut self,
        origin: Origin<'_>,
        (name, value): (&str, &str),
        spelling: Spelling,
    ) -> Result<()> {
        if let "and" | "or" | "not.and" | "not.or" = name {
            let group = condition::of_group(origin, name, value)?;
            self.others.push(group);
            return Ok(());
        }
        let (field, test) = condition::of_field(origin, name, value, spelling)?;
        match self.fields.contains_key(&field) {
            true => self.others.push(json!({ field: test })),
            false => {
                self.fields.insert(field, test);
            }
        }
        Ok(())
    }

    /// Adds them to an input as its filter, where there are any.
    pub(super) fn add_to(mut self, input: &mut Object) {
        if !self.others.is_empty() {
            self.fields.insert("$and".to_owned(), self.others.into());
        }
        if !self.fields.is_empty() {
            input.insert("filter".to_owned(), self.fields.into());
        }
    }
}
