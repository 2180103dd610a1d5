use std::process::{Command, Output};

use dataflow_core::schema::FieldType;

use crate::models::{With, model, optional};
use crate::setup::Setup;

/// The example `migrate` as a process of its own, with no environment but a URL.
fn job(url: Option<&str>, arguments: &[&str]) -> Output {
    let test = std::env::current_exe().unwrap();
    let example = test.ancestors().nth(2).unwrap().join("examples/migrate");
    let mut command = Command::new(&example);
    command.args(arguments).env_clear();
    if let Some(url) = url {
        command.env("DATABASE_URL", url);
    }
    let hint =
        "cargo build -p dataflow-ddl-sync --examples builds it, as cargo test does by itself";
    command
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}; {hint}", example.display()))
}

/// Its exit code, and what it printed for people and for whoever reads errors.
fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let code = output.status.code().unwrap();
    (code, text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_job_says_what_it_changes_and_changes_it_once() {
    for setup in Setup::both() {
        let (code, stdout, stderr) = told(&job(Some(setup.url()), &[]));
        assert_eq!((code, &*stderr), (0, ""), "{stdout}");
        assert!(stdout.contains("CREATE TABLE \"products\""), "{stdout}");
        assert!(
            stdout.contains("\n[1/2] create table \"products\"\n"),
            "{stdout}"
        );
        assert!(stdout.ends_with("2 changes applied\n"), "{stdout}");
        assert!(setup.executor().table_exists("products").unwrap());

        let (code, stdout, stderr) = told(&job(Some(setup.url()), &[]));
        assert_eq!((code, &*stderr), (0, ""), "{stdout}");
        assert_eq!(stdout.lines().count(), 2, "{stdout}");
        assert!(stdout.ends_with("\nno change applied\n"), "{stdout}");
    }
}

#[test]
fn a_job_leaves_to_somebody_what_is_not_safe() {
    for setup in Setup::both() {
        let product = model("Product")
            .with(optional("name", FieldType::String))
            .with(optional("price", FieldType::I64))
            .with_index(&["name"], true);
        setup.outcome([product]);
        let requires_a_name = || {
            let columns = setup.executor().table_columns("products").unwrap();
            !columns[1].nullable
        };

        let (code, stdout, stderr) = told(&job(Some(setup.url()), &[]));
        assert_eq!((code, &*stderr), (2, ""), "{stdout}");
        let hash = stdout.split(' ').nth(1).unwrap();
        let left = format!("\nleft to be approved: plan {hash}\n");
        assert!(stdout.ends_with(&left), "{stdout}");
        assert!(!requires_a_name(), "{stdout}");

        let other = hash.chars().rev().collect::<String>();
        let (code, _, stderr) = told(&job(Some(setup.url()), &[&other]));
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains(&format!("approve {hash}")), "{stderr}");
        assert!(!requires_a_name(), "{stderr}");

        let (code, stdout, stderr) = told(&job(Some(setup.url()), &[hash]));
        assert_eq!(code, 0, "{stdout}{stderr}");
        assert!(requires_a_name(), "{stdout}");
    }
}

#[test]
fn a_job_that_fails_says_why_and_no_secret() {
    let cases = [
        (None, &[][..], "DATABASE_URL is not set"),
        (
            Some("mysql://h/d"),
            &[],
            "scheme \"mysql\" is not supported",
        ),
        (Some("sqlite::memory:"), &["yes"], "not the hash of a plan"),
        (
            Some("postgres://ada:canary@127.0.0.1:1/app"),
            &[],
            "127.0.0.1:1",
        ),
    ];
    for (url, arguments, reason) in cases {
        let (code, stdout, stderr) = told(&job(url, arguments));
        assert_eq!((code, &*stdout), (1, ""), "{stderr}");
        assert!(stderr.starts_with("error: "), "{stderr}");
        assert!(stderr.contains(reason), "{stderr}");
        assert!(stderr.contains("\n  help: "), "{stderr}");
        assert!(!stderr.contains("canary"), "{stderr}");
    }
}
