use dataflow_core::error::{FaultCode, Kind};
use dataflow_workflow::{Workflow, WorkflowBuilder};

use crate::nodes::{echo, post_create, user_create};

fn user() -> WorkflowBuilder {
    Workflow::builder().node("user", user_create())
}

fn user_and_post() -> WorkflowBuilder {
    user()
        .node("post", post_create())
        .connect("inputs.email", "user.email")
}

fn complete() -> WorkflowBuilder {
    user_and_post()
        .connect("user.id", "post.author_id")
        .set("post", "title", "Hello")
}

fn echoes() -> WorkflowBuilder {
    ["a", "b", "c", "d"]
        .into_iter()
        .fold(Workflow::builder(), |all, id| all.node(id, echo()))
}

#[track_caller]
fn check(builder: WorkflowBuilder, expected: &[(&str, &str)]) {
    let mistakes = builder.mistakes();
    let found: Vec<_> = mistakes
        .iter()
        .map(|m| (m.pointer(), m.to_string()))
        .collect();
    let found: Vec<_> = found
        .iter()
        .map(|(at, text)| (at.as_str(), text.as_str()))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(builder.build().is_err(), !expected.is_empty());
}

#[test]
fn a_complete_workflow_has_no_mistakes() {
    check(complete(), &[]);
    check(
        complete()
            .output("author", "user.home.city")
            .output("email", "inputs.email"),
        &[],
    );
    check(
        echoes()
            .connect("a", "b.x")
            .connect("a.any.path.0", "c.y")
            .connect("b", "c.z"),
        &[],
    );
}

#[test]
fn a_workflow_has_nodes() {
    check(
        Workflow::builder(),
        &[("/nodes", "the workflow has no nodes")],
    );
}

#[test]
fn ids_are_plain_and_unique() {
    let reason = "an id is not empty, has no dot and is not `inputs`";
    for id in ["inputs", "a.b", ""] {
        check(
            Workflow::builder().node(id, echo()),
            &[(
                format!("/nodes/{id}").as_str(),
                format!("node {id:?}: {reason}").as_str(),
            )],
        );
    }
    check(
        Workflow::builder()
            .node("a", echo())
            .node("a", echo())
            .node("a", echo()),
        &[("/nodes/a", "two nodes are called \"a\"")],
    );
}

#[test]
fn links_join_what_exists() {
    check(
        complete().connect("user.id", "pots.author_id"),
        &[(
            "/nodes/pots",
            "there is no node \"pots\"; did you mean \"post\"?",
        )],
    );
    check(
        user_and_post()
            .connect("usr.id", "post.author_id")
            .set("post", "title", "Hello"),
        &[(
            "/nodes/post/with/author_id",
            "there is no node \"usr\"; did you mean \"user\"?",
        )],
    );
    check(
        complete().set("post", "titel", "Hello"),
        &[(
            "/nodes/post/with/titel",
            "node \"post\" takes no input \"titel\"; did you mean \"title\"?",
        )],
    );
    check(
        complete().connect("user.home.town", "post.city"),
        &[(
            "/nodes/post/with/city",
            "path \"user.home.town\" leads to nothing",
        )],
    );
    check(
        complete().connect("user.emial", "post.city"),
        &[(
            "/nodes/post/with/city",
            "path \"user.emial\" leads to nothing; did you mean \"email\"?",
        )],
    );
    check(
        complete().output("mail", "inputs.mail"),
        &[(
            "/outputs/mail",
            "path \"inputs.mail\" leads to nothing; did you mean \"email\"?",
        )],
    );
    check(
        complete().output("who", "nobody.id"),
        &[("/outputs/who", "there is no node \"nobody\"")],
    );
}

#[test]
fn paths_can_be_read() {
    check(
        complete().connect("user..id", "post.city"),
        &[("/nodes/post/with/city", "path \"user..id\" cannot be read")],
    );
    for target in ["post", "post.", ".city", "post.city.name", ""] {
        check(
            complete().connect("user.email", target),
            &[("", format!("path {target:?} cannot be read").as_str())],
        );
    }
    check(
        complete().output("all", "inputs"),
        &[("/outputs/all", "path \"inputs\" cannot be read")],
    );
}

#[test]
fn inputs_are_fed_once_and_with_what_fits() {
    check(
        user_and_post().connect("user.id", "post.author_id"),
        &[(
            "/nodes/post",
            "node \"post\" needs input \"title\", and nothing feeds it",
        )],
    );
    check(
        complete().connect("inputs.title", "post.title"),
        &[(
            "/nodes/post/with/title",
            "input \"title\" of node \"post\" is fed more than once",
        )],
    );
    check(
        complete().set("user", "age", "old"),
        &[(
            "/nodes/user/with/age",
            "input \"age\" of node \"user\" refuses its constant: must be an integer",
        )],
    );
    check(
        complete().connect("user.id", "post.city"),
        &[(
            "/nodes/post/with/city",
            "input \"city\" of node \"post\" is of type string, and \"user.id\" is of type integer",
        )],
    );
    check(complete().set("user", "age", serde_json::Value::Null), &[]);
}

#[test]
fn a_workflow_input_means_one_thing() {
    check(
        complete().connect("inputs.email", "user.age"),
        &[(
            "/nodes/user/with/age",
            "\"inputs.email\" cannot feed input \"age\" of node \"user\" and an earlier one: \
             they are of different types, or one takes it whole and the other a part",
        )],
    );
    check(
        complete().connect("inputs.email.domain", "post.city"),
        &[(
            "/nodes/post/with/city",
            "\"inputs.email.domain\" cannot feed input \"city\" of node \"post\" and an earlier one: \
             they are of different types, or one takes it whole and the other a part",
        )],
    );
}

#[test]
fn outputs_have_names_of_their_own() {
    check(
        complete().output("id", "user.id").output("id", "post.id"),
        &[("/outputs/id", "two outputs are called \"id\"")],
    );
}

#[test]
fn no_node_waits_for_itself() {
    check(
        echoes().connect("a.x", "a.y"),
        &[(
            "/nodes/a/with/y",
            "input \"y\" of node \"a\" is fed by the node itself",
        )],
    );
    check(
        echoes()
            .connect("b", "c.x")
            .connect("c", "d.x")
            .connect("d", "b.x")
            .connect("a", "b.y"),
        &[("/nodes/b", "nodes wait for each other: b → c → d → b")],
    );
}

#[test]
fn all_mistakes_are_told_at_once_in_one_error() {
    let builder = user()
        .node("post", post_create())
        .node("post", post_create())
        .connect("user.nothing", "post.author_id")
        .set("user", "emial", "ann@example.org");
    let error = builder.build().unwrap_err();

    assert_eq!(error.kind(), Kind::Configuration);
    assert_eq!(error.message(), "the workflow has 6 mistakes");
    let faults: Vec<_> = error
        .faults()
        .iter()
        .map(|f| (f.pointer.as_str(), f.code))
        .collect();
    assert_eq!(
        faults,
        [
            ("/nodes/post", FaultCode::Unique),
            ("/nodes/user/with/emial", FaultCode::Unknown),
            ("/nodes/post/with/author_id", FaultCode::Unknown),
            ("/nodes/user", FaultCode::Required),
            ("/nodes/post", FaultCode::Required),
            ("/nodes/post", FaultCode::Required),
        ]
    );
    assert!(!format!("{error:?}").contains("ann@example.org"));
}

#[test]
fn a_single_mistake_is_the_message() {
    let error = Workflow::builder().build().unwrap_err();
    assert_eq!(error.to_string(), "the workflow has no nodes");
}
