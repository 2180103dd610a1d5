//! Patterns, spelled for the operators that take them.

use crate::query::{Pattern, Wild};

/// A pattern as `LIKE` takes it, with a backslash before what would be a wildcard.
pub(super) fn like(pattern: &Pattern) -> String {
    let character = |spelled: &mut String, next| {
        if matches!(next, '%' | '_' | '\\') {
            spelled.push('\\');
        }
        spelled.push(next);
    };
    pattern.spell(character, |wild| match wild {
        Wild::Any => '%',
        Wild::One => '_',
    })
}

/// A pattern as `GLOB` takes it: what would be a wildcard stands in brackets.
pub(super) fn glob(pattern: &Pattern) -> String {
    let character = |spelled: &mut String, next| match next {
        '*' | '?' | '[' => {
            spelled.push('[');
            spelled.push(next);
            spelled.push(']');
        }
        plain => spelled.push(plain),
    };
    pattern.spell(character, |wild| match wild {
        Wild::Any => '*',
        Wild::One => '?',
    })
}
