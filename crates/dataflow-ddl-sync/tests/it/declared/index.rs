use dataflow_core::ModelSchema;
use dataflow_core::ddl::{DriftCheck, Migrate, Outcome, SyncOptions};
use dataflow_core::error::Kind;
use dataflow_core::plan::Policy;
use dataflow_core::schema::{
    DefaultValue, Deferrable, Evolution, FieldType, Index, IndexMember, Nulls,
};

use dataflow_ddl_sync::SyncDDLExecutor;

use super::{comes_back_equal, is_settled};
use crate::models::{With, defaulted, field, model, optional, set};
use crate::setup::Setup;

fn person(index: Index) -> ModelSchema {
    let mut person = model("Person")
        .with(field("name", FieldType::String))
        .with(optional("e-mail", FieldType::String))
        .with(defaulted("age", FieldType::I32, DefaultValue::Integer(0)))
        .with(optional("document", FieldType::Json));
    person.indexes = vec![index].into();
    person
}

fn descending(field: &'static str) -> IndexMember {
    IndexMember {
        descending: true,
        ..IndexMember::field(field)
    }
}

fn of(members: Vec<IndexMember>) -> Index {
    Index {
        members: members.into(),
        ..Index::over::<&str>([])
    }
}

fn on_both() -> Vec<Index> {
    vec![
        Index::over(["age", "name"]),
        Index::over(["e-mail", "name"]).unique(),
        Index {
            name: Some("By \"Name\"".into()),
            ..Index::over(["name"])
        },
        Index {
            predicate: Some("age > 17 AND name <> 'it''s'".into()),
            ..Index::over(["name"]).unique()
        },
        of(vec![descending("age"), IndexMember::field("name")]),
        of(vec![
            IndexMember::expression("lower(name)"),
            IndexMember::field("age"),
        ]),
        Index {
            predicate: Some("\"e-mail\" IS NOT NULL".into()),
            ..of(vec![IndexMember::expression("lower(\"e-mail\") || 'x'")]).unique()
        },
    ]
}

fn on_postgres() -> Vec<Index> {
    let nulls = |nulls, member| IndexMember {
        nulls: Some(nulls),
        ..member
    };
    let by = |method: &'static str, index| Index {
        method: Some(method.into()),
        ..index
    };
    let pattern = IndexMember {
        operator_class: Some("text_pattern_ops".into()),
        ..IndexMember::field("name")
    };
    let paths = IndexMember {
        operator_class: Some("jsonb_path_ops".into()),
        ..IndexMember::field("document")
    };
    vec![
        by("gin", Index::over(["document"])),
        by("gin", of(vec![paths])),
        by("hash", Index::over(["name"])),
        by("brin", Index::over(["age"])),
        by("btree", Index::over(["age"])),
        of(vec![pattern]),
        of(vec![nulls(Nulls::First, IndexMember::field("age"))]),
        of(vec![nulls(Nulls::Last, descending("age"))]),
        of(vec![nulls(Nulls::First, descending("age"))]),
        Index {
            include: vec!["name".into(), "e-mail".into()].into(),
            ..Index::over(["age"]).unique()
        },
        deferrable(Deferrable::InitiallyDeferred, &["e-mail", "name"]),
        deferrable(Deferrable::InitiallyImmediate, &["age"]),
        Index {
            nulls_not_distinct: true,
            include: vec!["name".into()].into(),
            ..deferrable(Deferrable::InitiallyDeferred, &["e-mail"])
        },
        nulls_not_distinct(&["name", "e-mail"]),
        Index {
            predicate: Some("age > 17".into()),
            ..nulls_not_distinct(&["e-mail"])
        },
    ]
}

fn deferrable(deferrable: Deferrable, fields: &[&'static str]) -> Index {
    Index {
        deferrable: Some(deferrable),
        ..Index::over(fields.iter().copied()).unique()
    }
}

fn nulls_not_distinct(fields: &[&'static str]) -> Index {
    Index {
        nulls_not_distinct: true,
        ..Index::over(fields.iter().copied()).unique()
    }
}

fn insert(name: &str, mail: &str) -> String {
    format!("INSERT INTO persons (name, \"e-mail\") VALUES ('{name}', {mail})")
}

#[test]
fn rows_may_agree_until_the_transaction_or_the_statement_ends() {
    use Deferrable::{InitiallyDeferred, InitiallyImmediate};
    let swap = "UPDATE persons SET name = CASE name WHEN 'a' THEN 'b' ELSE 'a' END";
    let apart =
        "UPDATE persons SET name = 'b' WHERE id = 1; UPDATE persons SET name = 'a' WHERE id = 2";
    let cases = [
        (None, false, false),
        (Some(InitiallyImmediate), true, false),
        (Some(InitiallyDeferred), true, true),
    ];
    for (when, in_one_statement, in_two) in cases {
        let setup = Setup::postgres();
        let index = Index {
            deferrable: when,
            ..Index::over(["name"]).unique()
        };
        setup.outcome([person(index)]);
        setup.execute(&insert("a", "NULL"));
        setup.execute(&insert("b", "NULL"));
        assert_eq!(
            setup.try_execute(swap).is_ok(),
            in_one_statement,
            "{when:?}"
        );
        let in_transaction = format!(
            "BEGIN; UPDATE persons SET name = 'c' || id; \
            UPDATE persons SET name = CASE id WHEN 1 THEN 'a' ELSE 'b' END; {apart}; COMMIT"
        );
        assert_eq!(
            setup.try_execute(&in_transaction).is_ok(),
            in_two,
            "{when:?}"
        );
        assert!(setup.try_execute(&insert("a", "NULL")).is_err(), "{when:?}");
    }
}

#[test]
fn rows_without_a_value_agree_where_nulls_are_not_distinct() {
    let setup = Setup::postgres();
    setup.outcome([person(nulls_not_distinct(&["e-mail"]))]);
    setup.execute(&insert("a", "NULL"));
    assert!(setup.try_execute(&insert("b", "NULL")).is_err());
    setup.execute(&insert("b", "'b'"));
}

/// It is made beside those who write, and tells of rows that agree before anything is changed.
#[test]
fn what_is_deferrable_or_counts_nulls_comes_to_rows_that_exist() {
    let setup = Setup::postgres();
    let mut bare = person(Index::over(["name"]));
    bare.indexes = Vec::new().into();
    comes_back_equal(&setup, std::slice::from_ref(&bare));
    setup.execute(&insert("a", "NULL"));
    setup.execute(&insert("b", "NULL"));
    for index in [
        deferrable(Deferrable::InitiallyDeferred, &["age"]),
        nulls_not_distinct(&["e-mail"]),
    ] {
        let error = setup.synchronize([person(index)]).unwrap_err();
        assert!(
            error.to_string().contains("rows hold duplicate values"),
            "{error:?}"
        );
        is_settled(&setup, std::slice::from_ref(&bare));
    }
    let names = person(deferrable(Deferrable::InitiallyDeferred, &["name"]));
    let plan = setup.executor().plan(&set([names.clone()])).unwrap();
    let words = plan.to_string();
    for part in [
        "+ create unique index \"persons_name_key\" on table \"persons\", deferrable initially deferred",
        "(scan, ",
        "locks out everybody, not in one transaction)",
    ] {
        assert!(words.contains(part), "{words}");
    }
    assert!(
        format!("{plan:#}").contains("CREATE UNIQUE INDEX CONCURRENTLY"),
        "{plan:#}"
    );
    // As an attempt would leave it that ended before its last step.
    setup.execute("CREATE UNIQUE INDEX persons_name_key_begun ON persons (name)");
    setup.outcome([names.clone()]);
    is_settled(&setup, std::slice::from_ref(&names));
    let left = "SELECT count(*) FROM pg_class WHERE relname LIKE 'persons_name_key%'";
    assert_eq!(setup.number(left), 1);

    // Another moment is another constraint, made where a hint says so.
    let mut other = person(deferrable(Deferrable::InitiallyImmediate, &["name"]));
    let error = setup.synchronize([other.clone()]).unwrap_err();
    assert!(
        format!("{error:?}").contains(
            "DEFERRABLE INITIALLY DEFERRED, wanted UNIQUE (\"name\") \
                                       DEFERRABLE INITIALLY IMMEDIATE"
        ),
        "{error:?}"
    );
    other.evolution.dropped_indexes = vec!["persons_name_key".into()].into();
    let plan = setup.executor().plan(&set([other.clone()])).unwrap();
    let executor = setup.executor();
    executor
        .apply(&set([other.clone()]), &SyncOptions::default(), plan.hash())
        .unwrap();
    is_settled(&setup, &[other]);
}

#[test]
fn what_no_constraint_can_say_is_refused_before_any_database_is_asked() {
    let late = || deferrable(Deferrable::InitiallyDeferred, &["name"]);
    let cases = [
        (
            Index {
                unique: false,
                ..late()
            },
            "not unique",
        ),
        (
            Index {
                predicate: Some("age > 1".into()),
                ..late()
            },
            "covers all rows",
        ),
        (
            Index {
                members: vec![descending("name")].into(),
                ..late()
            },
            "covers fields alone",
        ),
        (
            Index {
                unique: false,
                ..nulls_not_distinct(&["name"])
            },
            "nulls in it need not be distinct",
        ),
    ];
    for (index, told) in cases {
        let refused = dataflow_core::SchemaSet::new()
            .schema(person(index))
            .validated();
        let error = refused.unwrap_err();
        assert!(
            error.details().concat().contains(told) || error.to_string().contains(told),
            "{error:?}"
        );
    }
}

#[test]
fn an_index_comes_back_equal() {
    for index in on_both() {
        for setup in Setup::both() {
            comes_back_equal(&setup, &[person(index.clone())]);
        }
    }
    for index in on_postgres() {
        comes_back_equal(&Setup::postgres(), &[person(index)]);
    }
}

/// The expressions of an index that is added later are compared in the catalogue's words too.
#[test]
fn an_index_added_to_a_table_comes_back_equal() {
    for setup in Setup::both() {
        let mut bare = person(Index::over(["name"]));
        bare.indexes = Vec::new().into();
        comes_back_equal(&setup, &[bare]);
        let mut full = person(Index::over(["name"]));
        full.indexes = on_both().into();
        // Both are called people_expr_key or people_name_idx otherwise.
        for (position, index) in full.indexes.to_mut().iter_mut().enumerate() {
            index.name = Some(format!("index {position}").into());
        }
        setup.outcome([full.clone()]);
        is_settled(&setup, &[full]);
    }
}

#[test]
fn an_index_under_a_taken_name_is_reported_and_left_alone() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[person(Index::over(["name"]))]);
        let changed = person(Index {
            name: Some("persons_name_idx".into()),
            predicate: Some("age > 17".into()),
            ..Index::over(["name"])
        });
        let plan = setup.executor().plan(&set([changed])).unwrap().to_string();
        assert!(
            plan.starts_with(
                "~ table \"persons\": found index \"persons_name_idx\" as (\"name\"), wanted"
            ),
            "{plan}"
        );
    }
}

/// An index of a constraint goes with it alone, also where rows are there.
#[test]
fn a_constraint_with_an_index_goes_by_either_hint() {
    let rows = "INSERT INTO tags (name) VALUES ('a'), ('b')";
    let hint = || vec!["tags_name".into()].into();
    let by_index = Evolution {
        dropped_indexes: hint(),
        ..Evolution::NONE
    };
    let by_constraint = Evolution {
        dropped_constraints: hint(),
        ..Evolution::NONE
    };
    for rule in ["UNIQUE (name)", "EXCLUDE USING btree (name WITH =)"] {
        for evolution in [&by_index, &by_constraint] {
            for rows in ["", rows] {
                let setup = Setup::postgres();
                setup.execute(&format!(
                    "CREATE TABLE tags (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, \
                     name text NOT NULL, CONSTRAINT tags_name {rule}); {rows}"
                ));
                let mut tag = model("Tag").with(field("name", FieldType::String));
                tag.evolution = evolution.clone();
                let tags = set([tag]);
                let full = SyncOptions {
                    policy: Policy::Full,
                    ..SyncOptions::default()
                };
                let outcome = || {
                    setup
                        .executor()
                        .synchronize(&tags, &full)
                        .unwrap()
                        .outcome()
                };
                assert_eq!(outcome(), Outcome::Applied { steps: 1 }, "{rule} {rows}");
                setup.execute("INSERT INTO tags (name) VALUES ('a'), ('a')");
                assert_eq!(outcome(), Outcome::Unchanged, "{rule} {rows}");
                let plan = setup.executor().plan(&tags).unwrap();
                assert_eq!(plan.to_string(), "", "{rule} {rows}");
            }
        }
    }
}

#[test]
fn sqlite_refuses_what_only_postgres_can_do_with_an_index() {
    let setup = Setup::sqlite();
    for index in on_postgres() {
        let error = setup.synchronize([person(index)]).unwrap_err();
        assert_eq!(error.kind(), Kind::Unsupported);
        assert!(error.details()[0].contains("\"Person\""), "{error:?}");
        assert!(error.help().unwrap().contains("postgres"), "{error:?}");
    }
    assert!(!setup.executor().table_exists("persons").unwrap());
}

#[test]
fn two_indexes_of_one_name_are_refused() {
    let mut twice = person(Index::over(["name"]));
    twice.indexes.to_mut().push(Index {
        predicate: Some("age > 17".into()),
        ..Index::over(["name"])
    });
    for setup in Setup::both() {
        let error = setup.synchronize([twice.clone()]).unwrap_err();
        assert_eq!(error.kind(), Kind::Configuration);
        assert!(error.details()[0].contains("persons_name_idx"), "{error:?}");
    }
}

/// Without the right to make temporary tables the words cannot be learned, so a difference in words
/// is reported; it stops nobody.
#[test]
fn a_role_that_may_make_no_temporary_table_can_verify() {
    let setup = Setup::postgres();
    let indexed = person(Index {
        predicate: Some("age > 17".into()),
        ..Index::over(["name"])
    });
    comes_back_equal(&setup, std::slice::from_ref(&indexed));
    let role = format!("reader_{}", std::process::id());
    setup.execute(&format!(
        "CREATE ROLE {role} LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}; \
         DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', \
         current_database()); END $$"
    ));
    let url = setup.url().replacen("postgres@", &format!("{role}@"), 1);
    let executor = SyncDDLExecutor::new(url.parse().unwrap());
    let verify = SyncOptions {
        migrate: Migrate::Verify,
        drift_check: DriftCheck::Full,
        ..SyncOptions::default()
    };
    let ready = executor.synchronize(&set([indexed]), &verify).unwrap();
    assert_eq!(ready.findings().len(), 1, "{:?}", ready.findings());
    setup.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}
