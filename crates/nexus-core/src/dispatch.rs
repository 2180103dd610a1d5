//! The one way in.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Answer, Context, Object};
use futures_util::FutureExt;

mod in_flight;
mod measure;

use crate::{Operation, Registry};
use in_flight::InFlight;
use measure::Measures;

/// How long a call may take, whatever its context says.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(30);

/// How much longer than its caller a call is waited for: the database stops it in time and says that it
/// has no effect, which nobody knows of a call that is left.
const DATABASES_ANSWER: Duration = Duration::from_millis(500);

/// Calls operations on behalf of every channel. Cheap to clone.
#[derive(Clone)]
pub struct Dispatch {
    shared: Arc<Shared>,
}

struct Shared {
    registry: Registry,
    default_deadline: Duration,
    measures: Option<Measures>,
    is_open: AtomicBool,
    in_flight: InFlight,
}

impl Dispatch {
    /// A dispatch that refuses every call until it is [opened](Dispatch::open).
    pub fn new(registry: Registry) -> Self {
        Self::with(registry, DEFAULT_DEADLINE, Measured::No)
    }

    /// The same, with its own deadline for calls.
    pub fn with(registry: Registry, default_deadline: Duration, measured: Measured) -> Self {
        let measures = match measured {
            Measured::Yes => Some(Measures::of(&registry)),
            Measured::No => None,
        };
        Self {
            shared: Arc::new(Shared {
                registry,
                default_deadline,
                measures,
                is_open: AtomicBool::new(false),
                in_flight: InFlight::default(),
            }),
        }
    }

    /// What can be called.
    pub fn registry(&self) -> &Registry {
        &self.shared.registry
    }

    /// Lets calls in: every source's schema is ready.
    pub fn open(&self) {
        self.shared.is_open.store(true, Ordering::Release);
    }

    /// Whether calls are let in.
    pub fn is_open(&self) -> bool {
        self.shared.is_open.load(Ordering::Acquire)
    }

    /// How many calls have begun and not ended.
    pub fn calls_in_flight(&self) -> usize {
        self.shared.in_flight.count()
    }

    /// Calls an operation. A panic inside it is logged and becomes an error.
    ///
    /// # Errors
    ///
    /// Those of the operation; [`Kind::Timeout`] when the context's deadline or the default one
    /// passes first; [`Kind::Unavailable`] before the dispatch is open; [`Kind::Internal`]
    /// when the operation panicked.
    pub async fn call(
        &self,
        operation: &Operation,
        context: &Context,
        input: Object,
    ) -> Result<Answer> {
        if !self.is_open() {
            return Err(Error::new(Kind::Unavailable, "the schema is not ready yet")
                .with_help("wait until /ready answers 200"));
        }
        let _counted = self.shared.in_flight.enter();
        let measures = self.shared.measures.as_ref();
        let measure = measures.map(|measures| measures.begin(operation));
        let answer = self.call_within_deadline(operation, context, input).await;
        if let Some(measure) = measure {
            measure.end(&answer);
        }
        answer.inspect_err(|error| log(operation, context, error))
    }

    async fn call_within_deadline(
        &self,
        operation: &Operation,
        context: &Context,
        input: Object,
    ) -> Result<Answer> {
        let latest = Instant::now() + self.shared.default_deadline;
        let deadline = match context.deadline {
            Some(deadline) => latest.min(deadline + DATABASES_ANSWER),
            None => latest,
        };
        let call = AssertUnwindSafe(async { operation.node().call(context, input).await });
        match tokio::time::timeout_at(deadline.into(), call.catch_unwind()).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(panic)) => Err(panicked(operation, panic.as_ref())),
            Err(_) => Err(Error::new(
                Kind::Timeout,
                format!("operation {:?} did not end in time", operation.name()),
            )),
        }
    }
}

/// Whether a dispatch counts and times its calls for Prometheus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// Every call; see [`metrics`](crate::metrics).
    Yes,
    /// None.
    No,
}

/// Doors describe the faults of this process to nobody, and those of a database in part, so the log
/// does.
fn log(operation: &Operation, context: &Context, error: &Error) {
    let (operation, request_id) = (operation.name(), &context.request_id);
    match error.kind() {
        kind if kind.is_of_this_process() => tracing::error!(operation, request_id, "{error:?}"),
        Kind::Unavailable | Kind::Timeout => tracing::warn!(operation, request_id, "{error:?}"),
        _ => {}
    }
}

fn panicked(operation: &Operation, panic: &(dyn Any + Send)) -> Error {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    let message = format!("operation {:?} panicked", operation.name());
    Error::new(Kind::Internal, message).with_source(text)
}
