//! An async function as a node.

mod function;
mod schema;

use std::fmt;

use dataflow_core::error::Result;
use dataflow_core::node::{
    Answer, Body, BoxFuture, Context, Descriptor, Details, Form, Node, Object,
};

pub use function::HandlerFunction;

/// Makes a node of an async function: a workflow of one node, called by the same paths.
///
/// The function takes nothing, or one struct whose fields are the inputs; both the struct and what
/// it gives say their JSON Schema through `schemars::JsonSchema`. Inputs that the struct does not
/// declare are refused, missing ones are named all at once.
///
/// The function runs on the runtime that serves every other call. One that blocks (a file, a long
/// computation, a driver without async) holds up all of them: move such work into
/// `tokio::task::spawn_blocking`.
///
/// ```
/// use dataflow_core::Error;
/// use dataflow_workflow::handler;
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Greet {
///     name: String,
/// }
///
/// async fn greet(input: Greet) -> Result<String, Error> {
///     Ok(format!("hello {}", input.name))
/// }
///
/// async fn ping() -> Result<&'static str, Error> {
///     Ok("pong")
/// }
///
/// let greet = handler("greet", greet)?.described("Greets somebody by name");
/// let ping = handler("ping", ping)?;
/// # use dataflow_core::node::Node;
/// # assert_eq!(greet.descriptor().input().required_names(), ["name"]);
/// # assert_eq!(ping.descriptor().input().properties().count(), 0);
/// # Ok::<(), Error>(())
/// ```
///
/// An error of the function keeps its kind. A function that returns
/// `Box<dyn std::error::Error + Send + Sync>` may use `?` on anything: what is not one of our
/// errors is unexpected and of kind [`Internal`](dataflow_core::error::Kind::Internal), never a fault of the caller.
///
/// # Errors
///
/// Of kind [`Configuration`](dataflow_core::error::Kind::Configuration), when the input is not an object, or a type
/// cannot be described by a schema that every client reads: one that contains itself, or an input
/// that is a choice between several shapes.
pub fn handler<Arguments>(
    name: impl Into<String>,
    function: impl HandlerFunction<Arguments>,
) -> Result<Handler> {
    let name = name.into();
    let (input, output) = function
        .shapes()
        .map_err(|error| error.within(format!("handler {name:?}")))?;
    let details = Details {
        description: format!("The handler `{name}`."),
        input: input.clone(),
        output,
    };
    let call = move |given, form| function.call(&input, given, form);
    Ok(Handler {
        descriptor: Descriptor::custom(name, details),
        call: Box::new(call),
    })
}

/// An async function that can be called like any other node; [`handler`] makes one.
pub struct Handler {
    descriptor: Descriptor,
    call: Box<dyn Fn(Object, Form) -> BoxFuture<'static, Result<Body>> + Send + Sync>,
}

impl Handler {
    /// Says what it does, for people and models.
    #[must_use]
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.descriptor = self.descriptor.described(description);
        self
    }
}

impl Node for Handler {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn call<'a>(&'a self, context: &'a Context, input: Object) -> BoxFuture<'a, Result<Answer>> {
        let body = (self.call)(input, context.form);
        Box::pin(async move { Ok(Answer::new(body.await?)) })
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Handler")
            .field(&self.descriptor.name())
            .finish()
    }
}
