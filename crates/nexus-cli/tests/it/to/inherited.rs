//! Tables that have what their parents have.

use super::{Pair, become_alike, become_alike_both_ways, pair};
use crate::setup::Setup;

const PAIRS: &[Pair<'_>] = &[
    (
        "",
        "CREATE TABLE p (id integer NOT NULL, d text DEFAULT 'x', CHECK (id > 0)); \
         CREATE TABLE q (w numeric); \
         CREATE TABLE c (id integer, own date DEFAULT now()) INHERITS (p, q); \
         ALTER TABLE c ALTER d SET DEFAULT 'y', ALTER w SET NOT NULL; \
         CREATE TABLE cc () INHERITS (c); ALTER TABLE cc ALTER d DROP DEFAULT; \
         CREATE INDEX i ON c (own); COMMENT ON COLUMN c.d IS 'of the child'",
    ),
    (
        "CREATE TABLE p (id integer, d integer); CREATE TABLE c (own text) INHERITS (p); \
         CREATE VIEW v AS SELECT d FROM c",
        "CREATE TABLE p (id bigint NOT NULL, e text DEFAULT 'e', d bigint, \
         CONSTRAINT positive CHECK (id > 0)); \
         CREATE TABLE c (own text, more text) INHERITS (p); CREATE VIEW v AS SELECT d FROM c; \
         CREATE TABLE c2 () INHERITS (p)",
    ),
    (
        "CREATE TABLE p (id integer, d integer DEFAULT 1); CREATE TABLE c () INHERITS (p)",
        "CREATE TABLE p (id integer, d integer DEFAULT 1); CREATE TABLE c () INHERITS (p); \
         ALTER TABLE c ALTER d SET DEFAULT 2, ALTER id SET NOT NULL",
    ),
];

#[test]
fn children_become_like_others_with_their_parents() {
    become_alike_both_ways(PAIRS);
}

#[test]
fn a_column_that_a_parent_loses_stays_with_a_child_that_keeps_it() {
    let sides = (
        "CREATE TABLE p (id integer, d integer DEFAULT 1); CREATE TABLE c () INHERITS (p)",
        "CREATE TABLE p (id integer); CREATE TABLE c (d integer DEFAULT 1) INHERITS (p)",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    here.execute("INSERT INTO p VALUES (1, 2); INSERT INTO c VALUES (3, 4)");
    become_alike(&here, &there, &[], &sides);
    assert_eq!(here.ask("SELECT d::text FROM c").as_deref(), Some("4"));
}

#[test]
fn rows_of_children_outlive_a_change_of_their_parent() {
    let sides = (
        "CREATE TABLE p (id integer); CREATE TABLE c (own text) INHERITS (p)",
        "CREATE TABLE p (id bigint NOT NULL, d integer DEFAULT 7); \
         CREATE TABLE c (own text NOT NULL) INHERITS (p)",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    here.execute("INSERT INTO p VALUES (1); INSERT INTO c VALUES (2, 'x'), (3, 'y')");
    become_alike(&here, &there, &[], &sides);
    let sum = "SELECT sum(id * d)::text FROM p";
    assert_eq!(here.ask(sum).as_deref(), Some("42"));
}

/// The server merges the columns, and says ever after that the child has it by itself as well.
#[test]
fn a_column_of_a_child_that_would_be_its_parents_alone_is_refused_by_name() {
    let sides = (
        "CREATE TABLE p (id integer); CREATE TABLE c (d integer) INHERITS (p)",
        "CREATE TABLE p (id integer, d integer); CREATE TABLE c () INHERITS (p)",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    let to = format!("--to={}", there.url());
    let plan = here.nexus(&["migrate", "plan", &to]).expect(2);
    let name = "column \"d\" of table \"c\" is its own, in the target its parent's";
    assert!(plan.stdout.contains(name), "{plan:?}");
    here.nexus(&["migrate", "apply", "--policy=full", &to])
        .expect(1);

    let sides = (
        sides.0,
        "CREATE TABLE p (id integer, d integer); \
                           CREATE TABLE c (d integer) INHERITS (p)",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    here.execute("INSERT INTO c VALUES (1, 2)");
    become_alike(&here, &there, &[], &sides);
    assert_eq!(here.ask("SELECT d::text FROM p").as_deref(), Some("2"));
}

/// What a child has of its own as well, and what is left to it.
const REGROUPED: &[Pair<'_>] = &[
    (
        "CREATE TABLE p (id integer); CREATE TABLE c (id integer, own text)",
        "CREATE TABLE p (id integer); CREATE TABLE c (id integer, own text) INHERITS (p)",
    ),
    (
        "CREATE TABLE p (id integer); CREATE TABLE q (w integer); CREATE TABLE r (); \
         CREATE TABLE c (id integer, w integer) INHERITS (p, r)",
        "CREATE TABLE p (id bigint); CREATE TABLE q (w integer); CREATE TABLE r (); \
         CREATE TABLE c (id bigint, w integer) INHERITS (r, q)",
    ),
];

#[test]
fn children_leave_their_parents_and_come_to_others() {
    become_alike_both_ways(REGROUPED);
    let sides = (
        "CREATE TABLE p (id integer CHECK (id > 0), gone text); CREATE TABLE c (own text) INHERITS (p)",
        "CREATE TABLE p (id integer CHECK (id > 0)); CREATE TABLE c (id integer, own text)",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    here.execute("INSERT INTO c VALUES (7, 'x', 'y')");
    become_alike(&here, &there, &[], &sides);
    assert_eq!(here.ask("SELECT id::text FROM c").as_deref(), Some("7"));
}

#[test]
fn other_parents_are_refused_by_name() {
    let before = "CREATE TABLE p (id integer); CREATE TABLE q (id integer); \
                  CREATE TABLE c (own text) INHERITS (p)";
    let cases = [
        (
            "CREATE TABLE p (id integer); CREATE TABLE q (id integer); \
             CREATE TABLE c (own text) INHERITS (q)",
            "column \"id\" of table \"c\" is its own, in the target its parent's",
        ),
        (
            "CREATE TABLE p (id integer); CREATE TABLE q (id integer); \
             CREATE TABLE c (id integer, own text) INHERITS (p)",
            "column \"id\" of table \"c\" is not as its parent has it",
        ),
    ];
    for (after, name) in cases {
        let (here, there) = pair(Setup::postgres, &(before, after));
        let to = format!("--to={}", there.url());
        let plan = here.nexus(&["migrate", "plan", &to]).expect(2);
        assert!(plan.stdout.contains(name), "{plan:?}");
        here.nexus(&["migrate", "apply", &to]).expect(1);
    }
}
