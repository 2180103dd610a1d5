use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use dataflow_core::error::{Error, Fault, FaultCode, Kind, Result};
use dataflow_core::node::{
    Answer, Body, BoxFuture, Context, Descriptor, Details, ModelVerb, Node, Object, Shape, Source,
};
use dataflow_core::schema::{Field, FieldType, Key, KeyGenerator, ModelSchema};
use dataflow_core::value::from_json;
use serde_json::{Value as Json, json};

/// A source of one model, whose rows stand in a map by key.
#[derive(Default)]
pub(crate) struct Memory {
    rows: Rows,
    pub(crate) is_down: AtomicBool,
    pub(crate) checks: Arc<AtomicUsize>,
}

type Rows = Arc<Mutex<BTreeMap<String, Object>>>;

/// `User`: the caller's `id`, a unique `email`, an optional `age` and `note`.
pub(crate) fn user() -> ModelSchema {
    let optional = |name: &'static str, field_type: FieldType| Field {
        nullable: true,
        ..Field::new(name, field_type)
    };
    let fields = vec![
        Field::new("id", FieldType::String),
        Field::new("email", FieldType::String),
        optional("age", FieldType::I32),
        optional("note", FieldType::Json),
    ];
    ModelSchema::new("User", fields, Key::new("id", KeyGenerator::None))
}

impl Source for Memory {
    fn name(&self) -> String {
        "memory".to_owned()
    }

    fn nodes(&self) -> Vec<Arc<dyn Node>> {
        use ModelVerb::{BulkCreate, Create, Delete, List, Read, Update};
        let model_schema = Arc::new(user());
        let node = |verb| -> Arc<dyn Node> {
            Arc::new(UserNode::new(
                Arc::clone(&model_schema),
                verb,
                Arc::clone(&self.rows),
            ))
        };
        [Create, Read, Update, Delete, List, BulkCreate]
            .map(node)
            .to_vec()
    }

    fn synchronize(&self) -> Result<String> {
        Ok("memory: nothing to do".to_owned())
    }

    fn connect(&self) -> BoxFuture<'_, Result<Option<String>>> {
        Box::pin(async { Ok(None) })
    }

    fn check(&self) -> BoxFuture<'_, Result<()>> {
        self.checks.fetch_add(1, Ordering::Relaxed);
        let is_down = self.is_down.load(Ordering::Relaxed);
        Box::pin(async move {
            if is_down {
                return Err(Error::new(
                    Kind::Unavailable,
                    "host db.internal refuses connections",
                ));
            }
            Ok(())
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

struct UserNode {
    model_schema: Arc<ModelSchema>,
    verb: ModelVerb,
    rows: Rows,
    descriptor: Descriptor,
}

impl UserNode {
    fn new(model_schema: Arc<ModelSchema>, verb: ModelVerb, rows: Rows) -> Self {
        Self {
            descriptor: Descriptor::of_model(&model_schema, "user", verb, details),
            model_schema,
            verb,
            rows,
        }
    }

    fn run(&self, input: Object) -> Result<Answer> {
        let mut rows = self.rows.lock().unwrap();
        match self.verb {
            ModelVerb::Create => {
                let row = self.new_row(input, "")?;
                let key = insert(&mut rows, row.clone())?;
                Ok(Answer::new(bytes(&Json::Object(row))).with_created(vec![key]))
            }
            ModelVerb::BulkCreate => {
                let mut changed = rows.clone();
                let Some(Json::Array(given)) = input.get("rows") else {
                    return Err(Error::new(Kind::Malformed, "no rows"));
                };
                for (position, row) in given.iter().enumerate() {
                    let pointer = format!("/rows/{position}");
                    let row = row.as_object().cloned().unwrap_or_default();
                    insert(&mut changed, self.new_row(row, &pointer)?)?;
                }
                *rows = changed;
                Ok(Answer::new(bytes(&Json::Array(given.clone()))).with_rows(given.len()))
            }
            ModelVerb::Read => Ok(Answer::new(bytes(&json!(found(&mut rows, &input)?)))),
            ModelVerb::Update => {
                self.check(&input, "")?;
                let row = found(&mut rows, &input)?;
                row.extend(input);
                Ok(Answer::new(bytes(&json!(row))))
            }
            ModelVerb::Delete => {
                found(&mut rows, &input)?;
                rows.remove(&key_of(&input));
                Ok(Answer::default())
            }
            ModelVerb::List => Ok(list(&rows, &input)),
            other => panic!("{other:?} is not among the nodes"),
        }
    }

    fn new_row(&self, mut row: Object, pointer: &str) -> Result<Object> {
        let mut faults = self.faults(&row, pointer);
        for field in self.model_schema.fields.iter() {
            if row.contains_key(field.name.as_ref()) {
                continue;
            }
            if !field.is_optional() {
                let detail = "is required";
                faults.push(Fault::at(pointer, &field.name, FaultCode::Required, detail));
            }
            row.insert(field.name.to_string(), Json::Null);
        }
        if faults.is_empty() {
            Ok(row)
        } else {
            Err(Error::invalid(faults))
        }
    }

    fn check(&self, row: &Object, pointer: &str) -> Result<()> {
        let faults = self.faults(row, pointer);
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Error::invalid(faults))
        }
    }

    fn faults(&self, row: &Object, pointer: &str) -> Vec<Fault> {
        let fault_of = |(name, value): (&String, &Json)| {
            let Some(field) = self.model_schema.field(name) else {
                return Some(Fault::at(
                    pointer,
                    name,
                    FaultCode::Unknown,
                    "is not a field",
                ));
            };
            if value.is_null() && !field.nullable {
                return Some(Fault::at(pointer, name, FaultCode::Required, "is required"));
            }
            let (code, detail) = from_json(&field.field_type, value).err()?;
            Some(Fault::at(pointer, name, code, detail))
        };
        row.iter().filter_map(fault_of).collect()
    }
}

impl Node for UserNode {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn call<'a>(&'a self, _: &'a Context, input: Object) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move { self.run(input) })
    }
}

fn bytes(json: &Json) -> Body {
    Body::Bytes(json.to_string().into())
}

fn key_of(input: &Object) -> String {
    input["id"].as_str().unwrap().to_owned()
}

fn found<'a>(rows: &'a mut BTreeMap<String, Object>, input: &Object) -> Result<&'a mut Object> {
    rows.get_mut(&key_of(input))
        .ok_or_else(|| Error::new(Kind::NotFound, "no user has this id"))
}

fn insert(rows: &mut BTreeMap<String, Object>, row: Object) -> Result<String> {
    if rows
        .values()
        .any(|other| other["email"] == row["email"] || other["id"] == row["id"])
    {
        let fault = Fault::of_field("email", FaultCode::Unique, "is taken");
        return Err(
            Error::new(Kind::Unique, "another user has this email").with_faults(vec![fault])
        );
    }
    let key = key_of(&row);
    rows.insert(key.clone(), row);
    Ok(key)
}

/// The cursor is the last key of the page before.
fn details(model_schema: &ModelSchema, verb: ModelVerb) -> Details {
    let row = model_schema
        .fields
        .iter()
        .fold(Shape::object(), |shape, field| {
            if field.is_optional() {
                shape.optional(&field.name, Shape::of_field(field))
            } else {
                shape.required(&field.name, Shape::of_field(field))
            }
        });
    Details {
        description: format!("{} of users.", verb.as_str()),
        input: row.clone(),
        output: row,
    }
}

fn list(rows: &BTreeMap<String, Object>, input: &Object) -> Answer {
    let limit = usize::try_from(input["limit"].as_u64().unwrap()).unwrap();
    let after = input.get("after").map(|after| after.as_str().unwrap());
    let filter = input.get("filter").and_then(Json::as_object);
    let is_wanted = |row: &Object| {
        let mut conditions = filter.into_iter().flatten();
        conditions.all(|(field, condition)| row[field] == condition["$eq"])
    };
    let mut matching = rows
        .iter()
        .filter(|(key, row)| after.is_none_or(|after| key.as_str() > after) && is_wanted(row));
    let page: Vec<_> = matching.by_ref().take(limit).collect();
    let has_more = matching.next().is_some();
    let next = page
        .last()
        .filter(|_| has_more)
        .map(|(key, _)| (*key).clone());
    let body: Vec<_> = page.iter().map(|(_, row)| row).collect();
    Answer::new(bytes(&json!(body)))
        .with_next(next)
        .with_rows(page.len())
}
