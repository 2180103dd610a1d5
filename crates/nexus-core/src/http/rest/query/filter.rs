//! All that must hold of a row, gathered from the parts that name it.

use dataflow_core::error::Result;
use dataflow_core::node::Object;
use serde_json::{Value as Json, json};

use super::condition::Condition;
use super::logic;
use super::origin::Origin;

/// All that must hold of a row.
#[derive(Default)]
pub(super) struct Filter {
    fields: Object,
    others: Vec<Json>,
}

impl Filter {
    /// Takes one more: a group, or a condition.
    pub(super) fn take(&mut self, origin: Origin<'_>, condition: Condition<'_>) -> Result<()> {
        let (word, list) = (condition.name(), condition.test());
        if logic::WORDS.contains(&word) {
            self.others.push(logic::test(origin, word, list, 0)?);
            return Ok(());
        }
        let (field, test) = condition.read(origin)?;
        match self.fields.contains_key(&field) {
            true => self.others.push(json!({ field: test })),
            false => {
                self.fields.insert(field, test);
            }
        }
        Ok(())
    }

    /// Adds them to an input, where there are any.
    pub(super) fn add_to(mut self, input: &mut Object) {
        if !self.others.is_empty() {
            self.fields.insert("$and".to_owned(), self.others.into());
        }
        if !self.fields.is_empty() {
            input.insert("filter".to_owned(), self.fields.into());
        }
    }
}
