//! The one thread that each call runs on.

use std::thread;

use dataflow_core::error::{Error, Kind, Result};

/// Runs blocking work on a thread of its own and waits for it.
///
/// The blocking PostgreSQL client panics on a thread that belongs to an async runtime, also when it
/// is dropped there. A new thread belongs to none, whoever calls; it costs some 50 µs.
///
/// # Errors
///
/// What the work returns, and [`Kind::Internal`] when it panics or no thread can be had.
pub(crate) fn run<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    thread::scope(|scope| {
        thread::Builder::new()
            .name("dataflow-ddl".to_owned())
            .spawn_scoped(scope, work)
            .map_err(no_thread)?
            .join()
            .unwrap_or_else(|_| Err(panicked()))
    })
}

/// The system gives no more threads.
pub(crate) fn no_thread(fault: std::io::Error) -> Error {
    Error::new(Kind::Internal, "cannot start a thread for schema changes").with_source(fault)
}

/// What the panic said went to the panic hook; it may hold anything, so it is not repeated here.
pub(crate) fn panicked() -> Error {
    Error::new(Kind::Internal, "the thread for schema changes panicked")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        let error = run::<()>(|| panic!("expected by this test")).unwrap_err();
        assert_eq!(error.kind(), Kind::Internal);
    }
}
