use std::net::SocketAddr;
use std::time::Duration;

use dataflow_core::node::{Answer, Body};
use nexus_core::http::{Limits, Listener};

use crate::client::{Client, get, request};
use crate::server::{Handler, Server, Setup};

/// What a test sets a deadline to, and how long after it the connection must be gone at the latest.
const SHORT: Duration = Duration::from_millis(150);
const SOON: Duration = Duration::from_secs(5);

async fn with_limits(limits: Limits) -> Server {
    Setup {
        limits,
        ..Setup::default()
    }
    .start()
    .await
}

#[tokio::test]
async fn any_number_of_connections_is_a_limit() {
    let server = with_limits(Limits {
        connections: usize::MAX,
        ..Limits::default()
    })
    .await;
    let mut client = Client::connect(server.address).await;
    client.send(&request("GET", "/health", "", b"")).await;
    assert_eq!(client.answer().await.unwrap().status, 200);
}

#[tokio::test]
async fn a_client_that_says_nothing_is_closed_at_its_deadline() {
    let server = with_limits(Limits {
        first_byte: SHORT,
        ..Limits::default()
    })
    .await;
    let mut client = Client::connect(server.address).await;
    assert!(client.is_closed_within(SOON).await);
}

#[tokio::test]
async fn a_head_that_does_not_end_is_closed_at_its_deadline() {
    let server = with_limits(Limits {
        head: SHORT,
        ..Limits::default()
    })
    .await;
    let mut client = Client::connect(server.address).await;
    client.send(b"GET /health HTTP/1.1\r\nhost: loc").await;
    assert!(client.is_closed_within(SOON).await);
}

/// A byte now and then does not buy more time: the deadline is of the whole head.
#[tokio::test]
async fn a_head_that_trickles_is_closed_at_its_deadline() {
    let server = with_limits(Limits {
        head: SHORT,
        ..Limits::default()
    })
    .await;
    let mut client = Client::connect(server.address).await;
    client.send(b"GET /health HTTP/1.1\r\n").await;
    let mut closed = false;
    for _ in 0..100 {
        client.send(b"x-a: b\r\n").await;
        closed = client.is_closed_within(SHORT / 10).await;
        if closed {
            break;
        }
    }
    assert!(closed);
}

#[tokio::test]
async fn a_second_head_that_does_not_end_is_closed_at_its_deadline() {
    let server = with_limits(Limits {
        head: SHORT,
        ..Limits::default()
    })
    .await;
    let mut client = Client::connect(server.address).await;
    client.send(&request("GET", "/health", "", b"")).await;
    assert_eq!(client.answer().await.unwrap().status, 200);
    client.send(b"GET /heal").await;
    assert!(client.is_closed_within(SOON).await);
}

#[tokio::test]
async fn a_body_that_does_not_end_is_refused_at_its_deadline() {
    let server = with_limits(Limits {
        body: SHORT,
        ..Limits::default()
    })
    .await;
    let mut client = Client::connect(server.address).await;
    let head = "POST /api/users HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
                content-length: 100\r\n\r\n{\"id\"";
    client.send(head.as_bytes()).await;
    client
        .answer()
        .await
        .unwrap()
        .check_problem("slow body", 408);
    assert!(client.is_closed_within(SOON).await);
}

#[tokio::test]
async fn a_connection_between_requests_has_a_deadline_of_its_own() {
    let limits = Limits {
        idle: SHORT * 4,
        head: SHORT,
        first_byte: SHORT,
        ..Limits::default()
    };
    let server = with_limits(limits).await;
    let mut client = Client::connect(server.address).await;
    client.send(&request("GET", "/health", "", b"")).await;
    assert_eq!(client.answer().await.unwrap().status, 200);
    assert!(!client.is_closed_within(SHORT * 2).await, "rest is allowed");
    assert!(client.is_closed_within(SOON).await, "but not forever");
}

/// A call may take longer than any deadline for clients: then it is the server that is slow.
#[tokio::test]
async fn a_slow_call_is_not_taken_for_a_silent_client() {
    let slow = Handler::node("slow", |_| {
        Box::pin(async {
            tokio::time::sleep(SHORT * 3).await;
            Ok(Answer::new(Body::Empty))
        })
    });
    let limits = Limits {
        idle: SHORT,
        head: SHORT,
        first_byte: SHORT,
        ..Limits::default()
    };
    let server = Setup {
        limits,
        nodes: vec![slow],
        ..Setup::default()
    }
    .start()
    .await;
    let mut client = Client::connect(server.address).await;
    let body = br#"{"inputs": {"name": "x"}}"#;
    let headers = "content-type: application/json\r\n";
    client
        .send(&request("POST", "/workflows/slow/execute", headers, body))
        .await;
    assert_eq!(client.answer().await.unwrap().status, 200);
}

/// The second client is let in once the first, which reads nothing, has been given up.
#[tokio::test]
async fn a_client_that_does_not_read_is_given_up_at_its_deadline() {
    let huge = Handler::node("huge", |_| {
        let text = bytes::Bytes::from(vec![b' '; 64 * 1024 * 1024]);
        Box::pin(async { Ok(Answer::new(Body::Bytes(text))) })
    });
    let limits = Limits {
        write: SHORT,
        connections: 1,
        ..Limits::default()
    };
    let server = Setup {
        limits,
        nodes: vec![huge],
        ..Setup::default()
    }
    .start()
    .await;
    let mut deaf = Client::connect(server.address).await;
    let headers = "content-type: application/json\r\n";
    deaf.send(&request("POST", "/workflows/huge/execute", headers, b"{}"))
        .await;
    assert_eq!(get(server.address, "/health").await.status, 200);
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_their_turn() {
    let server = with_limits(Limits {
        connections: 1,
        ..Limits::default()
    })
    .await;
    let mut first = Client::connect(server.address).await;
    first.send(&request("GET", "/health", "", b"")).await;
    assert_eq!(first.answer().await.unwrap().status, 200);

    let mut second = Client::connect(server.address).await;
    second.send(&request("GET", "/health", "", b"")).await;
    assert!(!second.is_closed_within(SHORT).await, "it waits");
    drop(first);
    assert_eq!(second.answer().await.unwrap().status, 200);
}

#[tokio::test]
async fn requests_that_come_at_once_are_answered_in_order() {
    let server = with_limits(Limits::default()).await;
    let mut client = Client::connect(server.address).await;
    let pair = [
        request("GET", "/health", "", b""),
        request("GET", "/nowhere", "", b""),
    ]
    .concat();
    client.send(&pair).await;
    assert_eq!(client.answer().await.unwrap().status, 200);
    assert_eq!(client.answer().await.unwrap().status, 404);
}

#[tokio::test]
async fn the_end_waits_for_what_is_in_flight_and_for_nothing_else() {
    let slow = Handler::node("slow", |_| {
        Box::pin(async {
            tokio::time::sleep(SHORT).await;
            Ok(Answer::new(Body::Empty))
        })
    });
    let server = Setup {
        nodes: vec![slow],
        ..Setup::default()
    }
    .start()
    .await;
    let mut silent = Client::connect(server.address).await;
    let mut idle = Client::connect(server.address).await;
    idle.send(&request("GET", "/health", "", b"")).await;
    assert_eq!(idle.answer().await.unwrap().status, 200);
    let mut busy = Client::connect(server.address).await;
    let headers = "content-type: application/json\r\n";
    busy.send(&request("POST", "/workflows/slow/execute", headers, b"{}"))
        .await;
    while server.dispatch.calls_in_flight() == 0 {
        tokio::task::yield_now().await;
    }

    server.stop.begin();
    let answer = busy.answer().await.expect("it was in flight");
    assert_eq!(
        (answer.status, answer.header("connection")),
        (200, Some("close"))
    );
    assert!(idle.is_closed_within(SOON).await);
    assert!(silent.is_closed_within(SOON).await);
    tokio::time::timeout(SOON, server.task)
        .await
        .expect("the server ends")
        .unwrap();
    assert!(
        std::net::TcpStream::connect(server.address).is_err(),
        "the port is free"
    );
}

#[tokio::test]
async fn what_does_not_end_is_cut_off_at_the_drain_deadline() {
    let stall = Handler::node("stall", |_| Box::pin(std::future::pending()));
    let server = Setup {
        nodes: vec![stall],
        limits: Limits {
            drain: SHORT,
            ..Limits::default()
        },
        deadline: Duration::from_secs(60),
        ..Setup::default()
    }
    .start()
    .await;
    let mut client = Client::connect(server.address).await;
    let headers = "content-type: application/json\r\n";
    client
        .send(&request("POST", "/workflows/stall/execute", headers, b"{}"))
        .await;
    while server.dispatch.calls_in_flight() == 0 {
        tokio::task::yield_now().await;
    }
    server.stop.begin();
    tokio::time::timeout(SOON, server.task)
        .await
        .expect("the server ends")
        .unwrap();
    assert!(client.answer().await.is_none());
    assert_eq!(server.dispatch.calls_in_flight(), 0);
}

/// The client's end is the end of its call.
#[tokio::test]
async fn a_client_that_goes_away_ends_its_call() {
    let stall = Handler::node("stall", |_| Box::pin(std::future::pending()));
    let server = Setup {
        nodes: vec![stall],
        deadline: Duration::from_secs(60),
        ..Setup::default()
    }
    .start()
    .await;
    let mut client = Client::connect(server.address).await;
    let headers = "content-type: application/json\r\n";
    client
        .send(&request("POST", "/workflows/stall/execute", headers, b"{}"))
        .await;
    let calls_become = async |count| {
        while server.dispatch.calls_in_flight() != count {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(SOON, calls_become(1)).await.unwrap();
    drop(client);
    tokio::time::timeout(SOON, calls_become(0))
        .await
        .expect("the call ends");
}

#[tokio::test]
async fn a_taken_port_is_named_with_its_setting() {
    let server = with_limits(Limits::default()).await;
    let error = Listener::bind(server.address, "api_port")
        .await
        .unwrap_err();
    let port = server.address.port();
    assert_eq!(
        error.to_string(),
        format!("port {port} is taken (api_port)")
    );
    assert!(error.help().unwrap().contains("NEXUS__API_PORT"));
}

#[tokio::test]
async fn port_0_reports_the_port_it_took() {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = Listener::bind(any, "api_port").await.unwrap();
    assert_ne!(listener.address().port(), 0);
}

#[tokio::test]
async fn a_panic_ends_one_call_and_not_the_server() {
    let panic = Handler::node("panic", |_| Box::pin(async { panic!("at the disco") }));
    let server = Setup {
        nodes: vec![panic],
        ..Setup::default()
    }
    .start()
    .await;
    let mut client = Client::connect(server.address).await;
    let headers = "content-type: application/json\r\n";
    client
        .send(&request("POST", "/workflows/panic/execute", headers, b"{}"))
        .await;
    client.answer().await.unwrap().check_problem("panic", 500);
    client.send(&request("GET", "/health", "", b"")).await;
    assert_eq!(client.answer().await.unwrap().status, 200);
    assert_eq!(get(server.address, "/health").await.status, 200);
}
