//! A row that a reader has already is not sent again.

use std::net::SocketAddr;

use dataflow::{DataFlow, Model};
use nexus::Nexus;
use serde_json::json;

use crate::client::{Reply, get, post, send};

#[derive(Debug, Clone, Model)]
#[model(has_many(pages = Page.book_id))]
struct Book {
    #[model(primary_key, generate = "none")]
    id: i64,
    title: String,
}

#[derive(Debug, Clone, Model)]
struct Page {
    #[model(primary_key, generate = "none")]
    id: i64,
    #[model(belongs_to = Book)]
    book_id: i64,
    text: String,
    #[model(version)]
    version: i64,
}

async fn having(api: SocketAddr, path: &str, tags: &str) -> Reply {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {api}\r\nConnection: close\r\nIf-None-Match: {tags}\r\n\r\n"
    );
    send(api, &request).await
}

#[tokio::test]
async fn a_row_is_sent_again_only_when_it_is_another() {
    let db = DataFlow::builder("sqlite::memory:")
        .model::<Book>()
        .model::<Page>()
        .build()
        .unwrap();
    let builder = Nexus::builder().api_port(0).without_mcp().mount(&db);
    let running = builder.start().await.unwrap();
    let api = running.api_address();
    post(api, "/api/books", &json!({"id": 1, "title": "Rust"})).await;
    let page = json!({"id": 7, "book_id": 1, "text": "ownership"});
    post(api, "/api/pages", &page).await;

    let paths = [
        "/api/books/1",
        "/api/books/1?select=title",
        "/api/books/1?select=*,pages(text)",
        "/api/pages/7",
        "/api/pages/7?select=text,book(title)",
    ];
    let mut tags = Vec::new();
    for path in paths {
        let read = get(api, path).await;
        let tag = read.header("etag").unwrap().to_owned();
        for named in [&tag, &format!("W/{tag}"), &format!("\"x\", {tag}"), "*"] {
            let known = having(api, path, named).await;
            assert_eq!((known.status, &*known.body), (304, ""), "{path} {named}");
            assert_eq!(known.header("etag"), Some(&*tag), "{path}");
        }
        for named in ["\"x\"", "nonsense", ""] {
            let other = having(api, path, named).await;
            assert_eq!(
                (other.status, &other.body),
                (200, &read.body),
                "{path} {named}"
            );
        }
        tags.push(tag);
    }
    assert_eq!(tags[3], "\"1\"", "a version tells more than a digest");
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), paths.len());

    // What stands beside a row is part of what was read.
    let beside = get(api, paths[2]).await.header("etag").unwrap().to_owned();
    post(
        api,
        "/api/pages",
        &json!({"id": 8, "book_id": 1, "text": "borrowing"}),
    )
    .await;
    assert_eq!(having(api, paths[2], &beside).await.status, 200);
    assert_eq!(having(api, "/api/books/2", "*").await.status, 404);
    running.shutdown().await;
}
