//! The Prometheus recorder of the process.
//!
//! Everybody who counts (doors, operations, pools, caches) uses the `metrics` facade; this module
//! installs what it writes to. Labels are routes and operations, which are few and known at start,
//! never paths, users or values.

use std::sync::OnceLock;

use dataflow_core::error::{Error, Kind, Result};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// From 0.1 ms to 10 s: a point read takes less than the first, a call that passes its deadline
/// more than the last.
const SECONDS: [f64; 15] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
    10.0,
];

/// What the process has counted so far.
#[derive(Clone)]
pub struct Recorder(PrometheusHandle);

impl Recorder {
    /// Installs the recorder of this process, or returns the one that an earlier call installed.
    /// Series that are made before the first call count nothing.
    ///
    /// # Errors
    ///
    /// When the application has installed a recorder of its own.
    pub fn install() -> Result<Self> {
        static INSTALLED: OnceLock<std::result::Result<Recorder, String>> = OnceLock::new();
        let installed = INSTALLED.get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
                .and_then(PrometheusBuilder::install_recorder)
                .map(Self)
                .map_err(|error| error.to_string())
        });
        installed.clone().map_err(|reason| {
            Error::new(
                Kind::Configuration,
                "enable_metrics: no recorder could be installed",
            )
            .with_source(reason)
            .with_help(
                "leave enable_metrics off when the application installs a recorder of its own",
            )
        })
    }

    /// All series in the text format of Prometheus.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}
