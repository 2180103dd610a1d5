//! What is loaded beside the rows: `{"author": {}, "comments": {"limit": 3, "include": {…}}}`.

use std::sync::Arc;

use dataflow_core::ModelSchema;
use dataflow_core::error::{Error, Fault, FaultCode, Kind, Result, closest};
use dataflow_core::node::Object;
use dataflow_core::query::{Inclusion, Link};
use serde_json::Value as Json;

use super::MAX_LIMIT;
use super::origin::{Origin, pointing};
use super::page::number;
use crate::crud::input::unknown;

/// How deep relations may be followed.
const MOST_LEVELS: usize = 4;

/// How many relations one input may follow; each costs a statement.
const MOST_RELATIONS: usize = 16;

const MEMBERS: [&str; 5] = ["fields", "filter", "order", "limit", "include"];

impl Origin<'_> {
    /// `include`, which may be left out.
    pub(super) fn includes(
        &self,
        input: &Object,
        faults: &mut Vec<Fault>,
    ) -> Result<Vec<Inclusion>> {
        let mut budget = MOST_RELATIONS;
        self.includes_within(input, faults, 1, &mut budget)
    }

    fn includes_within(
        &self,
        input: &Object,
        faults: &mut Vec<Fault>,
        level: usize,
        budget: &mut usize,
    ) -> Result<Vec<Inclusion>> {
        let members = match input.get("include") {
            None | Some(Json::Null) => return Ok(Vec::new()),
            Some(Json::Object(members)) => members,
            Some(_) => {
                faults.push(self.wrong_type("include", "must be an object"));
                return Ok(Vec::new());
            }
        };
        let parent = format!("{}/include", self.parent);
        let mut includes = Vec::with_capacity(members.len());
        for (name, wanted) in members {
            let pointer = Fault::at(&parent, name, FaultCode::Unknown, "").pointer;
            if level > MOST_LEVELS || *budget == 0 {
                return Err(too_much(&pointer));
            }
            *budget -= 1;
            let Some(link) = Link::find(self.models, self.model, name) else {
                return Err(pointing(self.unknown_relation(name), &pointer));
            };
            let Json::Object(wanted) = wanted else {
                faults.push(Fault::at(
                    &parent,
                    name,
                    FaultCode::Type,
                    "must be an object",
                ));
                continue;
            };
            let inclusion = self.inclusion(&pointer, link, wanted, faults);
            let (mut inclusion, target) = inclusion?;
            let there = Origin {
                models: self.models,
                model: &target,
                parent: &pointer,
            };
            inclusion.includes = there.includes_within(wanted, faults, level + 1, budget)?;
            there.named_apart(inclusion.fields.as_deref(), &inclusion.includes, faults);
            includes.push(inclusion);
        }
        Ok(includes)
    }

    /// What is said of the rows of one relation, but for those beside them.
    fn inclusion(
        &self,
        pointer: &str,
        link: Link,
        wanted: &Object,
        faults: &mut Vec<Fault>,
    ) -> Result<(Inclusion, Arc<ModelSchema>)> {
        let target = link.target().clone();
        let there = Origin {
            models: self.models,
            model: &target,
            parent: pointer,
        };
        let others = wanted
            .keys()
            .filter(|name| !MEMBERS.contains(&name.as_str()));
        faults.extend(others.map(|name| unknown(pointer, name, MEMBERS.into_iter())));
        let limit = number(pointer, wanted, "limit", 1..=MAX_LIMIT);
        let inclusion = Inclusion {
            filter: there.filter(wanted, faults)?,
            order: there.order(wanted, faults)?,
            fields: there.fields(wanted, faults)?,
            limit: limit.unwrap_or_else(|fault| {
                faults.push(fault);
                None
            }),
            ..Inclusion::of(link)
        };
        Ok((inclusion, target))
    }

    fn unknown_relation(&self, name: &str) -> Error {
        let message = format!("model {:?} has no relation {name:?}", self.model.name);
        let fault = Fault {
            pointer: String::new(),
            code: FaultCode::Unknown,
            detail: "is not a relation".into(),
        };
        let error = Error::new(Kind::Malformed, message).with_faults(vec![fault]);
        match closest(name, self.model.relation_names()) {
            Some(meant) => error.with_help(format!("did you mean {meant:?}?")),
            None => error,
        }
    }
}

fn too_much(pointer: &str) -> Error {
    let detail = format!(
        "follows too many relations: at most {MOST_RELATIONS}, and {MOST_LEVELS} levels deep"
    );
    let fault = Fault {
        pointer: pointer.to_owned(),
        code: FaultCode::Range,
        detail: detail.clone().into(),
    };
    Error::new(Kind::Malformed, detail).with_faults(vec![fault])
}
