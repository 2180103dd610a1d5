//! What must hold of the ways that a field goes through doors.

use crate::errors::Errors;
use crate::parsed::ParsedField;

/// Whether a read-only field needs to be given is for the foundation to say, which knows the types.
pub(super) fn a_field_goes_some_way(field: &ParsedField, errors: &mut Errors) {
    let Some(word) = &field.access.write_only else {
        return;
    };
    let is_made = field.stamps().next().is_some() || field.generated.is_some();
    let message = match () {
        () if field.access.read_only.is_some() => {
            "a field that is neither shown nor given goes no way; remove `read_only` or `write_only`"
        }
        () if field.primary_key.is_some() => {
            "a row is asked for by its key, so a key is shown; remove `write_only`"
        }
        () if field.belongs_to.is_some() => {
            "whoever follows the relation is shown it; remove `write_only`"
        }
        () if is_made => "nobody gives this field, so nobody would know it; remove `write_only`",
        () => return,
    };
    errors.add(word, message);
}
