//! Bodies on their way in, with a limit and a deadline, and on their way out.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep};

use super::activity::{Activity, Call};
use super::{Limits, Problem};

/// The whole of a request's body.
///
/// # Errors
///
/// A problem when the body is larger than the limit, too slow, or breaks off.
pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let mut body = body;
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = next_frame(&mut body).await {
        let Ok(bytes) = frame.map_err(|error| refusal(&error))?.into_data() else {
            continue;
        };
        if first.len() + rest.len() + bytes.len() > limit {
            return Err(Problem::body_too_large(limit).closing());
        }
        if first.is_empty() {
            first = bytes;
        } else {
            rest.extend_from_slice(&bytes);
        }
    }
    if rest.is_empty() {
        return Ok(first);
    }
    let mut whole = BytesMut::with_capacity(first.len() + rest.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&rest);
    Ok(whole.freeze())
}

async fn next_frame(body: &mut Body) -> Option<Result<Frame<Bytes>, axum::Error>> {
    std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await
}

fn refusal(error: &axum::Error) -> Problem {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref());
    match cause {
        Some(BodyFault::TooLarge(limit)) => Problem::body_too_large(*limit).closing(),
        Some(BodyFault::TooSlow) => Problem::body_too_slow(),
        Some(BodyFault::Broken(_)) | None => Problem::malformed("the body breaks off").closing(),
    }
}

/// A body from the network, with a limit and a deadline, whoever reads it.
pub(super) struct RequestBody {
    incoming: Incoming,
    limit: usize,
    remaining: usize,
    deadline: Pin<Box<Sleep>>,
    activity: Arc<Activity>,
}

impl RequestBody {
    pub(super) fn wrap(incoming: Incoming, limits: &Limits, activity: &Arc<Activity>) -> Body {
        let has_body = !incoming.is_end_stream();
        activity.set_unread_body(has_body);
        if !has_body {
            return Body::empty();
        }
        let deadline = Instant::now() + limits.body;
        Body::new(Self {
            incoming,
            limit: limits.body_bytes,
            remaining: limits.body_bytes,
            deadline: Box::pin(tokio::time::sleep_until(deadline)),
            activity: Arc::clone(activity),
        })
    }
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        let body = self.get_mut();
        let Poll::Ready(frame) = Pin::new(&mut body.incoming).poll_frame(context) else {
            ready!(body.deadline.as_mut().poll(context));
            return Poll::Ready(Some(Err(BodyFault::TooSlow)));
        };
        let frame = match frame {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return Poll::Ready(Some(Err(BodyFault::Broken(error)))),
            None => {
                body.activity.set_unread_body(false);
                return Poll::Ready(None);
            }
        };
        let size = frame.data_ref().map_or(0, Bytes::len);
        let Some(remaining) = body.remaining.checked_sub(size) else {
            return Poll::Ready(Some(Err(BodyFault::TooLarge(body.limit))));
        };
        body.remaining = remaining;
        if body.incoming.is_end_stream() {
            body.activity.set_unread_body(false);
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

/// Why a body was not read to its end.
#[derive(Debug)]
pub(super) enum BodyFault {
    TooLarge(usize),
    TooSlow,
    Broken(hyper::Error),
}

impl fmt::Display for BodyFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(limit) => write!(formatter, "the body has more than {limit} bytes"),
            Self::TooSlow => formatter.write_str("the body did not arrive in time"),
            Self::Broken(_) => formatter.write_str("the body breaks off"),
        }
    }
}

impl std::error::Error for BodyFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Broken(error) => Some(error),
            Self::TooLarge(_) | Self::TooSlow => None,
        }
    }
}

/// The body of an answer; until it ends, the connection is busy.
pub(super) struct Answered {
    body: Body,
    _call: Call,
}

impl Answered {
    pub(super) fn new(body: Body, call: Call) -> Self {
        Self { body, _call: call }
    }
}

impl HttpBody for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
