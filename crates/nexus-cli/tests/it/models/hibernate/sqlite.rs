//! Models of an existing database, written by `nexus models generate`.

use dataflow::{Model, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new().model::<Event>().model::<Guest>()
}

/// A row of `event`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "event", has_many(guests = Guest.event_id))]
pub struct Event {
    #[model(primary_key)]
    pub id: i64,
    pub active: bool,
    pub title: Option<String>,
    /// A number of 15 exact digits, as the database keeps it.
    #[model(adopts = "numeric(38,2)")]
    pub price: Option<f64>,
    /// Milliseconds since 1970 in UTC, as the tool that made the column counts them.
    #[model(adopts = "date")]
    pub day: Option<i64>,
    /// Milliseconds since 1970 in UTC, as the tool that made the column counts them.
    #[model(adopts = "timestamp")]
    pub starts: i64,
}

/// A row of `guest`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "guest")]
pub struct Guest {
    #[model(primary_key, belongs_to = Event)]
    pub event_id: i64,
    #[model(primary_key)]
    pub name: String,
}
