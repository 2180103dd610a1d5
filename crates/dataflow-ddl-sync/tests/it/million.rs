use std::thread;

use dataflow_core::ModelSchema;
use dataflow_core::ddl::{Outcome, SyncOptions};
use dataflow_core::plan::Class;
use dataflow_core::schema::{DefaultValue, FieldType};

use crate::models::{With, defaulted, optional, set, user};
use crate::setup::Setup;

const MILLION: i64 = 1_000_000;

fn sized(field_type: FieldType) -> ModelSchema {
    user().with(optional("size", field_type))
}

/// A database with a million users.
fn fill(setup: &Setup) {
    setup.outcome([sized(FieldType::I32)]);
    let numbers = match setup.is_postgres() {
        true => "SELECT n FROM generate_series(1, 1000000) n",
        false => {
            "WITH RECURSIVE numbers (n) AS (
                SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000000)
             SELECT n FROM numbers"
        }
    };
    setup.execute(&format!(
        "INSERT INTO users (name, email, size) SELECT 'n', 'e' || n, NULL FROM ({numbers}) AS all_of_them"
    ));
}

/// What changes when the rows of a table are written anew.
fn storage(setup: &Setup) -> Vec<Option<String>> {
    setup.texts(match setup.is_postgres() {
        true => "SELECT pg_relation_filenode('users')::text",
        false => "SELECT sql || rootpage FROM sqlite_schema WHERE name = 'users'",
    })
}

#[test]
fn nothing_is_written_anew_unless_it_is_approved() {
    for setup in Setup::both() {
        fill(&setup);
        let before = storage(&setup);
        let strict = || match setup.is_postgres() {
            true => sized(FieldType::I64),
            // There, another type of integer is no change.
            false => user().with(defaulted("size", FieldType::I32, DefaultValue::Integer(7))),
        };
        let plan = setup.executor().plan(&set([strict()])).unwrap();
        let classes: Vec<Class> = plan.steps.iter().map(|step| step.class).collect();
        assert!(classes.contains(&Class::Rewrite), "{plan:#}");
        let kept = setup.synchronize([strict()]);
        assert_eq!(storage(&setup), before, "{kept:?}");

        let grown = || sized(FieldType::I32).with(optional("age", FieldType::I32));
        assert_eq!(setup.outcome([grown()]), Outcome::Applied { steps: 1 });
        if setup.is_postgres() {
            assert_eq!(storage(&setup), before);
        }
        assert_eq!(setup.number("SELECT count(*) FROM users"), MILLION);

        let hash = setup.executor().plan(&set([strict()])).unwrap().hash();
        let approved = setup
            .executor()
            .apply(&set([strict()]), &SyncOptions::default(), hash);
        approved.unwrap();
        assert_ne!(storage(&setup), before);
        assert_eq!(setup.number("SELECT count(*) FROM users"), MILLION);
    }
}

#[test]
fn writers_go_on_while_a_million_rows_are_filled_in() {
    let setup = Setup::postgres();
    fill(&setup);
    let filled = || set([user().with(defaulted("size", FieldType::I32, DefaultValue::Integer(7)))]);
    let executor = setup.executor();
    let hash = executor.plan(&filled()).unwrap().hash();
    let written = thread::scope(|scope| {
        let migration = scope.spawn(|| executor.apply(&filled(), &SyncOptions::default(), hash));
        let mut writer = setup.postgres_client();
        writer
            .batch_execute("SET statement_timeout = '5s'")
            .unwrap();
        let mut written = 0;
        while !migration.is_finished() {
            written += 1;
            let insert = "INSERT INTO users (name, email, size) VALUES ($1, $2, 1)";
            let email = format!("w{written}");
            writer.execute(insert, &[&"w", &email]).unwrap();
            // One that everybody changes, and one whose turn may come late.
            for number in [1, written * 7919 % MILLION + 1] {
                let update = "UPDATE users SET name = name || '.' WHERE email = $1";
                let changed = writer.execute(update, &[&format!("e{number}")]).unwrap();
                assert_eq!(changed, 1);
            }
        }
        migration.join().unwrap().unwrap();
        written
    });
    assert!(written > 100, "{written} rows were written meanwhile");
    let counted =
        |size: i64| setup.number(&format!("SELECT count(*) FROM users WHERE size = {size}"));
    assert_eq!(counted(7), MILLION);
    assert_eq!(counted(1), written);
}
