//! What tells the new rows of an upsert from those that it changes.

/// Expressions of one database that tell a new row of an upsert from one that it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newness {
    /// Whether a row is new that an upsert has just written, among what it gives back.
    pub is_new: &'static str,
    /// What the change of a row has to be marked by for that, as a condition that holds.
    pub mark: Option<&'static str>,
}
