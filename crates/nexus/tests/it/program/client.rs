//! A small HTTP and MCP client that knows nothing of this code.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value as Json, json};

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who talks to one port, with a connection for each request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client {
    address: SocketAddr,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        self.send("GET", target, &[], "")
    }

    pub(crate) fn delete(&self, target: &str) -> Answer {
        self.send("DELETE", target, &[], "")
    }

    pub(crate) fn post(&self, target: &str, body: &Json) -> Answer {
        self.send_json("POST", target, &body.to_string())
    }

    pub(crate) fn patch(&self, target: &str, body: &Json) -> Answer {
        self.send_json("PATCH", target, &body.to_string())
    }

    pub(crate) fn send_json(&self, method: &str, target: &str, body: &str) -> Answer {
        let headers = [("Content-Type", "application/json")];
        self.send(method, target, &headers, body)
    }

    /// Runs a workflow or handler.
    pub(crate) fn execute(&self, name: &str, inputs: &Json) -> Answer {
        let target = format!("/workflows/{name}/execute");
        self.post(&target, &json!({ "inputs": inputs }))
    }

    pub(crate) fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = self.head(method, target, headers);
        request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let mut stream = self.connect();
        // A server that has already answered may refuse the rest of a body.
        let _ = stream.write_all(request.as_bytes());
        Answer::read_from(&mut stream)
    }

    /// A request line and headers, still open for more of them.
    pub(crate) fn head(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> String {
        let address = self.address;
        let mut head = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            head += &format!("Host: {address}\r\n");
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// The result of one MCP request.
    pub(crate) fn mcp(&self, method: &str, params: Json) -> Json {
        let message = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let headers = [
            ("Content-Type", "application/json"),
            ("Accept", "application/json, text/event-stream"),
            ("MCP-Protocol-Version", "2025-11-25"),
        ];
        let answer = self.send("POST", "/mcp", &headers, &message.to_string());
        assert_eq!(answer.status, 200, "{method}: {answer:?}");
        answer.json()["result"].clone()
    }

    /// The result of an MCP tool.
    pub(crate) fn call(&self, tool: &str, arguments: Json) -> Json {
        self.mcp(
            "tools/call",
            json!({ "name": tool, "arguments": arguments }),
        )
    }
}

impl Answer {
    /// Reads an answer after which the server closes.
    pub(crate) fn read_from(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        // A reset after the answer is the server refusing the rest of a body.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("no answer: {text:?}"));
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap()[9..12].parse().unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap_or((line, ""));
            (name.to_ascii_lowercase(), value.to_owned())
        };
        let mut answer = Self {
            status,
            headers: lines.map(header).collect(),
            body: body.to_owned(),
        };
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.body = joined(body);
        }
        answer
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known == name)?;
        Some(value)
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// The body of an answer that must have this status.
    pub(crate) fn expect(self, status: u16) -> Json {
        assert_eq!(self.status, status, "{self:?}");
        self.json()
    }

    /// The problem document of an answer that must be one of this status.
    pub(crate) fn expect_problem(self, case: &str, status: u16) -> Json {
        assert_eq!(self.status, status, "{case}: {self:?}");
        let media_type = self.header("content-type");
        assert_eq!(media_type, Some("application/problem+json"), "{case}");
        let problem = self.json();
        assert_eq!(problem["status"], status, "{case}");
        assert!(problem["type"].is_string(), "{case}: {problem}");
        assert!(problem["title"].is_string(), "{case}: {problem}");
        let request_id = problem["request_id"].as_str();
        assert!(
            request_id.is_some_and(|id| !id.is_empty()),
            "{case}: {problem}"
        );
        assert_eq!(request_id, self.header("x-request-id"), "{case}");
        problem
    }
}

/// A chunked body in one piece.
fn joined(mut chunks: &str) -> String {
    let mut body = String::new();
    loop {
        let (size, rest) = chunks.split_once("\r\n").unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return body;
        }
        body += &rest[..size];
        chunks = &rest[size + 2..];
    }
}
