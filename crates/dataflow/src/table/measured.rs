//! What the trace and the meter are told of an operation.

use std::time::Instant;

use dataflow_core::error::Kind;
use dataflow_core::node::ModelVerb;
use dataflow_core::{Error, Result};
use futures_util::{FutureExt as _, TryFutureExt as _, future};

use super::Table;
use crate::trace;

impl Table {
    /// An operation that tells the trace and the meter of itself.
    ///
    /// An async function would hold the operation's future twice, once as it came and once as it is
    /// awaited, and every caller would copy both.
    pub(crate) fn measured<T>(
        &self,
        verb: ModelVerb,
        operation: impl Future<Output = Result<T>>,
    ) -> impl Future<Output = Result<T>> {
        let meter = self.own().meter.as_ref();
        let meter = meter.map(|meter| (meter, Instant::now()));
        let operation = future::ready(self.offers(verb))
            .and_then(move |()| operation)
            .map_err(|error| self.placed(error));
        let system = self.own().statements.system_name();
        let span = trace::of_table(system, &self.model().table, verb.as_str());
        trace::told(span, operation).inspect(move |result| {
            if let Some((meter, began)) = meter {
                meter.ended(verb, began, result.is_ok());
            }
        })
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
