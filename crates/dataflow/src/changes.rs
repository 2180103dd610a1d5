//! What is done to rows, told to whoever follows.
//!
//! ```text
//! write ─ trigger ─→ outbox ─ page ─→ Reader ─→ stream, door
//!   └─ after its end: wake ─────────────┘
//! ```
//!
//! Every reader goes through the outbox by itself, page by page, and so at its own pace with the
//! memory of one page. It is woken by writes of its own process, and looks from time to time for
//! those of others.

mod entry;
mod feed;
mod follower;
mod reader;
mod retention;
mod whose;

use futures_util::stream::{self, Stream, StreamExt as _};
use std::fmt;
use std::sync::Arc;

use dataflow_core::feed::{Position, RowChange};
use dataflow_core::{Error, Model, ModelSchema, Result};

pub(crate) use feed::Feed;
pub(crate) use follower::Follower;
pub(crate) use reader::Reader;
use reader::Start;
pub(crate) use whose::Whose;

use crate::database::DataFlow;

/// Which changes are asked for: those of every model from now on, unless something is added. Made
/// by [`DataFlow::changes`].
///
/// ```
/// use dataflow::{DataFlow, Model, RowVerb};
/// use futures_util::StreamExt as _;
///
/// #[derive(Debug, Clone, PartialEq, Model)]
/// struct User {
///     #[model(primary_key)]
///     id: String,
///     name: String,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> dataflow::Result<()> {
/// let db = DataFlow::builder("sqlite::memory:").model::<User>().enable_changes(true).open()?;
/// let users = db.repository::<User>()?;
/// users.create(&User { id: "ann".to_owned(), name: "Ann".to_owned() }).await?;
///
/// let mut changes = std::pin::pin!(db.changes().of::<User>().from_oldest().stream());
/// let change = changes.next().await.expect("there is no end")?;
/// assert_eq!((change.verb, &change.key["id"]), (RowVerb::Create, &"ann".into()));
///
/// // Later, perhaps in another process: what came after.
/// users.delete(&"ann".to_owned()).await?;
/// let mut rest = std::pin::pin!(db.changes().from(change.position).stream());
/// assert_eq!(rest.next().await.expect("there is no end")?.verb, RowVerb::Delete);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is read until the stream is polled"]
pub struct Changes {
    feed: Result<Arc<Feed>>,
    models: Vec<Arc<ModelSchema>>,
    start: Start,
}

impl DataFlow {
    /// What is done to rows, by whatever does it, in the order in which it takes effect. It is
    /// written down where [`enable_changes`](crate::DataFlowBuilder::enable_changes) says so.
    pub fn changes(&self) -> Changes {
        Changes {
            feed: self.feed(),
            models: Vec::new(),
            start: Start::Now,
        }
    }

    /// Deletes changes that are past their time now, and says how many those were. That is done from
    /// time to time by itself.
    ///
    /// # Errors
    ///
    /// [`Kind::Unsupported`](crate::error::Kind::Unsupported) where no changes are written down;
    /// else when the database refuses.
    pub async fn prune_changes(&self) -> Result<u64> {
        self.feed()?.prune().await
    }
}

impl Changes {
    /// Of rows of this model; called more than once, of any of the models.
    pub fn of<M: Model>(self) -> Self {
        self.of_model(&M::schema().name)
    }

    /// Of rows of the model of a name, as [`of`](Self::of).
    pub fn of_model(mut self, name: &str) -> Self {
        let model = match &self.feed {
            Ok(feed) => feed.model(name),
            Err(error) => Err(error.clone()),
        };
        match model {
            Ok(model) => self.models.push(model),
            Err(error) => self.feed = Err(error),
        }
        self
    }

    /// After a position, which a change that was seen has.
    pub fn from(mut self, position: Position) -> Self {
        self.start = Start::After(position);
        self
    }

    /// From the oldest that is kept.
    pub fn from_oldest(mut self) -> Self {
        self.start = Start::Oldest;
        self
    }

    /// The changes, without an end: a stream that has told all waits for the next. It holds one page
    /// of them at a time.
    ///
    /// Where the database numbers transactions, a change is told once every transaction that was
    /// begun before it is over: one that stays open holds up what is told, and nothing is lost.
    ///
    /// An error [is gone](Error::is_gone) where changes are no longer kept that would have come:
    /// whoever goes on to poll gets those after them, and has to read the rows anew. After any other
    /// error, the same is tried again. The stream ends when the database is closed.
    pub fn stream(self) -> impl Stream<Item = Result<RowChange>> + Send {
        let reader = match self.feed {
            Ok(feed) => Reader::new(feed, self.models, Whose::All, self.start),
            Err(error) => return stream::iter([Err(error)]).right_stream(),
        };
        let changes = stream::unfold(reader, |mut reader| async move {
            let change = reader.next().await;
            (!reader.is_over()).then_some((change, reader))
        });
        changes.left_stream()
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let models: Vec<&str> = self.models.iter().map(|model| &*model.name).collect();
        formatter
            .debug_struct("Changes")
            .field("models", &models)
            .field("start", &self.start)
            .field("refused", &self.feed.as_ref().err().map(Error::message))
            .finish_non_exhaustive()
    }
}
