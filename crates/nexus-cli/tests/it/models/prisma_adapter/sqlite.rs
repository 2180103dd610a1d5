//! Models of an existing database, written by `nexus models generate`.

use dataflow::{Model, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new().model::<User>()
}

/// A row of `User`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "User")]
pub struct User {
    #[model(primary_key)]
    pub id: String,
    #[model(
        column = "createdAt",
        pattern = r#"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}\+[0-9]{2}:[0-9]{2}$"#,
        adopts = "DATETIME"
    )]
    pub created_at: String,
    #[model(
        column = "updatedAt",
        pattern = r#"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}\+[0-9]{2}:[0-9]{2}$"#,
        adopts = "DATETIME"
    )]
    pub updated_at: String,
}
