//! What is asked of a field, or of the rows that a relation leads to.

use dataflow_core::error::Result;
use serde_json::Value as Json;

use super::elsewhere::said_here;
use super::list::unquoted;
use super::origin::Origin;
use super::relation::{self, Meant};
use super::subject::Subject;
use super::{logic, operator, parameter};

/// `name=operator.value`, as it is written.
#[derive(Clone, Copy)]
pub(super) struct Condition<'a> {
    name: &'a str,
    /// The operator and its operand.
    test: &'a str,
    spelling: Spelling,
    /// How many groups it stands inside.
    level: usize,
}

impl<'a> Condition<'a> {
    /// A parameter of the query.
    pub(super) fn parameter(name: &'a str, test: &'a str) -> Self {
        let spelling = Spelling::Parameter;
        Self {
            name,
            test,
            spelling,
            level: 0,
        }
    }

    /// An item of a list.
    pub(super) fn item(name: &'a str, test: &'a str) -> Self {
        Self::member(name, test, 0)
    }

    /// A member of a group.
    pub(super) fn member(name: &'a str, test: &'a str, level: usize) -> Self {
        let spelling = Spelling::Item;
        Self {
            name,
            test,
            spelling,
            level,
        }
    }

    pub(super) fn name(self) -> &'a str {
        self.name
    }

    pub(super) fn test(self) -> &'a str {
        self.test
    }

    /// The test, under the name that the list operation has for what it is about.
    pub(super) fn read(self, origin: Origin<'_>) -> Result<(String, Json)> {
        let (field_name, path) = match self.name.split_once("->") {
            Some((field, path)) => (field, Some(path)),
            None => (self.name, None),
        };
        match relation::meant(origin, field_name, self.spelling)? {
            Meant::Rows(target) => {
                let test = relation::test(origin.at(&target), self.name, self.test, self.level)?;
                Ok((self.name.to_owned(), test))
            }
            Meant::Field(field_type) => {
                let subject = Subject::read(self.name, field_name, path, field_type)?;
                let test = operator::test(&subject, self.test, self.spelling)?;
                Ok((subject.member, test))
            }
        }
    }
}

/// Where a condition stands, and so how it is written.
#[derive(Clone, Copy)]
pub(super) enum Spelling {
    /// It is a parameter of the query.
    Parameter,
    /// It is an item of a list, in which a value with commas or brackets stands in quotes.
    Item,
}

impl Spelling {
    /// What its name is called in messages.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Spelling::Parameter => "parameter",
            Spelling::Item => "field",
        }
    }

    /// The words that may stand in the place of its name.
    pub(super) fn words(self) -> Vec<&'static str> {
        match self {
            Spelling::Parameter => [&parameter::PAGE[..], &logic::WORDS].concat(),
            Spelling::Item => Vec::new(),
        }
    }

    /// How that is said here which its name says elsewhere.
    pub(super) fn elsewhere(self, name: &str) -> Option<&'static str> {
        match self {
            Spelling::Parameter => said_here(name),
            Spelling::Item => None,
        }
    }

    /// A value in its plain form.
    pub(super) fn plain(self, text: &str) -> String {
        match self {
            Spelling::Parameter => text.to_owned(),
            Spelling::Item => unquoted(text),
        }
    }
}
