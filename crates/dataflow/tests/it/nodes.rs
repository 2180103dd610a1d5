use dataflow::node::{Answer, Context, Form, ModelVerb, Node as _, Source as _};
use dataflow::{DataFlow, Model as _, Result};
use serde_json::{Value as Json, json};

use crate::models::Author;
use crate::setup::Setup;

on_every_database! {
    the_eleven_nodes_of_each_model_have_their_names
    shapes_say_what_is_taken_and_given
    a_row_is_created_read_changed_listed_counted_and_deleted
    bytes_and_values_say_the_same
    a_page_names_the_next_one
    rows_of_a_bulk_may_give_different_fields
    an_upsert_changes_only_what_was_given
    v09_in_of_nothing_matches_nothing
    v24_the_key_cannot_be_changed_and_rows_hold_only_their_fields
    e06_fields_come_back_as_they_were_given
}

/// Calls a node, and gives the value it answers with.
pub(crate) async fn call(database: &DataFlow, node: &str, input: Json) -> Result<Json> {
    answer(database, node, Form::Value, input)
        .await
        .map(|answer| answer.body.into_value())
}

/// The bytes that a node answers with.
pub(crate) async fn bytes(database: &DataFlow, node: &str, input: Json) -> String {
    let answer = answer(database, node, Form::Bytes, input).await.unwrap();
    String::from_utf8(answer.body.into_bytes().to_vec()).unwrap()
}

/// The rows that a node lists, and where the next page begins.
pub(crate) async fn page(database: &DataFlow, node: &str, input: Json) -> (Json, Option<String>) {
    let answer = answer(database, node, Form::Value, input).await.unwrap();
    (answer.body.into_value(), answer.next)
}

/// The key of the row that a node creates.
pub(crate) async fn created(database: &DataFlow, node: &str, input: Json) -> Option<Vec<String>> {
    let answer = answer(database, node, Form::Value, input).await.unwrap();
    answer.created
}

/// What a node answers in a context.
pub(crate) async fn call_in(
    database: &DataFlow,
    context: &Context,
    node: &str,
    input: Json,
) -> Result<Json> {
    let answer = answer_in(database, node, context, input).await;
    answer.map(|answer| answer.body.into_value())
}

async fn answer(database: &DataFlow, node: &str, form: Form, input: Json) -> Result<Answer> {
    answer_in(database, node, &Context::new(form), input).await
}

async fn answer_in(
    database: &DataFlow,
    node: &str,
    context: &Context,
    input: Json,
) -> Result<Answer> {
    let Json::Object(input) = input else {
        panic!("the input of a node is an object")
    };
    database.node(node)?.call(context, input).await
}

async fn the_eleven_nodes_of_each_model_have_their_names(setup: Setup) {
    let database = setup.library().build().unwrap();
    let nodes = database.nodes();
    assert_eq!(nodes.len(), 33);
    let verbs = ModelVerb::ALL.into_iter();
    for verb in verbs.filter(|verb| verb.is_of(Author::schema())) {
        let name = format!("author_{}", verb.as_str());
        let node = database.node(&name).unwrap();
        let (schema, found) = node.descriptor().model().unwrap();
        assert_eq!((&*schema.name, found), ("Author", verb));
    }
    let error = database.node("author_creat").err().unwrap();
    assert!(error.is_not_found());
    assert!(error.help().unwrap().contains("author_create"), "{error:?}");
}

async fn shapes_say_what_is_taken_and_given(setup: Setup) {
    let database = setup.open();
    let input = |name| database.node(name).unwrap().descriptor().input().clone();
    assert_eq!(input("author_create").required_names(), ["email"]);
    assert!(input("author_create").has_property("rank"));
    for made in ["id", "created_at", "updated_at"] {
        assert!(!input("author_create").has_property(made), "{made}");
    }
    assert_eq!(input("country_create").required_names(), ["code", "name"]);
    assert_eq!(input("author_update").required_names(), ["id"]);
    assert_eq!(input("country_read").required_names(), ["code"]);
    let create = database.node("author_create").unwrap();
    let created = call(&database, "author_create", json!({"email": "ann"}))
        .await
        .unwrap();
    assert_eq!(create.descriptor().output().faults(&created), []);
    let list = database.node("author_list").unwrap();
    let listed = call(&database, "author_list", json!({})).await.unwrap();
    assert_eq!(list.descriptor().output().faults(&listed), []);
}

async fn a_row_is_created_read_changed_listed_counted_and_deleted(setup: Setup) {
    let database = setup.open();
    let created = call(&database, "author_create", json!({"email": "ann"}))
        .await
        .unwrap();
    assert_eq!(
        (&created["rank"], &created["name"]),
        (&json!(1), &Json::Null)
    );
    let id = created["id"].clone();

    let read = call(&database, "author_read", json!({"id": id}))
        .await
        .unwrap();
    assert_eq!(read, created);
    let change = json!({"id": id, "name": "Ann"});
    let changed = call(&database, "author_update", change).await.unwrap();
    assert_eq!(
        (&changed["name"], &changed["email"]),
        (&json!("Ann"), &json!("ann"))
    );
    assert!(changed["updated_at"].as_str() > created["updated_at"].as_str());
    let unchanged = call(&database, "author_update", json!({"id": id}))
        .await
        .unwrap();
    assert_eq!(unchanged, changed);

    let filter = json!({"filter": {"name": "Ann"}});
    let listed = call(&database, "author_list", filter.clone())
        .await
        .unwrap();
    assert_eq!(listed, json!([changed]));
    let counted = call(&database, "author_count", filter).await.unwrap();
    assert_eq!(counted, json!({"count": 1}));

    let deleted = call(&database, "author_delete", json!({"id": id}))
        .await
        .unwrap();
    assert_eq!(deleted, Json::Null);
    for node in ["author_read", "author_delete", "author_update"] {
        let error = call(&database, node, json!({"id": id})).await.unwrap_err();
        assert!(error.is_not_found(), "{node}: {error}");
    }
}

async fn bytes_and_values_say_the_same(setup: Setup) {
    let database = setup.open();
    let input = json!({"code": "it", "name": "Italy"});
    let created = answer(&database, "country_create", Form::Bytes, input)
        .await
        .unwrap();
    assert_eq!(created.created, Some(vec!["it".to_owned()]));
    assert_eq!(
        &created.body.into_bytes()[..],
        br#"{"code":"it","name":"Italy"}"#
    );
    let inputs = [
        ("country_read", json!({"code": "it"})),
        ("country_list", json!({})),
        ("country_count", json!({})),
        ("country_bulk_update", json!({"rows": [{"code": "it"}]})),
        ("country_bulk_delete", json!({"ids": []})),
    ];
    for (node, input) in inputs {
        let bytes = answer(&database, node, Form::Bytes, input.clone())
            .await
            .unwrap();
        let value = answer(&database, node, Form::Value, input).await.unwrap();
        let bytes = bytes.body.into_bytes();
        assert_eq!(
            serde_json::from_slice::<Json>(&bytes).unwrap(),
            value.body.into_value(),
            "{node}"
        );
    }
    let book = json!({"title": "One"});
    let book = answer(&database, "book_create", Form::Bytes, book)
        .await
        .unwrap();
    assert_eq!(book.created, Some(vec!["1".to_owned()]));
}

async fn a_page_names_the_next_one(setup: Setup) {
    let database = setup.open();
    let rows: Vec<Json> = (0..3).map(|n| json!({"title": n.to_string()})).collect();
    call(&database, "book_bulk_create", json!({"rows": rows}))
        .await
        .unwrap();
    let first = answer(&database, "book_list", Form::Bytes, json!({"limit": 2}))
        .await
        .unwrap();
    let after = first.next.expect("another row follows");
    let input = json!({"limit": 2, "after": after});
    let second = answer(&database, "book_list", Form::Value, input)
        .await
        .unwrap();
    assert_eq!(second.body.into_value()[0]["title"], "2");
    assert_eq!(second.next, None);
}

async fn rows_of_a_bulk_may_give_different_fields(setup: Setup) {
    let database = setup.open();
    let rows = json!({"rows": [{"email": "a"}, {"email": "b", "name": "B", "rank": 7}]});
    let created = call(&database, "author_bulk_create", rows).await.unwrap();
    assert_eq!(
        (&created[0]["rank"], &created[1]["rank"]),
        (&json!(1), &json!(7))
    );

    let rows = json!({"rows": [
        {"id": created[1]["id"], "name": null},
        {"id": created[0]["id"], "rank": 3},
    ]});
    let changed = call(&database, "author_bulk_update", rows).await.unwrap();
    assert_eq!(
        (&changed[0]["name"], &changed[0]["rank"]),
        (&Json::Null, &json!(7))
    );
    assert_eq!(
        (&changed[1]["email"], &changed[1]["rank"]),
        (&json!("a"), &json!(3))
    );
}

async fn an_upsert_changes_only_what_was_given(setup: Setup) {
    let database = setup.open();
    let ann = json!({"email": "ann", "name": "Ann", "rank": 5, "conflict_on": ["email"]});
    let created = call(&database, "author_upsert", ann).await.unwrap();
    let rename = json!({"email": "ann", "name": "Anna", "conflict_on": ["email"]});
    let changed = call(&database, "author_upsert", rename).await.unwrap();
    assert_eq!(changed["id"], created["id"]);
    assert_eq!(
        (&changed["name"], &changed["rank"]),
        (&json!("Anna"), &json!(5))
    );

    let rows = json!({"conflict_on": ["email"], "rows": [
        {"email": "ann", "rank": 6},
        {"email": "bob", "name": "Bob"},
        {"email": "ann", "name": "A."},
    ]});
    let both = call(&database, "author_bulk_upsert", rows).await.unwrap();
    assert_eq!(
        (&both[0]["name"], &both[0]["rank"]),
        (&json!("Anna"), &json!(6))
    );
    assert_eq!(
        (&both[1]["name"], &both[1]["rank"]),
        (&json!("Bob"), &json!(1))
    );
    assert_eq!(
        (&both[2]["name"], &both[2]["rank"]),
        (&json!("A."), &json!(6))
    );

    let error = call(&database, "author_upsert", json!({"email": "x"}))
        .await
        .unwrap_err();
    assert_eq!(error.faults()[0].pointer, "/conflict_on");
}

async fn v09_in_of_nothing_matches_nothing(setup: Setup) {
    let database = setup.open();
    call(
        &database,
        "country_create",
        json!({"code": "it", "name": "Italy"}),
    )
    .await
    .unwrap();
    let nothing = json!({"filter": {"code": {"$in": []}}});
    assert_eq!(
        call(&database, "country_list", nothing).await.unwrap(),
        json!([])
    );
    let deleted = call(&database, "country_bulk_delete", json!({"ids": []}))
        .await
        .unwrap();
    assert_eq!(deleted, json!({"count": 0}));
}

async fn v24_the_key_cannot_be_changed_and_rows_hold_only_their_fields(setup: Setup) {
    let database = setup.open();
    let italy = json!({"code": "it", "name": "Italy"});
    let created = call(&database, "country_create", italy.clone())
        .await
        .unwrap();
    let read = call(&database, "country_read", json!({"code": "it"}))
        .await
        .unwrap();
    assert_eq!((&created, &read), (&italy, &italy));

    let moved = json!({"code": "xx", "name": "Italy"});
    let error = call(&database, "country_update", moved.clone())
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    let by_name = json!({"code": "xx", "name": "Italy", "conflict_on": ["name"]});
    let kept = call(&database, "country_upsert", by_name).await.unwrap();
    let expected = json!({"code": "it", "name": "Italy", "created": false});
    assert_eq!(kept, expected);
}

async fn e06_fields_come_back_as_they_were_given(setup: Setup) {
    let database = setup.open();
    let given = json!({"email": "a@b.c", "name": "Ann", "rank": 3});
    let created = call(&database, "author_create", given.clone())
        .await
        .unwrap();
    let read = call(&database, "author_read", json!({"id": created["id"]}))
        .await
        .unwrap();
    for (field, value) in given.as_object().unwrap() {
        assert_eq!(&read[field], value);
    }
}
