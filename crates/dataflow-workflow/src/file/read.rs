//! Reads a definition from a tree, and complains of everything that does not belong.

use std::collections::{HashMap, HashSet};

use dataflow_core::error::{FaultCode, closest};
use dataflow_core::node::Object;
use serde_json::Value as Json;

use super::definition::{Complaint, Definition, Step};
use super::tree::{Entry, Tree, below};
use crate::binding::Origin;

/// Reads as much as can be read.
pub(super) fn read(tree: &Tree) -> (Definition, Vec<Complaint>) {
    let mut reader = Reader {
        lines: tree.lines(),
        complaints: Vec::new(),
    };
    let definition = reader.definition(tree);
    (definition, reader.complaints)
}

struct Reader {
    lines: HashMap<String, usize>,
    complaints: Vec<Complaint>,
}

impl Reader {
    fn definition(&mut self, tree: &Tree) -> Definition {
        let entries = self.table(tree, "", Some(&["name", "description", "nodes", "outputs"]));
        let mut definition = Definition {
            name: self.required_text(entries, "name", ""),
            lines: self.lines.clone(),
            ..Definition::default()
        };
        if entries.iter().all(|entry| entry.name != "nodes") {
            self.complain("", FaultCode::Required, "`nodes` is missing");
        }
        for entry in entries {
            let pointer = below("", &entry.name);
            match entry.name.as_str() {
                "description" => definition.description = self.text(&entry.value, &pointer),
                "nodes" => definition.steps = self.steps(&entry.value, &pointer),
                "outputs" => definition.outputs = self.outputs(&entry.value, &pointer),
                _ => {}
            }
        }
        definition
    }

    fn steps(&mut self, tree: &Tree, pointer: &str) -> Vec<Step> {
        let entries = self.table(tree, pointer, None);
        entries
            .iter()
            .map(|entry| self.step(entry, &below(pointer, &entry.name)))
            .collect()
    }

    fn step(&mut self, entry: &Entry, pointer: &str) -> Step {
        let members = self.table(&entry.value, pointer, Some(&["use", "with"]));
        let node = self.required_text(members, "use", pointer);
        let mut feeds = Vec::new();
        for member in members.iter().filter(|member| member.name == "with") {
            let pointer = below(pointer, &member.name);
            for input in self.table(&member.value, &pointer, None) {
                if let Some(origin) = self.origin(&input.value, &below(&pointer, &input.name)) {
                    feeds.push((input.name.clone(), origin));
                }
            }
        }
        Step {
            id: entry.name.clone(),
            node,
            feeds,
        }
    }

    fn outputs(&mut self, tree: &Tree, pointer: &str) -> Vec<(String, Origin)> {
        let mut outputs = Vec::new();
        for entry in self.table(tree, pointer, None) {
            let pointer = below(pointer, &entry.name);
            match self.origin(&entry.value, &pointer) {
                Some(Origin::Constant(_)) => {
                    self.complain(
                        &pointer,
                        FaultCode::Format,
                        "must be a path, such as \"$user.id\"",
                    );
                }
                Some(origin) => outputs.push((entry.name.clone(), origin)),
                None => {}
            }
        }
        outputs
    }

    /// A path behind a dollar, or a constant.
    fn origin(&mut self, tree: &Tree, pointer: &str) -> Option<Origin> {
        match tree {
            Tree::Scalar(Json::String(text)) if is_path(text) => {
                let origin = Origin::parse(&text[1..]);
                if origin.is_none() {
                    let detail = format!("path {text:?} cannot be read");
                    self.complain(pointer, FaultCode::Format, &detail);
                }
                origin
            }
            constant => Some(Origin::Constant(self.constant(constant, pointer))),
        }
    }

    fn constant(&mut self, tree: &Tree, pointer: &str) -> Json {
        match tree {
            Tree::Scalar(Json::String(text)) if is_path(text) => {
                let detail =
                    format!("path {text:?} stands inside a value; feed it to an input of its own");
                self.complain(pointer, FaultCode::Format, &detail);
                Json::Null
            }
            Tree::Scalar(Json::String(text)) => match text.strip_prefix("$$") {
                Some(rest) => format!("${rest}").into(),
                None => text.as_str().into(),
            },
            Tree::Scalar(scalar) => scalar.clone(),
            Tree::List(items) => items
                .iter()
                .map(|item| self.constant(item, pointer))
                .collect(),
            Tree::Table(_) => {
                let mut object = Object::new();
                for entry in self.table(tree, pointer, None) {
                    let value = self.constant(&entry.value, &below(pointer, &entry.name));
                    object.insert(entry.name.clone(), value);
                }
                Json::Object(object)
            }
        }
    }

    fn required_text(&mut self, entries: &[Entry], name: &str, pointer: &str) -> String {
        match entries.iter().find(|entry| entry.name == name) {
            Some(entry) => self.text(&entry.value, &below(pointer, name)),
            None => {
                self.complain(
                    pointer,
                    FaultCode::Required,
                    &format!("`{name}` is missing"),
                );
                String::new()
            }
        }
    }

    fn text(&mut self, tree: &Tree, pointer: &str) -> String {
        match tree {
            Tree::Scalar(Json::String(text)) => text.clone(),
            other => {
                let detail = format!("must be a string, and is {}", other.kind());
                self.complain(pointer, FaultCode::Type, &detail);
                String::new()
            }
        }
    }

    /// The members of a table, each name once and, if there is a list, each on it.
    fn table<'t>(
        &mut self,
        tree: &'t Tree,
        pointer: &str,
        allowed: Option<&[&str]>,
    ) -> &'t [Entry] {
        let Tree::Table(entries) = tree else {
            let detail = format!("must be a table, and is {}", tree.kind());
            self.complain(pointer, FaultCode::Type, &detail);
            return &[];
        };
        let mut seen = HashSet::new();
        for Entry { name, line, .. } in entries {
            if !seen.insert(name) {
                let detail = format!("`{name}` is given twice");
                self.complain_at(*line, &below(pointer, name), FaultCode::Unique, detail);
            }
            if let Some(allowed) = allowed.filter(|allowed| !allowed.contains(&name.as_str())) {
                let detail = match closest(name, allowed.iter().copied()) {
                    Some(meant) => format!("`{name}` is not known here; did you mean `{meant}`?"),
                    None => format!(
                        "`{name}` is not known here; known are: {}",
                        allowed.join(", ")
                    ),
                };
                self.complain_at(*line, &below(pointer, name), FaultCode::Unknown, detail);
            }
        }
        entries
    }

    fn complain(&mut self, pointer: &str, code: FaultCode, detail: &str) {
        let line = self.lines.get(pointer).copied().unwrap_or(1);
        let detail = match pointer.rsplit_once('/') {
            Some((_, name)) => format!("`{name}`: {detail}"),
            None => detail.to_owned(),
        };
        self.complain_at(line, pointer, code, detail);
    }

    fn complain_at(&mut self, line: usize, pointer: &str, code: FaultCode, detail: String) {
        self.complaints.push(Complaint {
            line,
            pointer: pointer.to_owned(),
            code,
            detail,
        });
    }
}

fn is_path(text: &str) -> bool {
    text.starts_with('$') && !text.starts_with("$$")
}
