//! A client that knows no more than HTTP.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Reply {
    /// The value of a header, whose name is in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut values = pairs.filter(|(other, _)| *other == name);
        values.next().map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> Reply {
    exchange("GET", address, path, "").await
}

/// A request without a body. Each header ends its line.
pub(crate) async fn exchange(
    method: &str,
    address: SocketAddr,
    path: &str,
    headers: &str,
) -> Reply {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n"
    );
    send(address, &head).await
}

pub(crate) async fn post(address: SocketAddr, path: &str, body: &Json) -> Reply {
    post_with(address, path, "", body).await
}

/// The same with headers, each of which ends its line.
pub(crate) async fn post_with(
    address: SocketAddr,
    path: &str,
    headers: &str,
    body: &Json,
) -> Reply {
    with_body("POST", address, path, headers, body).await
}

pub(crate) async fn patch(address: SocketAddr, path: &str, body: &Json) -> Reply {
    with_body("PATCH", address, path, "", body).await
}

async fn with_body(
    method: &str,
    address: SocketAddr,
    path: &str,
    headers: &str,
    body: &Json,
) -> Reply {
    let body = body.to_string();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    send(address, &request).await
}

/// The result of a tool call at the MCP door.
pub(crate) async fn call_tool(address: SocketAddr, name: &str, arguments: Json) -> Json {
    let params = json!({ "name": name, "arguments": arguments });
    ask_mcp(address, "tools/call", params).await
}

/// The tools that the MCP door lists.
pub(crate) async fn tools(address: SocketAddr) -> Vec<Json> {
    let listed = ask_mcp(address, "tools/list", json!({})).await;
    listed["tools"].as_array().unwrap().clone()
}

async fn ask_mcp(address: SocketAddr, method: &str, params: Json) -> Json {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    post(address, "/mcp", &body).await.json()["result"].clone()
}

pub(crate) async fn send(address: SocketAddr, request: &str) -> Reply {
    let exchange = async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        reply
    };
    let reply = tokio::time::timeout(Duration::from_secs(10), exchange)
        .await
        .unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    Reply {
        status: head[9..12].parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}
