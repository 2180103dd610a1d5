use std::collections::HashSet;

use chrono::{DateTime, Utc};
use dataflow::error::Kind;
use dataflow::{Filter, Model, SchemaSet, Value};
use serde_json::json;

use crate::models::{Author, Book, Country};
use crate::setup::Setup;

on_every_database! {
    a_created_row_is_read_changed_and_deleted
    keys_and_stamps_are_made_whatever_the_struct_holds
    a_client_key_is_taken_from_the_struct
    a_list_comes_in_the_order_of_keys_page_by_page
    a_limit_may_be_of_any_size
    a_query_filters_by_equality_and_counts
    a_filter_compares_and_knows_null
    a_filter_of_another_model_is_refused
    an_upsert_creates_or_changes_and_keeps_the_key
    rows_are_created_changed_and_deleted_in_bulk
    a_refused_member_undoes_all_of_them
    v05_a_query_for_an_unknown_field_is_an_error
    v10_update_of_a_missing_row_says_so
    v16_two_dataflows_with_the_same_model_keep_apart
    v07_a_text_that_no_database_stores_is_refused
    e08_bulk_create_returns_the_inserted_rows
    e09_a_bulk_has_no_limit_of_parameters
    e11_reserved_words_and_odd_names_work
    e13_constraint_errors_are_typed_and_name_the_field
}

async fn a_created_row_is_read_changed_and_deleted(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let italy = Country::new("it", "Italy");

    assert_eq!(countries.create(&italy).await.unwrap(), italy);
    assert_eq!(countries.read(&italy.code).await.unwrap(), italy);
    let changed = Country::new("it", "Italia");
    assert_eq!(countries.update(&changed).await.unwrap(), changed);
    assert_eq!(countries.find(&italy.code).await.unwrap(), Some(changed));
    countries.delete(&italy.code).await.unwrap();
    assert_eq!(countries.find(&italy.code).await.unwrap(), None);
}

async fn keys_and_stamps_are_made_whatever_the_struct_holds(setup: Setup) {
    let database = setup.open();
    let authors = database.repository::<Author>().unwrap();
    let before = Utc::now();
    let ann = authors.create(&Author::new("ann")).await.unwrap();
    assert_eq!(ann.id.get_version_num(), 7);
    assert!((ann.created_at - before).num_seconds().abs() < 60);
    assert_eq!(ann.created_at, ann.updated_at);

    let mut wished = ann.clone();
    wished.created_at = DateTime::UNIX_EPOCH;
    wished.updated_at = DateTime::UNIX_EPOCH;
    wished.rank = 2;
    let changed = authors.update(&wished).await.unwrap();
    assert_eq!((changed.rank, changed.created_at), (2, ann.created_at));
    assert!(changed.updated_at > ann.updated_at);

    let books = database.repository::<Book>().unwrap();
    let mut book = Book::new("One");
    book.id = 700;
    assert_eq!(books.create(&book).await.unwrap().id, 1);
}

async fn a_client_key_is_taken_from_the_struct(setup: Setup) {
    #[derive(Debug, PartialEq, Model)]
    struct Ticket {
        #[model(primary_key, client_key)]
        id: i64,
    }
    let database = setup.builder().model::<Ticket>().open().unwrap();
    let tickets = database.repository::<Ticket>().unwrap();
    assert_eq!(tickets.create(&Ticket { id: 700 }).await.unwrap().id, 700);
    // A model of nothing but a key has nothing to change.
    assert_eq!(tickets.update(&Ticket { id: 700 }).await.unwrap().id, 700);
    let error = tickets.update(&Ticket { id: 1 }).await.unwrap_err();
    assert!(error.is_not_found());
}

async fn a_list_comes_in_the_order_of_keys_page_by_page(setup: Setup) {
    let database = setup.open();
    let books = database.repository::<Book>().unwrap();
    let rows: Vec<Book> = (0..5).map(|n| Book::new(&n.to_string())).collect();
    books.bulk_create(&rows).await.unwrap();

    let mut ids = Vec::new();
    let mut query = books.query().limit(2);
    let mut pages = 0;
    loop {
        let page = query.list().await.unwrap();
        ids.extend(page.rows.iter().map(|book| book.id));
        pages += 1;
        match page.next {
            Some(cursor) => query = books.query().limit(2).after(cursor),
            None => break,
        }
    }
    assert_eq!((ids, pages), (vec![1, 2, 3, 4, 5], 3));
    let whole = books.query().limit(5).list().await.unwrap();
    assert_eq!((whole.rows.len(), whole.next), (5, None));
    let error = books.query().after("x").list().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Malformed);
}

async fn a_limit_may_be_of_any_size(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    countries
        .create(&Country::new("it", "Italy"))
        .await
        .unwrap();
    for (limit, rows) in [(0, 0), (i64::MAX as usize, 1), (usize::MAX, 1)] {
        let page = countries.query().limit(limit).list().await.unwrap();
        assert_eq!((page.rows.len(), page.next), (rows, None), "{limit}");
    }
}

async fn a_query_filters_by_equality_and_counts(setup: Setup) {
    let database = setup.open();
    let authors = database.repository::<Author>().unwrap();
    let mut rows: Vec<Author> = ["a", "b", "c"].map(Author::new).into();
    rows[0].name = Some("Ann".to_owned());
    authors.bulk_create(&rows).await.unwrap();

    let named = || Author::NAME.eq("Ann");
    assert_eq!(authors.list(named()).await.unwrap().rows[0].email, "a");
    assert_eq!(authors.count(named()).await.unwrap(), 1);
    let nameless = || Author::NAME.eq(None);
    assert_eq!(authors.count(nameless()).await.unwrap(), 2);
    let both = nameless().and(Author::EMAIL.eq("b"));
    assert_eq!(authors.count(both).await.unwrap(), 1);
    assert_eq!(authors.count(Filter::all()).await.unwrap(), 3);

    let query = authors
        .query()
        .filter(nameless())
        .filter(Author::EMAIL.ne("b"));
    let first = query.first().await.unwrap();
    assert_eq!(first.unwrap().email, "c");
    let nobody = authors.query().filter(Author::EMAIL.eq("d"));
    assert_eq!(nobody.first().await.unwrap(), None);
}

async fn a_filter_compares_and_knows_null(setup: Setup) {
    let database = setup.open();
    let authors = database.repository::<Author>().unwrap();
    let mut rows: Vec<Author> = ["a", "b", "c"].map(Author::new).into();
    for (rank, row) in (1..).zip(&mut rows) {
        row.rank = rank;
    }
    rows[2].name = Some("Cy".to_owned());
    authors.bulk_create(&rows).await.unwrap();

    let cases = [
        (json!({"rank": {"$gt": 1}}), "bc"),
        (json!({"rank": {"$gte": 2, "$lt": 3}}), "b"),
        (json!({"rank": {"$lte": 2}}), "ab"),
        (json!({"rank": {"$ne": 2}}), "ac"),
        (json!({"rank": {"$in": [3, 1, 9]}}), "ac"),
        (json!({"email": {"$in": ["b"]}}), "b"),
        (json!({"name": {"$ne": "Cy"}}), "ab"),
        (json!({"name": {"$null": false}}), "c"),
        (
            json!({"created_at": {"$gt": "2020-01-01T00:00:00Z"}}),
            "abc",
        ),
    ];
    for (filter, expected) in cases {
        let parsed = Filter::parse(
            &dataflow::SchemaSet::new(),
            Author::schema(),
            filter.as_object().unwrap(),
        )
        .unwrap();
        let page = authors.list(parsed).await.unwrap();
        let found: String = page.rows.into_iter().map(|author| author.email).collect();
        assert_eq!(found, expected, "{filter}");
    }
}

/// A filter knows fields by their position, so the name of a country would pass for the title of a
/// book.
async fn a_filter_of_another_model_is_refused(setup: Setup) {
    let database = setup.open();
    let by_name = || {
        let name = Value::Text("Italy".to_owned());
        Filter::all()
            .and_equal(Country::schema(), "name", name)
            .unwrap()
    };
    let books = database.repository::<Book>().unwrap();
    books.create(&Book::new("Italy")).await.unwrap();
    let error = books.list(by_name()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Malformed, "{error:?}");
    let error = books.count(by_name()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Malformed, "{error:?}");
    let both = by_name().and_equal(Book::schema(), "title", Value::Null);
    assert_eq!(both.unwrap_err().kind(), Kind::Malformed);
}

async fn an_upsert_creates_or_changes_and_keeps_the_key(setup: Setup) {
    let database = setup.open();
    let authors = database.repository::<Author>().unwrap();
    let mut ann = Author::new("ann");
    let created = authors.upsert(&ann, Author::EMAIL).await.unwrap();
    ann.rank = 5;
    let changed = authors.upsert(&ann, Author::EMAIL).await.unwrap();
    assert_eq!((changed.id, changed.rank), (created.id, 5));
    assert_eq!(changed.created_at, created.created_at);
    assert!(changed.updated_at > created.updated_at);

    let rows = [ann.clone(), Author::new("bob")];
    let both = authors.bulk_upsert(&rows, Author::EMAIL).await.unwrap();
    assert_eq!((both[0].id, &*both[1].email), (created.id, "bob"));

    let error = authors.upsert(&ann, Author::RANK).await.unwrap_err();
    assert_eq!(error.faults()[0].pointer, "/conflict_on");
    assert!(error.to_string().contains("email"), "{error}");
}

async fn rows_are_created_changed_and_deleted_in_bulk(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let rows = [Country::new("it", "Italy"), Country::new("fr", "France")];
    assert_eq!(countries.bulk_create(&rows).await.unwrap(), rows);
    let renamed = [
        Country::new("fr", "La France"),
        Country::new("it", "Italia"),
    ];
    assert_eq!(countries.bulk_update(&renamed).await.unwrap(), renamed);
    let codes = ["it", "fr", "xx"].map(str::to_owned);
    assert_eq!(countries.bulk_delete(&codes).await.unwrap(), 2);
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);

    assert_eq!(countries.bulk_create(&[]).await.unwrap(), []);
    assert_eq!(countries.bulk_update(&[]).await.unwrap(), []);
    let none = countries.bulk_upsert(&[], Country::CODE).await.unwrap();
    assert!(none.is_empty());
    assert_eq!(countries.bulk_delete(&[]).await.unwrap(), 0);
}

async fn a_refused_member_undoes_all_of_them(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let rows = [Country::new("it", "Same"), Country::new("fr", "Same")];
    let error = countries.bulk_create(&rows).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unique);
    assert_eq!(error.faults()[0].pointer, "/1/name");
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);

    countries.create(&rows[0]).await.unwrap();
    let changes = [Country::new("it", "Italy"), Country::new("xx", "Nowhere")];
    let error = countries.bulk_update(&changes).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(error.to_string().starts_with("member 1"), "{error}");
    assert_eq!(error.faults()[0].pointer, "/1/code");
    assert_eq!(countries.read(&"it".to_owned()).await.unwrap().name, "Same");
}

/// What is typed does not compile (`compile_fail/columns.rs` of the derive); what is read says so.
async fn v05_a_query_for_an_unknown_field_is_an_error(_: Setup) {
    let unknown = json!({"emial": "a"});
    let error = Filter::parse(
        &dataflow::SchemaSet::new(),
        Author::schema(),
        unknown.as_object().unwrap(),
    )
    .unwrap_err();
    assert_eq!(error.kind(), Kind::Malformed);
    assert!(error.to_string().contains("emial"), "{error}");
    assert!(error.help().unwrap().contains("email"), "{error:?}");
}

async fn v10_update_of_a_missing_row_says_so(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let nowhere = Country::new("xx", "Nowhere");
    for error in [
        countries.update(&nowhere).await.unwrap_err(),
        countries.read(&nowhere.code).await.unwrap_err(),
        countries.delete(&nowhere.code).await.unwrap_err(),
        countries.bulk_update(&[nowhere]).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), Kind::NotFound, "{error}");
        assert!(error.to_string().contains("Country"), "{error}");
    }
    let count = countries.bulk_delete(&["xx".to_owned()]).await.unwrap();
    assert_eq!(count, 0);
}

async fn v16_two_dataflows_with_the_same_model_keep_apart(setup: Setup) {
    let other = if setup.is_sqlite() {
        Setup::sqlite()
    } else {
        Setup::postgres()
    };
    let (first, second) = (setup.open(), other.open());
    let italy = Country::new("it", "Italy");
    let countries = first.repository::<Country>().unwrap();
    countries.create(&italy).await.unwrap();
    let elsewhere = second.repository::<Country>().unwrap();
    assert_eq!(elsewhere.count(Filter::all()).await.unwrap(), 0);
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
}

async fn v07_a_text_that_no_database_stores_is_refused(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let error = countries.create(&Country::new("it", "a\0b")).await;
    assert_eq!(error.unwrap_err().kind(), Kind::Invalid);
}

async fn e08_bulk_create_returns_the_inserted_rows(setup: Setup) {
    let database = setup.open();
    let books = database.repository::<Book>().unwrap();
    books.create(&Book::new("already there")).await.unwrap();
    let rows = [Book::new("b"), Book::new("a")];
    let created = books.bulk_create(&rows).await.unwrap();
    let titles: Vec<&str> = created.iter().map(|book| &*book.title).collect();
    assert_eq!(titles, ["b", "a"]);
}

async fn e09_a_bulk_has_no_limit_of_parameters(setup: Setup) {
    let database = setup.open();
    let authors = database.repository::<Author>().unwrap();
    let rows: Vec<Author> = (0..12_000).map(|n| Author::new(&n.to_string())).collect();
    let created = authors.bulk_create(&rows).await.unwrap();
    let ids: HashSet<_> = created.iter().map(|author| author.id).collect();
    assert_eq!(ids.len(), rows.len());
    let ids: Vec<_> = ids.into_iter().collect();
    assert_eq!(authors.bulk_delete(&ids).await.unwrap(), 12_000);
}

async fn e11_reserved_words_and_odd_names_work(setup: Setup) {
    #[derive(Debug, Clone, PartialEq, Model)]
    #[model(table = "order")]
    struct Order {
        #[model(primary_key, column = "select")]
        id: i64,
        #[model(column = "größe \"XL\"")]
        size: String,
        #[model(index)]
        group: Option<bool>,
        #[model(column = "camelCase", unique)]
        camel: i16,
    }
    let models = SchemaSet::new().model::<Order>();
    let database = setup.builder().models(models).open().unwrap();
    let orders = database.repository::<Order>().unwrap();
    let order = Order {
        id: 1,
        size: "big".to_owned(),
        group: Some(true),
        camel: 7,
    };
    assert_eq!(orders.create(&order).await.unwrap(), order);
    assert_eq!(orders.upsert(&order, Order::CAMEL).await.unwrap(), order);
    let found = orders.list(Order::GROUP.eq(true)).await.unwrap();
    assert_eq!(found.rows, [order]);
}

async fn e13_constraint_errors_are_typed_and_name_the_field(setup: Setup) {
    let database = setup.open();
    let authors = database.repository::<Author>().unwrap();
    authors.create(&Author::new("ann")).await.unwrap();
    let error = authors.create(&Author::new("ann")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unique);
    assert_eq!(error.faults()[0].pointer, "/email", "{error:?}");
    assert!(!format!("{error:?}").contains("ann"), "{error:?}");

    let books = database.repository::<Book>().unwrap();
    let mut book = Book::new("One");
    book.country_code = Some("xx".to_owned());
    let error = books.create(&book).await.unwrap_err();
    assert_eq!(error.kind(), Kind::ForeignKey);
}
