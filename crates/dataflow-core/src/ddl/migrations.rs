//! The verbs by which a schema is administered, whoever asks: a person, a pipeline, a program.

use serde::Serialize;

use super::{Fingerprint, Migration, Outcome, Watch};
use crate::error::Result;
use crate::plan::{Plan, Policy};
use crate::schema::SchemaSet;

/// A database together with what it is to hold. Each call connects, works and disconnects; all of
/// them block, and need no runtime.
pub trait Migrations: Send + Sync {
    /// Which database it is; holds no secret.
    fn database(&self) -> String;

    /// What has to change, whether or not a policy allows it. Changes nothing and takes no lock.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or read.
    fn plan(&self) -> Result<Plan>;

    /// Which steps are made without asking.
    fn policy(&self) -> Policy;

    /// Makes the steps that a policy allows, and says how many. A step that it does not allow and
    /// that matters is an error; then none is made.
    ///
    /// # Errors
    ///
    /// As [`synchronize`](super::synchronize).
    fn apply(&self, policy: Policy, watch: Watch<'_>) -> Result<Outcome>;

    /// How the database stands.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or read.
    fn status(&self) -> Result<Status>;

    /// The migrations that were made, newest first.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or read.
    fn history(&self) -> Result<Vec<Migration>>;

    /// The models that the database is to hold.
    ///
    /// # Errors
    ///
    /// When it is to hold something else than models.
    fn models(&self) -> Result<SchemaSet>;
}

/// How a database stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Which database it is.
    pub database: String,
    /// The application whose models it is to hold, where it is to hold models.
    pub application: Option<String>,
    /// The fingerprint of those models.
    #[serde(serialize_with = "as_text")]
    pub fingerprint: Option<Fingerprint>,
    /// How many steps are to be made.
    pub pending: usize,
    /// How many differences stand in the way of a program, and no step removes.
    pub blocking: usize,
    /// The newest migration of the application.
    pub last: Option<Migration>,
    /// Whether the tables are still as that migration left them; none where it did not end, or
    /// there was none.
    pub is_unmoved: Option<bool>,
}

impl Status {
    /// Whether there is nothing to do.
    pub fn is_up_to_date(&self) -> bool {
        self.pending == 0 && self.blocking == 0
    }
}

fn as_text<S: serde::Serializer>(
    fingerprint: &Option<Fingerprint>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let text = fingerprint.map(|fingerprint| fingerprint.to_string());
    text.serialize(serializer)
}
