use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use dataflow::node::Source as _;
use dataflow::testing::{Place, run};
use dataflow::{DataFlow, DataFlowBuilder, Filter, Model};
use serde_json::json;

use crate::models::{Author, Book, Country};
use crate::nodes::call;

#[dataflow::test(models(Country, Author, Book), on(sqlite, memory, postgres))]
async fn a_test_has_the_tables_of_its_models(database: DataFlow) -> dataflow::Result<()> {
    let countries = database.repository::<Country>()?;
    countries.create(&Country::new("it", "Italy")).await?;
    assert_eq!(countries.count(Filter::all()).await?, 1);
    assert_eq!(call(&database, "book_count", json!({})).await?["count"], 0);
    Ok(())
}

/// The same rows as in the test above: neither finds those of the other.
#[dataflow::test(models(crate::models::Country), on(sqlite, memory, postgres))]
async fn no_test_sees_the_rows_of_another(database: DataFlow) {
    let countries = database.repository::<Country>().unwrap();
    for code in ["it", "fr"] {
        countries.create(&Country::new(code, code)).await.unwrap();
    }
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 2);
}

#[dataflow::test]
async fn a_test_may_set_its_database_up_itself(builder: DataFlowBuilder) -> dataflow::Result<()> {
    let database = builder.model::<Country>().enable_caching(true).open()?;
    let names = database.schema_set().models().map(|model| &*model.name);
    assert_eq!(names.collect::<Vec<_>>(), ["Country"]);
    Ok(())
}

#[dataflow::test(on(memory))]
#[should_panic(expected = "as the test says")]
async fn a_test_may_be_one_that_panics(_builder: DataFlowBuilder) {
    panic!("as the test says");
}

/// A model that no other test has.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "traces_of_a_test")]
struct Trace {
    #[model(primary_key)]
    id: i64,
}

/// Runs a test that looks around and then fails or not; says whether it passed.
fn passes(place: Place, fails: bool, look: impl Fn(&DataFlow)) -> bool {
    let test = async |database: DataFlow| {
        let traces = database.repository::<Trace>().unwrap();
        traces.create(&Trace { id: 0 }).await.unwrap();
        look(&database);
        assert!(!fails, "as the test says");
    };
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        run(place, |builder| builder.model::<Trace>(), test);
    }));
    outcome.is_ok()
}

#[test]
fn what_a_test_made_is_gone_whether_it_passes_or_panics() {
    for fails in [false, true] {
        let folder = Cell::new(None);
        let look = |database: &DataFlow| {
            let url = database.name();
            let file = PathBuf::from(url.strip_prefix("sqlite://").unwrap());
            assert!(file.exists(), "{url}");
            folder.set(file.parent().map(PathBuf::from));
        };
        assert_eq!(passes(Place::Sqlite, fails, look), !fails);
        assert!(!folder.take().unwrap().exists());

        let look = |_: &DataFlow| assert_eq!(traces_on_postgres(), 1);
        assert_eq!(passes(Place::Postgres, fails, look), !fails);
        assert_eq!(traces_on_postgres(), 0);
    }
}

fn traces_on_postgres() -> i64 {
    let server = private_postgres::test_database_url();
    let count = move || -> i64 {
        let mut client = postgres::Client::connect(&server, postgres::NoTls).unwrap();
        let schemas = format!("dataflow_test_{:x}_%", std::process::id());
        let sql = "SELECT count(*) FROM pg_tables \
                   WHERE tablename = 'traces_of_a_test' AND schemaname LIKE $1";
        client.query_one(sql, &[&schemas]).unwrap().get(0)
    };
    std::thread::spawn(count).join().unwrap()
}
