//! Where a schema is written.

use std::path::Path;

use dataflow_core::SchemaSet;
use dataflow_core::error::{Error, Kind, Result};

use super::answer;

/// Writes a schema into a file, or to standard output.
pub(super) fn write(models: &SchemaSet, output: Option<&Path>) -> Result<()> {
    let text = models.to_json();
    let Some(path) = output else {
        answer::print(text.trim_end());
        return Ok(());
    };
    std::fs::write(path, text).map_err(|fault| {
        let message = format!("{} cannot be written", path.display());
        Error::new(Kind::Configuration, message).with_source(fault)
    })
}
