use std::cell::RefCell;
use std::fmt::Debug;
use std::sync::Once;

use ::tracing::field::{Field, Visit};
use ::tracing::span::{Attributes, Id, Record};
use ::tracing::{Event, Level, Metadata, Subscriber};

thread_local! {
    static HEARD: RefCell<Option<Heard>> = const { RefCell::new(None) };
}

/// What the house has told a trace on this thread.
#[derive(Default)]
pub(crate) struct Heard {
    /// The fields of each span.
    pub(crate) spans: Vec<String>,
    /// What spans are told later.
    pub(crate) recorded: Vec<String>,
    /// The text of each statement.
    pub(crate) statements: Vec<String>,
    /// What is warned of.
    pub(crate) warnings: Vec<String>,
    /// Every field of every span and event.
    pub(crate) everything: String,
}

/// Listens to this thread from now on, until [`heard`] is called.
///
/// One subscriber serves all tests of the process: with one for each, an event can be lost while
/// another test's comes or goes.
pub(crate) fn listen() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| ::tracing::subscriber::set_global_default(Ear).unwrap());
    HEARD.set(Some(Heard::default()));
}

/// What was told since [`listen`].
pub(crate) fn heard() -> Heard {
    HEARD.take().unwrap()
}

struct Ear;

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("dataflow")
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = Fields(String::new());
        attributes.record(&mut fields);
        note(|heard| {
            heard.everything.push_str(&fields.0);
            heard.spans.push(fields.0);
        });
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        note(|heard| heard.everything.push_str(&fields.0));
        event.record(&mut Statement);
        if *event.metadata().level() == Level::WARN {
            event.record(&mut Warning);
        }
    }

    fn record(&self, _: &Id, record: &Record<'_>) {
        let mut fields = Fields(String::new());
        record.record(&mut fields);
        note(|heard| {
            heard.everything.push_str(&fields.0);
            heard.recorded.push(fields.0);
        });
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn note(add: impl FnOnce(&mut Heard)) {
    HEARD.with_borrow_mut(|heard| heard.as_mut().map(add));
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!("{field}={value:?} "));
    }
}

struct Statement;

impl Visit for Statement {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "db.query.text" {
            note(|heard| heard.statements.push(format!("{value:?}")));
        }
    }
}

struct Warning;

impl Visit for Warning {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            note(|heard| heard.warnings.push(format!("{value:?}")));
        }
    }
}
