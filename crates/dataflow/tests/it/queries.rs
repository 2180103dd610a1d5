use dataflow::query::FilterOf;
use dataflow::{Filter, Model, Predicate, Repository};
use serde_json::{Value as Json, json};

use crate::setup::Setup;

on_every_database! {
    each_condition_lets_the_same_rows_through_typed_and_as_data
    a_condition_and_its_negation_share_every_row
    no_character_of_a_text_is_a_wildcard
    a_list_of_any_length_is_one_statement
    fields_of_a_row_are_compared_with_each_other
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Guest {
    #[model(primary_key, client_key)]
    name: String,
    age: Option<i32>,
    score: f64,
    city: Option<String>,
    /// A list of items has a column of this name too, on SQLite.
    #[model(column = "value")]
    notes: serde_json::Value,
}

fn guest(name: &str, age: Option<i32>, score: f64, city: Option<&str>, notes: Json) -> Guest {
    Guest {
        name: name.to_owned(),
        age,
        score,
        city: city.map(str::to_owned),
        notes,
    }
}

async fn guests(setup: &Setup) -> Repository<Guest> {
    let database = setup.builder().model::<Guest>().open().unwrap();
    let guests = database.repository::<Guest>().unwrap();
    let rows = [
        guest(
            "a",
            Some(17),
            0.5,
            Some("Rome"),
            json!({"size": 3, "tags": ["x", "y"]}),
        ),
        guest(
            "b",
            Some(18),
            1.5,
            Some("rome"),
            json!({"size": "3", "ok": true}),
        ),
        guest(
            "c",
            Some(40),
            2.5,
            Some("Oslo"),
            json!({"size": 4.5, "ok": false}),
        ),
        guest(
            "d",
            None,
            3.5,
            None,
            json!({"size": null, "ok": 1, "x.y": {"z": "deep"}}),
        ),
    ];
    guests.bulk_create(&rows).await.unwrap();
    guests
}

async fn names(guests: &Repository<Guest>, filter: impl FilterOf<Guest>) -> String {
    let page = guests.list(filter).await.unwrap();
    page.rows.into_iter().map(|guest| guest.name).collect()
}

fn parsed(filter: &Json) -> Filter {
    Filter::parse(
        &dataflow::SchemaSet::new(),
        Guest::schema(),
        filter.as_object().unwrap(),
    )
    .unwrap()
}

async fn each_condition_lets_the_same_rows_through_typed_and_as_data(setup: Setup) {
    let guests = guests(&setup).await;
    let size = || Guest::NOTES.at("size");
    let cases: Vec<(Predicate<Guest>, Json, &str)> = vec![
        (Guest::AGE.eq(18), json!({"age": 18}), "b"),
        (Guest::AGE.ne(18), json!({"age": {"$ne": 18}}), "acd"),
        (Guest::AGE.gt(18), json!({"age": {"$gt": 18}}), "c"),
        (Guest::AGE.gte(18), json!({"age": {"$gte": 18}}), "bc"),
        (Guest::AGE.lt(18), json!({"age": {"$lt": 18}}), "a"),
        (Guest::AGE.lte(18), json!({"age": {"$lte": 18}}), "ab"),
        (
            Guest::AGE.between(17, 18),
            json!({"age": {"$between": [17, 18]}}),
            "ab",
        ),
        (Guest::AGE.is_null(), json!({"age": null}), "d"),
        (
            Guest::AGE.is_not_null(),
            json!({"age": {"$null": false}}),
            "abc",
        ),
        (
            Guest::AGE.is_in([17, 40]),
            json!({"age": {"$in": [17, 40]}}),
            "ac",
        ),
        (
            Guest::AGE.is_not_in([17, 40]),
            json!({"age": {"$nin": [17, 40]}}),
            "bd",
        ),
        (Guest::AGE.is_in([0; 0]), json!({"age": {"$in": []}}), ""),
        (
            Guest::AGE.is_not_in([0; 0]),
            json!({"age": {"$nin": []}}),
            "abcd",
        ),
        (
            Guest::AGE.is_in([Some(17), None]),
            json!({"$or": [{"age": 17}, {"age": null}]}),
            "ad",
        ),
        (Guest::SCORE.gt(2.0), json!({"score": {"$gt": 2}}), "cd"),
        (
            Guest::CITY.like("R_m%"),
            json!({"city": {"$like": "R_m%"}}),
            "a",
        ),
        (
            Guest::CITY.ilike("r%"),
            json!({"city": {"$ilike": "r%"}}),
            "ab",
        ),
        (
            Guest::CITY.contains("om"),
            json!({"city": {"$contains": "om"}}),
            "ab",
        ),
        (
            Guest::CITY.contains("OM"),
            json!({"city": {"$contains": "OM"}}),
            "",
        ),
        (
            Guest::CITY.starts_with("r"),
            json!({"city": {"$starts_with": "r"}}),
            "b",
        ),
        (
            Guest::CITY.ends_with("lo"),
            json!({"city": {"$ends_with": "lo"}}),
            "c",
        ),
        (
            Guest::AGE.gte(18).and(Guest::CITY.eq("Oslo")),
            json!({"age": {"$gte": 18}, "city": "Oslo"}),
            "c",
        ),
        (
            Guest::AGE.eq(17).or(Guest::SCORE.gt(3.0)),
            json!({"$or": [{"age": 17}, {"score": {"$gt": 3}}]}),
            "ad",
        ),
        (
            !(Guest::AGE.gte(18).or(Guest::CITY.is_null())),
            json!({"$not": {"$or": [{"age": {"$gte": 18}}, {"city": null}]}}),
            "a",
        ),
        (
            !Guest::AGE.gt(18),
            json!({"age": {"$not": {"$gt": 18}}}),
            "abd",
        ),
        (size().eq(3), json!({"notes.size": 3}), "a"),
        (size().eq("3"), json!({"notes.size": "3"}), "b"),
        (size().eq(4.5), json!({"notes.size": 4.5}), "c"),
        (size().ne(3), json!({"notes.size": {"$ne": 3}}), "bcd"),
        (size().gt(3), json!({"notes.size": {"$gt": 3}}), "c"),
        (size().gte("3"), json!({"notes.size": {"$gte": "3"}}), "b"),
        (size().is_null(), json!({"notes.size": null}), "d"),
        (
            size().is_not_null(),
            json!({"notes.size": {"$ne": null}}),
            "abc",
        ),
        (
            size().like("3%"),
            json!({"notes.size": {"$like": "3%"}}),
            "b",
        ),
        (
            Guest::NOTES.at("ok").eq(true),
            json!({"notes.ok": true}),
            "b",
        ),
        (Guest::NOTES.at("ok").eq(1), json!({"notes.ok": 1}), "d"),
        (
            Guest::NOTES.at("ok").is_in([true]),
            json!({"notes.ok": {"$in": [true, "x"]}}),
            "b",
        ),
        (
            Guest::NOTES.at("ok").is_in([1]),
            json!({"notes.ok": {"$in": [1]}}),
            "d",
        ),
        (
            !Guest::NOTES.at("ok").is_in([1]),
            json!({"notes.ok": {"$nin": [1]}}),
            "abc",
        ),
        (
            Guest::NOTES.at("tags").at("1").eq("y"),
            json!({"notes.tags.1": "y"}),
            "a",
        ),
        (
            size().is_not_in([3]),
            json!({"notes.size": {"$nin": [3]}}),
            "bcd",
        ),
        (
            size().between(3, 4.5),
            json!({"notes.size": {"$between": [3, 4.5]}}),
            "ac",
        ),
        (
            size().ilike("3%"),
            json!({"notes.size": {"$ilike": "3%"}}),
            "b",
        ),
        (
            size().contains("3"),
            json!({"notes.size": {"$contains": "3"}}),
            "b",
        ),
        (
            size().starts_with("3"),
            json!({"notes.size": {"$starts_with": "3"}}),
            "b",
        ),
        (
            size().ends_with("4"),
            json!({"notes.size": {"$ends_with": "4"}}),
            "",
        ),
        (
            Guest::NOTES.contains_document(&json!({"tags": ["y"]})),
            json!({"notes": {"$contains": {"tags": ["y"]}}}),
            "a",
        ),
        (
            Guest::NOTES.contains_document(&json!({"size": 3.0})),
            json!({"notes": {"$contains": {"size": 3.0}}}),
            "a",
        ),
        (
            !Guest::NOTES.contains_document(&json!({"size": null})),
            json!({"notes": {"$not": {"$contains": {"size": null}}}}),
            "abc",
        ),
        (
            Guest::NOTES.contains_document(&json!({"x.y": {"z": "deep"}})),
            json!({"notes": {"$contains": {"x.y": {"z": "deep"}}}}),
            "d",
        ),
        (
            Guest::NOTES.contains_document(&json!([])),
            json!({"notes": {"$contains": []}}),
            "",
        ),
    ];
    for (typed, data, expected) in cases {
        assert_eq!(names(&guests, typed.clone()).await, expected, "{typed:?}");
        assert_eq!(names(&guests, parsed(&data)).await, expected, "{data}");
    }
    let odd = Guest::NOTES.at("x.y").at("z").eq("deep");
    assert_eq!(names(&guests, odd).await, "d");
    for member in ["\"", "\\", "a\"b"] {
        let missing = Guest::NOTES.at(member).is_null();
        assert_eq!(names(&guests, missing).await, "abcd", "{member}");
    }
}

async fn a_condition_and_its_negation_share_every_row(setup: Setup) {
    let guests = guests(&setup).await;
    for filter in [
        json!({"age": {"$gt": 18}}),
        json!({"city": {"$ilike": "r%"}}),
        json!({"age": {"$in": [17]}, "city": "Rome"}),
        json!({"$or": [{"age": 18}, {"city": "Oslo"}]}),
        json!({"notes.size": {"$gt": 3}}),
        json!({}),
    ] {
        let negated = json!({"$not": filter});
        let both = [
            names(&guests, parsed(&filter)).await,
            names(&guests, parsed(&negated)).await,
        ];
        let mut all: Vec<char> = both.concat().chars().collect();
        all.sort_unstable();
        assert_eq!(all, ['a', 'b', 'c', 'd'], "{filter}");
    }
}

async fn no_character_of_a_text_is_a_wildcard(setup: Setup) {
    let guests = guests(&setup).await;
    let odd = ["100%", "1000", "a_c", "abc", "a*c", "[x]", "x", "a\\c", "?"];
    let rows: Vec<Guest> = odd
        .iter()
        .map(|city| guest(&format!("odd {city}"), None, 0.0, Some(city), json!(null)))
        .collect();
    guests.bulk_create(&rows).await.unwrap();
    for city in odd {
        let holding = odd.iter().filter(|other| other.contains(city)).count() as u64;
        let found = guests.count(Guest::CITY.contains(city)).await.unwrap();
        // "x" stands in "[x]" too, and nothing here stands in a city of the others.
        assert_eq!(found, holding, "{city}");
        let escaped: String = city.chars().map(|letter| format!("\\{letter}")).collect();
        for pattern in [Guest::CITY.like(&escaped), Guest::CITY.ilike(&escaped)] {
            assert_eq!(guests.count(pattern).await.unwrap(), 1, "{city}");
        }
    }
}

async fn a_list_of_any_length_is_one_statement(setup: Setup) {
    let guests = guests(&setup).await;
    let many = Guest::AGE.is_in(0..20_000);
    assert_eq!(names(&guests, many).await, "abc");
    let few = Guest::NAME.is_in(["a", "nobody", "with\0nul"]);
    assert_eq!(names(&guests, few).await, "a");
}

async fn fields_of_a_row_are_compared_with_each_other(setup: Setup) {
    #[derive(Debug, Clone, PartialEq, Model)]
    struct Part {
        #[model(primary_key, client_key)]
        id: String,
        stock: i32,
        wanted: Option<i32>,
        label: String,
    }
    let database = setup.builder().model::<Part>().open().unwrap();
    let parts = database.repository::<Part>().unwrap();
    let part = |id: &str, stock, wanted| Part {
        id: id.to_owned(),
        stock,
        wanted,
        label: "b".to_owned(),
    };
    let rows = [
        part("a", 1, Some(2)),
        part("b", 2, Some(2)),
        part("c", 3, Some(2)),
        part("d", 4, None),
    ];
    parts.bulk_create(&rows).await.unwrap();
    let cases = [
        (Part::STOCK.eq_column(Part::WANTED), "$eq", "b"),
        (Part::STOCK.ne_column(Part::WANTED), "$ne", "acd"),
        (Part::STOCK.lt_column(Part::WANTED), "$lt", "a"),
        (Part::STOCK.lte_column(Part::WANTED), "$lte", "ab"),
        (Part::STOCK.gt_column(Part::WANTED), "$gt", "c"),
        (Part::STOCK.gte_column(Part::WANTED), "$gte", "bc"),
    ];
    let models = dataflow::SchemaSet::new();
    let parse = |filter: Json| Filter::parse(&models, Part::schema(), filter.as_object().unwrap());
    let ids = async |filter: Filter| -> String {
        let page = parts.list(filter).await.unwrap();
        page.rows.into_iter().map(|part| part.id).collect()
    };
    for (typed, operator, expected) in cases {
        assert_eq!(ids(typed.into_filter()).await, expected, "{operator}");
        let data = json!({"stock": {operator: {"$field": "wanted"}}});
        assert_eq!(ids(parse(data).unwrap()).await, expected, "{operator}");
    }
    let not_less = (!Part::STOCK.lt_column(Part::WANTED)).into_filter();
    assert_eq!(ids(not_less).await, "bcd");
    let own = Part::ID.gt_column(Part::LABEL).into_filter();
    assert_eq!(ids(own).await, "cd");

    let other = parse(json!({"stock": {"$lt": {"$field": "label"}}})).unwrap_err();
    assert_eq!(other.faults()[0].pointer, "/filter/stock/$lt/$field");
    let unknown = parse(json!({"stock": {"$lt": {"$field": "wantet"}}})).unwrap_err();
    assert_eq!(unknown.help(), Some("did you mean \"wanted\"?"));
}
