//! `/openapi.json` and the router are one list.

use serde_json::{Map, Value as Json};

use super::client::{Answer, Client};
use super::setup::Setup;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// A key that no row has, whatever the type of the key.
const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

#[test]
fn v18_every_advertised_route_exists() {
    for enable_metrics in ["true", "false"] {
        let setup = Setup::sqlite();
        let launch = setup.launch("quickstart");
        let program = launch.env("NEXUS__ENABLE_METRICS", enable_metrics).start();
        check_routes(&program.http());
    }
}

fn check_routes(http: &Client) {
    let document = http.get("/openapi.json").expect(200);

    for (path, method, _) in operations(&document) {
        let answer = call(http, path, method);
        let kind = answer.json_type();
        assert_ne!(answer.status, 405, "{method} {path}: {answer:?}");
        assert!(
            !kind.ends_with("no-such-route"),
            "{method} {path}: {answer:?}"
        );
        assert!(answer.status < 500, "{method} {path}: {answer:?}");
    }
    for workflow in http.get("/workflows").expect(200).as_array().unwrap() {
        let execute = workflow["execute"].as_str().unwrap();
        let answer = call(http, execute, "post");
        assert!(
            ![404, 405].contains(&answer.status),
            "{execute}: {answer:?}"
        );
    }
}

#[test]
fn the_document_holds_every_route_of_the_contract() {
    let setup = Setup::sqlite();
    let program = setup.start("quickstart");
    let document = program.http().get("/openapi.json").expect(200);
    for (path, methods) in [
        ("/api/users", &["get", "post", "patch", "delete"][..]),
        ("/api/users/{id}", &["get", "put", "patch", "delete"]),
        ("/api/posts", &["get", "post"]),
        ("/api/posts/{id}", &["get", "put", "patch", "delete"]),
        ("/workflows", &["get"]),
        ("/workflows/onboard", &["get"]),
        ("/workflows/onboard/execute", &["post"]),
        ("/workflows/greet/execute", &["post"]),
        ("/health", &["get"]),
        ("/healthz", &["get"]),
        ("/ready", &["get"]),
        ("/readyz", &["get"]),
        ("/openapi.json", &["get"]),
        ("/docs", &["get"]),
    ] {
        for method in methods {
            assert!(
                document["paths"][path][method].is_object(),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn the_document_is_openapi_3_1() {
    let setup = Setup::sqlite();
    let program = setup.start("quickstart");
    let document = program.http().get("/openapi.json").expect(200);

    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    assert!(document["info"]["title"].is_string());
    assert!(document["info"]["version"].is_string());
    let mut ids = Vec::new();
    for (path, method, operation) in operations(&document) {
        let place = format!("{method} {path}");
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_else(|| panic!("{place}"));
        assert!(!ids.contains(&id), "{place}: {id} stands twice");
        ids.push(id);
        check_responses(&place, &operation["responses"]);
        let declared = operation.get("parameters").and_then(Json::as_array);
        let declared = declared.into_iter().flatten();
        let declared: Vec<&Json> = declared
            .filter(|parameter| parameter["in"] == "path")
            .inspect(|parameter| assert_eq!(parameter["required"], true, "{place}"))
            .map(|parameter| &parameter["name"])
            .collect();
        assert_eq!(declared, parameters_of(path), "{place}");
    }
    check_references(&document, &document);
}

/// Every operation, with its path and method.
fn operations(document: &Json) -> impl Iterator<Item = (&str, &str, &Map<String, Json>)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        assert!(path.starts_with('/'), "{path}");
        let item = item.as_object().unwrap().iter();
        item.filter(|(method, _)| METHODS.contains(&method.as_str()))
            .map(|(method, operation)| {
                (
                    path.as_str(),
                    method.as_str(),
                    operation.as_object().unwrap(),
                )
            })
    })
}

fn check_responses(place: &str, responses: &Json) {
    let responses = responses.as_object().unwrap_or_else(|| panic!("{place}"));
    assert!(!responses.is_empty(), "{place}");
    for (status, response) in responses {
        let is_status =
            status == "default" || status.parse::<u16>().is_ok() || status.ends_with("XX");
        assert!(is_status, "{place}: {status}");
        assert!(
            response["description"].is_string() || response["$ref"].is_string(),
            "{place}"
        );
    }
}

/// The names in braces.
fn parameters_of(path: &str) -> Vec<&str> {
    let segments = path.split('/');
    segments
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .collect()
}

/// Every `$ref` leads to something in the document.
fn check_references(document: &Json, part: &Json) {
    match part {
        Json::Object(members) => {
            if let Some(Json::String(reference)) = members.get("$ref") {
                let pointer = reference.strip_prefix('#').unwrap();
                assert!(document.pointer(pointer).is_some(), "{reference}");
            }
            members
                .values()
                .for_each(|member| check_references(document, member));
        }
        Json::Array(items) => items
            .iter()
            .for_each(|item| check_references(document, item)),
        _ => {}
    }
}

fn call(http: &Client, path: &str, method: &str) -> Answer {
    let target = path.replace("{id}", NOBODY);
    match method {
        "get" | "delete" => http.send(&method.to_uppercase(), &target, &[], ""),
        _ => http.send_json(&method.to_uppercase(), &target, "{}"),
    }
}

impl Answer {
    /// The `type` of a problem document; nothing for any other answer.
    fn json_type(&self) -> String {
        match self.header("content-type") {
            Some("application/problem+json") => self.json()["type"].as_str().unwrap().to_owned(),
            _ => String::new(),
        }
    }
}
