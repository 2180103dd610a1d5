//! What a database of models tells a metrics recorder.
//!
//! | series | labels | |
//! |---|---|---|
//! | `dataflow_queries_total` | `model`, `operation`, `outcome` | operations that ended |
//! | `dataflow_query_duration_seconds` | `model`, `operation` | how long each took |
//! | `dataflow_cache_hits_total`, `dataflow_cache_misses_total` | `model` | reads by what the cache knew |
//! | `dataflow_pool_connections` | `state` | `open` and `idle` connections, and the `size` |
//! | `dataflow_pool_waiting` | | statements that wait for a connection |
//!
//! Each has the label `database` too: its URL, without the password.
//! A recorder must be installed before the first operation: handles are made then, and kept.

use std::sync::OnceLock;
use std::time::Instant;

use dataflow_core::Endpoint;
use dataflow_core::node::ModelVerb;
use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};

use crate::pool::{Pool, PoolStats};

/// The series of one model.
pub(crate) struct Meter {
    labels: Labels,
    pool: Pool,
    handles: OnceLock<Handles>,
}

struct Labels {
    database: String,
    model: String,
}

struct Handles {
    verbs: [VerbHandles; ModelVerb::ALL.len()],
    hits: Counter,
    misses: Counter,
    connections: PoolHandles,
}

struct VerbHandles {
    succeeded: Counter,
    failed: Counter,
    duration: Histogram,
}

struct PoolHandles {
    size: Gauge,
    open: Gauge,
    idle: Gauge,
    waiting: Gauge,
}

impl Meter {
    pub(crate) fn new(endpoint: &Endpoint, model: &str, pool: Pool) -> Self {
        Self {
            labels: Labels {
                database: endpoint.to_string(),
                model: model.to_owned(),
            },
            pool,
            handles: OnceLock::new(),
        }
    }

    /// An operation has ended.
    pub(crate) fn ended(&self, verb: ModelVerb, began: Instant, succeeded: bool) {
        let handles = self.handles();
        let of_verb = &handles.verbs[verb as usize];
        of_verb.duration.record(began.elapsed());
        if succeeded {
            of_verb.succeeded.increment(1);
        } else {
            of_verb.failed.increment(1);
        }
        handles.connections.set(self.pool.stats());
    }

    /// A read found its rows in the cache, or did not.
    pub(crate) fn looked_up(&self, is_hit: bool) {
        let handles = self.handles();
        if is_hit {
            handles.hits.increment(1);
        } else {
            handles.misses.increment(1);
        }
    }

    fn handles(&self) -> &Handles {
        self.handles.get_or_init(|| self.labels.handles())
    }
}

impl Labels {
    fn handles(&self) -> Handles {
        let (database, model) = (|| self.database.clone(), || self.model.clone());
        Handles {
            verbs: ModelVerb::ALL.map(|verb| self.of_verb(verb.as_str())),
            hits: counter!("dataflow_cache_hits_total",
                "database" => database(), "model" => model()),
            misses: counter!("dataflow_cache_misses_total",
                "database" => database(), "model" => model()),
            connections: self.of_pool(),
        }
    }

    fn of_verb(&self, operation: &'static str) -> VerbHandles {
        let (database, model) = (|| self.database.clone(), || self.model.clone());
        let outcome = |outcome: &'static str| {
            counter!("dataflow_queries_total", "database" => database(), "model" => model(),
                "operation" => operation, "outcome" => outcome)
        };
        VerbHandles {
            succeeded: outcome("ok"),
            failed: outcome("error"),
            duration: histogram!("dataflow_query_duration_seconds",
                "database" => database(), "model" => model(), "operation" => operation),
        }
    }

    fn of_pool(&self) -> PoolHandles {
        let database = || self.database.clone();
        let connections = |state: &'static str| gauge!("dataflow_pool_connections", "database" => database(), "state" => state);
        PoolHandles {
            size: connections("size"),
            open: connections("open"),
            idle: connections("idle"),
            waiting: gauge!("dataflow_pool_waiting", "database" => database()),
        }
    }
}

impl PoolHandles {
    fn set(&self, stats: PoolStats) {
        self.size.set(stats.size as f64);
        self.open.set(stats.open as f64);
        self.idle.set(stats.idle as f64);
        self.waiting.set(stats.waiting as f64);
    }
}
