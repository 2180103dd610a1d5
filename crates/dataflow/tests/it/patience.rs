use std::time::{Duration, Instant};

use dataflow::error::Kind;
use dataflow::node::{Context, Form};
use dataflow::{DataFlow, Filter};
use futures_util::TryStreamExt as _;
use private_postgres::Pooler;
use serde_json::json;

use crate::models::Country;
use crate::nodes::call_in;
use crate::setup::Setup;

on_every_database! {
    what_takes_longer_than_a_call_has_is_stopped_and_has_no_effect
    a_call_may_take_longer_than_the_setting
    each_statement_of_a_transaction_has_the_time_of_its_handle
    every_verb_goes_through_a_handle_with_another_time
    a_node_has_as_long_as_its_caller_waits
}

const HASTY: Duration = Duration::from_millis(100);

/// Long before any setting would stop it.
const SOON: Duration = Duration::from_secs(10);

/// Counts up to a number, or for ever.
fn counting(to: Option<i64>) -> String {
    let end = to.map_or_else(String::new, |to| format!(" WHERE i < {to}"));
    format!(
        "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n{end}) \
         SELECT max(i) FROM n"
    )
}

fn endless_insert() -> String {
    format!(
        "INSERT INTO countries (code, name) SELECT 'xx', 'x' WHERE ({}) = 0",
        counting(None)
    )
}

fn open(setup: &Setup) -> DataFlow {
    let builder = setup.library().connection_pool_size(1);
    builder.open().unwrap()
}

async fn stopped(work: impl Future<Output = dataflow::Result<()>>) {
    let started = Instant::now();
    let error = work.await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout, "{error:?}");
    assert!(error.to_string().contains("statement_timeout"), "{error}");
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
}

async fn what_takes_longer_than_a_call_has_is_stopped_and_has_no_effect(setup: Setup) {
    let database = open(&setup);
    let hasty = database.statement_timeout(HASTY);
    stopped(async { hasty.sql(counting(None)).fetch::<(i64,)>().await.map(drop) }).await;
    stopped(async { hasty.sql(endless_insert()).execute().await.map(drop) }).await;
    stopped(async {
        let mut rows = std::pin::pin!(hasty.sql(counting(None)).stream::<(i64,)>());
        rows.try_next().await.map(drop)
    })
    .await;
    let countries = database.repository::<Country>().unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);

    // The one connection does not keep it for whoever comes next.
    let started = Instant::now();
    let mut to = 100_000;
    while started.elapsed() < 2 * HASTY {
        to *= 2;
        let counted = database.sql(counting(Some(to))).fetch::<(i64,)>().await;
        assert_eq!(counted.unwrap(), [(to,)]);
    }
}

async fn a_call_may_take_longer_than_the_setting(setup: Setup) {
    let builder = setup.library().connection_pool_size(1);
    let database = builder.statement_timeout(HASTY).open().unwrap();
    let patient = database.statement_timeout(Duration::from_secs(60));
    let (mut to, mut took) = (100_000, Duration::ZERO);
    while took < 2 * HASTY {
        to *= 2;
        let started = Instant::now();
        let counted = patient.sql(counting(Some(to))).fetch::<(i64,)>().await;
        assert_eq!(counted.unwrap(), [(to,)]);
        took = started.elapsed();
    }
    stopped(async {
        database
            .sql(counting(None))
            .fetch::<(i64,)>()
            .await
            .map(drop)
    })
    .await;
}

async fn each_statement_of_a_transaction_has_the_time_of_its_handle(setup: Setup) {
    let database = open(&setup);
    let hasty = database.statement_timeout(HASTY);
    let tx = hasty.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    inside.create(&Country::new("it", "Italy")).await.unwrap();
    stopped(async { tx.sql(endless_insert()).execute().await.map(drop) }).await;
    tx.commit().await.unwrap_err();
    let countries = database.repository::<Country>().unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);
}

async fn every_verb_goes_through_a_handle_with_another_time(setup: Setup) {
    let database = setup.library().enable_caching(true).open().unwrap();
    let patient = database.statement_timeout(Duration::from_secs(60));
    let countries = patient.repository::<Country>().unwrap();
    let italy = Country::new("it", "Italy");
    countries.create(&italy).await.unwrap();
    for _ in 0..2 {
        assert_eq!(countries.read(&italy.code).await.unwrap(), italy);
    }
    countries.upsert(&italy, Country::CODE).await.unwrap();
    let many: Vec<Country> = (0..500)
        .map(|number| Country::new(&format!("{number:04}"), &format!("country {number}")))
        .collect();
    let (first, second) = many.split_at(250);
    assert_eq!(countries.bulk_create(first).await.unwrap().len(), 250);
    assert_eq!(countries.bulk_load(second).await.unwrap(), 250);
    let named = Country::CODE.eq("it");
    let renamed = countries.update_where(named, [Country::NAME.set("Italia")]);
    assert_eq!(renamed.await.unwrap(), 1);
    let outside = database.repository::<Country>().unwrap();
    assert_eq!(outside.read(&italy.code).await.unwrap().name, "Italia");
    let streamed: Vec<Country> = countries.query().stream().try_collect().await.unwrap();
    assert_eq!(streamed.len(), 501);
    countries.delete(&italy.code).await.unwrap();
    assert!(outside.read(&italy.code).await.unwrap_err().is_not_found());
}

/// New countries take a minute.
fn slow_triggers(setup: &Setup) -> Vec<String> {
    if !setup.is_sqlite() {
        let function = "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS \
                        $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$";
        let trigger = "CREATE TRIGGER slow BEFORE INSERT ON countries \
                       FOR EACH ROW EXECUTE FUNCTION wait()";
        return vec![function.to_owned(), trigger.to_owned()];
    }
    let view = format!("CREATE VIEW endless AS {}", counting(None));
    let trigger = "CREATE TRIGGER slow BEFORE INSERT ON countries \
                   BEGIN SELECT * FROM endless; END";
    vec![view, trigger.to_owned()]
}

async fn a_node_has_as_long_as_its_caller_waits(setup: Setup) {
    let database = open(&setup);
    for sql in slow_triggers(&setup) {
        database.sql(sql).execute().await.unwrap();
    }
    let input = json!({"code": "it", "name": "Italy"});
    let rows = json!({"rows": [{"code": "it", "name": "Italy"}]});
    let impatient = |wait: Duration| {
        let mut context = Context::new(Form::Value);
        context.deadline = Some(Instant::now() + wait);
        context
    };
    for (node, input) in [("country_create", &input), ("country_bulk_create", &rows)] {
        stopped(async {
            let context = impatient(HASTY);
            let answer = call_in(&database, &context, node, input.clone()).await;
            answer.map(drop)
        })
        .await;
    }
    // Whoever waits longer than the setting does not get more.
    let builder = setup.library().connection_pool_size(1);
    let strict = builder.statement_timeout(HASTY).open().unwrap();
    stopped(async {
        let context = impatient(Duration::from_secs(600));
        let answer = call_in(&strict, &context, "country_create", input.clone()).await;
        answer.map(drop)
    })
    .await;
    drop(strict);
    let counted = call_in(&database, &impatient(SOON), "country_count", json!({})).await;
    assert_eq!(counted.unwrap(), json!({"count": 0}));
}

#[tokio::test]
async fn a_call_behind_pgbouncer_has_its_own_time() {
    let setup = Setup::postgres();
    let Some(pooler) = Pooler::before(setup.url()) else {
        return;
    };
    let builder = DataFlow::builder(pooler.url()).environment([("", ""); 0]);
    let builder = builder.model::<Country>().transaction_pooling(true);
    let hasty = builder.open().unwrap().statement_timeout(HASTY);
    stopped(async { hasty.sql(counting(None)).fetch::<(i64,)>().await.map(drop) }).await;
}
