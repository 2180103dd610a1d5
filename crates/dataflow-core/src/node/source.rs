//! What brings nodes and has a life of its own.

use std::sync::Arc;

use super::{BoxFuture, ChangeStream, Context, Node, Scope};
use crate::ddl::Migrations;
use crate::error::{Error, Kind, Result};
use crate::feed::Position;

/// A database of models, seen from a server: its nodes, and when they can be called.
///
/// A server calls, in this order: [`nodes`](Source::nodes) when it is built;
/// [`connect`](Source::connect) in the runtime that will serve; where that finds something to do,
/// [`synchronize`](Source::synchronize) on a plain thread; [`check`](Source::check) whenever it is
/// asked whether it is ready; [`close`](Source::close) at the end. It serves no request before the
/// tables are what the models need.
pub trait Source: Send + Sync {
    /// What it is called in start-up reports and readiness checks; holds no secret.
    fn name(&self) -> String;

    /// Everything that can be called. Needs no connection.
    fn nodes(&self) -> Vec<Arc<dyn Node>>;

    /// Brings the tables to what the models need, and returns one line that says what was done.
    /// Blocks; a runtime is neither needed nor in the way.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or the tables cannot become what the models need. The
    /// source then refuses every call.
    fn synchronize(&self) -> Result<String>;

    /// Opens the first connection of the runtime that will serve, and asks on it whether the tables
    /// are as they were left. If so, calls are let through and the line that
    /// [`synchronize`](Source::synchronize) would return is; if not, or if it cannot be told,
    /// nothing is, and `synchronize` has to look.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses the login.
    fn connect(&self) -> BoxFuture<'_, Result<Option<String>>>;

    /// Whether a call would be answered now.
    ///
    /// # Errors
    ///
    /// When the schema is not ready or the database does not answer.
    fn check(&self) -> BoxFuture<'_, Result<()>>;

    /// Begins a transaction, for calls that take effect together or not at all. A source that has
    /// no transactions keeps this default, which refuses.
    ///
    /// # Errors
    ///
    /// [`Kind::Unsupported`] when it has none; else when the database does not answer.
    fn begin(&self) -> BoxFuture<'_, Result<Arc<dyn Scope>>> {
        let message = format!("{} has no transactions", self.name());
        Box::pin(std::future::ready(Err(Error::new(
            Kind::Unsupported,
            message,
        ))))
    }

    /// The names of the models whose changes can be followed; none where nobody writes them down.
    fn followed_models(&self) -> Vec<String> {
        Vec::new()
    }

    /// What is done to rows of these models from now on, or after a position; of all models where
    /// none is named. An implementation MUST tell of rows that belong to a tenant to the tenant of the
    /// context alone. A source that writes no changes down keeps this default, which refuses.
    ///
    /// # Errors
    ///
    /// [`Kind::Unsupported`] when it writes none down, [`Kind::NotFound`] for a model that is none of
    /// the [followed](Source::followed_models), [`Kind::Forbidden`] for one whose rows belong to
    /// tenants when the context names none, [`Kind::Gone`] when changes after the position are no
    /// longer kept, [`Kind::Malformed`] when the position is of another database.
    fn changes<'a>(
        &'a self,
        context: &'a Context,
        models: &'a [String],
        after: Option<Position>,
    ) -> BoxFuture<'a, Result<Box<dyn ChangeStream>>> {
        let _ = (context, models, after);
        let message = format!("{} writes no changes down", self.name());
        Box::pin(std::future::ready(Err(Error::new(
            Kind::Unsupported,
            message,
        ))))
    }

    /// The verbs by which its schema is administered: plan, apply and the like. A source that has
    /// no schema of its own keeps this default, which refuses.
    ///
    /// # Errors
    ///
    /// [`Kind::Unsupported`] when it has none; else when its settings do not lead to a database.
    fn migrations(&self) -> Result<Box<dyn Migrations>> {
        let message = format!("{} has no schema that could be migrated", self.name());
        Err(Error::new(Kind::Unsupported, message))
    }

    /// Lets calls in flight finish, then closes every connection.
    fn close(&self) -> BoxFuture<'_, ()>;
}
