use dataflow_core::ddl::{Outcome, SyncOptions};
use dataflow_core::error::Kind;
use dataflow_core::plan::Policy;
use dataflow_core::schema::{DefaultValue, FieldType};
use dataflow_core::{Endpoint, Error, ModelSchema};
use dataflow_ddl_sync::synchronize_on;
use private_postgres::{Cluster, Settings, SmallDisk};

use crate::models::{With, field, model, optional, set, user};
use crate::setup::{Setup, WAIT};

#[test]
fn a_full_disk_leaves_sqlite_as_it_was() {
    let setup = Setup::sqlite();
    setup.outcome([user()]);
    setup.execute(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 5000)
         INSERT INTO users (name, email) SELECT 'name', 'e' || n FROM numbers",
    );
    let optional_name = || {
        let mut user = user();
        user.fields.to_mut()[1].nullable = true;
        set([user])
    };
    let Endpoint::Sqlite(endpoint) = setup.endpoint() else {
        panic!("the setup is SQLite")
    };
    let mut connection = setup.sqlite_connection();
    let all = "SELECT group_concat(sql) FROM sqlite_schema";
    let before = setup.texts(all);
    let mut synchronize = |room: i64| {
        let pages: i64 = connection
            .query_row("PRAGMA page_count", [], |row| row.get(0))
            .unwrap();
        let most = pages + room;
        connection
            .pragma_update_and_check(None, "max_page_count", most, |_| Ok(()))
            .unwrap();
        synchronize_on(
            &mut connection,
            &endpoint,
            &optional_name(),
            &SyncOptions::default(),
            WAIT,
        )
    };
    let error = synchronize(3).unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.to_string().contains("full"), "{error}");
    assert_eq!(setup.texts(all), before);
    assert_eq!(setup.number("SELECT count(*) FROM users"), 5_000);

    let ready = synchronize(100_000).unwrap();
    assert_eq!(ready.outcome(), Outcome::Applied { steps: 1 });
    assert_eq!(setup.number("SELECT count(*) FROM users"), 5_000);
}

const ROWS: i64 = 10_000;

/// A database whose disk has room for no second copy of the users that it holds.
fn crowded(disk: &SmallDisk) -> Setup {
    let setup = Setup::at_postgres(disk.url());
    setup.outcome([aged(FieldType::I32)]);
    setup.execute(&format!(
        "INSERT INTO users (name, email) \
         SELECT md5(n::text) || repeat('x', 450), n FROM generate_series(1, {ROWS}) n"
    ));
    setup
}

fn aged(field_type: FieldType) -> ModelSchema {
    user().with(optional("age", field_type))
}

#[track_caller]
fn is_of_a_full_disk(error: &Error) {
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    let message = error.to_string();
    assert!(
        message.contains("the disk of the server is full"),
        "{error}"
    );
}

#[test]
fn a_full_disk_of_the_server_undoes_all_of_a_transaction() {
    let cluster = Cluster::start(Settings::default()).unwrap();
    let Some(disk) = SmallDisk::of(&cluster) else {
        return;
    };
    let setup = crowded(&disk);
    let wider = set([aged(FieldType::I64), model("Post")]);
    let full = SyncOptions {
        policy: Policy::Full,
        ..SyncOptions::default()
    };
    let error = setup.executor().synchronize(&wider, &full).unwrap_err();
    is_of_a_full_disk(&error);
    assert!(error.help().unwrap().contains("nothing was changed"));
    let before = set([aged(FieldType::I32)]);
    assert_eq!(setup.executor().plan(&before).unwrap().to_string(), "");
    assert!(!setup.executor().table_exists("posts").unwrap());
    assert_eq!(setup.number("SELECT count(*) FROM users"), ROWS);
    assert_eq!(setup.migrations(), 1);

    disk.grow().unwrap();
    let ready = setup.executor().synchronize(&wider, &full).unwrap();
    assert_eq!(ready.outcome(), Outcome::Applied { steps: 2 });
    assert_eq!(setup.number("SELECT count(*) FROM users"), ROWS);
}

#[test]
fn what_a_full_disk_interrupts_beside_writers_is_recorded_and_goes_on_once_there_is_room() {
    let cluster = Cluster::start(Settings::default()).unwrap();
    let Some(disk) = SmallDisk::of(&cluster) else {
        return;
    };
    let setup = crowded(&disk);
    let mut token = field("token", FieldType::Uuid);
    token.default = Some(DefaultValue::Sql("gen_random_uuid()".into()));
    let indexed = || [aged(FieldType::I32).with_index(&["name"], false)];
    let filled = || indexed().map(|user| user.with(token.clone()));
    let status = "SELECT status FROM dataflow_migration_history ORDER BY id DESC LIMIT 1";
    let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";

    for attempt in [set(indexed()), set(filled())] {
        let error = setup
            .executor()
            .synchronize(&attempt, &SyncOptions::default());
        let error = error.unwrap_err();
        is_of_a_full_disk(&error);
        assert!(
            error.help().unwrap().contains("goes on from there"),
            "{error:?}"
        );
        assert_eq!(setup.texts(status), [Some("failed".to_owned())]);
        assert_eq!(setup.number(invalid), 0);
        assert_eq!(setup.number("SELECT count(*) FROM users"), ROWS);
    }

    disk.grow().unwrap();
    assert!(matches!(setup.outcome(filled()), Outcome::Applied { .. }));
    let tokens = "SELECT count(DISTINCT token) FROM users";
    assert_eq!(setup.number(tokens), ROWS);
    assert_eq!(setup.number(invalid), 0);
    assert_eq!(setup.outcome(filled()), Outcome::Unchanged);
}
