use std::error::Error as _;

use dataflow::error::Kind;
use dataflow::query::count;
use dataflow::{DataFlow, FromRow, Model};
use rust_decimal::Decimal;

use crate::setup::Setup;

on_every_database! {
    a_statement_is_read_by_the_names_of_its_columns
    columns_that_a_struct_cannot_be_read_from_are_named
    a_query_gives_some_columns_as_a_struct
    decimals_are_bound_and_read_in_statements_of_ones_own
    a_text_that_is_wrong_says_what_the_database_says_of_it
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Sale {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(column = "town")]
    city: Option<String>,
    pieces: i32,
    total: Decimal,
}

#[derive(Debug, PartialEq, FromRow)]
#[model(of = Sale)]
struct Place {
    total: Decimal,
    #[model(field = city)]
    place: Option<String>,
}

#[derive(Debug, PartialEq, FromRow)]
#[model(of = Sale)]
struct Town {
    city: Option<String>,
}

#[derive(Debug, PartialEq, FromRow)]
struct Size {
    #[model(column = "town")]
    city: Option<String>,
    pieces: i64,
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

async fn sales(setup: &Setup) -> (DataFlow, Vec<Sale>) {
    let database = setup.builder().model::<Sale>().open().unwrap();
    let sale = |id, city: Option<&str>, pieces, total| Sale {
        id,
        city: city.map(str::to_owned),
        pieces,
        total: decimal(total),
    };
    let rows = vec![
        sale(1, Some("Rome"), 4, "40.1"),
        sale(2, Some("Rome"), 5, "-0.00012"),
        sale(3, None, 7, "123456789012345678.5"),
    ];
    let sales = database.repository::<Sale>().unwrap();
    sales.bulk_create(&rows).await.unwrap();
    (database, rows)
}

async fn a_statement_is_read_by_the_names_of_its_columns(setup: Setup) {
    let (database, rows) = sales(&setup).await;
    let sizes = "SELECT sum(pieces) AS pieces, 1 AS ignored, town FROM sales \
                 GROUP BY town ORDER BY 1 DESC";
    let size = |city: Option<&str>, pieces| Size {
        city: city.map(str::to_owned),
        pieces,
    };
    let read = database.sql(sizes).fetch::<Size>().await.unwrap();
    assert_eq!(read, [size(Some("Rome"), 9), size(None, 7)]);
    let other_order = "SELECT total, pieces, id, town FROM sales ORDER BY id";
    let read = database.sql(other_order).fetch::<Sale>().await.unwrap();
    assert_eq!(read, rows);
    let every = "SELECT * FROM sales WHERE id = 1";
    let read = database.sql(every).fetch_first::<Place>().await.unwrap();
    let place = Place {
        total: rows[0].total,
        place: rows[0].city.clone(),
    };
    assert_eq!(read, Some(place));
}

async fn columns_that_a_struct_cannot_be_read_from_are_named(setup: Setup) {
    let (database, _) = sales(&setup).await;
    let cases = [
        (
            "SELECT town, pieces AS piece FROM sales",
            "the statement gives no column \"pieces\", but \"town\", \"piece\"",
            "did you mean \"piece\"? call it so with AS",
        ),
        (
            "SELECT town FROM sales",
            "the statement gives no column \"pieces\", but \"town\"",
            "select it, or call another column so with AS pieces",
        ),
        (
            "SELECT town, town, 1 AS pieces FROM sales",
            "the statement gives more than one column \"town\"",
            "name what is read, and call others something else with AS",
        ),
    ];
    for (text, message, help) in cases {
        let error = database.sql(text).fetch::<Size>().await.unwrap_err();
        assert_eq!((error.message(), error.help()), (message, Some(help)));
    }
    let null = "SELECT CAST(NULL AS bigint) AS pieces, town FROM sales";
    let error = database.sql(null).fetch::<Size>().await.unwrap_err();
    assert!(
        error
            .message()
            .starts_with("column 0 (\"pieces\") of the row is null"),
        "{error}"
    );
    assert_eq!(error.help(), Some("read it as an Option"));
    let text = "SELECT 'four' AS pieces, town FROM sales";
    let error = database.sql(text).fetch::<Size>().await.unwrap_err();
    assert!(
        error
            .message()
            .starts_with("column 0 (\"pieces\") of the row does not hold"),
        "{error}"
    );
}

async fn a_query_gives_some_columns_as_a_struct(setup: Setup) {
    let (database, rows) = sales(&setup).await;
    let sales = database.repository::<Sale>().unwrap();
    let places: Vec<Place> = rows
        .iter()
        .map(|row| Place {
            total: row.total,
            place: row.city.clone(),
        })
        .collect();
    let page = sales.query().select(Place::COLUMNS).list().await.unwrap();
    assert_eq!(page.rows, places);
    let first = sales.query().filter(Sale::ID.gt(1)).select(Place::COLUMNS);
    assert_eq!(first.first().await.unwrap().as_ref(), places.get(1));
    let groups = sales.query().select(Town::COLUMNS).groups(count()).await;
    let town = |city: Option<&str>| Town {
        city: city.map(str::to_owned),
    };
    let wanted = [(town(Some("Rome")), 2), (town(None), 1)];
    assert_eq!(groups.unwrap().rows, wanted);
}

async fn decimals_are_bound_and_read_in_statements_of_ones_own(setup: Setup) {
    let (database, rows) = sales(&setup).await;
    for row in &rows {
        let equal = "SELECT id, total FROM sales WHERE total = $1";
        let found = database.sql(equal).bind(row.total);
        let found = found.fetch::<(i64, Decimal)>().await.unwrap();
        assert_eq!(found, [(row.id, row.total)]);
        let itself = database.sql("SELECT $1 AS total").bind(row.total);
        assert_eq!(itself.fetch::<(Decimal,)>().await.unwrap(), [(row.total,)]);
    }
    let change = database.sql("UPDATE sales SET total = $1 WHERE id = 1 RETURNING total");
    let changed = change
        .bind(decimal("7.25"))
        .execute_returning::<(Decimal,)>();
    assert_eq!(changed.await.unwrap(), [(decimal("7.25"),)]);
    let counted = database.sql("SELECT CAST(4 AS numeric) AS four");
    assert_eq!(
        counted.fetch::<(Decimal,)>().await.unwrap(),
        [(decimal("4"),)]
    );
    if !setup.is_sqlite() {
        let sum = database.sql("SELECT sum(total), NULL::numeric FROM sales");
        let sum = sum.fetch::<(Decimal, Option<Decimal>)>().await.unwrap();
        assert_eq!(sum, [(decimal("123456789012345685.74988"), None)]);
    }
}

async fn a_text_that_is_wrong_says_what_the_database_says_of_it(setup: Setup) {
    let (database, _) = sales(&setup).await;
    let said = async |text: &str| {
        let error = database.sql(text).bind(7_i64).execute().await.unwrap_err();
        assert_eq!(error.kind(), Kind::Internal, "{error:?}");
        let source = error.source().map(ToString::to_string).unwrap_or_default();
        assert!(format!("{error:?}").contains(&source));
        source
    };
    let misspelled = said("SELCT $1").await;
    assert!(misspelled.contains("\"SELCT\""), "{misspelled}");
    let ambiguous = said("SELECT id FROM sales AS a, sales AS b WHERE a.id = $1").await;
    assert!(ambiguous.contains("ambiguous"), "{ambiguous}");
    let secret = said("SELECT $1 + 'hunter2' 'hunter2' 'hunter2'").await;
    assert!(!secret.contains("hunter2"), "{secret}");
    if !setup.is_sqlite() {
        let operator = said("SELECT id FROM sales WHERE town = $1").await;
        let wanted = "operator does not exist: text = bigint (at character 33)";
        assert_eq!(operator, wanted);
    }
}
