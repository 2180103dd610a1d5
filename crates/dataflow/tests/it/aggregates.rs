use dataflow::error::Kind;
use dataflow::query::count;
use dataflow::{DataFlow, Model, Repository, Result};
use futures_util::TryStreamExt;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    rows_come_to_counts_sums_averages_and_extremes
    no_rows_come_to_nothing
    groups_come_page_by_page
    groups_are_sorted_and_chosen_by_what_they_come_to
    aggregates_as_data_are_rows_of_their_names
    an_aggregate_that_means_nothing_is_refused
    a_sum_beyond_its_type_is_an_error
    decimals_are_summed_exactly_or_not_at_all
    a_stream_gives_every_row_once_whatever_the_limit
    a_stream_that_is_dropped_leaves_the_connection_free
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Sale {
    #[model(primary_key, client_key)]
    id: i64,
    city: Option<String>,
    pieces: i32,
    price: f64,
    total: Decimal,
}

fn sale(id: i64, city: Option<&str>, pieces: i32) -> Sale {
    Sale {
        id,
        city: city.map(str::to_owned),
        pieces,
        price: f64::from(pieces) / 2.0,
        total: Decimal::new(i64::from(pieces) * 10 + 1, 1),
    }
}

async fn sales(setup: &Setup) -> (DataFlow, Repository<Sale>) {
    let database = setup.builder().model::<Sale>().open().unwrap();
    let sales = database.repository::<Sale>().unwrap();
    let rows = [
        sale(1, Some("Rome"), 4),
        sale(2, Some("Oslo"), 1),
        sale(3, None, 7),
        sale(4, Some("Rome"), 5),
    ];
    sales.bulk_create(&rows).await.unwrap();
    (database, sales)
}

async fn rows_come_to_counts_sums_averages_and_extremes(setup: Setup) {
    let (_, sales) = sales(&setup).await;
    let all = sales.query().aggregate((
        count(),
        Sale::CITY.count_distinct(),
        Sale::PIECES.sum(),
        Sale::PIECES.avg(),
        Sale::PRICE.sum(),
        Sale::PRICE.max(),
        Sale::CITY.min(),
    ));
    let oslo = Some("Oslo".to_owned());
    assert_eq!(
        all.await.unwrap(),
        (4, 2, Some(17), Some(4.25), Some(8.5), Some(3.5), oslo)
    );
    let rome = sales.query().filter(Sale::CITY.eq("Rome"));
    assert_eq!(rome.aggregate(Sale::PIECES.min()).await.unwrap(), Some(4));
}

async fn no_rows_come_to_nothing(setup: Setup) {
    let (_, sales) = sales(&setup).await;
    let none = sales.query().filter(Sale::ID.gt(100));
    let measures = (
        count(),
        Sale::PIECES.sum(),
        Sale::PRICE.avg(),
        Sale::CITY.count_distinct(),
    );
    assert_eq!(none.aggregate(measures).await.unwrap(), (0, None, None, 0));
}

async fn groups_come_page_by_page(setup: Setup) {
    let (_, sales) = sales(&setup).await;
    let query = || sales.query().select(Sale::CITY).order_by(Sale::CITY.desc());
    let whole = query().groups((count(), Sale::PIECES.sum())).await.unwrap();
    let named = |city: &str| Some(city.to_owned());
    assert_eq!(
        whole.rows,
        [
            (None, (1, Some(7))),
            (named("Rome"), (2, Some(9))),
            (named("Oslo"), (1, Some(1)))
        ]
    );
    let first = query().limit(2).groups(count()).await.unwrap();
    let second = query()
        .after(first.next.unwrap())
        .groups(count())
        .await
        .unwrap();
    assert_eq!(
        (first.rows.len(), second.rows),
        (2, vec![(named("Oslo"), 1)])
    );
    let many = sales
        .query()
        .filter(Sale::PIECES.gt(3))
        .select((Sale::CITY, Sale::PIECES));
    assert_eq!(many.groups(count()).await.unwrap().rows.len(), 3);

    let error = query()
        .order_by(Sale::ID.asc())
        .groups(count())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Malformed, "{error:?}");
    let error = sales.query().groups(count()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Malformed, "{error:?}");
}

async fn groups_are_sorted_and_chosen_by_what_they_come_to(setup: Setup) {
    let (database, sales) = sales(&setup).await;
    let more = [sale(5, Some("Bari"), 9), sale(6, Some("Bari"), 2)];
    sales.bulk_create(&more).await.unwrap();
    let named = |city: &str| Some(city.to_owned());
    let query = || sales.query().select(Sale::CITY);
    let pieces = || Sale::PIECES.sum();
    let largest = || query().groups(count()).order_by(pieces().desc());
    let all = [
        (named("Bari"), 2),
        (named("Rome"), 2),
        (None, 1),
        (named("Oslo"), 1),
    ];
    assert_eq!(largest().await.unwrap().rows, all);

    // Each page goes on where the one before ended, with what no row shows in its cursor.
    let mut found = Vec::new();
    let mut next = None;
    loop {
        let page = match next.take() {
            None => query().limit(1),
            Some(cursor) => query().limit(1).after(cursor),
        };
        let page = page
            .groups(count())
            .order_by(pieces().desc())
            .await
            .unwrap();
        found.extend(page.rows);
        match page.next {
            Some(cursor) => next = Some(cursor),
            None => break,
        }
    }
    assert_eq!(found, all);

    let many = query().groups(count()).having(count().gte(2));
    let by_name = many.order_by(Sale::CITY.desc()).await.unwrap().rows;
    assert_eq!(by_name, [(named("Rome"), 2), (named("Bari"), 2)]);
    let some = query().groups(pieces()).having(
        pieces()
            .between(2, 9)
            .and(!count().eq(1))
            .or(Sale::PRICE.max().lt(1.0)),
    );
    let some = some.await.unwrap().rows;
    assert_eq!(some, [(named("Oslo"), Some(1)), (named("Rome"), Some(9))]);
    let none = query()
        .groups(count())
        .having(pieces().gt(None::<i64>))
        .await;
    assert_eq!(none.unwrap().rows, []);

    let as_data = |more: Json| {
        let mut input = json!({"fields": ["city"], "aggregate": ["count", "pieces.sum"]});
        input
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        call(&database, "sale_list", input)
    };
    let having = json!({"count": {"$gte": 2}, "pieces_sum": {"$in": [9, 11]}});
    let rows = as_data(json!({"having": having, "order": ["pieces_sum.desc"]}))
        .await
        .unwrap();
    let wanted = json!([
        {"city": "Bari", "count": 2, "pieces_sum": 11},
        {"city": "Rome", "count": 2, "pieces_sum": 9},
    ]);
    assert_eq!(rows, wanted);
    let refused = [
        (
            json!({"order": ["pieces.desc"]}),
            "/order/0",
            "group by the field as well",
        ),
        (
            json!({"order": ["pieces_sun"]}),
            "/order/0",
            "did you mean \"pieces_sum\"?",
        ),
        (
            json!({"having": {"cuont": 1}}),
            "/having/cuont",
            "did you mean \"count\"?",
        ),
    ];
    for (input, pointer, help) in refused {
        let error = as_data(input).await.unwrap_err();
        assert_eq!(
            (error.faults()[0].pointer.as_str(), error.help()),
            (pointer, Some(help))
        );
    }
    let text = as_data(json!({"having": {"count": "two"}}))
        .await
        .unwrap_err();
    assert_eq!(
        (text.kind(), &*text.faults()[0].pointer),
        (Kind::Invalid, "/having/count")
    );
    let of_rows = json!({"having": {"count": 1}});
    let of_rows = call(&database, "sale_list", of_rows).await.unwrap_err();
    assert_eq!(of_rows.faults()[0].pointer, "/having");
}

async fn aggregates_as_data_are_rows_of_their_names(setup: Setup) {
    let (database, _) = sales(&setup).await;
    let totals = json!({"filter": {"city": "Rome"}, "aggregate": ["count", "pieces.avg"]});
    let rows = call(&database, "sale_list", totals).await.unwrap();
    assert_eq!(rows, json!([{"count": 2, "pieces_avg": 4.5}]));
    let groups = json!({
        "fields": ["city"], "aggregate": ["pieces.max", "count"], "order": ["city.desc"], "limit": 2,
    });
    let rows = call(&database, "sale_list", groups).await.unwrap();
    assert_eq!(
        rows,
        json!([
            {"city": null, "pieces_max": 7, "count": 1},
            {"city": "Rome", "pieces_max": 5, "count": 2},
        ])
    );
    let list = database.node("sale_list").unwrap();
    assert_eq!(
        dataflow::node::Node::descriptor(&*list)
            .output()
            .faults(&rows),
        []
    );
}

async fn an_aggregate_that_means_nothing_is_refused(setup: Setup) {
    let (database, _) = sales(&setup).await;
    for (name, words) in [
        ("cuont", "count"),
        ("pieces", ".sum"),
        ("pieces.summ", "sum"),
        ("city.sum", "no sum"),
        ("peices.sum", "pieces"),
    ] {
        let input = json!({"aggregate": ["count", name]});
        let error = call(&database, "sale_list", input).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Malformed, "{name}");
        assert_eq!(error.faults()[0].pointer, "/aggregate/1", "{name}");
        assert!(format!("{error:?}").contains(words), "{name}: {error:?}");
    }
}

async fn a_sum_beyond_its_type_is_an_error(setup: Setup) {
    #[derive(Debug, Clone, PartialEq, Model)]
    struct Big {
        #[model(primary_key, client_key)]
        id: i64,
        size: i64,
    }
    let database = setup.builder().model::<Big>().open().unwrap();
    let bigs = database.repository::<Big>().unwrap();
    let rows = [1, 2].map(|id| Big { id, size: i64::MAX });
    bigs.bulk_create(&rows).await.unwrap();
    let error = bigs.query().aggregate(Big::SIZE.sum()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "{error:?}");
}

async fn decimals_are_summed_exactly_or_not_at_all(setup: Setup) {
    let (_, sales) = sales(&setup).await;
    let total = sales
        .query()
        .aggregate((Sale::TOTAL.sum(), Sale::TOTAL.max()))
        .await;
    if setup.is_sqlite() {
        assert_eq!(total.unwrap_err().kind(), Kind::Unsupported);
    } else {
        let decimal = |text: &str| Some(text.parse::<Decimal>().unwrap());
        assert_eq!(total.unwrap(), (decimal("17.4"), decimal("7.1")));
    }
    let different = sales.query().aggregate(Sale::TOTAL.count_distinct()).await;
    assert_eq!(different.unwrap(), 4);
}

async fn a_stream_gives_every_row_once_whatever_the_limit(setup: Setup) {
    let (_, sales) = sales(&setup).await;
    let rows: Vec<Sale> = (10..1_510)
        .map(|id| sale(id, None, (id % 7) as i32))
        .collect();
    sales.bulk_create(&rows).await.unwrap();
    let query = || {
        sales
            .query()
            .order_by(Sale::PIECES.desc())
            .select((Sale::PIECES, Sale::ID))
    };
    let all: Vec<(i32, i64)> = query().stream().try_collect().await.unwrap();
    assert_eq!(all.len(), 1_504);
    assert!(
        all.windows(2)
            .all(|two| (-two[0].0, two[0].1) < (-two[1].0, two[1].1))
    );
    for limit in [0, 1, 500, 501, 1_504, 9_000] {
        let some: Vec<(i32, i64)> = query().limit(limit).stream().try_collect().await.unwrap();
        assert_eq!(some, all[..limit.min(1_504)], "{limit}");
    }
    let broken: Result<Vec<Sale>> = sales.query().after("x").stream().try_collect().await;
    assert_eq!(broken.unwrap_err().kind(), Kind::Malformed);
}

async fn a_stream_that_is_dropped_leaves_the_connection_free(setup: Setup) {
    let database = setup
        .builder()
        .model::<Sale>()
        .connection_pool_size(1)
        .open()
        .unwrap();
    let sales = database.repository::<Sale>().unwrap();
    let rows: Vec<Sale> = (0..1_200).map(|id| sale(id, None, 1)).collect();
    sales.bulk_create(&rows).await.unwrap();
    let mut stream = Box::pin(sales.query().stream());
    let first = stream.try_next().await.unwrap().unwrap();
    // Neither while it is read nor after it is dropped does anybody wait for it.
    assert_eq!(sales.count(Sale::ID.gte(0)).await.unwrap(), 1_200);
    drop(stream);
    assert_eq!(sales.read(&first.id).await.unwrap(), first);
}
