use std::os::unix::process::ExitStatusExt;

use crate::setup::Setup;

const ROWS: &str =
    "INSERT INTO users (name, level) VALUES ('Ada', 1), ('Bob', NULL), ('Eve', NULL)";

const KILLED: Option<i32> = Some(9);

/// Kills the start of the second version after each number of statements, and starts it again.
fn check(setup: impl Fn() -> Setup) {
    for statements in 0.. {
        let setup = setup();
        setup.start(1);
        setup.execute(ROWS);
        let mut program = setup.program(2);
        let output = program.arg(statements.to_string()).output().unwrap();
        let was_killed = output.status.signal() == KILLED;
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            was_killed || output.status.success(),
            "{statements}: {errors}"
        );

        setup.start(2);
        assert_eq!(
            setup.start(2),
            "Unchanged",
            "killed after {statements} statements"
        );
        assert_eq!(
            setup.number("SELECT count(*) FROM users WHERE level IN (1, 7)"),
            3,
            "killed after {statements} statements"
        );
        assert_eq!(setup.number("SELECT count(*) FROM posts"), 0);
        assert_eq!(
            setup.invalid_indexes(),
            0,
            "killed after {statements} statements"
        );
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
