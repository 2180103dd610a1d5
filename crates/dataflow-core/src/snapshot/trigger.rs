//! What happens when the rows of a table are written.

/// A trigger of the house: it writes the changes of rows down. Others are none of its business.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// What it does, as the catalogue keeps it; empty where it is turned off.
    pub body: String,
    /// What it calls, by all of its name and quoted, where that is a thing of its own.
    pub function: Option<String>,
    /// The statements that make it, without semicolons; none where it was found.
    pub statements: Vec<String>,
}

impl Trigger {
    /// Whether triggers that were found do what these do.
    pub(crate) fn are_done_by(wanted: &[Self], found: &[Self]) -> bool {
        let is_done = |(wanted, found): (&Self, &Self)| {
            wanted.name == found.name && wanted.body == found.body
        };
        wanted.len() == found.len() && wanted.iter().zip(found).all(is_done)
    }

    /// Whether triggers that were found write down every change that these do, though in other
    /// words perhaps.
    pub(crate) fn miss_nothing(wanted: &[Self], found: &[Self]) -> bool {
        wanted.iter().all(|trigger| {
            let is_it = |other: &&Self| other.name == trigger.name && !other.body.is_empty();
            found.iter().any(|other| is_it(&other))
        })
    }
}
