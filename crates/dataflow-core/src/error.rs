//! The one error of the house: opaque outside, precise inside.
//!
//! An error has a [`Kind`], which callers branch on and doors translate (one table each), a message
//! that names the thing at fault, optional advice, and the faults of single fields. Row values and
//! secrets never reach any of them.

use std::borrow::Cow;
use std::fmt;

mod closest;
mod fault;
mod kind;

pub use closest::closest;
pub use fault::{Fault, FaultCode};
pub use kind::Kind;

/// The result of everything in this workspace that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, where, and what to do about it.
///
/// [`Display`](fmt::Display) is the message alone. [`Debug`] adds the advice and the sources, so
/// that a `main` that returns a [`Result`] prints something a person can act on.
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
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    message: Cow<'static, str>,
    help: Option<Cow<'static, str>>,
    faults: Vec<Fault>,
    details: Vec<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of one kind, with a message in lower case and without a full stop.
    pub fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            help: None,
            faults: Vec::new(),
            details: Vec::new(),
            source: None,
        }))
    }

    /// An [`Kind::Invalid`] error that carries what each field refuses.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        let message = match faults.as_slice() {
            [only] => format!("{}: {}", only.subject(), only.detail),
            many => format!("{} fields are refused", many.len()),
        };
        let mut error = Self::new(Kind::Invalid, message);
        error.0.faults = faults;
        error
    }

    /// Adds what the reader should do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Adds the faults of single fields.
    #[must_use]
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.0.faults = faults;
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
        self.0.source = Some(source.into());
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
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)?;
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
