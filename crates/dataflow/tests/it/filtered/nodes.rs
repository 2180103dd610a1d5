use super::*;

on_every_database! {
    nodes_take_a_filter_and_ask_for_a_word_where_it_tests_nothing
    nodes_add_to_rows_one_way_each
    which_way_a_field_goes_holds_here_too
}

/// Calls a node for our team.
async fn ask(database: &DataFlow, node: &str, input: Json) -> Result<Json> {
    let Json::Object(input) = input else {
        panic!("the input of a node is an object")
    };
    let mut context = Context::new(Form::Value);
    context.tenant = Some("ours".into());
    let answer = database.node(node)?.call(&context, input).await?;
    Ok(answer.body.into_value())
}

async fn nodes_take_a_filter_and_ask_for_a_word_where_it_tests_nothing(setup: Setup) {
    let compiled = builder(&setup).open().unwrap();
    tasks(&compiled).await;
    drop(compiled);
    // The same models, known as data.
    let document = [Task::schema(), Step::schema()].map(|schema| {
        serde_json::from_value::<ModelSchema>(serde_json::to_value(schema).unwrap()).unwrap()
    });
    let [task, step] = document;
    let database = setup.builder().schema(task).schema(step).open().unwrap();
    let set = json!({"state": "busy", "add": {"points": 5}});
    let input = json!({"filter": {"state": "new"}, "set": set});
    let answer = ask(&database, "task_bulk_update", input).await.unwrap();
    assert_eq!(answer, json!({"count": 2}));
    let row = ask(&database, "task_read", json!({"id": 1})).await.unwrap();
    assert_eq!(
        (&row["state"], &row["points"]),
        (&json!("busy"), &json!(15))
    );

    let refused = [
        (json!({"set": {"state": "x"}}), "/rows", FaultCode::Required),
        (
            json!({"filter": {}, "set": {"state": "x"}}),
            "/filter",
            FaultCode::Required,
        ),
        (
            json!({"filter": {"$or": [{}, {"id": 1}]}, "set": {"state": "x"}}),
            "/filter",
            FaultCode::Required,
        ),
        (
            json!({"filter": {"id": 1}, "all": true, "set": {"state": "x"}}),
            "/filter",
            FaultCode::Unknown,
        ),
        (json!({"all": true}), "/set", FaultCode::Required),
        (json!({"all": true, "set": {}}), "/set", FaultCode::Range),
        (
            json!({"all": true, "set": {"id": 1}}),
            "/set/id",
            FaultCode::Generated,
        ),
        (
            json!({"all": true, "set": {"add": {"points": null}}}),
            "/set/add/points",
            FaultCode::Required,
        ),
        (
            json!({"all": true, "set": {"state": "far too long"}}),
            "/set/state",
            FaultCode::Range,
        ),
    ];
    for (input, pointer, code) in refused {
        let error = ask(&database, "task_bulk_update", input.clone()).await;
        assert_eq!(faults(&error.unwrap_err()), [(pointer, code)], "{input}");
    }
    let error = ask(&database, "task_bulk_delete", json!({"filter": null})).await;
    assert_eq!(faults(&error.unwrap_err()), [("/ids", FaultCode::Required)]);
    let one = json!({"filter": {"id": 1}});
    let answer = ask(&database, "task_bulk_delete", one).await.unwrap();
    assert_eq!(answer, json!({"count": 1}));
    let all = json!({"all": true});
    let answer = ask(&database, "task_bulk_delete", all).await.unwrap();
    assert_eq!(answer, json!({"count": 2}));
    let left = setup.sql("SELECT count(*) FROM tasks WHERE deleted_at IS NULL");
    assert_eq!(left.as_deref(), Some("1"), "theirs");
}

async fn nodes_add_to_rows_one_way_each(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    tasks(&database).await;
    let input = database.node("task_update").unwrap();
    let input = Json::from(input.descriptor().input().clone());
    let summands = &input["properties"]["add"]["properties"];
    let names: Vec<&String> = summands.as_object().unwrap().keys().collect();
    assert_eq!(names, ["points", "hours"]);

    let change = json!({"id": 1, "state": "busy", "add": {"points": 5}});
    let row = ask(&database, "task_update", change).await.unwrap();
    assert_eq!(
        (&row["state"], &row["points"]),
        (&json!("busy"), &json!(15))
    );
    let rows = json!({"rows": [
        {"id": 1, "add": {"points": 1}},
        {"id": 2, "add": {"points": 2}, "hours": 1.5},
        {"id": 3, "state": "new"},
    ]});
    let rows = ask(&database, "task_bulk_update", rows).await.unwrap();
    let points: Vec<&Json> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["points"])
        .collect();
    assert_eq!(points, [16, 22, 30]);

    let both = json!({"rows": [{"id": 1, "points": 1}, {"id": 2, "add": {"points": 2}}]});
    let error = ask(&database, "task_bulk_update", both).await.unwrap_err();
    assert_eq!(faults(&error), [("/rows/1/add/points", FaultCode::Unknown)]);
    let both = json!({"id": 1, "points": 1, "add": {"points": 1, "state": 1, "pairs": 2}});
    let error = ask(&database, "task_update", both).await.unwrap_err();
    let expected = [
        ("/add/points", FaultCode::Unknown),
        ("/add/state", FaultCode::Type),
        ("/add/pairs", FaultCode::Rule),
    ];
    assert_eq!(faults(&error), expected);

    let upsert = json!({
        "id": 1, "state": "new", "points": 1, "pairs": 0,
        "on_conflict": {"add": {"points": 4}},
    });
    let row = ask(&database, "task_upsert", upsert).await.unwrap();
    assert_eq!(
        (&row["state"], &row["points"]),
        (&json!("busy"), &json!(20))
    );
}

async fn which_way_a_field_goes_holds_here_too(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    let inputs = [
        (json!({"seen": 1}), "/set/seen"),
        (json!({"add": {"seen": 1}}), "/set/add/seen"),
    ];
    for (set, pointer) in inputs {
        let input = json!({"all": true, "set": set});
        let error = ask(&database, "task_bulk_update", input).await.unwrap_err();
        assert_eq!(faults(&error), [(pointer, FaultCode::ReadOnly)]);
    }
    // Code is on the trusted side.
    let seen = tasks.update_fields(&1, [Task::SEEN.add(1)]).await.unwrap();
    assert_eq!(seen.seen, 1);
}
