use dataflow::{Filter, Model as _};
use serde_json::json;

use crate::models::Country;
use crate::setup::Setup;

#[tokio::test]
async fn a_question_is_prepared_only_when_it_is_asked_again() {
    let setup = Setup::postgres();
    let builder = setup.builder().model::<Country>();
    let database = builder.connection_pool_size(1).open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    let ask = async |conditions: usize| {
        let comparisons = vec![json!({ "code": { "$gt": "a" } }); conditions];
        let filter = json!({ "$and": comparisons });
        let filter = filter.as_object().unwrap();
        let filter = Filter::parse(database.schema_set(), Country::schema(), filter).unwrap();
        countries.count(filter).await.unwrap();
    };
    let prepared = async || {
        let sql = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%code%'";
        let rows = database.sql(sql).fetch::<(i64,)>().await.unwrap();
        // The question itself is one.
        rows[0].0 - 1
    };
    for conditions in 1..=30 {
        ask(conditions).await;
    }
    assert_eq!(prepared().await, 0);
    for _ in 0..3 {
        ask(7).await;
    }
    assert_eq!(prepared().await, 1);
}
