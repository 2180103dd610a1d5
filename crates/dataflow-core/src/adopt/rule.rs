//! Rules of fields, for the checks that such rules made.

use super::draft::Draft;
use crate::dialect::{Bounds, Dialect, checks_of_rules};
use crate::schema::{self, Bound, Field, FieldType, Rules, mistakes_of_rules};
use crate::snapshot::Check;

/// Gives a field the rule that a check of its table is. False where a rule would not be this check.
pub(super) fn give(table: &str, check: &Check, field: &mut Field, dialect: &dyn Dialect) -> bool {
    let Some(bounds) = Bounds::of_rule(table, check) else {
        return false;
    };
    let mut ruled = field.clone();
    match bounds.of_length {
        true => {
            let least = bounds.least.as_deref();
            ruled.rules.min_length = least.and_then(|least| least.parse().ok());
        }
        false => {
            let bound = |end: &Option<String>| Some(bound(end.as_deref()?, &field.field_type));
            (ruled.rules.min, ruled.rules.max) = (bound(&bounds.least), bound(&bounds.most));
        }
    }
    let is_it = |made: Check| {
        made.name == check.name && Bounds::of_rule(table, &made).as_ref() == Some(&bounds)
    };
    let is_rule =
        mistakes_of_rules(&ruled).is_empty() && checks_of_rules(table, &ruled, dialect).any(is_it);
    if is_rule {
        *field = ruled;
    }
    is_rule
}

/// The end of a range that a constant spells.
fn bound(constant: &str, field_type: &FieldType) -> Bound {
    if let Ok(integer) = constant.parse() {
        return Bound::Integer(integer);
    }
    match (field_type, constant.parse()) {
        (FieldType::F32 | FieldType::F64, Ok(number)) => Bound::Float(number),
        // PostgreSQL writes a time in words of its own.
        (FieldType::LocalDateTime, _) => Bound::Text(constant.replacen(' ', "T", 1).into()),
        (FieldType::Timestamp, _) => {
            let text = constant.replacen(' ', "T", 1).replace("+00", "Z");
            Bound::Text(text.into())
        }
        _ => Bound::Text(constant.to_owned().into()),
    }
}

impl Draft<'_> {
    /// Says a check that a rule says as a check. False where no rule does.
    pub(super) fn say_as_check(&mut self, name: &str) -> bool {
        let found = self.found.checks.iter().find(|check| check.name == name);
        let Some(check) = found else { return false };
        let bounds = Bounds::of_rule(&self.found.name.name, check);
        let mut fields = self.model.fields.to_mut().iter_mut();
        let field = bounds.and_then(|bounds| fields.find(|field| field.column == bounds.column));
        let Some(field) = field.filter(|field| !field.rules.is_none()) else {
            return false;
        };
        field.rules = Rules::NONE;
        let declared = schema::Check::new(name.to_owned(), check.expression.clone());
        self.model.checks.to_mut().push(declared);
        true
    }
}
