//! What can be called.

mod model;

use std::collections::HashMap;
use std::sync::Arc;

use dataflow_core::ModelSchema;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Node, Source};
use dataflow_core::schema::{Models, TableName};

pub use model::ModelOperations;

use crate::Operation;

/// MCP allows tool names of 1 to 128 letters, digits, `_`, `-` and `.`; a path segment and a command
/// line argument take all of them.
const LONGEST_NAME: usize = 128;

/// Everything that can be called, by name, in the order of registration.
#[derive(Default)]
pub struct Registry {
    operations: Vec<Operation>,
    positions: HashMap<String, usize>,
    models: Vec<ModelOperations>,
    tables: HashMap<String, usize>,
    sources: Vec<Arc<dyn Source>>,
}

impl Registry {
    /// Nothing registered.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the operations of every model of a source.
    ///
    /// # Errors
    ///
    /// When a name is taken: another source has a model of the same name.
    pub fn mount(&mut self, source: Arc<dyn Source>) -> Result<()> {
        let nodes = source.nodes();
        self.operations.reserve(nodes.len());
        self.positions.reserve(nodes.len());
        for node in nodes {
            self.register(node)?;
        }
        self.sources.push(source);
        Ok(())
    }

    /// Adds one node under its own name.
    ///
    /// # Errors
    ///
    /// When the name is taken or not a name, or when another model has the same table.
    pub fn register(&mut self, node: Arc<dyn Node>) -> Result<()> {
        let operation = Operation::new(node, self.operations.len());
        check_name(operation.name())?;
        if self.positions.contains_key(operation.name()) {
            let message = format!("operation {:?} is registered twice", operation.name());
            return Err(Error::new(Kind::Configuration, message)
                .with_help("register one of them under another name"));
        }
        if let Some((schema, verb)) = operation.descriptor().model() {
            let model = self.model_to_be(schema)?;
            model.add(verb, &operation);
        }
        let name = operation.name().to_owned();
        self.positions.insert(name, operation.position());
        self.operations.push(operation);
        Ok(())
    }

    /// Every node, in the order of registration, for workflows to use.
    pub fn nodes(&self) -> impl Iterator<Item = &Arc<dyn Node>> {
        self.operations.iter().map(Operation::node)
    }

    /// The operation of a name.
    pub fn find(&self, name: &str) -> Option<&Operation> {
        self.positions
            .get(name)
            .map(|&position| &self.operations[position])
    }

    /// Every operation, in the order of registration.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter()
    }

    /// The models whose operations there are, in the order of registration.
    pub fn models(&self) -> &[ModelOperations] {
        &self.models
    }

    /// The position among the [`models`](Registry::models) of the one that has a table, which is
    /// called as in paths: with its schema before a dot, where it has one.
    pub fn position_of_table(&self, table: &str) -> Option<usize> {
        self.tables.get(table).copied()
    }

    /// The operations that belong to no model: workflows and handlers.
    pub fn workflows(&self) -> impl Iterator<Item = &Operation> {
        self.operations()
            .filter(|operation| operation.model().is_none())
    }

    /// The mounted sources.
    pub fn sources(&self) -> &[Arc<dyn Source>] {
        &self.sources
    }

    /// The entry of a model, made if this is the first of its operations.
    fn model_to_be(&mut self, schema: &Arc<ModelSchema>) -> Result<&mut ModelOperations> {
        let position = match self.position_of_table(&schema.table.to_string()) {
            Some(position) => position,
            None => {
                let position = self.models.len();
                self.tables.insert(schema.table.to_string(), position);
                self.models.push(ModelOperations::of(schema));
                position
            }
        };
        let model = &mut self.models[position];
        table_belongs_to(model.schema(), schema)?;
        Ok(model)
    }
}

/// Tables are paths at the HTTP door, so there is one model for each.
impl Models for Registry {
    fn of_table(&self, table: &TableName) -> Option<Arc<ModelSchema>> {
        let position = self.position_of_table(&table.to_string())?;
        Some(self.models[position].shared_schema().clone())
    }
}

/// Tables are paths at the HTTP door, so two models cannot share one.
fn table_belongs_to(owner: &ModelSchema, schema: &ModelSchema) -> Result<()> {
    if owner.name == schema.name {
        return Ok(());
    }
    let message = format!(
        "table {:?} is that of model {:?} and of model {:?}",
        schema.table, owner.name, schema.name
    );
    Err(Error::new(Kind::Configuration, message)
        .with_help("give one of them another table: #[model(table = \"…\")]"))
}

fn check_name(name: &str) -> Result<()> {
    let is_name = (1..=LONGEST_NAME).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if is_name {
        return Ok(());
    }
    Err(Error::new(
        Kind::Configuration,
        format!("operation name {name:?} is not valid"),
    )
    .with_help("use 1 to 128 letters, digits, '_', '-' and '.'"))
}
