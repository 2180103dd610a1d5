//! Who gives a field, and who is shown it.

use serde::{Deserialize, Serialize};

use super::{Field, ModelSchema};

/// Which way a field goes through doors: HTTP, MCP, the command line and workflows. Code that holds
/// the struct is on the trusted side, and reads and writes every field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Access {
    /// It is shown, and no input may give it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
    /// An input may give it, and no answer holds it; nor can rows be chosen, sorted or summed up by
    /// it, which would tell it as well.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub write_only: bool,
    /// What is said about it outside of answers does not hold its value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
}

impl Access {
    /// Both ways.
    pub const OPEN: Self = Self {
        read_only: false,
        write_only: false,
        sensitive: false,
    };

    /// Whether its value is written down nowhere but in the row itself.
    pub const fn is_secret(&self) -> bool {
        self.sensitive || self.write_only
    }

    /// Whether nothing is declared.
    pub fn is_open(&self) -> bool {
        *self == Self::OPEN
    }
}

impl Field {
    /// Whether an input at a door may give it.
    pub fn is_given(&self) -> bool {
        !self.is_computed() && !self.access.read_only
    }

    /// Whether an answer at a door may hold it.
    pub fn is_shown(&self) -> bool {
        !self.access.write_only
    }
}

impl ModelSchema {
    /// The fields that answers at doors hold and that questions may be about.
    pub fn shown(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_shown())
    }

    /// The position of a field of a name that questions may be about.
    pub fn shown_position(&self, name: &str) -> Option<usize> {
        self.position(name).filter(|&at| self.fields[at].is_shown())
    }
}

/// What is wrong with the access of a field of a model.
pub(super) fn mistake(model: &ModelSchema, field: &Field) -> Option<&'static str> {
    let Access {
        read_only,
        write_only,
        ..
    } = field.access;
    let is_key = model.key.contains(&field.name);
    let is_relation = model
        .relations
        .iter()
        .any(|relation| relation.field == field.name);
    let must_be_given = !field.is_optional() && !is_key;
    match () {
        () if read_only && write_only => Some("it goes no way"),
        () if write_only && is_key => Some("a row is asked for by its key"),
        () if write_only && is_relation => Some("whoever follows the relation is shown it"),
        () if write_only && field.is_computed() => Some("nobody gives it, so nobody would know it"),
        () if read_only && must_be_given => {
            Some("no door can create a row; give it a default, or let it take null")
        }
        () => None,
    }
}
