//! What a filter says of the rows that a relation leads to.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Place, Reading, alone_or_all, malformed};
use crate::error::{FaultCode, Result};
use crate::query::condition::{Condition, Quantifier};
use crate::query::link::Link;
use crate::schema::{Arity, ModelSchema};
use crate::value::Object;

const QUANTIFIERS: [(&str, Quantifier); 3] = [
    ("$some", Quantifier::Some),
    ("$every", Quantifier::Every),
    ("$none", Quantifier::None),
];

impl Reading<'_> {
    /// The relation that a name begins with, and what follows it; none where the name is that of a
    /// field, or its first part is.
    pub(super) fn relation<'n>(&self, name: &'n str) -> Option<(Link, Option<&'n str>)> {
        let (first, rest) = match name.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (name, None),
        };
        let is_field = |name| self.model.shown_position(name).is_some();
        if is_field(name) || is_field(first) {
            return None;
        }
        Some((Link::find(self.models, self.model, first)?, rest))
    }

    /// What is said of a relation, or of a field of the one row that it leads to.
    pub(super) fn of_relation(
        &mut self,
        place: &Place,
        link: Link,
        rest: Option<&str>,
        wanted: &Json,
    ) -> Result<Condition> {
        self.count_test(place)?;
        match (rest, link.arity()) {
            (None, arity) => self.of_rows(place, link, arity, wanted),
            (Some(rest), Arity::One) => {
                let place = place.deeper();
                place.check_level()?;
                let condition =
                    self.among(link.target(), |inner| inner.subject(&place, rest, wanted))?;
                Ok(related(link, Quantifier::Some, condition))
            }
            (Some(rest), Arity::Many) => Err(leads_to_many(place, &link, rest)),
        }
    }

    fn of_rows(
        &mut self,
        place: &Place,
        link: Link,
        arity: Arity,
        wanted: &Json,
    ) -> Result<Condition> {
        match (wanted, arity) {
            (Json::Null, Arity::One) => Ok(related(link, Quantifier::None, Condition::every_row())),
            (Json::Object(members), Arity::One) if !members.keys().any(is_quantifier) => {
                let condition = self.among(link.target(), |inner| inner.object(place, members))?;
                Ok(related(link, Quantifier::Some, condition))
            }
            (Json::Object(members), _) => self.quantified(place, link, members),
            (_, Arity::One) => Err(malformed(place.fault(FaultCode::Type, "takes a filter"))),
            (_, Arity::Many) => {
                let fault = place.fault(FaultCode::Type, "leads to many rows");
                Err(malformed(fault).with_help("write {\"$some\": {…}}, $every or $none"))
            }
        }
    }

    fn quantified(&mut self, place: &Place, link: Link, members: &Object) -> Result<Condition> {
        let link = Arc::new(link);
        let mut conditions = Vec::with_capacity(members.len());
        for (name, wanted) in members {
            let place = place.member(name);
            let known = QUANTIFIERS.iter().find(|(known, _)| known == name);
            let Some((_, quantifier)) = known else {
                return Err(no_quantifier(&place, &link, name));
            };
            let condition = self.among(link.target(), |inner| inner.nested(&place, wanted))?;
            conditions.push(Condition::Related(
                link.clone(),
                *quantifier,
                Box::new(condition),
            ));
        }
        Ok(alone_or_all(conditions))
    }

    /// Reads what is said of rows of another model.
    fn among<T>(
        &mut self,
        model: &ModelSchema,
        read: impl FnOnce(&mut Reading<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut inner = Reading {
            models: self.models,
            model,
            faults: std::mem::take(&mut self.faults),
            tests: self.tests,
        };
        let read = read(&mut inner);
        (self.faults, self.tests) = (inner.faults, inner.tests);
        read
    }
}

fn related(link: Link, quantifier: Quantifier, condition: Condition) -> Condition {
    Condition::Related(Arc::new(link), quantifier, Box::new(condition))
}

fn is_quantifier(name: &String) -> bool {
    QUANTIFIERS.iter().any(|(known, _)| known == name)
}

fn leads_to_many(place: &Place, link: &Link, rest: &str) -> crate::error::Error {
    let fault = place.fault(FaultCode::Type, "leads to many rows");
    let name = link.name();
    malformed(fault).with_help(format!(
        "write {{{name:?}: {{\"$some\": {{{rest:?}: …}}}}}}"
    ))
}

fn no_quantifier(place: &Place, link: &Link, name: &str) -> crate::error::Error {
    let detail = format!("does not say of how many rows of {:?}", link.name());
    malformed(place.fault(FaultCode::Unknown, detail))
        .with_help("write {\"$some\": {…}}, $every or $none")
        .with_closest(name, QUANTIFIERS.iter().map(|(known, _)| *known))
}
