use dataflow_core::dialect::Postgres;
use dataflow_core::plan::{Class, Hints, Plan, Policy, TableHints};
use dataflow_core::snapshot::Table;

use super::planned;
use super::tables::{column, index, nullable, table, with_default, with_rows};

fn plan_of(desired: Table, found: Table, hints: Hints) -> Plan {
    planned(&[desired], &[found], &hints, &Postgres)
}

#[test]
fn each_policy_makes_what_it_allows() {
    let safe = plan_of(
        table("users", &[nullable(column("a", "text"))]),
        table("users", &[]),
        Hints::default(),
    );
    let mut indexed = table("users", &[]);
    indexed.indexes = vec![index("users_id_idx", &["id"], false)];
    let scan = plan_of(indexed, with_rows(table("users", &[]), 5), Hints::default());
    let rewrite = plan_of(
        table("users", &[column("a", "bigint")]),
        table("users", &[column("a", "integer")]),
        Hints::default(),
    );
    let destructive = plan_of(
        table("users", &[]),
        table("users", &[column("a", "text")]),
        Hints {
            tables: vec![TableHints {
                table: "users".into(),
                dropped_columns: vec!["a".to_owned()],
                ..TableHints::default()
            }],
            ..Hints::default()
        },
    );
    let irreversible = plan_of(
        table("users", &[column("a", "bigint")]),
        table("users", &[column("a", "text")]),
        Hints::default(),
    );
    let cases = [
        (safe, Class::Safe, true, true),
        (scan, Class::Scan, true, true),
        (rewrite, Class::Rewrite, false, true),
        (destructive, Class::Destructive, false, true),
        (irreversible, Class::Irreversible, false, false),
    ];
    for (plan, class, in_safe, in_full) in cases {
        assert_eq!(plan.class(), Some(class));
        let approved = Policy::Approved(plan.hash());
        for (policy, is_made) in [
            (Policy::Safe, in_safe),
            (Policy::Full, in_full),
            (approved, true),
        ] {
            let allowed = plan.clone().allowed_by(policy);
            assert_eq!(
                allowed.steps.len(),
                usize::from(is_made),
                "{class}, {policy:?}"
            );
            assert_eq!(
                allowed.blocking().next().is_none(),
                is_made,
                "{class}, {policy:?}"
            );
        }
    }
}

/// Programs work without them, and did before anybody thought of plans.
#[test]
fn a_refusal_of_null_that_is_not_made_is_reported_and_stops_nobody() {
    let plan = plan_of(
        table("users", &[column("a", "text")]),
        table("users", &[nullable(column("a", "text"))]),
        Hints::default(),
    );
    let allowed = plan.allowed_by(Policy::Safe);
    assert_eq!(
        allowed.to_string(),
        "~ table \"users\", column \"a\": found a column that takes null, wanted NOT NULL\n"
    );
}

#[test]
fn a_plan_is_known_by_what_it_does_and_not_by_the_number_of_rows() {
    let plan = |default: &str, rows| {
        let column = with_default(column("a", "bigint"), default);
        let found = with_rows(table("users", &[]), rows);
        plan_of(table("users", &[column]), found, Hints::default())
    };
    assert_eq!(plan("1", 5).hash(), plan("1", 500).hash());
    assert_ne!(plan("1", 5).hash(), plan("2", 5).hash());
}

#[test]
fn a_plan_is_a_document_too() {
    let mut desired = table("users", &[column("name", "text")]);
    desired.indexes = vec![index("users_name_idx", &["name"], false)];
    let found = with_rows(
        table("users", &[column("name", "text"), column("badge", "text")]),
        7,
    );
    let plan = plan_of(desired, found, Hints::default());
    let document = serde_json::to_value(&plan).unwrap();
    assert_eq!(document["hash"], plan.hash().to_string());
    assert_eq!(document["class"], "scan");
    assert_eq!(
        document["steps"],
        serde_json::json!([{
            "change": "create index \"users_name_idx\" on table \"users\"",
            "class": "scan",
            "lock": "schema_changes",
            "rows": 7,
            "transactional": false,
            "statements": [{
                "sql": "CREATE INDEX CONCURRENTLY \"users_name_idx\" ON \"users\" (\"name\")",
                "run": "outside",
            }],
        }])
    );
    assert_eq!(document["findings"][0]["blocking"], true);
    assert_eq!(document["findings"][0]["column"], "badge");
}
