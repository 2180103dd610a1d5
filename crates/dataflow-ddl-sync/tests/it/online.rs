use std::thread;

use dataflow_core::ddl::{Outcome, SyncOptions};
use dataflow_core::schema::{DefaultValue, FieldType};

use crate::models::{With, defaulted, field, model, optional, set, user};
use crate::setup::Setup;

const ONE_USER: &str = "INSERT INTO users (name, email) VALUES ('Ada', 'a')";

#[test]
fn an_index_on_a_table_with_rows_is_made_beside_writers() {
    let setup = Setup::postgres();
    setup.outcome([user()]);
    setup.execute(ONE_USER);
    let indexed = || [user().with_index(&["name"], false)];
    let plan = setup.executor().plan(&set(indexed())).unwrap();
    assert!(
        format!("{plan:#}").contains("CREATE INDEX CONCURRENTLY"),
        "{plan:#}"
    );
    assert_eq!(setup.outcome(indexed()), Outcome::Applied { steps: 1 });
    assert_eq!(
        setup.number("SELECT count(*) FROM pg_index WHERE NOT indisvalid"),
        0
    );
    let status = "SELECT count(*) FROM dataflow_migration_history WHERE status = 'done'";
    assert_eq!(setup.number(status), 2);
    assert_eq!(setup.outcome(indexed()), Outcome::Unchanged);
}

#[test]
fn what_an_interrupted_attempt_left_is_removed_or_finished() {
    let setup = Setup::postgres();
    let post = || model("Post").with(optional("user_id", FieldType::I64));
    setup.outcome([user(), post()]);
    setup.execute(ONE_USER);
    setup.execute(
        "INSERT INTO posts (user_id) VALUES (1);
         CREATE INDEX users_name_idx ON users (name);
         UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'users_name_idx'::regclass;
         ALTER TABLE posts ADD CONSTRAINT posts_user_id_fkey FOREIGN KEY (user_id)
             REFERENCES users (id) NOT VALID",
    );
    let whole = || {
        [
            user().with_index(&["name"], false),
            post().with_relation("user_id", "users"),
        ]
    };
    assert_eq!(setup.outcome(whole()), Outcome::Applied { steps: 2 });
    assert_eq!(
        setup.number("SELECT count(*) FROM pg_index WHERE NOT indisvalid"),
        0
    );
    assert_eq!(
        setup.number("SELECT count(*) FROM pg_constraint WHERE NOT convalidated"),
        0
    );
    assert_eq!(
        setup.executor().plan(&set(whole())).unwrap().to_string(),
        ""
    );
}

#[test]
fn rows_are_filled_in_batch_by_batch_while_others_write() {
    let setup = Setup::postgres();
    setup.outcome([user().with(optional("size", FieldType::I32))]);
    setup.execute(
        "INSERT INTO users (name, email) SELECT repeat('x', 500), n::text FROM generate_series(1, 50000) n",
    );
    let filled = || set([user().with(defaulted("size", FieldType::I32, DefaultValue::Integer(7)))]);
    let executor = setup.executor();
    let hash = executor.plan(&filled()).unwrap().hash();
    thread::scope(|scope| {
        let migration = scope.spawn(|| executor.apply(&filled(), &SyncOptions::default(), hash));
        let mut writer = setup.postgres_client();
        let mut number = 0;
        while !migration.is_finished() {
            number += 1;
            let sql = format!("INSERT INTO users (name, email, size) VALUES ('w', 'w{number}', 1)");
            writer.batch_execute(&sql).unwrap();
        }
        migration.join().unwrap().unwrap();
    });
    assert_eq!(
        setup.number("SELECT count(*) FROM users WHERE size = 7"),
        50_000
    );
    assert_eq!(
        setup.number("SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'size' AND attnotnull"),
        1
    );
    let helpers =
        "SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid = 'users'::regclass";
    assert_eq!(setup.number(helpers), 0, "nothing is left of the way");
}

/// A program of the version before does not name the new column, and so writes each row back with
/// null in it until its turn has come.
#[test]
fn a_program_of_before_changes_rows_while_a_required_column_is_filled_in() {
    const ROWS: i64 = 20_000;
    let setup = Setup::postgres();
    setup.outcome([user()]);
    setup.execute(&format!(
        "INSERT INTO users (name, email) SELECT repeat('x', 500), n::text FROM generate_series(1, {ROWS}) n"
    ));
    let mut token = field("token", FieldType::Uuid);
    token.default = Some(DefaultValue::Sql("gen_random_uuid()".into()));
    let grown = || [user().with(token.clone())];
    let changed = thread::scope(|scope| {
        let migration = scope.spawn(|| setup.outcome(grown()));
        let mut program = setup.postgres_client();
        let mut changed = 0;
        while !migration.is_finished() {
            changed += 1;
            let late = ROWS - changed * 37 % ROWS;
            for email in [1, late] {
                let sql = format!("UPDATE users SET name = name || '.' WHERE email = '{email}'");
                program.batch_execute(&sql).unwrap();
            }
        }
        assert_eq!(migration.join().unwrap(), Outcome::Applied { steps: 1 });
        changed
    });
    assert!(changed > 10, "{changed} rows were changed meanwhile");
    assert_eq!(
        setup.number("SELECT count(DISTINCT token) FROM users"),
        ROWS
    );
    assert_eq!(setup.outcome(grown()), Outcome::Unchanged);
}

#[test]
fn what_a_failed_attempt_to_refuse_null_left_goes_when_null_is_taken_after_all() {
    let setup = Setup::postgres();
    let nameless = || {
        let mut nameless = user();
        nameless.fields.to_mut()[1].nullable = true;
        [nameless]
    };
    setup.outcome(nameless());
    let null = "INSERT INTO users (email) VALUES ('a')";
    setup.execute(
        "ALTER TABLE users ADD CONSTRAINT users_name_not_null CHECK (name IS NOT NULL) NOT VALID",
    );
    assert!(setup.try_execute(null).is_err());
    assert_eq!(setup.outcome(nameless()), Outcome::Applied { steps: 1 });
    setup.execute(null);
}

#[test]
fn a_step_that_fails_after_the_shared_transaction_is_recorded_and_made_by_the_next_start() {
    let setup = Setup::postgres();
    setup.outcome([user()]);
    setup.execute(
        "INSERT INTO users (name, email) VALUES ('Ann', 'a');
         CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
             AS 'BEGIN RAISE EXCEPTION ''not now''; END';
         CREATE TRIGGER refuse BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    let coded = || {
        let mut code = field("code", FieldType::Uuid);
        code.default = Some(DefaultValue::Sql("gen_random_uuid()".into()));
        [user().with(code)]
    };
    let error = setup.synchronize(coded()).unwrap_err();
    assert!(error.to_string().contains("add column \"code\""), "{error}");
    assert!(
        error.help().unwrap().contains("goes on from there"),
        "{error:?}"
    );
    let status = "SELECT status FROM dataflow_migration_history ORDER BY id DESC LIMIT 1";
    assert_eq!(setup.texts(status), [Some("failed".to_owned())]);
    assert_eq!(
        setup.number("SELECT count(*) FROM users WHERE code IS NULL"),
        1
    );

    setup.execute("DROP TRIGGER refuse ON users");
    assert!(matches!(setup.outcome(coded()), Outcome::Applied { .. }));
    assert_eq!(
        setup.number("SELECT count(*) FROM users WHERE code IS NULL"),
        0
    );
    assert_eq!(setup.outcome(coded()), Outcome::Unchanged);
}
