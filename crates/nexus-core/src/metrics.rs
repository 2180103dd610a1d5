//! The Prometheus recorder of the process.
//!
//! Everybody who counts (doors, operations, pools, caches) uses the `metrics` facade; this module
//! installs what it writes to. Labels are routes and operations, which are few and known at start,
//! never paths, users or values.

use std::sync::OnceLock;
use std::time::Duration;
use std::{io, thread};

use dataflow_core::error::{Error, Kind, Result};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// From 0.1 ms to 10 s: a point read takes less than the first, a call that passes its deadline
/// more than the last.
const SECONDS: [f64; 15] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
    10.0,
];

/// How long values pile up before they are put into their buckets.
const PAUSE: Duration = Duration::from_secs(5);

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
                .map_err(|error| error.to_string())
                .and_then(|handle| {
                    keep_small(handle.clone(), PAUSE).map_err(|error| error.to_string())?;
                    Ok(Self(handle))
                })
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

/// A histogram keeps every value until it is read or tended, and perhaps nobody reads `/metrics`.
fn keep_small(handle: PrometheusHandle, pause: Duration) -> io::Result<()> {
    let tend = move || {
        loop {
            thread::sleep(pause);
            handle.run_upkeep();
        }
    };
    thread::Builder::new()
        .name("nexus-metrics".to_owned())
        .spawn(tend)
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pages of memory that this process has.
    fn resident_pages() -> usize {
        let text = std::fs::read_to_string("/proc/self/statm").expect("Linux tells");
        let pages = text.split(' ').nth(1).expect("it is the second number");
        pages.parse().expect("it is a number")
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_nobody_reads_does_not_pile_up() {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
            .expect("there are buckets")
            .build_recorder();
        keep_small(recorder.handle(), Duration::from_millis(2)).expect("a thread starts");
        let before = resident_pages();
        metrics::with_local_recorder(&recorder, || {
            let seconds = metrics::histogram!("test_seconds");
            for _ in 0..100 {
                (0..50_000).for_each(|_| seconds.record(0.001));
                thread::sleep(Duration::from_millis(5));
            }
        });
        let grown = resident_pages().saturating_sub(before) * 4_096;
        assert!(
            grown < 20_000_000,
            "{grown} bytes of 5 million values are kept"
        );
    }
}
