//! What every port keeps to, whichever door is behind it.

use axum::extract::Request;
use axum::http::HeaderName;

use super::{HostRule, Tenant};
use crate::Shutdown;
use crate::http::{Limits, Problem};

/// What every request of a port has to fulfill, what is taken from it, and when its answer ends.
///
/// ```
/// use nexus_core::http::{HostRule, HttpChannel, PortRules};
///
/// let rules = PortRules {
///     body_bytes: 64 * 1024,
///     ..HostRule::Loopback.into()
/// };
/// let channel = HttpChannel::new(rules);
/// # let _ = channel;
/// ```
#[derive(Debug, Clone)]
pub struct PortRules {
    /// Which hosts it may be addressed to.
    pub host: HostRule,
    /// The header that is trusted to name the tenant, if any.
    pub tenant_header: Option<HeaderName>,
    /// The longest body.
    pub body_bytes: usize,
    /// When it begins, answers end that have no end of their own.
    pub shutdown: Option<Shutdown>,
}

/// Requests name no tenant, bodies are as long as they may be by default, and answers go on as long
/// as somebody listens.
impl From<HostRule> for PortRules {
    fn from(host: HostRule) -> Self {
        Self {
            host,
            tenant_header: None,
            body_bytes: Limits::default().body_bytes,
            shutdown: None,
        }
    }
}

impl PortRules {
    /// The tenant of a request that may pass.
    pub(super) fn check(&self, request: &Request) -> Result<Option<Tenant>, Problem> {
        self.host.check(request.uri(), request.headers())?;
        match &self.tenant_header {
            Some(header) => Tenant::of(header, request.headers()),
            None => Ok(None),
        }
    }
}
