mod contention;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use dataflow::error::Kind;
use dataflow::node::{Context, Form, Scope, Source};
use dataflow::{
    DataFlow, Filter, IfLocked, Isolation, Model, Repository, Result, TransactionOptions,
};
use serde_json::{Value as Json, json};

use crate::models::{Author, Book, Country};
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    what_was_done_takes_effect_with_the_commit
    what_is_rolled_back_or_dropped_takes_no_effect
    v03_rollback_undoes_every_verb
    v03_rollback_undoes_what_changes_some_fields_and_what_brings_rows_back
    v03_nodes_of_a_transaction_see_it_and_are_undone_with_it
    v04_transactions_work_on_every_database
    a_repository_that_lives_on_does_not_keep_a_dropped_transaction_open
    work_that_fails_is_undone
    work_that_another_transaction_is_in_the_way_of_is_done_again
    a_savepoint_is_undone_alone
    a_savepoint_that_is_dropped_is_undone
    the_transaction_around_an_open_savepoint_is_refused
    after_a_failure_only_rolling_back_is_left
    a_bulk_in_a_transaction_is_all_or_nothing_and_leaves_it_well
    a_missing_row_does_not_end_a_transaction
    nodes_with_a_scope_work_inside
    a_scope_of_another_database_is_refused
    a_read_only_transaction_does_not_write
    rows_that_are_read_for_update_lose_no_change
    several_workers_take_each_job_once
    rows_that_others_have_are_left_out_or_refused
    what_cannot_be_read_for_update_is_refused
    an_isolation_says_what_is_seen_of_others
    a_transaction_is_what_was_asked_for
    the_cache_is_passed_by_and_told_of_the_commit
    a_transaction_that_does_nothing_for_too_long_is_rolled_back
    a_transaction_can_be_made_in_a_task
}

fn italy() -> Country {
    Country::new("it", "Italy")
}

fn france() -> Country {
    Country::new("fr", "France")
}

async fn rows_that_are_read_for_update_lose_no_change(setup: Setup) {
    let database = setup.open();
    let authors = database.repository::<Author>().unwrap();
    let key = authors.create(&Author::new("a@b.org")).await.unwrap().id;
    let count = |database: DataFlow| async move {
        let counted = database.transaction(async |tx| {
            let inside = tx.repository::<Author>()?;
            let mut author = inside.read_for_update(&key).await?;
            author.rank += 1;
            inside.update(&author).await.map(drop)
        });
        counted.await
    };
    let counts: Vec<_> = (0..6)
        .map(|_| tokio::spawn(count(database.clone())))
        .collect();
    for counted in counts {
        counted.await.unwrap().unwrap();
    }
    assert_eq!(authors.read(&key).await.unwrap().rank, 7);
    let error = authors.read_for_update(&key).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported, "nothing would be kept");
}

async fn several_workers_take_each_job_once(setup: Setup) {
    let database = setup.library().connection_pool_size(6).open().unwrap();
    let jobs = database.repository::<Author>().unwrap();
    let rows: Vec<Author> = (0..30).map(|job| Author::new(&format!("{job}"))).collect();
    jobs.bulk_create(&rows).await.unwrap();
    let work = |database: DataFlow| async move {
        let mut done = Vec::new();
        loop {
            let next = database.transaction(async |tx| {
                let jobs = tx.repository::<Author>()?;
                let open = jobs.query().filter(Author::RANK.eq(1));
                let Some(job) = open.for_update(IfLocked::Skip).first().await? else {
                    return Ok(None);
                };
                // Whoever else looks meanwhile finds another.
                tokio::time::sleep(Duration::from_millis(2)).await;
                let changed = jobs.update_fields(&job.id, [Author::RANK.add(1)]);
                changed.await.map(|job| Some(job.email))
            });
            match next.await.unwrap() {
                Some(job) => done.push(job),
                None => return done,
            }
        }
    };
    let workers: Vec<_> = (0..5)
        .map(|_| tokio::spawn(work(database.clone())))
        .collect();
    let mut done = Vec::new();
    for worker in workers {
        done.extend(worker.await.unwrap());
    }
    done.sort_by_key(|job| job.parse::<usize>().unwrap());
    let all: Vec<String> = rows.into_iter().map(|job| job.email).collect();
    assert_eq!(done, all);
    let twice = jobs.count(Author::RANK.ne(2)).await.unwrap();
    assert_eq!(twice, 0, "each was done once");
}

async fn rows_that_others_have_are_left_out_or_refused(setup: Setup) {
    if setup.is_sqlite() {
        // No other transaction that writes is open beside one.
        return;
    }
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    countries.bulk_create(&[france(), italy()]).await.unwrap();
    let (one, other) = (
        database.begin().await.unwrap(),
        database.begin().await.unwrap(),
    );
    let mine = one.repository::<Country>().unwrap();
    let taken = mine
        .query()
        .limit(1)
        .for_update(IfLocked::Wait)
        .list()
        .await;
    assert_eq!(taken.unwrap(), [france()], "and no row more than that");

    let theirs = other.repository::<Country>().unwrap();
    let rest = theirs.query().for_update(IfLocked::Skip).list().await;
    assert_eq!(rest.unwrap(), [italy()]);
    let key = "fr".to_owned();
    let none = theirs.find_for_update(&key, IfLocked::Skip).await.unwrap();
    assert_eq!(none, None);
    let started = Instant::now();
    let refused = theirs
        .find_for_update(&key, IfLocked::Fail)
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), Kind::Timeout);
    assert!(
        refused.to_string().contains("another transaction"),
        "{refused}"
    );
    assert!(started.elapsed() < Duration::from_secs(1));
    drop(other);
    one.commit().await.unwrap();

    let last = database.begin().await.unwrap();
    let last = last.repository::<Country>().unwrap();
    let both = last.query().for_update(IfLocked::Fail).list().await;
    assert_eq!(both.unwrap().len(), 2);
}

async fn what_cannot_be_read_for_update_is_refused(setup: Setup) {
    let database = setup.open();
    let books = database.repository::<Book>().unwrap();
    let outside = books.query().for_update(IfLocked::Wait).first().await;
    assert_eq!(outside.unwrap_err().kind(), Kind::Unsupported);
    let reading = database.begin_with(TransactionOptions::new().read_only());
    let reading = reading.await.unwrap();
    let inside = reading.repository::<Book>().unwrap();
    let read_only = inside.query().for_update(IfLocked::Skip).list().await;
    assert_eq!(read_only.unwrap_err().kind(), Kind::Unsupported);
    drop(reading);
    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Book>().unwrap();
    for query in [
        inside.query().distinct().after("x"),
        inside.query().after("x"),
    ] {
        let refused = query.for_update(IfLocked::Wait).list().await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Unsupported, "{refused}");
    }
    let titles = inside.query().select(Book::TITLE).distinct();
    let refused = titles.for_update(IfLocked::Wait).list().await.unwrap_err();
    assert_eq!(refused.kind(), Kind::Unsupported, "{refused}");
    // Nothing was asked of the database, so the transaction goes on.
    let none = inside.query().order_by(Book::TITLE.desc()).offset(3);
    assert_eq!(none.for_update(IfLocked::Wait).list().await.unwrap(), []);
    tx.commit().await.unwrap();
}

async fn what_was_done_takes_effect_with_the_commit(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    inside.create(&italy()).await.unwrap();
    inside.bulk_create(&[france()]).await.unwrap();
    assert_eq!(
        inside.count(Filter::all()).await.unwrap(),
        2,
        "it sees its own"
    );
    assert_eq!(
        countries.count(Filter::all()).await.unwrap(),
        0,
        "others do not"
    );
    let mut book = Book::new("Il libro");
    book.country_code = Some("it".to_owned());
    tx.repository::<Book>()
        .unwrap()
        .create(&book)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 2);
    let error = inside.count(Filter::all()).await.unwrap_err();
    assert!(error.to_string().contains("committed"), "{error}");
    countries
        .create(&Country::new("es", "Spain"))
        .await
        .unwrap();
}

async fn what_is_rolled_back_or_dropped_takes_no_effect(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let tx = database.begin().await.unwrap();
    tx.repository::<Country>()
        .unwrap()
        .create(&italy())
        .await
        .unwrap();
    tx.roll_back().await.unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);

    let tx = database.begin().await.unwrap();
    tx.repository::<Country>()
        .unwrap()
        .create(&italy())
        .await
        .unwrap();
    drop(tx);
    countries.create(&italy()).await.unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
}

/// Every verb that writes, typed and as a node.
async fn v03_rollback_undoes_every_verb(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let before = [Country::new("es", "Spain"), france(), italy()];
    countries.bulk_create(&before).await.unwrap();

    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    let poland = Country::new("pl", "Poland");
    inside.create(&poland).await.unwrap();
    let renamed = Country::new("it", "Italia");
    inside.update(&renamed).await.unwrap();
    inside.upsert(&renamed, Country::CODE).await.unwrap();
    let norway = Country::new("no", "Norway");
    inside
        .create_or_update(&norway, &norway, Country::CODE)
        .await
        .unwrap();
    inside.delete(&"es".to_owned()).await.unwrap();
    inside
        .bulk_create(&[Country::new("at", "Austria")])
        .await
        .unwrap();
    inside
        .bulk_load(&[Country::new("pt", "Portugal")])
        .await
        .unwrap();
    inside.bulk_update(&[renamed]).await.unwrap();
    inside.bulk_upsert(&[poland], Country::CODE).await.unwrap();
    inside.bulk_delete(&["fr".to_owned()]).await.unwrap();
    let mut context = Context::new(Form::Value);
    context.scope = Some(tx.scope());
    for (node, input) in [
        ("country_create", json!({"code": "se", "name": "Sweden"})),
        ("country_update", json!({"code": "it", "name": "Italie"})),
        ("country_upsert", json!({"code": "se", "name": "Sverige"})),
        ("country_delete", json!({"code": "no"})),
        (
            "country_bulk_create",
            json!({"rows": [{"code": "fi", "name": "Finland"}]}),
        ),
        (
            "country_bulk_update",
            json!({"rows": [{"code": "fi", "name": "Suomi"}]}),
        ),
        (
            "country_bulk_upsert",
            json!({"rows": [{"code": "fi", "name": "Finland"}]}),
        ),
        ("country_bulk_delete", json!({"ids": ["at"]})),
    ] {
        let called = database.node(node).unwrap();
        let input = input.as_object().unwrap().clone();
        called
            .call(&context, input)
            .await
            .unwrap_or_else(|error| panic!("{node}: {error:?}"));
    }
    let during: Vec<String> = codes(&inside.list(Filter::all()).await.unwrap().rows);
    assert_eq!(during, ["fi", "it", "pl", "pt", "se"]);
    tx.roll_back().await.unwrap();
    let after = countries.list(Filter::all()).await.unwrap().rows;
    assert_eq!(after, before);
}

fn codes(countries: &[Country]) -> Vec<String> {
    countries
        .iter()
        .map(|country| country.code.clone())
        .collect()
}

/// A row that stays when it is deleted.
#[derive(Debug, Clone, PartialEq, Model)]
struct Draft {
    #[model(primary_key)]
    name: String,
    pages: i64,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

fn draft(name: &str) -> Draft {
    Draft {
        name: name.to_owned(),
        pages: 1,
        deleted_at: None,
    }
}

/// Drafts a and b, and c, which was deleted.
async fn drafts(setup: &Setup) -> (DataFlow, Repository<Draft>) {
    let database = setup.builder().model::<Draft>().open().unwrap();
    let drafts = database.repository::<Draft>().unwrap();
    drafts
        .bulk_create(&["a", "b", "c"].map(draft))
        .await
        .unwrap();
    drafts.delete(&"c".to_owned()).await.unwrap();
    (database, drafts)
}

/// Each that was not deleted, with its pages.
async fn in_words(drafts: &Repository<Draft>) -> String {
    let rows = drafts.list(Filter::all()).await.unwrap().rows;
    let words = rows.iter().map(|row| format!("{}{}", row.name, row.pages));
    words.collect::<Vec<_>>().join(" ")
}

async fn v03_rollback_undoes_what_changes_some_fields_and_what_brings_rows_back(setup: Setup) {
    let (database, outside) = drafts(&setup).await;
    let everything = async || outside.query().with_deleted().list().await.unwrap().rows;
    let before = everything().await;
    let [a, b, c] = ["a", "b", "c"].map(str::to_owned);
    let one_more = || [Draft::PAGES.add(1)];

    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Draft>().unwrap();
    let seen = async || {
        assert_eq!(in_words(&outside).await, "a1 b1", "others see none of it");
        in_words(&inside).await
    };
    inside.update_fields(&a, one_more()).await.unwrap();
    assert_eq!(seen().await, "a2 b1");
    inside
        .create_or_update_fields(&draft("b"), one_more(), Draft::NAME)
        .await
        .unwrap();
    assert_eq!(seen().await, "a2 b2");
    inside
        .bulk_create_or_update(&["b", "d"].map(draft), |_| one_more(), Draft::NAME)
        .await
        .unwrap();
    assert_eq!(seen().await, "a2 b3 d1");
    inside
        .update_where(Draft::PAGES.gt(1), one_more())
        .await
        .unwrap();
    assert_eq!(seen().await, "a3 b4 d1");
    inside.restore(&c).await.unwrap();
    assert_eq!(seen().await, "a3 b4 c1 d1");
    inside.purge(&b).await.unwrap();
    assert_eq!(seen().await, "a3 c1 d1");
    assert_eq!(inside.query().with_deleted().count().await.unwrap(), 3);
    inside.delete_where(Draft::PAGES.eq(1)).await.unwrap();
    assert_eq!(seen().await, "a3");

    tx.roll_back().await.unwrap();
    assert_eq!(everything().await, before);
}

async fn v03_nodes_of_a_transaction_see_it_and_are_undone_with_it(setup: Setup) {
    let (database, outside) = drafts(&setup).await;
    let tx = database.begin().await.unwrap();
    let typed = tx.repository::<Draft>().unwrap();
    let mut context = Context::new(Form::Value);
    context.scope = Some(tx.scope());
    let inside = async |node: &str, input: Json| {
        let input = input.as_object().unwrap().clone();
        let answer = database.node(node).unwrap().call(&context, input).await;
        let answer = answer.unwrap_or_else(|error| panic!("{node}: {error:?}"));
        answer.body.into_value()
    };
    let one_more = json!({"add": {"pages": 1}});
    let writes = [
        (
            "draft_update",
            json!({"name": "a", "add": {"pages": 1}}),
            "a2 b1",
        ),
        (
            "draft_upsert",
            json!({"name": "b", "pages": 1, "on_conflict": one_more}),
            "a2 b2",
        ),
        (
            "draft_bulk_upsert",
            json!({
                "rows": [{"name": "b", "pages": 1}, {"name": "d", "pages": 1}],
                "on_conflict": [one_more, one_more],
            }),
            "a2 b3 d1",
        ),
        (
            "draft_bulk_update",
            json!({"filter": {"pages": {"$gt": 1}}, "set": one_more}),
            "a3 b4 d1",
        ),
        ("draft_restore", json!({"name": "c"}), "a3 b4 c1 d1"),
        (
            "draft_bulk_delete",
            json!({"filter": {"pages": 1}}),
            "a3 b4",
        ),
        ("draft_create", json!({"name": "e", "pages": 5}), "a3 b4 e5"),
    ];
    for (node, input, expected) in writes {
        inside(node, input).await;
        assert_eq!(in_words(&typed).await, expected, "{node}");
        assert_eq!(in_words(&outside).await, "a1 b1", "{node}");
    }

    let [one, all] = [json!({"name": "e"}), json!({})];
    assert_eq!(inside("draft_read", one.clone()).await["pages"], 5);
    assert_eq!(inside("draft_list", all.clone()).await[2]["name"], "e");
    assert_eq!(inside("draft_count", all.clone()).await["count"], 3);
    let unseen = call(&database, "draft_read", one).await;
    assert!(unseen.unwrap_err().is_not_found());
    let listed = call(&database, "draft_list", all.clone()).await.unwrap();
    assert_eq!((&listed[0]["pages"], &listed[2]), (&json!(1), &Json::Null));
    assert_eq!(
        call(&database, "draft_count", all).await.unwrap()["count"],
        2
    );

    tx.roll_back().await.unwrap();
    assert_eq!(in_words(&outside).await, "a1 b1");
    let all = outside.query().with_deleted().count().await;
    assert_eq!(all.unwrap(), 3, "c is still deleted");
}

async fn v04_transactions_work_on_every_database(setup: Setup) {
    let database = setup.open();
    let work = database.transaction(async |tx| {
        let countries = tx.repository::<Country>()?;
        countries.create(&italy()).await?;
        countries.create(&france()).await
    });
    work.await.unwrap();
    let countries = database.repository::<Country>().unwrap();
    let rows = countries.list(Filter::all()).await.unwrap().rows;
    assert_eq!(codes(&rows), ["fr", "it"]);
}

async fn a_repository_that_lives_on_does_not_keep_a_dropped_transaction_open(setup: Setup) {
    let database = setup.open();
    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    inside.create(&italy()).await.unwrap();
    drop(tx);
    let error = inside.create(&france()).await.unwrap_err();
    assert!(error.to_string().contains("rolled back"), "{error}");
    let countries = database.repository::<Country>().unwrap();
    countries.create(&italy()).await.unwrap();
}

async fn work_that_fails_is_undone(setup: Setup) {
    let database = setup.open();
    let outcome = database.transaction(async |tx| {
        let countries = tx.repository::<Country>()?;
        countries.create(&italy()).await?;
        countries.create(&italy()).await
    });
    let outcome = outcome.await;
    assert_eq!(outcome.unwrap_err().kind(), Kind::Unique);
    let countries = database.repository::<Country>().unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);
    let name = database.transaction(async |tx| {
        let countries = tx.repository::<Country>()?;
        Ok(countries.create(&italy()).await?.name)
    });
    assert_eq!(name.await.unwrap(), "Italy");
    let ended = database.transaction(async |tx| tx.commit().await);
    let error = ended.await.unwrap_err();
    assert!(error.to_string().contains("ends with the work"), "{error}");
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
}

/// Everybody reads a row and writes it back one higher: whoever does so at once loses, and begins
/// again.
async fn work_that_another_transaction_is_in_the_way_of_is_done_again(setup: Setup) {
    let database = setup.open();
    let authors = database.repository::<Author>().unwrap();
    let author = authors.create(&Author::new("ann")).await.unwrap();
    let tasks = (0..4).map(|_| {
        let (database, id) = (database.clone(), author.id);
        tokio::spawn(async move {
            for _ in 0..5 {
                let options = TransactionOptions::new().isolation(Isolation::Serializable);
                let work = database.transaction_with(options, async |tx| {
                    let authors = tx.repository::<Author>()?;
                    let mut author = authors.read(&id).await?;
                    tokio::task::yield_now().await;
                    author.rank += 1;
                    authors.update(&author).await.map(|_| ())
                });
                work.await.unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(authors.read(&author.id).await.unwrap().rank, 21);
}

async fn a_savepoint_is_undone_alone(setup: Setup) {
    let database = setup.open();
    let tx = database.begin().await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    countries.create(&italy()).await.unwrap();

    let refused: Result<()> = tx
        .transaction(async |savepoint| {
            let countries = savepoint.repository::<Country>()?;
            countries.create(&france()).await?;
            countries.create(&italy()).await.map(|_| ())
        })
        .await;
    assert_eq!(refused.unwrap_err().kind(), Kind::Unique);
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);

    let savepoint = tx.savepoint().await.unwrap();
    let deeper = savepoint.savepoint().await.unwrap();
    let within = deeper.repository::<Country>().unwrap();
    within.create(&france()).await.unwrap();
    deeper.commit().await.unwrap();
    savepoint.commit().await.unwrap();
    tx.commit().await.unwrap();
    let countries = database.repository::<Country>().unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 2);
}

async fn a_savepoint_that_is_dropped_is_undone(setup: Setup) {
    let database = setup.open();
    let tx = database.begin().await.unwrap();
    let savepoint = tx.savepoint().await.unwrap();
    let deeper = savepoint.savepoint().await.unwrap();
    let within = deeper.repository::<Country>().unwrap();
    within.create(&france()).await.unwrap();
    drop(savepoint);
    let error = within.create(&italy()).await.unwrap_err();
    assert!(error.to_string().contains("savepoint is over"), "{error}");
    drop(deeper);
    let countries = tx.repository::<Country>().unwrap();
    countries.create(&italy()).await.unwrap();
    tx.commit().await.unwrap();
    let countries = database.repository::<Country>().unwrap();
    let page = countries.list(Filter::all()).await.unwrap();
    assert_eq!(page.rows, [italy()]);
}

async fn the_transaction_around_an_open_savepoint_is_refused(setup: Setup) {
    let database = setup.open();
    let tx = database.begin().await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    let savepoint = tx.savepoint().await.unwrap();
    let error = countries.create(&italy()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    assert!(error.to_string().contains("savepoint"), "{error}");
    savepoint.roll_back().await.unwrap();
    countries.create(&italy()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn after_a_failure_only_rolling_back_is_left(setup: Setup) {
    let database = setup.open();
    let outside = database.repository::<Country>().unwrap();
    let tx = database.begin().await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    countries.create(&italy()).await.unwrap();
    countries.create(&italy()).await.unwrap_err();
    let error = countries.count(Filter::all()).await.unwrap_err();
    assert!(error.to_string().contains("has failed"), "{error}");
    let error = tx.commit().await.unwrap_err();
    assert!(error.to_string().contains("has failed"), "{error}");
    assert_eq!(outside.count(Filter::all()).await.unwrap(), 0);
    outside.create(&italy()).await.unwrap();
}

async fn a_bulk_in_a_transaction_is_all_or_nothing_and_leaves_it_well(setup: Setup) {
    let database = setup.open();
    let tx = database.begin().await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    countries.bulk_create(&[italy(), france()]).await.unwrap();
    let changes = [
        Country::new("it", "Italia"),
        Country::new("xx", "Nowhere"),
        Country::new("fr", "La France"),
    ];
    let error = countries.bulk_update(&changes).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.faults()[0].pointer, "/1/code");
    assert_eq!(countries.read(&"it".to_owned()).await.unwrap(), italy());

    let savepoint = tx.savepoint().await.unwrap();
    let within = savepoint.repository::<Country>().unwrap();
    let rows: Vec<Country> = (0..50)
        .map(|n| Country::new(&n.to_string(), "same"))
        .collect();
    let error = within.bulk_create(&rows).await.unwrap_err();
    assert_eq!(error.faults()[0].pointer, "/1/name", "{error}");
    savepoint.roll_back().await.unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 2);
    tx.commit().await.unwrap();
}

async fn a_missing_row_does_not_end_a_transaction(setup: Setup) {
    let database = setup.open();
    let tx = database.begin().await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    let missing = "xx".to_owned();
    assert!(countries.read(&missing).await.unwrap_err().is_not_found());
    assert!(countries.delete(&missing).await.unwrap_err().is_not_found());
    countries.create(&italy()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn nodes_with_a_scope_work_inside(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let create = database.node("country_create").unwrap();
    let input = json!({"code": "it", "name": "Italy"});
    let input = input.as_object().unwrap();
    for is_kept in [false, true] {
        let scope = scope_of(&database).await.unwrap();
        let mut context = Context::new(Form::Value);
        context.scope = Some(scope.clone());
        create.call(&context, input.clone()).await.unwrap();
        assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);
        match is_kept {
            true => scope.commit().await.unwrap(),
            false => scope.roll_back().await,
        }
        let error = create.call(&context, input.clone()).await.unwrap_err();
        assert!(error.to_string().contains("is over"), "{error}");
    }
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);

    let tx = database.begin().await.unwrap();
    let mut context = Context::new(Form::Value);
    context.scope = Some(tx.scope());
    let delete = database.node("country_delete").unwrap();
    let input = json!({"code": "it"}).as_object().unwrap().clone();
    delete.call(&context, input).await.unwrap();
    tx.roll_back().await.unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
}

/// As a caller has it who knows only sources and nodes.
async fn scope_of(source: &dyn Source) -> Result<Arc<dyn Scope>> {
    source.begin().await
}

async fn a_scope_of_another_database_is_refused(setup: Setup) {
    let (database, other) = (setup.open(), Setup::sqlite());
    let other = other.open();
    let mut context = Context::new(Form::Value);
    context.scope = Some(scope_of(&other).await.unwrap());
    let create = database.node("country_create").unwrap();
    let input = json!({"code": "it", "name": "Italy"});
    let error = create
        .call(&context, input.as_object().unwrap().clone())
        .await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    assert!(error.to_string().contains("Country"), "{error}");
}

async fn a_read_only_transaction_does_not_write(setup: Setup) {
    let database = setup.open();
    let outside = database.repository::<Country>().unwrap();
    outside.create(&italy()).await.unwrap();
    let options = TransactionOptions::new().read_only();
    let tx = database.begin_with(options).await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
    let error = countries.create(&france()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    let error = countries.bulk_create(&[france()]).await.unwrap_err();
    assert!(error.to_string().contains("read-only"), "{error}");
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
    outside.create(&france()).await.unwrap();
    tx.commit().await.unwrap();
    outside.create(&Country::new("es", "Spain")).await.unwrap();
}

async fn an_isolation_says_what_is_seen_of_others(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    for (isolation, name, sees_others) in [
        (Isolation::ReadCommitted, "read committed", true),
        (Isolation::RepeatableRead, "repeatable read", false),
        (Isolation::Serializable, "serializable", false),
    ] {
        let options = TransactionOptions::new().isolation(isolation).read_only();
        let tx = database.begin_with(options).await.unwrap();
        let inside = tx.repository::<Country>().unwrap();
        let before = inside.count(Filter::all()).await.unwrap();
        countries.create(&Country::new(name, name)).await.unwrap();
        let after = inside.count(Filter::all()).await.unwrap();
        // SQLite knows only the strictest.
        let sees_others = sees_others && !setup.is_sqlite();
        assert_eq!(after - before, u64::from(sees_others), "{name}");
        tx.commit().await.unwrap();
    }
}

async fn a_transaction_is_what_was_asked_for(setup: Setup) {
    let database = setup.open();
    for (isolation, name) in [
        (Isolation::ReadCommitted, "read committed"),
        (Isolation::RepeatableRead, "repeatable read"),
        (Isolation::Serializable, "serializable"),
    ] {
        let options = TransactionOptions::new().isolation(isolation);
        for (options, is_on) in [(options, "off"), (options.read_only().deferrable(), "on")] {
            let tx = database.begin_with(options).await.unwrap();
            let countries = tx.repository::<Country>().unwrap();
            assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);
            if !setup.is_sqlite() {
                let asked = "SELECT current_setting('transaction_isolation'), \
                             current_setting('transaction_read_only'), \
                             current_setting('transaction_deferrable')";
                let told = tx.sql(asked).fetch::<(String, String, String)>().await;
                let told = told.unwrap().remove(0);
                assert_eq!((&*told.0, &*told.1, &*told.2), (name, is_on, is_on));
            }
            tx.commit().await.unwrap();
        }
    }
}

async fn the_cache_is_passed_by_and_told_of_the_commit(setup: Setup) {
    let database = setup.library().enable_caching(true).open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    countries.create(&italy()).await.unwrap();
    let code = "it".to_owned();
    countries.read(&code).await.unwrap();

    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    let renamed = Country::new("it", "Italia");
    inside.update(&renamed).await.unwrap();
    assert_eq!(inside.read(&code).await.unwrap(), renamed);
    assert_eq!(countries.read(&code).await.unwrap(), italy());
    tx.commit().await.unwrap();
    assert_eq!(countries.read(&code).await.unwrap(), renamed);

    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    inside.update(&italy()).await.unwrap();
    assert_eq!(inside.read(&code).await.unwrap(), italy());
    tx.roll_back().await.unwrap();
    assert_eq!(countries.read(&code).await.unwrap(), renamed);
}

async fn a_transaction_that_does_nothing_for_too_long_is_rolled_back(setup: Setup) {
    let patience = Duration::from_millis(200);
    let database = setup
        .library()
        .transaction_idle_timeout(patience)
        .open()
        .unwrap();
    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    inside.create(&italy()).await.unwrap();
    let started = Instant::now();
    let other = database.clone();
    let waiting =
        tokio::spawn(async move { other.repository::<Country>()?.create(&italy()).await });
    waiting.await.unwrap().unwrap();
    assert!(started.elapsed() >= patience / 2);
    let error = inside.create(&france()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout, "{error:?}");
    let names_itself = error.to_string().contains("transaction_idle_timeout");
    assert!(names_itself, "{error}");
    let error = tx.commit().await.unwrap_err();
    assert!(error.to_string().contains("is over"), "{error}");
    let countries = database.repository::<Country>().unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
}

/// The mark of who has the writer is the newest transaction's, whatever becomes of older ones.
#[tokio::test]
async fn on_sqlite_a_transaction_that_is_over_takes_no_mark_from_another() {
    let patience = Duration::from_millis(200);
    for setup in [Setup::sqlite(), Setup::sqlite_memory()] {
        let database = setup
            .library()
            .transaction_idle_timeout(patience)
            .open()
            .unwrap();
        let late = database.begin().await.unwrap();
        tokio::time::sleep(patience * 2).await;
        let holder = database.clone();
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (gone, has_gone) = tokio::sync::oneshot::channel();
        let holding = tokio::spawn(async move {
            let tx = holder.begin().await.unwrap();
            begun.send(()).unwrap();
            has_gone.await.unwrap();
            let past = holder.repository::<Country>().unwrap();
            let error = past.create(&italy()).await.unwrap_err();
            assert!(error.to_string().contains("this task"), "{error}");
            drop(tx);
        });
        has_begun.await.unwrap();
        let countries = late.repository::<Country>().unwrap();
        countries.create(&france()).await.unwrap_err();
        drop((countries, late));
        gone.send(()).unwrap();
        holding.await.unwrap();
    }
}

async fn a_transaction_can_be_made_in_a_task(setup: Setup) {
    let database = setup.open();
    let codes = ["it".to_owned(), "fr".to_owned()];
    let task = tokio::spawn(async move {
        let count = database
            .transaction(async |tx| {
                let countries = tx.repository::<Country>()?;
                for code in &codes {
                    countries.create(&Country::new(code, code)).await?;
                }
                tx.transaction(async |inner| {
                    assert_eq!(codes.len(), 2);
                    inner.repository::<Country>()?.count(Filter::all()).await
                })
                .await
            })
            .await;
        let tx = database.begin().await?;
        tx.commit().await?;
        count
    });
    assert_eq!(task.await.unwrap().unwrap(), 2);
}

/// The connection that writes is the only one: the task would wait for itself.
#[tokio::test]
async fn on_sqlite_a_write_past_the_transaction_that_its_task_holds_fails_at_once() {
    for setup in [Setup::sqlite(), Setup::sqlite_memory()] {
        let database = setup.open();
        let countries = database.repository::<Country>().unwrap();
        let tx = database.begin().await.unwrap();
        let started = Instant::now();
        for error in [
            countries.create(&italy()).await.unwrap_err(),
            countries.bulk_create(&[italy()]).await.unwrap_err(),
            database.begin().await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), Kind::Unsupported, "{error}");
            assert!(error.to_string().contains("this task"), "{error}");
            assert!(error.help().is_some());
        }
        assert!(started.elapsed() < Duration::from_secs(1));

        let other = countries.clone();
        let others = tokio::spawn(async move { other.create(&france()).await });
        tx.repository::<Country>()
            .unwrap()
            .create(&italy())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        others.await.unwrap().unwrap();
        assert_eq!(countries.count(Filter::all()).await.unwrap(), 2);
    }
}
