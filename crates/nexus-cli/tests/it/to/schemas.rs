//! `--schemas`: several schemas made like those of another database.

use super::{Pair, become_alike, pair};
use crate::setup::Setup;

/// What is in the schemas `a` and `b`, and what is to be.
const PAIRS: &[Pair<'_>] = &[
    (
        "",
        "CREATE SCHEMA a; CREATE SCHEMA \"B b\"; CREATE TABLE a.t (id serial PRIMARY KEY); \
         CREATE TABLE \"B b\".\"T t\" (id integer GENERATED ALWAYS AS IDENTITY, t integer REFERENCES a.t); \
         CREATE INDEX i ON \"B b\".\"T t\" (t); COMMENT ON INDEX \"B b\".i IS 'i'; \
         COMMENT ON COLUMN \"B b\".\"T t\".t IS 'the t'; COMMENT ON SCHEMA a IS 'the first'; \
         GRANT USAGE ON SCHEMA a TO PUBLIC; GRANT SELECT (t) ON \"B b\".\"T t\" TO PUBLIC",
    ),
    (
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (id integer PRIMARY KEY, n text)",
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.t (id integer PRIMARY KEY, n text)",
    ),
    (
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (id integer, n text); \
         CREATE TABLE b.t (id integer, a integer)",
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (id integer PRIMARY KEY, n text); \
         CREATE TABLE b.t (id integer, a integer CONSTRAINT f REFERENCES a.t ON DELETE CASCADE, \
         UNIQUE (a))",
    ),
    (
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (id integer, n integer); \
         CREATE VIEW b.v AS SELECT n FROM a.t; CREATE VIEW a.w AS SELECT n FROM b.v",
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (id integer, n bigint); \
         CREATE VIEW b.v AS SELECT n FROM a.t; CREATE VIEW a.w AS SELECT n + 1 AS n FROM b.v; \
         CREATE MATERIALIZED VIEW b.m AS SELECT n FROM a.w; CREATE INDEX i ON b.m (n)",
    ),
    (
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.t (id integer, m text DEFAULT 'x')",
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TYPE a.mood AS ENUM ('x', 'y'); \
         CREATE TYPE a.\"Mood\" AS ENUM ('z'); \
         CREATE TABLE b.t (id integer, m a.mood DEFAULT 'x', o a.\"Mood\"[], CHECK (m <> 'y'))",
    ),
    (
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.t (id integer)",
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.t (id integer); \
         CREATE FUNCTION a.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \
         CREATE TRIGGER g BEFORE INSERT ON b.t FOR EACH ROW EXECUTE FUNCTION a.f(); \
         COMMENT ON TRIGGER g ON b.t IS 'calls'; CREATE FUNCTION b.one() RETURNS integer \
         LANGUAGE sql AS 'SELECT 1'; CREATE TABLE a.u (n integer DEFAULT b.one())",
    ),
    (
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE DOMAIN a.d AS text; CREATE TABLE b.t (x a.d); \
         CREATE SEQUENCE a.s; CREATE TABLE b.u (id integer DEFAULT nextval('a.s')); \
         CREATE TYPE a.p AS (x integer)",
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE DOMAIN a.d AS text NOT NULL CHECK (value <> ''); \
         CREATE TABLE b.t (x a.d) WITH (fillfactor = 70); CREATE SEQUENCE a.s INCREMENT BY 2; \
         CREATE TABLE b.u (id bigint DEFAULT nextval('a.s'), x text); CREATE TYPE a.p AS (x bigint); \
         CREATE STATISTICS b.both ON id, x FROM b.u; ALTER TABLE b.u ENABLE ROW LEVEL SECURITY; \
         CREATE POLICY own ON b.u USING (id > 1); CREATE RULE r AS ON DELETE TO b.t DO INSTEAD NOTHING; \
         COMMENT ON DOMAIN a.d IS 'd'; COMMENT ON TYPE a.p IS 'p'; COMMENT ON POLICY own ON b.u IS 'y'",
    ),
];

/// The schemas that a pair makes.
fn named((before, after): &Pair<'_>) -> String {
    let names = ["a", "b", "B b"].into_iter();
    let is_made = |name: &&str| {
        let made = [format!("SCHEMA {name};"), format!("SCHEMA \"{name}\";")];
        made.iter()
            .any(|made| before.contains(made) || after.contains(made))
    };
    let names: Vec<&str> = names.filter(is_made).collect();
    format!("--schemas={}", names.join(","))
}

#[test]
fn named_schemas_become_like_those_of_another_database() {
    for sides in PAIRS {
        let (here, there) = pair(Setup::postgres, sides);
        become_alike(&here, &there, &[&named(sides)], sides);
    }
}

#[test]
fn a_schema_goes_with_all_that_is_in_it_and_what_crosses_into_it() {
    let sides = (
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TYPE b.mood AS ENUM ('x'); \
         CREATE TABLE a.t (id integer, m b.mood); CREATE VIEW b.v AS SELECT m FROM a.t; \
         ALTER DEFAULT PRIVILEGES IN SCHEMA b GRANT SELECT ON TABLES TO PUBLIC; \
         COMMENT ON SCHEMA b IS 'gone'; GRANT USAGE ON SCHEMA b TO PUBLIC",
        "CREATE SCHEMA a; CREATE TABLE a.t (id integer)",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    let to = format!("--to={}", there.url());
    let hash = here.nexus(&["migrate", "plan", &to, "--schemas=a,b"]);
    let hash = hash.expect(2).hash();
    let approve = ["migrate", "approve", &hash, &to, "--schemas=a,b"];
    here.nexus(&approve).expect(0);
    here.nexus(&["migrate", "plan", &to, "--schemas=a"])
        .expect(0);
    let left = "SELECT string_agg(nspname, ' ') FROM pg_namespace WHERE nspname IN ('a', 'b')";
    assert_eq!(here.ask(left).as_deref(), Some("a"));
}

#[test]
fn all_schemas_become_like_those_of_another_database() {
    let sides = (
        "CREATE SCHEMA gone; CREATE TABLE gone.g (id integer); CREATE TABLE a (id integer)",
        "CREATE SCHEMA came; CREATE TYPE came.kind AS ENUM ('x'); CREATE TABLE a (k came.kind)",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    let to = format!("--to={}", there.url());
    let plain = here.nexus(&["migrate", "plan", &to]).expect(2);
    let refusal =
        "schema \"gone\" is not in the target, and no step can drop it unless it is one of";
    assert!(plain.stdout.contains(refusal), "{plain:?}");
    become_alike(&here, &there, &["--schemas=*"], &sides);
}

#[test]
fn a_schema_or_a_table_that_goes_has_to_be_approved() {
    const BOTH: &str = "CREATE SCHEMA a; CREATE SCHEMA b; ";
    let cases = [
        (BOTH, "CREATE SCHEMA a", "schema \"b\""),
        (
            "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (id integer)",
            "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.t (id integer)",
            "drop table \"a.t\"",
        ),
    ];
    for (before, after, name) in cases {
        let (here, there) = pair(Setup::postgres, &(before, after));
        let to = format!("--to={}", there.url());
        for policy in ["safe", "full"] {
            let apply = ["migrate", "apply", "--policy", policy, &to, "--schemas=a,b"];
            let refused = here.nexus(&apply).expect(1);
            assert!(refused.stderr.contains("approve"), "{refused:?}");
            assert!(refused.stderr.contains(name), "{refused:?}");
        }
    }
}

#[test]
fn schemas_that_are_not_named_stay_as_they_are() {
    let sides = (
        "CREATE SCHEMA a; CREATE SCHEMA other; CREATE TABLE mine (id integer)",
        "CREATE SCHEMA a; CREATE TABLE a.t (id integer); CREATE TABLE yours (id integer)",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    let to = format!("--to={}", there.url());
    here.nexus(&["migrate", "apply", &to, "--schemas=a"])
        .expect(0);
    let left = "SELECT string_agg(to_regclass(name)::text, ' ') \
                FROM unnest('{mine,yours,a.t}'::text[]) name";
    assert_eq!(here.ask(left).as_deref(), Some("mine a.t"));
    let blocked = here.nexus(&["migrate", "plan", &to]).expect(2);
    assert!(blocked.stdout.contains("schema \"other\""), "{blocked:?}");
}

#[test]
fn schemas_that_cannot_be_compared_are_refused_by_name() {
    let (here, there) = pair(Setup::postgres, &("CREATE SCHEMA a", "CREATE SCHEMA b"));
    let to = format!("--to={}", there.url());
    let lost = ["migrate", "plan", &to, "--schemas=a,b,c,pg_catalog"];
    let lost = here.nexus(&lost).expect(1);
    assert!(lost.stderr.contains("\"c\", \"pg_catalog\""), "{lost:?}");

    let alone = here.nexus(&["migrate", "plan", "--schemas=a"]).expect(1);
    assert!(alone.stderr.contains("--to"), "{alone:?}");

    let (here, there) = pair(Setup::sqlite, &("", ""));
    let to = format!("--to={}", there.url());
    let refused = here.nexus(&["migrate", "plan", &to, "--schemas=main"]);
    let refused = refused.expect(1);
    assert!(refused.stderr.contains("--schemas"), "{refused:?}");
}
