use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use ::tracing::field::{Field, Visit};
use ::tracing::span::{Attributes, Id, Record};
use ::tracing::{Event, Metadata, Subscriber};
use dataflow::Filter;

use crate::models::Country;
use crate::setup::Setup;

on_every_database! {
    an_operation_has_a_span_with_names_and_no_values
}

/// Notes the fields of each span of the house.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<String>>>);

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target().starts_with("dataflow")
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = Fields(String::new());
        attributes.record(&mut fields);
        let mut spans = self.0.lock().unwrap();
        spans.push(fields.0);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!("{field}={value:?} "));
    }
}

async fn an_operation_has_a_span_with_names_and_no_values(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let spans = Spans::default();
    let seen = spans.0.clone();
    let _guard = ::tracing::subscriber::set_default(spans);
    countries
        .create(&Country::new("it", "Italy"))
        .await
        .unwrap();
    countries.count(Filter::all()).await.unwrap();
    let system = if setup.is_sqlite() {
        "sqlite"
    } else {
        "postgresql"
    };
    let expected = |operation: &str| {
        format!(
            "db.system.name={system:?} db.collection.name=\"countries\" \
             db.operation.name={operation:?} "
        )
    };
    assert_eq!(
        *seen.lock().unwrap(),
        [expected("create"), expected("count")]
    );
}
