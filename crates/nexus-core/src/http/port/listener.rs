//! A bound port.

use std::net::SocketAddr;

use dataflow_core::error::{Error, Kind, Result};
use tokio::net::TcpListener;

/// A bound port, which knows the setting that it came from.
#[derive(Debug)]
pub struct Listener {
    tcp_listener: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Binds an address; port 0 takes a free one, which [`address`](Self::address) reports.
    /// `setting` is what the error tells the reader to change, such as `api_port`.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`] when the port is taken or may not be bound.
    pub async fn bind(address: SocketAddr, setting: &'static str) -> Result<Self> {
        let refused = |error: std::io::Error| bind_error(address, setting, &error);
        let tcp_listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = tcp_listener.local_addr().map_err(refused)?;
        Ok(Self {
            tcp_listener,
            address,
        })
    }

    /// The address that clients connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn tcp_listener(&self) -> &TcpListener {
        &self.tcp_listener
    }
}

fn bind_error(address: SocketAddr, setting: &'static str, error: &std::io::Error) -> Error {
    use std::io::ErrorKind;
    let port = address.port();
    let variable = setting.to_ascii_uppercase();
    let (message, help) = match error.kind() {
        ErrorKind::AddrInUse => (
            format!("port {port} is taken ({setting})"),
            format!(
                "stop what listens there, or choose another port: NEXUS__{variable}=0 takes a free one"
            ),
        ),
        ErrorKind::PermissionDenied => (
            format!("port {port} may not be bound by this user ({setting})"),
            "choose a port above 1023".to_owned(),
        ),
        _ => (
            format!("{address} cannot be bound ({setting}): {error}"),
            "bind 127.0.0.1, or an address that this machine has".to_owned(),
        ),
    };
    Error::new(Kind::Configuration, message).with_help(help)
}
