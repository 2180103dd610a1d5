//! Tables that consist of others.

use super::{Pair, become_alike, become_alike_both_ways, pair};
use crate::setup::Setup;

const PAIRS: &[Pair<'_>] = &[
    (
        "",
        "CREATE TABLE p (id integer, d date, n text DEFAULT 'x', PRIMARY KEY (id, d), CHECK (id > 0)) \
         PARTITION BY RANGE (d); CREATE INDEX i ON p (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); \
         CREATE TABLE p2 PARTITION OF p DEFAULT PARTITION BY HASH (id); \
         CREATE TABLE p21 PARTITION OF p2 FOR VALUES WITH (MODULUS 2, REMAINDER 0); \
         CREATE INDEX own ON p1 (n); COMMENT ON COLUMN p1.n IS 'of the first'",
    ),
    (
        "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 2); CREATE VIEW v AS SELECT id FROM p1",
        "CREATE TABLE r (id bigint PRIMARY KEY); \
         CREATE TABLE p (id bigint NOT NULL DEFAULT 5 REFERENCES r, d integer, e text) \
         PARTITION BY LIST (d); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 2); \
         CREATE VIEW v AS SELECT id FROM p1; CREATE INDEX ON p (e); \
         CREATE TABLE p2 PARTITION OF p FOR VALUES IN (3); \
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \
         CREATE TRIGGER t BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION f()",
    ),
    (
        "CREATE TABLE p (id integer PRIMARY KEY) PARTITION BY RANGE (id); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9); \
         CREATE TABLE q (p integer REFERENCES p)",
        "CREATE TABLE q (p integer)",
    ),
    (
        "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p1 ALTER id SET DEFAULT 7",
    ),
    (
        "CREATE TABLE p (id integer DEFAULT 1, d integer) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p1 ALTER id SET NOT NULL",
        "CREATE TABLE p (id bigint DEFAULT 2, d integer, e text DEFAULT 'p') PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); \
         ALTER TABLE p1 ALTER id SET DEFAULT 7, ALTER e SET DEFAULT 'q', ALTER e SET NOT NULL; \
         CREATE TABLE p2 PARTITION OF p (id NOT NULL DEFAULT 9) FOR VALUES IN (2)",
    ),
    (
        "CREATE TABLE p (id integer PRIMARY KEY, n integer) PARTITION BY LIST (id); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE VIEW v AS SELECT n FROM p",
        "CREATE TABLE p (id integer PRIMARY KEY, n bigint NOT NULL DEFAULT 4) PARTITION BY LIST (id); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE VIEW v AS SELECT n FROM p; \
         CREATE TABLE p2 PARTITION OF p FOR VALUES IN (3)",
    ),
];

/// What tables are that consist of partitions, each with keys of its own.
const KEYS: &[Pair<'_>] = &[
    // Parts have names of their own.
    (
        "CREATE TABLE p (id integer, d integer NOT NULL) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "CREATE TABLE p (id integer, d integer NOT NULL) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); \
         CREATE INDEX i ON ONLY p (id DESC); CREATE INDEX \"the first's\" ON p1 (id DESC); \
         ALTER INDEX i ATTACH PARTITION \"the first's\"; \
         CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (id); \
         ALTER INDEX p2_id_idx RENAME TO \"the second's\"; \
         CREATE TABLE p21 PARTITION OF p2 FOR VALUES IN (1); \
         ALTER INDEX p21_id_idx RENAME TO \"the last's\"",
    ),
    // A partition with names of its own comes to a table that has keys.
    (
        "CREATE TABLE p (id integer, d integer DEFAULT 1, n text, PRIMARY KEY (id, d), \
         CONSTRAINT c CHECK (id > 0)) PARTITION BY LIST (d); CREATE INDEX i ON p (n)",
        "CREATE TABLE p (id integer, d integer DEFAULT 1, n text, more text NOT NULL DEFAULT '', \
         PRIMARY KEY (id, d), CONSTRAINT c CHECK (id > 0), CHECK (more <> 'x')) \
         PARTITION BY LIST (d); CREATE INDEX i ON p (n); CREATE INDEX j ON p (more); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p1 ALTER n SET DEFAULT 'x'; \
         ALTER INDEX p1_pkey RENAME TO own_key; ALTER INDEX p1_n_idx RENAME TO own_index; \
         CREATE TABLE p2 PARTITION OF p DEFAULT PARTITION BY LIST (id); \
         CREATE TABLE p21 PARTITION OF p2 FOR VALUES IN (1); ALTER INDEX p21_n_idx RENAME TO x; \
         COMMENT ON INDEX own_index IS 'so'; COMMENT ON TABLE p1 IS 'first'; \
         CREATE TABLE q (id integer, d integer, FOREIGN KEY (id, d) REFERENCES p1 (id, d))",
    ),
    // Keys get other parts, and the keys that point at them stay.
    (
        "CREATE TABLE p (id integer, d integer, PRIMARY KEY (id, d)) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); \
         CREATE TABLE q (id integer, d integer, FOREIGN KEY (id, d) REFERENCES p)",
        "CREATE TABLE p (id integer, d integer, PRIMARY KEY (id, d)) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER INDEX p1_pkey RENAME TO own; \
         CREATE TABLE q (id integer, d integer, FOREIGN KEY (id, d) REFERENCES p)",
    ),
    // What belongs to each partition alone becomes a part, and a part what belongs to it alone.
    (
        "CREATE TABLE p (id integer, d integer NOT NULL) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE INDEX i1 ON p1 (id); \
         CREATE UNIQUE INDEX u1 ON p1 (id, d); CREATE INDEX other ON p1 (d)",
        "CREATE TABLE p (id integer, d integer NOT NULL) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE INDEX i1 ON p1 (id); \
         CREATE UNIQUE INDEX u1 ON p1 (id, d); CREATE INDEX other ON p1 (id DESC); \
         CREATE INDEX i ON p (id); CREATE UNIQUE INDEX u ON p (id, d); \
         CREATE INDEX o ON p (id DESC)",
    ),
    // A key is a part of an index.
    (
        "CREATE TABLE p (id integer NOT NULL, d integer NOT NULL) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "CREATE TABLE p (id integer NOT NULL, d integer NOT NULL) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p1 ADD PRIMARY KEY (id, d); \
         CREATE UNIQUE INDEX u ON p (id, d); \
         CREATE TABLE q (id integer, d integer, FOREIGN KEY (id, d) REFERENCES p (id, d))",
    ),
    (
        "CREATE TABLE p (id integer NOT NULL, d integer NOT NULL) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p1 ADD PRIMARY KEY (id, d); \
         CREATE UNIQUE INDEX p_pkey ON p (id, d)",
        "CREATE TABLE p (id integer NOT NULL, d integer NOT NULL, PRIMARY KEY (id, d)) \
         PARTITION BY LIST (d); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
    ),
    (
        "CREATE TABLE p (id integer NOT NULL, d integer NOT NULL) PARTITION BY LIST (d); \
         CREATE UNIQUE INDEX u ON p (id, d)",
        "CREATE TABLE p (id integer NOT NULL, d integer NOT NULL) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p (UNIQUE (id, d)) FOR VALUES IN (1); \
         CREATE UNIQUE INDEX u ON p (id, d)",
    ),
    // Partitions that keys point into, each into the other.
    (
        "CREATE TABLE p (id integer, d integer, PRIMARY KEY (id, d)) PARTITION BY LIST (d); \
         CREATE TABLE q (id integer, d integer, PRIMARY KEY (id, d)) PARTITION BY LIST (d); \
         ALTER TABLE p ADD FOREIGN KEY (id, d) REFERENCES q; \
         ALTER TABLE q ADD FOREIGN KEY (id, d) REFERENCES p",
        "CREATE TABLE p (id integer, d integer, PRIMARY KEY (id, d)) PARTITION BY LIST (d); \
         CREATE TABLE q (id integer, d integer, PRIMARY KEY (id, d)) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); \
         CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1); \
         ALTER TABLE p ADD FOREIGN KEY (id, d) REFERENCES q; \
         ALTER TABLE q ADD FOREIGN KEY (id, d) REFERENCES p; \
         ALTER TABLE p1 ADD FOREIGN KEY (id, d) REFERENCES q1",
    ),
    // A check holds for the rows of partitions, and is only said of those of their parent.
    (
        "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
         ALTER TABLE p ADD CONSTRAINT c CHECK (id > 0) NOT VALID; \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
    ),
];

#[test]
fn keys_of_partitions_become_like_others_under_their_own_names() {
    become_alike_both_ways(KEYS);
}

#[test]
fn an_index_that_a_partition_has_is_taken_for_that_of_its_parent() {
    let sides = KEYS[3];
    let (here, there) = pair(Setup::postgres, &sides);
    here.execute("INSERT INTO p VALUES (1, 1), (2, 1)");
    let files = "SELECT string_agg(pg_relation_filenode(oid)::text, ' ' ORDER BY relname) \
                 FROM pg_class WHERE relname IN ('i1', 'u1')";
    let before = here.ask(files);
    become_alike(&here, &there, &[], &sides);
    assert_eq!(here.ask(files), before, "no index was made a second time");
}

#[test]
fn partitioned_tables_become_like_others_with_their_partitions() {
    for sides in PAIRS {
        let (here, there) = pair(Setup::postgres, sides);
        become_alike(&here, &there, &[], sides);
    }
}

#[test]
fn rows_of_partitions_outlive_a_change_of_their_parent() {
    let sides = (
        "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE r (id integer PRIMARY KEY)",
        "CREATE TABLE r (id integer PRIMARY KEY); \
         CREATE TABLE p (id integer NOT NULL, d integer, r integer DEFAULT 7 REFERENCES r, \
         CONSTRAINT positive CHECK (id > 0)) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE INDEX ON p (r)",
    );
    let (here, there) = pair(Setup::postgres, &sides);
    here.execute("INSERT INTO p VALUES (1, 1), (2, 1); INSERT INTO r VALUES (7)");
    become_alike(&here, &there, &[], &sides);
    let sum = "SELECT sum(id * r)::text FROM p1";
    assert_eq!(here.ask(sum).as_deref(), Some("21"));
}

#[test]
fn partitions_take_over_bounds_from_each_other_with_their_rows() {
    let with = |first, second, more| {
        format!(
            "CREATE TABLE r (id integer PRIMARY KEY); \
             CREATE TABLE p (id integer REFERENCES r, \"for\" integer, PRIMARY KEY (id, \"for\")) \
             PARTITION BY RANGE (\"for\"); CREATE INDEX i ON p (\"for\"); \
             CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \
             CREATE TRIGGER t BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION f(); \
             CREATE TABLE p1 PARTITION OF p FOR VALUES FROM {first}; \
             CREATE TABLE p2 PARTITION OF p FOR VALUES FROM {second}; {more}"
        )
    };
    let before = with("(1) TO (10)", "(10) TO (20)", "");
    let after = with(
        "(1) TO (5)",
        "(5) TO (MAXVALUE)",
        "ALTER TABLE p ADD n text DEFAULT 'x'",
    );
    let sides = (&*before, &*after);
    let (here, there) = pair(Setup::postgres, &sides);
    here.execute("INSERT INTO r VALUES (1), (2); INSERT INTO p VALUES (1, 7), (2, 11)");
    let to = format!("--to={}", there.url());
    let hash = here.nexus(&["migrate", "plan", &to]).expect(2).hash();
    let refused = here.nexus(&["migrate", "approve", &hash, &to]).expect(1);
    assert!(
        refused.stderr.contains("nothing was changed"),
        "{refused:?}"
    );

    here.execute("UPDATE p SET \"for\" = 3 WHERE id = 1");
    become_alike(&here, &there, &[], &sides);
    let rows = "SELECT string_agg(tableoid::regclass || n, ' ' ORDER BY id) FROM p";
    assert_eq!(here.ask(rows).as_deref(), Some("p1x p2x"));
}

/// Tables that are partitions on one side, and stand alone or belong to another parent on the other.
const REGROUPED: &[Pair<'_>] = &[
    (
        "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
         CREATE TABLE p1 (id integer, d integer)",
        "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
    ),
    // Keys, checks and indexes are there, or come with the table.
    (
        "CREATE TABLE p (id integer, d integer, n text, PRIMARY KEY (id, d), \
         CONSTRAINT c CHECK (id > 0)) PARTITION BY LIST (d); CREATE INDEX i ON p (n); \
         CREATE TABLE p1 (id integer, d integer, n text, PRIMARY KEY (id, d), \
         CONSTRAINT c CHECK (id > 0)); CREATE INDEX own ON p1 (n); CREATE INDEX d ON p1 (d)",
        "CREATE TABLE p (id integer, d integer, n text, PRIMARY KEY (id, d), \
         CONSTRAINT c CHECK (id > 0)) PARTITION BY LIST (d); CREATE INDEX i ON p (n); \
         CREATE TABLE p1 (id integer, d integer, n text, PRIMARY KEY (id, d), \
         CONSTRAINT c CHECK (id > 0)); CREATE INDEX own ON p1 (n); CREATE INDEX d ON p1 (d); \
         ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1)",
    ),
    (
        "CREATE TABLE p (id integer, d integer, n text, PRIMARY KEY (id, d), \
         CONSTRAINT c CHECK (id > 0)) PARTITION BY LIST (d); CREATE INDEX i ON p (n); \
         CREATE TABLE \"first one\" (id integer NOT NULL, d integer NOT NULL)",
        "CREATE TABLE p (id integer, d integer, n text, PRIMARY KEY (id, d), \
         CONSTRAINT c CHECK (id > 0)) PARTITION BY LIST (d); CREATE INDEX i ON p (n); \
         CREATE TABLE \"first one\" PARTITION OF p DEFAULT; \
         ALTER INDEX \"first one_n_idx\" RENAME TO own",
    ),
    // Both change with it.
    (
        "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
         CREATE TABLE p1 (id integer, d integer, gone text)",
        "CREATE TABLE p (id bigint, d integer, e text DEFAULT 'x') PARTITION BY LIST (d); \
         CREATE INDEX i ON p (e); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); \
         ALTER TABLE p1 ALTER e SET DEFAULT 'y'",
    ),
    // To another parent, and with one that goes.
    (
        "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
         CREATE TABLE q (id integer, d integer) PARTITION BY RANGE (id); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "CREATE TABLE q (id integer, d integer) PARTITION BY RANGE (id); \
         CREATE TABLE p1 PARTITION OF q FOR VALUES FROM (1) TO (9)",
    ),
];

#[test]
fn tables_leave_those_that_consist_of_them_and_come_to_others() {
    become_alike_both_ways(REGROUPED);
}

#[test]
fn rows_stay_in_a_table_that_leaves_or_comes_to_another_and_programs_of_before_are_told() {
    let (before, after) = REGROUPED[0];
    let (here, there) = pair(Setup::postgres, &(before, after));
    here.execute("INSERT INTO p1 VALUES (7, 1)");
    let to = format!("--to={}", there.url());
    let plan = here.nexus(&["migrate", "plan", &to]).expect(2);
    assert!(plan.stdout.contains("breaking"), "{plan:?}");
    become_alike(&here, &there, &[], &(before, after));
    assert_eq!(here.ask("SELECT id::text FROM p").as_deref(), Some("7"));

    let (_, back) = pair(Setup::postgres, &(after, before));
    become_alike(&here, &back, &[], &(after, before));
    assert_eq!(here.ask("SELECT id::text FROM p1").as_deref(), Some("7"));
    assert_eq!(
        here.ask("SELECT count(*)::text FROM p").as_deref(),
        Some("0")
    );

    here.execute("UPDATE p1 SET d = 5");
    let plan = here.nexus(&["migrate", "plan", &to]).expect(2);
    here.nexus(&["migrate", "approve", &plan.hash(), &to])
        .expect(1);
    assert_eq!(here.ask("SELECT d::text FROM p1").as_deref(), Some("5"));
}

#[test]
fn what_no_step_does_to_a_partition_is_refused_by_name() {
    const BEFORE: &str = "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
                          CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); \
                          CREATE TABLE alone (id integer, d integer)";
    let cases = [
        (
            "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
             CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); \
             CREATE TABLE alone PARTITION OF p FOR VALUES IN (2); \
             CREATE TABLE r (id integer PRIMARY KEY); ALTER TABLE p ADD FOREIGN KEY (id) REFERENCES r",
            "table \"alone\" is one of its own, in the target PARTITION OF p FOR VALUES IN (2), \
             and the server names the foreign keys that it has of p",
        ),
        (
            "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
             CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); \
             CREATE TABLE alone (id integer, d integer) PARTITION BY LIST (d)",
            "table \"alone\" is one of its own, in the target PARTITION BY LIST (d)",
        ),
        (
            "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (d); \
             CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (id)",
            "table \"p1\" is PARTITION OF p FOR VALUES IN (1), \
             in the target PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (id)",
        ),
        (
            "CREATE TABLE p (id integer, d integer) PARTITION BY LIST (id); \
             CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
            "table \"p\" is PARTITION BY LIST (d)",
        ),
    ];
    for (after, name) in cases {
        let (here, there) = pair(Setup::postgres, &(BEFORE, after));
        let to = format!("--to={}", there.url());
        let plan = here.nexus(&["migrate", "plan", &to]).expect(2);
        assert!(plan.stdout.contains(name), "{plan:?}");
        let refused = here.nexus(&["migrate", "apply", "--policy=full", &to]);
        assert!(refused.expect(1).stderr.contains(name));
    }
}
