use std::collections::BTreeSet;

use dataflow::error::Kind;
use dataflow::{DataFlow, DataFlowBuilder, Filter, Model};
use futures_util::TryStreamExt as _;
use futures_util::future::join_all;
use private_postgres::{Database, Pooler, test_database_url};

use crate::models::Country;
use crate::setup::Setup;

/// More than the pooler has sessions, so that each is somebody else's all the time.
const CONNECTIONS: usize = 4 * Pooler::SESSIONS;

fn through(pooler: &Pooler) -> DataFlowBuilder {
    DataFlow::builder(pooler.url())
        .environment([("", ""); 0])
        .transaction_pooling(true)
        .connection_pool_size(CONNECTIONS)
}

fn country(code: i32) -> Country {
    Country::new(&format!("{code:04}"), &format!("country {code}"))
}

#[tokio::test]
async fn every_verb_goes_through_pgbouncer_in_transaction_mode() {
    let setup = Setup::postgres();
    let Some(pooler) = Pooler::before(setup.url()) else {
        return;
    };
    let database = through(&pooler).model::<Country>().open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    let work = (0..40).map(async |code| {
        let (country, key) = (country(code), format!("{code:04}"));
        countries.create(&country).await.unwrap();
        assert_eq!(countries.read(&key).await.unwrap(), country);
        let renamed = Country::new(&key, &format!("{} again", country.name));
        countries.update(&renamed).await.unwrap();
        assert_eq!(
            countries.upsert(&country, Country::CODE).await.unwrap(),
            country
        );
        let named = Country::NAME.eq(country.name.as_str());
        assert_eq!(countries.count(named).await.unwrap(), 1);
    });
    join_all(work).await;
    let many: Vec<Country> = (100..3_100).map(country).collect();
    assert_eq!(countries.bulk_create(&many).await.unwrap().len(), 3_000);
    let loaded: Vec<Country> = (4_000..7_000).map(country).collect();
    assert_eq!(countries.bulk_load(&loaded).await.unwrap(), 3_000);
    let streamed: Vec<Country> = countries.query().stream().try_collect().await.unwrap();
    assert_eq!(streamed.len(), 6_040);
    let keys: Vec<String> = many.iter().map(|country| country.code.clone()).collect();
    assert_eq!(countries.bulk_delete(&keys).await.unwrap(), 3_000);
}

#[tokio::test]
async fn transactions_stay_whole_through_pgbouncer() {
    let setup = Setup::postgres();
    let Some(pooler) = Pooler::before(setup.url()) else {
        return;
    };
    let database = through(&pooler).model::<Country>().open().unwrap();
    let work = (0..32).map(async |number| {
        let tx = database.begin().await.unwrap();
        let countries = tx.repository::<Country>().unwrap();
        countries.create(&country(number)).await.unwrap();
        countries
            .bulk_create(&[country(1_000 + number)])
            .await
            .unwrap();
        match number % 4 {
            1 => tx.roll_back().await.unwrap(),
            3 => drop(tx),
            _ => tx.commit().await.unwrap(),
        }
    });
    join_all(work).await;
    let countries = database.repository::<Country>().unwrap();
    let rows = countries.list(Filter::all()).await.unwrap().rows;
    let kept: BTreeSet<String> = rows.into_iter().map(|country| country.code).collect();
    let expected = (0..32)
        .step_by(2)
        .flat_map(|number| [number, 1_000 + number]);
    assert_eq!(kept, expected.map(|code| format!("{code:04}")).collect());
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(row_level_security)]
struct Parcel {
    #[model(primary_key)]
    id: i64,
    #[model(tenant)]
    team: String,
}

/// What one tenant's transaction said of itself is not what the next one on that session goes by.
#[tokio::test]
async fn rows_of_tenants_stay_apart_on_the_sessions_that_pgbouncer_shares() {
    let server = Database::create_for_plain_role(&test_database_url());
    let Some(pooler) = Pooler::before(server.url()) else {
        return;
    };
    let database = through(&pooler).model::<Parcel>().open().unwrap();
    let work = (0..60).map(async |number| {
        let team = format!("team {}", number % 3);
        let tenant = database.tenant(&*team);
        let parcel = Parcel {
            id: 0,
            team: String::new(),
        };
        let parcels = tenant.repository::<Parcel>().unwrap();
        parcels.create(&parcel).await.unwrap();
        // In words of one's own, which no condition of ours narrows.
        let rows = tenant.sql("SELECT DISTINCT team FROM parcels");
        assert_eq!(rows.fetch::<(String,)>().await.unwrap(), [(team,)]);
    });
    join_all(work).await;
    let nobody = database.sql("SELECT team FROM parcels");
    assert!(nobody.fetch::<(String,)>().await.unwrap().is_empty());
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "countries", index(continent, code, name = "by_continent"))]
struct IndexedCountry {
    #[model(primary_key)]
    code: String,
    #[model(unique)]
    name: String,
    continent: Option<String>,
}

#[tokio::test]
async fn an_index_beside_writers_asks_for_ddl_url_behind_pgbouncer_and_is_made_by_way_of_it() {
    let setup = Setup::postgres();
    let Some(pooler) = Pooler::before(setup.url()) else {
        return;
    };
    let database = through(&pooler).model::<Country>().open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    countries.create(&country(1)).await.unwrap();
    let columns = "SELECT count(*)::text FROM pg_attribute \
                   WHERE attrelid = 'countries'::regclass AND attnum > 0";

    let newer = || through(&pooler).model::<IndexedCountry>();
    let error = newer().open().err().unwrap();
    assert_eq!(error.kind(), Kind::Unsupported, "{error:?}");
    assert!(error.help().unwrap().contains("ddl_url"), "{error:?}");
    assert_eq!(
        setup.sql(columns).as_deref(),
        Some("2"),
        "nothing was changed"
    );

    let database = newer().ddl_url(setup.url()).open().unwrap();
    assert_eq!(setup.sql(columns).as_deref(), Some("3"));
    let valid = "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'by_continent'::regclass";
    assert_eq!(setup.sql(valid).as_deref(), Some("true"));
    let countries = database.repository::<IndexedCountry>().unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
}
