//! What is about to be given to a row.

use dataflow_core::Value;

use crate::table::{Addition, Change, Changes, Given};

/// What is about to be given to one row.
#[derive(Clone)]
pub(crate) struct Entry {
    /// Where it stands in the input, as a JSON pointer.
    pub(crate) place: String,
    /// The key, where the row exists.
    pub(crate) key: Option<Vec<Value>>,
    /// The values.
    pub(crate) given: Given,
    /// What is added to the values of a row that exists.
    pub(crate) added: Vec<Addition>,
    pub(super) version: Option<Value>,
}

impl Entry {
    pub(in crate::table) fn new(given: Given) -> Self {
        Self::at("", given)
    }

    pub(in crate::table) fn at(place: &str, changes: impl Into<Changes>) -> Self {
        let Changes { given, added } = changes.into();
        Self {
            place: place.to_owned(),
            key: None,
            given,
            added,
            version: None,
        }
    }

    pub(in crate::table) fn of(change: Change) -> Self {
        Self {
            key: Some(change.key),
            version: change.version,
            ..Self::at("", change.changes)
        }
    }

    pub(in crate::table) fn of_key(key: Vec<Value>) -> Self {
        Self {
            key: Some(key),
            ..Self::new(Given::new())
        }
    }

    pub(in crate::table) fn each(rows: impl IntoIterator<Item = Given>) -> Vec<Self> {
        numbered(rows.into_iter().map(Self::new))
    }

    /// New rows, each before what the row is given that it conflicts with.
    pub(in crate::table) fn of_pairs(rows: Vec<(Given, Changes)>) -> Vec<Self> {
        let pairs = rows.into_iter().enumerate();
        let pairs = pairs.flat_map(|(index, (given, changes))| {
            let place = format!("/{index}");
            let change = Self::at(&format!("{place}/change"), changes);
            [Self::at(&place, given), change]
        });
        pairs.collect()
    }

    pub(in crate::table) fn of_each(rows: Vec<Change>) -> Vec<Self> {
        numbered(rows.into_iter().map(Self::of))
    }

    /// What it gives to some fields.
    pub(super) fn given_to(&self, fields: &[usize]) -> Vec<Value> {
        let given = |field: &usize| {
            let mut given = self.given.iter();
            let found = given.find(|(position, _)| position == field);
            found.map_or(Value::Null, |(_, value)| value.clone())
        };
        fields.iter().map(given).collect()
    }

    pub(super) fn into_changes(self) -> Changes {
        Changes {
            given: self.given,
            added: self.added,
        }
    }

    pub(super) fn into_change(mut self) -> Change {
        Change {
            key: self.key.take().unwrap_or_default(),
            version: self.version.take(),
            changes: self.into_changes(),
        }
    }
}

fn numbered(entries: impl Iterator<Item = Entry>) -> Vec<Entry> {
    let numbered = entries.enumerate().map(|(index, entry)| Entry {
        place: format!("/{index}"),
        ..entry
    });
    numbered.collect()
}
