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

/// What ends when the process is asked to stop: by SIGINT or SIGTERM, by Ctrl-C elsewhere. It hears
/// from the moment of this call, awaited or not.
///
/// # Errors
///
/// When the handlers cannot be installed.
#[cfg(unix)]
pub fn asked_to_stop() -> std::io::Result<impl Future<Output = ()> + Send> {
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

/// What ends when the process is asked to stop by Ctrl-C. It hears from the moment of this call,
/// awaited or not.
///
/// # Errors
///
/// When the handler cannot be installed.
#[cfg(windows)]
pub fn asked_to_stop() -> std::io::Result<impl Future<Output = ()> + Send> {
    let mut ctrl_c = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        ctrl_c.recv().await;
    })
}
