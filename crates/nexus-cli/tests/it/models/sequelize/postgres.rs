//! Models of an existing database, written by `nexus models generate`.
//!
//! Their fields use chrono, rust_decimal, serde_json, uuid.

use dataflow::{Model, ModelEnum, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new().model::<User>().model::<Order>()
}

/// A row of `Users`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "Users", has_many(orders = Order.user_id))]
pub struct User {
    #[model(primary_key)]
    pub id: i32,
    #[model(unique, max_length = 255)]
    pub email: String,
    #[model(column = "isAdmin", default = false)]
    pub is_admin: bool,
    pub token: Option<uuid::Uuid>,
    pub settings: Option<serde_json::Value>,
    #[model(precision = 10, scale = 2)]
    pub balance: Option<rust_decimal::Decimal>,
    pub score: Option<f64>,
    #[model(default = 0)]
    pub views: Option<i64>,
    #[model(default = "user")]
    pub role: Option<EnumUsersRole>,
    pub birthday: Option<chrono::NaiveDate>,
    #[model(column = "createdAt")]
    pub created_at: chrono::DateTime<chrono::Utc>,
    #[model(column = "updatedAt")]
    pub updated_at: chrono::DateTime<chrono::Utc>,
}

/// A row of `Orders`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "Orders")]
pub struct Order {
    #[model(primary_key)]
    pub id: i32,
    #[model(column = "paidAt")]
    pub paid_at: Option<chrono::DateTime<chrono::Utc>>,
    #[model(column = "createdAt")]
    pub created_at: chrono::DateTime<chrono::Utc>,
    #[model(column = "updatedAt")]
    pub updated_at: chrono::DateTime<chrono::Utc>,
    #[model(
        column = "UserId",
        belongs_to = User,
        on_delete = "set_null",
        on_update = "cascade"
    )]
    pub user_id: Option<i32>,
}

/// A value of type `enum_Users_role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ModelEnum)]
#[model(type = "enum_Users_role")]
pub enum EnumUsersRole {
    User,
    Admin,
}
