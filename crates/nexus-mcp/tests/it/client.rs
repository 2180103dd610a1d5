//! A server on a free port, and a client that knows no more than HTTP and JSON.

use std::net::SocketAddr;
use std::time::Duration;

use nexus_core::http::HostRule;
use nexus_core::{Channel, Dispatch};
use nexus_mcp::McpChannel;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::bookshelf;

/// A server with the bookshelf; it ends when this is dropped.
pub(crate) struct Server {
    pub(crate) dispatch: Dispatch,
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        let dispatch = Dispatch::new(bookshelf::registry());
        dispatch.open();
        Self::serve(dispatch).await
    }

    pub(crate) async fn serve(dispatch: Dispatch) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = McpChannel::new(HostRule::Loopback).router(dispatch.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            dispatch,
            address,
            task,
        }
    }

    /// Posts a body with the given headers beside the usual ones; a header given replaces its like.
    pub(crate) async fn post(&self, headers: &[(&str, &str)], body: &str) -> Reply {
        let host = self.address.to_string();
        let usual = [
            ("Host", host.as_str()),
            ("Content-Type", "application/json"),
            ("Accept", "application/json, text/event-stream"),
        ];
        let is_replaced = |name: &str| {
            headers
                .iter()
                .any(|(given, _)| given.eq_ignore_ascii_case(name))
        };
        let mut request = "POST /mcp HTTP/1.1\r\nConnection: close\r\n".to_owned();
        for (name, value) in usual
            .iter()
            .filter(|(name, _)| !is_replaced(name))
            .chain(headers)
        {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        self.send(&request).await
    }

    pub(crate) async fn send(&self, request: &str) -> Reply {
        let exchange = async {
            let mut stream = TcpStream::connect(self.address).await.unwrap();
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
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    /// One request of revision 2026-07-28, complete in itself.
    pub(crate) async fn modern(&self, method: &str, mut params: Json) -> Reply {
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        });
        let named = params.get("name").or_else(|| params.get("uri"));
        let name = named.and_then(Json::as_str).unwrap_or_default().to_owned();
        let mut headers = vec![
            ("MCP-Protocol-Version", "2026-07-28"),
            ("Mcp-Method", method),
        ];
        if !name.is_empty() {
            headers.push(("Mcp-Name", &name));
        }
        self.post(&headers, &message(method, params)).await
    }

    /// One request of an older revision, after its handshake.
    pub(crate) async fn legacy(&self, version: &str, method: &str, params: Json) -> Reply {
        let headers = [("MCP-Protocol-Version", version)];
        self.post(&headers, &message(method, params)).await
    }

    /// The result of a tool call.
    pub(crate) async fn call(&self, tool: &str, arguments: Json) -> Json {
        let params = json!({ "name": tool, "arguments": arguments });
        let reply = self.modern("tools/call", params).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()["result"].clone()
    }
}

fn message(method: &str, params: Json) -> String {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string()
}
