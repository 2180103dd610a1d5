//! What every request of a port passes, whichever door is behind it.

mod caller;
mod host;
mod request_id;
mod rules;
mod tenant;
mod wait;

pub use caller::Caller;
pub use host::HostRule;
pub use request_id::RequestId;
pub use rules::PortRules;
pub use tenant::{Tenant, context_of};

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tower::Service;

use super::Problem;
use wait::Wait;

/// Puts the rules of a port around a door's routes: the Host rule, the tenant, how long the client
/// waits, a request id in each direction, and that id in every problem document.
///
/// ```
/// use nexus_core::http::{HostRule, guarded};
///
/// let door: axum::Router = axum::Router::new();
/// let router = guarded(door, HostRule::Loopback);
/// ```
pub fn guarded<S>(door: S, rules: impl Into<PortRules>) -> Router
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    Router::new().fallback_service(Guarded {
        door,
        rules: rules.into(),
    })
}

#[derive(Clone)]
struct Guarded<S> {
    door: S,
    rules: PortRules,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let request_id = RequestId::of(request.headers());
        let checked = self.rules.check(&request);
        let checked = checked.and_then(|tenant| Ok((tenant, Wait::of(request.headers())?)));
        request.extensions_mut().insert(request_id.clone());
        let answer = checked.map(|(tenant, wait)| {
            if let Some(tenant) = tenant {
                request.extensions_mut().insert(tenant);
            }
            if let Some(wait) = wait {
                request.extensions_mut().insert(wait);
            }
            (self.door.call(request), wait)
        });
        Box::pin(async move {
            let response = match answer {
                Ok((answer, None)) => answer.await?,
                Ok((answer, Some(wait))) => wait.applied(answer.await?),
                Err(problem) => problem.into_response(),
            };
            Ok(named(response, request_id))
        })
    }
}

/// The response with the id of its request, also inside a problem document.
fn named(mut response: Response, request_id: RequestId) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        let name = request_id.into_header_value();
        response.headers_mut().insert(RequestId::HEADER, name);
        return response;
    };
    // Routes add headers of their own: Allow.
    let mut headers = std::mem::take(response.headers_mut());
    headers.remove(header::CONTENT_LENGTH);
    let mut response = problem.into_response_to(request_id);
    response.headers_mut().extend(headers);
    response
}
