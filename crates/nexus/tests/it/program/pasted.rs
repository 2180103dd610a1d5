//! The commands that a start prints can be pasted.

use std::process::Command;

use serde_json::Value as Json;

use super::setup::{Setup, on_every_database};

on_every_database!(each_printed_command_does_what_it_shows);

/// Pastes them twice: what was created by the first paste is no reason for the next start's to fail.
fn each_printed_command_does_what_it_shows(setup: &Setup) {
    for start in 1..=2 {
        let program = setup.start("quickstart");
        let answers: Vec<Json> = program.commands().into_iter().map(paste).collect();

        let [rows, row, tools] = &answers[..] else {
            panic!("{}", program.report());
        };
        assert_eq!(rows.as_array().unwrap().len(), start - 1, "{rows}");
        assert!(row["id"].is_string(), "{row}");
        assert!(tools["result"]["tools"].is_array(), "{tools}");
        assert_eq!(
            program.http().get("/api/users").expect(200)[start - 1],
            *row
        );
    }
}

/// Runs a command as a shell does; the answer must be JSON and no error.
fn paste(command: &str) -> Json {
    let quiet = command.replacen("curl ", "curl --silent --show-error --fail-with-body ", 1);
    let output = Command::new("sh").args(["-c", &quiet]).output().unwrap();
    assert!(output.status.success(), "{command}\n{output:?}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{command}\n{output:?}"))
}
