use chrono::{DateTime, Utc};
use dataflow::Model;
use uuid::Uuid;

/// A key that the caller gives.
#[derive(Debug, Clone, PartialEq, Model)]
pub(crate) struct Country {
    #[model(primary_key)]
    pub(crate) code: String,
    #[model(unique)]
    pub(crate) name: String,
}

/// A key that the library makes, and stamps.
#[derive(Debug, Clone, PartialEq, Model)]
pub(crate) struct Author {
    #[model(primary_key)]
    pub(crate) id: Uuid,
    #[model(unique, column = "mail")]
    pub(crate) email: String,
    pub(crate) name: Option<String>,
    #[model(default = 1)]
    pub(crate) rank: i32,
    #[model(created_at)]
    pub(crate) created_at: DateTime<Utc>,
    #[model(updated_at)]
    pub(crate) updated_at: DateTime<Utc>,
}

/// A key that the database makes, and a relation.
#[derive(Debug, Clone, PartialEq, Model)]
pub(crate) struct Book {
    #[model(primary_key)]
    pub(crate) id: i64,
    pub(crate) title: String,
    #[model(belongs_to = Country, column = "country")]
    pub(crate) country_code: Option<String>,
}

impl Country {
    pub(crate) fn new(code: &str, name: &str) -> Self {
        Self {
            code: code.to_owned(),
            name: name.to_owned(),
        }
    }
}

impl Author {
    pub(crate) fn new(email: &str) -> Self {
        Self {
            id: Uuid::nil(),
            email: email.to_owned(),
            name: None,
            rank: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }
}

impl Book {
    pub(crate) fn new(title: &str) -> Self {
        Self {
            id: 0,
            title: title.to_owned(),
            country_code: None,
        }
    }
}
