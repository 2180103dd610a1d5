use dataflow::error::Kind;
use dataflow::query::count;
use dataflow::{DataFlow, Model, ModelEnum, Repository};
use serde_json::{Value as Json, json};

use crate::nodes::{call, page};
use crate::setup::Setup;

on_every_database! {
    an_enum_with_a_type_is_written_and_read_by_every_verb
    an_enum_with_a_type_is_found_by_every_operator
    rows_are_sorted_by_the_place_of_their_label
    groups_and_distinct_rows_are_of_labels
    rows_are_related_and_sorted_through_a_typed_enum
    a_name_that_is_no_label_is_refused_at_its_field
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ModelEnum)]
#[model(type = "Mood of a day")]
enum Mood {
    Sad,
    Glad,
    #[model(rename = "it's fair")]
    Fair,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(unique(mood, place))]
struct Day {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(index)]
    mood: Mood,
    evening: Option<Mood>,
    #[model(default = "it's fair")]
    morning: Mood,
    place: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Walk {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(belongs_to = Day)]
    day_id: i64,
}

const MOODS: [Mood; 3] = [Mood::Sad, Mood::Glad, Mood::Fair];

fn day(id: i64) -> Day {
    let mood = |at: i64| MOODS[usize::try_from(at % 3).unwrap()];
    Day {
        id,
        mood: mood(id),
        evening: (id % 2 == 0).then(|| mood(id + 1)),
        morning: mood(id / 3),
        place: format!("p{}", id / 3),
    }
}

async fn days(setup: &Setup) -> (DataFlow, Repository<Day>, Vec<Day>) {
    let builder = setup.builder().model::<Day>().model::<Walk>();
    let database = builder.open().unwrap();
    let days = database.repository::<Day>().unwrap();
    let rows: Vec<Day> = (0..12).map(day).collect();
    assert_eq!(days.bulk_create(&rows).await.unwrap(), rows);
    (database, days, rows)
}

async fn an_enum_with_a_type_is_written_and_read_by_every_verb(setup: Setup) {
    let (database, days, mut rows) = days(&setup).await;
    rows[0].mood = Mood::Fair;
    rows[0].evening = Some(Mood::Glad);
    rows[0].place = "elsewhere".to_owned();
    assert_eq!(days.update(&rows[0]).await.unwrap(), rows[0]);
    rows[0].morning = Mood::Sad;
    assert_eq!(days.upsert(&rows[0], Day::ID).await.unwrap(), rows[0]);
    for (number, row) in rows.iter_mut().enumerate() {
        row.evening = Some(MOODS[number % 3]);
    }
    assert_eq!(days.bulk_update(&rows).await.unwrap(), rows);
    let on = (Day::MOOD, Day::PLACE);
    assert_eq!(days.bulk_upsert(&rows, on).await.unwrap(), rows);
    assert_eq!(days.read(&0).await.unwrap(), rows[0]);
    let given = json!({"id": 99, "mood": "sad", "place": "x", "evening": null});
    let created = call(&database, "day_create", given).await.unwrap();
    assert_eq!(
        (&created["mood"], &created["morning"]),
        (&json!("sad"), &json!("it's fair"))
    );
    let changed = json!({"id": 99, "mood": "it's fair"});
    let changed = call(&database, "day_update", changed).await.unwrap();
    assert_eq!(changed["mood"], "it's fair");
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    assert_eq!(days.bulk_delete(&ids).await.unwrap(), 12);
    let many: Vec<Day> = (1000..1300)
        .map(|id| Day {
            place: id.to_string(),
            ..day(id)
        })
        .collect();
    assert_eq!(days.bulk_load(&many).await.unwrap(), 300);
    assert_eq!(days.read(&1299).await.unwrap(), many[299]);
}

async fn an_enum_with_a_type_is_found_by_every_operator(setup: Setup) {
    let (database, days, rows) = days(&setup).await;
    let among = |moods: &[Mood]| rows.iter().filter(|row| moods.contains(&row.mood)).count();
    let typed = [
        (Day::MOOD.eq(Mood::Glad), among(&[Mood::Glad])),
        (Day::MOOD.ne(Mood::Glad), among(&[Mood::Sad, Mood::Fair])),
        (
            Day::MOOD.is_in([Mood::Sad, Mood::Fair]),
            among(&[Mood::Sad, Mood::Fair]),
        ),
        (Day::EVENING.eq(None), 6),
        (
            !Day::MOOD.is_in([Mood::Sad]),
            among(&[Mood::Glad, Mood::Fair]),
        ),
    ];
    for (filter, expected) in typed {
        assert_eq!(
            days.count(filter).await.unwrap(),
            u64::try_from(expected).unwrap()
        );
    }
    let as_data = [
        (json!({"mood": "glad"}), 4),
        (json!({"mood": {"$ne": "glad"}}), 8),
        (json!({"mood": {"$in": ["glad", "sad"]}}), 8),
        (json!({"mood": {"$nin": ["glad", "sad"]}}), 4),
        (json!({"mood": {"$like": "%a%"}}), 12),
        (json!({"mood": {"$ilike": "S%"}}), 4),
        (json!({"mood": {"$contains": "'s f"}}), 4),
        (json!({"evening": {"$null": true}}), 6),
        (json!({"$or": [{"mood": "sad"}, {"evening": "sad"}]}), 6),
    ];
    for (filter, expected) in as_data {
        let counted = call(&database, "day_count", json!({"filter": filter})).await;
        assert_eq!(counted.unwrap(), json!({"count": expected}), "{filter}");
    }
}

async fn rows_are_sorted_by_the_place_of_their_label(setup: Setup) {
    let (database, days, _) = days(&setup).await;
    let of = |rows: &[Day]| -> Vec<&'static str> {
        let mut moods: Vec<_> = rows.iter().map(|row| row.mood.as_str()).collect();
        moods.dedup();
        moods
    };
    let query = || days.query().order_by(Day::MOOD.asc());
    let whole = query().limit(100).list().await.unwrap().rows;
    assert_eq!(of(&whole), ["sad", "glad", "it's fair"]);
    let (mut rows, mut cursor) = (Vec::new(), None);
    loop {
        let query = query().limit(5);
        let page = match cursor {
            None => query.list().await.unwrap(),
            Some(cursor) => query.after(cursor).list().await.unwrap(),
        };
        rows.extend(page.rows);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(rows, whole);
    let (mut ids, mut after) = (Vec::new(), Json::Null);
    loop {
        let mut input = json!({"order": ["evening.desc", "mood"], "limit": 5});
        if !after.is_null() {
            input["after"] = after;
        }
        let (rows, next) = page(&database, "day_list", input).await;
        ids.extend(rows.as_array().unwrap().iter().map(|row| row["id"].clone()));
        let Some(next) = next else { break };
        after = json!(next);
    }
    let all = json!({"order": ["evening.desc", "mood"], "limit": 100});
    let (all, _) = page(&database, "day_list", all).await;
    let all: Vec<Json> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].clone())
        .collect();
    assert_eq!(ids, all);
    let after_glad = json!({"filter": {"mood": {"$gt": "glad"}}});
    let counted = call(&database, "day_count", after_glad).await.unwrap();
    assert_eq!(counted, json!({"count": 4}));
}

async fn groups_and_distinct_rows_are_of_labels(setup: Setup) {
    let (_, days, _) = days(&setup).await;
    let query = || days.query().select(Day::MOOD).order_by(Day::MOOD.asc());
    let groups = query().groups(count()).await.unwrap().rows;
    assert_eq!(groups.len(), 3);
    assert!(groups.iter().all(|(_, count)| *count == 4), "{groups:?}");
    let distinct = query().distinct().list().await.unwrap().rows;
    assert_eq!(distinct.len(), 3);
    let different = days.query().aggregate(Day::EVENING.count_distinct()).await;
    assert_eq!(different.unwrap(), 3);
}

async fn rows_are_related_and_sorted_through_a_typed_enum(setup: Setup) {
    let (database, _, _) = days(&setup).await;
    let walks = database.repository::<Walk>().unwrap();
    let rows: Vec<Walk> = (0..12).map(|id| Walk { id, day_id: id }).collect();
    walks.bulk_create(&rows).await.unwrap();
    let input = json!({
        "filter": {"day.mood": {"$in": ["glad"]}}, "include": {"day": {}}, "order": ["day.evening.desc", "id"],
    });
    let (found, _) = page(&database, "walk_list", input).await;
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), 4);
    assert!(
        found.iter().all(|walk| walk["day"]["mood"] == "glad"),
        "{found:?}"
    );
}

async fn a_name_that_is_no_label_is_refused_at_its_field(setup: Setup) {
    let (database, _, _) = days(&setup).await;
    let inputs = [
        (
            "day_create",
            json!({"id": 50, "mood": "merry", "place": "x"}),
        ),
        ("day_update", json!({"id": 1, "mood": ""})),
        ("day_list", json!({"filter": {"mood": "merry"}})),
        (
            "day_list",
            json!({"filter": {"mood": {"$in": ["sad", "merry"]}}}),
        ),
        (
            "day_list",
            json!({"filter": {"mood": {"$gt": "merry\u{0}"}}}),
        ),
    ];
    for (node, input) in inputs {
        let error = call(&database, node, input.clone()).await.unwrap_err();
        let is_the_callers = matches!(error.kind(), Kind::Invalid | Kind::Malformed);
        assert!(is_the_callers, "{node} {input}: {error:?}");
    }
}
