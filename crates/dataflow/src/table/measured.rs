//! What the trace and the meter are told of an operation.

use std::time::Instant;

use dataflow_core::error::Kind;
use dataflow_core::node::ModelVerb;
use dataflow_core::{Error, Result};
use tracing::Instrument as _;

use super::Table;
use crate::trace;

impl Table {
    /// An operation that tells the trace and the meter of itself.
    ///
    /// It is made where it is awaited: whoever hands a future on copies it, and those of operations
    /// are large.
    pub(crate) async fn measured<T>(
        &self,
        verb: ModelVerb,
        operation: impl AsyncFnOnce() -> Result<T>,
    ) -> Result<T> {
        let meter = self.own().meter.as_ref();
        let meter = meter.map(|meter| (meter, Instant::now()));
        let system = self.own().statements.system_name();
        let span = trace::of_table(system, &self.model().table, verb.as_str());
        let result = match self.offers(verb) {
            Ok(()) => operation().instrument(span.clone()).await,
            Err(refusal) => Err(refusal),
        };
        trace::end(&span, &result);
        if let Some((meter, began)) = meter {
            meter.ended(verb, began, result.is_ok());
        }
        result.map_err(|error| self.placed(error))
    }

    /// Sees that a model has a verb, whoever asks for it.
    fn offers(&self, verb: ModelVerb) -> Result<()> {
        let model = self.model();
        if verb.is_of(model) {
            return Ok(());
        }
        let (name, verb) = (&model.name, verb.as_str());
        Err(Error::new(
            Kind::Unsupported,
            format!("model {name:?} has no {verb}"),
        ))
    }
}
