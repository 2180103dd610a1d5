//! Who changed which row, when and how.
//!
//! ```
//! use dataflow::{AuditEntry, AuditVerb, DataFlow, Model};
//!
//! #[derive(Debug, Clone, Model)]
//! #[model(audit)]
//! struct Account {
//!     #[model(primary_key)]
//!     name: String,
//!     cents: i64,
//!     #[model(sensitive)]
//!     iban: String,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> dataflow::Result<()> {
//! let db = DataFlow::builder("sqlite::memory:").model::<Account>().open()?;
//! let accounts = db.caller("ann").repository::<Account>()?;
//! let account = Account { name: "rent".to_owned(), cents: 5, iban: "DE02…".to_owned() };
//! accounts.create(&account).await?;
//! accounts.update(&Account { cents: 7, ..account.clone() }).await?;
//!
//! let of_rent = AuditEntry::of::<Account>(&"rent".to_owned());
//! let newest = AuditEntry::ID.desc();
//! let entries = db.audit()?.filter(of_rent).order_by(newest).list().await?.rows;
//! assert_eq!((entries[0].verb, entries[0].caller.as_deref()), (AuditVerb::Update, Some("ann")));
//! let change = &entries[0].changes.0[0];
//! assert_eq!((&*change.field, &change.before, &change.after), ("cents", &5.into(), &7.into()));
//!
//! let created = &entries[1].changes.0;
//! assert!(created[2].is_masked && created[2].after.is_null(), "an iban is nobody's business");
//! # Ok(())
//! # }
//! ```

mod retention;

pub(crate) use retention::Retention;

use std::sync::Arc;

use dataflow_core::error::Kind;
use dataflow_core::node::{ModelVerb, Node};
use dataflow_core::query::Predicate;
use dataflow_core::schema::{Json, KeyValue as _};
use dataflow_core::value::Timestamp;
use dataflow_core::{Error, Model, ModelEnum, ModelSchema, Result, SchemaSet, Value};
use serde::{Deserialize, Serialize};
use serde_json::Value as JsonValue;

use crate::database::DataFlow;
use crate::repository::Query;

/// What was done to one row of a model that is declared `#[model(audit)]`, written in the
/// transaction that did it.
///
/// The entries are rows of a model like any other, in the table `audit_entries`, which is there as
/// soon as one model is audited. They are only added. No node shows them, neither as rows nor as the
/// trail of one row (`account_audit`), unless
/// [`audit_at_doors`](crate::DataFlowBuilder::audit_at_doors) says so: who may read them is for the
/// program to say.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(append_only, index(model, row_key))]
pub struct AuditEntry {
    /// Entries are counted up.
    #[model(primary_key)]
    pub id: i64,
    /// When it was written.
    #[model(created_at, index)]
    pub written_at: Timestamp,
    /// Who did it, where that was said: by [`DataFlow::caller`], or in the
    /// [`Context`](crate::node::Context) of a node.
    pub caller: Option<String>,
    /// Whose row it is, where rows belong to somebody.
    pub tenant: Option<String>,
    /// The model.
    pub model: String,
    /// What was done.
    pub verb: AuditVerb,
    /// The key of the row: a JSON array of the values of its fields. See [`of`](Self::of).
    pub row_key: String,
    /// The fields that have other values since then, in the order of the model.
    pub changes: Json<Vec<FieldChange>>,
}

/// What was done to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ModelEnum)]
pub enum AuditVerb {
    /// It is new.
    Create,
    /// It has other values.
    Update,
    /// It is gone, or left out from then on.
    Delete,
    /// It was deleted, and is not any more.
    Restore,
}

/// The change of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The name of the field.
    pub field: String,
    /// What it held, as JSON; null where there was nothing.
    #[serde(default, skip_serializing_if = "JsonValue::is_null")]
    pub before: JsonValue,
    /// What it holds from then on.
    #[serde(default, skip_serializing_if = "JsonValue::is_null")]
    pub after: JsonValue,
    /// Whether the values were not written down, because the field is sensitive or write-only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_masked: bool,
}

impl AuditEntry {
    /// The entries of the row of a key.
    pub fn of<M: Model>(key: &M::Key) -> Predicate<Self> {
        let model = Self::MODEL.eq(&*M::schema().name);
        model.and(Self::ROW_KEY.eq(row_key(&key.to_values())))
    }
}

/// Whether a model is that of the entries.
pub(crate) fn is_trail(model: &ModelSchema) -> bool {
    model.table == AuditEntry::TABLE
}

/// Whether a node shows what was done to rows.
pub(crate) fn tells_of_trail(node: &Arc<dyn Node>) -> bool {
    let model = node.descriptor().model();
    model.is_some_and(|(model, verb)| verb == ModelVerb::Audit || is_trail(model))
}

/// A set of models, with that of the entries where one is audited.
pub(crate) fn with_trail(schema_set: SchemaSet) -> SchemaSet {
    let is_audited = schema_set.models().any(|model| model.audited);
    let has_trail = schema_set
        .models()
        .any(|model| model == AuditEntry::schema());
    match is_audited && !has_trail {
        true => schema_set.model::<AuditEntry>(),
        false => schema_set,
    }
}

/// A key as entries hold it.
pub(crate) fn row_key(key: &[Value]) -> String {
    let values: Vec<JsonValue> = key.iter().map(Value::to_json).collect();
    JsonValue::from(values).to_string()
}

impl DataFlow {
    /// What was done to rows of audited models; see [`AuditEntry`].
    ///
    /// # Errors
    ///
    /// [`Kind::Unsupported`] where no model is declared `#[model(audit)]`.
    pub fn audit(&self) -> Result<Query<AuditEntry>> {
        let entries = self.repository::<AuditEntry>();
        let entries = entries.map_err(|_| {
            Error::new(Kind::Unsupported, "no model of this database is audited")
                .with_help("declare one #[model(audit)]")
        })?;
        Ok(entries.query())
    }

    /// Deletes the audit entries that were written before a time, in portions, and says how many
    /// those were. Nothing else deletes any, but
    /// [`audit_kept_for`](crate::DataFlowBuilder::audit_kept_for).
    ///
    /// # Errors
    ///
    /// As [`audit`](Self::audit), and when the database refuses.
    pub async fn prune_audit(&self, before: Timestamp) -> Result<u64> {
        self.audit().map(drop)?;
        retention::prune(&self.tables(), self.pool(), before).await
    }
}
