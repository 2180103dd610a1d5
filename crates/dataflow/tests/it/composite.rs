use dataflow::error::Kind;
use dataflow::{DataFlow, Model, SchemaSet};
use serde_json::json;

use crate::nodes::{bytes, call};
use crate::setup::Setup;

on_every_database! {
    a_row_is_found_by_all_fields_of_its_key
    rows_are_changed_and_deleted_in_bulk_by_their_keys
    an_upsert_finds_a_row_by_its_key
    pages_go_by_the_whole_key
    rows_are_paired_through_a_table_of_keys
    nodes_take_the_fields_of_the_key_by_name
    what_a_node_is_told_of_a_key_is_checked
    rows_are_kept_by_all_fields_of_their_key
    a_model_of_the_registry_works_as_a_compiled_one
    a_key_of_keys_alone_has_nothing_to_change
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(many_to_many(tags = Tag, through = Label(post_id, tag)))]
struct Post {
    #[model(primary_key, generate = "none")]
    id: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(many_to_many(posts = Post, through = Label(tag, post_id)))]
struct Tag {
    #[model(primary_key)]
    name: String,
}

/// What a post is about.
#[derive(Debug, Clone, PartialEq, Model)]
struct Label {
    #[model(primary_key, belongs_to = Post, on_delete = "cascade")]
    post_id: i64,
    #[model(default = 1)]
    weight: i32,
    #[model(primary_key, belongs_to = Tag, index, column = "tag name")]
    tag: String,
}

/// Nothing but its key.
#[derive(Debug, Clone, PartialEq, Model)]
struct Pair {
    #[model(primary_key)]
    left: i64,
    #[model(primary_key)]
    right: i64,
}

fn label(post_id: i64, tag: &str, weight: i32) -> Label {
    Label {
        post_id,
        weight,
        tag: tag.to_owned(),
    }
}

fn models() -> SchemaSet {
    SchemaSet::new()
        .model::<Post>()
        .model::<Tag>()
        .model::<Label>()
        .model::<Pair>()
}

/// Posts 1 to 3 and tags a to c, of which nothing is labelled.
async fn open(setup: &Setup) -> DataFlow {
    let database = setup.builder().models(models()).open().unwrap();
    fill(&database).await;
    database
}

async fn fill(database: &DataFlow) {
    let posts: Vec<_> = (1..=3).map(|id| json!({ "id": id })).collect();
    let tags: Vec<_> = ["a", "b", "c"].map(|name| json!({ "name": name })).into();
    let rows = json!({ "rows": posts });
    call(database, "post_bulk_create", rows).await.unwrap();
    let rows = json!({ "rows": tags });
    call(database, "tag_bulk_create", rows).await.unwrap();
}

async fn a_row_is_found_by_all_fields_of_its_key(setup: Setup) {
    let database = open(&setup).await;
    let labels = database.repository::<Label>().unwrap();
    for (post_id, tag) in [(1, "a"), (1, "b"), (2, "a")] {
        labels.create(&label(post_id, tag, 1)).await.unwrap();
    }

    let key = |post_id, tag: &str| (post_id, tag.to_owned());
    assert_eq!(labels.read(&key(1, "b")).await.unwrap(), label(1, "b", 1));
    let changed = label(1, "b", 5);
    assert_eq!(labels.update(&changed).await.unwrap(), changed);
    assert_eq!(labels.read(&key(2, "a")).await.unwrap().weight, 1);
    labels.delete(&key(1, "b")).await.unwrap();
    assert_eq!(labels.find(&key(1, "b")).await.unwrap(), None);
    assert_eq!(labels.count(dataflow::Filter::all()).await.unwrap(), 2);

    for error in [
        labels.read(&key(2, "b")).await.unwrap_err(),
        labels.update(&label(2, "b", 1)).await.unwrap_err(),
        labels.delete(&key(2, "b")).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), Kind::NotFound);
        assert!(error.message().contains("post_id and tag"), "{error:?}");
    }
    let twice = labels.create(&label(2, "a", 1)).await.unwrap_err();
    assert_eq!(twice.kind(), Kind::Unique);
    let pointers: Vec<&str> = twice.faults().iter().map(|fault| &*fault.pointer).collect();
    assert_eq!(pointers, ["/post_id", "/tag"], "{twice:?}");
}

async fn rows_are_changed_and_deleted_in_bulk_by_their_keys(setup: Setup) {
    let database = open(&setup).await;
    let labels = database.repository::<Label>().unwrap();
    let rows = [label(1, "a", 1), label(1, "b", 2), label(2, "a", 3)];
    assert_eq!(labels.bulk_create(&rows).await.unwrap(), rows);
    assert_eq!(labels.bulk_load(&[label(3, "c", 4)]).await.unwrap(), 1);

    let changes = [label(2, "a", 30), label(1, "a", 10)];
    assert_eq!(labels.bulk_update(&changes).await.unwrap(), changes);
    let missing = [label(1, "b", 20), label(2, "b", 20)];
    let error = labels.bulk_update(&missing).await.unwrap_err();
    let pointers: Vec<&str> = error.faults().iter().map(|fault| &*fault.pointer).collect();
    assert_eq!(pointers, ["/1/post_id", "/1/tag"]);
    assert_eq!(labels.read(&(1, "b".to_owned())).await.unwrap().weight, 2);

    let upserted = [label(1, "b", 21), label(3, "a", 5)];
    let by_key = (Label::TAG, Label::POST_ID);
    let rows = labels.bulk_upsert(&upserted, by_key).await.unwrap();
    assert_eq!(rows, upserted);

    let keys = [(1, "a"), (2, "a"), (2, "b"), (1, "a")].map(|(id, tag)| (id, tag.to_owned()));
    assert_eq!(labels.bulk_delete(&keys).await.unwrap(), 2);
    assert_eq!(labels.bulk_delete(&[]).await.unwrap(), 0);
    let rest = labels.list(dataflow::Filter::all()).await.unwrap().rows;
    assert_eq!(
        rest,
        [label(1, "b", 21), label(3, "a", 5), label(3, "c", 4)]
    );
}

async fn an_upsert_finds_a_row_by_its_key(setup: Setup) {
    let database = open(&setup).await;
    let labels = database.repository::<Label>().unwrap();
    let by_key = (Label::POST_ID, Label::TAG);
    for weight in [1, 2] {
        let row = label(1, "a", weight);
        assert_eq!(labels.upsert(&row, by_key).await.unwrap(), row);
    }
    let part = labels.upsert(&label(1, "a", 3), Label::TAG).await;
    let error = part.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    assert!(error.faults()[0].detail.contains("post_id"), "{error:?}");
}

async fn pages_go_by_the_whole_key(setup: Setup) {
    let database = open(&setup).await;
    let labels = database.repository::<Label>().unwrap();
    let all: Vec<Label> = (1..=3)
        .flat_map(|post_id| ["a", "b", "c"].map(|tag| label(post_id, tag, 1)))
        .collect();
    labels.bulk_create(&all).await.unwrap();
    for (order, expected) in [
        (json!([]), all.clone()),
        (json!(["post_id"]), all.clone()),
        (json!(["tag.desc", "post_id.desc"]), {
            let mut rows = all.clone();
            rows.sort_by(|a, b| (&b.tag, b.post_id).cmp(&(&a.tag, a.post_id)));
            rows
        }),
        (json!(["tag"]), {
            let mut rows = all.clone();
            rows.sort_by(|a, b| (&a.tag, a.post_id).cmp(&(&b.tag, b.post_id)));
            rows
        }),
    ] {
        let mut seen = Vec::new();
        let mut after = json!(null);
        loop {
            let input = json!({ "order": order, "limit": 2, "after": after });
            let page = crate::nodes::page(&database, "label_list", input).await;
            seen.extend(page.0.as_array().unwrap().clone());
            match page.1 {
                Some(next) => after = json!(next),
                None => break,
            }
        }
        let expected: Vec<_> = expected
            .iter()
            .map(|row| json!({"post_id": row.post_id, "weight": 1, "tag": row.tag}))
            .collect();
        assert_eq!(seen, expected, "{order}");
    }
}

async fn rows_are_paired_through_a_table_of_keys(setup: Setup) {
    let database = open(&setup).await;
    let labels = database.repository::<Label>().unwrap();
    let rows = [label(1, "a", 1), label(1, "b", 1), label(2, "b", 1)];
    labels.bulk_create(&rows).await.unwrap();
    let posts = database.repository::<Post>().unwrap();
    let page = posts.query().with(Post::TAGS).list().await.unwrap();
    let tags: Vec<Vec<&str>> = page
        .rows
        .iter()
        .map(|(_, tags)| tags.iter().map(|tag| &*tag.name).collect())
        .collect();
    assert_eq!(tags, [vec!["a", "b"], vec!["b"], vec![]]);
    let of_b = Post::TAGS.some(Tag::NAME.eq("b"));
    assert_eq!(posts.query().filter(of_b).count().await.unwrap(), 2);

    let beside = json!({ "post_id": 1, "tag": "b", "include": { "post": {} } });
    let read = call(&database, "label_read", beside).await.unwrap();
    assert_eq!(read["post"], json!({ "id": 1 }));

    // What points at a post goes with it, whatever its own key.
    posts.delete(&1).await.unwrap();
    assert_eq!(labels.count(dataflow::Filter::all()).await.unwrap(), 1);
}

async fn nodes_take_the_fields_of_the_key_by_name(setup: Setup) {
    let database = open(&setup).await;
    let node = |name: &str| database.node(name).unwrap();
    for name in ["label_read", "label_update", "label_delete", "label_create"] {
        let names: Vec<String> = {
            let node = node(name);
            let names = node.descriptor().input().required_names();
            names.into_iter().map(str::to_owned).collect()
        };
        assert_eq!(names, ["post_id", "tag"], "{name}");
    }
    let row = json!({ "post_id": 1, "weight": 1, "tag": "a" });
    let given = json!({ "post_id": 1, "tag": "a" });
    let created = call(&database, "label_create", given.clone()).await;
    assert_eq!(created.unwrap(), row);
    let key = crate::nodes::created(&database, "label_create", json!({"post_id": 2, "tag": "b"}));
    assert_eq!(key.await, Some(vec!["2".to_owned(), "b".to_owned()]));
    let read = bytes(&database, "label_read", given.clone()).await;
    assert_eq!(read, r#"{"post_id":1,"weight":1,"tag":"a"}"#);
    let change = json!({ "post_id": 1, "tag": "a", "weight": 7 });
    let changed = call(&database, "label_update", change.clone()).await;
    assert_eq!(changed.unwrap(), change);
    let upserted = call(&database, "label_upsert", row.clone()).await;
    let upserted = upserted.unwrap();
    for (field, value) in row.as_object().unwrap() {
        assert_eq!(&upserted[field], value);
    }
    let ids = json!({ "ids": [given, {"post_id": 3, "tag": "c"}] });
    let deleted = call(&database, "label_bulk_delete", ids).await;
    assert_eq!(deleted.unwrap(), json!({ "count": 1 }));
    let rest = json!({ "post_id": 2, "tag": "b" });
    call(&database, "label_delete", rest.clone()).await.unwrap();
    let gone = call(&database, "label_read", rest).await.unwrap_err();
    assert!(gone.is_not_found());
}

async fn what_a_node_is_told_of_a_key_is_checked(setup: Setup) {
    let database = open(&setup).await;
    for (node, input, expected) in [
        ("label_read", json!({}), vec!["/post_id", "/tag"]),
        ("label_read", json!({ "post_id": 1 }), vec!["/tag"]),
        (
            "label_read",
            json!({ "id": 1 }),
            vec!["/id", "/post_id", "/tag"],
        ),
        (
            "label_delete",
            json!({ "post_id": "x", "tag": null }),
            vec!["/post_id", "/tag"],
        ),
        ("label_create", json!({ "tag": "a" }), vec!["/post_id"]),
        ("label_bulk_delete", json!({ "ids": [1] }), vec!["/ids/0"]),
        (
            "label_bulk_delete",
            json!({ "ids": [{ "tag": "a" }, { "post_id": 1, "tag": 2 }] }),
            vec!["/ids/0/post_id", "/ids/1/tag"],
        ),
        (
            "label_bulk_update",
            json!({ "rows": [{ "post_id": 1, "weight": 2 }] }),
            vec!["/rows/0/tag"],
        ),
    ] {
        let error = call(&database, node, input.clone()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid, "{node} {input}");
        let pointers: Vec<&str> = error.faults().iter().map(|fault| &*fault.pointer).collect();
        assert_eq!(pointers, expected, "{node} {input}");
    }
}

async fn rows_are_kept_by_all_fields_of_their_key(setup: Setup) {
    let builder = setup.builder().models(models()).enable_caching(true);
    let database = builder.open().unwrap();
    fill(&database).await;
    let labels = database.repository::<Label>().unwrap();
    labels
        .bulk_create(&[label(1, "a", 1), label(1, "b", 2)])
        .await
        .unwrap();
    for _ in 0..2 {
        for (tag, weight) in [("a", 1), ("b", 2)] {
            let key = (1, tag.to_owned());
            assert_eq!(labels.read(&key).await.unwrap().weight, weight);
        }
    }
    labels.bulk_delete(&[(1, "a".to_owned())]).await.unwrap();
    assert_eq!(labels.find(&(1, "a".to_owned())).await.unwrap(), None);
}

async fn a_model_of_the_registry_works_as_a_compiled_one(setup: Setup) {
    open(&setup).await;
    let executor = dataflow_ddl_sync::SyncDDLExecutor::new(setup.url().parse().unwrap());
    let registered = executor.registered().unwrap().into_iter();
    let models = registered.fold(SchemaSet::new(), |set, found| set.schema(found.model));
    assert_eq!(models.clone().validated().unwrap().models().count(), 4);
    let database = setup.builder().models(models).open().unwrap();
    let row = json!({ "post_id": 1, "weight": 2, "tag": "c" });
    let created = call(&database, "label_create", row.clone()).await;
    assert_eq!(created.unwrap(), row);
    let read = call(&database, "label_read", json!({ "post_id": 1, "tag": "c" })).await;
    assert_eq!(read.unwrap(), row);
}

async fn a_key_of_keys_alone_has_nothing_to_change(setup: Setup) {
    let database = open(&setup).await;
    let pairs = database.repository::<Pair>().unwrap();
    let pair = Pair { left: 1, right: 2 };
    assert_eq!(
        pairs
            .upsert(&pair, (Pair::LEFT, Pair::RIGHT))
            .await
            .unwrap(),
        pair
    );
    assert_eq!(
        pairs
            .upsert(&pair, (Pair::LEFT, Pair::RIGHT))
            .await
            .unwrap(),
        pair
    );
    assert_eq!(pairs.update(&pair).await.unwrap(), pair);
    let both = [pair.clone(), Pair { left: 2, right: 1 }];
    let upserted = pairs
        .bulk_upsert(&both, (Pair::LEFT, Pair::RIGHT))
        .await
        .unwrap();
    assert_eq!(upserted, both);
    assert_eq!(pairs.bulk_update(&both).await.unwrap(), both);
    assert_eq!(pairs.bulk_delete(&[(1, 2), (2, 1)]).await.unwrap(), 2);
}
