//! A timer for one client.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::time::{Instant, Sleep};

/// A timer that is kept from one wait to the next, because making one costs more than moving it.
#[derive(Default)]
pub(super) struct Alarm {
    sleep: Option<Pin<Box<Sleep>>>,
    is_set: bool,
}

impl Alarm {
    pub(super) fn set(&mut self, deadline: Instant) {
        self.is_set = true;
        match &mut self.sleep {
            Some(sleep) => sleep.as_mut().reset(deadline),
            None => self.sleep = Some(Box::pin(tokio::time::sleep_until(deadline))),
        }
    }

    /// Keeps an earlier deadline.
    pub(super) fn set_if_earlier(&mut self, deadline: Instant) {
        let is_earlier = |sleep: &Pin<Box<Sleep>>| deadline < sleep.deadline();
        if self.sleep.as_ref().is_none_or(is_earlier) {
            self.set(deadline);
        }
    }

    pub(super) fn set_if_unset(&mut self, deadline: Instant) {
        if !self.is_set {
            self.set(deadline);
        }
    }

    pub(super) fn unset(&mut self) {
        self.is_set = false;
    }

    /// Ready when the deadline that was set has passed.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match &mut self.sleep {
            Some(sleep) => sleep.as_mut().poll(context),
            None => Poll::Pending,
        }
    }
}
