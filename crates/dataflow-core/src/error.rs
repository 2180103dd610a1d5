//! The one error of the house: opaque outside, precise inside.
//!
//! An error has a [`Kind`], which callers branch on and doors translate (one table each), a [`Code`]
//! that the catalogue explains, a message that names the thing at fault, the [`Place`] in the
//! database, optional advice, and the faults of single fields. Row values and secrets never reach
//! any of them.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

mod attempts;
mod closest;
mod code;
mod fault;
mod kind;
mod place;
pub mod pointer;

pub use attempts::Attempts;
pub use closest::closest;
pub use code::Code;
pub use fault::{Fault, FaultCode};
pub use kind::Kind;
pub use place::Place;

/// The result of everything in this workspace that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, where, and what to do about it.
///
/// [`Display`](fmt::Display) is the message alone. [`Debug`] adds the code, the advice and the
/// sources, so that a `main` that returns a [`Result`] prints something a person can act on.
///
/// ```
/// use dataflow_core::error::{Error, Kind};
///
/// let error = Error::new(Kind::Configuration, "database url has no scheme")
///     .with_help("write sqlite://path or postgres://user:password@host/database");
///
/// assert_eq!(error.kind(), Kind::Configuration);
/// assert_eq!(error.to_string(), "database url has no scheme");
/// assert!(format!("{error:?}").contains("help: write sqlite://path"));
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: Kind,
    code: Code,
    message: Cow<'static, str>,
    help: Option<Cow<'static, str>>,
    place: Place,
    faults: Vec<Fault>,
    details: Vec<String>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of one kind, with a message in lower case and without a full stop.
    pub fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            code: Code::of_kind(kind),
            message: message.into(),
            help: None,
            place: Place::default(),
            faults: Vec::new(),
            details: Vec::new(),
            source: None,
        }))
    }

    /// An error of a code, with the kind that the code has.
    pub fn of(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        let mut error = Self::new(code.kind(), message);
        error.0.code = code;
        error
    }

    /// An [`Kind::Invalid`] error that carries what each field refuses.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        let message = match faults.as_slice() {
            [only] => format!("{}: {}", only.subject(), only.detail),
            many => format!("{} fields are refused", many.len()),
        };
        let mut codes = faults.iter().map(|fault| fault.code.refusal());
        let first = codes.next().unwrap_or(Code::Invalid);
        let code = match codes.all(|code| code == first) {
            true => first,
            false => Code::Invalid,
        };
        Self::of(code, message).with_faults(faults)
    }

    /// Puts other words in the place of the message; all else stays.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Adds what the database names.
    #[must_use]
    pub fn with_place(mut self, place: Place) -> Self {
        self.0.place = place;
        self
    }

    /// Adds what the reader should do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Adds, as advice, the known name that was probably meant, where one is near enough to a name
    /// that is not known.
    ///
    /// ```
    /// use dataflow_core::error::{Error, Kind};
    ///
    /// let error = Error::new(Kind::Malformed, "no field is called \"emial\"");
    /// let error = error.with_closest("emial", ["name", "email"]);
    /// assert_eq!(error.help(), Some("did you mean \"email\"?"));
    /// ```
    #[must_use]
    pub fn with_closest<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match closest(written, known) {
            Some(meant) => self.with_help(format!("did you mean {meant:?}?")),
            None => self,
        }
    }

    /// Adds the faults of single fields.
    #[must_use]
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.0.faults = faults;
        self
    }

    /// Says where the faults are in another input than the one they were found in. A pointer for
    /// which the function has none stays as it is.
    #[must_use]
    pub fn with_pointers(mut self, moved: impl Fn(&str) -> Option<String>) -> Self {
        for fault in &mut self.0.faults {
            if let Some(pointer) = moved(&fault.pointer) {
                fault.pointer = pointer;
            }
        }
        self
    }

    /// Adds one line for each of several mistakes that belong to no field of an input.
    #[must_use]
    pub fn with_details(mut self, details: Vec<String>) -> Self {
        self.0.details = details;
        self
    }

    /// Adds the cause. Its text MUST hold no row value and no secret.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into().into());
        self
    }

    /// Says where it happened, in front of the message: `node "user": …`.
    #[must_use]
    pub fn within(mut self, place: impl fmt::Display) -> Self {
        self.0.message = format!("{place}: {}", self.0.message).into();
        self
    }

    /// What callers branch on.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// What the catalogue explains.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What the database names: table, columns, constraint.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// What is wrong, without advice or cause.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it, where that is known.
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// The faults of single fields, in the order of the input.
    pub fn faults(&self) -> &[Fault] {
        &self.0.faults
    }

    /// One line for each of several mistakes.
    pub fn details(&self) -> &[String] {
        &self.0.details
    }

    /// Whether changes that the caller has not seen are no longer kept.
    pub fn is_gone(&self) -> bool {
        self.kind() == Kind::Gone
    }

    /// Whether the row that was asked for does not exist.
    pub fn is_not_found(&self) -> bool {
        self.kind() == Kind::NotFound
    }

    /// Whether a unique or foreign-key constraint refused the write.
    pub fn is_conflict(&self) -> bool {
        matches!(self.kind(), Kind::Unique | Kind::ForeignKey)
    }

    /// Whether another transaction was in the way, so that the same work can succeed when it is
    /// done again from its beginning.
    pub fn is_contention(&self) -> bool {
        self.kind() == Kind::Contention
    }

    /// Whether the input was refused, by a field or as a whole.
    pub fn is_invalid(&self) -> bool {
        matches!(self.kind(), Kind::Invalid | Kind::Malformed)
    }

    /// Whether the row has changed since the version that the change was of.
    pub fn is_stale(&self) -> bool {
        self.code() == Code::Precondition
    }

    /// Whether another row has the value.
    pub fn is_unique(&self) -> bool {
        self.code() == Code::Unique
    }

    /// Whether a reference between rows forbids it.
    pub fn is_foreign_key(&self) -> bool {
        self.code() == Code::ForeignKey
    }

    /// Whether a value is missing that is needed.
    pub fn is_not_null(&self) -> bool {
        self.code() == Code::NotNull
    }

    /// Whether a check of the table refuses a value.
    pub fn is_check(&self) -> bool {
        self.code() == Code::Check
    }

    /// Whether a value is too long for its column.
    pub fn is_too_long(&self) -> bool {
        self.code() == Code::TooLong
    }

    /// Whether a number or a time is outside of what its column holds.
    pub fn is_out_of_range(&self) -> bool {
        self.code() == Code::OutOfRange
    }

    /// Whether a deadline has passed.
    pub fn is_timeout(&self) -> bool {
        self.code() == Code::Timeout
    }

    /// Whether the database cannot be reached, or the connection to it was lost.
    pub fn is_connection(&self) -> bool {
        self.code() == Code::Connection
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} [{}]", self.0.message, self.0.code)?;
        for fault in &self.0.faults {
            write!(formatter, "\n  {}: {}", fault.subject(), fault.detail)?;
        }
        for detail in &self.0.details {
            write!(formatter, "\n  {detail}")?;
        }
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            write!(formatter, "\n  cause: {cause}")?;
            source = cause.source();
        }
        if let Some(help) = &self.0.help {
            write!(formatter, "\n  help: {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}

/// Lets code that uses `?` on errors of any type end in an [`Error`]: one that already is an
/// [`Error`] stays what it was, any other was not expected and is [`Kind::Internal`].
impl From<Box<dyn std::error::Error + Send + Sync>> for Error {
    fn from(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        match source.downcast::<Self>() {
            Ok(error) => *error,
            Err(source) => Self::new(Kind::Internal, "unexpected failure").with_source(source),
        }
    }
}
