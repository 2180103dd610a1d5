//! A source without a database: one model, kept in memory, and three nodes that are no model.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use dataflow_core::ModelSchema;
use dataflow_core::error::{Error, Fault, FaultCode, Kind, Result};
use dataflow_core::node::{
    Answer, Body, BoxFuture, Context, Descriptor, Details, ModelVerb, Node, Object, Shape, Source,
};
use dataflow_core::schema::{Field, FieldType, Key, KeyGenerator};
use nexus_core::Registry;
use serde_json::{Value as Json, json};

type Rows = Arc<Mutex<BTreeMap<i64, Object>>>;

pub(crate) const VERBS: [ModelVerb; 6] = [
    ModelVerb::Create,
    ModelVerb::Read,
    ModelVerb::Delete,
    ModelVerb::List,
    ModelVerb::Count,
    ModelVerb::BulkCreate,
];

/// The registry of a bookshelf, a handler that greets, one that gives numbers and one that fails.
pub(crate) fn registry() -> Registry {
    let mut registry = Registry::new();
    registry.mount(Arc::new(Bookshelf::default())).unwrap();
    for custom in [Custom::Greet, Custom::Numbers, Custom::Fail] {
        registry.register(Arc::new(custom.node())).unwrap();
    }
    registry
}

pub(crate) fn book_schema() -> ModelSchema {
    let subtitle = Field {
        nullable: true,
        ..Field::new("subtitle", FieldType::String)
    };
    let fields = vec![
        Field::new("id", FieldType::I64),
        Field::new("title", FieldType::String),
        subtitle,
    ];
    ModelSchema {
        description: Some("A book on the shelf.".into()),
        ..ModelSchema::new("Book", fields, Key::new("id", KeyGenerator::Serial))
    }
}

#[derive(Default)]
struct Bookshelf {
    rows: Rows,
}

impl Source for Bookshelf {
    fn name(&self) -> String {
        "bookshelf".into()
    }

    fn nodes(&self) -> Vec<Arc<dyn Node>> {
        let schema = Arc::new(book_schema());
        let node = |verb| -> Arc<dyn Node> {
            Arc::new(BookNode {
                descriptor: Descriptor::of_model(&schema, "book", verb, details),
                verb,
                rows: self.rows.clone(),
            })
        };
        VERBS.map(node).to_vec()
    }

    fn synchronize(&self) -> Result<String> {
        Ok("nothing to do".into())
    }

    fn connect(&self) -> BoxFuture<'_, Result<Option<String>>> {
        Box::pin(async { Ok(None) })
    }

    fn check(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

fn details(_: &ModelSchema, verb: ModelVerb) -> Details {
    let given = Shape::object()
        .required("title", Shape::string())
        .optional("subtitle", Shape::string());
    let row = Shape::object()
        .required("id", Shape::integer())
        .required("title", Shape::string())
        .optional("subtitle", Shape::string());
    let key = Shape::object().required("id", Shape::integer());
    let (input, output) = match verb {
        ModelVerb::Create => (given, row),
        ModelVerb::Read => (key, row),
        ModelVerb::Delete => (key, Shape::any()),
        ModelVerb::List => (
            Shape::object()
                .optional("limit", Shape::integer())
                .optional("after", Shape::string()),
            Shape::array(row),
        ),
        ModelVerb::BulkCreate => (
            Shape::object().required("rows", Shape::array(given)),
            Shape::array(row),
        ),
        _ => (
            Shape::object(),
            Shape::object().required("count", Shape::integer()),
        ),
    };
    Details {
        description: format!("The {} of books.", verb.as_str()),
        input,
        output,
    }
}

struct BookNode {
    descriptor: Descriptor,
    verb: ModelVerb,
    rows: Rows,
}

impl Node for BookNode {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn call<'a>(&'a self, _: &'a Context, input: Object) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move { self.answer(&input) })
    }
}

impl BookNode {
    fn answer(&self, input: &Object) -> Result<Answer> {
        let mut rows = self.rows.lock().unwrap();
        match self.verb {
            ModelVerb::Create => Ok(Answer::new(create(&mut rows, input)?.into())),
            ModelVerb::Read => Ok(Answer::new(find(&rows, input)?.into())),
            ModelVerb::Delete => {
                find(&rows, input)?;
                rows.remove(&id(input)?);
                Ok(Answer::default())
            }
            ModelVerb::List => Ok(list(&rows, input)),
            ModelVerb::BulkCreate => {
                let created: Result<Vec<Json>> = input["rows"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|row| create(&mut rows, row.as_object().unwrap()))
                    .collect();
                Ok(Answer::new(Body::Value(created?.into())))
            }
            _ => Ok(Answer::new(json!({ "count": rows.len() }).into())),
        }
    }
}

fn create(rows: &mut BTreeMap<i64, Object>, input: &Object) -> Result<Json> {
    let mut faults = Vec::new();
    if !input.get("title").is_some_and(Json::is_string) {
        faults.push(Fault::of_field("title", FaultCode::Required, "is required"));
    }
    for name in input
        .keys()
        .filter(|name| !["title", "subtitle"].contains(&&***name))
    {
        faults.push(Fault::of_field(name, FaultCode::Unknown, "is not a field"));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults).with_help("give the title"));
    }
    let id = rows.len() as i64 + 1;
    let subtitle = input.get("subtitle").cloned().unwrap_or_default();
    let row = json!({ "id": id, "title": input["title"], "subtitle": subtitle });
    rows.insert(id, row.as_object().unwrap().clone());
    Ok(row)
}

fn id(input: &Object) -> Result<i64> {
    input.get("id").and_then(Json::as_i64).ok_or_else(|| {
        Error::invalid(vec![Fault::of_field(
            "id",
            FaultCode::Type,
            "must be an integer",
        )])
    })
}

fn find(rows: &BTreeMap<i64, Object>, input: &Object) -> Result<Json> {
    rows.get(&id(input)?)
        .cloned()
        .map(Json::Object)
        .ok_or_else(|| Error::new(Kind::NotFound, "no book has this id"))
}

fn list(rows: &BTreeMap<i64, Object>, input: &Object) -> Answer {
    let limit = input.get("limit").and_then(Json::as_u64).unwrap_or(100) as usize;
    let page: Vec<Json> = rows
        .values()
        .take(limit)
        .cloned()
        .map(Json::Object)
        .collect();
    let next = (page.len() < rows.len()).then(|| page.len().to_string());
    Answer::new(Body::Value(page.into())).with_next(next)
}

#[derive(Clone, Copy)]
enum Custom {
    Greet,
    Numbers,
    Fail,
}

impl Custom {
    fn node(self) -> CustomNode {
        let (name, input, output) = match self {
            Self::Greet => (
                "greet",
                Shape::object().required("name", Shape::string()),
                Shape::object().required("greeting", Shape::string()),
            ),
            Self::Numbers => ("numbers", Shape::object(), Shape::array(Shape::integer())),
            Self::Fail => ("fail", Shape::object(), Shape::any()),
        };
        CustomNode {
            custom: self,
            descriptor: Descriptor::custom(
                name,
                Details {
                    description: format!("Calls {name}."),
                    input,
                    output,
                },
            ),
        }
    }
}

struct CustomNode {
    custom: Custom,
    descriptor: Descriptor,
}

impl Node for CustomNode {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn call<'a>(&'a self, _: &'a Context, input: Object) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            match self.custom {
                Custom::Greet => {
                    let greeting = format!("hello {}", input["name"].as_str().unwrap());
                    Ok(Answer::new(json!({ "greeting": greeting }).into()))
                }
                Custom::Numbers => Ok(Answer::new(json!([1, 2, 3]).into())),
                Custom::Fail => Err(Error::new(Kind::Unavailable, "the press is closed")
                    .with_help("call again tomorrow")),
            }
        })
    }
}
