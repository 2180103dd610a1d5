use dataflow_core::ddl::{Outcome, SyncOptions};
use dataflow_core::plan::Policy;
use dataflow_core::schema::FieldType;
use dataflow_core::{Endpoint, ModelSchema};
use dataflow_ddl_sync::synchronize_on;

use crate::models::{With, field, model, optional, set, user};
use crate::setup::{Setup, WAIT};

/// `User` whose name is optional, which on SQLite asks for another table.
fn nameless() -> ModelSchema {
    let mut nameless = user();
    nameless.fields.to_mut()[1].nullable = true;
    nameless
}

const BY_HAND: &str = "
    CREATE TABLE children (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL
        REFERENCES users (id) ON DELETE CASCADE);
    CREATE TABLE log (line TEXT);
    CREATE VIEW names AS SELECT name FROM users;
    CREATE INDEX by_hand ON users (name) WHERE name <> '';
    CREATE TRIGGER on_user AFTER INSERT ON users BEGIN INSERT INTO log VALUES (new.name); END;
    CREATE TRIGGER on_child AFTER INSERT ON children
        BEGIN UPDATE users SET name = name WHERE id = new.user_id; END;
    ALTER TABLE users ADD COLUMN extra TEXT CHECK (extra <> 'no') COLLATE NOCASE;
    INSERT INTO users (id, name, email, extra) VALUES (1, 'Ada', 'a', 'yes'), (9, 'Bob', 'b', NULL);
    DELETE FROM users WHERE id = 9;
    INSERT INTO children VALUES (1, 1), (2, 1), (3, 1);";

#[test]
fn a_parent_that_is_written_anew_keeps_every_child_and_all_that_hangs_on_it() {
    let setup = Setup::sqlite();
    setup.outcome([user()]);
    setup.execute(BY_HAND);
    assert_eq!(setup.outcome([nameless()]), Outcome::Applied { steps: 1 });
    for (sql, expected) in [
        ("SELECT count(*) FROM children", 3),
        ("SELECT count(*) FROM users WHERE extra = 'YES'", 1),
        ("SELECT count(*) FROM names", 1),
        (
            "SELECT count(*) FROM sqlite_schema WHERE name = 'by_hand'",
            1,
        ),
        ("SELECT seq FROM sqlite_sequence WHERE name = 'users'", 9),
        (
            "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'dataflow_new%'",
            0,
        ),
    ] {
        assert_eq!(setup.number(sql), expected, "{sql}");
    }
    setup.execute(
        "PRAGMA foreign_keys = ON;
         INSERT INTO users (email) VALUES ('c'); INSERT INTO children VALUES (4, 10);
         DELETE FROM users WHERE id = 1",
    );
    assert_eq!(
        setup.number("SELECT count(*) FROM log"),
        3,
        "triggers still run"
    );
    assert_eq!(
        setup.number("SELECT count(*) FROM children"),
        1,
        "so does the cascade"
    );
    assert_eq!(setup.outcome([nameless()]), Outcome::Unchanged);
}

#[test]
fn foreign_keys_are_enforced_again_after_a_migration_that_succeeds_and_one_that_fails() {
    let Endpoint::Sqlite(endpoint) = "sqlite::memory:".parse().unwrap() else {
        panic!("the url is SQLite's")
    };
    let mut connection = rusqlite::Connection::open_in_memory().unwrap();
    connection
        .execute_batch("PRAGMA foreign_keys = ON")
        .unwrap();
    let mut start = |models: Vec<ModelSchema>| {
        let outcome = synchronize_on(
            &mut connection,
            &endpoint,
            &set(models),
            &SyncOptions::default(),
            WAIT,
        );
        let is_on: bool = connection
            .query_row("PRAGMA foreign_keys", [], |row| row.get(0))
            .unwrap();
        assert!(is_on);
        outcome.map(|ready| ready.outcome())
    };
    assert!(start(vec![user()]).is_ok());
    assert!(start(vec![nameless()]).is_ok());
    let mut other_key = user();
    other_key.key.fields = vec!["name".into()].into();
    other_key.key.generator = dataflow_core::schema::KeyGenerator::None;
    assert!(start(vec![other_key]).is_err());
}

#[test]
fn a_view_that_would_lose_its_column_keeps_the_table_as_it_is() {
    let setup = Setup::sqlite();
    setup.outcome([user()
        .with(optional("age", FieldType::I64))
        .with_index(&["age"], false)]);
    setup.execute("CREATE VIEW ages AS SELECT age FROM users");
    let mut without = user();
    without.evolution.dropped_columns = vec!["age".into()].into();
    let options = SyncOptions {
        policy: Policy::Full,
        ..SyncOptions::default()
    };
    let error = setup
        .executor()
        .synchronize(&set([without]), &options)
        .unwrap_err();
    assert!(error.to_string().contains("ages"), "{error}");
    assert_eq!(setup.executor().table_columns("users").unwrap().len(), 4);
    assert_eq!(setup.number("SELECT count(*) FROM ages"), 0);
}

#[test]
fn rows_that_point_nowhere_keep_a_foreign_key_from_being_added() {
    for setup in Setup::both() {
        let post = || model("Post").with(optional("user_id", FieldType::I64));
        setup.outcome([user(), post()]);
        setup.execute("INSERT INTO posts (user_id) VALUES (5)");
        let related = || [user(), post().with_relation("user_id", "users")];
        let error = setup.synchronize(related()).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("point at rows that do not exist"),
            "{error}"
        );
        setup.execute("DELETE FROM posts");
        setup.execute("INSERT INTO users (id, name, email) VALUES (5, 'a', 'b'); INSERT INTO posts (user_id) VALUES (5)");
        assert_eq!(setup.outcome(related()), Outcome::Applied { steps: 1 });
    }
}

/// Another tool wrote that a row which is there twice is left out in silence.
#[test]
fn rows_that_a_copy_would_leave_out_keep_the_table_as_it_is() {
    let setup = Setup::sqlite();
    setup.execute(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, \
             name TEXT NOT NULL UNIQUE ON CONFLICT IGNORE) STRICT;
         INSERT INTO notes (name) VALUES ('a'), ('A')",
    );
    let mut name = field("name", FieldType::String);
    name.collation = Some("NOCASE".into());
    let options = SyncOptions {
        policy: Policy::Full,
        ..SyncOptions::default()
    };
    let models = set([model("Note").with(name)]);
    let error = setup.executor().synchronize(&models, &options).unwrap_err();
    let told = format!("{error} {:?}", error.details());
    assert!(told.contains("rows would be lost"), "{error:?}");
    assert_eq!(setup.number("SELECT count(*) FROM notes"), 2);
}
