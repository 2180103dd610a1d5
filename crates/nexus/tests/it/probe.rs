//! A source that remembers what was done to it, and does what a test wants.

use std::sync::{Arc, Mutex};

use nexus::node::BoxFuture;
use nexus::{Error, Kind, Node, Result, Source};

/// A source without models.
#[derive(Clone, Default)]
pub(crate) struct Probe {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    events: Mutex<Vec<String>>,
    schema_fails: bool,
    connect_fails: bool,
    is_unchanged: bool,
}

impl Probe {
    pub(crate) fn whose_schema_fails() -> Self {
        Self::from(Shared {
            schema_fails: true,
            ..Shared::default()
        })
    }

    pub(crate) fn that_cannot_connect() -> Self {
        Self::from(Shared {
            connect_fails: true,
            ..Shared::default()
        })
    }

    pub(crate) fn whose_tables_are_unchanged() -> Self {
        Self::from(Shared {
            is_unchanged: true,
            ..Shared::default()
        })
    }

    fn from(shared: Shared) -> Self {
        Self {
            shared: Arc::new(shared),
        }
    }

    /// What was done so far, in order.
    pub(crate) fn events(&self) -> Vec<String> {
        self.shared.events.lock().unwrap().clone()
    }

    fn record(&self, event: impl Into<String>) {
        self.shared.events.lock().unwrap().push(event.into());
    }
}

impl Source for Probe {
    fn name(&self) -> String {
        "probe".into()
    }

    fn nodes(&self) -> Vec<Arc<dyn Node>> {
        Vec::new()
    }

    fn synchronize(&self) -> Result<String> {
        if self.shared.schema_fails {
            return Err(Error::new(
                Kind::Schema,
                "table \"books\" cannot be created",
            ));
        }
        let thread = std::thread::current();
        let runtime = match tokio::runtime::Handle::try_current() {
            Ok(_) => "in a runtime",
            Err(_) => "without a runtime",
        };
        let name = thread.name().unwrap_or("no name");
        self.record(format!("synchronized on {name} {runtime}"));
        Ok("unchanged".into())
    }

    fn connect(&self) -> BoxFuture<'_, Result<Option<String>>> {
        Box::pin(async {
            if self.shared.connect_fails {
                return Err(Error::new(
                    Kind::Unavailable,
                    "the database cannot be reached",
                ));
            }
            self.record("connected");
            Ok(self.shared.is_unchanged.then(|| "unchanged".to_owned()))
        })
    }

    fn check(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async { self.record("closed") })
    }
}
