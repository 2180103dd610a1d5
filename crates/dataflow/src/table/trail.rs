//! What is written down of the rows of an audited model.
//!
//! The library does it and not the database, because it alone knows who calls and which values are
//! nobody's business, on both databases alike. Rows that may be changed are read, and locked, before
//! they are, in the transaction that changes them.

mod shown;

use std::collections::HashMap;

use dataflow_core::dialect::dml::Deleted;
use dataflow_core::query::{Filter, IfLocked, Listing};
use dataflow_core::schema::{Field, FieldType, Json};
use dataflow_core::{Model as _, ModelSchema, Result, Value};
use serde_json::Value as JsonValue;

use super::attended::{Entry, Write};
use super::related::{Identity, identity};
use super::{Given, Table};
use crate::audit::{AuditEntry, AuditVerb, FieldChange, row_key};
use crate::collect::{StoredRow, StoredRows};
use crate::hooks::Occasion;

/// Rows as they are before a write, by their keys.
pub(super) struct Before(HashMap<Vec<Identity>, StoredRow>);

impl Table {
    /// Reads the rows that a write of some entries meets, and locks them.
    pub(super) async fn rows_before(&self, write: Write<'_>, entries: &[Entry]) -> Result<Before> {
        let model = self.model();
        let key = model.key_positions();
        let (fields, sought) = write.meets(&key, entries);
        let table = match write {
            Write::GiveBack => &self.reaching(Deleted::Only),
            _ => self,
        };
        let mut before = HashMap::new();
        for filter in filters(model, fields, sought)? {
            for row in table.lock_rows(filter).await? {
                before.insert(key_of(&key, &row), row);
            }
        }
        Ok(Before(before))
    }

    /// Reads the rows that a filter lets through, and locks them.
    pub(super) async fn lock_rows(&self, filter: Filter) -> Result<Vec<StoredRow>> {
        let every = (0..self.model().fields.len()).collect();
        let listing = Listing::of_fields(self.model(), &[], every);
        let statement = self.statements().list(&filter, &listing)?;
        let mut values = filter.into_values(self.statements().dialect());
        values.push(Value::Integer(i64::MAX));
        let rows = StoredRows::new(self.own().columns.clone());
        self.read_locked(&statement, values, IfLocked::Wait, rows)
            .await
    }

    /// Writes down what a write has made of rows.
    pub(super) async fn record(
        &self,
        occasion: Occasion,
        before: &Before,
        rows: &[StoredRow],
    ) -> Result<()> {
        let key = self.model().key_positions();
        let entries = rows.iter().filter_map(|row| {
            let before = before.0.get(&key_of(&key, row));
            let verb = match (occasion, before) {
                (Occasion::Restore, _) => AuditVerb::Restore,
                (_, None) => AuditVerb::Create,
                (_, Some(_)) => AuditVerb::Update,
            };
            let changes = changes(self.model(), before, Some(row));
            (!changes.is_empty()).then(|| self.audit_entry(verb, &key, row, changes))
        });
        self.record_entries(entries.collect()).await
    }

    /// Writes down that rows were removed. Those that stay are given with the time of it.
    pub(super) async fn record_removal(&self, rows: &[StoredRow], is_kept: bool) -> Result<()> {
        let model = self.model();
        let key = model.key_positions();
        let deleted = model.deleted().filter(|_| is_kept);
        let entries = rows.iter().map(|row| {
            let changes = match deleted {
                None => changes(model, Some(row), None),
                Some(at) => vec![change(&model.fields[at], &Value::Null, row.value(at))],
            };
            self.audit_entry(AuditVerb::Delete, &key, row, changes)
        });
        self.record_entries(entries.collect()).await
    }

    fn audit_entry(
        &self,
        verb: AuditVerb,
        key: &[usize],
        row: &StoredRow,
        changes: Vec<FieldChange>,
    ) -> Given {
        let model = self.model();
        let key: Vec<Value> = key.iter().map(|&at| row.value(at).clone()).collect();
        let tenant = model.tenant().map(|at| owner(row.value(at)));
        let entry = AuditEntry {
            id: 0,
            written_at: crate::key::now(),
            caller: self.bounds.caller().map(ToOwned::to_owned),
            tenant,
            model: model.name.to_string(),
            verb,
            row_key: row_key(&key),
            changes: Json(changes),
        };
        let is_counted = |position: &usize| *position == AuditEntry::ID.position();
        let values = entry.values().into_iter().enumerate();
        values
            .filter(|(position, _)| !is_counted(position))
            .collect()
    }

    async fn record_entries(&self, mut entries: Vec<Given>) -> Result<()> {
        let trail = self.trail()?;
        self.family.keep_trail();
        match entries.len() {
            0 => Ok(()),
            1 => trail.insert(entries.remove(0), ()).await,
            _ => trail.load_all(entries.into_iter()).await.map(drop),
        }
    }
}

/// A tenant as entries hold it.
fn owner(tenant: &Value) -> String {
    match tenant.to_json() {
        JsonValue::String(tenant) => tenant,
        other => other.to_string(),
    }
}

/// One filter for all that is sought, or one for each where no list can hold it.
fn filters(
    model: &ModelSchema,
    fields: &[usize],
    mut sought: Vec<Vec<Value>>,
) -> Result<Vec<Filter>> {
    let field = |at: usize| &model.fields[at];
    sought.retain(|values| !values.iter().any(Value::is_null));
    match fields {
        _ if sought.is_empty() => Ok(Vec::new()),
        [one] if !matches!(field(*one).field_type, FieldType::Bytes | FieldType::Json) => {
            let listed = Filter::all().and_in(model, &field(*one).name, &sought.concat())?;
            Ok(vec![listed])
        }
        _ => {
            let all_equal = |values: Vec<Value>| {
                let mut pairs = fields.iter().zip(values);
                pairs.try_fold(Filter::all(), |filter, (&at, value)| {
                    filter.and_equal(model, &field(at).name, value)
                })
            };
            sought.into_iter().map(all_equal).collect()
        }
    }
}

fn key_of(key: &[usize], row: &StoredRow) -> Vec<Identity> {
    key.iter().map(|&at| identity(row.value(at))).collect()
}

/// What differs between two states of a row.
fn changes(
    model: &ModelSchema,
    before: Option<&StoredRow>,
    after: Option<&StoredRow>,
) -> Vec<FieldChange> {
    let value = |row: Option<&'_ StoredRow>, at: usize| match row {
        Some(row) => row.value(at).clone(),
        None => Value::Null,
    };
    let fields = model.fields.iter().enumerate();
    let changed = fields.filter_map(|(at, field)| {
        let (before, after) = (value(before, at), value(after, at));
        (before != after).then(|| change(field, &before, &after))
    });
    changed.collect()
}

fn change(field: &Field, before: &Value, after: &Value) -> FieldChange {
    let is_masked = field.access.is_secret();
    let shown = |value: &Value| match is_masked {
        true => JsonValue::Null,
        false => value.to_json(),
    };
    FieldChange {
        field: field.name.to_string(),
        before: shown(before),
        after: shown(after),
        is_masked,
    }
}
