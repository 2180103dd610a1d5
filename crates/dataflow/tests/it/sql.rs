use dataflow::Filter;
use dataflow::error::Kind;

use crate::models::{Author, Country};
use crate::setup::Setup;

// Rows one after the other, however many there are.
mod streams;

on_every_database! {
    rows_are_read_as_models_and_tuples
    the_same_text_takes_values_of_other_types
    a_row_of_other_types_is_refused
    a_write_says_how_many_rows_and_gives_them_back
    what_was_cached_is_forgotten_after_a_write
    a_statement_in_a_transaction_is_inside_it
    a_value_is_never_part_of_the_text
    what_only_reads_runs_no_statement_that_writes
}

async fn rows_are_read_as_models_and_tuples(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let rows = [Country::new("it", "Italy"), Country::new("no", "Norway")];
    countries.bulk_create(&rows).await.unwrap();
    let all = "SELECT code, name FROM countries WHERE code >= $1 AND code <> $2 ORDER BY code";
    let query = |not: &str| database.sql(all).bind("it".to_owned()).bind(not.to_owned());
    assert_eq!(query("xx").fetch::<Country>().await.unwrap(), rows);
    assert_eq!(
        query("it").fetch::<(String,)>().await.unwrap(),
        [("no".to_owned(),)]
    );
    let none = database.sql("SELECT NULL, count(*) FROM countries WHERE code = $2 OR code = $1");
    let none = none.bind("it".to_owned()).bind("no".to_owned());
    if setup.is_sqlite() {
        let first = none.fetch_first::<(Option<i64>, i64)>().await.unwrap();
        assert_eq!(first, Some((None, 2)));
    }
    let nobody = database.sql("SELECT code FROM countries WHERE code = 'xx'");
    assert_eq!(nobody.fetch_first::<(String,)>().await.unwrap(), None);
}

async fn the_same_text_takes_values_of_other_types(setup: Setup) {
    let database = setup.open();
    let text = "SELECT $1";
    for number in [7_i64, -7] {
        let rows = database
            .sql(text)
            .bind(number)
            .fetch::<(i64,)>()
            .await
            .unwrap();
        assert_eq!(rows, [(number,)]);
    }
    let rows = database
        .sql(text)
        .bind("a".to_owned())
        .fetch::<(String,)>()
        .await
        .unwrap();
    assert_eq!(rows, [("a".to_owned(),)]);
    let rows = database
        .sql(text)
        .bind(0.5)
        .fetch::<(f64,)>()
        .await
        .unwrap();
    assert_eq!(rows, [(0.5,)]);
}

async fn a_row_of_other_types_is_refused(setup: Setup) {
    let database = setup.open();
    let float = database.sql("SELECT $1").bind(0.5).fetch::<(i64,)>().await;
    assert!(float.unwrap_err().to_string().contains("column 0"));
    let short = database
        .sql("SELECT $1")
        .bind(7_i64)
        .fetch::<(i64, i64)>()
        .await;
    assert!(short.unwrap_err().to_string().contains("column 1"));
    let too_few = database.sql("SELECT $1").fetch::<(i64,)>().await;
    assert!(too_few.is_err() || setup.is_sqlite());
}

async fn a_write_says_how_many_rows_and_gives_them_back(setup: Setup) {
    let database = setup.open();
    let insert = "INSERT INTO countries (code, name) VALUES ($1, $2), ('no', 'Norway')";
    let insert = database
        .sql(insert)
        .bind("it".to_owned())
        .bind("Italy".to_owned());
    assert_eq!(insert.execute().await.unwrap(), 2);
    let renamed = "UPDATE countries SET name = upper(name) WHERE code = $1 RETURNING code, name";
    let renamed = database.sql(renamed).bind("it".to_owned());
    let renamed = renamed.execute_returning::<Country>().await.unwrap();
    assert_eq!(renamed, [Country::new("it", "ITALY")]);
    let again = database.sql("INSERT INTO countries (code, name) VALUES ('it', 'x')");
    assert_eq!(again.execute().await.unwrap_err().kind(), Kind::Unique);
}

async fn what_was_cached_is_forgotten_after_a_write(setup: Setup) {
    let database = setup.library().enable_caching(true).open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    countries
        .create(&Country::new("it", "Italy"))
        .await
        .unwrap();
    for name in ["Italy", "Italia"] {
        let rename = database
            .sql("UPDATE countries SET name = $1")
            .bind(name.to_owned());
        rename.execute().await.unwrap();
        assert_eq!(countries.read(&"it".to_owned()).await.unwrap().name, name);
    }
}

async fn a_statement_in_a_transaction_is_inside_it(setup: Setup) {
    let database = setup.open();
    let transaction = database.begin().await.unwrap();
    let insert = transaction.sql("INSERT INTO countries (code, name) VALUES ('it', 'Italy')");
    assert_eq!(insert.execute().await.unwrap(), 1);
    let inside = transaction
        .sql("SELECT code FROM countries")
        .fetch::<(String,)>()
        .await;
    assert_eq!(inside.unwrap().len(), 1);
    transaction.roll_back().await.unwrap();
    let countries = database.repository::<Country>().unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);
}

async fn a_value_is_never_part_of_the_text(setup: Setup) {
    let database = setup.open();
    let authors = database.repository::<Author>().unwrap();
    authors.create(&Author::new("ann")).await.unwrap();
    let evil = "x' OR '1' = '1".to_owned();
    let found = database
        .sql("SELECT mail FROM authors WHERE mail = $1")
        .bind(evil);
    assert_eq!(found.fetch::<(String,)>().await.unwrap(), []);
}

async fn what_only_reads_runs_no_statement_that_writes(setup: Setup) {
    let database = setup.open();
    let insert = "INSERT INTO countries (code, name) VALUES ('it', 'Italy') RETURNING code";
    let fetched = database.sql(insert).fetch::<(String,)>().await;
    assert_eq!(fetched.unwrap_err().kind(), Kind::Unsupported);
    let tx = database.begin().await.unwrap();
    let error = tx.sql(insert).fetch_first::<(String,)>().await.unwrap_err();
    assert!(
        error.help().unwrap().contains("execute_returning"),
        "{error:?}"
    );
    tx.commit().await.unwrap();
    let count = "SELECT count(*) FROM countries";
    let count = database.sql(count).fetch::<(i64,)>().await;
    assert_eq!(count.unwrap(), [(0,)]);
}

#[tokio::test]
async fn on_sqlite_a_check_that_is_called_by_its_expression_has_no_table_in_it() {
    let setup = Setup::sqlite();
    let database = setup.open();
    for sql in [
        "CREATE TABLE prices (price REAL CHECK (price > 0.5))",
        "CREATE TABLE sizes (size REAL CONSTRAINT \"size.positive\" CHECK (size > 0))",
    ] {
        database.sql(sql).execute().await.unwrap();
    }
    for (sql, constraint) in [
        ("INSERT INTO prices VALUES (0.1)", "price > 0.5"),
        ("INSERT INTO sizes VALUES (0)", "size.positive"),
    ] {
        let error = database.sql(sql).execute().await.unwrap_err();
        let place = error.place();
        assert_eq!(place.constraint.as_deref(), Some(constraint));
        assert_eq!((&place.table, &*place.columns), (&None, &[][..]), "{sql}");
    }
}
