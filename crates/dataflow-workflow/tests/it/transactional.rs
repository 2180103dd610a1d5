#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, also in the functions that tests share"
)]

use std::sync::{Arc, Mutex};

use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{
    Answer, BoxFuture, Context, Descriptor, Details, Node, Object, Scope, Shape, Source,
};
use dataflow_workflow::Workflow;
use serde_json::{Value as Json, json};

/// What was done, in order.
#[derive(Debug, Clone, Default)]
struct Journal(Arc<Mutex<Vec<&'static str>>>);

impl Journal {
    fn note(&self, what: &'static str) {
        self.0.lock().unwrap().push(what);
    }

    /// How many transactions were begun.
    fn begun(&self) -> usize {
        let notes = self.0.lock().unwrap();
        notes.iter().filter(|what| **what == "begin").count()
    }

    fn read(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().clone()
    }
}

/// A source whose transactions only say what becomes of them.
struct Ledger(Journal);

#[derive(Debug)]
struct Entry(Journal);

impl Scope for Entry {
    fn commit(&self) -> BoxFuture<'_, Result<()>> {
        self.0.note("commit");
        Box::pin(async { Ok(()) })
    }

    fn roll_back(&self) -> BoxFuture<'_, ()> {
        self.0.note("roll back");
        Box::pin(async {})
    }
}

impl Source for Ledger {
    fn name(&self) -> String {
        "a ledger".to_owned()
    }

    fn nodes(&self) -> Vec<Arc<dyn Node>> {
        Vec::new()
    }

    fn synchronize(&self) -> Result<String> {
        Ok(String::new())
    }

    fn connect(&self) -> BoxFuture<'_, Result<Option<String>>> {
        Box::pin(async { Ok(None) })
    }

    fn check(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn begin(&self) -> BoxFuture<'_, Result<Arc<dyn Scope>>> {
        self.0.note("begin");
        let entry = Entry(self.0.clone());
        Box::pin(async { Ok(Arc::new(entry) as Arc<dyn Scope>) })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// Notes whether it was called in a scope; fails when it is told to.
struct Write {
    journal: Journal,
    descriptor: Descriptor,
}

impl Write {
    fn new(journal: &Journal) -> Self {
        Self {
            journal: journal.clone(),
            descriptor: Descriptor::custom(
                "write",
                Details {
                    description: String::new(),
                    input: Shape::object().optional("fails", Shape::any()),
                    output: Shape::any(),
                },
            ),
        }
    }
}

impl Node for Write {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn call<'a>(&'a self, context: &'a Context, input: Object) -> BoxFuture<'a, Result<Answer>> {
        self.journal.note(match context.scope {
            Some(_) => "write inside",
            None => "write outside",
        });
        Box::pin(async move {
            match input.get("fails") {
                Some(fails) if fails == &json!(true) => Err(Error::new(Kind::Unique, "taken")),
                Some(fails) if fails == &json!("twice") && self.journal.begun() <= 2 => {
                    Err(Error::new(Kind::Contention, "in the way"))
                }
                _ => Ok(Answer::default()),
            }
        })
    }
}

fn workflow(journal: &Journal, fails: impl Into<Json>) -> Workflow {
    Workflow::builder()
        .node("first", Write::new(journal))
        .node("second", Write::new(journal))
        .set("second", "fails", fails.into())
        .transactional(Ledger(journal.clone()))
        .build()
        .unwrap()
}

#[tokio::test]
async fn every_node_is_called_inside_and_the_end_commits() {
    let journal = Journal::default();
    let context = Context::default();
    workflow(&journal, false)
        .run(&context, Object::new())
        .await
        .unwrap();
    assert_eq!(
        journal.read(),
        ["begin", "write inside", "write inside", "commit"]
    );
}

#[tokio::test]
async fn a_node_that_fails_rolls_all_of_them_back() {
    let journal = Journal::default();
    let context = Context::default();
    let error = workflow(&journal, true).run(&context, Object::new()).await;
    assert_eq!(error.unwrap_err().kind(), Kind::Unique);
    assert_eq!(
        journal.read(),
        ["begin", "write inside", "write inside", "roll back"]
    );
}

#[tokio::test]
async fn what_another_transaction_was_in_the_way_of_is_run_again() {
    let journal = Journal::default();
    let context = Context::default();
    let run = workflow(&journal, "twice");
    run.run(&context, Object::new()).await.unwrap();
    let once = ["begin", "write inside", "write inside"];
    let expected = [once.as_slice(), &["roll back"]].concat();
    let expected = [&*expected, &*expected, &once, &["commit"]].concat();
    assert_eq!(journal.read(), expected);
}

#[tokio::test]
async fn inside_another_transaction_a_workflow_joins_it() {
    let journal = Journal::default();
    let inner = workflow(&journal, false).named("inner");
    let outer = Workflow::builder()
        .node("inner", inner)
        .node("last", Write::new(&journal))
        .transactional(Ledger(journal.clone()))
        .build()
        .unwrap();
    outer.run(&Context::default(), Object::new()).await.unwrap();
    let journal = journal.read();
    assert_eq!(
        journal.iter().filter(|what| **what == "begin").count(),
        1,
        "{journal:?}"
    );
    assert_eq!(
        journal
            .iter()
            .filter(|what| **what == "write inside")
            .count(),
        3
    );
    assert_eq!(journal.last(), Some(&"commit"));
}
