//! Things that few databases hold, and to whom things belong.

use super::{Pair, become_alike, become_alike_both_ways, pair};
use crate::setup::Setup;

const PAIRS: &[Pair<'_>] = &[
    (
        "",
        "CREATE FUNCTION plus(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE \
         AS 'SELECT $1 + $2'; \
         CREATE AGGREGATE total (integer) (sfunc = plus, stype = integer, initcond = '0', \
         parallel = safe); \
         CREATE AGGREGATE rows (*) (sfunc = int8inc, stype = bigint, initcond = '0'); \
         COMMENT ON AGGREGATE total (integer) IS 'all'; \
         CREATE TABLE a (n integer); CREATE VIEW v AS SELECT total(n) FROM a",
    ),
    (
        "CREATE AGGREGATE total (integer) (sfunc = int4pl, stype = integer); \
         CREATE TABLE a (n integer); CREATE VIEW v AS SELECT total(n) FROM a",
        "CREATE AGGREGATE total (integer) (sfunc = int4pl, stype = integer, initcond = '5'); \
         CREATE TABLE a (n integer); CREATE VIEW v AS SELECT total(n) FROM a",
    ),
    (
        "",
        "CREATE FUNCTION same(text, integer) RETURNS boolean LANGUAGE sql IMMUTABLE \
         AS 'SELECT length($1) = $2'; \
         CREATE FUNCTION turned(integer, text) RETURNS boolean LANGUAGE sql IMMUTABLE \
         AS 'SELECT length($2) = $1'; \
         CREATE OPERATOR === (function = same, leftarg = text, rightarg = integer, \
         commutator = ===); \
         CREATE OPERATOR === (function = turned, leftarg = integer, rightarg = text, \
         commutator = ===); \
         COMMENT ON OPERATOR === (text, integer) IS 'as long as'; \
         CREATE TABLE a (t text CHECK (t === 3))",
    ),
    (
        "CREATE TYPE pair AS (x integer, y integer); CREATE CAST (pair AS text) WITH INOUT",
        "CREATE TYPE pair AS (x integer, y integer); \
         CREATE FUNCTION first_of(pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.x'; \
         CREATE CAST (pair AS text) WITH INOUT AS ASSIGNMENT; \
         CREATE CAST (pair AS integer) WITH FUNCTION first_of(pair) AS IMPLICIT; \
         COMMENT ON CAST (pair AS integer) IS 'the first'",
    ),
    (
        "CREATE TABLE a (id integer PRIMARY KEY, n integer); CREATE TABLE b (id integer PRIMARY KEY); \
         CREATE PUBLICATION news FOR TABLE a",
        "CREATE TABLE a (id integer PRIMARY KEY, n bigint, t text); \
         CREATE TABLE b (id integer PRIMARY KEY); \
         CREATE PUBLICATION news FOR TABLE a (id, n), ONLY b WHERE (id > 5) \
         WITH (publish = 'insert'); \
         CREATE PUBLICATION all_news FOR ALL TABLES; \
         CREATE PUBLICATION of_schema FOR TABLES IN SCHEMA public; \
         COMMENT ON PUBLICATION news IS 'n'",
    ),
    (
        "CREATE FUNCTION noted() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; \
         CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION noted()",
        "CREATE FUNCTION noted() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; \
         CREATE EVENT TRIGGER watch ON sql_drop WHEN TAG IN ('DROP TABLE', 'DROP VIEW') \
         EXECUTE FUNCTION noted(); ALTER EVENT TRIGGER watch DISABLE; CREATE TABLE a (id integer); \
         COMMENT ON EVENT TRIGGER watch IS 'w'",
    ),
    (
        "CREATE FOREIGN DATA WRAPPER far; \
         CREATE SERVER away FOREIGN DATA WRAPPER far OPTIONS (host 'x')",
        "CREATE FOREIGN DATA WRAPPER far; CREATE FOREIGN DATA WRAPPER further OPTIONS (a 'it''s'); \
         CREATE SERVER away TYPE 't' VERSION '2' FOREIGN DATA WRAPPER far OPTIONS (host 'y', port '1'); \
         COMMENT ON SERVER away IS 's'; COMMENT ON FOREIGN DATA WRAPPER far IS 'f'",
    ),
    (
        "CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = simple); \
         CREATE TEXT SEARCH CONFIGURATION found (PARSER = default)",
        "CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = simple, stopwords = english); \
         CREATE TEXT SEARCH CONFIGURATION found (PARSER = default); \
         ALTER TEXT SEARCH CONFIGURATION found ADD MAPPING FOR asciiword, word WITH plain, english_stem; \
         COMMENT ON TEXT SEARCH CONFIGURATION found IS 'c'; \
         CREATE TABLE a (t text); CREATE INDEX i ON a USING gin (to_tsvector('found', t))",
    ),
    (
        "",
        "CREATE CONVERSION odd FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
    ),
    (
        "CREATE TABLE a (id serial); CREATE VIEW v AS SELECT id FROM a; CREATE TYPE t AS ENUM ('x'); \
         CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE SEQUENCE s; \
         ALTER VIEW v OWNER TO pg_monitor; ALTER SEQUENCE s OWNER TO pg_monitor",
        "CREATE TABLE a (id serial, n integer); CREATE VIEW v AS SELECT n FROM a; \
         CREATE TYPE t AS ENUM ('x'); CREATE DOMAIN d AS text; \
         CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 2'; CREATE SEQUENCE s; \
         CREATE TABLE b (id bigserial PRIMARY KEY); GRANT SELECT ON b TO pg_read_all_data; \
         ALTER TABLE a OWNER TO pg_monitor; ALTER VIEW v OWNER TO pg_monitor; \
         ALTER TYPE t OWNER TO pg_monitor; ALTER DOMAIN d OWNER TO pg_monitor; \
         ALTER FUNCTION f() OWNER TO pg_monitor; ALTER TABLE b OWNER TO pg_monitor; \
         ALTER SEQUENCE s OWNER TO pg_read_all_data",
    ),
];

#[test]
fn what_few_databases_hold_becomes_like_that_of_others() {
    become_alike_both_ways(PAIRS);
}

#[test]
fn a_thing_that_another_role_owns_is_given_only_when_that_is_approved() {
    let sides = (
        "CREATE TABLE a (id integer)",
        "CREATE TABLE a (id integer); ALTER TABLE a OWNER TO pg_monitor",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    let to = format!("--to={}", there.url());
    let refused = here.nexus(&["migrate", "apply", &to]).expect(1);
    assert!(refused.stderr.contains("approve"), "{refused:?}");
    become_alike(&here, &there, &[], &sides);
    let owner = "SELECT tableowner::text FROM pg_tables WHERE tablename = 'a'";
    assert_eq!(here.ask(owner).as_deref(), Some("pg_monitor"));
}

#[test]
fn an_extension_is_led_to_another_version_where_its_author_wrote_the_way() {
    let sides = (
        "CREATE EXTENSION pg_trgm VERSION '1.3'; CREATE SCHEMA kept",
        "CREATE SCHEMA kept; CREATE EXTENSION pg_trgm SCHEMA kept VERSION '1.5'",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    become_alike(&here, &there, &["--schemas=*"], &sides);

    let older = pair(Setup::postgres, &(sides.0, "")).0;
    let to = format!("--to={}", older.url());
    let plan = here
        .nexus(&["migrate", "plan", &to, "--schemas=*"])
        .expect(2);
    let reason = "extension \"pg_trgm\" has no update that leads to version '1.3'";
    assert!(plan.stdout.contains(reason), "{plan:?}");
    let refused = here.nexus(&["migrate", "apply", "--policy=full", &to, "--schemas=*"]);
    assert!(refused.expect(1).stderr.contains(reason));
}
