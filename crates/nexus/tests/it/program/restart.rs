//! Stopping and starting again.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::Answer;
use super::quickstart::create_user;
use super::setup::{Setup, on_every_database};

on_every_database!(
    the_second_start_changes_nothing_and_finds_the_rows,
    a_signal_finishes_the_request_in_flight,
);

fn the_second_start_changes_nothing_and_finds_the_rows(setup: &Setup) {
    let first = setup.start("quickstart");
    assert!(!first.report().contains("unchanged"), "{}", first.report());
    let id = create_user(&first.http(), "ada@x.org");
    assert!(first.stop().status.success());

    let second = setup.start("quickstart");

    assert!(second.report().contains("unchanged"), "{}", second.report());
    let users = second.http().get("/api/users").expect(200);
    assert_eq!(users[0]["id"], id);
}

fn a_signal_finishes_the_request_in_flight(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let body = json!({ "email": "ada@x.org", "name": "Ada" }).to_string();
    let headers = [
        ("Content-Type", "application/json"),
        ("Expect", "100-continue"),
    ];
    let mut head = http.head("POST", "/api/users", &headers);
    head += &format!("Content-Length: {}\r\n\r\n", body.len());
    let mut stream = http.connect();
    stream.write_all(head.as_bytes()).unwrap();
    wait_for_continue(&stream);

    program.terminate();
    wait_until_closed(&http);
    stream.write_all(body.as_bytes()).unwrap();

    let user = Answer::read_from(&mut stream).expect(201);
    let ended = program.end(Instant::now());
    assert!(ended.status.success(), "{ended:?}");
    let again = setup.start("quickstart");
    assert_eq!(again.http().get("/api/users").expect(200), json!([user]));
}

#[test]
fn a_signal_during_the_start_ends_it_at_once() {
    let database = TcpListener::bind("127.0.0.1:0").unwrap();
    let setup = Setup::sqlite();
    let url = format!("postgres://ada@{}/app", database.local_addr().unwrap());
    let launch = setup.launch("quickstart").env("DATABASE_URL", &url);
    let program = launch.env("DATAFLOW__CONNECT_TIMEOUT", "60s").spawn();
    let _waiting_for_an_answer = database.accept().unwrap();

    let ended = program.stop();

    assert!(ended.status.success(), "{ended:?}");
    assert!(ended.stdout.is_empty(), "{ended:?}");
    assert!(ended.took < Duration::from_secs(10), "{ended:?}");
}

/// The server reads the body now: the request is in flight.
fn wait_for_continue(stream: &TcpStream) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 100"), "{line:?}");
    reader.read_line(&mut line).unwrap();
    assert!(reader.buffer().is_empty());
}

/// The signal has arrived: nobody is let in any more.
fn wait_until_closed(http: &super::client::Client) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(http.address()).is_ok() {
        assert!(Instant::now() < deadline, "the port is still open");
        std::thread::sleep(Duration::from_millis(5));
    }
}
