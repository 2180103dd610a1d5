//! What was given means this.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use axum::http::HeaderName;
use dataflow_core::error::{Error, Kind, Result};

use super::Config;
use crate::DEFAULT_DEADLINE;
use crate::http::{HostRule, Limits};

/// What a [`Config`] means, complete and without contradiction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The address of the REST door.
    pub api: SocketAddr,
    /// The address of the MCP door, if there is one.
    pub mcp: Option<SocketAddr>,
    /// Which hosts requests may be addressed to, at both ports.
    pub host_rule: HostRule,
    /// The header that is trusted to name the tenant of a request, if any.
    pub tenant_header: Option<HeaderName>,
    /// The folder whose workflow definition files are registered, if any.
    pub workflows_dir: Option<PathBuf>,
    /// Whether `/metrics` is served.
    pub enable_metrics: bool,
    /// How long a call may take.
    pub call_deadline: Duration,
    /// What a port takes from one client.
    pub limits: Limits,
}

impl Settings {
    /// The meaning of a config.
    ///
    /// # Errors
    ///
    /// When the host is not an IP address, when both doors would take the same port, or when the
    /// ports could be reached from elsewhere without credentials and nobody said that they may.
    pub fn of(config: &Config) -> Result<Self> {
        let host = host_of(config.host.as_deref())?;
        let host_rule = host_rule_of(host, config.allow_anonymous.unwrap_or(false))?;
        let api_port = config.api_port.unwrap_or(8002);
        let has_mcp = config.enable_mcp.unwrap_or(true);
        let mcp_port = has_mcp.then_some(config.mcp_port.unwrap_or(3001));
        ports_differ(api_port, mcp_port)?;
        let folder = config.workflows_dir.clone();
        let folder = folder.unwrap_or_else(|| PathBuf::from("workflows"));
        Ok(Self {
            api: (host, api_port).into(),
            mcp: mcp_port.map(|port| (host, port).into()),
            host_rule,
            tenant_header: tenant_header_of(config.tenant_header.as_deref())?,
            workflows_dir: config.auto_discovery.unwrap_or(false).then_some(folder),
            enable_metrics: config.enable_metrics.unwrap_or(false),
            call_deadline: config.call_deadline.unwrap_or(DEFAULT_DEADLINE),
            limits: config.limits.limits(),
        })
    }
}

fn host_of(host: Option<&str>) -> Result<IpAddr> {
    match host {
        None | Some("localhost") => Ok(Ipv4Addr::LOCALHOST.into()),
        Some(host) => host.parse().map_err(|_| {
            Error::new(
                Kind::Configuration,
                format!("host {host:?} is not an IP address"),
            )
            .with_help("write 127.0.0.1 for this machine alone, 0.0.0.0 for every network")
        }),
    }
}

fn host_rule_of(host: IpAddr, allow_anonymous: bool) -> Result<HostRule> {
    if host.is_loopback() {
        return Ok(HostRule::Loopback);
    }
    if allow_anonymous {
        return Ok(HostRule::Any);
    }
    let message = format!(
        "host {host} can be reached from other machines, and nothing asks them for credentials"
    );
    Err(Error::new(Kind::Configuration, message).with_help(
        "bind 127.0.0.1, or say allow_anonymous (NEXUS__ALLOW_ANONYMOUS=true) if whoever reaches the port may do everything",
    ))
}

fn tenant_header_of(name: Option<&str>) -> Result<Option<HeaderName>> {
    let parse = |name: &str| {
        name.parse().map_err(|_| {
            let message = format!("tenant_header {name:?} is not the name of a header");
            Error::new(Kind::Configuration, message).with_help("write such as X-Tenant")
        })
    };
    name.map(parse).transpose()
}

/// Two doors with port 0 get two free ones.
fn ports_differ(api_port: u16, mcp_port: Option<u16>) -> Result<()> {
    if api_port == 0 || mcp_port != Some(api_port) {
        return Ok(());
    }
    let message = format!("api_port and mcp_port are both {api_port}");
    Err(Error::new(Kind::Configuration, message).with_help("give each door a port of its own"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_given_means_loopback_and_the_usual_ports() {
        let settings = Settings::of(&Config::default()).unwrap();
        assert_eq!(settings.api.to_string(), "127.0.0.1:8002");
        assert_eq!(settings.mcp.unwrap().to_string(), "127.0.0.1:3001");
        assert_eq!(settings.host_rule, HostRule::Loopback);
        assert_eq!(settings.workflows_dir, None);
        assert!(!settings.enable_metrics);
    }

    fn with_host(host: &str, allow_anonymous: bool) -> Result<Settings> {
        Settings::of(&Config {
            host: Some(host.to_owned()),
            allow_anonymous: Some(allow_anonymous),
            ..Config::default()
        })
    }

    /// The system this replaces bound every network without asking anybody for credentials.
    #[test]
    fn v20_a_port_for_other_machines_is_opened_only_knowingly() {
        for host in ["0.0.0.0", "::", "192.168.1.7"] {
            let error = with_host(host, false).unwrap_err();
            assert!(
                error.help().unwrap().contains("allow_anonymous"),
                "{error:?}"
            );
            assert_eq!(with_host(host, true).unwrap().host_rule, HostRule::Any);
        }
    }

    /// Whoever listens on loopback needs the Host rule, also when anonymous callers are allowed.
    #[test]
    fn loopback_keeps_its_host_rule() {
        for host in ["127.0.0.1", "::1", "localhost", "127.9.9.9"] {
            assert_eq!(
                with_host(host, true).unwrap().host_rule,
                HostRule::Loopback,
                "{host}"
            );
        }
        assert!(with_host("example.org", true).is_err());
    }

    #[test]
    fn one_port_is_not_two() {
        let with_ports = |api_port, mcp_port: Option<u16>| {
            Settings::of(&Config {
                api_port: Some(api_port),
                mcp_port,
                enable_mcp: Some(mcp_port.is_some()),
                ..Config::default()
            })
        };
        assert!(with_ports(9000, Some(9000)).is_err());
        assert!(with_ports(0, Some(0)).is_ok());
        assert!(with_ports(9000, None).unwrap().mcp.is_none());
    }
}
