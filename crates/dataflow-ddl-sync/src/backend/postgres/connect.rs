//! From an endpoint to a connection, within a deadline.

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use dataflow_core::endpoint::{PostgresEndpoint, SslMode};
use dataflow_core::error::{Error, Result};
use postgres::{Client, Config, config};

use super::tls;
use crate::error::postgres::{timed_out, translate, unresolved};
use crate::thread::{no_thread, panicked};

/// When a peer that has vanished is noticed: after 10 s of silence and three questions.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(10);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEPALIVE_RETRIES: u32 = 3;

/// Opens a connection and logs in; name lookup, TCP, TLS and login together end by the deadline.
/// Zero means no deadline.
pub(super) fn connect(endpoint: &PostgresEndpoint, timeout: Duration) -> Result<Client> {
    Connecting::begin(endpoint, timeout)?.finish(endpoint)
}

/// A connection that is being opened.
///
/// The system's name lookup takes no deadline and the driver's covers TCP alone, so both run on a
/// thread that is left to itself when the deadline passes. It ends as soon as its peer answers or
/// hangs up, and closes what it opened.
pub(super) struct Connecting {
    timeout: Duration,
    pub(super) begun: Instant,
    outcome: Receiver<Result<Client>>,
}

impl Connecting {
    pub(super) fn begin(endpoint: &PostgresEndpoint, timeout: Duration) -> Result<Self> {
        // The thread may have logged in before this one goes on.
        let begun = Instant::now();
        let (sender, outcome) = mpsc::sync_channel(1);
        let target = endpoint.clone();
        thread::Builder::new()
            .name("dataflow-ddl-connect".to_owned())
            .spawn(move || {
                // Nobody listens after the deadline; what was opened closes here.
                let _ = sender.send(attempt(&target, timeout));
            })
            .map_err(no_thread)?;
        Ok(Self {
            timeout,
            begun,
            outcome,
        })
    }

    pub(super) fn finish(self, endpoint: &PostgresEndpoint) -> Result<Client> {
        if self.timeout.is_zero() {
            return self.outcome.recv().unwrap_or_else(|_| Err(panicked()));
        }
        let left = self.timeout.saturating_sub(self.begun.elapsed());
        match self.outcome.recv_timeout(left) {
            Ok(outcome) => outcome,
            Err(RecvTimeoutError::Timeout) => Err(timed_out(endpoint, self.timeout)),
            Err(RecvTimeoutError::Disconnected) => Err(panicked()),
        }
    }
}

/// Tries the addresses of the host in their order. Once a server has answered, no other is asked.
fn attempt(endpoint: &PostgresEndpoint, timeout: Duration) -> Result<Client> {
    let tls = tls::connector(endpoint)?;
    let mut config = configuration(endpoint);
    if is_socket_folder(endpoint) {
        config.connect_timeout(timeout);
        return config
            .connect(tls)
            .map_err(|fault| translate(endpoint, &fault));
    }
    let deadline = Instant::now() + timeout;
    let addresses: Vec<SocketAddr> = (endpoint.host.as_str(), endpoint.port)
        .to_socket_addrs()
        .map_err(|fault| unresolved(endpoint, fault))?
        .collect();
    let mut last_fault = None;
    for (tried, address) in addresses.iter().enumerate() {
        let mut config = config.clone();
        config.hostaddr(address.ip());
        if !timeout.is_zero() {
            let left = u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
            config.connect_timeout(deadline.saturating_duration_since(Instant::now()) / left);
        }
        match config.connect(tls.clone()) {
            Ok(client) => return Ok(client),
            Err(fault) if fault.as_db_error().is_some() => {
                return Err(translate(endpoint, &fault));
            }
            Err(fault) => last_fault = Some(fault),
        }
    }
    Err(last_fault.map_or_else(|| no_address(endpoint), |fault| translate(endpoint, &fault)))
}

fn no_address(endpoint: &PostgresEndpoint) -> Error {
    let fault = std::io::Error::new(std::io::ErrorKind::NotFound, "the name has no address");
    unresolved(endpoint, fault)
}

fn configuration(endpoint: &PostgresEndpoint) -> Config {
    let mut config = Config::new();
    config
        .host(&endpoint.host)
        .port(endpoint.port)
        .user(&endpoint.user)
        .dbname(&endpoint.database)
        .application_name(&application_name(endpoint))
        .ssl_mode(ssl_mode(endpoint))
        .keepalives(true)
        .keepalives_idle(KEEPALIVE_IDLE)
        .keepalives_interval(KEEPALIVE_INTERVAL)
        .keepalives_retries(KEEPALIVE_RETRIES);
    if let Some(password) = &endpoint.password {
        config.password(password.expose());
    }
    if let Some(options) = &endpoint.options {
        config.options(options);
    }
    config
}

/// Says who holds the migration lock: `dataflow-ddl`, the process, and the name from the URL.
fn application_name(endpoint: &PostgresEndpoint) -> String {
    let process = std::process::id();
    match &endpoint.application_name {
        Some(name) => format!("dataflow-ddl {process} {name}"),
        None => format!("dataflow-ddl {process}"),
    }
}

/// Like libpq, a Unix socket is not encrypted whatever the mode says.
fn ssl_mode(endpoint: &PostgresEndpoint) -> config::SslMode {
    match endpoint.ssl_mode {
        _ if is_socket_folder(endpoint) => config::SslMode::Disable,
        SslMode::Disable => config::SslMode::Disable,
        SslMode::Prefer => config::SslMode::Prefer,
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => config::SslMode::Require,
    }
}

fn is_socket_folder(endpoint: &PostgresEndpoint) -> bool {
    endpoint.host.starts_with('/')
}
