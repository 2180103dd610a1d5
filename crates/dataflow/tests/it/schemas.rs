use dataflow::query::count;
use dataflow::{Filter, Model};
use serde_json::json;

use crate::nodes::call;
use crate::setup::Setup;

/// An order of a customer, in a schema; there is another table of that name outside of it.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "orders", schema = "sales", has_many(lines = Line.order_id))]
struct Sale {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(unique)]
    number: String,
    #[model(version)]
    version: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "orders")]
struct Order {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(unique)]
    number: String,
    #[model(belongs_to = Sale)]
    sale_id: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(schema = "stock & more")]
struct Line {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(belongs_to = Sale, on_delete = "cascade")]
    order_id: i64,
}

fn sale(id: i64) -> Sale {
    Sale {
        id,
        number: format!("s{id}"),
        version: 0,
    }
}

#[tokio::test]
async fn every_verb_reaches_the_table_of_its_schema() {
    let setup = Setup::postgres();
    let builder = setup.builder().enable_caching(true);
    let builder = builder.model::<Sale>().model::<Order>().model::<Line>();
    let database = builder.open().unwrap();
    let sales = database.repository::<Sale>().unwrap();
    let orders = database.repository::<Order>().unwrap();
    let lines = database.repository::<Line>().unwrap();

    // A key that a caller chose moves the counter, in whatever schema it is.
    sales.create(&sale(7)).await.unwrap();
    let counted = json!({"number": "next"});
    let next = call(&database, "sale_create", counted).await.unwrap();
    assert_eq!(next["id"], 8);
    let many: Vec<Sale> = (100..400).map(sale).collect();
    sales.bulk_create(&many).await.unwrap();
    assert_eq!(sales.bulk_load(&[sale(400)]).await.unwrap(), 1);
    assert_eq!(orders.count(Filter::all()).await.unwrap(), 0);

    let mut changed = sales.read(&7).await.unwrap();
    changed.number = "seven".to_owned();
    let changed = sales.update(&changed).await.unwrap();
    let written = sales.bulk_upsert(&[changed], Sale::NUMBER).await.unwrap();
    assert_eq!(written[0].id, 7);
    sales.bulk_update(&[written[0].row.clone()]).await.unwrap();
    let again = sale(9);
    sales.upsert(&again, Sale::NUMBER).await.unwrap();
    sales.upsert(&again, Sale::NUMBER).await.unwrap();

    let order = Order {
        id: 1,
        number: "o1".to_owned(),
        sale_id: Some(9),
    };
    orders.create(&order).await.unwrap();
    let line = |id, order_id| Line { id, order_id };
    lines
        .bulk_create(&[line(1, 7), line(2, 7), line(3, 9)])
        .await
        .unwrap();
    let through = orders
        .query()
        .filter(Order::SALE.is(Sale::LINES.some(Line::ID.eq(3))))
        .order_by(Order::SALE.by(Sale::NUMBER.asc()));
    assert_eq!(through.list().await.unwrap().rows, [order]);
    let loaded = sales
        .query()
        .filter(Sale::ID.lt(10))
        .order_by(Sale::ID.asc())
        .with(Sale::LINES)
        .list()
        .await
        .unwrap();
    let lengths: Vec<usize> = loaded.rows.iter().map(|(_, lines)| lines.len()).collect();
    assert_eq!(lengths, [2, 0, 1]);
    let all = sales.query().aggregate(count());
    assert_eq!(all.await.unwrap(), 304);

    sales.delete(&7).await.unwrap();
    assert_eq!(lines.count(Filter::all()).await.unwrap(), 1);
    assert_eq!(sales.bulk_delete(&[8, 100]).await.unwrap(), 2);
    assert_eq!(sales.count(Filter::all()).await.unwrap(), 301);
}
