use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use serde_json::json;

use crate::nodes::call;
use crate::setup::Setup;

/// Remembers which series were made.
#[derive(Default, Clone)]
struct Names(Arc<Mutex<BTreeSet<String>>>);

impl Names {
    fn note(&self, key: &Key) {
        self.0.lock().unwrap().insert(key.to_string());
    }
}

impl Recorder for Names {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.note(key);
        Counter::noop()
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.note(key);
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.note(key);
        Histogram::noop()
    }
}

#[tokio::test]
async fn enable_metrics_measures_operations_cache_and_pool() {
    for is_enabled in [false, true] {
        let names = Names::default();
        let _guard = metrics::set_default_local_recorder(&names);
        let setup = Setup::sqlite();
        let builder = setup.library().enable_caching(true);
        let database = builder.enable_metrics(is_enabled).open().unwrap();
        call(&database, "book_count", json!({})).await.unwrap();
        let found = names.0.lock().unwrap().iter().cloned().collect::<String>();
        for series in [
            "dataflow_queries_total",
            "dataflow_query_duration_seconds",
            "dataflow_cache_hits_total",
            "dataflow_pool_connections",
        ] {
            assert_eq!(found.contains(series), is_enabled, "{series} in {found}");
        }
    }
}
