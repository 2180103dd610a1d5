//! Where a page ends and the next one begins.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Error, Kind, Result};
use crate::schema::ModelSchema;
use crate::value::{Value, from_json};

/// The cursor after a row, from its key as JSON writes it.
pub fn cursor_of(key: &serde_json::Value) -> String {
    URL_SAFE_NO_PAD.encode(key.to_string())
}

/// The key that a cursor holds.
///
/// # Errors
///
/// [`Kind::Malformed`] when it is no cursor of this model.
pub fn key_of_cursor(model: &ModelSchema, cursor: &str) -> Result<Value> {
    let key = || {
        let text = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let json = crate::value::parse_value(&text).ok()?;
        from_json(&model.key_field().field_type, &json).ok()
    };
    match key() {
        None | Some(Value::Null) => {
            let message = format!("\"after\" is no cursor of model {:?}", model.name);
            Err(Error::new(Kind::Malformed, message)
                .with_help("pass the cursor that came with the page before, unchanged"))
        }
        Some(key) => Ok(key),
    }
}
