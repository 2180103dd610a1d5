use dataflow::{Filter, Result};
use serde_json::json;

use crate::heard::{heard, listen};
use crate::models::Country;
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    e10_each_of_the_eleven_operations_is_one_statement
    e10_each_of_the_eleven_nodes_is_one_statement
}

/// The text of the statement that some work is, and is alone.
async fn statement_of<T>(work: impl Future<Output = Result<T>>) -> String {
    listen();
    work.await.unwrap();
    let statements = heard().statements;
    assert_eq!(statements.len(), 1, "{statements:?}");
    statements.concat()
}

async fn e10_each_of_the_eleven_operations_is_one_statement(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let italy = Country::new("it", "Italy");
    let both = [italy.clone(), Country::new("fr", "France")];
    let keys = both.clone().map(|country| country.code);
    let (code, key) = (Country::CODE, &italy.code);
    for (statement, word) in [
        (statement_of(countries.create(&italy)).await, "INSERT"),
        (statement_of(countries.read(key)).await, "SELECT"),
        (statement_of(countries.list(Filter::all())).await, "SELECT"),
        (statement_of(countries.count(Filter::all())).await, "SELECT"),
        (statement_of(countries.update(&italy)).await, "UPDATE"),
        (statement_of(countries.upsert(&italy, code)).await, "INSERT"),
        (statement_of(countries.delete(key)).await, "DELETE"),
        (statement_of(countries.bulk_create(&both)).await, "INSERT"),
        (statement_of(countries.bulk_update(&both)).await, "UPDATE"),
        (
            statement_of(countries.bulk_upsert(&both, code)).await,
            "INSERT",
        ),
        (statement_of(countries.bulk_delete(&keys)).await, "DELETE"),
    ] {
        assert!(statement.contains(word), "{statement}");
    }
}

async fn e10_each_of_the_eleven_nodes_is_one_statement(setup: Setup) {
    let database = setup.open();
    let italy = json!({"code": "it", "name": "Italy"});
    let both = json!({"rows": [italy, {"code": "fr", "name": "France"}]});
    for (node, input, word) in [
        ("country_create", &italy, "INSERT"),
        ("country_read", &json!({"code": "it"}), "SELECT"),
        ("country_list", &json!({}), "SELECT"),
        ("country_count", &json!({}), "SELECT"),
        ("country_update", &italy, "UPDATE"),
        ("country_upsert", &italy, "INSERT"),
        ("country_delete", &json!({"code": "it"}), "DELETE"),
        ("country_bulk_create", &both, "INSERT"),
        ("country_bulk_update", &both, "UPDATE"),
        ("country_bulk_upsert", &both, "INSERT"),
        (
            "country_bulk_delete",
            &json!({"ids": ["it", "fr"]}),
            "DELETE",
        ),
    ] {
        let statement = statement_of(call(&database, node, input.clone())).await;
        assert!(statement.contains(word), "{node}: {statement}");
    }
}

/// A second statement, to read the row back, would be the last one of the session.
#[tokio::test]
async fn e10_a_write_is_one_statement() {
    let setup = Setup::postgres();
    let named = setup.library().application_name("e10");
    let database = named.connection_pool_size(1).open().unwrap();
    let last = || {
        let sql = "SELECT query FROM pg_stat_activity WHERE application_name = 'e10'";
        setup.sql(sql).unwrap()
    };
    let italy = json!({"code": "it", "name": "Italy"});
    let writes = [
        ("country_create", italy.clone(), "INSERT"),
        ("country_upsert", italy.clone(), "INSERT"),
        ("country_update", italy, "UPDATE"),
        ("country_delete", json!({"code": "it"}), "DELETE"),
    ];
    for (node, input, word) in writes {
        call(&database, node, input).await.unwrap();
        assert!(last().starts_with(word), "{node}: {}", last());
    }
}
