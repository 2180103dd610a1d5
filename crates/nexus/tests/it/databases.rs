//! Several databases behind one server.

use dataflow::{DataFlow, Filter, Model};
use nexus::{Nexus, Workflow};
use serde_json::json;

use crate::client::{call_tool, get, post};

#[derive(Debug, Clone, PartialEq, Model)]
struct Guest {
    #[model(primary_key, client_key)]
    id: i64,
    name: String,
    stars: i32,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Visit {
    #[model(primary_key, client_key)]
    id: i64,
    name: String,
}

fn hotel() -> DataFlow {
    let builder = DataFlow::builder("sqlite::memory:").environment([("", ""); 0]);
    builder.model::<Guest>().open().unwrap()
}

/// The names of the guests that a database holds.
async fn names(of: &DataFlow) -> Vec<String> {
    let rows = of.repository::<Guest>().unwrap().list(Filter::all()).await;
    rows.unwrap()
        .rows
        .into_iter()
        .map(|guest| guest.name)
        .collect()
}

/// Both have a model of that name; each node reaches the database that it was asked of, whichever
/// was there last.
#[tokio::test]
async fn v16_a_workflow_reaches_the_database_that_each_of_its_nodes_is_of() {
    let (first, second) = (hotel(), hotel());
    let workflow = Workflow::builder()
        .node("here", first.node("guest_create").unwrap())
        .node("there", second.node("guest_create").unwrap())
        .set("here", "stars", 1)
        .set("there", "stars", 2)
        .connect("inputs.id", "here.id")
        .connect("inputs.here", "here.name")
        .connect("here.id", "there.id")
        .connect("inputs.there", "there.name")
        .build()
        .unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&second);
    let running = builder
        .register("check_in", workflow)
        .start()
        .await
        .unwrap();
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());

    let inputs = json!({"inputs": {"id": 1, "here": "Ada", "there": "Bob"}});
    let run = post(api, "/workflows/check_in/execute", &inputs).await;
    assert_eq!(run.status, 200, "{run:?}");
    assert_eq!(run.json()["outputs"]["here"]["name"], "Ada", "{run:?}");
    let answer = call_tool(
        mcp,
        "check_in",
        json!({"id": 2, "here": "Eve", "there": "Kim"}),
    )
    .await;
    assert_eq!(answer["isError"], false, "{answer}");
    assert_eq!(names(&first).await, ["Ada", "Eve"]);
    assert_eq!(names(&second).await, ["Bob", "Kim"]);
    let served = get(api, "/api/guests/1").await.json();
    assert_eq!(
        served,
        json!({"id": 1, "name": "Bob", "stars": 2}),
        "that which is mounted"
    );
    running.shutdown().await;
}

#[tokio::test]
async fn v16_two_databases_with_a_model_of_the_same_name_are_not_served_together() {
    let builder = Nexus::builder().api_port(0).mcp_port(0);
    let error = builder
        .mount(&hotel())
        .mount(&hotel())
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("guest_create"), "{error}");
    assert!(error.to_string().contains("twice"), "{error}");
}

#[tokio::test]
async fn databases_with_models_of_their_own_are_served_together() {
    let other = DataFlow::builder("sqlite::memory:").environment([("", ""); 0]);
    let other = other.model::<Visit>().build().unwrap();
    let hotel = hotel();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&hotel);
    let running = builder.mount(&other).start().await.unwrap();
    let api = running.api_address();
    let guest = json!({"id": 1, "name": "Ada", "stars": 3});
    assert_eq!(post(api, "/api/guests", &guest).await.status, 201);
    let visit = json!({"id": 1, "name": "spring"});
    assert_eq!(post(api, "/api/visits", &visit).await.status, 201);
    assert_eq!(names(&hotel).await, ["Ada"]);
    assert_eq!(get(api, "/api/visits/1").await.json(), visit);
    let tables = hotel.sql("SELECT count(*) FROM sqlite_schema WHERE name = 'visits'");
    assert_eq!(tables.fetch::<(i64,)>().await.unwrap(), [(0,)]);
    running.shutdown().await;
}

/// `-stars` sorts nowhere here: it is told, at every door, instead of being left aside.
#[tokio::test]
async fn v05_an_order_that_is_not_understood_is_an_error_at_every_door() {
    let hotel = hotel();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&hotel);
    let running = builder.start().await.unwrap();
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    for (id, stars) in [(1, 2), (2, 5), (3, 1)] {
        let guest = json!({"id": id, "name": "n", "stars": stars});
        assert_eq!(post(api, "/api/guests", &guest).await.status, 201);
    }
    for query in [
        "order_by=-stars",
        "order_by=stars",
        "sort=-stars",
        "order=-stars",
        "order=satrs",
        "order=stars.down",
        "order=",
    ] {
        let reply = get(api, &format!("/api/guests?{query}")).await;
        assert!([400, 422].contains(&reply.status), "{query}: {reply:?}");
    }
    for input in [
        json!({"order_by": "-stars"}),
        json!({"order_by": ["-stars"]}),
        json!({"order": "-stars"}),
        json!({"order": "stars"}),
        json!({"order": ["-stars"]}),
        json!({"order": ["satrs"]}),
    ] {
        let answer = call_tool(mcp, "guest_list", input.clone()).await;
        assert_eq!(answer["isError"], true, "{input}: {answer}");
    }
    let listed = get(api, "/api/guests?order=stars.desc&select=id")
        .await
        .json();
    assert_eq!(listed, json!([{"id": 2}, {"id": 1}, {"id": 3}]));
    let order = json!({"order": ["stars.desc"], "fields": ["id"]});
    let listed = call_tool(mcp, "guest_list", order).await;
    assert_eq!(
        listed["structuredContent"]["rows"],
        json!([{"id": 2}, {"id": 1}, {"id": 3}])
    );
    running.shutdown().await;
}
