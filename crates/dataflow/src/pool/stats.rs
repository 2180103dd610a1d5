//! How busy a pool is.

/// How busy a pool is, at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PoolStats {
    /// The most connections that may be open.
    pub(crate) size: usize,
    /// Those that are open.
    pub(crate) open: usize,
    /// Those that are open and wait for a statement.
    pub(crate) idle: usize,
    /// Statements that wait for their turn.
    pub(crate) waiting: usize,
}
