use std::sync::Arc;

use dataflow_core::error::{Error, Kind};
use dataflow_core::node::{Context, Node};
use dataflow_workflow::{Definition, Format, Workflow};
use serde_json::{Value as Json, json};

use crate::nodes::{echo, post_create, user_create};

const YAML: &str = r#"
name: onboard
description: Creates a user and a first post
nodes:
  user:
    use: user_create
    with:
      email: $inputs.email
  post:
    use: post_create
    with: {title: $$5 "Hello", author_id: $user.id}
  note:
    use: echo
    with:
      yes: no
      list: [1, 2.5, {deep: $$x}]
outputs:
  author: $user.id
  title: $post.title
  note: $note
"#;

// Tabs are not YAML's way to indent, but they are JSON's.
const JSON: &str = "{
\t\"name\": \"onboard\",
\t\"description\": \"Creates a user and a first post\",
\t\"nodes\": {
\t\t\"user\": {\"use\": \"user_create\", \"with\": {\"email\": \"$inputs.email\"}},
\t\t\"post\": {
\t\t\t\"use\": \"post_create\",
\t\t\t\"with\": {\"title\": \"$$5 \\\"Hello\\\"\", \"author_id\": \"$user.id\"}
\t\t},
\t\t\"note\": {
\t\t\t\"use\": \"echo\", \"with\": {\"yes\": \"no\", \"list\": [1, 2.5, {\"deep\": \"$$x\"}]}
\t\t}
\t},
\t\"outputs\": {\"author\": \"$user.id\", \"title\": \"$post.title\", \"note\": \"$note\"}
}";

const TOML: &str = r#"
name = "onboard"
description = "Creates a user and a first post"

[nodes.user]
use = "user_create"
with.email = "$inputs.email"

[nodes.post]
use = "post_create"
with = { title = '$$5 "Hello"', author_id = "$user.id" }

[nodes.note]
use = "echo"
with = { yes = "no", list = [1, 2.5, { deep = "$$x" }] }

[outputs]
author = "$user.id"
title = "$post.title"
note = "$note"
"#;

fn nodes() -> [Arc<dyn Node>; 3] {
    [user_create(), post_create(), echo()]
}

fn load(format: Format, text: &str) -> Result<Workflow, Error> {
    Definition::parse(format, text)?.build(&nodes(), &[])
}

#[tokio::test]
async fn the_three_formats_tell_the_same_workflow() {
    for (format, text) in [
        (Format::Yaml, YAML),
        (Format::Json, JSON),
        (Format::Toml, TOML),
    ] {
        let definition = Definition::parse(format, text).unwrap();
        assert_eq!(definition.name(), "onboard");
        let workflow = definition.build(&nodes(), &[]).unwrap();
        assert_eq!(workflow.description(), "Creates a user and a first post");
        assert_eq!(
            workflow.node_ids().collect::<Vec<_>>(),
            ["user", "post", "note"]
        );
        assert_eq!(workflow.input().required_names(), ["email"]);

        let given = json!({"email": "ann@example.org"})
            .as_object()
            .cloned()
            .unwrap();
        let outputs = workflow.run(&Context::default(), given).await.unwrap();
        let expected = json!({
            "author": 7,
            "title": "$5 \"Hello\"",
            "note": {"yes": "no", "list": [1, 2.5, {"deep": "$x"}]}
        });
        assert_eq!(Json::Object(outputs), expected, "{format:?}");
    }
}

#[track_caller]
fn check(format: Format, text: &str, expected: &[&str]) {
    let error = load(format, text).expect_err("the file has mistakes");
    assert_eq!(error.kind(), Kind::Configuration);
    let found: Vec<&str> = match error.faults() {
        [] => vec![error.message()],
        faults => faults.iter().map(|fault| &*fault.detail).collect(),
    };
    assert_eq!(found, expected, "{text}");
}

#[test]
fn what_is_not_in_the_format_is_refused_with_line_and_column() {
    let cases = [
        (
            Format::Json,
            "{\n  \"name\": \"a\",\n}",
            "line 3, column 1: key must be a string",
        ),
        (Format::Json, "name: a", "line 1, column 2: expected ident"),
        (
            Format::Json,
            "{} # YAML",
            "line 1, column 4: trailing characters",
        ),
        (
            Format::Yaml,
            "name: [a\nnodes: 1\n",
            "line 2, column 6: illegal placement of ':' indicator",
        ),
        (
            Format::Toml,
            "name = \"a\"\n[nodes\n",
            "line 2, column 7: unclosed table, expected `]`",
        ),
        (
            Format::Toml,
            "a = 1\na = 2\n",
            "line 2, column 1: duplicate key",
        ),
        (
            Format::Toml,
            "a = 1\nb = nan\n",
            "line 2, column 5: JSON has no such number",
        ),
    ];
    for (format, text, expected) in cases {
        check(format, text, &[expected]);
    }
}

#[test]
fn everything_that_does_not_belong_is_reported_with_its_line() {
    check(
        Format::Yaml,
        "nmae: a
description: [1]
nodes:
  user:
    uses: user_create
    with: text
  user:
    use: user_create
    with: {email: $, name: [$inputs.name]}
outputs:
  id: constant
name: b
name: c
",
        &[
            "line 1: `nmae`: is not known here; did you mean `name`?",
            "line 2: `description`: must be a string, and is a list",
            "line 4: `user`: `use` is missing",
            "line 5: `uses`: is not known here; did you mean `use`?",
            "line 6: `with`: must be a table, and is a string",
            "line 7: `user`: is given twice",
            "line 9: `email`: path \"$\" cannot be read",
            "line 9: `name`: path \"$inputs.name\" stands inside a value; feed it to an input of its own",
            "line 11: `id`: must be a path, such as \"$user.id\"",
            "line 13: `name`: is given twice",
        ],
    );
    check(
        Format::Yaml,
        "",
        &["line 1: must be a table, and is nothing"],
    );
    check(
        Format::Json,
        "{}",
        &["line 1: `name` is missing", "line 1: `nodes` is missing"],
    );
}

#[test]
fn mistakes_of_the_workflow_have_the_line_they_stand_on() {
    let expected = [
        "line 4: there is no node to use called \"usercreate\"; did you mean \"user_create\"?",
        "line 7: node \"post\" needs input \"author_id\", and nothing feeds it",
        "line 9: node \"post\" takes no input \"titel\"; did you mean \"title\"?",
        "line 10: input \"title\" of node \"post\" refuses its constant: must be a string",
        "line 11: there is no node \"nobody\"",
    ];
    let yaml = "name: a
nodes:
  user:
    use: usercreate
    with:
      email: $inputs.email
  post:
    use: post_create
    with: {titel: x,
      title: 5,
      city: $nobody.city }
";
    check(Format::Yaml, yaml, &expected);
    let json = r#"{"name": "a",
"nodes": {
  "user": {
    "use": "usercreate",
    "with": {
      "email": "$inputs.email"}},
  "post": {
    "use": "post_create",
    "with": {"titel": "x",
      "title": 5,
      "city": "$nobody.city"}}}}"#;
    check(Format::Json, json, &expected);
    let toml = r#"name = "a"
[nodes]
[nodes.user]
use = "usercreate"

with.email = "$inputs.email"
[nodes.post]
use = "post_create"
with.titel = "x"
with.title = 5
with.city = "$nobody.city"
"#;
    check(Format::Toml, toml, &expected);
}

#[test]
fn a_single_mistake_is_the_message() {
    let error = load(Format::Toml, "name = 'a'\n[nodes.a]\n[nodes.b]\n").unwrap_err();
    assert_eq!(error.message(), "the definition has 2 mistakes");
    let error = load(Format::Toml, "name = 'a'\n[nodes]\n").unwrap_err();
    assert_eq!(error.message(), "line 2: the workflow has no nodes");
}

#[test]
fn a_small_file_cannot_grow_without_bounds() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        let items = [before.as_str(); 10].join(", ");
        bomb += &format!("a{level}: &a{level} [{items}]\n");
    }
    let deep = "[".repeat(100_000);
    for (format, text) in [
        (Format::Yaml, bomb.as_str()),
        (Format::Yaml, deep.as_str()),
        (Format::Json, deep.as_str()),
        (Format::Toml, &format!("a = {deep}")),
    ] {
        assert_eq!(load(format, text).unwrap_err().kind(), Kind::Configuration);
    }
}

#[test]
fn formats_are_known_by_their_extension() {
    assert_eq!(Format::from_extension("json"), Some(Format::Json));
    assert_eq!(Format::from_extension("yaml"), Some(Format::Yaml));
    assert_eq!(Format::from_extension("toml"), Some(Format::Toml));
    assert_eq!(Format::from_extension("txt"), None);
}
