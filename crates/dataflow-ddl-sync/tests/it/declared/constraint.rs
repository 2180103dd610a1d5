use dataflow_core::ModelSchema;
use dataflow_core::ddl::{DriftCheck, SyncOptions};
use dataflow_core::plan::{Class, Policy};
use dataflow_core::schema::{Action, Check, FieldType, Relation};

use super::{comes_back_equal, is_settled};
use crate::models::{With, field, model, optional, set};
use crate::setup::Setup;

fn parent() -> ModelSchema {
    model("Parent")
}

fn child(relation: Relation) -> ModelSchema {
    let mut child = model("Child").with(optional("parent", FieldType::I64));
    child.relations = vec![relation].into();
    child
}

fn to_parent() -> Relation {
    Relation::new("parent", "parents", "id")
}

fn priced(checks: Vec<Check>) -> ModelSchema {
    let mut priced = model("Offer")
        .with(field("price", FieldType::Decimal))
        .with(optional("from", FieldType::I32));
    priced.checks = checks.into();
    priced
}

fn named(name: &'static str, expression: &'static str) -> Check {
    Check::new(name, expression)
}

#[test]
fn a_foreign_key_comes_back_with_its_actions() {
    let actions = [
        Action::NoAction,
        Action::Restrict,
        Action::Cascade,
        Action::SetNull,
        Action::SetDefault,
    ];
    for (position, on_delete) in actions.into_iter().enumerate() {
        let relation = Relation {
            on_delete,
            on_update: actions[(position + 1) % actions.len()],
            deferred: position % 2 == 0,
            ..to_parent()
        };
        for setup in Setup::both() {
            comes_back_equal(&setup, &[parent(), child(relation.clone())]);
        }
    }
}

#[test]
fn the_children_go_with_their_parent_where_that_is_declared() {
    let relation = Relation {
        on_delete: Action::Cascade,
        deferred: true,
        ..to_parent()
    };
    for setup in Setup::both() {
        comes_back_equal(&setup, &[parent(), child(relation.clone())]);
        setup.execute(
            "BEGIN; INSERT INTO childs (id, parent) VALUES (1, 1); \
             INSERT INTO parents (id) VALUES (1); COMMIT; DELETE FROM parents",
        );
        assert_eq!(setup.number("SELECT count(*) FROM childs"), 0);
    }
}

#[test]
fn a_foreign_key_with_other_actions_is_reported_and_made_anew_where_that_is_allowed() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[parent(), child(to_parent())]);
        setup.execute("INSERT INTO parents (id) VALUES (1)");
        setup.execute("INSERT INTO childs (id, parent) VALUES (1, 1)");
        let cascading = Relation {
            on_delete: Action::Cascade,
            deferred: true,
            ..to_parent()
        };
        let models = [parent(), child(cascading)];
        let ready = setup.synchronize(models.clone()).unwrap();
        let findings: Vec<String> = ready.findings().iter().map(ToString::to_string).collect();
        assert_eq!(
            findings,
            [
                "table \"childs\", column \"parent\": found a foreign key without actions, wanted \
              one with ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"
            ]
        );

        let plan = setup.executor().plan(&set(models.clone())).unwrap();
        assert_eq!(plan.class(), Some(Class::Breaking), "{plan}");
        // What an earlier start only reported is made all the same.
        let options = SyncOptions::default();
        let executor = setup.executor();
        executor
            .apply(&set(models.clone()), &options, plan.hash())
            .unwrap();
        is_settled(&setup, &models);
        setup.execute("DELETE FROM parents");
        assert_eq!(setup.number("SELECT count(*) FROM childs"), 0);
    }
}

#[test]
fn a_check_comes_back_equal() {
    let of_field = Check {
        name: None,
        field: Some("price".into()),
        expression: "price>0".into(),
    };
    let of_model = Check {
        name: None,
        field: None,
        expression: "\"from\" IS NULL OR (\"from\" BETWEEN 1 AND 9 AND price <> 5)".into(),
    };
    let texts = named(
        "It's \"quoted\"",
        "cast(\"from\" as text) not in ('a''b', 'c)')",
    );
    for setup in Setup::both() {
        let models = [priced(vec![
            of_field.clone(),
            of_model.clone(),
            texts.clone(),
        ])];
        comes_back_equal(&setup, &models);
        let refused = "INSERT INTO offers (price, \"from\") VALUES ('-1', 1)";
        assert!(setup.try_execute(refused).is_err(), "{}", setup.url());
    }
}

#[test]
fn a_check_is_added_to_a_table_with_rows_that_fulfill_it() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[priced(Vec::new())]);
        setup.execute("INSERT INTO offers (price) VALUES (2)");
        let checked = |limit| priced(vec![named("small", limit)]);
        setup.outcome([checked("CAST(price AS real) < 9")]);
        is_settled(&setup, &[checked("CAST(price AS real) < 9")]);
        assert_eq!(setup.number("SELECT count(*) FROM offers"), 1);
    }
}

#[test]
fn a_check_that_rows_do_not_fulfill_is_refused() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[priced(Vec::new())]);
        setup.execute("INSERT INTO offers (price) VALUES (2)");
        let checked = priced(vec![named("small", "CAST(price AS real) < 1")]);
        let error = setup.synchronize([checked]).unwrap_err();
        assert!(format!("{error:?}").contains("small"), "{error:?}");
        is_settled(&setup, &[priced(Vec::new())]);
    }
}

#[test]
fn another_check_of_the_same_name_is_reported_and_made_anew_where_that_is_allowed() {
    for setup in Setup::both() {
        let one = |least| [priced(vec![named("limit", least)])];
        comes_back_equal(&setup, &one("\"from\" > 3"));
        setup.execute("INSERT INTO offers (price, \"from\") VALUES ('1', 4)");
        let ready = setup.synchronize(one("\"from\" > 2")).unwrap();
        let finding = ready.findings()[0].to_string();
        let reported = "table \"offers\": found check \"limit\" as (";
        assert!(finding.starts_with(reported), "{finding}");

        let full = SyncOptions {
            policy: Policy::Full,
            drift_check: DriftCheck::Full,
            ..SyncOptions::default()
        };
        let executor = setup.executor();
        let error = executor
            .synchronize(&set(one("\"from\" > 4")), &full)
            .unwrap_err();
        assert!(error.to_string().contains("limit"), "{error}");
        executor
            .synchronize(&set(one("\"from\" > 2")), &full)
            .unwrap();
        is_settled(&setup, &one("\"from\" > 2"));
        setup.execute("INSERT INTO offers (price, \"from\") VALUES ('1', 3)");
    }
}

#[test]
fn a_check_serves_by_what_it_says_not_by_its_name() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[priced(vec![named("one", "price > 0")])]);
        is_settled(&setup, &[priced(vec![named("other", "( price   > 0 )")])]);
    }
}
