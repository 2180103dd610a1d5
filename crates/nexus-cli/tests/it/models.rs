//! `nexus models generate`: models for databases that somebody else made.
//!
//! A folder beside this file is named after the tool that makes such databases. It holds its schema
//! for each kind of database, and the models that are written for it, which are compiled with the
//! tests and laid out as rustfmt does.

#[allow(
    unreachable_pub,
    reason = "the files are written for a crate's own module"
)]
mod django {
    pub(super) mod postgres;
    pub(super) mod sqlite;
}
#[allow(
    unreachable_pub,
    reason = "the files are written for a crate's own module"
)]
mod hibernate {
    pub(super) mod postgres;
    pub(super) mod sqlite;
}
#[allow(
    unreachable_pub,
    reason = "the files are written for a crate's own module"
)]
mod names {
    pub(super) mod postgres;
    pub(super) mod sqlite;
}
#[allow(
    unreachable_pub,
    reason = "the files are written for a crate's own module"
)]
mod plain {
    pub(super) mod postgres;
    pub(super) mod sqlite;
}
#[allow(
    unreachable_pub,
    reason = "the files are written for a crate's own module"
)]
mod prisma {
    pub(super) mod postgres;
    pub(super) mod sqlite;
}
#[allow(
    unreachable_pub,
    reason = "the files are written for a crate's own module"
)]
mod prisma_adapter {
    pub(super) mod sqlite;
}
#[allow(
    unreachable_pub,
    reason = "the files are written for a crate's own module"
)]
mod rails {
    pub(super) mod postgres;
    pub(super) mod sqlite;
}
mod rows;
#[allow(
    unreachable_pub,
    reason = "the files are written for a crate's own module"
)]
mod sequelize {
    pub(super) mod postgres;
    pub(super) mod sqlite;
}

use dataflow::{DataFlow, SchemaSet};
use dataflow_core::ddl::{Outcome, SyncOptions};
use nexus::Nexus;
use serde_json::Value as Json;

use crate::setup::Setup;

/// The file of a tool for a kind of database.
fn path(tool: &str, setup: &Setup, ending: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/models");
    let kind = match setup.is_postgres() {
        true => "postgres",
        false => "sqlite",
    };
    format!("{folder}/{tool}/{kind}.{ending}")
}

/// Sees that a database is written as its file, and that the models in it change nothing.
fn check(tool: &str, setup: &Setup, models: SchemaSet) {
    setup.execute(&std::fs::read_to_string(path(tool, setup, "sql")).unwrap());

    let generated = setup.nexus(&["models", "generate"]).expect(0);
    let again = setup.nexus(&["models", "generate"]).expect(0);
    assert_eq!(generated.stdout, again.stdout, "{tool}");

    if std::env::var_os("UPDATE_EXPECT").is_some() {
        return std::fs::write(path(tool, setup, "rs"), &generated.stdout).unwrap();
    }
    let written = std::fs::read_to_string(path(tool, setup, "rs")).unwrap();
    assert_eq!(generated.stdout, written, "{tool} {}", setup.url());
    let told = written
        .lines()
        .filter_map(|line| line.strip_prefix("// - "));
    for line in told {
        assert!(generated.stderr.contains(line), "{line}: {generated:?}");
    }
    let models = models.validated().unwrap();
    let open = |may_change: bool| {
        let builder = DataFlow::builder(setup.url()).models(models.clone());
        builder.auto_migrate(may_change).open().unwrap()
    };
    drop(open(false));
    let plan = setup.executor().plan(&models).unwrap();
    assert!(plan.steps.is_empty(), "{tool}: {plan}");
    let ready = setup
        .executor()
        .synchronize(&models, &SyncOptions::default())
        .unwrap();
    assert_eq!(ready.outcome(), Outcome::Unchanged, "{tool}: {plan}");
    drop(open(true));
}

#[test]
fn models_of_a_postgres_database_compile_and_change_nothing() {
    let cases = [
        ("plain", plain::postgres::models()),
        ("names", names::postgres::models()),
        ("django", django::postgres::models()),
        ("rails", rails::postgres::models()),
        ("prisma", prisma::postgres::models()),
        ("hibernate", hibernate::postgres::models()),
        ("sequelize", sequelize::postgres::models()),
    ];
    for (tool, models) in cases {
        check(tool, &Setup::postgres(), models);
    }
}

#[test]
fn models_of_a_sqlite_database_compile_and_change_nothing() {
    let cases = [
        ("plain", plain::sqlite::models()),
        ("names", names::sqlite::models()),
        ("django", django::sqlite::models()),
        ("rails", rails::sqlite::models()),
        ("prisma", prisma::sqlite::models()),
        ("prisma_adapter", prisma_adapter::sqlite::models()),
        ("sequelize", sequelize::sqlite::models()),
        ("hibernate", hibernate::sqlite::models()),
    ];
    for (tool, models) in cases {
        check(tool, &Setup::sqlite(), models);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_called_strangely_is_written_and_read() {
    let cases = [
        (Setup::postgres(), names::postgres::models()),
        (Setup::sqlite(), names::sqlite::models()),
    ];
    for (setup, models) in cases {
        setup.execute(&std::fs::read_to_string(path("names", &setup, "sql")).unwrap());
        let builder = DataFlow::builder(setup.url()).models(models);
        let db = builder.auto_migrate(false).build().unwrap();
        let builder = Nexus::builder().api_port(0).without_mcp().mount(&db);
        let running = builder.start().await.unwrap();

        let row = [
            "column_self=me",
            "order_id=7",
            "first_name=x",
            "größe=3",
            "grösse_2=4",
            "back_slash=\\",
            "quo_te=\"",
            "column=💡",
            "名前=名",
        ];
        let inputs = row.iter().flat_map(|input| ["--input", input]);
        let create: Vec<&str> = ["run", "type_create"].into_iter().chain(inputs).collect();
        let output = crate::nexus(&running, &create).await;
        assert!(output.status.success(), "{}", crate::text(&output.stderr));
        let read = ["run", "type_read", "--input", "id=1"];
        let output = crate::nexus(&running, &read).await;
        assert!(output.status.success(), "{}", crate::text(&output.stderr));
        let answer: Json = serde_json::from_slice(&output.stdout).unwrap();
        for (field, value) in row.iter().filter_map(|input| input.split_once('=')) {
            let found = match &answer[field] {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(found, value, "{field}: {answer}");
        }
        running.shutdown().await;
        let stored =
            setup.ask("SELECT \"quo\"\"te\" || \"back\\slash\" || \"größe\" FROM \"type\"");
        assert_eq!(stored.as_deref(), Some("\"\\3"));
    }
}

#[test]
fn a_file_that_says_something_else_is_only_replaced_by_force() {
    for setup in Setup::both() {
        setup.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY)");
        let to_file = ["models", "generate", "--output", "models.rs"];
        let path = setup.folder().join("models.rs");
        setup.nexus(&to_file).expect(0);
        let written = std::fs::read_to_string(&path).unwrap();
        assert!(written.contains("struct Note"), "{written}");

        setup.nexus(&to_file).expect(0);
        let edited = written.clone() + "// mine\n";
        std::fs::write(&path, &edited).unwrap();
        let refused = setup.nexus(&to_file).expect(1);
        assert!(
            refused.stderr.contains("models.rs is there already"),
            "{refused:?}"
        );
        assert!(refused.stderr.contains("--force"), "{refused:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), edited);

        setup
            .nexus(&[&to_file[..], &["--force"]].concat())
            .expect(0);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
    }
}

#[test]
fn a_database_without_tables_has_no_models() {
    for setup in Setup::both() {
        let generated = setup
            .nexus(&["models", "generate", "--output", "models.rs"])
            .expect(0);
        assert_eq!((&*generated.stdout, &*generated.stderr), ("", ""));
        let text = std::fs::read_to_string(setup.folder().join("models.rs")).unwrap();
        assert!(!text.contains("struct"), "{text}");
    }
}
