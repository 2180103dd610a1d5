//! Which changes of rows change a resource.

use dataflow_core::feed::RowChange;
use dataflow_core::node::{Object, Source};
use dataflow_core::schema::FieldType;
use dataflow_core::value::from_json;
use dataflow_core::{ModelSchema, Value};
use nexus_core::Registry;

use super::uri::Uri;
use super::{model, row};

/// A resource that is made of rows whose changes are followed.
pub(crate) struct Watched {
    pub(crate) uri: String,
    /// The model of the rows, as its source calls it.
    pub(crate) model: String,
    /// The key of the one row; empty where every row of the model is meant.
    key: Vec<(String, FieldType, Value)>,
}

impl Watched {
    /// The resource of a URI; none where it is not made of rows, or where nobody follows their
    /// changes.
    pub(crate) fn of(registry: &Registry, uri: &str) -> Option<Self> {
        let (noun, key) = match Uri::parse(uri)? {
            Uri::Rows(noun) => (noun, None),
            Uri::Row { noun, key } => (noun, Some(key)),
            Uri::Schema | Uri::Model(_) | Uri::Workflow(_) => return None,
        };
        let schema = model::find(registry, noun).ok()?;
        if !registry
            .sources()
            .iter()
            .any(|source| follows(&**source, &schema.name))
        {
            return None;
        }
        let key = match key {
            None => Vec::new(),
            Some(key) => values(schema, &row::input(schema, &key).ok()?)?,
        };
        Some(Self {
            uri: uri.to_owned(),
            model: schema.name.to_string(),
            key,
        })
    }

    /// Whether a change of a row is one of this resource: of the row that has its key, or had it.
    pub(crate) fn is_changed_by(&self, change: &RowChange) -> bool {
        let is_it = |key: &Object| {
            self.key.iter().all(|(name, field_type, value)| {
                let found = key.get(name).map(|json| from_json(field_type, json));
                found.and_then(Result::ok).as_ref() == Some(value)
            })
        };
        change.model == self.model
            && (is_it(&change.key) || change.former_key.as_ref().is_some_and(is_it))
    }
}

/// Whether changes of a model's rows are told by a source.
pub(crate) fn follows(source: &dyn Source, model: &str) -> bool {
    source
        .followed_models()
        .iter()
        .any(|followed| followed == model)
}

fn values(schema: &ModelSchema, key: &Object) -> Option<Vec<(String, FieldType, Value)>> {
    let values = schema.key_fields().map(|field| {
        let value = from_json(&field.field_type, key.get(&*field.name)?).ok()?;
        Some((field.name.to_string(), field.field_type.clone(), value))
    });
    values.collect()
}
