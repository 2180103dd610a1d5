//! Problem documents in place of the empty answers that hyper gives to heads it cannot parse.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::http::StatusCode;
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;

use super::Limits;
use crate::http::{Problem, RequestId};

/// A refusal on its way to the client. hyper answers such heads itself, with a status line and no
/// body, and closes the connection; no hook lets an application say more.
#[derive(Default)]
pub(super) struct Refusal {
    text: Vec<u8>,
    written: usize,
    replaced: usize,
}

impl Refusal {
    /// This, when the bytes to write are an answer of hyper's own.
    pub(super) fn in_place_of(
        &mut self,
        slices: &[IoSlice<'_>],
        limits: &Limits,
    ) -> Option<&mut Self> {
        if self.text.is_empty() {
            let own_answer = slices.iter().find(|slice| !slice.is_empty())?;
            let problem = problem_of(own_answer, limits)?;
            self.text = render(&problem);
            self.replaced = own_answer.len();
        }
        Some(self)
    }

    /// Writes all of the refusal before it reports the replaced bytes as written.
    pub(super) fn poll_write(
        &mut self,
        tcp_stream: Pin<&mut TcpStream>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let tcp_stream = tcp_stream.get_mut();
        while self.written < self.text.len() {
            let rest = &self.text[self.written..];
            match Pin::new(&mut *tcp_stream).poll_write(context, rest) {
                Poll::Ready(Ok(written)) => self.written += written,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(self.replaced))
    }
}

/// Every answer of a door is named; one without a name, without a body and with a status of the
/// client's fault is hyper's own.
fn problem_of(answer: &[u8], limits: &Limits) -> Option<Problem> {
    const LONGEST: usize = 256;
    let is_short = answer.len() <= LONGEST;
    let text = is_short
        .then(|| std::str::from_utf8(answer).ok())
        .flatten()?;
    let status = text.strip_prefix("HTTP/1.1 ")?.get(..3)?;
    let is_hypers = text.contains("content-length: 0\r\n") && !text.contains("x-request-id:");
    match status {
        _ if !is_hypers => None,
        "400" => Some(Problem::malformed(
            "the head of the request is not HTTP/1.1",
        )),
        "414" => Some(Problem::url_too_long(limits.url_bytes)),
        "431" => Some(Problem::headers_too_large(limits.header_bytes)),
        _ => None,
    }
}

fn render(problem: &Problem) -> Vec<u8> {
    let request_id = RequestId::next();
    let body = problem.to_json(Some(&request_id));
    let status = problem.status();
    let reason = StatusCode::canonical_reason(&status).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {} {reason}\r\nconnection: close\r\ncontent-type: application/problem+json\r\n\
         content-length: {}\r\nx-request-id: {}\r\n\r\n",
        status.as_u16(),
        body.len(),
        request_id.as_str(),
    );
    [head.into_bytes(), body].concat()
}
