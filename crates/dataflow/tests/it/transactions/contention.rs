//! Work that somebody else is in the way of.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use dataflow::{DataFlow, Draft, Filter, Hooks, Occasion, Result, Transaction};
use serde_json::json;
use tokio::sync::Barrier;

use super::{france, italy};
use crate::models::Country;
use crate::nodes::call;
use crate::setup::Setup;

/// Changes two countries in one transaction, in the order given. The first two attempts wait for
/// each other in between, so that each holds what the other asks for.
async fn rename_both(
    database: &DataFlow,
    countries: [&Country; 2],
    attempts: &AtomicU32,
    met: &Barrier,
) -> Result<()> {
    database
        .transaction(async |tx| {
            let is_first = attempts.fetch_add(1, Ordering::Relaxed) < 2;
            let inside = tx.repository::<Country>()?;
            inside.update(&again(countries[0])).await?;
            if is_first {
                met.wait().await;
            }
            inside.update(&again(countries[1])).await.map(drop)
        })
        .await
}

fn again(country: &Country) -> Country {
    Country::new(&country.code, &format!("{} again", country.name))
}

#[tokio::test]
async fn two_that_hold_what_the_other_wants_are_both_done_in_the_end() {
    let setup = Setup::postgres();
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let (italy, france) = (italy(), france());
    countries
        .bulk_create(&[italy.clone(), france.clone()])
        .await
        .unwrap();
    let (attempts, met) = (AtomicU32::new(0), Barrier::new(2));
    let (one, other) = tokio::join!(
        rename_both(&database, [&italy, &france], &attempts, &met),
        rename_both(&database, [&france, &italy], &attempts, &met),
    );
    one.unwrap();
    other.unwrap();
    assert_eq!(
        attempts.into_inner(),
        3,
        "one of them was the victim, and did it again"
    );
    let rows = countries.list(Filter::all()).await.unwrap().rows;
    assert_eq!(rows, [again(&france), again(&italy)]);
}

#[tokio::test]
async fn work_that_somebody_is_always_in_the_way_of_fails_after_ten_repetitions() {
    let setup = Setup::postgres();
    let database = setup.open();
    for code in ["40P01", "40001"] {
        let attempts = AtomicU32::new(0);
        let work = database.transaction(async |tx| {
            attempts.fetch_add(1, Ordering::Relaxed);
            tx.repository::<Country>()?.create(&italy()).await?;
            let raise = format!("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$");
            tx.sql(raise).execute().await.map(drop)
        });
        let error = work.await.unwrap_err();
        assert!(error.is_contention(), "{error:?}");
        assert_eq!(attempts.into_inner(), 11, "{code}");
        let countries = database.repository::<Country>().unwrap();
        assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);
    }
}

/// Is told by the database, before and after each write, that another transaction was in the way, as
/// often as it says.
struct Late {
    times: u32,
    attempts: &'static AtomicU32,
}

impl Late {
    async fn meet(&self, tx: &Transaction) -> Result<()> {
        if self.attempts.fetch_add(1, Ordering::Relaxed) >= self.times {
            return Ok(());
        }
        let raise = "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$";
        tx.sql(raise).execute().await.map(drop)
    }
}

impl Hooks<Country> for Late {
    async fn before_write(
        &self,
        tx: &Transaction,
        _: Occasion,
        countries: &mut [Draft<Country>],
    ) -> Result<()> {
        for country in countries {
            let name = country.get(Country::NAME)?.unwrap_or_default();
            country.set(Country::NAME, format!("{name}!"))?;
        }
        self.meet(tx).await
    }

    async fn after_delete(&self, tx: &Transaction, _: &[Country]) -> Result<()> {
        self.meet(tx).await
    }
}

#[tokio::test]
async fn a_write_with_hooks_is_done_again_as_a_whole() {
    static ATTEMPTS: AtomicU32 = AtomicU32::new(0);
    let setup = Setup::postgres();
    let late = Late {
        times: 2,
        attempts: &ATTEMPTS,
    };
    let database = setup.library().hooks::<Country>(late).open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    let attempts = || ATTEMPTS.swap(0, Ordering::Relaxed);

    let created = countries.create(&italy()).await.unwrap();
    assert_eq!(
        (&*created.name, attempts()),
        ("Italy!", 3),
        "each attempt begins anew"
    );
    countries.bulk_create(&[france()]).await.unwrap();
    assert_eq!(attempts(), 3);
    let set = [Country::NAME.set("Somewhere")];
    let one = Country::CODE.eq("it");
    let changed = countries.update_where(one.clone(), set).await.unwrap();
    assert_eq!((changed, attempts()), (1, 3));
    let input = json!({"code": "it", "name": "Italia"});
    let row = call(&database, "country_update", input).await.unwrap();
    assert_eq!((&row["name"], attempts()), (&json!("Italia!"), 3));
    assert_eq!(countries.delete_where(one).await.unwrap(), 1);
    assert_eq!(attempts(), 3);
    countries.delete(&"fr".to_owned()).await.unwrap();
    assert_eq!(attempts(), 3);
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);

    // In a transaction it is that which is done again.
    let tries = AtomicU32::new(0);
    let work = database.transaction(async |tx| {
        tries.fetch_add(1, Ordering::Relaxed);
        tx.repository::<Country>()?.create(&italy()).await.map(drop)
    });
    work.await.unwrap();
    assert_eq!((tries.into_inner(), attempts()), (3, 3));
}

#[tokio::test]
async fn a_write_with_hooks_is_given_up_after_ten_repetitions() {
    static ATTEMPTS: AtomicU32 = AtomicU32::new(0);
    let setup = Setup::postgres();
    let late = Late {
        times: u32::MAX,
        attempts: &ATTEMPTS,
    };
    let database = setup.library().hooks::<Country>(late).open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    let error = countries.create(&italy()).await.unwrap_err();
    assert!(error.is_contention(), "{error:?}");
    assert_eq!(ATTEMPTS.load(Ordering::Relaxed), 11);
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_failure_that_would_come_again_is_not_repeated() {
    for setup in [Setup::sqlite(), Setup::postgres()] {
        let database = setup.open();
        let attempts = AtomicU32::new(0);
        let work = database.transaction(async |tx| {
            attempts.fetch_add(1, Ordering::Relaxed);
            let inside = tx.repository::<Country>()?;
            inside.create(&italy()).await?;
            inside.create(&italy()).await.map(drop)
        });
        assert!(work.await.unwrap_err().is_unique());
        assert_eq!(attempts.into_inner(), 1);
    }
}

/// A connection past the pool, as another program has one, that holds the file.
fn hold(setup: &Setup) -> rusqlite::Connection {
    let path = setup.url().strip_prefix("sqlite://").unwrap();
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

async fn create_in_transaction(database: &DataFlow, country: Country) -> Result<()> {
    let work = database
        .transaction(async |tx| tx.repository::<Country>()?.create(&country).await.map(drop));
    work.await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_another_program_writes_to_is_waited_for() {
    let setup = Setup::sqlite();
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let other = hold(&setup);
    let release = tokio::task::spawn_blocking(move || {
        std::thread::sleep(Duration::from_millis(400));
        other.execute_batch("COMMIT").unwrap();
    });
    let italy = italy();
    let (in_transaction, alone) = tokio::join!(
        create_in_transaction(&database, france()),
        countries.create(&italy),
    );
    in_transaction.unwrap();
    alone.unwrap();
    release.await.unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_another_program_keeps_is_given_up_within_the_timeout() {
    const PATIENCE: Duration = Duration::from_millis(300);
    let setup = Setup::sqlite();
    let database = setup.library().acquire_timeout(PATIENCE).open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    let other = hold(&setup);
    let begun = Instant::now();
    let error = create_in_transaction(&database, france())
        .await
        .unwrap_err();
    assert!(error.is_contention() || error.is_timeout(), "{error:?}");
    let error = countries.create(&italy()).await.unwrap_err();
    assert!(error.is_contention() || error.is_timeout(), "{error:?}");
    assert!(begun.elapsed() < 20 * PATIENCE, "{:?}", begun.elapsed());

    assert_eq!(
        countries.count(Filter::all()).await.unwrap(),
        0,
        "reads go on"
    );
    other.execute_batch("ROLLBACK").unwrap();
    create_in_transaction(&database, france()).await.unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
}

/// How often the statements of a table are in somebody's way, before they are let through.
fn obstruct(setup: &Setup, times: u32) {
    setup.sql(&format!(
        "CREATE SEQUENCE IF NOT EXISTS attempts; ALTER SEQUENCE attempts RESTART; \
         CREATE OR REPLACE FUNCTION obstruct() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF nextval('attempts') <= {times} THEN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END IF; \
         RETURN NULL; END $$; \
         CREATE OR REPLACE TRIGGER obstruct AFTER INSERT OR UPDATE OR DELETE ON countries \
         FOR EACH STATEMENT EXECUTE FUNCTION obstruct()"
    ));
}

fn attempts(setup: &Setup) -> String {
    setup.sql("SELECT last_value FROM attempts").unwrap()
}

/// A verb is a transaction of its own, of which nothing has taken effect.
#[tokio::test]
async fn a_verb_that_another_transaction_is_in_the_way_of_is_done_again() {
    let setup = Setup::postgres();
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    obstruct(&setup, 2);
    assert_eq!(countries.create(&italy()).await.unwrap(), italy());
    assert_eq!(attempts(&setup), "3");
    obstruct(&setup, 2);
    let many = [france(), Country::new("es", "Spain")];
    assert_eq!(countries.bulk_create(&many).await.unwrap(), many);
    assert_eq!(attempts(&setup), "3");
    obstruct(&setup, 2);
    let changed = many.each_ref().map(again);
    assert_eq!(countries.bulk_update(&changed).await.unwrap(), changed);
    assert_eq!(attempts(&setup), "3");
    obstruct(&setup, 2);
    countries.delete(&"it".to_owned()).await.unwrap();
    assert_eq!(attempts(&setup), "3");
    obstruct(&setup, 2);
    let own_words = database.sql("INSERT INTO countries VALUES ('de', 'Germany')");
    assert_eq!(own_words.execute().await.unwrap(), 1);
    assert_eq!(attempts(&setup), "3");

    obstruct(&setup, 100);
    let error = countries.create(&italy()).await.unwrap_err();
    assert!(error.is_contention(), "{error:?}");
    assert_eq!(attempts(&setup), "11");
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 3);
}
