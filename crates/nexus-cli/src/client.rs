//! A client of the HTTP door.

use std::time::Duration;

use nexus::{Error, Kind, Result};
use serde_json::Value as Json;
use ureq::Agent;
use ureq::http::{Request, Response};

/// How long the server may take for one answer; its own deadline for calls is shorter.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client of one server.
pub(crate) struct Client {
    url: String,
    agent: Agent,
}

impl Client {
    /// A client of the server at a URL.
    ///
    /// # Errors
    ///
    /// When the URL is not one of plain HTTP.
    pub(crate) fn new(url: &str) -> Result<Self> {
        if !url.starts_with("http://") {
            let message = format!("server {url:?} is not an http:// URL");
            return Err(Error::new(Kind::Configuration, message)
                .with_help("write --server http://host:port; https is not supported yet"));
        }
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .build();
        Ok(Self {
            url: url.trim_end_matches('/').to_owned(),
            agent: config.into(),
        })
    }

    /// What the server gives, or the problem that it answers instead.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached, does not answer JSON, or answers a problem.
    pub(crate) fn send(&self, method: &str, path: &str, body: Option<&Json>) -> Result<Json> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("accept", "application/json");
        let answer = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(body.to_string())
                .map_err(ureq::Error::from)
                .and_then(|request| self.agent.run(request)),
            None => request
                .body(())
                .map_err(ureq::Error::from)
                .and_then(|request| self.agent.run(request)),
        };
        let mut answer = answer.map_err(|error| self.unreachable(error))?;
        let text = answer.body_mut().read_to_string();
        let text = text.map_err(|error| self.unreachable(error))?;
        read(&answer, &text)
    }

    fn unreachable(&self, error: ureq::Error) -> Error {
        let message = format!("the server at {} cannot be reached", self.url);
        Error::new(Kind::Unavailable, message)
            .with_source(error)
            .with_help("start it, or say where it is with --server http://host:port")
    }
}

fn read<Body>(answer: &Response<Body>, text: &str) -> Result<Json> {
    let status = answer.status();
    if text.is_empty() && status.is_success() {
        return Ok(Json::Null);
    }
    let body: Json = serde_json::from_str(text).map_err(|error| {
        let message = format!("the server answered {status} with what is not JSON");
        Error::new(Kind::Malformed, message)
            .with_source(error)
            .with_help("is --server the HTTP door of a Nexus server?")
    })?;
    if status.is_success() {
        return Ok(body);
    }
    Err(problem(&body, status.as_str()))
}

/// A problem document as an error, in the server's words.
fn problem(body: &Json, status: &str) -> Error {
    let text = |member: &str| body[member].as_str().map(str::to_owned);
    let title = text("detail").or_else(|| text("title"));
    let message = title.unwrap_or_else(|| format!("the server answered {status}"));
    let faults = body["errors"].as_array().into_iter().flatten();
    let faults = faults.map(|fault| {
        let pointer = fault["pointer"].as_str().unwrap_or_default();
        let detail = fault["detail"].as_str().unwrap_or_default();
        format!("{}: {detail}", pointer.trim_start_matches('/'))
    });
    let error = Error::new(Kind::Invalid, message).with_details(faults.collect());
    match text("help") {
        Some(help) => error.with_help(help),
        None => error,
    }
}
