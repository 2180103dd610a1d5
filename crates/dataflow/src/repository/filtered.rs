//! The rows that a filter lets through, changed and removed in one statement.

use dataflow_core::Result;
use dataflow_core::query::{Change, FilterOf};
use dataflow_core::schema::Changeable;

use super::Repository;

/// How many rows there are makes no difference to the number of statements. Where the model has hooks
/// or an audit trail, each row is found and locked first, and handed to them.
///
/// To reach every row, say so: `Filter::all()`.
///
/// ```
/// # use dataflow::{DataFlow, Filter, Model};
/// #[derive(Debug, Clone, PartialEq, Model)]
/// struct Job {
///     #[model(primary_key)]
///     name: String,
///     state: String,
///     attempts: i32,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> dataflow::Result<()> {
/// # let db = DataFlow::builder("sqlite::memory:").model::<Job>().open()?;
/// let jobs = db.repository::<Job>()?;
/// # for (name, attempts) in [("a", 1), ("b", 2), ("c", 3)] {
/// #     jobs.create(&Job { name: name.to_owned(), state: "failed".to_owned(), attempts }).await?;
/// # }
/// let failed = Job::STATE.eq("failed");
/// let again = [Job::STATE.set("new"), Job::ATTEMPTS.add(1)];
/// assert_eq!(jobs.update_where(failed.clone().and(Job::ATTEMPTS.lt(3)), again).await?, 2);
/// assert_eq!(jobs.delete_where(failed).await?, 1);
/// assert_eq!(jobs.read(&"b".to_owned()).await?.attempts, 3);
/// # Ok(())
/// # }
/// ```
impl<M: Changeable> Repository<M> {
    /// Gives the rows that a filter lets through other values in some columns, all of them or none,
    /// and says how many there were. Each that has a version gets the next one.
    ///
    /// # Errors
    ///
    /// [`Kind::Invalid`](dataflow_core::error::Kind::Invalid) for a value that a field refuses, for a
    /// column that is given twice, and for one that is not given: the key, a stamp, what the database
    /// computes; else as [`update`](Self::update) and [`list`](Self::list).
    pub async fn update_where(
        &self,
        filter: impl FilterOf<M>,
        changes: impl IntoIterator<Item = Change<M>>,
    ) -> Result<u64> {
        let changes = self.changes(changes)?;
        self.table.update_where(filter.into_filter(), changes).await
    }

    /// Removes the rows that a filter lets through, all of them or none, and says how many there
    /// were.
    ///
    /// # Errors
    ///
    /// [`Kind::ForeignKey`](dataflow_core::error::Kind::ForeignKey) when other rows point at one; else
    /// as [`list`](Self::list).
    pub async fn delete_where(&self, filter: impl FilterOf<M>) -> Result<u64> {
        self.table.delete_where(filter.into_filter()).await
    }
}
