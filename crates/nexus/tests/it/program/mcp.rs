//! HTTP and MCP are doors to the same rows.

use serde_json::{Value as Json, json};

use super::setup::{Setup, on_every_database};

on_every_database!(
    every_operation_is_a_tool,
    both_doors_give_the_same_row,
    a_workflow_and_a_handler_are_tools,
    a_refused_tool_call_says_what_was_wrong,
    a_row_is_a_resource,
);

fn every_operation_is_a_tool(setup: &Setup) {
    let program = setup.start("quickstart");

    let tools = program.mcp().mcp("tools/list", json!({}));

    let tools = tools["tools"].as_array().unwrap();
    let names: Vec<&str> = tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    let verbs = [
        "create",
        "read",
        "update",
        "delete",
        "list",
        "count",
        "upsert",
        "bulk_create",
        "bulk_update",
        "bulk_delete",
        "bulk_upsert",
    ];
    for model in ["user", "post"] {
        for verb in verbs {
            let name = format!("{model}_{verb}");
            assert!(names.contains(&name.as_str()), "{name}: {names:?}");
        }
    }
    assert!(
        names.contains(&"onboard") && names.contains(&"greet"),
        "{names:?}"
    );
    assert_eq!(names.len(), 24, "{names:?}");
}

fn both_doors_give_the_same_row(setup: &Setup) {
    let program = setup.start("quickstart");
    let (http, mcp) = (program.http(), program.mcp());

    let created = mcp.call(
        "user_create",
        json!({ "email": "ada@x.org", "name": "Ada" }),
    );
    let user = &created["structuredContent"];
    let id = user["id"].as_str().unwrap();

    assert_eq!(&http.get(&format!("/api/users/{id}")).expect(200), user);
    let read = mcp.call("user_read", json!({ "id": id }));
    assert_eq!(&read["structuredContent"], user);
    let listed = mcp.call("user_list", json!({}));
    assert_eq!(
        listed["structuredContent"]["rows"],
        http.get("/api/users").expect(200)
    );
    let text: Json = serde_json::from_str(created["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(&text, user);

    let post = json!({ "author_id": id, "title": "Hello" });
    let posted = http.post("/api/posts", &post).expect(201);
    let read = mcp.call("post_read", json!({ "id": posted["id"] }));
    assert_eq!(read["structuredContent"], posted);
}

fn a_workflow_and_a_handler_are_tools(setup: &Setup) {
    let program = setup.start("quickstart");
    let (http, mcp) = (program.http(), program.mcp());

    let onboarded = mcp.call("onboard", json!({ "email": "ada@x.org", "name": "Ada" }));
    let greeted = mcp.call("greet", json!({ "name": "Ada" }));

    let post = &http.get("/api/posts").expect(200)[0];
    assert_eq!(&onboarded["structuredContent"]["post"], post, "{onboarded}");
    assert_eq!(
        greeted["structuredContent"],
        json!({ "text": "Hello, Ada!" })
    );
}

fn a_refused_tool_call_says_what_was_wrong(setup: &Setup) {
    let program = setup.start("quickstart");
    let mcp = program.mcp();
    let user = json!({ "email": "ada@x.org", "name": "Ada" });
    mcp.call("user_create", user.clone());
    let nobody = "00000000-0000-7000-8000-000000000000";
    for (tool, arguments, expected) in [
        ("user_create", user, "email"),
        (
            "user_create",
            json!({ "emial": "b@x.org", "name": "B" }),
            "emial",
        ),
        ("user_read", json!({ "id": nobody }), "user"),
        (
            "post_create",
            json!({ "author_id": nobody, "title": "T" }),
            "author_id",
        ),
        ("greet", json!({}), "name"),
    ] {
        let result = mcp.call(tool, arguments);
        assert_eq!(result["isError"], true, "{tool}: {result}");
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(text.to_lowercase().contains(expected), "{tool}: {text}");
    }
}

fn a_row_is_a_resource(setup: &Setup) {
    let program = setup.start("quickstart");
    let mcp = program.mcp();
    let created = mcp.call(
        "user_create",
        json!({ "email": "ada@x.org", "name": "Ada" }),
    );
    let user = &created["structuredContent"];
    let uri = format!("nexus://rows/user/{}", user["id"].as_str().unwrap());

    let read = mcp.mcp("resources/read", json!({ "uri": uri }));

    let text = read["contents"][0]["text"].as_str().unwrap();
    assert_eq!(&serde_json::from_str::<Json>(text).unwrap(), user);
}
