//! The program that bench-startup measures: models, a database, both doors.
//!
//! `startup-nexus URL MODELS DRIFT_CHECK`

use benches::models;
use dataflow::{DataFlow, DriftCheck};
use nexus::Nexus;

fn main() -> nexus::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, count, drift_check] = arguments.as_slice() else {
        panic!("usage: startup-nexus URL MODELS probe|fingerprint|full");
    };
    let drift_check = match drift_check.as_str() {
        "probe" => DriftCheck::Probe,
        "fingerprint" => DriftCheck::Fingerprint,
        "full" => DriftCheck::Full,
        other => panic!("drift check {other:?} is none of probe, fingerprint, full"),
    };
    let db = DataFlow::builder(url)
        .models(models(count.parse().expect("MODELS is a number")))
        .drift_check(drift_check)
        .build()?;
    Nexus::builder().api_port(0).mcp_port(0).mount(&db).run()
}
