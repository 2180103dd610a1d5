use std::time::Duration;

use dataflow::error::Code;
use dataflow::{DataFlow, Error, Result};
use private_postgres::{Database, test_database_url};
use serde_json::json;

use crate::models::{Book, Country};
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    what_a_trigger_refuses_is_no_fault_of_the_server
    a_restricted_row_stays_and_is_a_conflict
}

/// A value that must be in no message.
const MARK: &str = "Atlantis";

/// Refuses a country of that name, in words that quote it.
fn refuse_atlantis(setup: &Setup, raise: &str) {
    setup.sql(&match setup.is_sqlite() {
        true => format!(
            "CREATE TRIGGER no_atlantis BEFORE INSERT ON countries WHEN NEW.name = '{MARK}' \
             BEGIN SELECT RAISE(ABORT, 'no {MARK}'); END"
        ),
        false => format!(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN IF NEW.name = '{MARK}' THEN {raise}; END IF; RETURN NEW; END $$; \
             CREATE OR REPLACE TRIGGER no_atlantis BEFORE INSERT ON countries \
             FOR EACH ROW EXECUTE FUNCTION refuse()"
        ),
    });
}

fn assert_refused<T>(outcome: Result<T>, what: &str) -> Error {
    let Err(error) = outcome else {
        panic!("{what} was let through");
    };
    assert_eq!(error.code(), Code::Check, "{what}: {error:?}");
    assert!(!format!("{error:?}").contains(MARK), "{what}: {error:?}");
    error
}

async fn what_a_trigger_refuses_is_no_fault_of_the_server(setup: Setup) {
    let database = setup.open();
    refuse_atlantis(&setup, "RAISE EXCEPTION 'no %', NEW.name");
    let countries = database.repository::<Country>().unwrap();
    let (italy, atlantis) = (Country::new("it", "Italy"), Country::new("at", MARK));

    let typed = assert_refused(countries.create(&atlantis).await, "a typed write");
    assert_eq!(typed.place().table.as_deref(), Some("countries"));
    let data = call(
        &database,
        "country_create",
        json!({"code": "at", "name": MARK}),
    )
    .await;
    assert_refused(data, "a node");
    let many = countries.bulk_create(&[italy.clone(), atlantis]).await;
    let many = assert_refused(many, "a bulk");
    assert!(many.faults()[0].pointer.starts_with("/1"), "{many:?}");
    let own_words = database.sql("INSERT INTO countries (code, name) VALUES ('at', $1)");
    assert_refused(own_words.bind(MARK.to_owned()).execute().await, "raw SQL");

    countries.create(&italy).await.unwrap();
}

async fn a_restricted_row_stays_and_is_a_conflict(setup: Setup) {
    let mut book = <Book as dataflow::Model>::schema().clone();
    book.relations.to_mut()[0].on_delete = dataflow::schema::Action::Restrict;
    let builder = setup.builder().model::<Country>();
    let database = builder.schema(book).open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    countries
        .create(&Country::new("it", "Italy"))
        .await
        .unwrap();
    let book = json!({"title": "Il nome della rosa", "country_code": "it"});
    call(&database, "book_create", book).await.unwrap();

    let error = countries.delete(&"it".to_owned()).await.unwrap_err();
    assert!(error.is_foreign_key(), "{error:?}");
}

/// Each way in which a function or a view of PostgreSQL refuses.
#[tokio::test]
async fn a_refusal_in_any_code_is_the_fault_of_the_row() {
    let setup = Setup::postgres();
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let cases = [
        (
            "RAISE EXCEPTION 'no %', NEW.name USING ERRCODE = '23000'",
            None,
        ),
        (
            "RAISE EXCEPTION 'no %', NEW.name USING ERRCODE = 'AT001'",
            None,
        ),
        (
            "RAISE EXCEPTION 'no %', NEW.name USING CONSTRAINT = 'exists'",
            Some("exists"),
        ),
        (
            "RAISE check_violation USING CONSTRAINT = 'exists', MESSAGE = NEW.name",
            Some("exists"),
        ),
    ];
    for (raise, constraint) in cases {
        refuse_atlantis(&setup, raise);
        let error = assert_refused(countries.create(&Country::new("at", MARK)).await, raise);
        assert_eq!(error.place().constraint.as_deref(), constraint, "{raise}");
        let is_named = error.to_string().contains("exists");
        assert_eq!(is_named, constraint.is_some(), "{error}");
    }
    setup.sql(
        "CREATE VIEW short AS SELECT * FROM countries WHERE length(name) < 4 WITH CHECK OPTION",
    );
    let through_view = database.sql("INSERT INTO short VALUES ('it', 'Italy')");
    assert_refused(through_view.execute().await, "a view");
}

/// A role that may not is a mistake in the set-up, which the log has to name and a caller is told
/// nothing of.
#[tokio::test]
async fn a_privilege_that_the_role_lacks_is_named_to_whoever_runs_the_program() {
    let plain = Database::create_for_plain_role(&test_database_url());
    let builder = |url: &str| {
        DataFlow::builder(url)
            .environment([("", ""); 0])
            .model::<Country>()
    };
    builder(plain.superuser_url()).open().unwrap();
    let database = builder(plain.url()).skip_migration(true).open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    let error = countries
        .create(&Country::new("it", MARK))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::Privilege, "{error:?}");
    assert!(error.kind().is_of_this_process());
    assert!(error.to_string().contains("countries"), "{error}");
    assert!(!format!("{error:?}").contains(MARK), "{error:?}");
}

#[tokio::test]
async fn a_statement_that_somebody_stops_has_not_run_into_its_timeout() {
    let setup = Setup::postgres();
    let database = setup.open();
    let sleep = database.sql("SELECT pg_sleep(30)::text");
    let sleep = tokio::spawn(sleep.fetch::<(Option<String>,)>());
    let stop = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity \
                WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%' \
                AND state = 'active'";
    while setup.sql(stop).is_none() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let error = sleep.await.unwrap().unwrap_err();
    assert_eq!(error.code(), Code::Unavailable, "{error:?}");
    assert!(!error.to_string().contains("timeout"), "{error}");
}
