use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use dataflow::Filter;
use metrics::{
    Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

use crate::models::Country;
use crate::setup::Setup;

on_every_database! {
    enable_metrics_measures_operations_cache_and_pool
}

/// Keeps the series that were made: counters and gauges by their values, histograms by how many
/// were recorded.
#[derive(Default, Clone)]
struct Series(Arc<Mutex<BTreeMap<String, Arc<AtomicU64>>>>);

struct Recorded(Arc<AtomicU64>);

impl HistogramFn for Recorded {
    fn record(&self, _: f64) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Series {
    fn of(&self, key: &Key) -> Arc<AtomicU64> {
        let mut labels: Vec<String> = key
            .labels()
            .filter(|label| label.key() != "database")
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        labels.sort();
        let name = format!("{}{{{}}}", key.name(), labels.join(","));
        self.0.lock().unwrap().entry(name).or_default().clone()
    }

    /// The value of a series, if it was made.
    fn value(&self, name: &str) -> Option<u64> {
        let series = self.0.lock().unwrap();
        series.get(name).map(|value| value.load(Ordering::Relaxed))
    }
}

impl Recorder for Series {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.of(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.of(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(Arc::new(Recorded(self.of(key))))
    }
}

async fn enable_metrics_measures_operations_cache_and_pool(setup: Setup) {
    for is_enabled in [false, true] {
        let series = Series::default();
        let _guard = metrics::set_default_local_recorder(&series);
        let builder = setup.library().enable_caching(true);
        let database = builder.enable_metrics(is_enabled).open().unwrap();
        let countries = database.repository::<Country>().unwrap();
        let italy = Country::new("it", "Italy");
        countries.create(&italy).await.unwrap();
        countries.create(&italy).await.unwrap_err();
        for _ in 0..3 {
            countries.read(&italy.code).await.unwrap();
        }
        countries.list(Filter::all()).await.unwrap();
        countries.delete(&italy.code).await.unwrap();

        let queries = |operation: &str, outcome: &str| {
            let labels = format!("model=Country,operation={operation},outcome={outcome}");
            series.value(&format!("dataflow_queries_total{{{labels}}}"))
        };
        let expected = |count| is_enabled.then_some(count);
        for (operation, succeeded, failed) in [
            ("create", 1, 1),
            ("read", 3, 0),
            ("list", 1, 0),
            ("delete", 1, 0),
        ] {
            assert_eq!(queries(operation, "ok"), expected(succeeded), "{operation}");
            assert_eq!(queries(operation, "error"), expected(failed), "{operation}");
            let durations =
                format!("dataflow_query_duration_seconds{{model=Country,operation={operation}}}");
            assert_eq!(
                series.value(&durations),
                expected(succeeded + failed),
                "{operation}"
            );
        }
        let cache =
            |what: &str| series.value(&format!("dataflow_cache_{what}_total{{model=Country}}"));
        assert_eq!(cache("hits"), expected(2));
        assert_eq!(cache("misses"), expected(2));
        let size = series.value("dataflow_pool_connections{state=size}");
        let is_measured = size.is_some_and(|size| f64::from_bits(size) > 0.0);
        assert_eq!(is_measured, is_enabled);
    }
}
