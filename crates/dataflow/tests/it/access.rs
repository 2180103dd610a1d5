use dataflow::error::FaultCode;
use dataflow::node::Node as _;
use dataflow::{DataFlow, Filter, Model};
use dataflow_core::SchemaSet;
use dataflow_core::schema::{Field, FieldType, Key, KeyGenerator, ModelSchema};
use serde_json::{Value as Json, json};

use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    code_that_holds_the_struct_reads_and_writes_every_field
    a_write_only_field_is_in_no_answer
    no_question_is_about_a_write_only_field
    a_read_only_field_is_shown_and_cannot_be_given
    what_is_sensitive_is_in_no_message
    shapes_tell_which_way_a_field_goes
    only_the_program_finds_a_row_by_a_write_only_field
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(has_many(logins = Login.account_id))]
struct Account {
    #[model(primary_key, generate = "none")]
    id: i64,
    name: String,
    #[model(write_only, sensitive, validate = is_long)]
    password: String,
    #[model(write_only)]
    recovery: Option<dataflow::Json<Json>>,
    #[model(read_only, default = 0)]
    credit: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Login {
    #[model(primary_key, generate = "none")]
    id: i64,
    #[model(belongs_to = Account)]
    account_id: i64,
}

/// As nobody should write it.
fn is_long(password: &str) -> Result<(), String> {
    match password.len() {
        0..8 => Err(format!("{password} is too short")),
        _ => Ok(()),
    }
}

fn open(setup: &Setup) -> DataFlow {
    let builder = setup.builder().model::<Account>().model::<Login>();
    builder.open().unwrap()
}

const SECRET: &str = "correct horse";

fn input() -> Json {
    json!({"id": 1, "name": "Ann", "password": SECRET, "recovery": {"a": SECRET}})
}

async fn code_that_holds_the_struct_reads_and_writes_every_field(setup: Setup) {
    let database = open(&setup);
    call(&database, "account_create", input()).await.unwrap();
    let accounts = database.repository::<Account>().unwrap();
    let mut ann = accounts.read(&1).await.unwrap();
    assert_eq!((&*ann.password, ann.credit), (SECRET, 0));
    ann.credit = 7;
    assert_eq!(accounts.update(&ann).await.unwrap(), ann);
    let found = accounts.count(Account::PASSWORD.eq(SECRET)).await.unwrap();
    assert_eq!(found, 1);
}

async fn a_write_only_field_is_in_no_answer(setup: Setup) {
    let database = open(&setup);
    let many = json!({"rows": [{"id": 2, "name": "Bob", "password": SECRET}]});
    let change = json!({"id": 1, "password": "another secret"});
    let changes = json!({"rows": [change.clone()]});
    let login = json!({"id": 1, "account_id": 1});
    let account = json!({"include": {"account": {}}});
    for (node, input) in [
        ("account_create", input()),
        ("account_bulk_create", many.clone()),
        ("account_read", json!({"id": 1})),
        ("account_update", change),
        ("account_bulk_update", changes),
        ("account_upsert", input()),
        ("account_bulk_upsert", many),
        ("account_list", json!({})),
        ("account_list", json!({"include": {"logins": {}}})),
        ("account_list", json!({"distinct": true})),
        ("account_read", json!({"id": 1, "include": {"logins": {}}})),
        ("login_create", login),
        ("login_list", account.clone()),
    ] {
        let answer = call(&database, node, input).await.unwrap().to_string();
        for hidden in ["password", "recovery", "secret", SECRET] {
            assert!(!answer.contains(hidden), "{node}: {answer}");
        }
        assert!(
            node.starts_with("login") || answer.contains("\"credit\":0"),
            "{node}: {answer}"
        );
    }
    let with_account = call(&database, "login_list", account).await.unwrap();
    assert_eq!(
        with_account[0]["account"],
        json!({"id": 1, "name": "Ann", "credit": 0})
    );
}

async fn no_question_is_about_a_write_only_field(setup: Setup) {
    let database = open(&setup);
    call(&database, "account_create", input()).await.unwrap();
    for (node, input) in [
        ("account_list", json!({"fields": ["id", "password"]})),
        ("account_list", json!({"filter": {"password": SECRET}})),
        (
            "account_list",
            json!({"filter": {"$or": [{"passwort": SECRET}]}}),
        ),
        ("account_list", json!({"filter": {"recovery.a": SECRET}})),
        ("account_list", json!({"order": ["password"]})),
        ("account_list", json!({"order": ["passwort.desc"]})),
        ("account_list", json!({"aggregate": ["password.max"]})),
        (
            "account_list",
            json!({"fields": ["password"], "aggregate": ["count"]}),
        ),
        (
            "account_count",
            json!({"filter": {"password": {"$starts_with": "c"}}}),
        ),
        ("account_read", json!({"id": 1, "fields": ["passwort"]})),
        (
            "login_list",
            json!({"filter": {"account.password": SECRET}}),
        ),
        ("login_list", json!({"order": ["account.password"]})),
        (
            "login_list",
            json!({"include": {"account": {"fields": ["password"]}}}),
        ),
        (
            "login_list",
            json!({"include": {"account": {"filter": {"password": SECRET}}}}),
        ),
    ] {
        let asked = input.to_string();
        let error = call(&database, node, input).await.unwrap_err();
        let told = format!("{error:?}");
        assert!(told.contains("has no field"), "{asked}: {told}");
        assert!(!told.contains("did you mean"), "{asked}: {told}");
    }
}

async fn a_read_only_field_is_shown_and_cannot_be_given(setup: Setup) {
    let database = open(&setup);
    let mut account = input();
    account["credit"] = json!(1_000_000);
    for node in ["account_create", "account_update", "account_upsert"] {
        let error = call(&database, node, account.clone()).await.unwrap_err();
        let fault = &error.faults()[0];
        assert_eq!(
            (&*fault.pointer, fault.code),
            ("/credit", FaultCode::ReadOnly)
        );
        assert_eq!(fault.detail, "is read-only");
    }
    let answer = call(&database, "account_create", input()).await.unwrap();
    assert_eq!(answer["credit"], 0);
    let accounts = database.repository::<Account>().unwrap();
    assert_eq!(accounts.count(Filter::all()).await.unwrap(), 1);

    let field = |name: &'static str| Field::new(name, FieldType::I64);
    let mut total = field("total");
    total.access.read_only = true;
    let model = ModelSchema::new(
        "Sum",
        vec![field("id"), total],
        Key::new("id", KeyGenerator::Serial),
    );
    let error = SchemaSet::new().schema(model).validated().unwrap_err();
    assert!(
        error.to_string().contains("no door can create a row"),
        "{error}"
    );
}

async fn what_is_sensitive_is_in_no_message(setup: Setup) {
    let database = open(&setup);
    let mut account = input();
    account["password"] = json!("p4ss");
    let error = call(&database, "account_create", account)
        .await
        .unwrap_err();
    assert_eq!(error.faults()[0].detail, "is refused");
    assert!(!format!("{error:?}").contains("p4ss"), "{error:?}");
}

async fn shapes_tell_which_way_a_field_goes(setup: Setup) {
    let builder = setup.builder().model::<Account>().model::<Login>();
    let database = builder.build().unwrap();
    let shape = |name: &str| -> [Json; 2] {
        let node = database.node(name).unwrap();
        let descriptor = node.descriptor();
        [
            descriptor.input().clone().into(),
            descriptor.output().clone().into(),
        ]
    };
    for name in ["account_create", "account_update", "account_upsert"] {
        let [input, output] = shape(name);
        let given = &input["properties"]["password"];
        assert_eq!(given["writeOnly"], true, "{name}");
        assert_eq!(given["format"], "password", "{name}");
        assert_eq!(input["properties"].get("credit"), None, "{name}");
        assert_eq!(output["properties"].get("password"), None, "{name}");
        assert_eq!(output["properties"]["credit"]["readOnly"], true, "{name}");
    }
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Card {
    #[model(primary_key)]
    id: i64,
    #[model(unique, write_only)]
    code: String,
    text: String,
}

async fn only_the_program_finds_a_row_by_a_write_only_field(setup: Setup) {
    let database = setup.builder().model::<Card>().open().unwrap();
    let cards = database.repository::<Card>().unwrap();
    let card = |text: &str| Card {
        id: 0,
        code: SECRET.to_owned(),
        text: text.to_owned(),
    };
    let first = cards.upsert(&card("a"), Card::CODE).await.unwrap();
    let second = cards.upsert(&card("b"), Card::CODE).await.unwrap();
    assert_eq!((second.id, &*second.text), (first.id, "b"));
    for node in ["card_upsert", "card_bulk_upsert"] {
        let row = json!({"code": SECRET, "text": "c"});
        let mut input = match node {
            "card_upsert" => row,
            _ => json!({ "rows": [row] }),
        };
        input["conflict_on"] = json!(["code"]);
        let error = call(&database, node, input).await.unwrap_err();
        assert_eq!(error.faults()[0].pointer, "/conflict_on", "{error}");
        assert!(!error.to_string().contains("code\""), "{error}");
    }
    assert_eq!(cards.read(&first.id).await.unwrap(), second.row);
}
