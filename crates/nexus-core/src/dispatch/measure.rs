//! What Prometheus is told about calls, prepared per operation so that a call formats nothing.

use std::time::Instant;

use dataflow_core::error::Result;
use dataflow_core::node::Answer;
use metrics::{Counter, Gauge, Histogram};

use crate::{Operation, Registry};

pub(super) struct Measures {
    by_position: Vec<Series>,
    in_flight: Gauge,
}

struct Series {
    succeeded: Counter,
    failed: Counter,
    seconds: Histogram,
}

impl Measures {
    pub(super) fn of(registry: &Registry) -> Self {
        let series = |operation: &Operation| {
            let name = operation.name().to_owned();
            Series {
                succeeded: metrics::counter!(
                    "nexus_operations_total", "operation" => name.clone(), "outcome" => "success"
                ),
                failed: metrics::counter!(
                    "nexus_operations_total", "operation" => name.clone(), "outcome" => "failure"
                ),
                seconds: metrics::histogram!("nexus_operation_seconds", "operation" => name),
            }
        };
        Self {
            by_position: registry.operations().map(series).collect(),
            in_flight: metrics::gauge!("nexus_operations_in_flight"),
        }
    }

    pub(super) fn begin(&self, operation: &Operation) -> Measure<'_> {
        self.in_flight.increment(1);
        Measure {
            series: &self.by_position[operation.position()],
            in_flight: &self.in_flight,
            begun: Instant::now(),
        }
    }
}

/// One running call; dropping it without [`end`](Measure::end) means that the caller went away.
pub(super) struct Measure<'a> {
    series: &'a Series,
    in_flight: &'a Gauge,
    begun: Instant,
}

impl Measure<'_> {
    pub(super) fn end(self, answer: &Result<Answer>) {
        let outcome = match answer {
            Ok(_) => &self.series.succeeded,
            Err(_) => &self.series.failed,
        };
        outcome.increment(1);
        self.series.seconds.record(self.begun.elapsed());
    }
}

impl Drop for Measure<'_> {
    fn drop(&mut self) {
        self.in_flight.decrement(1);
    }
}
