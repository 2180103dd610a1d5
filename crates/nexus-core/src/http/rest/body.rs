//! The whole of a request's body.

use std::pin::Pin;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use hyper::body::{Body as _, Frame};

use crate::http::Problem;
use crate::http::port::BodyFault;

/// Reads the whole of a request's body.
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
