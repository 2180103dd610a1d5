//! Hooks of any model, for tables that know no structs.

use std::marker::PhantomData;
use std::sync::Arc;

use dataflow_core::node::BoxFuture;
use dataflow_core::schema::KeyValue as _;
use dataflow_core::{Model, ModelSchema, Result, Value};

use super::{Draft, Hooks, Occasion};
use crate::collect::StoredRow;
use crate::table::Entry;
use crate::transaction::Transaction;

/// [`Hooks`] of any model.
pub(crate) trait AnyHooks: Send + Sync {
    fn before_write<'a>(
        &'a self,
        transaction: &'a Transaction,
        occasion: Occasion,
        entries: &'a mut Vec<Entry>,
    ) -> BoxFuture<'a, Result<()>>;

    fn after_write<'a>(
        &'a self,
        transaction: &'a Transaction,
        occasion: Occasion,
        rows: &'a [StoredRow],
    ) -> BoxFuture<'a, Result<()>>;

    fn before_delete<'a>(
        &'a self,
        transaction: &'a Transaction,
        keys: &'a [Vec<Value>],
    ) -> BoxFuture<'a, Result<()>>;

    fn after_delete<'a>(
        &'a self,
        transaction: &'a Transaction,
        rows: &'a [StoredRow],
    ) -> BoxFuture<'a, Result<()>>;
}

/// Hooks, and the model that they belong to.
#[derive(Clone)]
pub(crate) struct ModelHooks {
    pub(crate) model: &'static ModelSchema,
    pub(crate) hooks: Arc<dyn AnyHooks>,
}

impl ModelHooks {
    pub(crate) fn new<M: Model>(hooks: impl Hooks<M>) -> Self {
        Self {
            model: M::schema(),
            hooks: Arc::new(Attached {
                hooks,
                model: PhantomData,
            }),
        }
    }
}

/// Hooks of one model.
struct Attached<M, H> {
    hooks: H,
    model: PhantomData<fn() -> M>,
}

impl<M: Model, H: Hooks<M>> AnyHooks for Attached<M, H> {
    fn before_write<'a>(
        &'a self,
        transaction: &'a Transaction,
        occasion: Occasion,
        entries: &'a mut Vec<Entry>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut drafts: Vec<Draft<M>> = entries.drain(..).map(Draft::new).collect();
            let drafted = self
                .hooks
                .before_write(transaction, occasion, &mut drafts)
                .await;
            entries.extend(drafts.into_iter().map(|draft| draft.entry));
            drafted
        })
    }

    fn after_write<'a>(
        &'a self,
        transaction: &'a Transaction,
        occasion: Occasion,
        rows: &'a [StoredRow],
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let rows = structs(rows)?;
            self.hooks.after_write(transaction, occasion, &rows).await
        })
    }

    fn before_delete<'a>(
        &'a self,
        transaction: &'a Transaction,
        keys: &'a [Vec<Value>],
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let keys = keys.iter().cloned().map(StoredRow::of);
            let keys: Result<Vec<M::Key>> = keys.map(|key| M::Key::read_key(&key)).collect();
            self.hooks.before_delete(transaction, &keys?).await
        })
    }

    fn after_delete<'a>(
        &'a self,
        transaction: &'a Transaction,
        rows: &'a [StoredRow],
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let rows = structs(rows)?;
            self.hooks.after_delete(transaction, &rows).await
        })
    }
}

fn structs<M: Model>(rows: &[StoredRow]) -> Result<Vec<M>> {
    rows.iter().map(M::from_row).collect()
}
