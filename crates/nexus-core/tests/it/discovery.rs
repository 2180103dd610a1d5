use std::fs;
use std::path::Path;
use std::time::Duration;

use dataflow_core::node::{Answer, Body, Context};
use nexus_core::discovery::{Bounds, Discovery, discover};
use nexus_core::{Dispatch, Registry};
use serde_json::json;
use tempfile::TempDir;

use crate::server::Handler;

const GREETING: &str =
    "name: greeting\nnodes:\n  hello:\n    use: greet\n    with:\n      name: $inputs.name\n";

fn registry() -> Registry {
    let greet = Handler::node("greet", |input| {
        Box::pin(async move { Ok(Answer::new(Body::Value(input["name"].clone()))) })
    });
    let mut registry = Registry::new();
    registry.register(greet).unwrap();
    registry
}

fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn discovered(folder: &Path, bounds: &Bounds) -> (Registry, Discovery) {
    let mut registry = registry();
    let discovery = discover(folder, bounds, &mut registry);
    (registry, discovery)
}

fn names(discovery: &Discovery) -> Vec<&str> {
    discovery
        .registered
        .iter()
        .map(|(name, _)| name.as_str())
        .collect()
}

/// The report of the only file that was left out.
fn only_refusal(discovery: &Discovery) -> String {
    let [refused] = discovery.refused.as_slice() else {
        panic!("one file is left out, not {:?}", discovery.refused);
    };
    refused.to_string()
}

#[tokio::test]
async fn a_definition_file_becomes_a_workflow() {
    let folder = folder_with(&[("deep/er/greeting.yml", GREETING)]);
    let (registry, discovery) = discovered(folder.path(), &Bounds::default());
    assert_eq!(names(&discovery), ["greeting"]);

    let dispatch = Dispatch::new(registry);
    dispatch.open();
    let operation = dispatch.registry().find("greeting").unwrap();
    let inputs = json!({"name": "ada"}).as_object().unwrap().clone();
    let answer = dispatch
        .call(operation, &Context::default(), inputs)
        .await
        .unwrap();
    assert_eq!(answer.body.into_value(), json!({"hello": "ada"}));
}

#[test]
fn files_may_use_each_other_in_any_order() {
    let first = GREETING
        .replace("use: greet", "use: greeting")
        .replace("name: greeting", "name: again");
    let folder = folder_with(&[("a.yaml", &first), ("b.yaml", GREETING)]);
    let (_, discovery) = discovered(folder.path(), &Bounds::default());
    assert_eq!(names(&discovery), ["greeting", "again"]);
    assert!(discovery.refused.is_empty(), "{:?}", discovery.refused);
}

#[test]
fn a_bad_file_is_reported_with_its_line_and_the_others_are_registered() {
    let cases = [
        (
            "bad.yaml",
            "name: x\nnodes:\n  a:\n    use: nobody\n",
            "line 4",
        ),
        ("bad.json", "{\n  \"name\": \"x\",\n  oops\n}", "line 3"),
        ("bad.toml", "name = \"x\"\nnodes = 7\n", "line 2"),
    ];
    for (path, text, line) in cases {
        let folder = folder_with(&[(path, text), ("good.yaml", GREETING)]);
        let (_, discovery) = discovered(folder.path(), &Bounds::default());
        assert_eq!(names(&discovery), ["greeting"]);
        let report = only_refusal(&discovery);
        assert!(report.contains(path) && report.contains(line), "{report}");
    }
}

#[test]
fn what_is_registered_is_never_registered_again() {
    let taken = GREETING.replace("name: greeting", "name: greet");
    let folder = folder_with(&[("taken.yaml", &taken)]);
    let (registry, discovery) = discovered(folder.path(), &Bounds::default());
    assert!(only_refusal(&discovery).contains("taken"));
    assert_eq!(registry.operations().count(), 1);
}

#[test]
fn a_folder_that_does_not_exist_holds_nothing() {
    let (_, discovery) = discovered(Path::new("/nowhere/at/all"), &Bounds::default());
    assert!(discovery.registered.is_empty() && discovery.refused.is_empty());
}

#[test]
fn other_files_and_hidden_ones_are_passed_over() {
    let folder = folder_with(&[
        ("README.md", "#"),
        (".hidden.yaml", "x"),
        (".git/a.json", "x"),
    ]);
    let (_, discovery) = discovered(folder.path(), &Bounds::default());
    assert!(discovery.registered.is_empty() && discovery.refused.is_empty());
}

#[test]
fn every_bound_ends_the_search_with_a_report() {
    let default = Bounds::default;
    let cases = [
        (
            Bounds {
                depth: 1,
                ..default()
            },
            "deeper",
        ),
        (
            Bounds {
                entries: 2,
                ..default()
            },
            "more than 2 entries",
        ),
        (
            Bounds {
                bytes: 10,
                ..default()
            },
            "more than 10 bytes",
        ),
        (
            Bounds {
                time: Duration::ZERO,
                ..default()
            },
            "too long",
        ),
    ];
    for (bounds, word) in cases {
        let folder = folder_with(&[("a/b/c.yaml", GREETING)]);
        let (_, discovery) = discovered(folder.path(), &bounds);
        assert!(discovery.registered.is_empty(), "{word}");
        assert!(only_refusal(&discovery).contains(word), "{word}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_inside_the_folder_only() {
    use std::os::unix::fs::symlink;
    let outside = folder_with(&[("secret.yaml", GREETING)]);
    let folder = folder_with(&[("..data/greeting.yaml", GREETING)]);
    let link = |target: &Path, name: &str| symlink(target, folder.path().join(name)).unwrap();
    link(Path::new("..data/greeting.yaml"), "greeting.yaml");
    link(&outside.path().join("secret.yaml"), "out.yaml");
    link(outside.path(), "elsewhere");
    link(folder.path(), "circle");
    let (_, discovery) = discovered(folder.path(), &Bounds::default());
    assert_eq!(names(&discovery), ["greeting"]);
    assert!(only_refusal(&discovery).contains("out.yaml"));
}
