//! `nexus migrate --to`: one database made like another, in everything or not at all.

mod enums;
mod inherited;
mod pairs;
mod partitions;
mod rare;
mod schemas;
mod sequences;
mod types;

use crate::setup::Setup;
use pairs::{BESIDE_TABLES, PAIRS, POSTGRES, Pair, SQLITE};

/// The sides of a pair, each in a database of its own.
fn pair(setup: fn() -> Setup, (before, after): &Pair<'_>) -> (Setup, Setup) {
    let (here, there) = (setup(), setup());
    for (setup, sql) in [(&here, before), (&there, after)] {
        setup.execute(sql);
    }
    (here, there)
}

/// Makes a database like another, after which neither has anything that the other has not.
fn become_alike(here: &Setup, there: &Setup, options: &[&str], sides: &Pair<'_>) {
    let migrate = |from: &Setup, to: &Setup, verb: &[&str]| {
        let to = format!("--to={}", to.url());
        from.nexus(&[&["migrate"], verb, &[&*to], options].concat())
    };
    let plan = migrate(here, there, &["plan"]);
    assert_eq!(plan.code, 2, "{sides:?}: {plan:?}");
    let made = migrate(here, there, &["approve", &plan.hash()]);
    assert_eq!(made.code, 0, "{sides:?}: {plan:?} {made:?}");
    for (from, to) in [(here, there), (there, here)] {
        let settled = migrate(from, to, &["check"]);
        assert_eq!(settled.code, 0, "{sides:?}: {settled:?}");
    }
}

/// Makes one side of each pair like the other, and the other like the one.
fn become_alike_both_ways(pairs: &[Pair<'_>]) {
    for (before, after) in pairs {
        for sides in [(*before, *after), (*after, *before)] {
            let (here, there) = pair(Setup::postgres, &sides);
            become_alike(&here, &there, &[], &sides);
        }
    }
}

#[test]
fn a_database_becomes_like_another_in_everything() {
    let cases = PAIRS.iter().flat_map(|pair| {
        [
            (Setup::sqlite as fn() -> Setup, pair),
            (Setup::postgres, pair),
        ]
    });
    let cases = cases
        .chain(
            POSTGRES
                .iter()
                .map(|pair| (Setup::postgres as fn() -> Setup, pair)),
        )
        .chain(
            BESIDE_TABLES
                .iter()
                .map(|pair| (Setup::postgres as fn() -> Setup, pair)),
        )
        .chain(
            SQLITE
                .iter()
                .map(|pair| (Setup::sqlite as fn() -> Setup, pair)),
        );
    for (setup, sides) in cases {
        let (here, there) = pair(setup, sides);
        become_alike(&here, &there, &[], sides);
    }
}

#[test]
fn what_cannot_be_expressed_is_refused_by_name() {
    const TABLE: &str = "CREATE TABLE a (id integer PRIMARY KEY, b text)";
    let cases = [
        (
            "CREATE OPERATOR FAMILY ways USING btree",
            "operator family \"ways for btree\"",
        ),
        (
            "CREATE OPERATOR CLASS other FOR TYPE integer USING btree AS OPERATOR 1 <, \
             OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer)",
            "operator class \"other for btree\"",
        ),
        (
            "CREATE FOREIGN DATA WRAPPER far; CREATE SERVER away FOREIGN DATA WRAPPER far; \
             CREATE USER MAPPING FOR PUBLIC SERVER away OPTIONS (password 'secret')",
            "user mapping \"away for public\"",
        ),
        (
            "CREATE FOREIGN DATA WRAPPER far; CREATE SERVER away FOREIGN DATA WRAPPER far; \
             CREATE FOREIGN TABLE f (id integer) SERVER away",
            "foreign table \"f\"",
        ),
        (
            "CREATE SCHEMA other CREATE TABLE o (id integer)",
            "schema \"other\"",
        ),
    ];
    for (more, name) in cases {
        let (plain, extended) = (Setup::postgres(), Setup::postgres());
        plain.execute(TABLE);
        extended.execute(TABLE);
        extended.execute(more);
        // A change that could be made is not made either.
        extended.execute("CREATE TABLE fine (id integer)");
        for (here, there) in [(&plain, &extended), (&extended, &plain)] {
            let to = format!("--to={}", there.url());
            let tables = || here.ask("SELECT count(*)::text FROM pg_class").unwrap();
            let before = tables();
            let plan = here.nexus(&["migrate", "plan", &to]).expect(2);
            assert!(plan.stdout.contains(name), "{more}: {plan:?}");
            assert!(!plan.stdout.contains("secret"), "{more}: {plan:?}");
            let refused = here
                .nexus(&["migrate", "approve", &plan.hash(), &to])
                .expect(1);
            assert!(refused.stderr.contains(name), "{more}: {refused:?}");
            assert_eq!(tables(), before, "{more}");
        }
    }
}

#[test]
fn what_a_module_keeps_in_sqlite_is_refused_by_name() {
    let table = |more: &str| format!("CREATE TABLE a (id integer PRIMARY KEY); {more}");
    let one = table("CREATE VIRTUAL TABLE f USING fts5 (x)");
    let other = table("CREATE VIRTUAL TABLE f USING fts5 (x, y); CREATE TABLE fine (id integer)");
    let none = table("CREATE TABLE fine (id integer)");
    for sides in [(&one, &other), (&none, &one), (&one, &none)] {
        let (here, there) = pair(Setup::sqlite, &(sides.0, sides.1));
        let to = format!("--to={}", there.url());
        let plan = here.nexus(&["migrate", "plan", &to]).expect(2);
        assert!(plan.stdout.contains("virtual table \"f\""), "{plan:?}");
        let tables = "SELECT CAST(count(*) AS text) FROM sqlite_schema";
        let before = here.ask(tables);
        let refused = here.nexus(&["migrate", "apply", "--policy=full", &to]);
        assert!(refused.expect(1).stderr.contains("virtual table \"f\""));
        assert_eq!(here.ask(tables), before);
    }
}

/// SQLite takes such a key, and then refuses every row.
#[test]
fn a_key_of_the_target_that_no_row_can_follow_is_refused_by_name() {
    let sound = "CREATE TABLE a (id integer PRIMARY KEY, n integer UNIQUE); \
                 CREATE TABLE b (n integer REFERENCES a (n))";
    let broken = "CREATE TABLE a (id integer PRIMARY KEY, n integer); \
                  CREATE TABLE b (n integer REFERENCES a (n))";
    for before in ["", sound] {
        let (here, there) = pair(Setup::sqlite, &(before, broken));
        let to = format!("--to={}", there.url());
        let plan = here.nexus(&["migrate", "plan", &to]).expect(2);
        let name = "table \"b\" has a foreign key mismatch in the target";
        assert!(plan.stdout.contains(name), "{plan:?}");
        let refused = here.nexus(&["migrate", "apply", "--policy=full", &to]);
        assert!(refused.expect(1).stderr.contains(name));
    }
    // It is put right here where the target is right.
    for after in ["CREATE TABLE a (id integer PRIMARY KEY)", sound] {
        let sides = (broken, after);
        let (here, there) = pair(Setup::sqlite, &sides);
        become_alike(&here, &there, &[], &sides);
    }
}

#[test]
fn rows_outlive_a_change_that_is_approved() {
    for setup in [Setup::sqlite as fn() -> Setup, Setup::postgres] {
        let pair = (
            "CREATE TABLE a (id integer PRIMARY KEY, b integer, gone text); \
             CREATE TABLE c (id integer PRIMARY KEY, a integer REFERENCES a ON DELETE CASCADE)",
            "CREATE TABLE a (id integer PRIMARY KEY, b integer NOT NULL, d integer DEFAULT 5); \
             CREATE UNIQUE INDEX i ON a (b); \
             CREATE TABLE c (id integer PRIMARY KEY, a integer REFERENCES a ON DELETE CASCADE)",
        );
        let (here, there) = self::pair(setup, &pair);
        here.execute("INSERT INTO a VALUES (1, 10, 'x'), (2, 20, NULL)");
        here.execute("INSERT INTO c VALUES (1, 1), (2, 2)");
        let to = format!("--to={}", there.url());

        for policy in ["safe", "full"] {
            let apply = ["migrate", "apply", "--policy", policy, &to];
            let refused = here.nexus(&apply).expect(1);
            assert!(refused.stderr.contains("approve"), "{refused:?}");
        }
        let hash = here.nexus(&["migrate", "plan", &to]).expect(2).hash();
        here.nexus(&["migrate", "approve", &hash, &to]).expect(0);

        here.nexus(&["migrate", "plan", &to]).expect(0);
        let sum = "SELECT CAST(sum(b + d) AS text) FROM a WHERE id IN (SELECT a FROM c)";
        assert_eq!(here.ask(sum).as_deref(), Some("40"));
    }
}

#[test]
fn rows_that_do_not_fit_the_target_leave_everything_as_it_was() {
    for setup in [Setup::sqlite as fn() -> Setup, Setup::postgres] {
        let pair = (
            "CREATE TABLE a (id integer PRIMARY KEY, b integer)",
            "CREATE TABLE a (id integer PRIMARY KEY, b integer NOT NULL); CREATE TABLE c (x integer)",
        );
        let (here, there) = self::pair(setup, &pair);
        here.execute("INSERT INTO a VALUES (1, NULL)");
        let to = format!("--to={}", there.url());
        let hash = here.nexus(&["migrate", "plan", &to]).expect(2).hash();
        let refused = here.nexus(&["migrate", "approve", &hash, &to]).expect(1);
        assert!(
            refused.stderr.contains("null") || refused.stderr.contains("NULL"),
            "{refused:?}"
        );
        assert!(!here.executor().table_exists("c").unwrap());
    }
}

#[test]
fn rows_that_do_not_fit_what_is_made_beside_writers_are_seen_before_anything_is_changed() {
    let before = "CREATE TABLE a (id integer PRIMARY KEY, n integer, m integer); \
                  CREATE TABLE p (id integer PRIMARY KEY)";
    let cases = [
        "ALTER TABLE a ADD CONSTRAINT c CHECK (n > 5)",
        "ALTER TABLE a ALTER n SET DEFAULT 9, ADD CONSTRAINT c CHECK (n > 5)",
        "ALTER TABLE a ADD CONSTRAINT c FOREIGN KEY (n) REFERENCES p",
        "CREATE TABLE came (id integer PRIMARY KEY); \
         ALTER TABLE a ADD CONSTRAINT c FOREIGN KEY (n) REFERENCES came",
        "CREATE UNIQUE INDEX c ON a (m) WHERE n > 0",
        "CREATE UNIQUE INDEX c ON a ((m + 1), abs(m) DESC) WHERE n > 0",
        "ALTER TABLE a ADD came integer, ADD CONSTRAINT c CHECK (n = 9 OR came > 0 AND came IS NOT NULL)",
        "ALTER TABLE a ADD came integer DEFAULT 3, ADD CONSTRAINT c CHECK (came > n + 1)",
        "ALTER TABLE a ADD came integer DEFAULT 3, ADD CONSTRAINT c FOREIGN KEY (came) REFERENCES p",
        "ALTER TABLE a ADD came text DEFAULT 'x'; CREATE UNIQUE INDEX c ON a (came)",
        "ALTER TABLE a ADD came integer UNIQUE, ADD CONSTRAINT c FOREIGN KEY (m) REFERENCES a (came)",
        "ALTER TABLE a ADD came integer DEFAULT 8, ADD CONSTRAINT c FOREIGN KEY (came) REFERENCES a",
    ];
    for more in cases {
        let after = format!("{before}; CREATE TABLE fine (x integer); {more}");
        let (here, there) = pair(Setup::postgres, &(before, &after));
        here.execute("INSERT INTO a VALUES (1, 1, 7), (2, NULL, 7), (3, 2, 7)");
        let to = format!("--to={}", there.url());
        let hash = here.nexus(&["migrate", "plan", &to]).expect(2).hash();
        let refused = here.nexus(&["migrate", "approve", &hash, &to]).expect(1);
        assert!(
            refused.stderr.contains("rows do not fit"),
            "{more}: {refused:?}"
        );
        assert!(!here.executor().table_exists("fine").unwrap(), "{more}");

        here.execute("UPDATE a SET n = 9; DELETE FROM a WHERE id <> 2");
        match more.contains("DEFAULT 3") {
            true => here.execute("UPDATE a SET n = 1; INSERT INTO p VALUES (3)"),
            false => here.execute("INSERT INTO p VALUES (9)"),
        }
        if more.contains("came (") || more.contains("REFERENCES a") {
            here.execute("DELETE FROM a");
        }
        let hash = here.nexus(&["migrate", "plan", &to]).expect(2).hash();
        here.nexus(&["migrate", "approve", &hash, &to]).expect(0);
        here.nexus(&["migrate", "plan", &to]).expect(0);
    }
}

#[test]
fn what_rows_cannot_be_asked_for_beforehand_is_made_with_all_else_or_undone_with_it() {
    let before = "CREATE TABLE a (id integer PRIMARY KEY, t text)";
    let cases = [
        "ALTER TABLE a ALTER t TYPE integer USING 1, ADD CONSTRAINT c CHECK (t > 5)",
        "ALTER TABLE a ADD came integer GENERATED ALWAYS AS (id * 2) STORED, \
         ADD CONSTRAINT c CHECK (came > 9)",
        "CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2'; \
         ALTER TABLE a ADD CONSTRAINT c CHECK (twice(id) > 9)",
        "ALTER TABLE a ADD came integer GENERATED ALWAYS AS (1) STORED; \
         CREATE UNIQUE INDEX c ON a (came)",
    ];
    for more in cases {
        let after = format!("{before}; CREATE TABLE fine (x integer); {more}");
        let (here, there) = pair(Setup::postgres, &(before, &after));
        here.execute("INSERT INTO a VALUES (1, '1'), (2, '2')");
        let to = format!("--to={}", there.url());
        let hash = here.nexus(&["migrate", "plan", &to]).expect(2).hash();
        let refused = here.nexus(&["migrate", "approve", &hash, &to]).expect(1);
        assert!(
            refused.stderr.contains("nothing was changed"),
            "{more}: {refused:?}"
        );
        assert!(!here.executor().table_exists("fine").unwrap(), "{more}");

        here.execute("DELETE FROM a WHERE id = 1; UPDATE a SET id = 7, t = '7'");
        here.nexus(&["migrate", "approve", &hash, &to]).expect(0);
        here.nexus(&["migrate", "plan", &to]).expect(0);
    }
}

#[test]
fn a_key_points_at_what_a_new_index_keeps_apart() {
    let sides = (
        "CREATE TABLE a (id integer); CREATE TABLE b (a integer)",
        "CREATE TABLE a (id integer); CREATE UNIQUE INDEX i ON a (id); \
         CREATE TABLE b (a integer REFERENCES a (id))",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    here.execute("INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES (1)");
    become_alike(&here, &there, &[], &sides);
}

#[test]
fn what_names_an_index_that_is_made_beside_writers_comes_after_it() {
    let sides = (
        "CREATE TABLE a (id integer NOT NULL)",
        "CREATE TABLE a (id integer NOT NULL); CREATE UNIQUE INDEX i ON a (id); \
         ALTER TABLE a REPLICA IDENTITY USING INDEX i; ALTER TABLE a CLUSTER ON i",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    here.execute("INSERT INTO a VALUES (1), (2)");
    become_alike(&here, &there, &[], &sides);
}

#[test]
fn the_tables_of_the_ledger_are_nobodys() {
    for setup in Setup::both() {
        let other = match setup.is_postgres() {
            true => Setup::postgres(),
            false => Setup::sqlite(),
        };
        other.execute("CREATE TABLE a (id integer PRIMARY KEY)");
        setup.execute("CREATE TABLE a (id integer PRIMARY KEY)");
        setup.execute(
            "CREATE TABLE dataflow_migration_history (id integer PRIMARY KEY, application text, \
             applied_at text, made_by text, changes text)",
        );
        let to = format!("--to={}", other.url());
        setup.nexus(&["migrate", "plan", &to]).expect(0);
        let back = format!("--to={}", setup.url());
        other.nexus(&["migrate", "plan", &back]).expect(0);
    }
}

#[test]
fn a_database_of_another_kind_is_no_target() {
    let (here, there) = (Setup::sqlite(), Setup::postgres());
    let to = format!("--to={}", there.url());
    let refused = here.nexus(&["migrate", "plan", &to]).expect(1);
    assert!(refused.stderr.contains("a sqlite database"), "{refused:?}");
}

#[test]
fn an_index_that_was_left_invalid_is_made_anew_or_goes() {
    let index = "CREATE TABLE a (id integer); CREATE INDEX i ON a (id)";
    for after in [index, "CREATE TABLE a (id integer)"] {
        let sides = (index, after);
        let (here, there) = pair(Setup::postgres, &sides);
        here.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass");
        become_alike(&here, &there, &[], &sides);
    }
}

#[test]
fn keys_of_several_columns_change_with_the_tables_that_point_at_them() {
    let key = |columns: &str| {
        format!(
            "CREATE TABLE a (x integer, y integer, z integer DEFAULT 0, PRIMARY KEY ({columns})); \
             CREATE TABLE b (id integer PRIMARY KEY, x integer, y integer, z integer DEFAULT 0, \
             FOREIGN KEY ({columns}) REFERENCES a ({columns}))"
        )
    };
    let index = |columns: &str| {
        format!(
            "CREATE TABLE a (x integer, y integer, z integer DEFAULT 0); \
             CREATE UNIQUE INDEX k ON a ({columns}); \
             CREATE TABLE b (id integer PRIMARY KEY, x integer, y integer, z integer DEFAULT 0, \
             CONSTRAINT c FOREIGN KEY ({columns}) REFERENCES a ({columns}))"
        )
    };
    let cases = [
        (key("x, y"), key("x, y, z")),
        (key("x, y, z"), key("x, y")),
        (key("x, y"), index("x, y, z")),
        (index("x, y"), key("x, z")),
    ];
    for setup in [Setup::sqlite as fn() -> Setup, Setup::postgres] {
        for (before, after) in &cases {
            let sides = (&**before, &**after);
            let (here, there) = pair(setup, &sides);
            here.execute("INSERT INTO a (x, y) VALUES (1, 2), (3, 4)");
            here.execute("INSERT INTO b (id, x, y) VALUES (1, 1, 2)");
            become_alike(&here, &there, &[], &sides);
            let kept = "SELECT CAST(sum(a.y + b.y) AS text) FROM a JOIN b ON a.x = b.x";
            assert_eq!(here.ask(kept).as_deref(), Some("4"), "{sides:?}");
        }
    }
}
