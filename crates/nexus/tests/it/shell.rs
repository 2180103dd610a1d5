//! The command line of an application.

use std::process::Output;

use serde_json::{Value as Json, json};

use crate::example::example;

fn shell(arguments: &[&str]) -> Output {
    example("shell").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn an_operation_is_called_once_and_answers_json() {
    let output = shell(&["run", "greet", "--input", "name=Ada", "--input", "times=2"]);

    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let answer: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer, json!({ "text": "hello hello Ada" }));
}

#[test]
fn what_there_is_can_be_listed() {
    assert_eq!(text(&shell(&["list"]).stdout), "greet name [times]\n");
    let routes = text(&shell(&["routes"]).stdout);
    assert!(
        routes.contains("POST    /workflows/greet/execute\n"),
        "{routes}"
    );
}

#[test]
fn a_failure_exits_with_1_and_a_wrong_command_line_with_2() {
    let cases: [(&[&str], i32, &str); 6] = [
        (&["run", "greet"], 1, "name: is required"),
        (
            &["run", "greet", "--input", "nom=Ada"],
            1,
            "nom: is not declared",
        ),
        (&["run", "great"], 1, "operation \"great\" does not exist"),
        (
            &["run", "greet", "--input", "name"],
            1,
            "write --input name=value",
        ),
        (&["run"], 2, "Usage:"),
        (&["dance"], 2, "dance"),
    ];
    for (arguments, code, message) in cases {
        let output = shell(arguments);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert!(error.contains(message), "{arguments:?}: {error}");
        assert!(output.stdout.is_empty());
    }
    assert_eq!(shell(&["--help"]).status.code(), Some(0));
}
