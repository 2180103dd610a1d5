//! What happens when, before the first answer.

use std::net::TcpListener;

use nexus::{Kind, Nexus, NexusBuilder};

use crate::client::get;
use crate::probe::Probe;

fn on_free_ports() -> NexusBuilder {
    Nexus::builder().api_port(0).mcp_port(0)
}

#[tokio::test]
async fn tables_are_brought_up_to_date_on_a_plain_thread() {
    let probe = Probe::default();

    let running = on_free_ports().mount(&probe).start().await.unwrap();

    let synchronized = "synchronized on dataflow-ddl without a runtime".to_owned();
    assert!(
        probe.events().contains(&synchronized),
        "{:?}",
        probe.events()
    );
    assert!(probe.events().contains(&"connected".to_owned()));
    assert_eq!(get(running.api_address(), "/ready").await.status, 200);
    running.shutdown().await;
}

#[tokio::test]
async fn tables_that_the_connection_finds_unchanged_are_not_looked_at_again() {
    let probe = Probe::whose_tables_are_unchanged();

    let running = on_free_ports().mount(&probe).start().await.unwrap();

    assert_eq!(probe.events(), ["connected"]);
    assert_eq!(running.report().schemas[0].outcome, "unchanged");
    assert_eq!(get(running.api_address(), "/ready").await.status, 200);
    running.shutdown().await;
}

#[tokio::test]
async fn a_taken_port_leaves_every_database_untouched() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    for builder in [
        Nexus::builder().api_port(port).mcp_port(0),
        Nexus::builder().api_port(0).mcp_port(port),
    ] {
        let probe = Probe::default();

        let error = builder.mount(&probe).start().await.unwrap_err();

        assert_eq!(error.kind(), Kind::Configuration);
        assert!(error.to_string().contains(&port.to_string()), "{error}");
        assert!(error.help().is_some());
        assert_eq!(probe.events(), [""; 0]);
    }
}

#[tokio::test]
async fn what_cannot_start_serves_nothing_and_is_closed() {
    for (probe, message) in [
        (
            Probe::whose_schema_fails(),
            "table \"books\" cannot be created",
        ),
        (
            Probe::that_cannot_connect(),
            "the database cannot be reached",
        ),
    ] {
        let error = on_free_ports().mount(&probe).start().await.unwrap_err();

        assert_eq!(error.to_string(), message);
        assert_eq!(probe.events().last().unwrap(), "closed");
    }
}

#[tokio::test]
async fn the_report_tells_the_real_ports_and_what_is_served() {
    let builder = on_free_ports().mount(&Probe::default());

    let running = builder.start().await.unwrap();

    let report = running.report();
    assert_ne!(running.api_address().port(), 0);
    assert_eq!(report.schemas[0].outcome, "unchanged");
    assert!(report.phases.total >= report.phases.connect);
    let page = report.to_string();
    let api = format!("http://{}", running.api_address());
    let mcp = format!("http://{}/mcp", running.mcp_address().unwrap());
    for expected in [api.as_str(), mcp.as_str(), "probe: unchanged", "ready in"] {
        assert!(page.contains(expected), "{page}");
    }
    running.shutdown().await;
}

#[tokio::test]
async fn mcp_can_be_turned_off() {
    let running = Nexus::builder()
        .api_port(0)
        .without_mcp()
        .start()
        .await
        .unwrap();
    assert_eq!(running.mcp_address(), None);
    running.shutdown().await;
}
