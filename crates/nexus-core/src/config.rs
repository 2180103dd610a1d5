//! What was given, and what it means.
//!
//! A [`Config`] is what an application says, then what the environment says instead; [`Settings`]
//! are what both mean together, complete and without contradiction.

mod environment;
mod settings;

use std::path::PathBuf;
use std::time::Duration;

pub use settings::Settings;

use crate::http::Limits;

/// What was given, by an application or by the environment. [`Settings`] are what it means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// Where the ports bind: an IP address or `localhost`. 127.0.0.1 if not given.
    pub host: Option<String>,
    /// Whether the ports may be reached from elsewhere without credentials. No if not given.
    pub allow_anonymous: Option<bool>,
    /// The port of the REST door; 0 takes a free one. 8002 if not given.
    pub api_port: Option<u16>,
    /// The port of the MCP door; 0 takes a free one. 3001 if not given.
    pub mcp_port: Option<u16>,
    /// Whether there is an MCP door. Yes if not given.
    pub enable_mcp: Option<bool>,
    /// Whether workflow definition files are registered. No if not given.
    pub auto_discovery: Option<bool>,
    /// The folder that they are looked for in. `workflows` if not given.
    pub workflows_dir: Option<PathBuf>,
    /// The header that is trusted to name the tenant of a request. None if not given.
    pub tenant_header: Option<String>,
    /// Whether `/metrics` is served. No if not given.
    pub enable_metrics: Option<bool>,
    /// How long a call may take. 30 s if not given.
    pub call_deadline: Option<Duration>,
    /// What a port takes from one client, where it differs from the default.
    pub limits: LimitsConfig,
}

/// The part of a [`Config`] about [`Limits`]; what is not given is as [`Limits::default`] says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LimitsConfig {
    /// See [`Limits::connections`].
    pub max_connections: Option<usize>,
    /// See [`Limits::body_bytes`].
    pub max_body_bytes: Option<usize>,
    /// See [`Limits::first_byte`].
    pub first_byte_deadline: Option<Duration>,
    /// See [`Limits::head`].
    pub head_deadline: Option<Duration>,
    /// See [`Limits::body`].
    pub body_deadline: Option<Duration>,
    /// See [`Limits::idle`].
    pub idle_deadline: Option<Duration>,
    /// See [`Limits::write`].
    pub write_deadline: Option<Duration>,
    /// See [`Limits::drain`].
    pub drain_deadline: Option<Duration>,
}

impl LimitsConfig {
    /// The limits, with what was given in place of the defaults.
    pub fn limits(&self) -> Limits {
        let default = Limits::default();
        Limits {
            connections: self.max_connections.unwrap_or(default.connections),
            body_bytes: self.max_body_bytes.unwrap_or(default.body_bytes),
            first_byte: self.first_byte_deadline.unwrap_or(default.first_byte),
            head: self.head_deadline.unwrap_or(default.head),
            body: self.body_deadline.unwrap_or(default.body),
            idle: self.idle_deadline.unwrap_or(default.idle),
            write: self.write_deadline.unwrap_or(default.write),
            drain: self.drain_deadline.unwrap_or(default.drain),
            ..default
        }
    }
}
