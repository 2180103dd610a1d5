//! One entry of the outbox.

use dataflow_core::ModelSchema;
use dataflow_core::feed::{GAP, Position, RowChange, RowVerb};
use dataflow_core::schema::FieldType;
use dataflow_core::value::{Object, from_json};
use serde_json::Value as Json;

/// The columns of an entry: transaction, number, table, verb, key, former key, tenant.
pub(super) type Row = (i64, i64, String, String, Json, Option<Json>, Option<String>);

/// One entry, as it was written.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) position: Position,
    pub(super) table: String,
    /// None for a gap: changes before it may be missing, of its table or of all.
    verb: Option<RowVerb>,
    key: Json,
    former_key: Option<Json>,
    pub(super) tenant: Option<String>,
}

impl Entry {
    /// An entry with a verb that only a newer release knows counts as a gap.
    pub(super) fn of((transaction, entry, table, verb, key, former_key, tenant): Row) -> Self {
        debug_assert!(RowVerb::of(&verb).is_some() || verb == GAP, "{verb}");
        Self {
            position: position(transaction, entry),
            table,
            verb: RowVerb::of(&verb),
            key,
            former_key,
            tenant,
        }
    }

    /// Whether changes before it may be missing.
    pub(super) fn is_gap(&self) -> bool {
        self.verb.is_none()
    }

    /// The change of a row of a model; none for a gap.
    pub(super) fn change(&self, model: &ModelSchema) -> Option<RowChange> {
        let mut change = RowChange::new(
            self.position,
            model.name.to_string(),
            self.verb?,
            key(model, &self.key),
        );
        change.tenant.clone_from(&self.tenant);
        change.former_key = self.former_key.as_ref().map(|former| key(model, former));
        Some(change)
    }
}

/// A position as the database gives it.
pub(super) fn position(transaction: i64, entry: i64) -> Position {
    Position {
        transaction: transaction.unsigned_abs(),
        entry: entry.unsigned_abs(),
    }
}

/// The values of a key by the names of its fields, each as the field writes it: a database knows
/// fewer types, and spells a time in its own way.
fn key(model: &ModelSchema, values: &Json) -> Object {
    let values = values.as_array().map_or(&[][..], Vec::as_slice);
    let fields = model.key_fields().zip(values);
    let named = fields.map(|(field, value)| {
        let value = match (&field.field_type, value.as_i64()) {
            (FieldType::Bool, Some(number)) => Json::Bool(number != 0),
            _ => value.clone(),
        };
        let read = from_json(&field.field_type, &value);
        (
            field.name.to_string(),
            read.map_or(value, |read| read.to_json()),
        )
    });
    named.collect()
}
