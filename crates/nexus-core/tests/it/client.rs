use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value as Json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than any deadline that a test sets.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Client {
    tcp_stream: TcpStream,
    unread: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self {
            tcp_stream: TcpStream::connect(address).await.unwrap(),
            unread: Vec::new(),
        }
    }

    /// Sends bytes; a server that has already answered may refuse them.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let _ = timeout(PATIENCE, self.tcp_stream.write_all(bytes)).await;
    }

    /// The next answer, or nothing when the server closes instead.
    pub(crate) async fn answer(&mut self) -> Option<Answer> {
        self.answer_to("GET").await
    }

    /// The same for a method whose answers may have no body.
    pub(crate) async fn answer_to(&mut self, method: &str) -> Option<Answer> {
        let head_end = loop {
            if let Some(end) = find(&self.unread, b"\r\n\r\n") {
                break end;
            }
            self.read_more().await?;
        };
        let head = String::from_utf8(self.unread.drain(..head_end + 4).collect()).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().unwrap()[9..12].parse().unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap_or((line, ""));
            (name.to_ascii_lowercase(), value.to_owned())
        };
        let mut answer = Answer {
            status,
            headers: lines.map(header).collect(),
            body: Vec::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        if method != "HEAD" && status != 204 && status != 304 {
            while self.unread.len() < length {
                self.read_more().await?;
            }
            answer.body = self.unread.drain(..length).collect();
        }
        Some(answer)
    }

    /// Whether the server closes the connection within a time, sending nothing more.
    pub(crate) async fn is_closed_within(&mut self, patience: Duration) -> bool {
        let mut byte = [0];
        match timeout(patience, self.tcp_stream.read(&mut byte)).await {
            Ok(Ok(count)) => count == 0,
            Ok(Err(_)) => true,
            Err(_) => false,
        }
    }

    async fn read_more(&mut self) -> Option<()> {
        let read = self.tcp_stream.read_buf(&mut self.unread);
        let count = timeout(PATIENCE, read)
            .await
            .expect("the server answers in time");
        count.ok().filter(|count| *count > 0).map(drop)
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(known, _)| known == name)?;
        Some(&header.1)
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{:?} is not JSON", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// Panics unless the answer is a problem document of this status that names its request.
    pub(crate) fn check_problem(&self, case: &str, status: u16) {
        assert_eq!(
            self.status,
            status,
            "{case}: {:?}",
            String::from_utf8_lossy(&self.body)
        );
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{case}"
        );
        let problem = self.json();
        assert_eq!(problem["status"], status, "{case}");
        let is_urn = problem["type"]
            .as_str()
            .unwrap()
            .starts_with("urn:nexus:problem:");
        assert!(is_urn, "{case}: {problem}");
        assert_eq!(
            problem["request_id"].as_str(),
            self.header("x-request-id"),
            "{case}"
        );
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// One request on a connection of its own.
pub(crate) async fn exchange(address: SocketAddr, request: &[u8]) -> Option<Answer> {
    let method = request.split(|&byte| byte == b' ').next().unwrap();
    let mut client = Client::connect(address).await;
    client.send(request).await;
    client.answer_to(std::str::from_utf8(method).unwrap()).await
}

/// A request with these header lines and this body.
pub(crate) fn request(method: &str, target: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = match body.len() {
        0 => String::new(),
        length => format!("content-length: {length}\r\n"),
    };
    let head = format!("{method} {target} HTTP/1.1\r\nhost: localhost\r\n{headers}{length}\r\n");
    [head.as_bytes(), body].concat()
}

pub(crate) async fn get(address: SocketAddr, target: &str) -> Answer {
    exchange(address, &request("GET", target, "", b""))
        .await
        .unwrap()
}

pub(crate) async fn send_json(
    address: SocketAddr,
    method: &str,
    target: &str,
    body: &str,
) -> Answer {
    let headers = "content-type: application/json\r\n";
    exchange(address, &request(method, target, headers, body.as_bytes()))
        .await
        .unwrap()
}
