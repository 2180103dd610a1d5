//! Changes of rows, as server-sent events.
//!
//! ```text
//! id: 1203.17
//! data: {"model":"User","verb":"update","key":{"id":"ann"},"transaction":1203}
//! ```
//!
//! A reader that comes back says with `Last-Event-ID` where it was. Each goes through the changes by
//! itself, one chunk at a time: one that stops reading is waited for as any client is, and then cut
//! off.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use dataflow_core::error::{Error, Kind, closest};
use dataflow_core::feed::{Position, RowChange};
use dataflow_core::node::{ChangeStream, Form, Source};
use dataflow_core::schema::snake_case;
use futures_util::stream::{self, Stream};
use serde_json::{Value as Json, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{negotiate, query, response};
use crate::http::{Problem, context_of};
use crate::{Dispatch, Shutdown};

/// How many readers there are at a time. Each costs the database two small queries a second.
const MOST_READERS: usize = 256;

/// How often a reader hears something, so that whatever stands between keeps the connection.
const HEARTBEAT: Duration = Duration::from_secs(15);

const EVENT_STREAM: &str = "text/event-stream";

/// The name of the header with which a reader comes back.
const LAST_EVENT_ID: &str = "last-event-id";

/// The words of the query.
const WORDS: [&str; 2] = ["model", "after"];

/// What the route is prepared with.
pub(super) struct ChangesRoute {
    dispatch: Dispatch,
    places: Arc<Semaphore>,
    shutdown: Option<Shutdown>,
}

/// Which changes are asked for.
struct Asked {
    models: Vec<String>,
    after: Option<Position>,
}

/// One reader.
struct Reader {
    changes: Box<dyn ChangeStream>,
    shutdown: Option<Shutdown>,
    has_begun: bool,
    _place: OwnedSemaphorePermit,
}

impl ChangesRoute {
    pub(super) fn new(dispatch: Dispatch, shutdown: Option<Shutdown>) -> Arc<Self> {
        Arc::new(Self {
            dispatch,
            places: Arc::new(Semaphore::new(MOST_READERS)),
            shutdown,
        })
    }

    pub(super) async fn follow(self: Arc<Self>, request: Request) -> Result<Response, Problem> {
        let (parts, _) = request.into_parts();
        let asked = asked(parts.uri.query(), &parts.headers)?;
        let (source, models) = self.source_of(&asked.models)?;
        negotiate::check_accept_of(&parts.headers, EVENT_STREAM)?;
        if !self.dispatch.is_open() {
            return Err(Error::new(Kind::Unavailable, "the schema is not ready yet").into());
        }
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| {
            let message = format!("{MOST_READERS} readers follow the changes already");
            Problem::from(Error::new(Kind::Unavailable, message))
        })?;
        let context = context_of(&parts, Form::Bytes);
        let reader = Reader {
            changes: source.changes(&context, &models, asked.after).await?,
            shutdown: self.shutdown.clone(),
            has_begun: false,
            _place: place,
        };
        let body = Body::from_stream(events(reader));
        let mut response = response::with_type(StatusCode::OK, EVENT_STREAM, Bytes::new());
        *response.body_mut() = body;
        let cache = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.headers_mut().extend([cache]);
        Ok(response)
    }

    /// The source that has these models, by the names that it calls them; where none is named, none
    /// stands for all that the caller may be told of.
    fn source_of(&self, named: &[String]) -> Result<(&Arc<dyn Source>, Vec<String>), Problem> {
        let sources = self.dispatch.registry().sources().iter();
        let followed: Vec<(&Arc<dyn Source>, Vec<String>)> = sources
            .map(|source| (source, source.followed_models()))
            .filter(|(_, models)| !models.is_empty())
            .collect();
        let (first, all) = match &followed[..] {
            [] => return Err(Problem::no_such_route().with_help("turn enable_changes on")),
            [(source, _)] if named.is_empty() => return Ok((source, Vec::new())),
            [(source, models), ..] => (source, models),
        };
        let Some(name) = named.first() else {
            let detail = "each of several databases has changes of its own";
            let help = format!("name models of one of them: ?model={}", snake_case(&all[0]));
            return Err(Problem::malformed(detail).with_help(help));
        };
        let is_it = |name: &str, model: &String| model == name || snake_case(model) == name;
        let has = |models: &[String], name: &str| models.iter().any(|model| is_it(name, model));
        let of_first = followed.iter().find(|(_, models)| has(models, name));
        let (source, models) = of_first.map_or((*first, all), |(source, models)| (*source, models));
        let found = named.iter().map(|name| {
            let model = models.iter().find(|model| is_it(name, model));
            model.cloned().ok_or_else(|| unknown_model(name, models))
        });
        Ok((source, found.collect::<Result<_, _>>()?))
    }
}

/// Where the header says something it has the last word: a browser that comes back sends it along
/// with the URL of the first time.
fn asked(query: Option<&str>, headers: &HeaderMap) -> Result<Asked, Problem> {
    let mut asked = Asked {
        models: Vec::new(),
        after: None,
    };
    for (name, value) in query::pairs(query.unwrap_or_default())? {
        match name.as_str() {
            "model" => asked.models = value.split(',').map(ToOwned::to_owned).collect(),
            "after" => asked.after = Some(position(&value, "parameter \"after\"")?),
            _ => return Err(query::unknown_parameter(&name, WORDS).into()),
        }
    }
    if let Some(last) = headers.get(LAST_EVENT_ID) {
        let last = last.to_str().unwrap_or_default();
        asked.after = Some(position(last, "header \"Last-Event-ID\"")?);
    }
    Ok(asked)
}

fn position(text: &str, what: &str) -> Result<Position, Problem> {
    text.parse().map_err(|_| {
        let detail = format!("{what} is not a position");
        Problem::malformed(detail).with_help("give back the id of an event, or nothing")
    })
}

fn unknown_model(name: &str, models: &[String]) -> Problem {
    let nouns: Vec<String> = models.iter().map(|model| snake_case(model)).collect();
    let nearest = closest(name, nouns.iter().map(String::as_str));
    query::unknown("model", name, nearest).into()
}

/// The events, until the server stops.
fn events(reader: Reader) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
    stream::unfold(reader, |mut reader| async move {
        let chunk = reader.next().await?;
        Some((Ok(chunk), reader))
    })
}

impl Reader {
    /// What is sent next; none once the server stops. The first is sent at once, so that the client
    /// knows that it is heard.
    async fn next(&mut self) -> Option<Bytes> {
        if !std::mem::replace(&mut self.has_begun, true) {
            return Some(Bytes::from_static(b": following\n\n"));
        }
        let shutdown = self.shutdown.clone();
        let stops = async {
            match shutdown {
                Some(shutdown) => shutdown.begun().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stops => None,
            change = self.changes.next() => Some(match change {
                Ok(change) => event(&change),
                Err(error) if error.is_gone() => gap(&error),
                Err(error) => {
                    tracing::warn!("changes cannot be read: {error}");
                    heartbeat()
                }
            }),
            () = tokio::time::sleep(HEARTBEAT) => Some(heartbeat()),
        }
    }
}

fn heartbeat() -> Bytes {
    Bytes::from_static(b":\n\n")
}

fn event(change: &RowChange) -> Bytes {
    let mut data = json!({
        "model": change.model,
        "verb": change.verb.as_str(),
        "key": change.key,
    });
    if let Some(former) = &change.former_key {
        data["former_key"] = Json::Object(former.clone());
    }
    if let Some(transaction) = change.transaction {
        data["transaction"] = transaction.into();
    }
    format!("id: {}\ndata: {data}\n\n", change.position).into()
}

/// Changes that would have come are no longer kept: whoever keeps a copy reads it anew.
fn gap(error: &Error) -> Bytes {
    let data = json!({"code": error.code().to_string(), "detail": error.message()});
    format!("event: gap\ndata: {data}\n\n").into()
}
