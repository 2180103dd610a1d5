use dataflow::Filter;

use crate::heard::{heard, listen};
use crate::models::Country;
use crate::setup::Setup;

on_every_database! {
    an_operation_has_a_span_with_names_and_no_values
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
