//! A TCP stream that gives up on clients that stop talking, or stop listening.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::Limits;
use super::refusal::Refusal;

/// How long a client that was refused in the middle of its body may take to read the answer.
const LINGER: Duration = Duration::from_secs(2);

/// What the two sides of a connection, its stream and its requests, know of each other.
#[derive(Default)]
pub(super) struct Activity {
    is_in_call: AtomicBool,
    saw_content_length: AtomicBool,
    has_unread_body: AtomicBool,
}

/// A request that is being answered; it ends when this is dropped.
pub(super) struct Call(Arc<Activity>);

impl Activity {
    pub(super) fn begin_call(activity: &Arc<Self>) -> Call {
        activity.is_in_call.store(true, Ordering::Relaxed);
        Call(Arc::clone(activity))
    }

    /// Whether a Content-Length header was among the bytes that the last request came with; hyper
    /// drops it when there is a Transfer-Encoding too.
    pub(super) fn saw_content_length(&self) -> bool {
        self.saw_content_length.load(Ordering::Relaxed)
    }

    /// Says whether the client is still sending a body that was not read.
    pub(super) fn set_unread_body(&self, has_unread_body: bool) {
        self.has_unread_body
            .store(has_unread_body, Ordering::Relaxed);
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.0.is_in_call.store(false, Ordering::Relaxed);
    }
}

/// Which deadline a silent client is measured by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waiting {
    /// For the first byte of the connection.
    First,
    /// For the rest of a head that has begun.
    Head,
    /// For the next request.
    Next,
}

/// The deadlines of [`Limits`] around a TCP stream. A read that passes its deadline fails, and with
/// it the connection.
pub(super) struct Stream {
    tcp_stream: TcpStream,
    limits: Arc<Limits>,
    activity: Arc<Activity>,
    waiting: Waiting,
    has_written: bool,
    is_lingering: bool,
    reading: Deadline,
    writing: Deadline,
    refusal: Refusal,
}

impl Stream {
    pub(super) fn new(tcp_stream: TcpStream, limits: Arc<Limits>, activity: Arc<Activity>) -> Self {
        Self {
            tcp_stream,
            limits,
            activity,
            waiting: Waiting::First,
            has_written: false,
            is_lingering: false,
            reading: Deadline::default(),
            writing: Deadline::default(),
            refusal: Refusal::default(),
        }
    }

    /// What was read belongs to a new request if something was written since the last read.
    fn note_read(&mut self, bytes: &[u8]) {
        if std::mem::take(&mut self.has_written) {
            self.activity
                .saw_content_length
                .store(false, Ordering::Relaxed);
            self.reading.disarm();
        }
        if names_content_length(bytes) {
            self.activity
                .saw_content_length
                .store(true, Ordering::Relaxed);
        }
        if self.waiting != Waiting::Head {
            self.waiting = Waiting::Head;
            self.reading.disarm();
        }
    }

    /// Drops what the client still sends. Closing a socket with unread bytes resets it, and the
    /// client would lose the answer that tells it why.
    fn poll_linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if !std::mem::replace(&mut self.is_lingering, true) {
            self.reading.disarm();
        }
        let mut space = [0; 16 * 1024];
        loop {
            let mut buffer = ReadBuf::new(&mut space);
            match Pin::new(&mut self.tcp_stream).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return self.reading.poll(LINGER, context).map(drop),
            }
        }
    }

    fn poll_read_deadline(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        if self.activity.is_in_call.load(Ordering::Relaxed) {
            self.reading.disarm();
            return Poll::Pending;
        }
        if self.has_written && self.waiting == Waiting::Head {
            self.waiting = Waiting::Next;
            self.reading.disarm();
        }
        let patience = match self.waiting {
            Waiting::First => self.limits.first_byte,
            Waiting::Head => self.limits.head,
            Waiting::Next => self.limits.idle,
        };
        self.reading.poll(patience, context)
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
        stream.has_written = true;
        let tcp_stream = Pin::new(&mut stream.tcp_stream);
        let written = match stream.refusal.in_place_of(slices) {
            Some(refusal) => refusal.poll_write(tcp_stream, context),
            None => tcp_stream.poll_write_vectored(context, slices),
        };
        if written.is_ready() {
            stream.writing.disarm();
            return written;
        }
        stream.writing.poll(stream.limits.write, context).map(Err)
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
        if stream.activity.has_unread_body.load(Ordering::Relaxed) {
            ready!(stream.poll_linger(context));
        }
        Poll::Ready(Ok(()))
    }
}

/// A timer that is kept from one wait to the next, because making one costs more than moving it.
#[derive(Default)]
struct Deadline {
    sleep: Option<Pin<Box<Sleep>>>,
    is_armed: bool,
}

impl Deadline {
    fn disarm(&mut self) {
        self.is_armed = false;
    }

    /// Ready when the client had been waited for that long since the deadline was disarmed.
    fn poll(&mut self, patience: Duration, context: &mut Context<'_>) -> Poll<io::Error> {
        let sleep = self
            .sleep
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        if !std::mem::replace(&mut self.is_armed, true) {
            sleep.as_mut().reset(Instant::now() + patience);
        }
        sleep
            .as_mut()
            .poll(context)
            .map(|()| io::Error::new(io::ErrorKind::TimedOut, "the client stopped"))
    }
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
