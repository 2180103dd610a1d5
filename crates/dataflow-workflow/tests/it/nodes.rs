use std::future::Future;
use std::sync::Arc;

use dataflow_core::error::Result;
use dataflow_core::node::{
    Answer, Body, BoxFuture, Context, Descriptor, Details, Node, Object, Shape,
};
use serde_json::{Value as Json, json};

type Call = dyn Fn(Object) -> BoxFuture<'static, Result<Json>> + Send + Sync;

struct TestNode {
    descriptor: Descriptor,
    call: Box<Call>,
}

impl Node for TestNode {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn call<'a>(&'a self, _: &'a Context, input: Object) -> BoxFuture<'a, Result<Answer>> {
        let running = (self.call)(input);
        Box::pin(async move { Ok(Answer::new(Body::Value(running.await?))) })
    }
}

/// A node of any shape around an async closure.
pub(crate) fn node<Running>(
    name: &str,
    input: Shape,
    output: Shape,
    call: impl Fn(Object) -> Running + Send + Sync + 'static,
) -> Arc<dyn Node>
where
    Running: Future<Output = Result<Json>> + Send + 'static,
{
    Arc::new(TestNode {
        descriptor: Descriptor::custom(
            name,
            Details {
                description: String::new(),
                input,
                output,
            },
        ),
        call: Box::new(move |input| Box::pin(call(input))),
    })
}

/// Takes an email and perhaps a name and an age; gives them back with an id.
pub(crate) fn user_create() -> Arc<dyn Node> {
    let input = Shape::object()
        .required("email", Shape::string())
        .optional("name", Shape::string())
        .optional("age", Shape::integer());
    let output = Shape::object()
        .required("id", Shape::integer())
        .required("email", Shape::string())
        .optional("name", Shape::string())
        .required("home", Shape::object().required("city", Shape::string()));
    node("user_create", input, output, async |input| {
        Ok(json!({
            "id": 7,
            "email": input["email"],
            "name": input.get("name"),
            "home": {"city": "Rome"}
        }))
    })
}

/// Takes an author and a title; gives them back with an id.
pub(crate) fn post_create() -> Arc<dyn Node> {
    let input = Shape::object()
        .required("author_id", Shape::integer())
        .required("title", Shape::string())
        .optional("city", Shape::string());
    let output = Shape::object()
        .required("id", Shape::integer())
        .required("author_id", Shape::integer())
        .required("title", Shape::string());
    node("post_create", input, output, async |mut input| {
        input.insert("id".to_owned(), json!(1));
        Ok(Json::Object(input))
    })
}

/// Takes and gives anything, as it is.
pub(crate) fn echo() -> Arc<dyn Node> {
    node("echo", Shape::free_object(), Shape::any(), async |input| {
        Ok(Json::Object(input))
    })
}
