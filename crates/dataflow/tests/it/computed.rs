use dataflow::Model;
use dataflow::error::Kind;
use serde_json::json;

use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    what_the_database_computes_comes_back_and_is_never_given
    rows_of_a_bulk_all_give_a_default_in_sql_or_none_does
    a_check_refuses_a_row
    rows_go_with_the_row_they_belong_to
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Order {
    #[model(primary_key)]
    id: i64,
    #[model(check("price > 0", name = "price is positive"))]
    price: i64,
    #[model(default_sql = "1 + 1")]
    amount: i64,
    #[model(generated = "price * amount")]
    total: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Line {
    #[model(primary_key)]
    id: i64,
    #[model(belongs_to = Order, on_delete = "cascade")]
    order: i64,
}

async fn what_the_database_computes_comes_back_and_is_never_given(setup: Setup) {
    let database = setup.builder().model::<Order>().open().unwrap();
    let made = call(&database, "order_create", json!({"price": 5})).await;
    let made = made.unwrap();
    assert_eq!((&made["amount"], &made["total"]), (&json!(2), &json!(10)));
    let refused = call(&database, "order_create", json!({"price": 5, "total": 7})).await;
    assert_eq!(refused.unwrap_err().faults()[0].pointer, "/total");
    let input = json!({"id": made["id"], "amount": 3});
    let changed = call(&database, "order_update", input).await.unwrap();
    assert_eq!(changed["total"], 15);

    let orders = database.repository::<Order>().unwrap();
    let order = Order {
        id: 0,
        price: 4,
        amount: 4,
        total: 0,
    };
    let mut order = orders.create(&order).await.unwrap();
    assert_eq!(order.total, 16);
    order.amount = 1;
    assert_eq!(orders.update(&order).await.unwrap().total, 4);
}

async fn rows_of_a_bulk_all_give_a_default_in_sql_or_none_does(setup: Setup) {
    let database = setup.builder().model::<Order>().open().unwrap();
    let rows = json!({"rows": [{"price": 1}, {"price": 2}]});
    let made = call(&database, "order_bulk_create", rows).await.unwrap();
    assert_eq!(made[1]["total"], 4);
    let mixed = json!({"rows": [{"price": 1, "amount": 3}, {"price": 2}]});
    let error = call(&database, "order_bulk_create", mixed)
        .await
        .unwrap_err();
    assert!(
        error.faults()[0].pointer.ends_with("/1/amount"),
        "{error:?}"
    );
}

async fn a_check_refuses_a_row(setup: Setup) {
    let database = setup.builder().model::<Order>().open().unwrap();
    let refused = call(&database, "order_create", json!({"price": -1})).await;
    let error = refused.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    assert!(error.to_string().contains("price is positive"), "{error}");
}

async fn rows_go_with_the_row_they_belong_to(setup: Setup) {
    let builder = setup.builder().model::<Order>().model::<Line>();
    let database = builder.open().unwrap();
    call(&database, "order_create", json!({"price": 1}))
        .await
        .unwrap();
    call(&database, "line_create", json!({"order": 1}))
        .await
        .unwrap();
    call(&database, "order_delete", json!({"id": 1}))
        .await
        .unwrap();
    let left = call(&database, "line_count", json!({})).await.unwrap();
    assert_eq!(left["count"], 0);
}
