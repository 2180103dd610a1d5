//! A database as those who serve it see it.

use std::sync::Arc;

use dataflow_core::ddl::Migrations;
use dataflow_core::error::Kind;
use dataflow_core::feed::Position;
use dataflow_core::node::{BoxFuture, ChangeStream, Context, Node, Scope, Source};
use dataflow_core::{Error, Result};
use dataflow_ddl_sync::Migrator;

use super::DataFlow;
use crate::changes::{Reader, Whose};

impl Source for DataFlow {
    fn name(&self) -> String {
        self.inner.settings.endpoint.to_string()
    }

    fn nodes(&self) -> Vec<Arc<dyn Node>> {
        Self::nodes(self).to_vec()
    }

    fn synchronize(&self) -> Result<String> {
        Ok(self.summary(Self::synchronize(self)?))
    }

    fn connect(&self) -> BoxFuture<'_, Result<Option<String>>> {
        Box::pin(async { Ok(self.recall().await?.map(|ready| self.summary(ready))) })
    }

    fn check(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            if self.inner.ready.get().is_none() {
                let message = format!(
                    "the schema of {} is not ready",
                    self.inner.settings.endpoint
                );
                return Err(Error::new(Kind::Unavailable, message));
            }
            self.inner.pool.check().await
        })
    }

    fn begin(&self) -> BoxFuture<'_, Result<Arc<dyn Scope>>> {
        Box::pin(self.begin_scope())
    }

    fn followed_models(&self) -> Vec<String> {
        let models = self
            .inner
            .feed
            .iter()
            .flat_map(|feed| feed.models_at_doors());
        models.map(|model| model.name.to_string()).collect()
    }

    fn changes<'a>(
        &'a self,
        context: &'a Context,
        models: &'a [String],
        after: Option<Position>,
    ) -> BoxFuture<'a, Result<Box<dyn ChangeStream>>> {
        Box::pin(async move {
            let feed = self.feed()?;
            let whose = Whose::of(context, &self.inner.schema_set)?;
            let models = feed.named_at_doors(models, &whose)?;
            let reader = Reader::begin(feed, models, whose, after).await?;
            Ok(Box::new(reader) as Box<dyn ChangeStream>)
        })
    }

    fn migrations(&self) -> Result<Box<dyn Migrations>> {
        Ok(Box::new(Migrator::new(
            self.ddl_executor()?,
            self.inner.schema_set.clone(),
            self.inner.settings.sync.clone(),
        )))
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.inner.pool.close())
    }
}
