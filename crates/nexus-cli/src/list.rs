//! `nexus list`.

use std::io::Write as _;

use nexus::Result;

use crate::client::Client;
use crate::endpoint::Document;

/// Prints the operations of a server, a line each.
///
/// # Errors
///
/// Those of [`Document::of`].
pub(crate) fn list(client: &Client) -> Result<()> {
    let document = Document::of(client)?;
    let mut output = std::io::stdout().lock();
    for endpoint in document.endpoints() {
        let route = format!("{} {}", endpoint.method, endpoint.path);
        let line = format!("{:<24} {route:<40} {}", endpoint.name(), endpoint.summary());
        if writeln!(output, "{}", line.trim_end()).is_err() {
            // Nobody reads any more, as when the output goes into `head`.
            break;
        }
    }
    Ok(())
}
