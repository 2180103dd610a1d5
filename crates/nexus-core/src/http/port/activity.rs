//! What a connection's stream and its requests know of each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Shared by the stream of a connection and the request on it; both run in one task.
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

    /// Whether it is the server that the client waits for.
    pub(super) fn is_in_call(&self) -> bool {
        self.is_in_call.load(Ordering::Relaxed)
    }

    /// Whether a Content-Length header was among the bytes that the last request came with; hyper
    /// drops it when there is a Transfer-Encoding too.
    pub(super) fn saw_content_length(&self) -> bool {
        self.saw_content_length.load(Ordering::Relaxed)
    }

    pub(super) fn set_saw_content_length(&self, saw_content_length: bool) {
        self.saw_content_length
            .store(saw_content_length, Ordering::Relaxed);
    }

    /// Whether the client may still be sending a body that nobody reads.
    pub(super) fn has_unread_body(&self) -> bool {
        self.has_unread_body.load(Ordering::Relaxed)
    }

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
