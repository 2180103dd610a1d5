//! What a node is called, what it takes and what it gives.

use std::sync::{Arc, LazyLock};

use super::Shape;
use crate::schema::ModelSchema;

/// All that a door needs to know to offer a node: OpenAPI, MCP and the command line are written
/// from it.
///
/// Its name and model are there at once, because a registry sorts by them. The [`Details`] may be
/// written when somebody first looks at them: a server with many models starts before anybody has
/// asked what they look like.
#[derive(Debug)]
pub struct Descriptor {
    name: String,
    model: Option<(Arc<ModelSchema>, ModelVerb)>,
    details: LazyLock<Details, Box<dyn FnOnce() -> Details + Send>>,
}

/// What a node says about itself, what it takes and what it gives.
#[derive(Debug, Clone)]
pub struct Details {
    /// One sentence or more for people and models.
    pub description: String,
    /// The object it takes.
    pub input: Shape,
    /// What it gives.
    pub output: Shape,
}

impl Descriptor {
    /// A handler or a workflow, under the name that it is registered by.
    pub fn custom(name: impl Into<String>, details: Details) -> Self {
        Self {
            name: name.into(),
            model: None,
            details: LazyLock::new(Box::new(|| details)),
        }
    }

    /// One of the operations of a model, whose [noun](ModelSchema::noun) the caller knows:
    /// `user` makes `user_create`.
    pub fn of_model(
        schema: &Arc<ModelSchema>,
        noun: &str,
        verb: ModelVerb,
        details: fn(&ModelSchema, ModelVerb) -> Details,
    ) -> Self {
        let described = schema.clone();
        Self {
            name: [noun, "_", verb.as_str()].concat(),
            model: Some((schema.clone(), verb)),
            details: LazyLock::new(Box::new(move || details(&described, verb))),
        }
    }

    /// The name at every door: `user_create`, or the name it was registered under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The model, in the form every door reads, and which of its operations this is; none
    /// for a handler or a workflow.
    pub fn model(&self) -> Option<(&Arc<ModelSchema>, ModelVerb)> {
        self.model.as_ref().map(|(schema, verb)| (schema, *verb))
    }

    /// One sentence or more for people and models.
    pub fn description(&self) -> &str {
        &self.details.description
    }

    /// The object it takes.
    pub fn input(&self) -> &Shape {
        &self.details.input
    }

    /// What it gives.
    pub fn output(&self) -> &Shape {
        &self.details.output
    }

    /// The same with another description.
    #[must_use]
    pub fn described(self, description: impl Into<String>) -> Self {
        let details = Details {
            description: description.into(),
            ..self.details.clone()
        };
        Self {
            details: LazyLock::new(Box::new(|| details)),
            ..self
        }
    }
}

/// The operations of a model: eleven, one more where deleted rows stay, and one where what is done to
/// rows is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ModelVerb {
    /// One new row. Takes its fields; gives the row.
    Create,
    /// One row. Takes its key under the key field's name; gives the row, or is not found.
    Read,
    /// Changes of one row. Takes the key and the fields to change; gives the row, or is not found.
    Update,
    /// Removes one row. Takes the key; gives nothing, or is not found.
    Delete,
    /// Rows in the order of their keys. Takes `filter`, `limit` and `after`; gives an array, and
    /// the next cursor beside it.
    List,
    /// How many rows. Takes `filter`; gives `{"count": n}`.
    Count,
    /// One row, new or changed. Takes its fields and `conflict_on`; gives the row.
    Upsert,
    /// Many new rows, all or none. Takes `rows`; gives an array.
    BulkCreate,
    /// Changes of many rows, all or none. Takes `rows`, each with its key; gives an array.
    BulkUpdate,
    /// Removes many rows, all or none. Takes `ids`; gives `{"count": n}`.
    BulkDelete,
    /// Many rows, new or changed, all or none. Takes `rows` and `conflict_on`; gives an array.
    BulkUpsert,
    /// One row that was deleted and stayed, back again. Takes its key; gives the row, or is not
    /// found.
    Restore,
    /// What was done to one row, newest first. Takes its key, `limit` and `after`; gives an array,
    /// and the next cursor beside it, or is not found.
    Audit,
}

impl ModelVerb {
    /// All that a model may have, in the order they are listed at every door; see
    /// [`is_of`](Self::is_of).
    pub const ALL: [Self; 13] = [
        Self::Create,
        Self::Read,
        Self::Update,
        Self::Delete,
        Self::List,
        Self::Count,
        Self::Upsert,
        Self::BulkCreate,
        Self::BulkUpdate,
        Self::BulkDelete,
        Self::BulkUpsert,
        Self::Restore,
        Self::Audit,
    ];

    /// Whether a model has it: only rows that stay when they are deleted can be restored, rows that
    /// are only added are neither changed nor deleted, and only audited ones have a trail.
    pub fn is_of(self, model: &ModelSchema) -> bool {
        match self {
            Self::Create | Self::Read | Self::List | Self::Count | Self::BulkCreate => true,
            Self::Restore => model.deleted().is_some(),
            Self::Audit => model.audited,
            _ => !model.append_only,
        }
    }

    /// The verb as it stands in operation names: `bulk_create`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::List => "list",
            Self::Count => "count",
            Self::Upsert => "upsert",
            Self::BulkCreate => "bulk_create",
            Self::BulkUpdate => "bulk_update",
            Self::BulkDelete => "bulk_delete",
            Self::BulkUpsert => "bulk_upsert",
            Self::Restore => "restore",
            Self::Audit => "audit",
        }
    }

    /// Whether it changes nothing.
    pub const fn is_read_only(self) -> bool {
        matches!(self, Self::Read | Self::List | Self::Count | Self::Audit)
    }

    /// Whether it can lose what a row held.
    pub const fn is_destructive(self) -> bool {
        matches!(
            self,
            Self::Update
                | Self::Delete
                | Self::Upsert
                | Self::BulkUpdate
                | Self::BulkDelete
                | Self::BulkUpsert
        )
    }

    /// Whether a second call with the same input changes nothing more.
    pub const fn is_idempotent(self) -> bool {
        !matches!(self, Self::Create | Self::BulkCreate)
    }
}
