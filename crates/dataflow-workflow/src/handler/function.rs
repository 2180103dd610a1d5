//! Which functions are handlers, and how JSON gets in and out of them.

use std::future::{self, Future};

use dataflow_core::error::{Error, Fault, FaultCode, Kind, Result};
use dataflow_core::node::{Body, BoxFuture, Form, Object, Shape};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use serde_path_to_error::Segment;

use super::schema;
use crate::binding::{Declared, Path};

/// An async function that [`handler`](super::handler) takes.
///
/// Implemented for `async fn() -> Result<Output, E>` and `async fn(Input) -> Result<Output, E>`,
/// closures included; nobody else implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler",
    note = "write `async fn name(input: Input) -> Result<Output, Error>`, or leave the input out",
    note = "Input derives `serde::Deserialize` and `schemars::JsonSchema`",
    note = "Output derives `serde::Serialize` and `schemars::JsonSchema`",
    note = "the error is `dataflow_core::Error` or turns into it by `From`"
)]
pub trait HandlerFunction<Arguments>: sealed::Sealed<Arguments> + Send + Sync + 'static {
    /// What it takes and what it gives.
    #[doc(hidden)]
    fn shapes(&self) -> Result<(Shape, Shape)>;

    /// Calls it with what its input shape does not refuse.
    #[doc(hidden)]
    fn call(&self, shape: &Shape, given: Object, form: Form) -> BoxFuture<'static, Result<Body>>;
}

impl<F, Running, Output, E> HandlerFunction<()> for F
where
    F: Fn() -> Running + Send + Sync + 'static,
    Running: Future<Output = Result<Output, E>> + Send + 'static,
    Output: Serialize + JsonSchema,
    E: Into<Error>,
{
    fn shapes(&self) -> Result<(Shape, Shape)> {
        Ok((Shape::object(), schema::output::<Output>()?))
    }

    fn call(&self, shape: &Shape, given: Object, form: Form) -> BoxFuture<'static, Result<Body>> {
        match accept(shape, &given) {
            Ok(()) => finish(self(), form),
            Err(error) => Box::pin(future::ready(Err(error))),
        }
    }
}

impl<F, Input, Running, Output, E> HandlerFunction<(Input,)> for F
where
    F: Fn(Input) -> Running + Send + Sync + 'static,
    Input: DeserializeOwned + JsonSchema,
    Running: Future<Output = Result<Output, E>> + Send + 'static,
    Output: Serialize + JsonSchema,
    E: Into<Error>,
{
    fn shapes(&self) -> Result<(Shape, Shape)> {
        Ok((schema::input::<Input>()?, schema::output::<Output>()?))
    }

    fn call(&self, shape: &Shape, given: Object, form: Form) -> BoxFuture<'static, Result<Body>> {
        match accept(shape, &given).and_then(|()| read(shape, given)) {
            Ok(input) => finish(self(input), form),
            Err(error) => Box::pin(future::ready(Err(error))),
        }
    }
}

mod sealed {
    /// Keeps the trait closed.
    pub trait Sealed<Arguments> {}

    impl<F: Fn() -> Running, Running> Sealed<()> for F {}
    impl<F: Fn(Input) -> Running, Input, Running> Sealed<(Input,)> for F {}
}

fn accept(shape: &Shape, given: &Object) -> Result<()> {
    match shape.object_faults(given) {
        faults if faults.is_empty() => Ok(()),
        faults => Err(Error::invalid(faults)),
    }
}

/// Reads what the shape has accepted. What serde still refuses is told without its own words,
/// which may hold the value.
fn read<Input: DeserializeOwned>(shape: &Shape, given: Object) -> Result<Input> {
    serde_path_to_error::deserialize(Json::Object(given)).map_err(|refusal| {
        let path = Path::from_iter(refusal.path().iter().filter_map(name));
        let format = match path.find_schema(shape.schema()) {
            Declared::As(schema) => schema.get("format").and_then(Json::as_str),
            Declared::Open | Declared::Never { .. } => None,
        };
        let detail = match format {
            Some(format) => format!("does not fit the format `{format}`"),
            None => "does not have the form that is asked for".to_owned(),
        };
        let fault = Fault::new(path.pointer(), FaultCode::Format, detail);
        Error::invalid(vec![fault])
    })
}

fn name(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Map { key } => Some(key.clone()),
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

fn finish<Output: Serialize, E: Into<Error>>(
    running: impl Future<Output = Result<Output, E>> + Send + 'static,
    form: Form,
) -> BoxFuture<'static, Result<Body>> {
    Box::pin(async move {
        let output = running.await.map_err(Into::into)?;
        let body = match form {
            Form::Bytes => serde_json::to_vec(&output).map(|text| Body::Bytes(text.into())),
            Form::Value => serde_json::to_value(&output).map(Body::Value),
        };
        body.map_err(|cause| {
            Error::new(Kind::Internal, "the output cannot be written as JSON").with_source(cause)
        })
    })
}
