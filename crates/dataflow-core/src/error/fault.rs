//! The fault of one field.

use std::borrow::Cow;

use serde::Serialize;

use super::{Code, closest, pointer};

/// What one field of an input refuses, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where: a JSON pointer into the input (RFC 6901), such as `/email`; empty for the whole.
    pub pointer: String,
    /// The stable word that programs branch on.
    pub code: FaultCode,
    /// What is wrong, for people; never the value itself.
    pub detail: Cow<'static, str>,
}

/// The stable words of a [`Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultCode {
    /// A required field is missing, or null where null is refused.
    Required,
    /// The field is not declared.
    Unknown,
    /// The value has another type than the field.
    Type,
    /// The value is outside the range or length of the field.
    Range,
    /// The value does not have the form of the field: a date, a UUID, one of an enum.
    Format,
    /// The field is made by the library and cannot be given.
    Generated,
    /// Another row has this value.
    Unique,
    /// The value points at a row that does not exist, or is pointed at.
    Reference,
    /// The field is shown, and cannot be given.
    ReadOnly,
    /// The row has another version by now than the change is of.
    Stale,
    /// The program that holds the model refuses the value, by a function of its own.
    Rule,
}

impl FaultCode {
    /// The code of an error in which fields have such faults and no other.
    pub(super) fn refusal(self) -> Code {
        match self {
            Self::Required => Code::NotNull,
            Self::Range => Code::OutOfRange,
            _ => Code::Invalid,
        }
    }
}

impl Fault {
    /// The fault of what a pointer leads to; an empty one leads to the whole input.
    pub fn new(
        pointer: impl Into<String>,
        code: FaultCode,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            code,
            detail: detail.into(),
        }
    }

    /// The fault of one top-level field.
    pub fn of_field(field: &str, code: FaultCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::at("", field, code, detail)
    }

    /// The fault of a member below another pointer.
    pub fn at(
        parent: &str,
        member: &str,
        code: FaultCode,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(pointer::below(parent, member), code, detail)
    }

    /// The fault of a member that is none of the known ones, with the one that was probably meant.
    pub fn undeclared<'a>(
        parent: &str,
        member: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let detail = match closest(member, known) {
            Some(meant) => format!("is not declared; did you mean `{meant}`?"),
            None => "is not declared".to_owned(),
        };
        Self::at(parent, member, FaultCode::Unknown, detail)
    }

    /// The field at fault in words, for a message: the pointer without its first slash.
    pub fn subject(&self) -> &str {
        match self.pointer.strip_prefix('/') {
            Some(rest) => rest,
            None => "input",
        }
    }
}
