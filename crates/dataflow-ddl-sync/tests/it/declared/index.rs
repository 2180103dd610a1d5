use dataflow_core::ModelSchema;
use dataflow_core::ddl::{DriftCheck, Migrate, SyncOptions};
use dataflow_core::error::Kind;
use dataflow_core::schema::{DefaultValue, FieldType, Index, IndexMember, Nulls};

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
    ]
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

#[test]
fn an_expression_that_the_database_refuses_changes_nothing() {
    let wrong = || {
        person(Index {
            name: Some("wrong".into()),
            predicate: Some("no_such_column > 0".into()),
            ..Index::over(["name"])
        })
    };
    for setup in Setup::both() {
        let error = setup.synchronize([wrong()]).unwrap_err();
        assert!(error.to_string().contains("no_such_column"), "{error}");
        assert!(!setup.executor().table_exists("persons").unwrap());

        let right = person(Index::over(["name"]));
        comes_back_equal(&setup, std::slice::from_ref(&right));
        setup.synchronize([wrong()]).unwrap_err();
        is_settled(&setup, &[right]);
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
