//! A client of server-sent events.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value as Json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// How long something is waited for that comes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A reader of an answer that is a stream of events.
pub(crate) struct Reader {
    lines: tokio::io::Lines<BufReader<TcpStream>>,
}

impl Reader {
    /// Asks, and reads the head of an answer of status 200.
    pub(crate) async fn open(address: SocketAddr, request: &str) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut reader = Self {
            lines: BufReader::new(stream).lines(),
        };
        let head = reader.head().await;
        assert!(head[0].contains("200 OK"), "{head:?}");
        assert!(
            head.contains(&"content-type: text/event-stream".to_owned()),
            "{head:?}"
        );
        reader
    }

    async fn head(&mut self) -> Vec<String> {
        let mut head = Vec::new();
        loop {
            let line = self.line().await.unwrap();
            if line.is_empty() {
                return head;
            }
            head.push(line);
        }
    }

    /// The next line; none at the end.
    pub(crate) async fn line(&mut self) -> Option<String> {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await;
        line.expect("nothing came").unwrap()
    }

    /// The id and the data of the next event.
    pub(crate) async fn event(&mut self) -> (String, Json) {
        let mut id = String::new();
        loop {
            let line = self.line().await.expect("the stream ended");
            if let Some(text) = line.strip_prefix("id: ") {
                id = text.to_owned();
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return (id, serde_json::from_str(data).unwrap());
            }
        }
    }
}
