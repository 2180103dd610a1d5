//! Reads JSON.

use serde::de::IgnoredAny;

use super::complaint::Unreadable;
use super::tree::Tree;
use super::yaml;

/// JSON is YAML, and the YAML parser keeps lines; the strict parser comes first, so that nothing
/// else is taken for JSON.
pub(super) fn parse(text: &str) -> Result<Tree, Unreadable> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| Unreadable {
        line: error.line(),
        column: Some(error.column()),
        message: yaml::without_place(&error.to_string()).to_owned(),
    })?;
    yaml::parse(text)
}
