//! Rows that another transaction has for itself.

/// What becomes of a row that is wanted for oneself while another transaction has it.
///
/// SQLite has none such: a transaction has the one connection that writes, and others begin when it
/// has ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum IfLocked {
    /// It is waited for, as long as `lock_timeout` allows.
    #[default]
    Wait,
    /// It is left out, as if it were not there: `SKIP LOCKED`.
    Skip,
    /// It is an error at once: `NOWAIT`.
    Fail,
}
