use dataflow_core::ddl::{DriftCheck, Migrate, Migrations, Outcome, SyncOptions};
use dataflow_core::inventory::{Item, Schemas};
use dataflow_core::plan::Policy;
use dataflow_core::schema::{Action, FieldType, Key, KeyGenerator, RenamedField};
use dataflow_core::{Error, ModelSchema, SchemaSet};
use dataflow_ddl_sync::Imitator;

use crate::models::{With, field, model, optional, set, user};
use crate::setup::Setup;

fn post() -> ModelSchema {
    let mut post = model("Post")
        .with(field("user_id", FieldType::I64))
        .with_relation("user_id", "users");
    post.relations.to_mut()[0].on_delete = Action::Cascade;
    post.relations.to_mut()[0].on_update = Action::Cascade;
    post
}

fn followed(models: impl IntoIterator<Item = ModelSchema>) -> SchemaSet {
    set(models).change_feed(true)
}

fn start(setup: &Setup, set: &SchemaSet) -> Result<Outcome, Error> {
    let ready = setup.executor().synchronize(set, &SyncOptions::default())?;
    Ok(ready.outcome())
}

/// What is written down, an entry a line, and is forgotten by that.
fn written(setup: &Setup) -> Vec<String> {
    let order = match setup.is_postgres() {
        true => "transaction, position",
        false => "position",
    };
    let sql = format!(
        "SELECT table_name || ' ' || verb || ' ' || CAST(row_key AS text) \
         || coalesce(' was ' || CAST(former_key AS text), '') \
         FROM dataflow_changes ORDER BY {order}"
    );
    let entries = setup.texts(&sql);
    setup.execute("DELETE FROM dataflow_changes");
    entries.into_iter().flatten().collect()
}

fn steps(setup: &Setup, set: &SchemaSet) -> Vec<String> {
    let plan = setup.executor().plan(set).unwrap();
    plan.steps
        .iter()
        .map(|step| step.change.to_string())
        .collect()
}

const ANN: &str = "INSERT INTO users (id, name, email) VALUES (1, 'Ann', 'a')";

#[test]
fn what_a_feed_needs_is_planned_step_by_step_and_made_once() {
    for setup in Setup::both() {
        let models = followed([user(), post()]);
        assert_eq!(
            steps(&setup, &models),
            [
                "create table \"dataflow_changes\"",
                "create table \"users\"",
                "create table \"posts\"",
                "create unique index \"users_email_key\" on table \"users\"",
                "write down the changes of table \"users\"",
                "write down the changes of table \"posts\"",
            ]
        );
        assert_eq!(
            start(&setup, &models).unwrap(),
            Outcome::Applied { steps: 6 }
        );
        assert_eq!(start(&setup, &models).unwrap(), Outcome::Unchanged);
        let full = SyncOptions {
            drift_check: DriftCheck::Full,
            ..SyncOptions::default()
        };
        let ready = setup.executor().synchronize(&models, &full).unwrap();
        assert_eq!(
            (ready.outcome(), ready.findings()),
            (Outcome::Unchanged, &[][..])
        );
        assert!(steps(&setup, &models).is_empty());
    }
}

#[test]
fn whatever_writes_a_row_is_written_down_with_it() {
    for setup in Setup::both() {
        start(&setup, &followed([user(), post()])).unwrap();
        let after = |sql: &str| {
            setup.execute(&format!("{}{sql}", keys_on(&setup)));
            written(&setup)
        };
        assert_eq!(after(ANN), ["users create [1]"]);
        assert_eq!(
            after("INSERT INTO users (id, name, email) VALUES (2, 'b', 'b'), (3, 'c', 'c')"),
            ["users create [2]", "users create [3]"]
        );
        assert_eq!(
            after("UPDATE users SET name = 'B' WHERE id = 2"),
            ["users update [2]"]
        );
        assert_eq!(
            after(
                "INSERT INTO users (id, name, email) VALUES (3, 'C', 'c'), (4, 'd', 'd') \
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name"
            )
            .len(),
            2
        );
        assert_eq!(after("UPDATE users SET name = 'x' WHERE id = 99"), [""; 0]);
        assert_eq!(
            after("INSERT INTO posts (id, user_id) VALUES (7, 1)"),
            ["posts create [7]"]
        );
        // A key that changes, and what follows it.
        let mut moved = after("UPDATE users SET id = 11 WHERE id = 1");
        moved.sort();
        assert_eq!(moved, ["posts update [7]", "users update [11] was [1]"]);
        let mut gone = after("DELETE FROM users WHERE id = 11");
        gone.sort();
        assert_eq!(
            gone,
            ["posts delete [7]", "users delete [11]"],
            "the cascade too"
        );
        let all = match setup.is_postgres() {
            true => "TRUNCATE users CASCADE",
            false => "DELETE FROM users",
        };
        assert_eq!(after(all).len(), 3);
        assert_eq!(after(&format!("BEGIN; {ANN}; ROLLBACK")), [""; 0]);
    }
}

fn keys_on(setup: &Setup) -> &'static str {
    match setup.is_postgres() {
        true => "",
        false => "PRAGMA foreign_keys = ON;",
    }
}

#[test]
fn rows_that_are_copied_in_are_written_down() {
    let setup = Setup::postgres();
    start(&setup, &followed([user()])).unwrap();
    let mut client = setup.postgres_client();
    let mut writer = client
        .copy_in("COPY users (id, name, email) FROM STDIN")
        .unwrap();
    std::io::Write::write_all(&mut writer, b"1\ta\ta\n2\tb\tb\n").unwrap();
    writer.finish().unwrap();
    assert_eq!(written(&setup), ["users create [1]", "users create [2]"]);
}

#[test]
fn whoever_may_write_to_a_table_need_not_be_let_into_the_outbox() {
    let setup = Setup::postgres();
    start(&setup, &followed([user()])).unwrap();
    setup.execute(&format!(
        "CREATE ROLE guest_{0}; GRANT INSERT ON users TO guest_{0}; SET ROLE guest_{0}; \
         SET search_path = ''; INSERT INTO public.users (id, name, email) VALUES (1, 'a', 'a'); \
         RESET ROLE; DROP OWNED BY guest_{0}; DROP ROLE guest_{0}",
        std::process::id()
    ));
    assert_eq!(written(&setup), ["users create [1]"]);
}

#[test]
fn a_feed_that_is_turned_off_is_removed_and_one_that_nobody_speaks_of_stays() {
    for setup in Setup::both() {
        start(&setup, &followed([user()])).unwrap();
        // A program that knows nothing of feeds, or a command line that was told of models alone.
        assert_eq!(start(&setup, &set([user()])).unwrap(), Outcome::Unchanged);
        setup.execute(ANN);
        assert_eq!(written(&setup), ["users create [1]"]);

        let off = set([user()]).change_feed(false);
        let planned = steps(&setup, &off);
        assert_eq!(
            planned,
            ["no longer write down the changes of table \"users\""]
        );
        assert_eq!(start(&setup, &off).unwrap(), Outcome::Applied { steps: 1 });
        assert_eq!(start(&setup, &off).unwrap(), Outcome::Unchanged);
        setup.execute("DELETE FROM users");
        assert_eq!(written(&setup), [""; 0]);

        // What was done meanwhile is not known, and the outbox says so.
        assert_eq!(
            start(&setup, &followed([user()])).unwrap(),
            Outcome::Applied { steps: 1 }
        );
        assert_eq!(written(&setup), ["users gap []"]);
    }
}

#[test]
fn a_trigger_that_is_gone_or_idle_is_noticed_and_made_anew() {
    for setup in Setup::both() {
        let models = followed([user()]);
        let harm: &[&str] = match setup.is_postgres() {
            true => &[
                "DROP TRIGGER dataflow_users_insert ON users",
                "ALTER TABLE users DISABLE TRIGGER dataflow_users_key",
                "CREATE OR REPLACE FUNCTION dataflow_users_insert() RETURNS trigger \
                 LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            ],
            false => &["DROP TRIGGER dataflow_users_insert"],
        };
        start(&setup, &models).unwrap();
        for harm in harm {
            setup.execute(harm);
            let verify = SyncOptions {
                migrate: Migrate::Verify,
                ..SyncOptions::default()
            };
            let error = setup.executor().synchronize(&models, &verify).unwrap_err();
            assert!(
                error.details()[0].contains("without its changes being written"),
                "{error:?}"
            );
            assert_eq!(
                start(&setup, &models).unwrap(),
                Outcome::Applied { steps: 1 },
                "{harm}"
            );
            assert_eq!(start(&setup, &models).unwrap(), Outcome::Unchanged);
            written(&setup);
            setup.execute("DELETE FROM users");
            setup.execute(ANN);
            assert_eq!(written(&setup).last().unwrap(), "users create [1]");
        }
    }
}

#[test]
fn a_feed_goes_along_with_tables_that_change() {
    for setup in Setup::both() {
        start(&setup, &followed([user()])).unwrap();
        setup.execute(ANN);
        written(&setup);
        let full = SyncOptions {
            policy: Policy::Full,
            ..SyncOptions::default()
        };
        let check = |models: SchemaSet, sql: &str, expected: &str| {
            let synchronized = setup.executor().synchronize(&models, &full);
            synchronized.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
            assert_eq!(start(&setup, &models).unwrap(), Outcome::Unchanged, "{sql}");
            written(&setup);
            setup.execute(sql);
            assert_eq!(written(&setup), [expected], "{sql}");
        };
        // On SQLite, the table is written anew.
        let mut nameless = user();
        nameless.fields.to_mut()[1].nullable = true;
        check(
            followed([nameless.clone()]),
            "UPDATE users SET name = NULL",
            "users update [1]",
        );
        let mut people = nameless.clone();
        people.table = "people".into();
        people.evolution.renamed_from = Some("users".into());
        check(
            followed([people.clone()]),
            "UPDATE people SET name = 'x'",
            "people update [1]",
        );
        let mut numbered = people.clone();
        numbered.fields.to_mut()[0].name = "number".into();
        numbered.fields.to_mut()[0].column = "number".into();
        numbered.evolution.renamed_fields = vec![RenamedField {
            field: "number".into(),
            from: "id".into(),
        }]
        .into();
        numbered.key = Key::new("number", KeyGenerator::Serial);
        check(
            followed([numbered.clone()]),
            "UPDATE people SET number = 2",
            "people update [2] was [1]",
        );
    }
}

#[test]
fn a_key_of_another_type_goes_on_being_written_down() {
    let setup = Setup::postgres();
    let tag = |field_type| {
        let mut tag = model("Tag").with(optional("note", FieldType::String));
        tag.fields.to_mut()[0].field_type = field_type;
        tag.key.generator = KeyGenerator::None;
        tag
    };
    start(&setup, &followed([tag(FieldType::I32)])).unwrap();
    setup.execute("INSERT INTO tags (id) VALUES (1)");
    written(&setup);
    let full = SyncOptions {
        policy: Policy::Full,
        ..SyncOptions::default()
    };
    let models = followed([tag(FieldType::I64)]);
    setup.executor().synchronize(&models, &full).unwrap();
    assert_eq!(start(&setup, &models).unwrap(), Outcome::Unchanged);
    setup.execute("UPDATE tags SET id = 5000000000");
    assert_eq!(written(&setup), ["tags update [5000000000] was [1]"]);
}

#[test]
fn a_feed_goes_along_with_tables_that_become_like_others() {
    let (setup, target) = (Setup::postgres(), Setup::postgres());
    let tables = "CREATE TABLE users (id integer PRIMARY KEY, name text)";
    start(&setup, &followed([user(), post()])).unwrap();
    setup.execute(ANN);
    written(&setup);
    target.execute(tables);
    let imitator = Imitator::new(setup.executor(), target.executor());
    let hash = imitator.plan().unwrap().hash();
    imitator.apply(Policy::Approved(hash), &mut |_| {}).unwrap();
    assert!(imitator.plan().unwrap().steps.is_empty());

    let left = "SELECT count(*) FROM pg_proc WHERE proname LIKE 'dataflow\\_posts\\_%'";
    assert_eq!(setup.number(left), 0);
    setup.execute("UPDATE users SET id = 2");
    assert_eq!(written(&setup), ["users update [2] was [1]"]);
}

#[test]
fn a_key_of_several_columns_is_written_down_whole() {
    for setup in Setup::both() {
        let mut seat = model("Seat").with(field("row", FieldType::String));
        seat.key = Key::composite(["row", "id"]);
        start(&setup, &followed([seat])).unwrap();
        for (sql, expected) in [
            (
                "INSERT INTO seats (\"row\", id) VALUES ('A', 1)",
                r#"seats create ["A",1]"#,
            ),
            (
                "UPDATE seats SET \"row\" = 'B'",
                r#"seats update ["B",1] was ["A",1]"#,
            ),
            ("DELETE FROM seats", r#"seats delete ["B",1]"#),
        ] {
            setup.execute(sql);
            let written: Vec<String> = written(&setup);
            let written: Vec<String> = written.iter().map(|line| line.replace(", ", ",")).collect();
            assert_eq!(written, [expected], "{sql}");
        }
    }
}

#[test]
fn models_that_are_generated_and_inventories_say_nothing_of_a_feed() {
    for setup in Setup::both() {
        start(&setup, &followed([user()])).unwrap();
        let adopted = setup.executor().adopt().unwrap();
        assert_eq!(adopted.unsaid, [], "{:?}", adopted.unsaid);
        assert_eq!(adopted.schema_set.len(), 1);
        let inventory = setup
            .executor()
            .run(|executor| Ok(executor.inventory(&Schemas::Current)?.without_ledger()))
            .unwrap();
        let is_of_feed = |item: &&Item| item.name.contains("dataflow_");
        assert_eq!(inventory.items.iter().find(is_of_feed), None);
    }
}

#[test]
fn a_table_that_goes_leaves_nothing_of_the_feed_behind() {
    for setup in Setup::both() {
        start(&setup, &followed([user(), post()])).unwrap();
        let models = followed([user()]).drop_table("posts");
        let options = SyncOptions {
            policy: Policy::Approved(setup.executor().plan(&models).unwrap().hash()),
            ..SyncOptions::default()
        };
        setup.executor().synchronize(&models, &options).unwrap();
        let left = match setup.is_postgres() {
            true => "SELECT count(*) FROM pg_proc WHERE proname LIKE 'dataflow\\_posts\\_%'",
            false => "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'dataflow%posts%'",
        };
        assert_eq!(setup.number(left), 0);
        setup.execute(ANN);
        assert_eq!(written(&setup), ["users create [1]"]);
    }
}

#[test]
fn an_entry_says_whose_row_it_is_and_an_outbox_of_before_learns_to() {
    for setup in Setup::both() {
        let note = |is_of_a_tenant| {
            let mut note = model("Note").with(field("team", FieldType::String));
            note.fields.to_mut()[1].tenant = is_of_a_tenant;
            followed([note])
        };
        start(&setup, &note(false)).unwrap();
        setup.execute("ALTER TABLE dataflow_changes DROP COLUMN tenant");
        start(&setup, &note(true)).unwrap();
        assert_eq!(start(&setup, &note(true)).unwrap(), Outcome::Unchanged);
        assert!(steps(&setup, &note(true)).is_empty());

        for sql in [
            "INSERT INTO notes (id, team) VALUES (1, 'ours')",
            "UPDATE notes SET id = id",
            "UPDATE notes SET id = 2",
            "DELETE FROM notes",
        ] {
            setup.execute(sql);
        }
        let whose = setup.texts("SELECT tenant FROM dataflow_changes WHERE verb <> 'gap'");
        assert_eq!(whose, vec![Some("ours".to_owned()); 4]);
    }
}
