//! What a table has only once it exists.

/// What only a table that exists has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Existing {
    /// About how many rows it holds; zero only when it holds none. Nobody counts them unless the
    /// table is to change.
    pub rows: u64,
    /// Indexes that an interrupted attempt left half-made, and constraints that hold for new rows
    /// alone.
    pub unfinished: Vec<String>,
    /// Indexes that belong to a constraint of their name, and go only with it.
    pub constraints: Vec<String>,
    /// Whether row-level security is on, for the owner too, without the policy of the house: then
    /// that policy can only show rows that are hidden.
    pub is_closed: bool,
    /// Which of its rows whoever looks is shown.
    pub sight: Sight,
    /// The statements that it was made with, where the database keeps them.
    pub definition: Option<Definition>,
}

/// Which rows whoever looks is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sight {
    /// All, whatever row-level security says.
    #[default]
    Whole,
    /// All, until row-level security is on for the owner too.
    Owner,
    /// Those that policies show.
    Limited,
}

/// The statements that a table was made with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Definition {
    /// Its `CREATE TABLE`.
    pub sql: String,
    /// What goes when it is dropped, in the order in which it was made.
    pub attachments: Vec<Attachment>,
}

/// An index or a trigger of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// The statement that makes it.
    pub sql: String,
}
