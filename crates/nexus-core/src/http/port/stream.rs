//! A TCP stream that gives up on clients that stop talking, or stop listening.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::Limits;
use super::activity::Activity;
use super::alarm::Alarm;
use super::refusal::Refusal;

/// How long a client that was refused in the middle of its body may take to read the answer.
const LINGER: Duration = Duration::from_secs(2);

/// What a silent client is waited for.
#[derive(Clone, Copy)]
enum Waiting {
    /// The first byte, since the connection was accepted.
    First(Instant),
    /// The rest of a head, since it began.
    Head(Instant),
    /// The next request, since something was last written.
    Next(Instant),
}

/// The deadlines of [`Limits`] around a TCP stream. A read that passes its deadline fails, and with
/// it the connection.
pub(super) struct Stream {
    tcp_stream: TcpStream,
    limits: Arc<Limits>,
    activity: Arc<Activity>,
    waiting: Waiting,
    is_lingering: bool,
    reading: Alarm,
    writing: Alarm,
    refusal: Refusal,
}

impl Stream {
    pub(super) fn new(tcp_stream: TcpStream, limits: Arc<Limits>, activity: Arc<Activity>) -> Self {
        Self {
            tcp_stream,
            limits,
            activity,
            waiting: Waiting::First(Instant::now()),
            is_lingering: false,
            reading: Alarm::default(),
            writing: Alarm::default(),
            refusal: Refusal::default(),
        }
    }

    /// What is read after something was written belongs to a new request.
    fn note_read(&mut self, bytes: &[u8]) {
        if !matches!(self.waiting, Waiting::Head(_)) {
            self.waiting = Waiting::Head(Instant::now());
            self.activity.set_saw_content_length(false);
        }
        if names_content_length(bytes) {
            self.activity.set_saw_content_length(true);
        }
    }

    /// When the client has been waited for long enough. While a call runs, the client waits.
    fn read_deadline(&self) -> Instant {
        if self.activity.is_in_call() {
            return Instant::now() + self.limits.idle;
        }
        match self.waiting {
            Waiting::First(since) => since + self.limits.first_byte,
            Waiting::Head(since) => since + self.limits.head,
            Waiting::Next(since) => since + self.limits.idle,
        }
    }

    /// hyper does not ask again when a call ends, so the alarm may have been set for a deadline
    /// that has moved: it is set anew until it rings for the right one.
    fn poll_read_deadline(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let mut deadline = self.read_deadline();
        self.reading.set_if_earlier(deadline);
        loop {
            ready!(self.reading.poll(context));
            deadline = self.read_deadline();
            if deadline <= Instant::now() {
                return Poll::Ready(too_slow());
            }
            self.reading.set(deadline);
        }
    }

    /// Drops what the client still sends. Closing a socket with unread bytes resets it, and the
    /// client would lose the answer that tells it why.
    fn poll_linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if !std::mem::replace(&mut self.is_lingering, true) {
            self.reading.set(Instant::now() + LINGER);
        }
        let mut space = [0; 16 * 1024];
        loop {
            let mut buffer = ReadBuf::new(&mut space);
            match Pin::new(&mut self.tcp_stream).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return self.reading.poll(context),
            }
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let stream = self.get_mut();
        let before = buffer.filled().len();
        match Pin::new(&mut stream.tcp_stream).poll_read(context, buffer) {
            Poll::Pending => stream.poll_read_deadline(context).map(Err),
            Poll::Ready(Ok(())) => {
                stream.note_read(&buffer.filled()[before..]);
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[io::IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let stream = self.get_mut();
        let tcp_stream = Pin::new(&mut stream.tcp_stream);
        let written = match stream.refusal.in_place_of(slices, &stream.limits) {
            Some(refusal) => refusal.poll_write(tcp_stream, context),
            None => tcp_stream.poll_write_vectored(context, slices),
        };
        let now = Instant::now();
        if written.is_ready() {
            stream.waiting = Waiting::Next(now);
            stream.writing.unset();
            return written;
        }
        stream.writing.set_if_unset(now + stream.limits.write);
        stream.writing.poll(context).map(|()| Err(too_slow()))
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp_stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp_stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let stream = self.get_mut();
        ready!(Pin::new(&mut stream.tcp_stream).poll_shutdown(context))?;
        if stream.activity.has_unread_body() {
            ready!(stream.poll_linger(context));
        }
        Poll::Ready(Ok(()))
    }
}

fn too_slow() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the client stopped")
}

/// Whether a line of a head that begins inside these bytes is a Content-Length.
fn names_content_length(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"content-length:";
    let is_name = |rest: &[u8]| {
        rest.get(1..=NAME.len())
            .is_some_and(|name| name.eq_ignore_ascii_case(NAME))
    };
    bytes
        .iter()
        .enumerate()
        .any(|(position, &byte)| byte == b'\n' && is_name(&bytes[position..]))
}
