use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use crate::setup::{Setup, printed};

/// Rows, and a table of somebody else's whose rows go with those they point at.
const ROWS: &str = "
    INSERT INTO teams (id) VALUES (5);
    INSERT INTO users (name, level, team) VALUES ('Ada', 1, 5), ('Bob', NULL, 5), ('Eve', NULL, NULL);
    INSERT INTO labels (name, mood) VALUES ('red', 'calm'), ('blue', NULL);
    INSERT INTO drafts (id) VALUES (1);
    CREATE TABLE children (id bigint PRIMARY KEY,
        parent bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE);
    INSERT INTO children VALUES (1, 1), (2, 1), (3, 2)";

/// What there is in the end, whenever the first attempt ended.
const WHOLE: [(&str, i64); 8] = [
    ("SELECT count(*) FROM users WHERE level IN (1, 7)", 3),
    (
        "SELECT count(*) FROM users WHERE title IN ('Ada', 'Bob', 'Eve')",
        3,
    ),
    ("SELECT count(*) FROM users WHERE token = 't'", 3),
    (
        "SELECT count(*) FROM users JOIN teams ON teams.id = team",
        2,
    ),
    (
        "SELECT count(*) FROM children JOIN users ON users.id = parent",
        3,
    ),
    ("SELECT count(*) FROM posts", 0),
    (
        "SELECT count(*) FROM tags WHERE name = 'red' AND mood = 'calm'",
        1,
    ),
    (
        "SELECT count(*) FROM tags WHERE name = 'blue' AND mood IS NULL",
        1,
    ),
];

const KILLED: Option<i32> = Some(9);

/// Whether a program is killed after so many statements; where there are fewer, it MUST succeed.
fn is_killed_after(statements: usize, mut program: Command) -> bool {
    let output = program.arg(statements.to_string()).output().unwrap();
    let was_killed = output.status.signal() == KILLED;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        was_killed || output.status.success(),
        "{statements}: {errors}"
    );
    was_killed
}

/// Kills the start of the second version after each number of statements, and starts it again.
fn check(setup: impl Fn() -> Setup) {
    for statements in 0.. {
        let setup = setup();
        setup.start(1);
        setup.execute(ROWS);
        let was_killed = is_killed_after(statements, setup.program(2));

        setup.start(2);
        assert_eq!(
            setup.start(2),
            "Unchanged",
            "killed after {statements} statements"
        );
        for (sql, expected) in WHOLE {
            let found = setup.number(sql);
            assert_eq!(
                found, expected,
                "{sql}: killed after {statements} statements"
            );
        }
        assert!(
            setup.is_refused("UPDATE users SET team = 6"),
            "no such team"
        );
        assert_eq!(
            setup.invalid_indexes(),
            0,
            "killed after {statements} statements"
        );
        for gone in [
            "SELECT count(*) FROM labels",
            "SELECT count(*) FROM drafts",
            "DROP INDEX labels_name_idx",
            "INSERT INTO tags (name) VALUES ('red')",
        ] {
            let is_refused = setup.is_refused(gone);
            assert!(is_refused, "{gone}: killed after {statements} statements");
        }
        setup.execute("INSERT INTO tags (name) VALUES ('new')");
        let glad = "SELECT count(*) FROM tags WHERE name = 'new' AND mood = 'glad'";
        assert_eq!(setup.number(glad), 1);
        let unfinished = "SELECT count(*) FROM dataflow_migration_history WHERE status = 'running'";
        assert_eq!(setup.number(unfinished), 0);
        if !was_killed {
            assert!(
                statements > 15,
                "there are more boundaries than {statements}"
            );
            return;
        }
    }
}

#[test]
fn a_start_that_is_killed_at_any_statement_is_finished_by_the_next_on_sqlite() {
    check(Setup::sqlite);
}

#[test]
fn a_start_that_is_killed_at_any_statement_is_finished_by_the_next_on_postgres() {
    check(Setup::postgres);
}

/// A database that is to become like another: a column and an index more, a table that goes, on
/// PostgreSQL a label that is a default at once, and a foreign key that rows are looked at for.
fn check_like(setup: impl Fn() -> Setup, is_postgres: bool) {
    let kind = |labels: &str| match is_postgres {
        true => format!("CREATE TYPE mood AS ENUM ({labels});"),
        false => String::new(),
    };
    let mood = if is_postgres { "mood" } else { "text" };
    let key = "integer PRIMARY KEY";
    let here = format!(
        "{} CREATE TABLE teams (id {key}); CREATE TABLE old (id {key});
         CREATE TABLE users (id {key}, name text NOT NULL, team integer, mood {mood});
         INSERT INTO teams VALUES (5);
         INSERT INTO users VALUES (1, 'Ada', 5, 'calm'), (2, 'Bob', NULL, NULL);
         CREATE TABLE children (id {key}, parent integer NOT NULL REFERENCES users (id)
             ON DELETE CASCADE);
         INSERT INTO children VALUES (1, 1), (2, 2)",
        kind("'calm'")
    );
    let there = format!(
        "{} CREATE TABLE teams (id {key});
         CREATE TABLE users (id {key}, name text NOT NULL, team integer REFERENCES teams (id),
             mood {mood} DEFAULT 'glad', note text);
         CREATE UNIQUE INDEX users_name ON users (name);
         CREATE TABLE children (id {key}, parent integer NOT NULL REFERENCES users (id)
             ON DELETE CASCADE)",
        kind("'calm', 'glad'")
    );
    let target = setup();
    target.execute(&there);
    for statements in 0.. {
        let setup = setup();
        setup.execute(&here);
        let was_killed = is_killed_after(statements, setup.program_like(&target));

        printed(setup.program_like(&target).output().unwrap());
        let again = printed(setup.program_like(&target).output().unwrap());
        assert_eq!(again, "Unchanged", "killed after {statements} statements");
        for (sql, expected) in [
            ("SELECT count(*) FROM users WHERE name IN ('Ada', 'Bob')", 2),
            (
                "SELECT count(*) FROM users WHERE team = 5 AND mood = 'calm'",
                1,
            ),
            (
                "SELECT count(*) FROM children JOIN users ON users.id = parent",
                2,
            ),
        ] {
            let found = setup.number(sql);
            assert_eq!(
                found, expected,
                "{sql}: killed after {statements} statements"
            );
        }
        for gone in [
            "SELECT count(*) FROM old",
            "INSERT INTO users (id, name) VALUES (3, 'Ada')",
            "UPDATE users SET team = 6",
        ] {
            let is_refused = setup.is_refused(gone);
            assert!(is_refused, "{gone}: killed after {statements} statements");
        }
        assert_eq!(setup.invalid_indexes(), 0);
        if !was_killed {
            assert!(
                statements > 5,
                "there are more boundaries than {statements}"
            );
            return;
        }
    }
}

#[test]
fn a_database_that_is_killed_on_its_way_to_be_like_another_is_so_after_the_next_try_on_sqlite() {
    check_like(Setup::sqlite, false);
}

#[test]
fn a_database_that_is_killed_on_its_way_to_be_like_another_is_so_after_the_next_try_on_postgres() {
    check_like(Setup::postgres, true);
}

/// The batches in which rows are filled in are commits of their own. A trigger stops at one of them
/// until the program is gone.
#[test]
fn a_start_that_is_killed_in_any_batch_is_finished_by_the_next() {
    for batch in [1, 2, 4, 6, 8, 11] {
        let setup = Setup::postgres();
        setup.start(1);
        setup.execute(&format!(
            "INSERT INTO users (name, level)
                 SELECT repeat('x', 1500), CASE n WHEN 1 THEN 1 END FROM generate_series(1, 2500) n;
             CREATE SEQUENCE batches;
             CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 IF nextval('batches') = {batch} THEN PERFORM pg_advisory_xact_lock(7); END IF;
                 RETURN NULL; END $$;
             CREATE TRIGGER gate AFTER UPDATE ON users FOR EACH STATEMENT EXECUTE FUNCTION gate()"
        ));
        let mut gate = setup.postgres_client();
        gate.batch_execute("SELECT pg_advisory_lock(7)").unwrap();
        let mut program = setup.program(2).spawn().unwrap();
        let waiting = "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
                       WHERE locktype = 'advisory' AND objid = 7 AND NOT granted
                       AND datname = current_database()";
        while setup.number(waiting) == 0 {
            let ended = program.try_wait().unwrap();
            assert!(ended.is_none(), "there are fewer batches than {batch}");
        }
        program.kill().unwrap();
        program.wait().unwrap();
        drop(gate);

        setup.execute("DROP TRIGGER gate ON users");
        setup.start(2);
        assert_eq!(setup.start(2), "Unchanged", "killed in batch {batch}");
        let filled = "SELECT count(*) FROM users WHERE level = 7 AND token = 't'";
        assert_eq!(setup.number(filled), 2_499, "killed in batch {batch}");
        assert!(setup.is_refused("UPDATE users SET token = NULL"));
        let helpers = "SELECT count(*) FROM pg_constraint WHERE conrelid = 'users'::regclass \
                       AND contype = 'c'";
        assert_eq!(setup.number(helpers), 0, "killed in batch {batch}");
    }
}
