//! Columns of other types, and types that are made of others.

use super::{Pair, become_alike, become_alike_both_ways, pair};
use crate::setup::Setup;

const PAIRS: &[Pair<'_>] = &[
    // A domain is made of another type, while columns are of it.
    (
        "CREATE DOMAIN d AS integer DEFAULT 3 CHECK (VALUE > 0); COMMENT ON DOMAIN d IS 'so'; \
         CREATE TABLE a (id d PRIMARY KEY, n d, l d[]); CREATE INDEX i ON a (n); \
         CREATE VIEW v AS SELECT n FROM a; CREATE TABLE b (a d REFERENCES a)",
        "CREATE DOMAIN d AS bigint DEFAULT 4 CHECK (VALUE > 1); COMMENT ON DOMAIN d IS 'so'; \
         CREATE TABLE a (id d PRIMARY KEY, n d, l d[]); CREATE INDEX i ON a (n); \
         CREATE VIEW v AS SELECT n FROM a; CREATE TABLE b (a d REFERENCES a)",
    ),
    (
        "CREATE DOMAIN d AS varchar(10); CREATE TABLE a (n d DEFAULT 'x', CHECK (n <> 'y'))",
        "CREATE DOMAIN d AS text COLLATE \"C\"; CREATE TABLE a (n d DEFAULT 'x', CHECK (n <> 'y'))",
    ),
    // A domain or a plain type comes in the place of the other.
    (
        "CREATE TABLE a (n integer)",
        "CREATE DOMAIN d AS bigint CHECK (VALUE < 100); CREATE TABLE a (n d)",
    ),
    // A member of a type is of another one, while columns are of the type.
    (
        "CREATE TYPE t AS (x integer, \"Y\" text); CREATE TABLE a (n t, l t[]); \
         CREATE FUNCTION f(t) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1).\"Y\"'",
        "CREATE TYPE t AS (x bigint, \"Y\" text); CREATE TABLE a (n t, l t[]); \
         CREATE FUNCTION f(t) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1).\"Y\"'",
    ),
    // Members come and go while columns are of the type.
    (
        "CREATE TYPE t AS (x integer, y text); CREATE TABLE a (n t)",
        "CREATE TYPE t AS (x integer, z date); CREATE TABLE a (n t)",
    ),
    // What reads a member lets go of it, where no column is of the type.
    (
        "CREATE TYPE t AS (x integer, y text); CREATE VIEW v AS SELECT (ROW(1, 'y')::t).x; \
         CREATE VIEW w AS SELECT x FROM v; COMMENT ON VIEW w IS 'so'; \
         CREATE FUNCTION f(t) RETURNS text LANGUAGE sql AS 'SELECT ($1).y'; \
         CREATE MATERIALIZED VIEW m AS SELECT (ROW(1, 'y')::t).x",
        "CREATE TYPE t AS (x bigint, y text, z text); CREATE VIEW v AS SELECT (ROW(1, 'y', 'z')::t).x; \
         CREATE VIEW w AS SELECT x FROM v; COMMENT ON VIEW w IS 'so'; \
         CREATE FUNCTION f(t) RETURNS text LANGUAGE sql AS 'SELECT ($1).y'; \
         CREATE MATERIALIZED VIEW m AS SELECT (ROW(1, 'y', 'z')::t).x",
    ),
    (
        "CREATE TYPE t AS (x integer); CREATE VIEW v AS SELECT (NULL::t).x",
        "CREATE TYPE t AS (x bigint); CREATE VIEW v AS SELECT (NULL::t).x",
    ),
    // Nobody is of these.
    (
        "CREATE DOMAIN d AS integer; CREATE TYPE r AS RANGE (subtype = integer); \
         CREATE TYPE t AS (x integer)",
        "CREATE DOMAIN d AS text; CREATE TYPE r AS RANGE (subtype = bigint); \
         CREATE TYPE t AS (x text, y text)",
    ),
    // What no cast makes of each other, where there are no values.
    (
        "CREATE TABLE a (t bigint DEFAULT 5, b boolean, u uuid, e integer[])",
        "CREATE TABLE a (t timestamp DEFAULT now(), b date, u integer, e date)",
    ),
];

#[test]
fn types_become_like_others_while_columns_are_of_them() {
    become_alike_both_ways(PAIRS);
}

#[test]
fn types_of_named_schemas_become_like_others_while_columns_are_of_them() {
    let cases = PAIRS.iter().map(|(before, after)| {
        let inside = |sql: &str| format!("CREATE SCHEMA s; SET LOCAL search_path = s; {sql}");
        (inside(before), inside(after))
    });
    for (before, after) in cases {
        let sides = (&*before, &*after);
        let (here, there) = pair(Setup::postgres, &sides);
        become_alike(&here, &there, &["--schemas=s"], &sides);
    }
}

#[test]
fn values_outlive_what_their_type_is_made_of() {
    let sides = (
        "CREATE DOMAIN d AS integer; CREATE TYPE t AS (x integer, y text); \
         CREATE TABLE a (n d, t t, l t[])",
        "CREATE DOMAIN d AS bigint CHECK (VALUE > 0); CREATE TYPE t AS (x bigint, y text); \
         CREATE TABLE a (n d, t t, l t[])",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    here.execute(
        "INSERT INTO a VALUES (7, (1, 'it''s, \"so\"'), ARRAY[(2, NULL)::t, NULL]), (8, NULL, NULL)",
    );
    become_alike(&here, &there, &[], &sides);
    let values = "SELECT string_agg(concat(n, t, l), ' ' ORDER BY n) FROM a";
    let expected = "7(1,\"it's, \"\"so\"\"\"){\"(2,)\",NULL} 8";
    assert_eq!(here.ask(values).as_deref(), Some(expected));
}

/// A number may be seconds, milliseconds or days: only who wrote it can say.
#[test]
fn values_that_no_cast_converts_are_refused_by_name_before_anything_is_changed() {
    let cases = [
        ("bigint", "timestamp", "7"),
        ("timestamp", "bigint", "now()"),
        ("boolean", "date", "true"),
        ("integer", "integer[]", "7"),
        ("integer[]", "text", ""),
        ("mood", "integer", "'sad'"),
        ("d", "date", "7"),
        ("integer", "dated", "7"),
        ("integer", "came", "7"),
    ];
    let types = "CREATE TYPE mood AS ENUM ('sad'); CREATE DOMAIN d AS integer";
    for (from, to, value) in cases {
        let before = format!("{types}; CREATE TABLE a (id integer, v {from} DEFAULT NULL)");
        let after = format!(
            "{types}; CREATE DOMAIN dated AS date; CREATE TYPE came AS (x integer); \
             CREATE TABLE a (id integer, v {to} DEFAULT NULL); CREATE TABLE fine (x integer)"
        );
        let sides = (&*before, &*after);
        let (here, there) = pair(Setup::postgres, &sides);
        let to = format!("--to={}", there.url());
        if value.is_empty() {
            here.execute("INSERT INTO a VALUES (1, '{7}')");
            become_alike(&here, &there, &[], &sides);
            continue;
        }
        here.execute(&format!("INSERT INTO a VALUES (1, {value})"));
        let plan = here.nexus(&["migrate", "plan", &to]).expect(2);
        assert!(
            plan.stdout
                .contains("column \"v\" of table \"a\" holds values of type"),
            "{sides:?}: {plan:?}"
        );
        let refused = here.nexus(&["migrate", "apply", "--policy=full", &to]);
        assert!(refused.expect(1).stderr.contains("does not convert"));
        assert!(!here.executor().table_exists("fine").unwrap());

        here.execute("DELETE FROM a");
        become_alike(&here, &there, &[], &sides);
    }
}

#[test]
fn a_row_that_comes_after_the_plan_is_not_read_as_what_it_is_not() {
    let sides = ("CREATE TABLE a (v bigint)", "CREATE TABLE a (v timestamp)");
    let (here, there) = pair(Setup::postgres, &sides);
    let to = format!("--to={}", there.url());
    let hash = here.nexus(&["migrate", "plan", &to]).expect(2).hash();
    here.execute("INSERT INTO a VALUES (20200101)");
    here.nexus(&["migrate", "approve", &hash, &to]).expect(1);
    assert_eq!(
        here.ask("SELECT v::text FROM a").as_deref(),
        Some("20200101")
    );
}

#[test]
fn a_type_that_cannot_give_way_is_refused_by_name_with_what_is_of_it() {
    let cases = [
        (
            "CREATE TYPE r AS RANGE (subtype = integer); CREATE TABLE a (v r)",
            "CREATE TYPE r AS RANGE (subtype = bigint); CREATE TABLE a (v r)",
            "range type \"r\" differs from the target while column \"v\" of table \"a\" is made of it",
        ),
        (
            "CREATE DOMAIN d AS integer; CREATE DOMAIN e AS d; CREATE TABLE a (v e)",
            "CREATE DOMAIN d AS bigint; CREATE DOMAIN e AS d; CREATE TABLE a (v e)",
            "domain \"e\" differs from the target while column \"v\" of table \"a\" is made of it",
        ),
        (
            "CREATE TYPE t AS (x integer); CREATE TYPE u AS (t t); CREATE TABLE a (v u)",
            "CREATE TYPE t AS (x bigint); CREATE TYPE u AS (t t); CREATE TABLE a (v u)",
            "composite type \"u\" differs from the target while column \"v\" of table \"a\" is made of it",
        ),
        (
            "CREATE TYPE t AS (x integer, y text); CREATE TABLE a (v t)",
            "CREATE TYPE t AS (x bigint, z text); CREATE TABLE a (v t)",
            "composite type \"t\" differs from the target while column \"v\" of table \"a\" is made of it",
        ),
        (
            "CREATE TABLE a (id integer)",
            "CREATE TABLE a (id bigint); CREATE TABLE b (v a)",
            "column \"id\" of table \"a\" differs from the target while column \"v\" of table \"b\" \
             is made of it",
        ),
        (
            "CREATE TABLE a (id integer); CREATE TABLE b (v a)",
            "CREATE TABLE a (id bigint); CREATE TABLE b (v a)",
            "column \"id\" of table \"a\" differs from the target while column \"v\" of table \"b\" \
             is made of it",
        ),
        (
            "CREATE TABLE p (id text) PARTITION BY LIST (lower(id)); \
             CREATE TABLE q PARTITION OF p FOR VALUES IN ('x')",
            "CREATE TABLE p (id varchar) PARTITION BY LIST (lower(id)); \
             CREATE TABLE q PARTITION OF p FOR VALUES IN ('x')",
            "column \"id\" of table \"p\" differs from the target while table \"p\" is divided by it",
        ),
        (
            "CREATE VIEW a AS SELECT 1 AS id; CREATE TABLE b (v a[])",
            "CREATE VIEW a AS SELECT 1::bigint AS id; CREATE TABLE b (v a[])",
            "view \"a\" differs from the target while column \"v\" of table \"b\" is made of it",
        ),
        (
            "CREATE TABLE a (id integer); CREATE TABLE b (v a)",
            "CREATE VIEW a AS SELECT 1 AS id; CREATE TABLE b (v a)",
            "table \"a\" is not in the target while column \"v\" of table \"b\" is made of it",
        ),
        (
            "CREATE TYPE e AS ENUM ('x'); CREATE TABLE a (v e)",
            "CREATE DOMAIN e AS text; CREATE TABLE a (v e)",
            "enum \"e\" is not in the target while column \"v\" of table \"a\" is made of it",
        ),
    ];
    for (before, after, name) in cases {
        let (here, there) = pair(Setup::postgres, &(before, after));
        let to = format!("--to={}", there.url());
        let plan = here.nexus(&["migrate", "plan", &to]).expect(2);
        assert!(plan.stdout.contains(name), "{plan:?}");
        let refused = here.nexus(&["migrate", "apply", "--policy=full", &to]);
        assert!(refused.expect(1).stderr.contains(name));
    }
}

#[test]
fn a_column_that_begins_with_a_value_is_refused_by_name_while_rows_of_its_table_are_held() {
    let held = [
        "CREATE TABLE a (id integer{}); CREATE TABLE b (v a)",
        "CREATE TABLE a (id integer{}); CREATE TABLE b (v a[])",
        "CREATE TABLE a (id integer{}); CREATE TYPE t AS (v a); CREATE TABLE b (t t)",
        "CREATE TABLE a (id integer{}); CREATE TABLE c () INHERITS (a); CREATE TABLE b (v c)",
        "CREATE TABLE a (id integer{}) PARTITION BY LIST (id); \
         CREATE TABLE c PARTITION OF a FOR VALUES IN (1); CREATE TABLE b (v c)",
    ];
    let filled = [
        "n integer DEFAULT 5",
        "n integer GENERATED ALWAYS AS (7) STORED",
        "n d",
    ];
    let domain = "CREATE DOMAIN d AS integer CHECK (VALUE > 0)";
    let cases = held
        .iter()
        .flat_map(|tables| filled.iter().map(move |column| (tables, column)));
    for (tables, column) in cases {
        let before = format!("{domain}; {}", tables.replace("{}", ""));
        let tables = tables.replace("{}", &format!(", {column}"));
        let after = format!("{domain}; {tables}; CREATE TABLE fine (id integer)");
        let (here, there) = pair(Setup::postgres, &(&before, &after));
        let to = format!("--to={}", there.url());
        let name = "column \"n\" of table \"a\" would hold a value at once while";
        let plan = here.nexus(&["migrate", "plan", &to]).expect(2);
        assert!(plan.stdout.contains(name), "{after}: {plan:?}");
        let refused = here.nexus(&["migrate", "apply", "--policy=full", &to]);
        assert!(refused.expect(1).stderr.contains(name));
        assert!(!here.executor().table_exists("fine").unwrap());
    }
}

#[test]
fn a_table_grows_while_its_rows_are_held() {
    let sides = (
        "CREATE TABLE a (id integer); CREATE TABLE b (v a)",
        "CREATE TABLE a (id integer DEFAULT 3, n text); CREATE TABLE b (v a)",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    here.execute("INSERT INTO b VALUES (ROW(7))");
    become_alike(&here, &there, &[], &sides);
    assert_eq!(here.ask("SELECT v::text FROM b").as_deref(), Some("(7,)"));
}

#[test]
fn a_table_changes_once_nothing_holds_its_rows() {
    let sides = (
        "CREATE TABLE a (id integer); CREATE TABLE b (v a, n integer)",
        "CREATE TABLE a (id bigint); CREATE TABLE b (n integer)",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    become_alike(&here, &there, &[], &sides);
}

#[test]
fn children_let_go_of_defaults_that_no_cast_would_carry_along() {
    let sides = (
        "CREATE TABLE p (id integer, n text) PARTITION BY LIST (id); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p1 ALTER n SET DEFAULT 'x'; \
         CREATE TABLE q (n text DEFAULT 'x'); CREATE TABLE c () INHERITS (q); \
         ALTER TABLE c ALTER n SET DEFAULT 'y'",
        "CREATE TABLE p (id integer, n integer) PARTITION BY LIST (id); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p1 ALTER n SET DEFAULT 5; \
         CREATE TABLE q (n integer DEFAULT 6); CREATE TABLE c () INHERITS (q)",
    );
    become_alike_both_ways(&[sides]);
}
