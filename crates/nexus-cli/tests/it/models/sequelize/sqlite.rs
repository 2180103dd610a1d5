//! Models of an existing database, written by `nexus models generate`.
//!
//! Their fields use chrono, rust_decimal, serde_json, uuid.

use dataflow::{Model, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new().model::<User>().model::<Order>()
}

/// A row of `Users`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "Users",
    unique(token, name = "users_token"),
    has_many(orders = Order.user_id)
)]
pub struct User {
    #[model(primary_key)]
    pub id: i64,
    #[model(unique)]
    pub email: String,
    #[model(column = "isAdmin", default = false)]
    pub is_admin: bool,
    #[model(adopts = "UUID")]
    pub token: Option<uuid::Uuid>,
    #[model(adopts = "JSON")]
    pub settings: Option<serde_json::Value>,
    #[model(precision = 10, scale = 2, adopts = "DECIMAL(10,2)")]
    pub balance: Option<rust_decimal::Decimal>,
    pub score: Option<f64>,
    #[model(default = 0)]
    pub views: Option<i64>,
    #[model(default = "user")]
    pub role: Option<String>,
    #[model(adopts = "DATE")]
    pub birthday: Option<chrono::NaiveDate>,
    #[model(adopts = "TIME")]
    pub opens: Option<chrono::NaiveTime>,
    #[model(
        column = "createdAt",
        pattern = r#"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} \+[0-9]{2}:[0-9]{2}$"#,
        adopts = "DATETIME"
    )]
    pub created_at: String,
    #[model(
        column = "updatedAt",
        pattern = r#"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} \+[0-9]{2}:[0-9]{2}$"#,
        adopts = "DATETIME"
    )]
    pub updated_at: String,
}

/// A row of `Orders`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "Orders")]
pub struct Order {
    #[model(primary_key)]
    pub id: i64,
    #[model(
        column = "paidAt",
        pattern = r#"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} \+[0-9]{2}:[0-9]{2}$"#,
        adopts = "DATETIME"
    )]
    pub paid_at: Option<String>,
    #[model(
        column = "createdAt",
        pattern = r#"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} \+[0-9]{2}:[0-9]{2}$"#,
        adopts = "DATETIME"
    )]
    pub created_at: String,
    #[model(
        column = "updatedAt",
        pattern = r#"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} \+[0-9]{2}:[0-9]{2}$"#,
        adopts = "DATETIME"
    )]
    pub updated_at: String,
    #[model(
        column = "UserId",
        belongs_to = User,
        on_delete = "set_null",
        on_update = "cascade"
    )]
    pub user_id: Option<i64>,
}
