//! One connection: HTTP/1.1 over a stream with deadlines, and what is refused before any route.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::http::{HeaderMap, Request, Response, Version, header};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower::Service;

use super::Limits;
use super::activity::{Activity, Call};
use super::answered::Answered;
use super::request_body::RequestBody;
use super::stream::Stream;
use crate::http::{Problem, RequestId};

/// What hyper keeps of a head that it has not parsed: more than a head may have, so that a URL that
/// is too long can be told from headers that are.
const HEAD_BUFFER: usize = 128 * 1024;

pub(super) type Connection = http1::Connection<TokioIo<Stream>, Front>;

/// Serves one connection; the future ends when it is closed.
pub(super) fn serve(tcp_stream: TcpStream, router: Router, limits: Arc<Limits>) -> Connection {
    let activity = Arc::new(Activity::default());
    let stream = Stream::new(tcp_stream, Arc::clone(&limits), Arc::clone(&activity));
    let front = Front {
        router,
        limits,
        activity,
    };
    http1::Builder::new()
        .half_close(false)
        .max_buf_size(HEAD_BUFFER)
        // The stream has deadlines of its own: hyper's one for heads also runs between requests.
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(stream), front)
}

/// Hands requests to the router, and the limits with them.
pub(super) struct Front {
    router: Router,
    limits: Arc<Limits>,
    activity: Arc<Activity>,
}

impl hyper::service::Service<Request<Incoming>> for Front {
    type Response = Response<Answered>;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, request: Request<Incoming>) -> Answer {
        let call = Activity::begin_call(&self.activity);
        let body_bytes = request.body().size_hint().lower();
        if let Err(problem) = self.check(&request, body_bytes) {
            self.activity
                .set_unread_body(!request.body().is_end_stream());
            let response = problem.into_response_to(RequestId::of(request.headers()));
            return Answer::Refused(Some(response.map(|body| Answered::new(body, call))));
        }
        let request =
            request.map(|incoming| RequestBody::wrap(incoming, &self.limits, &self.activity));
        let answer = Box::pin(self.router.clone().call(request));
        Answer::Routed(answer, Some(call))
    }
}

impl Front {
    fn check(&self, request: &Request<Incoming>, body_bytes: u64) -> Result<(), Problem> {
        let limits = &*self.limits;
        let headers = request.headers();
        let url_bytes = request
            .uri()
            .path_and_query()
            .map_or(0, |url| url.as_str().len());
        if url_bytes > limits.url_bytes {
            return Err(Problem::url_too_long(limits.url_bytes));
        }
        if header_bytes(headers) > limits.header_bytes {
            return Err(Problem::headers_too_large(limits.header_bytes));
        }
        if request.version() == Version::HTTP_11 && !names_one_host(headers) {
            let detail = "a request names its host exactly once";
            return Err(Problem::malformed(detail).closing());
        }
        if headers.contains_key(header::TRANSFER_ENCODING) && self.activity.saw_content_length() {
            let detail = "Content-Length and Transfer-Encoding contradict each other";
            return Err(Problem::malformed(detail).closing());
        }
        if body_bytes > limits.body_bytes as u64 {
            return Err(Problem::body_too_large(limits.body_bytes).closing());
        }
        Ok(())
    }
}

fn header_bytes(headers: &HeaderMap) -> usize {
    let bytes_of = |(name, value): (&header::HeaderName, &header::HeaderValue)| {
        name.as_str().len() + value.len()
    };
    headers.iter().map(bytes_of).sum()
}

fn names_one_host(headers: &HeaderMap) -> bool {
    headers.get_all(header::HOST).iter().count() == 1
}

/// The answer to one request.
pub(super) enum Answer {
    Refused(Option<Response<Answered>>),
    Routed(
        Pin<Box<axum::routing::future::RouteFuture<Infallible>>>,
        Option<Call>,
    ),
}

impl Future for Answer {
    type Output = Result<Response<Answered>, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Refused(response) => {
                Poll::Ready(Ok(response.take().expect("polled once to its end")))
            }
            Self::Routed(answer, call) => answer.as_mut().poll(context).map_ok(|response| {
                let call = call.take().expect("polled once to its end");
                response.map(|body| Answered::new(body, call))
            }),
        }
    }
}
