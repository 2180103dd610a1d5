//! The catalogue: every error has a code, every code one meaning.

use std::fmt;

use super::Kind;

/// What went wrong, more exactly than its [`Kind`]: a number that never changes its meaning, under
/// which `docs/errors.md` tells cause and remedy.
///
/// ```
/// use dataflow_core::error::{Code, Error, Kind};
///
/// let error = Error::of(Code::Unique, "another row of \"users\" has this \"email\"");
/// assert_eq!(error.kind(), Kind::Unique);
/// assert_eq!(error.code().to_string(), "DF-301");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// A setting is wrong.
    Configuration,
    /// The tables are not what the models need.
    Schema,
    /// The database role lacks a privilege.
    Privilege,
    /// The input cannot be read.
    Malformed,
    /// A field refuses its value.
    Invalid,
    /// A column that needs a value has none.
    NotNull,
    /// A check of the table refuses a value.
    Check,
    /// A value is too long for its column.
    TooLong,
    /// A value is outside the range of its column.
    OutOfRange,
    /// This cannot be done here.
    Unsupported,
    /// The row, model or operation does not exist.
    NotFound,
    /// Another row has the value.
    Unique,
    /// A reference between rows forbids it.
    ForeignKey,
    /// The state that the caller relied on has changed.
    Precondition,
    /// The caller may not do this.
    Forbidden,
    /// Nobody has said whose rows are meant.
    Tenant,
    /// Changes that the caller has not seen are no longer kept.
    Gone,
    /// The database cannot do it now.
    Unavailable,
    /// The database cannot be reached.
    Connection,
    /// A deadline has passed.
    Timeout,
    /// Another transaction was in the way.
    Contention,
    /// A counted key has reached its end.
    KeysExhausted,
    /// A fault of this software or of its server.
    Internal,
}

/// What the catalogue says about a code.
struct Entry {
    code: Code,
    kind: Kind,
    number: u16,
    title: &'static str,
    cause: &'static str,
    remedy: &'static str,
}

/// Hundreds: 1 the set-up, 2 the input, 3 the rows, 4 the database, 5 this software. A number that
/// was given out once is never given to anything else.
#[rustfmt::skip]
const CATALOGUE: [Entry; 23] = [
    Entry {
        code: Code::Configuration, kind: Kind::Configuration, number: 100,
        title: "The configuration is wrong",
        cause: "A setting, a URL, an environment key or a registration is not what it has to be. \
                It is told before anything is opened.",
        remedy: "Correct what the message names; all mistakes are listed at once.",
    },
    Entry {
        code: Code::Schema, kind: Kind::Schema, number: 110,
        title: "The tables are not what the models need",
        cause: "A table differs from its model in a way that matters, or a change of it was refused.",
        remedy: "Change the model or the table so that they agree, or migrate first. Nothing was changed.",
    },
    Entry {
        code: Code::Privilege, kind: Kind::Configuration, number: 120,
        title: "The database role lacks a privilege",
        cause: "The role that connects may not do to a table, sequence or function what was asked; \
                the log names it, a caller is told nothing of it.",
        remedy: "Grant the role what is missing, or connect as one that has it.",
    },
    Entry {
        code: Code::Malformed, kind: Kind::Malformed, number: 200,
        title: "The input cannot be read",
        cause: "Broken JSON, an unknown parameter, or a cursor that is none.",
        remedy: "Write the input as the operation's schema says.",
    },
    Entry {
        code: Code::Invalid, kind: Kind::Invalid, number: 201,
        title: "A field refuses its value",
        cause: "A field is unknown, or its value has another type or form than it takes.",
        remedy: "Correct the fields that the error lists.",
    },
    Entry {
        code: Code::NotNull, kind: Kind::Invalid, number: 202,
        title: "A required value is missing",
        cause: "A field or column that always holds a value was given none, or null.",
        remedy: "Give the value; or make the field an Option, or give it a default.",
    },
    Entry {
        code: Code::Check, kind: Kind::Invalid, number: 203,
        title: "A check refuses the value",
        cause: "A CHECK constraint of the table does not hold for the row, or a trigger of it, or the \
                view it is written through, refuses the row.",
        remedy: "Give a value that the named constraint takes. A trigger names one by RAISE … USING \
                 CONSTRAINT = '…'.",
    },
    Entry {
        code: Code::TooLong, kind: Kind::Invalid, number: 204,
        title: "A value is too long",
        cause: "A text or a value has more bytes than its column, or an index of it, can hold.",
        remedy: "Shorten the value.",
    },
    Entry {
        code: Code::OutOfRange, kind: Kind::Invalid, number: 205,
        title: "A value is out of range",
        cause: "A number or a time is outside of what its field or column can hold.",
        remedy: "Give a value within the range of the field's type.",
    },
    Entry {
        code: Code::Unsupported, kind: Kind::Unsupported, number: 206,
        title: "This cannot be done here",
        cause: "This database, or this version of the software, has no such thing.",
        remedy: "Ask in another way, as the message advises, or use another database.",
    },
    Entry {
        code: Code::NotFound, kind: Kind::NotFound, number: 300,
        title: "It does not exist",
        cause: "No row has the key, or no model or operation has the name.",
        remedy: "Check the key or the name; the closest name is suggested where there is one.",
    },
    Entry {
        code: Code::Unique, kind: Kind::Unique, number: 301,
        title: "Another row has this value",
        cause: "A primary key or a unique index refuses a second row with the same values.",
        remedy: "Give another value, change the row that has it, or upsert.",
    },
    Entry {
        code: Code::ForeignKey, kind: Kind::ForeignKey, number: 302,
        title: "A reference between rows forbids it",
        cause: "The row names one that does not exist, or is named by another.",
        remedy: "Create the row that is named first; remove the rows that name this one first.",
    },
    Entry {
        code: Code::Precondition, kind: Kind::Precondition, number: 303,
        title: "The row has changed meanwhile",
        cause: "Somebody else changed the row after it was read.",
        remedy: "Read it again, and decide anew.",
    },
    Entry {
        code: Code::Forbidden, kind: Kind::Forbidden, number: 304,
        title: "The caller may not do this",
        cause: "A permission is missing, of the caller or of the database role.",
        remedy: "Grant what the message names, or ask as somebody who has it.",
    },
    Entry {
        code: Code::Tenant, kind: Kind::Forbidden, number: 305,
        title: "It is not known whose rows are meant",
        cause: "The rows belong to tenants, and the call names none, or one that cannot be.",
        remedy: "Reach them through db.tenant(…); give the call's context a tenant; or have the server \
                 take it from its requests.",
    },
    Entry {
        code: Code::Gone, kind: Kind::Gone, number: 310,
        title: "Changes are no longer kept",
        cause: "A reader of changes goes on from a position after which some were deleted, because \
                they were past their time, or were never written down.",
        remedy: "Read the rows anew, and follow the changes from now on.",
    },
    Entry {
        code: Code::Unavailable, kind: Kind::Unavailable, number: 400,
        title: "The database cannot do it now",
        cause: "It is starting, stopping, read-only or full, or its schema is not ready.",
        remedy: "See the state of the server, and try again.",
    },
    Entry {
        code: Code::Connection, kind: Kind::Unavailable, number: 401,
        title: "The database cannot be reached",
        cause: "The connection was refused or lost, or the login was.",
        remedy: "See that address, user and password are right and that the server runs. A write \
                 whose connection was lost may have taken effect: look before trying it again.",
    },
    Entry {
        code: Code::Timeout, kind: Kind::Timeout, number: 402,
        title: "A deadline has passed",
        cause: "The message names which: connect, acquire, statement or lock timeout, or the request's own.",
        remedy: "Ask for less, end what is in the way, or raise the setting that is named.",
    },
    Entry {
        code: Code::Contention, kind: Kind::Contention, number: 403,
        title: "Another transaction was in the way",
        cause: "Two transactions could not both be carried out as if alone, or waited for each other.",
        remedy: "Try again: nothing of this one has taken effect.",
    },
    Entry {
        code: Code::KeysExhausted, kind: Kind::Unavailable, number: 404,
        title: "The counted key has reached its end",
        cause: "The database has given out, or a caller has chosen, the largest key that the field can hold.",
        remedy: "Give the key a wider type, or remove the row with the largest key and set the counter back.",
    },
    Entry {
        code: Code::Internal, kind: Kind::Internal, number: 500,
        title: "This software or its server is at fault",
        cause: "Something happened that should not: a row that does not hold what its column says, \
                a handler that panicked, an answer that nobody expected.",
        remedy: "See the log under the request id, and report it.",
    },
];

impl Code {
    /// Every code, in the order of the numbers.
    pub fn all() -> impl Iterator<Item = Self> {
        CATALOGUE.iter().map(|entry| entry.code)
    }

    /// The code of an error of which only the kind is known.
    pub fn of_kind(kind: Kind) -> Self {
        let first = CATALOGUE.iter().find(|entry| entry.kind == kind);
        first.map_or(Self::Internal, |entry| entry.code)
    }

    /// The kind that an error of this code has.
    pub fn kind(self) -> Kind {
        self.entry().kind
    }

    /// The number: 301 in `DF-301`.
    pub fn number(self) -> u16 {
        self.entry().number
    }

    /// What it means, in a few words.
    pub fn title(self) -> &'static str {
        self.entry().title
    }

    /// How it comes about.
    pub fn cause(self) -> &'static str {
        self.entry().cause
    }

    /// What to do about it.
    pub fn remedy(self) -> &'static str {
        self.entry().remedy
    }

    fn entry(self) -> &'static Entry {
        CATALOGUE
            .iter()
            .find(|entry| entry.code == self)
            .expect("every code stands in the catalogue")
    }
}

/// `DF-301`.
impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DF-{}", self.number())
    }
}
