//! The examples of this crate, which cargo builds beside its tests, as programs.

use std::process::Command;

/// An example that serves on free ports.
pub(crate) fn example(name: &str) -> Command {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let mut command = Command::new(profile.join("examples").join(name));
    command
        .env("NEXUS__API_PORT", "0")
        .env("NEXUS__MCP_PORT", "0");
    command
}
