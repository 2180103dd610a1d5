//! Reads a definition from a tree, and complains of everything that does not belong.

use std::collections::HashSet;

use dataflow_core::error::pointer::below;
use dataflow_core::error::{FaultCode, closest};
use dataflow_core::node::Object;
use serde_json::Value as Json;

use super::complaint::Complaint;
use super::definition::{Definition, Step};
use super::tree::{Entry, Tree};
use crate::binding::Origin;

/// What [`Reader::table`] takes for a table whose names are the writer's own.
const ANY_NAME: &[&str] = &[];

/// Reads as much as can be read.
pub(super) fn read(tree: &Tree) -> (Definition, Vec<Complaint>) {
    let mut reader = Reader::default();
    let definition = reader.definition(tree);
    (definition, reader.complaints)
}

/// Where a part of the document stands.
struct Place {
    pointer: String,
    line: usize,
}

impl Place {
    fn top() -> Self {
        Self {
            pointer: String::new(),
            line: 1,
        }
    }

    fn of(&self, entry: &Entry) -> Self {
        Self {
            pointer: below(&self.pointer, &entry.name),
            line: entry.line,
        }
    }
}

#[derive(Default)]
struct Reader {
    complaints: Vec<Complaint>,
}

impl Reader {
    fn definition(&mut self, tree: &Tree) -> Definition {
        let top = Place::top();
        let known = &["name", "description", "transactional", "nodes", "outputs"];
        let Some(entries) = self.table(tree, &top, known) else {
            return Definition::default();
        };
        let mut definition = Definition {
            name: self.required_text(entries, "name", &top),
            lines: tree.lines(),
            ..Definition::default()
        };
        if entries.iter().all(|entry| entry.name != "nodes") {
            self.complain(&top, FaultCode::Required, "`nodes` is missing".to_owned());
        }
        for entry in entries {
            let place = top.of(entry);
            match entry.name.as_str() {
                "description" => definition.description = self.text(&entry.value, &place),
                "transactional" => {
                    definition.is_transactional = self.flag(&entry.value, &place);
                }
                "nodes" => definition.steps = self.steps(&entry.value, &place),
                "outputs" => definition.outputs = self.outputs(&entry.value, &place),
                _ => {}
            }
        }
        definition
    }

    fn steps(&mut self, tree: &Tree, place: &Place) -> Vec<Step> {
        let entries = self.table(tree, place, ANY_NAME).unwrap_or_default();
        entries
            .iter()
            .filter_map(|entry| self.step(entry, &place.of(entry)))
            .collect()
    }

    fn step(&mut self, entry: &Entry, place: &Place) -> Option<Step> {
        let members = self.table(&entry.value, place, &["use", "with"])?;
        let mut step = Step {
            id: entry.name.clone(),
            node: self.required_text(members, "use", place),
            feeds: Vec::new(),
        };
        for member in members.iter().filter(|member| member.name == "with") {
            step.feeds
                .extend(self.feeds(&member.value, &place.of(member)));
        }
        Some(step)
    }

    fn feeds(&mut self, tree: &Tree, place: &Place) -> Vec<(String, Origin)> {
        let inputs = self.table(tree, place, ANY_NAME).unwrap_or_default();
        inputs
            .iter()
            .filter_map(|input| {
                let origin = self.origin(&input.value, &place.of(input))?;
                Some((input.name.clone(), origin))
            })
            .collect()
    }

    fn outputs(&mut self, tree: &Tree, place: &Place) -> Vec<(String, Origin)> {
        let mut outputs = Vec::new();
        for entry in self.table(tree, place, ANY_NAME).unwrap_or_default() {
            let place = place.of(entry);
            match self.origin(&entry.value, &place) {
                Some(Origin::Constant(_)) => {
                    let detail = "must be a path, such as \"$user.id\"".to_owned();
                    self.complain(&place, FaultCode::Format, detail);
                }
                Some(origin) => outputs.push((entry.name.clone(), origin)),
                None => {}
            }
        }
        outputs
    }

    /// A path behind a dollar, or a constant.
    fn origin(&mut self, tree: &Tree, place: &Place) -> Option<Origin> {
        match tree {
            Tree::Scalar(Json::String(text)) if is_path(text) => {
                let origin = Origin::parse(&text[1..]);
                if origin.is_none() {
                    let detail = format!("path {text:?} cannot be read");
                    self.complain(place, FaultCode::Format, detail);
                }
                origin
            }
            constant => Some(Origin::Constant(self.constant(constant, place))),
        }
    }

    fn constant(&mut self, tree: &Tree, place: &Place) -> Json {
        match tree {
            Tree::Scalar(Json::String(text)) if is_path(text) => {
                let detail =
                    format!("path {text:?} stands inside a value; feed it to an input of its own");
                self.complain(place, FaultCode::Format, detail);
                Json::Null
            }
            Tree::Scalar(Json::String(text)) => match text.strip_prefix("$$") {
                Some(rest) => format!("${rest}").into(),
                None => text.as_str().into(),
            },
            Tree::Scalar(scalar) => scalar.clone(),
            Tree::List(items) => items
                .iter()
                .map(|item| self.constant(item, place))
                .collect(),
            Tree::Table(_) => {
                let mut object = Object::new();
                for entry in self.table(tree, place, ANY_NAME).unwrap_or_default() {
                    let value = self.constant(&entry.value, &place.of(entry));
                    object.insert(entry.name.clone(), value);
                }
                Json::Object(object)
            }
        }
    }

    fn required_text(&mut self, entries: &[Entry], name: &str, place: &Place) -> String {
        match entries.iter().find(|entry| entry.name == name) {
            Some(entry) => self.text(&entry.value, &place.of(entry)),
            None => {
                self.complain(place, FaultCode::Required, format!("`{name}` is missing"));
                String::new()
            }
        }
    }

    fn text(&mut self, tree: &Tree, place: &Place) -> String {
        match tree {
            Tree::Scalar(Json::String(text)) => text.clone(),
            other => {
                let detail = format!("must be a string, and is {}", other.kind());
                self.complain(place, FaultCode::Type, detail);
                String::new()
            }
        }
    }

    fn flag(&mut self, tree: &Tree, place: &Place) -> bool {
        match tree {
            Tree::Scalar(Json::Bool(flag)) => *flag,
            other => {
                let detail = format!("must be true or false, and is {}", other.kind());
                self.complain(place, FaultCode::Type, detail);
                false
            }
        }
    }

    /// The members of a table, each name once and among those that are known.
    fn table<'t>(&mut self, tree: &'t Tree, place: &Place, known: &[&str]) -> Option<&'t [Entry]> {
        let Tree::Table(entries) = tree else {
            let detail = format!("must be a table, and is {}", tree.kind());
            self.complain(place, FaultCode::Type, detail);
            return None;
        };
        let mut seen = HashSet::new();
        for entry in entries {
            let name = entry.name.as_str();
            if !seen.insert(name) {
                self.complain(
                    &place.of(entry),
                    FaultCode::Unique,
                    "is given twice".to_owned(),
                );
            }
            if known != ANY_NAME && !known.contains(&name) {
                let detail = match closest(name, known.iter().copied()) {
                    Some(meant) => format!("is not known here; did you mean `{meant}`?"),
                    None => format!("is not known here; known are: {}", known.join(", ")),
                };
                self.complain(&place.of(entry), FaultCode::Unknown, detail);
            }
        }
        Some(entries)
    }

    fn complain(&mut self, place: &Place, code: FaultCode, detail: String) {
        let detail = match place.pointer.rsplit_once('/') {
            Some((_, name)) => format!("`{name}`: {detail}"),
            None => detail,
        };
        let (line, pointer) = (place.line, place.pointer.clone());
        self.complaints.push(Complaint {
            line,
            pointer,
            code,
            detail,
        });
    }
}

fn is_path(text: &str) -> bool {
    text.starts_with('$') && !text.starts_with("$$")
}
