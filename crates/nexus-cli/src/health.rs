//! `nexus health`.

use std::io::Write as _;

use nexus::Result;

use crate::client::Client;

/// Prints whether a server lives and whether it can answer.
///
/// # Errors
///
/// When it does not live, or cannot answer.
pub(crate) fn health(client: &Client) -> Result<()> {
    for (path, word) in [("/health", "live"), ("/ready", "ready")] {
        client.send("GET", path, None)?;
        // What matters to scripts is the exit code.
        let _ = writeln!(std::io::stdout(), "{word}");
    }
    Ok(())
}
