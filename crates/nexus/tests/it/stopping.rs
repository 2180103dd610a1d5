//! How a server ends.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use nexus::Nexus;
use serde_json::json;
use tokio::sync::Notify;

use crate::client::post;
use crate::example::example;
use crate::probe::Probe;

#[tokio::test]
async fn a_shutdown_finishes_what_is_in_flight_and_closes_the_sources() {
    let probe = Probe::default();
    let (begun, may_end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (begun, may_end) = (begun.clone(), may_end.clone());
        move || {
            let (begun, may_end) = (begun.clone(), may_end.clone());
            async move {
                begun.notify_one();
                may_end.notified().await;
                Ok::<_, nexus::Error>("done")
            }
        }
    };
    let builder = Nexus::builder().api_port(0).without_mcp();
    let running = builder
        .mount(&probe)
        .handler("slow", slow)
        .start()
        .await
        .unwrap();
    let address = running.api_address();

    let request = tokio::spawn(async move {
        post(address, "/workflows/slow/execute", &json!({ "inputs": {} })).await
    });
    begun.notified().await;
    let shutdown = tokio::spawn(running.shutdown());
    tokio::task::yield_now().await;
    may_end.notify_one();

    assert_eq!(request.await.unwrap().json()["outputs"], "done");
    shutdown.await.unwrap();
    assert_eq!(probe.events().last().unwrap(), "closed");
}

#[test]
fn a_signal_ends_run_with_success() {
    for signal in ["-TERM", "-INT"] {
        let mut child = example("ping").stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.next().unwrap().unwrap();
        assert!(ready.starts_with("ready in"), "{ready}");
        let mut report = lines.by_ref().map(|line| line.unwrap());
        assert!(report.any(|line| line.contains("phases")), "its last line");

        let pid = child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );

        assert!(wait(&mut child).success());
    }
}

#[test]
fn what_cannot_start_exits_with_1_and_one_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();

    let output = example("ping")
        .env("NEXUS__API_PORT", port.to_string())
        .output()
        .unwrap();

    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains(&format!("port {port} is taken")), "{error}");
    assert!(error.contains("help:"), "{error}");
    assert!(output.stdout.is_empty());
}

fn wait(child: &mut std::process::Child) -> std::process::ExitStatus {
    for _ in 0..1000 {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    panic!("the process did not end within ten seconds");
}
