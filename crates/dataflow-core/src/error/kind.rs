//! What callers branch on and doors translate.

/// The kind of an [`Error`](super::Error).
///
/// Every door has one table from kind to its own words: HTTP to a status, MCP to a code, the
/// command line to an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A setting, a URL or an environment key is wrong, or something is registered twice.
    Configuration,
    /// The tables are not what the models need, or a change was refused.
    Schema,
    /// The input cannot be read: broken JSON, an unknown parameter, a bad cursor.
    Malformed,
    /// A field refuses its value.
    Invalid,
    /// The row, model or operation does not exist.
    NotFound,
    /// A unique constraint refused the write.
    Unique,
    /// A foreign key refused the write.
    ForeignKey,
    /// The state that the caller relied on has changed.
    Precondition,
    /// What the caller goes on from is no longer kept.
    Gone,
    /// Another transaction was in the way; the same call can succeed when it is made again.
    Contention,
    /// The caller may not do this.
    Forbidden,
    /// The database cannot be reached, or refused the login.
    Unavailable,
    /// A deadline has passed; the message names which.
    Timeout,
    /// This database, or this version of the house, cannot do it.
    Unsupported,
    /// A fault of this software or of the server it runs on.
    Internal,
}

impl Kind {
    /// Whether the fault lies in this process or its set-up: the log tells it, a caller from outside
    /// is told only that there is one.
    pub const fn is_of_this_process(self) -> bool {
        matches!(self, Self::Internal | Self::Configuration | Self::Schema)
    }
}
