//! Who may be addressed: the guard against DNS rebinding.

use std::net::IpAddr;

use axum::http::{HeaderMap, Uri, header};

use crate::http::Problem;

/// Which hosts a request may be addressed to.
///
/// A web page can make a browser resolve its own name to 127.0.0.1 and then talk to every server
/// that listens there without credentials; the name stays in the Host header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostRule {
    /// Loopback names only: the server is bound to loopback and asks for no credentials.
    Loopback,
    /// Any: the server is meant to be reached from elsewhere.
    Any,
}

impl HostRule {
    pub(super) fn check(self, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
        if self == Self::Any {
            return Ok(());
        }
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = hosts.next().and_then(|value| value.to_str().ok());
        let named_once = hosts.next().is_none();
        // HTTP/2 and the absolute form carry the host in the target; then both must be ours.
        let authority = uri.authority().map(|authority| authority.as_str());
        let is_addressed = host.is_some() || authority.is_some();
        let all_loopback = [host, authority].into_iter().flatten().all(is_loopback);
        if is_addressed && named_once && all_loopback {
            Ok(())
        } else {
            Err(Problem::foreign_host())
        }
    }
}

/// Whether a host with or without a port names this machine to itself.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, port)) if port.is_empty() || is_port(port) => address,
            _ => return false,
        },
        None => match host.split_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            Some(_) => return false,
            None => host,
        },
    };
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn is_port(text: &str) -> bool {
    text.strip_prefix(':')
        .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_loopback() {
        let cases = [
            ("localhost", true),
            ("LOCALHOST:8002", true),
            ("127.0.0.1:1", true),
            ("127.8.9.1", true),
            ("[::1]", true),
            ("[::1]:8002", true),
            ("evil.example", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("localhost:80@evil.example", false),
            ("[::1].evil.example", false),
            ("192.168.0.1", false),
            ("", false),
        ];
        for (host, expected) in cases {
            assert_eq!(is_loopback(host), expected, "{host}");
        }
    }
}
