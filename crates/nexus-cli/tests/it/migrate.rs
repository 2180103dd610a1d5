//! `nexus migrate` with a schema file and with the registry.

use std::fs;

use dataflow::SchemaSet;
use dataflow::schema::{Check, Field, FieldType, Key, KeyGenerator, ModelSchema};
use serde_json::Value as Json;

use crate::setup::Setup;

fn note(more: &[&'static str]) -> ModelSchema {
    let mut fields = vec![Field::new("id", FieldType::I64)];
    let more = more.iter().map(|name| Field {
        nullable: true,
        ..Field::new(*name, FieldType::String)
    });
    fields.extend(more);
    ModelSchema::new("Note", fields, Key::new("id", KeyGenerator::Serial))
}

/// Writes a schema file and gives the option that names it.
fn schema(setup: &Setup, model: ModelSchema) -> String {
    let set = SchemaSet::new().schema(model).validated().unwrap();
    fs::write(setup.folder().join("schema.json"), set.to_json()).unwrap();
    "--schema=schema.json".to_owned()
}

#[test]
fn a_schema_file_is_planned_checked_and_applied() {
    for setup in Setup::both() {
        let schema = schema(&setup, note(&["text"]));
        let verb = |verb: &str| setup.nexus(&["migrate", verb, &schema]);

        let plan = verb("plan").expect(2);
        assert!(plan.stdout.contains("+ create table \"notes\""), "{plan:?}");
        assert!(plan.stdout.contains("CREATE TABLE \"notes\""), "{plan:?}");
        assert_eq!(plan.hash().len(), 32);
        let check = verb("check").expect(2);
        assert!(
            check.stdout.contains("! missing: create table \"notes\""),
            "{check:?}"
        );
        let sql = verb("sql").expect(0).stdout;
        assert!(sql.contains("BEGIN;\n"), "{sql}");
        assert!(sql.contains("\"text\" "), "{sql}");
        let status = verb("status").expect(2);
        assert!(
            status.stdout.contains("pending      1 changes"),
            "{status:?}"
        );
        assert!(!setup.executor().table_exists("notes").unwrap());
        let is_file_made = setup.folder().join("app.db").exists();
        assert!(!is_file_made, "a look makes no file");

        let apply = verb("apply").expect(0);
        assert!(apply.stdout.ends_with(": 1 change applied\n"), "{apply:?}");
        assert_eq!(apply.stderr, "[1/1] create table \"notes\"\n");
        assert!(setup.executor().table_exists("notes").unwrap());
        for settled in ["plan", "check", "apply"] {
            let settled = verb(settled).expect(0);
            assert!(settled.stdout.ends_with(": up to date\n"), "{settled:?}");
        }
        verb("status").expect(0);
        let history = verb("history").expect(0).stdout;
        assert!(history.contains("    create table \"notes\""), "{history}");
    }
}

/// The statements without the transaction around them.
fn sql_of(script: &str) -> String {
    script.replace("BEGIN;", "").replace("COMMIT;", "")
}

#[test]
fn the_script_of_a_plan_makes_what_the_plan_makes() {
    for setup in Setup::both() {
        let schema = schema(&setup, note(&["text"]));
        let script = setup.nexus(&["migrate", "sql", &schema]).expect(0).stdout;
        setup.execute(&sql_of(&script));
        setup.nexus(&["migrate", "plan", &schema]).expect(0);
        let script = setup.nexus(&["migrate", "sql", &schema]).expect(0).stdout;
        assert!(!script.contains("BEGIN"), "{script}");
    }
}

#[test]
fn a_script_that_writes_a_table_anew_keeps_the_rows_that_point_at_it() {
    let setup = Setup::sqlite();
    let path = setup.url().strip_prefix("sqlite://").unwrap();
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT) STRICT;
             CREATE TABLE lines (note INTEGER REFERENCES notes ON DELETE CASCADE);
             INSERT INTO notes VALUES (1); INSERT INTO lines VALUES (1);
             PRAGMA foreign_keys = ON",
        )
        .unwrap();
    let mut checked = note(&["text"]);
    checked.checks = vec![Check::new("short", "length(text) < 9")].into();
    let schema = schema(&setup, checked);
    let script = setup.nexus(&["migrate", "sql", &schema]).expect(0).stdout;

    connection.execute_batch(&script).unwrap();

    let count = "SELECT count(*) FROM lines JOIN notes ON notes.id = lines.note";
    let lines: i64 = connection.query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(lines, 1, "{script}");
    setup.nexus(&["migrate", "plan", &schema]).expect(0);
}

#[test]
fn every_answer_can_be_had_as_json() {
    for setup in Setup::both() {
        let schema = schema(&setup, note(&["text"]));
        let json = |verb: &str, code| -> Json {
            let ended = setup
                .nexus(&["migrate", verb, &schema, "--json"])
                .expect(code);
            serde_json::from_str(&ended.stdout).unwrap()
        };
        let plan = json("plan", 2);
        assert_eq!(plan["steps"][0]["change"], "create table \"notes\"");
        assert_eq!(plan["class"], "safe");
        assert_eq!(plan["hash"].as_str().unwrap().len(), 32);
        assert_eq!(json("check", 2)["matches"], false);
        assert_eq!(json("status", 2)["pending"], 1);
        assert_eq!(json("apply", 0)["applied"], 1);
        assert_eq!(json("check", 0)["matches"], true);
        let status = json("status", 0);
        assert_eq!(status["up_to_date"], true);
        assert_eq!(status["last"]["status"], "done");
        let history = json("history", 0);
        assert_eq!(history[0]["changes"][0], "create table \"notes\"");
        assert_eq!(history[0]["plan"], plan["hash"]);
    }
}

#[test]
fn what_loses_data_is_made_only_when_its_plan_is_approved() {
    for setup in Setup::both() {
        let first = schema(&setup, note(&["text", "draft"]));
        setup.nexus(&["migrate", "apply", &first]).expect(0);
        let mut without = note(&["text"]);
        without.evolution.dropped_columns = vec!["draft".into()].into();
        let second = schema(&setup, without);

        let plan = setup.nexus(&["migrate", "plan", &second]).expect(2);
        assert!(plan.stdout.contains("destructive"), "{plan:?}");
        let refused = setup.nexus(&["migrate", "apply", &second]).expect(1);
        assert!(refused.stderr.contains(&plan.hash()), "{refused:?}");
        let other = "0".repeat(32);
        let refused = setup
            .nexus(&["migrate", "approve", &other, &second])
            .expect(1);
        assert!(refused.stderr.contains(&plan.hash()), "{refused:?}");
        assert_eq!(setup.executor().table_columns("notes").unwrap().len(), 3);

        setup
            .nexus(&["migrate", "approve", &plan.hash(), &second])
            .expect(0);
        assert_eq!(setup.executor().table_columns("notes").unwrap().len(), 2);
        setup
            .nexus(&["migrate", "approve", &plan.hash(), &second])
            .expect(1);
    }
}

#[test]
fn a_plan_is_written_to_a_file_read_there_and_approved_by_its_hash() {
    for setup in Setup::both() {
        let schema = schema(&setup, note(&["text"]));
        let written = |verb: &str, more: &[&str], code| {
            let to_file = ["migrate", verb, &schema, "--output", "plan.txt"];
            let ended = setup.nexus(&[&to_file, more].concat()).expect(code);
            assert_eq!(ended.stdout, "");
            fs::read_to_string(setup.folder().join("plan.txt")).unwrap()
        };
        let printed = |verb: &str, code| setup.nexus(&["migrate", verb, &schema]).expect(code);

        assert_eq!(written("sql", &[], 0), printed("sql", 0).stdout);
        assert_eq!(written("plan", &[], 2), printed("plan", 2).stdout);
        let plan = written("plan", &["--json"], 2);
        let plan: Json = serde_json::from_str(&plan).unwrap();
        let hash = plan["hash"].as_str().unwrap();
        let approve = ["migrate", "approve", hash, &schema];
        setup.nexus(&approve).expect(0);
        assert!(written("plan", &[], 0).ends_with(": up to date\n"));
    }
}

#[test]
fn a_plan_that_cannot_be_made_or_written_leaves_the_file_as_it_was() {
    let setup = Setup::sqlite();
    let schema = schema(&setup, note(&["text"]));
    let plan = |schema: &str, file: &str| {
        let ended = setup.nexus(&["migrate", "plan", schema, "-o", file]);
        ended.expect(1).stderr
    };
    let file = setup.folder().join("plan.txt");
    fs::write(&file, "before").unwrap();
    plan("--schema=none.json", "plan.txt");
    assert_eq!(fs::read_to_string(&file).unwrap(), "before");
    let told = plan(&schema, "plan.txt/plan.txt");
    assert!(told.contains("plan.txt cannot be written"), "{told}");
}

#[test]
fn a_name_that_would_be_cut_is_refused_and_everything_stays() {
    for setup in Setup::both() {
        let first = schema(&setup, note(&["text"]));
        setup.nexus(&["migrate", "apply", &first]).expect(0);
        let file = setup.folder().join("schema.json");
        let written = fs::read_to_string(&file).unwrap();
        let long = "n".repeat(64);
        for (what, short) in [("table", "\"notes\""), ("column", "\"text\"")] {
            assert!(written.contains(short), "{written}");
            fs::write(&file, written.replace(short, &format!("{long:?}"))).unwrap();
            let refused = setup.nexus(&["migrate", "apply", &first]).expect(1);
            let said = format!("{what} name {long:?} is longer than 63 bytes");
            assert!(refused.stderr.contains(&said), "{refused:?}");
        }
        fs::write(&file, &written).unwrap();
        setup.nexus(&["migrate", "check", &first]).expect(0);
        let tables = setup.executor().adopt().unwrap().schema_set;
        assert_eq!(tables.models().count(), 1);
    }
}

#[test]
fn the_registry_is_a_schema_and_dump_writes_it() {
    for setup in Setup::both() {
        let nothing = setup.nexus(&["migrate", "plan"]).expect(1);
        assert!(nothing.stderr.contains("--schema"), "{nothing:?}");
        let schema = schema(&setup, note(&["text"]));
        let shop = |verb: &str, more: &[&str]| {
            let application = ["migrate", verb, "--application", "shop"];
            setup.nexus(&[&application, more].concat())
        };
        shop("apply", &[&schema]).expect(0);

        shop("plan", &[]).expect(0);
        let models = setup.nexus(&["models", "list"]).expect(0).stdout;
        let words: Vec<&str> = models.split_whitespace().collect();
        assert_eq!(words, ["shop", "Note", "1", "notes"]);
        let other = setup.nexus(&["migrate", "plan"]).expect(1);
        assert!(other.stderr.contains("it knows \"shop\""), "{other:?}");
        shop("dump", &["--output", "dump.json"]).expect(0);
        let dumped = fs::read_to_string(setup.folder().join("dump.json")).unwrap();
        let written = fs::read_to_string(setup.folder().join("schema.json")).unwrap();
        assert_eq!(dumped, written);

        setup.execute("ALTER TABLE notes RENAME COLUMN text TO words");
        let drift = shop("check", &[]).expect(2).stdout;
        assert!(drift.contains("\"text\""), "{drift}");
    }
}

#[test]
fn below_migrate_a_wrong_command_line_is_an_error_like_any_other() {
    let setup = Setup::sqlite();
    let cases: [(&[&str], &str); 5] = [
        (&["migrate"], "Usage:"),
        (&["migrate", "plant"], "plan"),
        (&["migrate", "approve", "abc"], "32 hexadecimal digits"),
        (&["migrate", "apply", "--policy", "bold"], "safe or full"),
        (&["migrate", "plan", "--schema", "none.json"], "none.json"),
    ];
    for (arguments, message) in cases {
        let ended = setup.nexus(arguments).expect(1);
        assert!(ended.stderr.contains(message), "{arguments:?}: {ended:?}");
        assert!(ended.stdout.is_empty(), "{arguments:?}: {ended:?}");
    }
    let help = setup.nexus(&["migrate", "--help"]).expect(0).stdout;
    for word in [
        "plan", "apply", "check", "status", "history", "sql", "approve", "dump",
    ] {
        assert!(help.contains(&format!("  {word}")), "{help}");
    }
    assert!(help.contains("changes are pending"), "{help}");
}

#[test]
fn a_migration_that_does_nothing_is_waited_for_as_long_as_a_flag_says() {
    for setup in Setup::both() {
        let schema = schema(&setup, note(&["text"]));
        let apply = |timeout: &str| setup.nexus(&["migrate", "apply", &schema, timeout]);
        let waited = setup.executor().run(|holder| {
            holder.lock()?;
            let waited = apply("--migration-timeout=200ms");
            holder.rollback();
            Ok(waited)
        });
        let told = waited.unwrap().expect(1).stderr;
        assert!(told.contains("migration_timeout has passed"), "{told}");

        let told = apply("--lock-timeout=soon").expect(1).stderr;
        assert!(told.contains("a duration such as 5s"), "{told}");
        apply("--statement-timeout=1m").expect(0);
    }
}
