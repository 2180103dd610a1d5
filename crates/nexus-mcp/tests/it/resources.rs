//! Models, rows and workflows can be read by name.

use serde_json::{Value as Json, json};

use crate::client::Server;

async fn read(server: &Server, uri: &str) -> Json {
    let reply = server
        .modern("resources/read", json!({ "uri": uri }))
        .await
        .json();
    let content = &reply["result"]["contents"][0];
    assert_eq!(content["uri"], uri, "{reply}");
    assert_eq!(content["mimeType"], "application/json");
    serde_json::from_str(content["text"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn what_is_listed_can_be_read() {
    let server = Server::start().await;

    let listed = server.modern("resources/list", json!({})).await.json();
    let uris: Vec<&str> = listed["result"]["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| resource["uri"].as_str().unwrap())
        .collect();
    assert_eq!(
        uris,
        [
            "nexus://schema",
            "nexus://schema/book",
            "workflow://greet",
            "workflow://numbers",
            "workflow://fail"
        ]
    );
    for uri in uris {
        assert!(read(&server, uri).await.is_object(), "{uri}");
    }

    let listed = server
        .modern("resources/templates/list", json!({}))
        .await
        .json();
    let templates = listed["result"]["resourceTemplates"].as_array().unwrap();
    assert_eq!(templates[0]["uriTemplate"], "nexus://schema/{model}");
    assert_eq!(templates[1]["uriTemplate"], "nexus://rows/{model}/{id}");
    assert_eq!(templates[2]["uriTemplate"], "nexus://rows/{model}");
}

#[tokio::test]
async fn a_model_tells_its_fields_and_tools() {
    let server = Server::start().await;

    let model = read(&server, "nexus://schema/book").await;

    assert_eq!(
        model["key"],
        json!({ "field": "id", "made_by": "database" })
    );
    assert_eq!(model["fields"][2]["name"], "subtitle");
    assert_eq!(model["fields"][2]["nullable"], true);
    assert_eq!(model["tools"][0], "book_create");
}

#[tokio::test]
async fn a_row_is_what_its_read_tool_gives() {
    let server = Server::start().await;
    server
        .call(
            "book_create",
            json!({ "title": "Emma", "subtitle": "A novel" }),
        )
        .await;

    let row = read(&server, "nexus://rows/book/1").await;

    let tool = server.call("book_read", json!({ "id": 1 })).await;
    assert_eq!(row, tool["structuredContent"]);
}

#[tokio::test]
async fn what_does_not_exist_is_an_error_and_never_empty() {
    let server = Server::start().await;
    let cases = [
        "nexus://schema/ship",
        "nexus://rows/book/404",
        "nexus://rows/book/x",
        "nexus://rows/ship/1",
        "workflow://book_create",
        "workflow://nothing",
        "file:///etc/passwd",
        "nexus://rows/../../etc/passwd",
    ];
    for uri in cases {
        let reply = server
            .modern("resources/read", json!({ "uri": uri }))
            .await
            .json();
        assert_eq!(reply["error"]["code"], -32602, "{uri}: {reply}");
    }
}
