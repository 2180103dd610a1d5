//! On behalf of which tenant a request calls.

use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use dataflow_core::node::{Context, Form};

use super::{Caller, RequestId, Wait};
use crate::http::Problem;

const LONGEST: usize = 256;

/// The tenant that a request calls on behalf of: an extension of the request, which the port puts
/// there where a header is trusted to name it, or an application's own middleware.
///
/// ```
/// use axum::extract::Request;
/// use nexus_core::http::Tenant;
///
/// fn of_signed_token(mut request: Request, tenant: &str) -> Request {
///     request.extensions_mut().insert(Tenant::new(tenant));
///     request
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant(Arc<str>);

impl Tenant {
    /// The tenant of a name.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }

    /// The one that a header names; none where the request has no such header.
    pub(super) fn of(header: &HeaderName, headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let mut values = headers.get_all(header).iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        let name = value.to_str().ok().filter(|name| is_plain(name));
        match name.filter(|_| values.next().is_none()) {
            Some(name) => Ok(Some(Self::new(name))),
            None => Err(Problem::malformed(format!(
                "the header {header} must name one tenant, in 1 to {LONGEST} printable characters"
            ))),
        }
    }
}

/// On whose behalf a request calls, for how long it waits, and in which form it wants the answer.
pub fn context_of(parts: &Parts, form: Form) -> Context {
    let mut context = Context::new(form);
    let request_id = parts.extensions.get::<RequestId>();
    context.request_id = request_id.map(|id| id.as_str().to_owned());
    let tenant = parts.extensions.get::<Tenant>();
    context.tenant = tenant.map(|tenant| tenant.0.clone());
    context.caller = parts.extensions.get::<Caller>().map(Caller::name);
    context.deadline = parts.extensions.get::<Wait>().map(|wait| wait.until);
    context
}

fn is_plain(name: &str) -> bool {
    (1..=LONGEST).contains(&name.len()) && name.trim() == name
}
