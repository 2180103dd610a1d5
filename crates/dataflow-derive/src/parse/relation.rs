//! `belongs_to = …` and the words that belong to it.

use syn::LitStr;

use super::Arguments;
use crate::errors::Errors;
use crate::parsed::{Action, ParsedAction, ParsedRules};
use crate::words;

/// What happens to the foreign key of a field.
pub(super) fn rules(arguments: &Arguments, errors: &mut Errors) -> ParsedRules {
    let mut action = |word| {
        let literal: LitStr = arguments.value(word, errors)?;
        action(literal, errors)
    };
    ParsedRules {
        on_delete: action("on_delete"),
        on_update: action("on_update"),
        deferred: arguments.flag("deferred"),
        name: name(arguments, errors),
    }
}

/// What the relation is called. It becomes a constant, so it is spelled like a field.
fn name(arguments: &Arguments, errors: &mut Errors) -> Option<LitStr> {
    let literal: LitStr = arguments.value("relation", errors)?;
    if syn::parse_str::<syn::Ident>(&literal.value()).is_err() {
        errors.add(
            &literal,
            "a relation is spelled like a field; write such as `relation = \"author\"`",
        );
        return None;
    }
    Some(literal)
}

fn action(literal: LitStr, errors: &mut Errors) -> Option<ParsedAction> {
    let kind = match literal.value().as_str() {
        "no_action" => Action::Nothing,
        "restrict" => Action::Restrict,
        "cascade" => Action::Cascade,
        "set_null" => Action::SetNull,
        "set_default" => Action::SetDefault,
        unknown => {
            let advice = words::nearest(unknown, words::ACTIONS.iter().copied());
            errors.add(&literal, format!("unknown action `{unknown}`; {advice}"));
            return None;
        }
    };
    Some(ParsedAction { literal, kind })
}
