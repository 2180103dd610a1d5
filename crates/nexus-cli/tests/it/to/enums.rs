//! Types of named values that get labels, or lose them.

use super::{Pair, become_alike, pair};
use crate::setup::Setup;

const MOOD: &str = "CREATE TYPE mood AS ENUM ('sad', 'so so', 'glad')";

/// What is made beside the type, and the type and all else that is to be.
const PAIRS: &[Pair<'_>] = &[
    // A label is added, and used in the same plan.
    (
        "CREATE TABLE a (id integer, m mood)",
        "CREATE TYPE mood AS ENUM ('sad', 'so so', 'glad', 'it''s'); \
         CREATE TABLE a (id integer, m mood DEFAULT 'it''s', n mood[] DEFAULT '{it''s}', \
         CHECK (m <> 'it''s' OR id > 1))",
    ),
    (
        "CREATE TABLE a (id integer, m mood)",
        "CREATE TYPE mood AS ENUM ('new', 'sad', 'so so', 'glad'); CREATE TABLE a (id integer, m mood); \
         CREATE INDEX i ON a (id) WHERE m = 'new'; CREATE VIEW v AS SELECT id FROM a WHERE m = 'new'; \
         CREATE POLICY own ON a USING (m = 'new')",
    ),
    (
        "CREATE TABLE a (id integer, m text)",
        "CREATE TYPE mood AS ENUM ('new', 'sad', 'so so', 'glad'); CREATE TABLE a (id integer, m mood)",
    ),
    (
        "CREATE TABLE a (id integer, m mood); INSERT INTO a VALUES (1, 'sad')",
        "CREATE TYPE mood AS ENUM ('sad', 'so so', 'glad', 'late'); \
         CREATE TABLE a (id integer, m mood, n mood DEFAULT 'late', CHECK (m <> 'late'), \
         CHECK (n = 'late')); CREATE UNIQUE INDEX i ON a (id) WHERE m <> 'late' AND n = 'late'",
    ),
    // A label goes, is called something else, or stands elsewhere.
    (
        "CREATE TABLE a (id integer, m mood)",
        "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE a (id integer, m mood)",
    ),
    (
        "CREATE TABLE a (id integer, m mood NOT NULL DEFAULT 'so so', n mood[] DEFAULT '{sad}'); \
         CREATE INDEX i ON a (m); CREATE INDEX j ON a (id) WHERE m = 'glad'; \
         ALTER TABLE a ADD CHECK (m <> 'sad'), ADD CONSTRAINT two CHECK (m <> n[1]); \
         CREATE VIEW v AS SELECT m FROM a; CREATE MATERIALIZED VIEW w AS SELECT m FROM v; \
         COMMENT ON TYPE mood IS 'how it feels'; REVOKE ALL ON TYPE mood FROM PUBLIC",
        "CREATE TYPE mood AS ENUM ('sad', 'middling', 'glad'); \
         CREATE TABLE a (id integer, m mood NOT NULL DEFAULT 'middling', n mood[] DEFAULT '{sad}'); \
         CREATE INDEX i ON a (m); CREATE INDEX j ON a (id) WHERE m = 'glad'; \
         ALTER TABLE a ADD CHECK (m <> 'sad'), ADD CONSTRAINT two CHECK (m <> n[1]); \
         CREATE VIEW v AS SELECT m FROM a; CREATE MATERIALIZED VIEW w AS SELECT m FROM v; \
         COMMENT ON TYPE mood IS 'how it feels'; REVOKE ALL ON TYPE mood FROM PUBLIC",
    ),
    (
        "CREATE TABLE a (m mood PRIMARY KEY); CREATE TABLE b (m mood REFERENCES a, t text); \
         CREATE FUNCTION f(x mood) RETURNS mood LANGUAGE sql AS 'SELECT x'; \
         CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \
         CREATE TRIGGER h BEFORE UPDATE ON b FOR EACH ROW WHEN (new.m = 'sad') EXECUTE FUNCTION g()",
        "CREATE TYPE mood AS ENUM ('glad', 'sad'); \
         CREATE TABLE a (m mood PRIMARY KEY); CREATE TABLE b (m mood REFERENCES a, t mood); \
         CREATE FUNCTION f(x mood) RETURNS mood LANGUAGE sql AS 'SELECT x'; \
         CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \
         CREATE TRIGGER h BEFORE UPDATE ON b FOR EACH ROW WHEN (new.m = 'sad') EXECUTE FUNCTION g()",
    ),
    (
        "CREATE TABLE a (id integer, m mood, n mood); CREATE TABLE gone (m mood)",
        "CREATE TYPE mood AS ENUM ('glad'); CREATE TABLE a (id integer, m text); \
         CREATE TABLE came (m mood)",
    ),
    // The type goes.
    (
        "CREATE TABLE a (id integer, m mood DEFAULT 'sad', n mood)",
        "CREATE TABLE a (id integer, m text DEFAULT 'sad')",
    ),
];

#[test]
fn enums_become_like_others_with_all_that_uses_them() {
    for sides in PAIRS {
        let before = format!("{MOOD}; {}", sides.0);
        let (here, there) = pair(Setup::postgres, &(&before, sides.1));
        become_alike(&here, &there, &[], sides);
    }
}

#[test]
fn enums_of_named_schemas_become_like_others() {
    let cases = PAIRS.iter().map(|(before, after)| {
        let inside = |sql: &str| {
            format!("CREATE SCHEMA s; CREATE SCHEMA t; SET LOCAL search_path = t, s; {sql}")
        };
        let moved = |sql: &str| sql.replace("TYPE mood AS", "TYPE s.mood AS");
        let before = moved(&format!("{MOOD}; {before}"));
        (inside(&before), inside(&moved(after)))
    });
    for (before, after) in cases {
        let sides = (&*before, &*after);
        let (here, there) = pair(Setup::postgres, &sides);
        become_alike(&here, &there, &["--schemas=s,t"], &sides);
    }
}

#[test]
fn rows_keep_the_labels_that_stay_and_one_that_goes_is_refused_before_anything_is_changed() {
    let sides = (
        "CREATE TYPE mood AS ENUM ('sad', 'so so', 'glad'); \
         CREATE TABLE a (id integer, m mood, n mood[])",
        "CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TABLE a (id integer, m mood, n mood[]); \
         CREATE TABLE fine (id integer)",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    here.execute(
        "INSERT INTO a VALUES (1, 'sad', '{glad,NULL}'), (2, NULL, NULL), (3, 'so so', NULL)",
    );
    let to = format!("--to={}", there.url());
    let refused = here.nexus(&["migrate", "apply", "--policy=full", &to]);
    assert!(refused.expect(1).stderr.contains("approve"));
    let hash = here.nexus(&["migrate", "plan", &to]).expect(2).hash();
    let approve = ["migrate", "approve", &hash, &to];

    let refused = here.nexus(&approve).expect(1).stderr;
    assert!(
        refused.contains("column \"m\" of table \"a\": rows hold labels"),
        "{refused}"
    );
    assert!(!refused.contains("so so"), "{refused}");
    here.execute("UPDATE a SET m = NULL, n = '{so so}' WHERE id = 3");
    let refused = here.nexus(&approve).expect(1).stderr;
    assert!(
        refused.contains("column \"n\" of table \"a\": rows hold labels"),
        "{refused}"
    );
    let labels = "SELECT string_agg(enumlabel, ', ' ORDER BY enumsortorder) FROM pg_enum";
    assert_eq!(here.ask(labels).as_deref(), Some("sad, so so, glad"));
    assert!(!here.executor().table_exists("fine").unwrap());

    here.execute("UPDATE a SET n = NULL WHERE id = 3");
    here.nexus(&approve).expect(0);
    let rows = "SELECT string_agg(concat(m, n), ' ' ORDER BY m) FROM a WHERE m IS NOT NULL";
    assert_eq!(here.ask(rows).as_deref(), Some("sad{glad,NULL}"));
}

#[test]
fn a_label_that_came_ahead_of_what_fails_is_there_the_next_time() {
    let sides = (
        "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE a (id integer, m mood, t text)",
        "CREATE TYPE mood AS ENUM ('sad', 'glad'); \
         CREATE TABLE a (id integer, m mood DEFAULT 'glad', t integer)",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    here.execute("INSERT INTO a VALUES (1, 'sad', 'x')");
    let to = format!("--to={}", there.url());
    let hash = here.nexus(&["migrate", "plan", &to]).expect(2).hash();
    let failed = here.nexus(&["migrate", "approve", &hash, &to]).expect(1);
    let step = "change the type of column \"t\" of table \"a\"";
    assert!(failed.stderr.contains(step), "{failed:?}");
    assert!(
        failed
            .stderr
            .contains("labels that enums were given ahead of it stay")
    );
    assert!(!failed.stderr.contains("nothing was changed"), "{failed:?}");

    here.execute("UPDATE a SET t = '1'");
    let hash = here.nexus(&["migrate", "plan", &to]).expect(2).hash();
    here.nexus(&["migrate", "approve", &hash, &to]).expect(0);
    here.nexus(&["migrate", "plan", &to]).expect(0);
}
