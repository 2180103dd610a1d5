//! What all formats have in common: tables, lists and scalars, and the lines of their entries.

use std::collections::HashMap;

use dataflow_core::error::pointer::below;
use serde_json::Value as Json;

/// A document without its punctuation.
#[derive(Debug, PartialEq)]
pub(super) enum Tree {
    Scalar(Json),
    List(Vec<Tree>),
    Table(Vec<Entry>),
}

/// A member of a table. A name may come twice: that is for the reader to refuse.
#[derive(Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) name: String,
    /// Where the name stands, counted from 1.
    pub(super) line: usize,
    pub(super) value: Tree,
}

impl Tree {
    /// What it is, in words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Scalar(Json::String(_)) => "a string",
            Self::Scalar(Json::Null) => "nothing",
            Self::Scalar(Json::Bool(_)) => "true or false",
            Self::Scalar(_) => "a number",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }

    /// The line of every entry, under its JSON pointer.
    pub(super) fn lines(&self) -> HashMap<String, usize> {
        let mut lines = HashMap::new();
        self.record_lines("", &mut lines);
        lines
    }

    fn record_lines(&self, pointer: &str, lines: &mut HashMap<String, usize>) {
        if let Self::Table(entries) = self {
            for entry in entries {
                let pointer = below(pointer, &entry.name);
                entry.value.record_lines(&pointer, lines);
                lines.insert(pointer, entry.line);
            }
        }
    }
}
