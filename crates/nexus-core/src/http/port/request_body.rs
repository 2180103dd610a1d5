//! Bodies on their way in, with a limit and a deadline.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep};

use super::Limits;
use super::activity::Activity;

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
pub(in crate::http) enum BodyFault {
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
