//! The pause before work is done again that another transaction was in the way of.

use std::pin::Pin;
use std::time::Duration;

pub(crate) use dataflow_core::error::Attempts;
use tokio::time::Sleep;

/// A pause, in a box: hardly any work needs it, and all of it would carry it along.
pub(crate) fn rest(pause: Duration) -> Pin<Box<Sleep>> {
    Box::pin(tokio::time::sleep(pause))
}
