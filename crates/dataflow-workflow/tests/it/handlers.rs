use std::sync::Arc;
use std::time::Duration;

use dataflow_core::error::{Error, FaultCode, Kind, Result};
use dataflow_core::node::{Context, Form, Node};
use dataflow_workflow::{Handler, Workflow, handler};
use futures_util::future::join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Tone {
    /// For guests.
    Polite,
    /// For friends.
    Warm,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Address {
    city: String,
    zip: Option<String>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Greet {
    /// Whom to greet.
    name: String,
    #[serde(default)]
    times: u8,
    #[serde(default)]
    tone: Option<Tone>,
    home: Option<Address>,
    #[serde(default)]
    tags: Vec<String>,
}

async fn greet(input: Greet) -> Result<Json> {
    Ok(json!({"text": format!("hello {}", input.name), "times": input.times}))
}

async fn call(handler: &Handler, input: Json) -> Result<Json> {
    let Json::Object(input) = input else {
        panic!("inputs are an object")
    };
    let context = Context::new(Form::Value);
    Ok(handler.call(&context, input).await?.body.into_value())
}

#[test]
fn schemas_are_portable() {
    let descriptor = handler("greet", greet).unwrap();
    let expected = json!({
        "type": "object",
        "properties": {
            "name": {"description": "Whom to greet.", "type": "string"},
            "times": {
                "type": "integer", "format": "uint8", "minimum": 0, "maximum": 255, "default": 0
            },
            "tone": {"type": "string", "enum": ["polite", "warm"]},
            "home": {
                "type": "object",
                "properties": {"city": {"type": "string"}, "zip": {"type": "string"}},
                "required": ["city"],
                "additionalProperties": false
            },
            "tags": {"type": "array", "items": {"type": "string"}, "default": []}
        },
        "required": ["name"],
        "additionalProperties": false
    });
    assert_eq!(
        Json::from(descriptor.descriptor().input().clone()),
        expected
    );
}

#[tokio::test]
async fn e02_async_handlers_work() {
    let greet = handler("greet", |input: Greet| async {
        tokio::time::sleep(Duration::ZERO).await;
        greet(input).await
    });
    let given = json!({"name": "Ann", "tone": "warm", "home": {"city": "Rome", "zip": null}});
    let answer = call(&greet.unwrap(), given).await.unwrap();
    assert_eq!(answer, json!({"text": "hello Ann", "times": 0}));
}

#[tokio::test]
async fn e03_handlers_without_parameters_work() {
    let ping = handler("ping", async || Ok::<_, Error>("pong")).unwrap();
    assert_eq!(call(&ping, json!({})).await.unwrap(), json!("pong"));
    let error = call(&ping, json!({"x": 1})).await.unwrap_err();
    assert_eq!(error.faults()[0].code, FaultCode::Unknown);
}

#[tokio::test]
async fn e15_handlers_that_wait_do_not_hold_each_other_up() {
    // Each waits for all the others, on a runtime of one thread.
    const COUNT: usize = 8;
    let all = Arc::new(tokio::sync::Barrier::new(COUNT));
    let wait = handler("wait", move || {
        let all = all.clone();
        async move {
            all.wait().await;
            Ok::<_, Error>("waited")
        }
    });
    let wait = wait.unwrap();
    let calls = (0..COUNT).map(|_| call(&wait, json!({})));
    let answers = tokio::time::timeout(Duration::from_secs(20), join_all(calls)).await;
    for answer in answers.unwrap() {
        assert_eq!(answer.unwrap(), json!("waited"));
    }
}

#[derive(Deserialize, JsonSchema)]
struct Numbers {
    numbers: Vec<u32>,
}

#[tokio::test]
async fn e19_an_array_of_any_length_is_taken() {
    let sum = handler("sum", async |input: Numbers| {
        Ok::<_, Error>(input.numbers.iter().sum::<u32>())
    });
    let numbers: Vec<u32> = (0..5_000).collect();
    let answer = call(&sum.unwrap(), json!({ "numbers": numbers })).await;
    assert_eq!(answer.unwrap(), json!(12_497_500));
}

#[tokio::test]
async fn e04_an_unexpected_error_is_not_the_callers_fault() {
    let unexpected = handler("read", async || -> Result<(), AnyError> {
        Err(std::io::Error::other("disk is full"))?
    });
    let error = call(&unexpected.unwrap(), json!({})).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Internal);
    assert!(!error.message().contains("disk"));
    assert!(format!("{error:?}").contains("cause: disk is full"));

    let own = handler("own", async || -> Result<(), AnyError> {
        Err(Error::new(Kind::NotFound, "no such guest"))?
    });
    let error = call(&own.unwrap(), json!({})).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (Kind::NotFound, "no such guest")
    );
}

#[tokio::test]
async fn everything_wrong_with_the_input_is_told_at_once() {
    let greet = handler("greet", greet).unwrap();
    let cases = [
        (json!({}), vec![("/name", FaultCode::Required)]),
        (
            json!({"nmae": "Ann", "times": "x", "tone": "rude", "home": {"zip": 1}}),
            vec![
                ("/nmae", FaultCode::Unknown),
                ("/times", FaultCode::Type),
                ("/tone", FaultCode::Format),
                ("/home/zip", FaultCode::Type),
                ("/home/city", FaultCode::Required),
                ("/name", FaultCode::Required),
            ],
        ),
        (
            json!({"name": "Ann", "times": 256}),
            vec![("/times", FaultCode::Range)],
        ),
        (
            json!({"name": "Ann", "tags": ["a", 7]}),
            vec![("/tags/1", FaultCode::Type)],
        ),
    ];
    for (given, expected) in cases {
        let error = call(&greet, given).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        let faults: Vec<_> = error
            .faults()
            .iter()
            .map(|f| (f.pointer.as_str(), f.code))
            .collect();
        assert_eq!(faults, expected);
    }
    let error = call(&greet, json!({"nmae": "Ann", "name": "Ann"}))
        .await
        .unwrap_err();
    assert_eq!(
        error.message(),
        "nmae: is not declared; did you mean `name`?"
    );
}

#[derive(Deserialize, JsonSchema)]
struct Visit {
    hosts: Vec<std::net::Ipv4Addr>,
}

#[tokio::test]
async fn what_only_serde_refuses_is_a_fault_without_the_value() {
    let visit = handler("visit", async |input: Visit| {
        Ok::<_, Error>(input.hosts.len())
    })
    .unwrap();
    assert_eq!(
        call(&visit, json!({"hosts": ["127.0.0.1"]})).await.unwrap(),
        json!(1)
    );

    let error = call(&visit, json!({"hosts": ["127.0.0.1", "my secret"]}))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    assert_eq!(error.faults()[0].pointer, "/hosts/1");
    assert_eq!(error.faults()[0].detail, "does not fit the format `ipv4`");
    assert!(!format!("{error:?}").contains("secret"));
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Tree {
    children: Vec<Tree>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
enum Figure {
    Circle { radius: f64 },
    Square { side: f64 },
}

#[derive(Deserialize, JsonSchema)]
struct Draw {
    figure: Figure,
}

#[test]
fn types_that_no_portable_schema_describes_are_refused_when_registered() {
    let cases = [
        (
            handler("grow", async |tree: Tree| {
                Ok::<_, Error>(tree.children.len())
            }),
            "handler \"grow\": the type at \"/children/*\" contains itself",
        ),
        (
            handler("draw", async |draw: Draw| Ok::<_, Error>(draw.figure)),
            "handler \"draw\": the type at \"/figure\" is a choice between several shapes, \
             which not every client can read",
        ),
        (
            handler("shout", async |text: String| Ok::<_, Error>(text)),
            "handler \"shout\": its input `string` is not an object",
        ),
    ];
    for (refused, message) in cases {
        let error = refused.unwrap_err();
        assert_eq!(
            (error.kind(), error.message()),
            (Kind::Configuration, message)
        );
        assert!(error.help().is_some());
    }
}

#[test]
fn an_output_that_is_a_choice_is_described_by_what_is_common() {
    let pick = handler("pick", async || {
        Ok::<_, Error>(Figure::Circle { radius: 1.0 })
    })
    .unwrap();
    assert_eq!(Json::from(pick.descriptor().output().clone()), json!({}));
}

#[tokio::test]
async fn a_handler_is_a_node_of_a_workflow() {
    let workflow = Workflow::builder()
        .node(
            "greet",
            handler("greet", greet).unwrap().described("Greets"),
        )
        .connect("inputs.who", "greet.name")
        .output("text", "greet.text")
        .build()
        .unwrap();
    let given = json!({"who": "Ann"}).as_object().cloned().unwrap();
    let outputs = workflow.run(&Context::default(), given).await.unwrap();
    assert_eq!(Json::Object(outputs), json!({"text": "hello Ann"}));
}
