//! What identifies a row.

use serde::{Deserialize, Serialize};

use super::Text;

/// The primary key of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The name of the field that is the key.
    pub field: Text,
    /// Who makes its value.
    pub generator: KeyGenerator,
    /// Whether an input may give the value although it is generated.
    pub client_key: bool,
}

impl Key {
    /// A key of one field; an input may give it only where nobody makes it.
    pub fn new(field: impl Into<Text>, generator: KeyGenerator) -> Self {
        Self {
            field: field.into(),
            generator,
            client_key: false,
        }
    }

    /// Whether an input must give the key.
    pub fn is_required(&self) -> bool {
        self.generator == KeyGenerator::None
    }

    /// Whether an input may give the key.
    pub fn is_accepted(&self) -> bool {
        self.is_required() || self.client_key
    }
}

/// Who makes the value of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyGenerator {
    /// The caller.
    None,
    /// The database, counting up.
    Serial,
    /// The library: a UUID of version 7 (RFC 9562), which sorts by time of creation.
    UuidV7,
}
