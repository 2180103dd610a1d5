//! Rows that lead to other rows, at every door.

use dataflow::{DataFlow, Model};
use nexus::{Nexus, Running};
use serde_json::json;
use tempfile::TempDir;

use crate::client::{call_tool, get, post};

#[derive(Debug, Clone, Model)]
#[model(has_many(books = Book.author_id))]
struct Author {
    #[model(primary_key, generate = "none")]
    id: i64,
    name: String,
}

#[derive(Debug, Clone, Model)]
struct Book {
    #[model(primary_key, generate = "none")]
    id: i64,
    #[model(belongs_to = Author, index, on_delete = "cascade")]
    author_id: i64,
    title: String,
}

async fn library() -> (Running, TempDir) {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("books.db").display());
    let db = DataFlow::builder(&url)
        .model::<Author>()
        .model::<Book>()
        .build()
        .unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.start().await.unwrap();
    let api = running.api_address();
    for author in [
        json!({"id": 1, "name": "Ann"}),
        json!({"id": 2, "name": "Bob"}),
    ] {
        assert_eq!(post(api, "/api/authors", &author).await.status, 201);
    }
    for (id, author_id, title) in [(10, 1, "Rust"), (11, 1, "SQL"), (12, 2, "Go")] {
        let book = json!({"id": id, "author_id": author_id, "title": title});
        assert_eq!(post(api, "/api/books", &book).await.status, 201);
    }
    (running, folder)
}

#[tokio::test]
async fn a_relation_means_the_same_at_every_door() {
    let (running, _folder) = library().await;
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    let cases = [
        (
            "/api/books?select=title,author(name)&order=author.name.desc,id",
            "book_list",
            json!({
                "fields": ["title"],
                "include": {"author": {"fields": ["name"]}},
                "order": ["author.name.desc", "id"],
            }),
            json!([
                {"title": "Go", "author": {"name": "Bob"}},
                {"title": "Rust", "author": {"name": "Ann"}},
                {"title": "SQL", "author": {"name": "Ann"}},
            ]),
        ),
        (
            "/api/books?select=id&author.name=like.A*",
            "book_list",
            json!({"fields": ["id"], "filter": {"author.name": {"$like": "A%"}}}),
            json!([{"id": 10}, {"id": 11}]),
        ),
        (
            "/api/authors?select=name,books(id)&books=some.(title.eq.Go)",
            "author_list",
            json!({
                "fields": ["name"],
                "include": {"books": {"fields": ["id"]}},
                "filter": {"books": {"$some": {"title": "Go"}}},
            }),
            json!([{"name": "Bob", "books": [{"id": 12}]}]),
        ),
        (
            "/api/authors?select=name,books(id,title=neq.Go,order=id.desc,limit=1)",
            "author_list",
            json!({
                "fields": ["name"],
                "include": {"books": {
                    "fields": ["id"],
                    "filter": {"title": {"$ne": "Go"}},
                    "order": ["id.desc"],
                    "limit": 1,
                }},
            }),
            json!([{"name": "Ann", "books": [{"id": 11}]}, {"name": "Bob", "books": []}]),
        ),
    ];
    for (path, tool, input, expected) in cases {
        assert_eq!(get(api, path).await.json(), expected, "{path}");
        let answer = call_tool(mcp, tool, input).await;
        assert_eq!(answer["structuredContent"]["rows"], expected, "{answer}");
    }
    let row = json!({"id": 1, "name": "Ann", "books": [{"title": "Rust"}, {"title": "SQL"}]});
    let read = get(api, "/api/authors/1?select=*,books(title)").await;
    assert_eq!(read.json(), row);
    let input = json!({"id": 1, "include": {"books": {"fields": ["title"]}}});
    let answer = call_tool(mcp, "author_read", input).await;
    assert_eq!(answer["structuredContent"], row, "{answer}");
    running.shutdown().await;
}

#[tokio::test]
async fn an_unknown_relation_is_refused_at_every_door() {
    let (running, _folder) = library().await;
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    for path in [
        "/api/authors/1?select=*,books(*,limit=1001)",
        "/api/authors?select=*,books(*,order=titel)",
        "/api/authors?select=*,books(*,titel=eq.author)",
        "/api/authors?select=*,books(*,limit=author)",
    ] {
        assert_eq!(get(api, path).await.status, 400, "{path}");
    }
    for path in [
        "/api/books?select=*,auther(*)",
        "/api/books?auther.name=eq.a",
        "/api/books/10?select=*,auther(*)",
        "/api/books?order=auther.name",
    ] {
        let refused = get(api, path).await;
        assert_eq!(refused.status, 400, "{path}");
        assert!(refused.json().to_string().contains("author"), "{path}");
    }
    for input in [
        json!({"include": {"auther": {}}}),
        json!({"filter": {"auther.name": "a"}}),
    ] {
        let answer = call_tool(mcp, "book_list", input).await;
        assert_eq!(answer["isError"], true, "{answer}");
        assert!(answer.to_string().contains("author"), "{answer}");
    }
    running.shutdown().await;
}
