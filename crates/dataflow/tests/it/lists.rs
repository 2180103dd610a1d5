use dataflow::error::Kind;
use dataflow::query::count;
use dataflow::{DataFlow, Model, ModelEnum, Predicate, Repository};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::nodes::{bytes, call};
use crate::setup::Setup;

on_every_database! {
    a_list_of_each_type_comes_back_as_it_was
    lists_go_through_every_bulk
    a_list_is_found_by_its_items_typed_and_as_data
    lists_are_grouped_and_never_sorted_by
    what_is_no_list_is_refused_at_its_item
    lists_of_enums_go_through_every_verb
    lists_of_enums_are_found_by_their_items
    a_name_that_is_no_label_is_refused_at_its_item
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ModelEnum)]
#[model(type = "Mood's")]
enum Mood {
    Sad,
    Glad,
    #[model(rename = "it's {\"fair\"}, so")]
    Fair,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ModelEnum)]
enum Color {
    Red,
    Green,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Diary {
    #[model(primary_key, client_key)]
    id: i64,
    moods: Vec<Mood>,
    #[model(default = r#"["glad", "sad"]"#)]
    usual: Vec<Mood>,
    maybe: Option<Vec<Mood>>,
    colors: Vec<Color>,
    last: Mood,
}

fn diary(id: i64, moods: &[Mood]) -> Diary {
    Diary {
        id,
        moods: moods.to_vec(),
        usual: vec![Mood::Fair, Mood::Fair],
        maybe: (id % 2 == 0).then(Vec::new),
        colors: vec![Color::Green, Color::Red],
        last: Mood::Glad,
    }
}

async fn diaries(setup: &Setup) -> (DataFlow, Repository<Diary>) {
    let database = setup.builder().model::<Diary>().open().unwrap();
    let diaries = database.repository::<Diary>().unwrap();
    (database, diaries)
}

async fn lists_of_enums_go_through_every_verb(setup: Setup) {
    let (database, diaries) = diaries(&setup).await;
    let mut given = diary(1, &[Mood::Fair, Mood::Sad, Mood::Fair]);
    assert_eq!(diaries.create(&given).await.unwrap(), given);
    assert_eq!(diaries.read(&1).await.unwrap(), given);
    given.moods.clear();
    given.maybe = Some(vec![Mood::Glad]);
    assert_eq!(diaries.update(&given).await.unwrap(), given);
    assert_eq!(diaries.upsert(&given, Diary::ID).await.unwrap(), given);
    let input = json!({
        "id": 2, "moods": ["sad", "it's {\"fair\"}, so"], "maybe": null, "colors": ["red"], "last": "sad",
    });
    let created = call(&database, "diary_create", input.clone())
        .await
        .unwrap();
    let mut expected = input;
    expected["usual"] = json!(["glad", "sad"]);
    assert_eq!(created, expected);

    let given: Vec<Diary> = (10..310)
        .map(|id| diary(id, &[Mood::Sad, Mood::Fair]))
        .collect();
    let ids: Vec<i64> = given.iter().map(|diary| diary.id).collect();
    assert_eq!(diaries.bulk_create(&given).await.unwrap(), given);
    assert_eq!(diaries.bulk_update(&given).await.unwrap(), given);
    assert_eq!(diaries.bulk_upsert(&given, Diary::ID).await.unwrap(), given);
    assert_eq!(diaries.bulk_delete(&ids).await.unwrap(), 300);
    assert_eq!(diaries.bulk_load(&given).await.unwrap(), 300);
    assert_eq!(diaries.read(&309).await.unwrap(), given[299]);
    if !setup.is_sqlite() {
        let kinds = "SELECT pg_typeof(moods) || ' ' || pg_typeof(colors) FROM diaries LIMIT 1";
        assert_eq!(setup.sql(kinds).as_deref(), Some("\"Mood's\"[] text[]"));
    }
    // Opened again, nothing is different.
    drop(database);
    let builder = setup.builder().model::<Diary>().auto_migrate(false);
    builder.open().unwrap();
}

async fn lists_of_enums_are_found_by_their_items(setup: Setup) {
    let (database, diaries) = diaries(&setup).await;
    let rows = [
        diary(1, &[Mood::Sad, Mood::Glad]),
        diary(2, &[Mood::Glad, Mood::Glad]),
        diary(3, &[]),
        diary(4, &[Mood::Fair]),
    ];
    diaries.bulk_create(&rows).await.unwrap();
    let cases: Vec<(Predicate<Diary>, Json, &[i64])> = vec![
        (
            Diary::MOODS.contains_all([Mood::Glad]),
            json!({"moods": {"$contains": "glad"}}),
            &[1, 2],
        ),
        (
            Diary::MOODS.is_contained_in([Mood::Glad, Mood::Fair]),
            json!({"moods": {"$contained": ["glad", "it's {\"fair\"}, so"]}}),
            &[2, 3, 4],
        ),
        (
            Diary::MOODS.overlaps([Mood::Sad, Mood::Fair]),
            json!({"moods": {"$overlaps": ["sad", "it's {\"fair\"}, so"]}}),
            &[1, 4],
        ),
        (
            Diary::MOODS.is_empty(),
            json!({"moods": {"$empty": true}}),
            &[3],
        ),
        (
            Diary::MOODS.eq(vec![Mood::Fair]),
            json!({"moods": ["it's {\"fair\"}, so"]}),
            &[4],
        ),
        (
            Diary::COLORS.contains_all([Color::Red]),
            json!({"colors": {"$contains": "red"}}),
            &[1, 2, 3, 4],
        ),
        (Diary::MAYBE.is_null(), json!({"maybe": null}), &[1, 3]),
    ];
    for (typed, data, expected) in cases {
        let mut ids: Vec<i64> = diaries
            .list(typed)
            .await
            .unwrap()
            .rows
            .iter()
            .map(|it| it.id)
            .collect();
        ids.sort_unstable();
        assert_eq!(ids, expected, "{data}");
        let counted = call(&database, "diary_count", json!({ "filter": data })).await;
        assert_eq!(counted.unwrap(), json!({"count": expected.len()}), "{data}");
    }
}

async fn a_name_that_is_no_label_is_refused_at_its_item(setup: Setup) {
    let (database, _) = diaries(&setup).await;
    let input = json!({"id": 1, "moods": ["sad", "cheerful"], "colors": [], "last": "sad"});
    let error = call(&database, "diary_create", input).await.unwrap_err();
    let fault = &error.faults()[0];
    assert_eq!(fault.pointer, "/moods");
    assert!(
        fault
            .detail
            .starts_with("item 1: expected one of sad, glad"),
        "{fault:?}"
    );
    let filter = json!({"filter": {"moods": {"$contains": "cheerful"}}});
    let error = call(&database, "diary_list", filter).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "{error:?}");
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(index(tags, method = "gin"))]
struct Indexed {
    #[model(primary_key, client_key)]
    id: i64,
    tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Note {
    #[model(primary_key, client_key)]
    id: i64,
    value: Vec<String>,
    flags: Vec<bool>,
    small: Vec<i16>,
    medium: Vec<i32>,
    large: Vec<i64>,
    floats: Vec<f64>,
    links: Vec<Uuid>,
    maybe: Option<Vec<i32>>,
    #[model(default = r#"["a b", "", "c"]"#)]
    fallback: Vec<String>,
}

fn note(id: i64, tags: &[&str]) -> Note {
    Note {
        id,
        value: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        flags: vec![true, false],
        small: vec![i16::MIN, 7],
        medium: vec![],
        large: vec![i64::MAX, 9_007_199_254_740_993],
        floats: vec![0.1, -2.5e300, 3.0],
        links: vec![Uuid::from_u128(7)],
        maybe: (id % 2 == 0).then(|| vec![1, 2]),
        fallback: vec!["NULL".to_owned(), "{,}\\\"".to_owned()],
    }
}

async fn notes(setup: &Setup) -> (DataFlow, Repository<Note>) {
    let database = setup.builder().model::<Note>().open().unwrap();
    let notes = database.repository::<Note>().unwrap();
    (database, notes)
}

async fn a_list_of_each_type_comes_back_as_it_was(setup: Setup) {
    let (database, notes) = notes(&setup).await;
    let mut given = note(1, &["it's", "größe \"\\\" {}", ""]);
    assert_eq!(notes.create(&given).await.unwrap(), given);
    assert_eq!(notes.read(&1).await.unwrap(), given);
    given.value.clear();
    given.maybe = Some(Vec::new());
    assert_eq!(notes.update(&given).await.unwrap(), given);
    assert_eq!(notes.upsert(&given, Note::ID).await.unwrap(), given);
    let input = json!({
        "id": 2, "value": ["x"], "flags": [true], "small": [-1], "medium": [1], "large": [i64::MAX],
        "floats": [0.5], "links": ["00000000-0000-0000-0000-000000000007"], "maybe": null,
    });
    let created = call(&database, "note_create", input.clone()).await.unwrap();
    let mut expected = input;
    expected["fallback"] = json!(["a b", "", "c"]);
    assert_eq!(created, expected);
    let read: Json =
        serde_json::from_str(&bytes(&database, "note_read", json!({"id": 2})).await).unwrap();
    assert_eq!(read, expected);
}

async fn lists_go_through_every_bulk(setup: Setup) {
    let (_, notes) = notes(&setup).await;
    let given: Vec<Note> = (0..300).map(|id| note(id, &["a", "b\tc"])).collect();
    let ids: Vec<i64> = given.iter().map(|note| note.id).collect();
    assert_eq!(notes.bulk_create(&given).await.unwrap(), given);
    assert_eq!(notes.bulk_update(&given).await.unwrap(), given);
    assert_eq!(notes.bulk_upsert(&given, Note::ID).await.unwrap(), given);
    assert_eq!(notes.bulk_delete(&ids).await.unwrap(), 300);
    assert_eq!(notes.bulk_load(&given).await.unwrap(), 300);
    assert_eq!(notes.read(&299).await.unwrap(), given[299]);
}

async fn a_list_is_found_by_its_items_typed_and_as_data(setup: Setup) {
    let (database, notes) = notes(&setup).await;
    let rows = [
        note(1, &["a", "b"]),
        note(2, &["b", "b"]),
        note(3, &[]),
        note(4, &["c"]),
    ];
    notes.bulk_create(&rows).await.unwrap();
    let none: [&str; 0] = [];
    let cases: Vec<(Predicate<Note>, Json, &[i64])> = vec![
        (
            Note::VALUE.contains_all(["b"]),
            json!({"value": {"$contains": "b"}}),
            &[1, 2],
        ),
        (
            Note::VALUE.contains_all(["b", "a"]),
            json!({"value": {"$contains": ["b", "a"]}}),
            &[1],
        ),
        (
            Note::VALUE.contains_all(none),
            json!({"value": {"$contains": []}}),
            &[1, 2, 3, 4],
        ),
        (
            Note::VALUE.is_contained_in(["b", "c"]),
            json!({"value": {"$contained": ["b", "c"]}}),
            &[2, 3, 4],
        ),
        (
            Note::VALUE.overlaps(["a", "c"]),
            json!({"value": {"$overlaps": ["a", "c"]}}),
            &[1, 4],
        ),
        (
            Note::VALUE.is_empty(),
            json!({"value": {"$empty": true}}),
            &[3],
        ),
        (
            !Note::VALUE.is_empty(),
            json!({"value": {"$empty": false}}),
            &[1, 2, 4],
        ),
        (
            Note::VALUE.eq(vec!["c".to_owned()]),
            json!({"value": ["c"]}),
            &[4],
        ),
        (
            Note::VALUE.ne(vec!["c".to_owned()]),
            json!({"value": {"$ne": ["c"]}}),
            &[1, 2, 3],
        ),
        (
            Note::MAYBE.contains_all([1]),
            json!({"maybe": {"$contains": 1}}),
            &[2, 4],
        ),
        (
            Note::MAYBE.is_contained_in([1, 2, 3]),
            json!({"maybe": {"$contained": [1, 2, 3]}}),
            &[2, 4],
        ),
        (Note::MAYBE.is_null(), json!({"maybe": null}), &[1, 3]),
        (
            Note::LARGE.overlaps([9_007_199_254_740_993]),
            json!({"large": {"$overlaps": [9_007_199_254_740_993_i64]}}),
            &[1, 2, 3, 4],
        ),
        (
            Note::FLAGS.contains_all([false]),
            json!({"flags": {"$contains": false}}),
            &[1, 2, 3, 4],
        ),
        (
            Note::LINKS.contains_all([Uuid::from_u128(7)]),
            json!({"links": {"$contains": "00000000-0000-0000-0000-000000000007"}}),
            &[1, 2, 3, 4],
        ),
    ];
    for (typed, data, expected) in cases {
        let found = notes.list(typed).await.unwrap().rows;
        let ids: Vec<i64> = found.iter().map(|note| note.id).collect();
        assert_eq!(ids, expected, "{data}");
        let found = call(
            &database,
            "note_list",
            json!({"filter": data, "fields": ["id"]}),
        )
        .await;
        let expected: Vec<Json> = expected.iter().map(|id| json!({"id": id})).collect();
        assert_eq!(found.unwrap(), json!(expected), "{data}");
    }
}

async fn lists_are_grouped_and_never_sorted_by(setup: Setup) {
    let (database, notes) = notes(&setup).await;
    let rows = [note(1, &["a"]), note(2, &["a"]), note(3, &[])];
    notes.bulk_create(&rows).await.unwrap();
    let different = notes
        .query()
        .aggregate((count(), Note::VALUE.count_distinct()))
        .await;
    assert_eq!(different.unwrap(), (3, 2));
    for input in [
        json!({"order": ["value"]}),
        json!({"filter": {"value": {"$gt": ["a"]}}}),
    ] {
        let error = call(&database, "note_list", input.clone())
            .await
            .unwrap_err();
        assert!(
            matches!(error.kind(), Kind::Invalid | Kind::Malformed),
            "{input}: {error:?}"
        );
    }
}

async fn what_is_no_list_is_refused_at_its_item(setup: Setup) {
    let (database, notes) = notes(&setup).await;
    let base = json!({"id": 5, "value": [], "flags": [], "small": [], "medium": [], "large": [], "floats": [], "links": []});
    for (field, wrong) in [
        ("value", json!("a")),
        ("value", json!([null])),
        ("value", json!(["a", 1])),
        ("value", json!(["\u{0}"])),
        ("small", json!([70_000])),
        ("links", json!(["x"])),
        ("flags", json!({"a": 1})),
        ("medium", json!([[1]])),
    ] {
        let mut input = base.clone();
        input[field] = wrong;
        let error = call(&database, "note_create", input.clone())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid, "{input}");
        assert_eq!(error.faults()[0].pointer, format!("/{field}"), "{input}");
    }
    let mut infinite = note(6, &[]);
    infinite.floats = vec![f64::NAN];
    assert_eq!(
        notes.create(&infinite).await.unwrap_err().kind(),
        Kind::Invalid
    );
    for filter in [
        json!({"value": {"$like": "a"}}),
        json!({"id": {"$overlaps": [1]}}),
        json!({"value": {"$contains": 1}}),
    ] {
        let counted = call(&database, "note_count", json!({ "filter": filter })).await;
        assert_eq!(counted.unwrap_err().kind(), Kind::Invalid, "{filter}");
    }
}

#[tokio::test]
async fn a_list_has_an_index_of_its_items_on_postgres() {
    let setup = Setup::postgres();
    let database = setup.builder().model::<Indexed>().open().unwrap();
    let rows = database.repository::<Indexed>().unwrap();
    let given: Vec<Indexed> = (0..2000)
        .map(|id| Indexed {
            id,
            tags: vec![format!("t{id}"), "all".to_owned()],
        })
        .collect();
    rows.bulk_load(&given).await.unwrap();
    let found = rows.list(Indexed::TAGS.contains_all(["t7"])).await.unwrap();
    assert_eq!(found.rows, [given[7].clone()]);
}
