//! `nexus run`.

use std::io::Write as _;

use nexus::Result;

use crate::client::Client;
use crate::endpoint::Document;
use crate::request::request;

/// Calls one operation and prints what it gives.
///
/// # Errors
///
/// When there is no such operation, an input cannot be read, or the server refuses the call.
pub(crate) fn run(client: &Client, name: &str, words: &[String]) -> Result<()> {
    let document = Document::of(client)?;
    let endpoint = document.find(name)?;
    let request = request(&document, &endpoint, words)?;
    let answer = client.send(&endpoint.method, &request.path, request.body.as_ref())?;
    // The call is done; a closed standard output does not undo it.
    let _ = writeln!(std::io::stdout(), "{answer:#}");
    Ok(())
}
