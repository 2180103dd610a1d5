use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dataflow_core::error::{Error, Fault, FaultCode, Kind, Result};
use dataflow_core::node::{Context, Form, Node, Object, Shape};
use dataflow_workflow::Workflow;
use serde_json::{Value as Json, json};
use tokio::sync::{Barrier, Notify};
use tokio::time::timeout;

use crate::nodes::{echo, node, post_create, user_create};

fn object(value: Json) -> Object {
    match value {
        Json::Object(object) => object,
        other => panic!("{other} is not an object"),
    }
}

async fn run(workflow: &Workflow, inputs: Json) -> Result<Json> {
    let context = Context::default();
    let running = workflow.run(&context, object(inputs));
    let ended = timeout(Duration::from_secs(10), running).await;
    ended.expect("the workflow ends").map(Json::Object)
}

fn user_and_post() -> Workflow {
    Workflow::builder()
        .description("Creates a user and a first post")
        .node("user", user_create())
        .node("post", post_create())
        .set("post", "title", "Hello")
        .connect("inputs.email", "user.email")
        .connect("inputs.profile.name", "user.name")
        .connect("user.id", "post.author_id")
        .connect("user.home.city", "post.city")
        .build()
        .expect("the workflow is complete")
}

#[tokio::test]
async fn what_a_node_gives_feeds_the_next() {
    let outputs = run(&user_and_post(), json!({"email": "ann@example.org"}))
        .await
        .unwrap();
    let expected = json!({
        "user": {"id": 7, "email": "ann@example.org", "name": null, "home": {"city": "Rome"}},
        "post": {"id": 1, "author_id": 7, "title": "Hello", "city": "Rome"}
    });
    assert_eq!(outputs, expected);
}

#[tokio::test]
async fn chosen_outputs_replace_those_of_all_nodes() {
    let workflow = Workflow::builder()
        .node("user", user_create())
        .connect("inputs.email", "user.email")
        .output("city", "user.home.city")
        .output("email", "inputs.email")
        .build()
        .unwrap();
    let outputs = run(&workflow, json!({"email": "ann@example.org"}))
        .await
        .unwrap();
    assert_eq!(outputs, json!({"city": "Rome", "email": "ann@example.org"}));
    assert_eq!(workflow.output().required_names(), ["city"]);
}

#[test]
fn the_shapes_of_a_workflow_come_from_its_nodes() {
    let workflow = user_and_post();
    let input = Shape::object()
        .required("email", Shape::string())
        .optional("profile", Shape::object().optional("name", Shape::string()));
    assert_eq!(workflow.input(), &input);
    let output = Shape::object()
        .required("user", user_create().descriptor().output().clone())
        .required("post", post_create().descriptor().output().clone());
    assert_eq!(workflow.output(), &output);
}

#[tokio::test]
async fn inputs_are_checked_before_any_node_is_called() {
    let called = Arc::new(AtomicBool::new(false));
    let flag = called.clone();
    let input = Shape::object().required("age", Shape::integer());
    let note = node("note", input, Shape::any(), move |_| {
        flag.store(true, Ordering::SeqCst);
        async { Ok(Json::Null) }
    });
    let workflow = Workflow::builder()
        .node("note", note)
        .connect("inputs.who.age", "note.age")
        .build()
        .unwrap();

    let error = run(&workflow, json!({"who": {"age": "x", "nmae": 1}, "hwo": 1}))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    let faults: Vec<_> = error
        .faults()
        .iter()
        .map(|f| (f.pointer.as_str(), f.code))
        .collect();
    let expected = [
        ("/who/age", FaultCode::Type),
        ("/who/nmae", FaultCode::Unknown),
        ("/hwo", FaultCode::Unknown),
    ];
    assert_eq!(faults, expected);
    assert!(!called.load(Ordering::SeqCst));
}

#[tokio::test]
async fn independent_branches_run_at_once() {
    let barrier = Arc::new(Barrier::new(2));
    let meet = || {
        let barrier = barrier.clone();
        node("meet", Shape::object(), Shape::any(), move |_| {
            let barrier = barrier.clone();
            async move {
                barrier.wait().await;
                Ok(Json::Null)
            }
        })
    };
    let workflow = Workflow::builder()
        .node("left", meet())
        .node("right", meet())
        .build()
        .unwrap();
    // One after the other they would wait for each other for ever.
    assert_eq!(
        run(&workflow, json!({})).await.unwrap(),
        json!({"left": null, "right": null})
    );
}

/// Sets its flag when it is dropped.
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// A node that never ends, tells when it has begun, and sets the flag when it is cancelled.
fn endless(begun: &Arc<Notify>, dropped: &Arc<AtomicBool>) -> Arc<dyn Node> {
    let (begun, dropped) = (begun.clone(), dropped.clone());
    node("endless", Shape::object(), Shape::any(), move |_| {
        let (begun, guard) = (begun.clone(), Dropped(dropped.clone()));
        async move {
            begun.notify_one();
            std::future::pending::<()>().await;
            drop(guard);
            Ok(Json::Null)
        }
    })
}

#[tokio::test]
async fn a_failure_names_the_node_and_cancels_the_others() {
    let (begun, dropped) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
    let after = begun.clone();
    let input = Shape::object().required("mail", Shape::string());
    let failing = node("failing", input, Shape::any(), move |_| {
        let after = after.clone();
        async move {
            after.notified().await;
            let fault = Fault::of_field("mail", FaultCode::Unique, "is taken");
            Err(Error::new(Kind::Unique, "email is taken")
                .with_faults(vec![fault])
                .with_help("log in"))
        }
    });
    let workflow = Workflow::builder()
        .node("forever", endless(&begun, &dropped))
        .node("user", failing)
        .connect("inputs.address.email", "user.mail")
        .build()
        .unwrap();

    let error = run(&workflow, json!({"address": {"email": "a"}}))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Unique);
    assert_eq!(error.message(), "node \"user\": email is taken");
    assert_eq!(error.help(), Some("log in"));
    // The fault points at what the caller gave, not at the node's own input.
    assert_eq!(error.faults()[0].pointer, "/address/email");
    assert!(dropped.load(Ordering::SeqCst));
}

#[tokio::test]
async fn dropping_the_run_cancels_its_nodes() {
    let (begun, dropped) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
    let workflow = Workflow::builder()
        .node("forever", endless(&begun, &dropped))
        .build()
        .unwrap();
    let context = Context::default();
    let running = workflow.run(&context, Object::new());
    tokio::select! {
        _ = running => panic!("the node never ends"),
        () = begun.notified() => {}
    }
    assert!(dropped.load(Ordering::SeqCst));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_ends_the_run_and_names_what_was_not_finished() {
    let (begun, dropped) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
    let workflow = Workflow::builder()
        .node("first", echo())
        .node("forever", endless(&begun, &dropped))
        .build()
        .unwrap();
    let mut context = Context::default();
    context.deadline = Some(tokio::time::Instant::now().into_std() + Duration::from_secs(30));

    let error = workflow.run(&context, Object::new()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert_eq!(
        error.message(),
        "the deadline of the call passed before \"forever\" finished"
    );
    assert!(dropped.load(Ordering::SeqCst));
}

#[tokio::test]
async fn nothing_starts_after_the_deadline() {
    let workflow = Workflow::builder()
        .node("a", echo())
        .node("b", echo())
        .build()
        .unwrap();
    let mut context = Context::default();
    context.deadline = Some(Instant::now());
    let error = workflow.run(&context, Object::new()).await.unwrap_err();
    assert_eq!(
        error.message(),
        "the deadline of the call passed before \"a\", \"b\" finished"
    );
}

#[tokio::test]
async fn a_part_that_is_missing_is_an_error_and_null_is_passed_on() {
    let workflow = Workflow::builder()
        .node("first", echo())
        .node("second", echo())
        .connect("inputs.value", "first.value")
        .connect("first.value.deep", "second.got")
        .output("got", "second.got")
        .build()
        .unwrap();

    assert_eq!(
        run(&workflow, json!({"value": {"deep": 1}})).await.unwrap(),
        json!({"got": 1})
    );
    assert_eq!(
        run(&workflow, json!({"value": {"deep": null}}))
            .await
            .unwrap(),
        json!({"got": null})
    );
    assert_eq!(
        run(&workflow, json!({"value": null})).await.unwrap(),
        json!({"got": null})
    );
    for value in [json!({"value": {}}), json!({"value": "text"}), json!({})] {
        let error = run(&workflow, value).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Internal);
        assert_eq!(
            error.message(),
            "node \"first\": its output has nothing at \"value.deep\""
        );
    }
}

#[tokio::test]
async fn a_workflow_is_a_node_in_both_forms_and_inside_another() {
    let inner = user_and_post().named("onboard");
    assert_eq!(inner.descriptor().name(), "onboard");
    assert_eq!(
        inner.descriptor().description(),
        "Creates a user and a first post"
    );

    let given = object(json!({"email": "ann@example.org"}));
    let value = inner
        .call(&Context::new(Form::Value), given.clone())
        .await
        .unwrap()
        .body;
    let bytes = inner
        .call(&Context::new(Form::Bytes), given)
        .await
        .unwrap()
        .body;
    assert_eq!(bytes.into_value(), value.into_value());

    let outer = Workflow::builder()
        .node("onboard", inner)
        .connect("inputs.mail", "onboard.email")
        .output("author", "onboard.post.author_id")
        .build()
        .unwrap();
    assert_eq!(
        run(&outer, json!({"mail": "bob@example.org"}))
            .await
            .unwrap(),
        json!({"author": 7})
    );
}
