// Some columns of one row, and what is added to them.
mod fields;
// The same over JSON.
mod nodes;
// What hooks and the audit trail see of it.
mod watched;

use chrono::{DateTime, Utc};
use dataflow::error::{Code, FaultCode, Kind};
use dataflow::node::{Context, Form, Node as _};
use dataflow::{
    AuditVerb, DataFlow, DataFlowBuilder, Draft, Error, Filter, Hooks, Model, ModelSchema,
    Occasion, Repository, Result, Transaction, Value,
};
use futures_util::future::join_all;
use serde_json::{Value as Json, json};

use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    every_row_of_a_filter_is_changed_and_counted
    a_filter_reaches_no_row_of_strangers_and_none_that_was_deleted
    what_is_written_points_at_rows_of_ones_own
    what_is_kept_is_forgotten
    a_transaction_has_them_too
    rows_of_several_keys_are_found_by_a_filter
    what_points_at_a_row_keeps_it
}

/// A bit of everything that a model can declare.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(has_many(steps = Step.task_id))]
struct Task {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(tenant)]
    team: String,
    #[model(max_length = 8)]
    state: String,
    #[model(min = 0, max = 100)]
    points: i16,
    hours: Option<f64>,
    #[model(validate = is_even)]
    pairs: i64,
    #[model(belongs_to = Task)]
    parent_id: Option<i64>,
    #[model(read_only, default = 0)]
    seen: i32,
    #[model(updated_at)]
    updated_at: DateTime<Utc>,
    #[model(version)]
    version: i64,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

fn is_even(number: &i64) -> Result<(), &'static str> {
    match number % 2 {
        0 => Ok(()),
        _ => Err("comes in twos"),
    }
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Step {
    #[model(primary_key)]
    id: i64,
    #[model(tenant)]
    team: String,
    #[model(belongs_to = Task)]
    task_id: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(audit)]
struct Ticket {
    #[model(primary_key)]
    name: String,
    open: bool,
    #[model(sensitive)]
    votes: i32,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Seat {
    #[model(primary_key)]
    row: String,
    #[model(primary_key)]
    number: i32,
    taken: bool,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Shelf {
    #[model(primary_key)]
    name: String,
    books: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Book {
    #[model(primary_key)]
    name: String,
    #[model(belongs_to = Shelf)]
    shelf_name: String,
}

fn task(id: i64, state: &str, points: i16) -> Task {
    Task {
        id,
        team: String::new(),
        state: state.to_owned(),
        points,
        hours: None,
        pairs: 2,
        parent_id: None,
        seen: 0,
        updated_at: DateTime::UNIX_EPOCH,
        version: 0,
        deleted_at: None,
    }
}

fn builder(setup: &Setup) -> DataFlowBuilder {
    let builder = setup.builder().model::<Task>().model::<Step>();
    let builder = builder.model::<Ticket>().model::<Seat>();
    builder.model::<Shelf>().model::<Book>()
}

/// Tasks 1 to 4 of our team, of which 4 was deleted, and 5 of theirs.
async fn tasks(database: &DataFlow) -> Repository<Task> {
    let ours = database.tenant("ours").repository::<Task>().unwrap();
    let new = [
        task(1, "new", 10),
        task(2, "new", 20),
        task(3, "done", 30),
        task(4, "new", 40),
    ];
    ours.bulk_create(&new).await.unwrap();
    ours.delete(&4).await.unwrap();
    let theirs = database.tenant("theirs").repository::<Task>().unwrap();
    theirs.create(&task(5, "new", 50)).await.unwrap();
    ours
}

async fn stored(database: &DataFlow, id: i64) -> Task {
    let all = database.without_tenant_isolation();
    let all = all.repository::<Task>().unwrap();
    let query = all.query().with_deleted().filter(Task::ID.eq(id));
    query.first().await.unwrap().unwrap()
}

fn faults(error: &Error) -> Vec<(&str, FaultCode)> {
    let faults = error.faults().iter();
    faults.map(|fault| (&*fault.pointer, fault.code)).collect()
}

async fn every_row_of_a_filter_is_changed_and_counted(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    let before = tasks.read(&1).await.unwrap();
    let new = || Task::STATE.eq("new").and(Task::POINTS.lt(100));
    let changes = [Task::STATE.set("busy"), Task::POINTS.add(5)];
    assert_eq!(tasks.update_where(new(), changes).await.unwrap(), 2);
    let after = tasks.read(&1).await.unwrap();
    assert_eq!(
        (&*after.state, after.points, after.version),
        ("busy", 15, 2)
    );
    assert!(after.updated_at > before.updated_at);
    assert_eq!(tasks.read(&3).await.unwrap().version, 1);
    let changes = [Task::STATE.set("lost")];
    assert_eq!(tasks.update_where(new(), changes).await.unwrap(), 0);
    assert_eq!(tasks.update_where(Filter::all(), []).await.unwrap(), 0);

    // One version of a row.
    let first = Task::ID.eq(1).and(Task::VERSION.eq(1));
    let changes = [Task::STATE.set("lost")];
    assert_eq!(tasks.update_where(first, changes).await.unwrap(), 0);

    // What relations lead to may decide.
    let steps = database.tenant("ours").repository::<Step>().unwrap();
    let step = Step {
        id: 0,
        team: String::new(),
        task_id: 2,
    };
    steps.create(&step).await.unwrap();
    let stepped = || Task::STEPS.some(Step::ID.gt(0));
    let changes = [Task::STATE.set("begun")];
    assert_eq!(tasks.update_where(stepped(), changes).await.unwrap(), 1);
    assert_eq!(tasks.read(&2).await.unwrap().state, "begun");
    assert_eq!(tasks.delete_where(stepped()).await.unwrap(), 1);
    assert!(tasks.read(&2).await.unwrap_err().is_not_found());
}

async fn a_filter_reaches_no_row_of_strangers_and_none_that_was_deleted(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    let changes = || [Task::STATE.set("all")];
    assert_eq!(
        tasks.update_where(Filter::all(), changes()).await.unwrap(),
        3
    );
    assert_eq!(tasks.delete_where(Filter::all()).await.unwrap(), 3);
    let deleted = stored(&database, 1).await;
    assert_eq!((deleted.deleted_at.is_some(), deleted.version), (true, 3));
    assert_eq!(stored(&database, 4).await.state, "new");
    let theirs = stored(&database, 5).await;
    assert_eq!((&*theirs.state, theirs.deleted_at), ("new", None));

    let nobody = database.repository::<Task>().unwrap();
    let error = nobody.update_where(Filter::all(), changes()).await;
    assert_eq!(error.unwrap_err().code(), Code::Tenant);
    let error = nobody.delete_where(Filter::all()).await.unwrap_err();
    assert_eq!(error.code(), Code::Tenant);

    let all = database.without_tenant_isolation();
    let all = all.repository::<Task>().unwrap();
    let moved = [Task::TEAM.set("ours")];
    assert_eq!(all.update_where(Task::ID.eq(5), moved).await.unwrap(), 1);
    assert_eq!(tasks.count(Filter::all()).await.unwrap(), 1);
}

async fn what_is_written_points_at_rows_of_ones_own(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    let changes = |parent| [Task::PARENT_ID.set(Some(parent))];
    for parent in [5, 6] {
        let error = tasks.update_where(Filter::all(), changes(parent)).await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), Kind::ForeignKey);
        assert_eq!(faults(&error), [("/parent_id", FaultCode::Reference)]);
        let error = tasks.update_fields(&1, changes(parent)).await;
        assert_eq!(error.unwrap_err().kind(), Kind::ForeignKey);
    }
    assert_eq!(
        tasks
            .update_where(Task::ID.gt(1), changes(1))
            .await
            .unwrap(),
        2
    );
}

fn ticket(name: &str) -> Ticket {
    Ticket {
        name: name.to_owned(),
        open: true,
        votes: 0,
    }
}

async fn tickets(database: &DataFlow, names: &[&str]) -> Repository<Ticket> {
    let tickets = database.caller("ann").repository::<Ticket>().unwrap();
    let new: Vec<Ticket> = names.iter().map(|name| ticket(name)).collect();
    tickets.bulk_create(&new).await.unwrap();
    tickets
}

async fn what_is_kept_is_forgotten(setup: Setup) {
    let database = builder(&setup).enable_caching(true).open().unwrap();
    let tasks = tasks(&database).await;
    assert_eq!(tasks.read(&1).await.unwrap().points, 10);
    let changes = [Task::POINTS.add(1)];
    tasks.update_where(Task::ID.eq(1), changes).await.unwrap();
    assert_eq!(tasks.read(&1).await.unwrap().points, 11);
    tasks.delete_where(Task::ID.eq(1)).await.unwrap();
    assert!(tasks.read(&1).await.unwrap_err().is_not_found());
}

async fn a_transaction_has_them_too(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    let tickets = tickets(&database, &["a"]).await;
    let undone: Result<()> = database
        .tenant("ours")
        .transaction(async |tx| {
            let tasks = tx.repository::<Task>()?;
            let changes = [Task::POINTS.add(1)];
            assert_eq!(tasks.update_where(Filter::all(), changes).await?, 3);
            assert_eq!(tasks.delete_where(Task::ID.eq(1)).await?, 1);
            assert_eq!(tasks.count(Filter::all()).await?, 2);
            let tickets = tx.repository::<Ticket>()?;
            let votes = [Ticket::VOTES.add(1)];
            assert_eq!(tickets.update_where(Filter::all(), votes).await?, 1);
            assert_eq!(tickets.delete_where(Filter::all()).await?, 1);
            Err(Error::new(Kind::Invalid, "undone"))
        })
        .await;
    assert_eq!(undone.unwrap_err().to_string(), "undone");
    assert_eq!(tasks.read(&1).await.unwrap().points, 10);
    assert_eq!(tickets.read(&"a".to_owned()).await.unwrap(), ticket("a"));
}

async fn rows_of_several_keys_are_found_by_a_filter(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let seats = database.repository::<Seat>().unwrap();
    let seat = |row: &str, number| Seat {
        row: row.to_owned(),
        number,
        taken: false,
    };
    let new = [seat("a", 1), seat("a", 2), seat("b", 1)];
    seats.bulk_create(&new).await.unwrap();
    let taken = [Seat::TAKEN.set(true)];
    assert_eq!(
        seats.update_where(Seat::ROW.eq("a"), taken).await.unwrap(),
        2
    );
    let key = ("b".to_owned(), 1);
    let taken = seats.update_fields(&key, [Seat::TAKEN.set(true)]).await;
    assert!(taken.unwrap().taken);
    let input = json!({"filter": {"taken": true, "number": 1}});
    let answer = call(&database, "seat_bulk_delete", input).await.unwrap();
    assert_eq!(answer, json!({"count": 2}));
}

async fn what_points_at_a_row_keeps_it(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let shelves = database.repository::<Shelf>().unwrap();
    let books = database.repository::<Book>().unwrap();
    for name in ["low", "high"] {
        let name = name.to_owned();
        shelves.create(&Shelf { name, books: 0 }).await.unwrap();
    }
    let book = Book {
        name: "atlas".to_owned(),
        shelf_name: "low".to_owned(),
    };
    books.create(&book).await.unwrap();
    let error = shelves.delete_where(Filter::all()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::ForeignKey);
    assert_eq!(shelves.count(Filter::all()).await.unwrap(), 2);
    let nowhere = [Book::SHELF_NAME.set("none")];
    let error = books
        .update_where(Filter::all(), nowhere)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::ForeignKey);
    assert_eq!(faults(&error), [("/shelf_name", FaultCode::Reference)]);
}
