use dataflow::Filter;

use crate::heard::{heard, listen};
use crate::models::Country;
use crate::setup::Setup;

on_every_database! {
    an_operation_has_a_span_with_names_and_no_values
    a_span_is_told_the_code_of_an_error
    raw_sql_transactions_and_bulks_are_traced
}

async fn an_operation_has_a_span_with_names_and_no_values(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    listen();
    countries
        .create(&Country::new("it", "Italy"))
        .await
        .unwrap();
    countries.count(Filter::all()).await.unwrap();
    let system = if setup.is_sqlite() {
        "sqlite"
    } else {
        "postgresql"
    };
    let expected = |operation: &str| {
        format!(
            "db.system.name={system:?} db.collection.name=countries \
             db.operation.name={operation:?} "
        )
    };
    assert_eq!(heard().spans, [expected("create"), expected("count")]);
}

async fn a_span_is_told_the_code_of_an_error(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let italy = Country::new("it", "Italy");
    listen();
    countries.create(&italy).await.unwrap();
    countries.create(&italy).await.unwrap_err();
    database
        .sql("SELECT a FROM nowhere")
        .fetch::<(i64,)>()
        .await
        .unwrap_err();
    assert_eq!(
        heard().recorded,
        ["error.type=DF-301 ", "error.type=DF-110 "]
    );
}

async fn raw_sql_transactions_and_bulks_are_traced(setup: Setup) {
    let database = setup.open();
    listen();
    let work = database.transaction(async |tx| {
        let many = [Country::new("it", "Italy"), Country::new("fr", "France")];
        tx.repository::<Country>()?.bulk_create(&many).await?;
        tx.sql("SELECT count(*) FROM countries")
            .fetch::<(i64,)>()
            .await
    });
    assert_eq!(work.await.unwrap(), [(2,)]);
    let heard = heard();
    let operations = ["transaction", "bulk_create", "sql"];
    assert_eq!(heard.spans.len(), operations.len(), "{:?}", heard.spans);
    for (span, operation) in heard.spans.iter().zip(operations) {
        let named = format!("db.operation.name={operation:?} ");
        assert!(span.contains(&named), "{span}");
    }
    let written = |text: &&String| text.contains("INSERT INTO");
    assert!(
        heard.statements.iter().any(|text| written(&text)),
        "{:?}",
        heard.statements
    );
}
