//! What an audit trail and row-level security cost whoever writes one row, and whoever reads one by
//! its key, off and on.
//!
//! ```sh
//! cargo bench -p benches --bench guards [PART OF A NAME …]
//! ```
//!
//! PostgreSQL is the server of `TEST_DATABASE_URL`; fresh databases are made on it, whose role is
//! one that policies hold for.

use std::cell::Cell;
use std::sync::Arc;

use benches::people::{Person, runtime};
use benches::race::Race;
use dataflow::node::{Context, Form, Node, Object};
use dataflow::schema::{Field, FieldType};
use dataflow::{DataFlow, Model as _, ModelSchema};
use private_postgres::{Database, test_database_url};
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;

/// How many rows are there before a lap.
const MANY: i64 = 1_000;

/// How many single rows a lap writes or reads.
const SINGLE: i64 = 100;

/// On whose behalf every call is.
const TENANT: &str = "ours";

fn main() {
    let folder = std::env::temp_dir().join(format!("guards-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("there is room for two files");
    let [off, on] = ["off", "on"].map(|name| format!("sqlite://{}", folder.join(name).display()));
    of_database(
        &[
            "sqlite: 100 creates, audit trail",
            "sqlite: 100 updates, audit trail",
            "sqlite: 100 reads by key, audit trail",
        ],
        (&off, person()),
        (&on, audited()),
    );
    let databases = [(); 4].map(|()| Database::create_for_plain_role(&test_database_url()));
    let [off, on, open, kept_apart] = databases.each_ref().map(Database::url);
    of_database(
        &[
            "postgres: 100 creates, audit trail",
            "postgres: 100 updates, audit trail",
            "postgres: 100 reads by key, audit trail",
        ],
        (off, person()),
        (on, audited()),
    );
    of_database(
        &[
            "postgres: 100 creates, row-level security",
            "postgres: 100 updates, row-level security",
            "postgres: 100 reads by key, row-level security",
        ],
        (open, of_tenant()),
        (kept_apart, kept_apart_by_the_database()),
    );
    // What is left stands in a folder for what is left.
    let _ = std::fs::remove_dir_all(&folder);
}

/// The races of one database, by their names.
fn of_database(
    [create, update, read]: &[&'static str; 3],
    off: (&str, ModelSchema),
    on: (&str, ModelSchema),
) {
    let runtime = runtime();
    let [off, on] = [off, on].map(|(url, model)| Caller::open(&runtime, url, model));
    race(create, [&off, &on], Caller::create);
    race(update, [&off, &on], Caller::update);
    race(read, [&off, &on], Caller::read);
}

fn race<'r>(name: &'static str, [off, on]: [&Caller<'r>; 2], lap: fn(&Caller<'r>)) {
    Race::new(name, 15, 1)
        .prepared("off", || off.refill(), || lap(off))
        .prepared("on", || on.refill(), || lap(on))
        .run();
}

fn person() -> ModelSchema {
    Person::schema().clone()
}

fn audited() -> ModelSchema {
    let mut model = person();
    model.audited = true;
    model
}

fn of_tenant() -> ModelSchema {
    let mut model = person();
    let mut team = Field::new("team", FieldType::String);
    team.tenant = true;
    model.fields.to_mut().push(team);
    model
}

fn kept_apart_by_the_database() -> ModelSchema {
    let mut model = of_tenant();
    model.row_level_security = true;
    model
}

/// Whoever calls the operations of one database.
struct Caller<'r> {
    runtime: &'r Runtime,
    database: DataFlow,
    is_audited: bool,
    context: Context,
    next: Cell<i64>,
}

impl<'r> Caller<'r> {
    fn open(runtime: &'r Runtime, url: &str, model: ModelSchema) -> Self {
        let is_audited = model.audited;
        let builder = DataFlow::builder(url).environment([("", ""); 0]);
        let database = builder.schema(model).open();
        let mut context = Context::new(Form::Bytes);
        context.tenant = Some(TENANT.into());
        Self {
            runtime,
            database: database.expect("a fresh database opens"),
            is_audited,
            context,
            next: Cell::new(MANY),
        }
    }

    fn node(&self, verb: &str) -> Arc<dyn Node> {
        let node = self.database.node(&format!("person_{verb}"));
        node.expect("the model is registered")
    }

    /// Leaves [`MANY`] rows, and nothing that a round before wrote down.
    fn refill(&self) {
        let rows: Vec<Json> = (0..MANY).map(|id| row(id).into()).collect();
        let rows = Object::from_iter([("rows".to_owned(), rows.into())]);
        let create = self.node("bulk_create");
        let refill = async {
            let ours = self.database.tenant(TENANT);
            ours.sql("DELETE FROM people").execute().await?;
            create.call(&self.context, rows).await?;
            if self.is_audited {
                ours.sql("DELETE FROM audit_entries").execute().await?;
            }
            Ok::<_, dataflow::Error>(())
        };
        self.runtime.block_on(refill).expect("rows come and go");
    }

    fn call_each(&self, verb: &str, inputs: impl Iterator<Item = Object>) {
        let node = self.node(verb);
        self.runtime.block_on(async {
            for input in inputs {
                let answer = node.call(&self.context, input).await;
                answer.expect("the row is there, or is not yet");
            }
        });
    }

    fn create(&self) {
        let first = self.next.get();
        self.next.set(first + SINGLE);
        self.call_each("create", (first..first + SINGLE).map(row));
    }

    fn update(&self) {
        let changed = |id| {
            Object::from_iter([
                ("id".to_owned(), json!(id)),
                ("age".to_owned(), json!(id % 90 + 1)),
            ])
        };
        self.call_each("update", (0..SINGLE).map(changed));
    }

    fn read(&self) {
        let key = |id: i64| Object::from_iter([("id".to_owned(), json!(id))]);
        self.call_each("read", (0..SINGLE).map(key));
    }
}

/// What is given of the person of a key.
fn row(id: i64) -> Object {
    Object::from_iter([
        ("id".to_owned(), json!(id)),
        ("name".to_owned(), json!(format!("name of {id}"))),
        ("email".to_owned(), json!(format!("{id}@example.org"))),
        ("age".to_owned(), json!(id % 90)),
    ])
}
