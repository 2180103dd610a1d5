//! When to stop.

use tokio::sync::watch;

/// The word to stop, heard by everything that serves. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shutdown {
    receiver: watch::Receiver<bool>,
}

/// What gives the word. Dropping it gives it too.
#[derive(Debug)]
pub struct ShutdownTrigger {
    sender: watch::Sender<bool>,
}

impl Shutdown {
    /// A trigger and what hears it.
    pub fn new() -> (ShutdownTrigger, Self) {
        let (sender, receiver) = watch::channel(false);
        (ShutdownTrigger { sender }, Self { receiver })
    }

    /// Whether the word was given.
    pub fn has_begun(&self) -> bool {
        *self.receiver.borrow() || self.receiver.has_changed().is_err()
    }

    /// Waits for the word.
    pub async fn begun(&self) {
        let mut receiver = self.receiver.clone();
        // An error means that the trigger was dropped, which is the word as well.
        let _ = receiver.wait_for(|begun| *begun).await;
    }
}

impl ShutdownTrigger {
    /// Gives the word.
    pub fn begin(&self) {
        self.sender.send_replace(true);
    }
}

/// Hears from now on when the process is asked to stop: by SIGINT or SIGTERM, Ctrl-C elsewhere.
/// The future ends when it is.
///
/// # Errors
///
/// When the handlers cannot be installed.
///
/// # Panics
///
/// Outside an async runtime.
pub fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    {
        Ok(async {
            // An error means that nobody can ask.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending().await
            }
        })
    }
}
