//! How long each kind of waiting may take.

use std::time::Duration;

use clap::Args;
use dataflow::DataFlowBuilder;
use dataflow_core::{Endpoint, duration};
use dataflow_ddl_sync::SyncDDLExecutor;

/// How long each kind of waiting may take.
#[derive(Debug, Args)]
pub(crate) struct Timeouts {
    /// How long a statement may wait for a lock that others hold, such as 5s or 250ms: 2s unless set.
    #[arg(long, global = true, value_name = "DURATION", value_parser = parse)]
    lock_timeout: Option<Duration>,
    /// How long to wait for another migration that cannot be seen at work: 5m unless set.
    #[arg(long, global = true, value_name = "DURATION", value_parser = parse)]
    migration_timeout: Option<Duration>,
    /// How long a statement may run: 30s unless set. Steps that read or write whole tables have no
    /// such limit: those that keep nobody waiting, and those that the policy full or an approval lets
    /// be made.
    #[arg(long, global = true, value_name = "DURATION", value_parser = parse)]
    statement_timeout: Option<Duration>,
}

impl Timeouts {
    /// What changes a database within them.
    pub(crate) fn executor(&self, endpoint: Endpoint) -> SyncDDLExecutor {
        let executor = SyncDDLExecutor::new(endpoint);
        let executor = set(executor, self.lock_timeout, SyncDDLExecutor::lock_timeout);
        let executor = set(
            executor,
            self.migration_timeout,
            SyncDDLExecutor::migration_timeout,
        );
        set(
            executor,
            self.statement_timeout,
            SyncDDLExecutor::statement_timeout,
        )
    }

    /// The builder of a database that keeps to them.
    pub(crate) fn builder(&self, url: String) -> DataFlowBuilder {
        let builder = dataflow::DataFlow::builder(url);
        let builder = set(builder, self.lock_timeout, DataFlowBuilder::lock_timeout);
        let builder = set(
            builder,
            self.migration_timeout,
            DataFlowBuilder::migration_timeout,
        );
        set(
            builder,
            self.statement_timeout,
            DataFlowBuilder::statement_timeout,
        )
    }
}

/// What was given; the rest stays at its default.
fn set<T>(on: T, timeout: Option<Duration>, setter: fn(T, Duration) -> T) -> T {
    match timeout {
        Some(timeout) => setter(on, timeout),
        None => on,
    }
}

fn parse(text: &str) -> Result<Duration, String> {
    let duration = duration::parse(text).filter(|duration| !duration.is_zero());
    duration.ok_or_else(|| format!("write {}", duration::FORM))
}
