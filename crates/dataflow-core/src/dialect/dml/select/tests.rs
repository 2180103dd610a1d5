#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::dialect::{Postgres, Sqlite, dml};
use crate::query::{Aggregate, Groups, IsNull, Link, Order, Start};
use crate::schema::{Model as _, SchemaSet};
use crate::value::Value;

#[derive(crate::Model)]
struct Track {
    #[model(primary_key)]
    id: i64,
    title: String,
    seconds: Option<i32>,
    price: rust_decimal::Decimal,
    tags: serde_json::Value,
}

fn filter(json: &Json) -> Filter {
    Filter::parse(
        &SchemaSet::new(),
        Track::schema(),
        json.as_object().unwrap(),
    )
    .unwrap()
}

/// What stands behind `WHERE` on both databases.
fn condition(json: &Json) -> String {
    let on = |dialect: &dyn Dialect| {
        let statement = count(Track::schema(), dialect, &filter(json)).unwrap();
        statement
            .sql()
            .replace(r#"SELECT count(*) FROM "tracks" WHERE "#, "")
    };
    format!("{}\n{}", on(&Postgres), on(&Sqlite))
}

/// A page of titles on both databases, after a row that has these values in the order.
fn page(order: &[&str], start: Start) -> String {
    let model = Track::schema();
    let order: Vec<Order> = order
        .iter()
        .map(|term| Order::parse(&SchemaSet::new(), model, term).unwrap())
        .collect();
    let listing = Listing::of_fields(model, &order, vec![1]).starting(start);
    let on = |dialect: &dyn Dialect| {
        let statement = list(model, dialect, &Filter::all(), &listing).unwrap();
        statement.sql().replace(" UNION ALL", "\n  UNION ALL")
    };
    format!("{}\n{}", on(&Postgres), on(&Sqlite))
}

fn groups(order: &[&str], start: Start) -> String {
    let model = Track::schema();
    let aggregates = ["count", "seconds.sum", "price.max", "price.count_distinct"];
    let aggregates: Vec<Aggregate> = aggregates
        .iter()
        .map(|name| Aggregate::parse(model, name).unwrap())
        .collect();
    let groups = Groups::of(model, vec![1], aggregates);
    let order: Vec<Order> = order
        .iter()
        .map(|term| groups.parse_order(&SchemaSet::new(), model, term).unwrap())
        .collect();
    let listing = Listing::of_rows(groups.rows(), &order).starting(start);
    let having = json!({"count": {"$gt": 2}});
    let having = having.as_object().unwrap();
    let having = Filter::parse(&SchemaSet::new(), groups.rows(), having).unwrap();
    let filter = filter(&json!({"id": {"$gt": 1}}));
    dml::groups(model, &Postgres, &filter, &groups, &having, &listing)
        .unwrap()
        .sql()
        .to_string()
}

#[test]
fn conditions_stand_inside_each_other() {
    assert_snapshot!(condition(&json!({"$or": [{"id": 1}, {"title": null, "id": {"$gt": 2}}]})), @r#"
    ("id" = $1 OR ("title" IS NULL AND "id" > $2))
    ("id" = ?1 OR ("title" IS NULL AND "id" > ?2))
    "#);
    assert_snapshot!(condition(&json!({"$not": {"$and": [{"id": 1}]}, "$or": []})), @r#"
    (("id" = $1)) IS NOT TRUE AND FALSE
    (("id" = ?1)) IS NOT TRUE AND FALSE
    "#);
    assert_snapshot!(condition(&json!({"title": {"$like": "a%", "$ilike": "b"}})), @r#"
    "title" LIKE $1 AND "title" ILIKE $2
    "title" GLOB ?1 AND "title" LIKE ?2 ESCAPE '\'
    "#);
    assert_snapshot!(condition(&json!({"id": {"$nin": [1]}, "price": {"$in": ["1"]}})), @r#"
    ("id" = ANY (ARRAY(SELECT item::bigint FROM jsonb_array_elements_text($1) AS items (item)))) IS NOT TRUE AND "price" = ANY (ARRAY(SELECT item::numeric FROM jsonb_array_elements_text($2) AS items (item)))
    ("id" IN (SELECT value FROM json_each(?1))) IS NOT TRUE AND CASE WHEN instr("price", '.') THEN rtrim(rtrim("price", '0'), '.') ELSE CAST("price" AS TEXT) END IN (SELECT CASE WHEN instr(value, '.') THEN rtrim(rtrim(value, '0'), '.') ELSE CAST(value AS TEXT) END FROM json_each(?2))
    "#);
}

#[test]
fn a_place_inside_a_document_is_compared_by_its_kind() {
    assert_snapshot!(condition(&json!({"tags.a.0": "x"})), @r#"
    (jsonb_typeof("tags" #> ARRAY(SELECT jsonb_array_elements_text($1))) = 'string' AND ("tags" #>> ARRAY(SELECT jsonb_array_elements_text($1))) = $2::text)
    (json_type("tags", ?1) = 'text' AND json_extract("tags", ?1) = ?2)
    "#);
    assert_snapshot!(condition(&json!({"tags.a": {"$gt": 1}})), @r#"
    (jsonb_typeof("tags" #> ARRAY(SELECT jsonb_array_elements_text($1))) = 'number' AND CASE jsonb_typeof("tags" #> ARRAY(SELECT jsonb_array_elements_text($1))) WHEN 'number' THEN ("tags" #>> ARRAY(SELECT jsonb_array_elements_text($1)))::numeric END > $2::bigint)
    (json_type("tags", ?1) IN ('integer', 'real') AND json_extract("tags", ?1) > ?2)
    "#);
    assert_snapshot!(condition(&json!({"tags.a": {"$ne": true}})), @r#"
    ("tags" @> $1) IS NOT TRUE
    (json_type("tags", ?1) IN ('true', 'false') AND json_extract("tags", ?1) = ?2) IS NOT TRUE
    "#);
    assert_snapshot!(condition(&json!({"tags.a.b": "x"})), @r#"
    "tags" @> $1
    (json_type("tags", ?1) = 'text' AND json_extract("tags", ?1) = ?2)
    "#);
    assert_snapshot!(condition(&json!({"tags.a.-1": {"$ne": true}})), @r#"
    (jsonb_typeof("tags" #> ARRAY(SELECT jsonb_array_elements_text($1))) = 'boolean' AND CASE jsonb_typeof("tags" #> ARRAY(SELECT jsonb_array_elements_text($1))) WHEN 'boolean' THEN ("tags" #>> ARRAY(SELECT jsonb_array_elements_text($1)))::boolean END = $2::boolean) IS NOT TRUE
    (json_type("tags", ?1) IN ('true', 'false') AND json_extract("tags", ?1) = ?2) IS NOT TRUE
    "#);
    assert_snapshot!(condition(&json!({"tags": {"$contains": {"a": [1]}}})), @r#"
    "tags" @> $1
    dataflow_contains_document("tags", ?1)
    "#);
    assert_snapshot!(condition(&json!({"tags.a": {"$in": [1]}})), @r#"
    "tags" #> ARRAY(SELECT jsonb_array_elements_text($1)) = ANY (ARRAY(SELECT jsonb_array_elements($2)))
    (json_extract("tags", ?1), json_type("tags", ?1) IN ('true', 'false')) IN (SELECT atom, type IN ('true', 'false') FROM json_each(?2))
    "#);
    assert_snapshot!(condition(&json!({"tags.a": null})), @r#"
    ("tags" #>> ARRAY(SELECT jsonb_array_elements_text($1))) IS NULL
    json_extract("tags", ?1) IS NULL
    "#);
}

#[test]
fn a_page_begins_with_a_range_of_the_order() {
    let after = |nulls: &[IsNull]| Start::After(nulls.to_vec());
    use IsNull::{No, Yes};
    assert_snapshot!(page(&[], Start::Beginning), @r#"
    SELECT "title", "id" FROM "tracks" ORDER BY "id" LIMIT $1
    SELECT "title", "id" FROM "tracks" ORDER BY "id" LIMIT ?1
    "#);
    assert_snapshot!(page(&[], Start::Offset), @r#"
    SELECT "title", "id" FROM "tracks" ORDER BY "id" LIMIT $1 OFFSET $2
    SELECT "title", "id" FROM "tracks" ORDER BY "id" LIMIT ?1 OFFSET ?2
    "#);
    assert_snapshot!(page(&["title"], after(&[No, No])), @r#"
    SELECT "title", "id" FROM "tracks" WHERE ("title", "id") > ($1, $2) ORDER BY "title", "id" LIMIT $3
    SELECT "title", "id" FROM "tracks" WHERE ("title", "id") > (?1, ?2) ORDER BY "title", "id" LIMIT ?3
    "#);
    assert_snapshot!(page(&["title.desc", "id.desc"], after(&[No, No])), @r#"
    SELECT "title", "id" FROM "tracks" WHERE ("title", "id") < ($1, $2) ORDER BY "title" DESC, "id" DESC LIMIT $3
    SELECT "title", "id" FROM "tracks" WHERE ("title", "id") < (?1, ?2) ORDER BY "title" DESC, "id" DESC LIMIT ?3
    "#);
    assert_snapshot!(page(&["title.desc"], after(&[No, No])), @r#"
    SELECT "title", "id" FROM (SELECT * FROM (SELECT * FROM "tracks" WHERE "title" = $1 AND "id" > $2 ORDER BY "title" DESC, "id" LIMIT $3) AS range_0
      UNION ALL SELECT * FROM (SELECT * FROM "tracks" WHERE "title" < $1 ORDER BY "title" DESC, "id" LIMIT $3) AS range_1) AS "tracks" ORDER BY "title" DESC, "id" LIMIT $3
    SELECT "title", "id" FROM (SELECT * FROM (SELECT * FROM "tracks" WHERE "title" = ?1 AND "id" > ?2 ORDER BY "title" DESC, "id" LIMIT ?3) AS range_0
      UNION ALL SELECT * FROM (SELECT * FROM "tracks" WHERE "title" < ?1 ORDER BY "title" DESC, "id" LIMIT ?3) AS range_1) AS "tracks" ORDER BY "title" DESC, "id" LIMIT ?3
    "#);
    assert_snapshot!(page(&["seconds"], after(&[No, No])), @r#"
    SELECT "title", "seconds", "id" FROM (SELECT * FROM (SELECT * FROM "tracks" WHERE "seconds" = $1 AND "id" > $2 ORDER BY "seconds", "id" LIMIT $3) AS range_0
      UNION ALL SELECT * FROM (SELECT * FROM "tracks" WHERE "seconds" > $1 ORDER BY "seconds", "id" LIMIT $3) AS range_1
      UNION ALL SELECT * FROM (SELECT * FROM "tracks" WHERE "seconds" IS NULL ORDER BY "seconds", "id" LIMIT $3) AS range_2) AS "tracks" ORDER BY "seconds", "id" LIMIT $3
    SELECT "title", "seconds", "id" FROM (SELECT * FROM (SELECT * FROM "tracks" WHERE "seconds" = ?1 AND "id" > ?2 ORDER BY "seconds" NULLS LAST, "id" LIMIT ?3) AS range_0
      UNION ALL SELECT * FROM (SELECT * FROM "tracks" WHERE "seconds" > ?1 ORDER BY "seconds" NULLS LAST, "id" LIMIT ?3) AS range_1
      UNION ALL SELECT * FROM (SELECT * FROM "tracks" WHERE "seconds" IS NULL ORDER BY "seconds" NULLS LAST, "id" LIMIT ?3) AS range_2) AS "tracks" ORDER BY "seconds" NULLS LAST, "id" LIMIT ?3
    "#);
    assert_snapshot!(page(&["seconds"], after(&[Yes, No])), @r#"
    SELECT "title", "seconds", "id" FROM "tracks" WHERE "seconds" IS NULL AND "id" > $1 ORDER BY "seconds", "id" LIMIT $2
    SELECT "title", "seconds", "id" FROM "tracks" WHERE "seconds" IS NULL AND "id" > ?1 ORDER BY "seconds" NULLS LAST, "id" LIMIT ?2
    "#);
    assert_snapshot!(page(&["seconds.desc"], after(&[Yes, No])), @r#"
    SELECT "title", "seconds", "id" FROM (SELECT * FROM (SELECT * FROM "tracks" WHERE "seconds" IS NULL AND "id" > $1 ORDER BY "seconds" DESC, "id" LIMIT $2) AS range_0
      UNION ALL SELECT * FROM (SELECT * FROM "tracks" WHERE "seconds" IS NOT NULL ORDER BY "seconds" DESC, "id" LIMIT $2) AS range_1) AS "tracks" ORDER BY "seconds" DESC, "id" LIMIT $2
    SELECT "title", "seconds", "id" FROM (SELECT * FROM (SELECT * FROM "tracks" WHERE "seconds" IS NULL AND "id" > ?1 ORDER BY "seconds" DESC NULLS FIRST, "id" LIMIT ?2) AS range_0
      UNION ALL SELECT * FROM (SELECT * FROM "tracks" WHERE "seconds" IS NOT NULL ORDER BY "seconds" DESC NULLS FIRST, "id" LIMIT ?2) AS range_1) AS "tracks" ORDER BY "seconds" DESC NULLS FIRST, "id" LIMIT ?2
    "#);
}

#[test]
fn groups_are_the_rows_of_a_page() {
    assert_snapshot!(groups(&["title.desc"], Start::Beginning), @r#"
    SELECT "title", "=0", "=1", "=2"::text, "=3" FROM (SELECT "title", count(*) AS "=0", sum("seconds")::bigint AS "=1", max("price")::numeric AS "=2", count(DISTINCT "price") AS "=3" FROM "tracks" WHERE "id" > $1 GROUP BY "title") AS "tracks" WHERE "=0" > $2 ORDER BY "title" DESC LIMIT $3
    "#);
    assert_snapshot!(groups(&["count.desc"], Start::Beginning), @r#"
    SELECT "title", "=0", "=1", "=2"::text, "=3" FROM (SELECT "title", count(*) AS "=0", sum("seconds")::bigint AS "=1", max("price")::numeric AS "=2", count(DISTINCT "price") AS "=3" FROM "tracks" WHERE "id" > $1 GROUP BY "title") AS "tracks" WHERE "=0" > $2 ORDER BY "=0" DESC, "title" LIMIT $3
    "#);
    assert_snapshot!(groups(&[], Start::After(vec![IsNull::No])), @r#"
    SELECT "title", "=0", "=1", "=2"::text, "=3" FROM (SELECT "title", count(*) AS "=0", sum("seconds")::bigint AS "=1", max("price")::numeric AS "=2", count(DISTINCT "price") AS "=3" FROM "tracks" WHERE "id" > $1 GROUP BY "title") AS "tracks" WHERE "=0" > $2 AND "title" > $3 ORDER BY "title" LIMIT $4
    "#);
}

#[test]
fn totals_are_one_row() {
    let model = Track::schema();
    let aggregates = ["count", "seconds.avg", "price.sum"];
    let aggregates: Vec<Aggregate> = aggregates
        .iter()
        .map(|name| Aggregate::parse(model, name).unwrap())
        .collect();
    let filter = filter(&json!({"id": 1}));
    let statement = dml::aggregate(model, &Postgres, &filter, &aggregates).unwrap();
    assert_snapshot!(statement.sql(), @r#"
    SELECT "=0", "=1", "=2"::text FROM (SELECT count(*) AS "=0", avg("seconds")::double precision AS "=1", sum("price")::numeric AS "=2" FROM "tracks" WHERE "id" = $1) AS "tracks"
    "#);
    let refused = dml::aggregate(model, &Sqlite, &filter, &aggregates).unwrap_err();
    assert_eq!(refused.kind(), Kind::Unsupported);
}

fn any_filter() -> impl Strategy<Value = Json> {
    let test = prop_oneof![
        any::<i64>().prop_map(|id| json!({ "id": id })),
        any::<i32>().prop_map(|seconds| json!({"seconds": {"$gte": seconds, "$ne": null}})),
        ".{0,4}".prop_map(|title| json!({"title": {"$contains": title.replace('\0', "")}})),
        prop::collection::vec(any::<i64>(), 0..4).prop_map(|ids| json!({"id": {"$nin": ids}})),
        any::<bool>().prop_map(|flag| json!({"tags.a.b": {"$eq": flag, "$in": [flag, 1]}})),
        (any::<i32>(), any::<i32>())
            .prop_map(|(least, most)| json!({"seconds": {"$between": [least, most]}})),
    ];
    test.prop_recursive(4, 24, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..3);
        prop_oneof![
            list.clone().prop_map(|list| json!({ "$or": list })),
            list.prop_map(|list| json!({ "$and": list })),
            inner.prop_map(|inner| json!({ "$not": inner })),
        ]
    })
}

proptest! {
    /// However conditions stand inside each other, values and parameters are of one order.
    #[test]
    fn every_parameter_has_its_value(json in any_filter()) {
        for dialect in [&Postgres as &dyn Dialect, &Sqlite] {
            let filter = filter(&json);
            let listing = Listing::of_rows(Track::schema(), &[])
                .starting(Start::After(vec![IsNull::No]));
            let statement = list(Track::schema(), dialect, &filter, &listing).unwrap();
            let mut values = filter.into_values(dialect);
            values.extend([Value::Integer(7), Value::Integer(10)]);
            prop_assert!(statement.accepts(&values).is_ok(), "{}", statement.sql());
        }
    }
}

#[derive(crate::Model)]
#[model(has_many(plays = Play.album_id, singles = Album.whole_id))]
#[model(many_to_many(singers = Singer, through = Play(album_id, singer_id)))]
struct Album {
    #[model(primary_key)]
    id: i64,
    #[model(belongs_to = Album)]
    whole_id: Option<i64>,
}

#[derive(crate::Model)]
struct Play {
    #[model(primary_key)]
    id: i64,
    #[model(belongs_to = Album)]
    album_id: i64,
    #[model(belongs_to = Singer)]
    singer_id: i64,
}

#[derive(crate::Model)]
struct Singer {
    #[model(primary_key)]
    id: i64,
    name: String,
}

fn albums() -> SchemaSet {
    SchemaSet::new()
        .model::<Album>()
        .model::<Play>()
        .model::<Singer>()
}

fn on_both(write: impl Fn(&dyn Dialect) -> Statement) -> String {
    let texts =
        [&Postgres as &dyn Dialect, &Sqlite].map(|dialect| write(dialect).sql().to_string());
    texts.join("\n")
}

fn album_filter(json: &Json) -> Filter {
    Filter::parse(&albums(), Album::schema(), json.as_object().unwrap()).unwrap()
}

#[test]
fn a_condition_on_other_rows_is_a_subquery() {
    let condition = |json: Json| {
        let filter = album_filter(&json);
        on_both(|dialect| count(Album::schema(), dialect, &filter).unwrap())
            .replace(r#"SELECT count(*) FROM "albums" WHERE "#, "")
    };
    assert_snapshot!(condition(json!({"whole.whole.id": 7})), @r#"
    EXISTS (SELECT 1 FROM "albums" AS "=1" WHERE "=1"."id" = "albums"."whole_id" AND EXISTS (SELECT 1 FROM "albums" AS "=2" WHERE "=2"."id" = "=1"."whole_id" AND "id" = $1))
    EXISTS (SELECT 1 FROM "albums" AS "=1" WHERE "=1"."id" = "albums"."whole_id" AND EXISTS (SELECT 1 FROM "albums" AS "=2" WHERE "=2"."id" = "=1"."whole_id" AND "id" = ?1))
    "#);
    assert_snapshot!(condition(json!({"plays": {"$every": {"singer.name": "a"}}})), @r#"
    NOT EXISTS (SELECT 1 FROM "plays" AS "=1" WHERE "=1"."album_id" = "albums"."id" AND (EXISTS (SELECT 1 FROM "singers" AS "=2" WHERE "=2"."id" = "=1"."singer_id" AND "name" = $1)) IS NOT TRUE)
    NOT EXISTS (SELECT 1 FROM "plays" AS "=1" WHERE "=1"."album_id" = "albums"."id" AND (EXISTS (SELECT 1 FROM "singers" AS "=2" WHERE "=2"."id" = "=1"."singer_id" AND "name" = ?1)) IS NOT TRUE)
    "#);
    assert_snapshot!(condition(json!({"singers": {"$none": {"name": "a"}, "$some": {}}})), @r#"
    NOT EXISTS (SELECT 1 FROM "plays" AS "=1" WHERE "=1"."album_id" = "albums"."id" AND EXISTS (SELECT 1 FROM "singers" AS "=2" WHERE "=2"."id" = "=1"."singer_id" AND "name" = $1)) AND EXISTS (SELECT 1 FROM "plays" AS "=1" WHERE "=1"."album_id" = "albums"."id" AND EXISTS (SELECT 1 FROM "singers" AS "=2" WHERE "=2"."id" = "=1"."singer_id"))
    NOT EXISTS (SELECT 1 FROM "plays" AS "=1" WHERE "=1"."album_id" = "albums"."id" AND EXISTS (SELECT 1 FROM "singers" AS "=2" WHERE "=2"."id" = "=1"."singer_id" AND "name" = ?1)) AND EXISTS (SELECT 1 FROM "plays" AS "=1" WHERE "=1"."album_id" = "albums"."id" AND EXISTS (SELECT 1 FROM "singers" AS "=2" WHERE "=2"."id" = "=1"."singer_id"))
    "#);
}

#[test]
fn an_order_by_another_row_is_a_join_under_the_name_of_the_table() {
    let (models, model) = (albums(), Play::schema());
    let order = ["album.whole.id.desc", "singer.name"];
    let order: Vec<Order> = order
        .iter()
        .map(|term| Order::parse(&models, model, term).unwrap())
        .collect();
    let listing = Listing::of_fields(model, &order, vec![0]);
    assert_snapshot!(on_both(|dialect| list(model, dialect, &Filter::all(), &listing).unwrap()), @r#"
    SELECT "id", "=album.whole.id", "=singer.name" FROM (SELECT "plays".*, "=2"."id" AS "=album.whole.id", "=3"."name" AS "=singer.name" FROM "plays" LEFT JOIN "albums" AS "=1" ON "=1"."id" = "plays"."album_id" LEFT JOIN "albums" AS "=2" ON "=2"."id" = "=1"."whole_id" LEFT JOIN "singers" AS "=3" ON "=3"."id" = "plays"."singer_id") AS "plays" ORDER BY "=album.whole.id" DESC, "=singer.name", "id" LIMIT $1
    SELECT "id", "=album.whole.id", "=singer.name" FROM (SELECT "plays".*, "=2"."id" AS "=album.whole.id", "=3"."name" AS "=singer.name" FROM "plays" LEFT JOIN "albums" AS "=1" ON "=1"."id" = "plays"."album_id" LEFT JOIN "albums" AS "=2" ON "=2"."id" = "=1"."whole_id" LEFT JOIN "singers" AS "=3" ON "=3"."id" = "plays"."singer_id") AS "plays" ORDER BY "=album.whole.id" DESC NULLS FIRST, "=singer.name", "id" LIMIT ?1
    "#);
}

#[test]
fn rows_that_relations_lead_to_are_read_by_one_list_of_keys() {
    let (models, model) = (albums(), Album::schema());
    let related = |name: &str, order: &[&str], is_limited| {
        let link = Link::find(&models, model, name).unwrap();
        let order: Vec<Order> = order
            .iter()
            .map(|term| Order::parse(&models, link.target(), term).unwrap())
            .collect();
        let listing = Listing::of_fields(link.target(), &order, vec![0]);
        let reading = dml::Reading {
            listing,
            is_limited,
        };
        on_both(|dialect| {
            dml::related(
                &link,
                dml::Reach::default(),
                dialect,
                &Filter::all(),
                &reading,
            )
            .unwrap()
        })
    };
    assert_snapshot!(related("whole", &[], false), @r#"
    SELECT "id", "=owner" FROM (SELECT "albums".*, "albums"."id" AS "=owner" FROM "albums" WHERE "albums"."id" = ANY (ARRAY(SELECT item::bigint FROM jsonb_array_elements_text($1) AS items (item)))) AS "albums" ORDER BY "id" LIMIT $2
    SELECT "id", "=owner" FROM (SELECT "albums".*, "albums"."id" AS "=owner" FROM "albums" WHERE "albums"."id" IN (SELECT value FROM json_each(?1))) AS "albums" ORDER BY "id" LIMIT ?2
    "#);
    assert_snapshot!(related("plays", &["singer.name"], true), @r#"
    SELECT "id", "=singer.name", "=owner" FROM (SELECT *, row_number() OVER (PARTITION BY "=owner" ORDER BY "=singer.name", "id") AS "=place" FROM (SELECT "plays".*, "plays"."album_id" AS "=owner" FROM (SELECT "plays".*, "=1"."name" AS "=singer.name" FROM "plays" LEFT JOIN "singers" AS "=1" ON "=1"."id" = "plays"."singer_id") AS "plays" WHERE "plays"."album_id" = ANY (ARRAY(SELECT item::bigint FROM jsonb_array_elements_text($1) AS items (item)))) AS "plays") AS "plays" WHERE "=place" <= $2 ORDER BY "=singer.name", "id" LIMIT $3
    SELECT "id", "=singer.name", "=owner" FROM (SELECT *, row_number() OVER (PARTITION BY "=owner" ORDER BY "=singer.name", "id") AS "=place" FROM (SELECT "plays".*, "plays"."album_id" AS "=owner" FROM (SELECT "plays".*, "=1"."name" AS "=singer.name" FROM "plays" LEFT JOIN "singers" AS "=1" ON "=1"."id" = "plays"."singer_id") AS "plays" WHERE "plays"."album_id" IN (SELECT value FROM json_each(?1))) AS "plays") AS "plays" WHERE "=place" <= ?2 ORDER BY "=singer.name", "id" LIMIT ?3
    "#);
    assert_snapshot!(related("singers", &["name.desc"], false), @r#"
    SELECT "id", "name", "=owner" FROM (SELECT "singers".*, "=between"."album_id" AS "=owner" FROM "singers" JOIN "plays" AS "=between" ON "=between"."singer_id" = "singers"."id" WHERE "=between"."album_id" = ANY (ARRAY(SELECT item::bigint FROM jsonb_array_elements_text($1) AS items (item)))) AS "singers" ORDER BY "name" DESC, "id" LIMIT $2
    SELECT "id", "name", "=owner" FROM (SELECT "singers".*, "=between"."album_id" AS "=owner" FROM "singers" JOIN "plays" AS "=between" ON "=between"."singer_id" = "singers"."id" WHERE "=between"."album_id" IN (SELECT value FROM json_each(?1))) AS "singers" ORDER BY "name" DESC, "id" LIMIT ?2
    "#);
}
