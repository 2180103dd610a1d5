use dataflow::error::{Code, FaultCode};
use dataflow::node::Node as _;
use dataflow::{DataFlow, Error, Filter, Model};
use dataflow_core::SchemaSet;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    every_fault_of_an_input_is_told_at_once
    every_way_to_write_keeps_the_rules
    a_model_known_as_data_keeps_its_rules
    a_rule_holds_for_writers_past_the_library
    a_shape_tells_what_json_schema_can_say
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Member {
    #[model(primary_key, pattern = "^[a-z]+$")]
    code: String,
    #[model(min_length = 2, max_length = 5, unique)]
    name: String,
    #[model(email)]
    email: Option<String>,
    #[model(url)]
    home: Option<String>,
    #[model(min = 0, max = 150, default = 18)]
    age: i32,
    #[model(min = "0.01")]
    fee: Option<Decimal>,
    #[model(validate = is_even)]
    shoes: Option<i64>,
}

fn is_even(number: &i64) -> Result<(), &'static str> {
    match number % 2 {
        0 => Ok(()),
        _ => Err("is bought in pairs"),
    }
}

fn member(code: &str, age: i32) -> Member {
    Member {
        code: code.to_owned(),
        name: format!("n{code}"),
        email: None,
        home: None,
        age,
        fee: None,
        shoes: None,
    }
}

fn open(setup: &Setup) -> DataFlow {
    setup.builder().model::<Member>().open().unwrap()
}

/// Where an error points, and with which word.
fn faults(error: &Error) -> Vec<(&str, FaultCode)> {
    let faults = error.faults().iter();
    faults.map(|fault| (&*fault.pointer, fault.code)).collect()
}

async fn every_fault_of_an_input_is_told_at_once(setup: Setup) {
    let database = open(&setup);
    let secret = "s3cret";
    let row = json!({
        "code": secret, "name": "x", "email": secret, "home": secret, "age": 151,
        "fee": "-1", "shoes": 3, "unknown": secret
    });
    let expected = [
        ("/code", FaultCode::Format),
        ("/name", FaultCode::Range),
        ("/email", FaultCode::Format),
        ("/home", FaultCode::Format),
        ("/age", FaultCode::Range),
        ("/fee", FaultCode::Range),
        ("/shoes", FaultCode::Rule),
        ("/unknown", FaultCode::Unknown),
    ];
    let error = call(&database, "member_create", row).await.unwrap_err();
    assert_eq!(faults(&error), expected);
    assert!(!format!("{error:?}").contains(secret), "{error:?}");

    let typed = Member {
        name: "x".to_owned(),
        shoes: Some(3),
        ..member(secret, 151)
    };
    let members = database.repository::<Member>().unwrap();
    let error = members.create(&typed).await.unwrap_err();
    let [code, name, _, _, age, _, shoes, _] = expected;
    assert_eq!(faults(&error), [code, name, age, shoes]);
    assert_eq!(error.code(), Code::Invalid);
    assert!(!format!("{error:?}").contains(secret), "{error:?}");
    let details: Vec<&str> = error.faults().iter().map(|fault| &*fault.detail).collect();
    assert_eq!(
        details,
        [
            "takes a text that matches ^[a-z]+$",
            "takes at least 2 characters",
            "takes at most 150",
            "is bought in pairs"
        ]
    );
}

async fn every_way_to_write_keeps_the_rules(setup: Setup) {
    let database = open(&setup);
    let members = database.repository::<Member>().unwrap();
    let (good, bad) = (member("a", 20), member("a", -1));
    members.create(&good).await.unwrap();
    let two = [member("b", 1), member("c", 151)];
    let at = |result: Result<(), Error>, pointer: &str| {
        let error = result.unwrap_err();
        assert_eq!(faults(&error), [(pointer, FaultCode::Range)]);
        assert!(error.is_out_of_range());
    };
    at(members.update(&bad).await.map(drop), "/age");
    at(members.upsert(&bad, Member::CODE).await.map(drop), "/age");
    let or_update = members.create_or_update(&good, &bad, Member::CODE);
    at(or_update.await.map(drop), "/change/age");
    at(members.bulk_create(&two).await.map(drop), "/1/age");
    at(members.bulk_load(&two).await.map(drop), "/1/age");
    at(members.bulk_update(&two).await.map(drop), "/1/age");
    at(
        members.bulk_upsert(&two, Member::CODE).await.map(drop),
        "/1/age",
    );
    let in_transaction = database.transaction(async |transaction| {
        let members = transaction.repository::<Member>()?;
        members.create(&member("d", 200)).await
    });
    at(in_transaction.await.map(drop), "/age");

    let row = |age: i32| json!({"code": "a", "name": "na", "age": age});
    for (node, input, pointer) in [
        ("member_create", row(-1), "/age"),
        ("member_update", json!({"code": "a", "age": -1}), "/age"),
        ("member_upsert", row(-1), "/age"),
        (
            "member_upsert",
            json!({"code": "a", "name": "na", "on_conflict": {"age": -1}}),
            "/on_conflict/age",
        ),
        (
            "member_bulk_create",
            json!({"rows": [row(-1)]}),
            "/rows/0/age",
        ),
        (
            "member_bulk_update",
            json!({"rows": [{"code": "a", "age": -1}]}),
            "/rows/0/age",
        ),
        (
            "member_bulk_upsert",
            json!({"rows": [row(1), row(-1)]}),
            "/rows/1/age",
        ),
    ] {
        let result = call(&database, node, input).await.map(drop);
        at(result, pointer);
    }
    assert_eq!(members.list(Filter::all()).await.unwrap().rows, [good]);
}

async fn a_model_known_as_data_keeps_its_rules(setup: Setup) {
    let compiled = SchemaSet::new().model::<Member>().validated().unwrap();
    let document = compiled.to_json();
    let read = SchemaSet::from_json(&document).unwrap();
    assert_eq!(read, compiled);
    let database = setup.builder().models(read).open().unwrap();
    let row = json!({"code": "A", "name": "x", "email": "x", "age": 151, "shoes": 3});
    let error = call(&database, "member_create", row).await.unwrap_err();
    let pointers: Vec<&str> = faults(&error).iter().map(|(pointer, _)| *pointer).collect();
    // A function is the program's own.
    assert_eq!(pointers, ["/code", "/name", "/email", "/age"]);
    let unchanged = setup.builder().model::<Member>().open();
    assert!(unchanged.is_ok(), "the same definition, compiled");
}

async fn a_rule_holds_for_writers_past_the_library(setup: Setup) {
    drop(open(&setup));
    let insert = |name: &str, age: i32| {
        format!("INSERT INTO members (code, name, age) VALUES ('{name}', '{name}', {age})")
    };
    let is_refused = |statement: &str| match setup.is_sqlite() {
        true => setup.is_refused(statement),
        false => setup.session(|client| client.batch_execute(statement).is_err()),
    };
    assert!(!is_refused(&insert("ab", 0)));
    assert!(is_refused(&insert("c", 0)), "too short");
    assert!(is_refused(&insert("abcdef", 0)), "too long");
    assert!(is_refused(&insert("cd", 151)), "too old");
}

async fn a_shape_tells_what_json_schema_can_say(setup: Setup) {
    let database = setup.builder().model::<Member>().build().unwrap();
    let node = database.node("member_create").unwrap();
    let told: Json = node.descriptor().input().clone().into();
    let told = &told["properties"];
    assert_eq!(told["code"]["pattern"], "^[a-z]+$");
    assert_eq!(
        (&told["name"]["minLength"], &told["name"]["maxLength"]),
        (&json!(2), &json!(5))
    );
    assert_eq!(told["email"]["format"], "email");
    assert_eq!(told["home"]["format"], "uri");
    assert_eq!(
        (&told["age"]["minimum"], &told["age"]["maximum"]),
        (&json!(0), &json!(150))
    );
    assert_eq!(
        told["fee"].get("minimum"),
        None,
        "a decimal is a text in JSON"
    );
}
