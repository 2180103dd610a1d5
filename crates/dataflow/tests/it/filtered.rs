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
    columns_that_are_not_named_are_left_alone
    those_who_add_at_once_lose_nothing
    a_sum_keeps_the_rules_and_the_width_of_its_field
    what_is_not_given_is_refused_and_changes_nothing
    every_row_of_a_filter_is_changed_and_counted
    a_filter_reaches_no_row_of_strangers_and_none_that_was_deleted
    what_is_written_points_at_rows_of_ones_own
    hooks_and_trail_see_each_row_of_a_filter
    what_a_hook_refuses_has_happened_to_no_row
    what_is_kept_is_forgotten
    a_transaction_has_them_too
    nodes_take_a_filter_and_ask_for_a_word_where_it_tests_nothing
    nodes_add_to_rows_one_way_each
    which_way_a_field_goes_holds_here_too
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

async fn columns_that_are_not_named_are_left_alone(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    let before = tasks.read(&1).await.unwrap();
    let changes = [Task::STATE.set("done"), Task::HOURS.set(Some(1.5))];
    let after = tasks.update_fields(&1, changes).await.unwrap();
    assert!(after.updated_at > before.updated_at);
    let expected = Task {
        state: "done".to_owned(),
        hours: Some(1.5),
        version: 2,
        updated_at: after.updated_at,
        ..before
    };
    assert_eq!(after, expected);
    let null = [Task::HOURS.set(None)];
    assert_eq!(tasks.update_fields(&1, null).await.unwrap().hours, None);

    // Nothing to change is no change, and a row that is not there is not found.
    let same = tasks.update_fields(&1, []).await.unwrap();
    assert_eq!(same.version, 3);
    for out_of_reach in [4, 5, 6] {
        let change = [Task::STATE.set("done")];
        let error = tasks.update_fields(&out_of_reach, change).await;
        assert!(error.unwrap_err().is_not_found());
    }
}

async fn those_who_add_at_once_lose_nothing(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    let add = |_| tasks.update_fields(&1, [Task::POINTS.add(2), Task::HOURS.add(0.5)]);
    for added in join_all((0..20).map(add)).await {
        added.unwrap();
    }
    let task = tasks.read(&1).await.unwrap();
    assert_eq!((task.points, task.version), (50, 21));
    assert_eq!(task.hours, None, "a null stays null");
    let less = tasks.update_fields(&1, [Task::POINTS.add(-50)]).await;
    assert_eq!(less.unwrap().points, 0);
}

async fn a_sum_keeps_the_rules_and_the_width_of_its_field(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    for points in [91, -11, i16::MAX] {
        let error = tasks.update_fields(&1, [Task::POINTS.add(points)]).await;
        assert!(error.unwrap_err().is_invalid(), "{points}");
        let every = Filter::all();
        let error = tasks.update_where(every, [Task::POINTS.add(points)]).await;
        assert!(error.unwrap_err().is_invalid(), "{points}");
    }
    assert_eq!(tasks.read(&1).await.unwrap().points, 10);
    let shelves = database.repository::<Shelf>().unwrap();
    let name = "full".to_owned();
    let full = Shelf {
        name: name.clone(),
        books: i64::MAX,
    };
    shelves.create(&full).await.unwrap();
    let error = shelves.update_fields(&name, [Shelf::BOOKS.add(1)]).await;
    assert!(error.unwrap_err().is_invalid());
    assert_eq!(shelves.read(&name).await.unwrap(), full);

    // A function cannot be asked of what the database comes to.
    let error = tasks.update_fields(&1, [Task::PAIRS.add(2)]).await;
    assert_eq!(faults(&error.unwrap_err()), [("/pairs", FaultCode::Rule)]);
    let odd = tasks.update_fields(&1, [Task::PAIRS.set(3)]).await;
    assert_eq!(faults(&odd.unwrap_err()), [("/pairs", FaultCode::Rule)]);
}

async fn what_is_not_given_is_refused_and_changes_nothing(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    let changes = || {
        [
            Task::ID.set(9),
            Task::TEAM.set("theirs"),
            Task::VERSION.add(1),
            Task::UPDATED_AT.set(DateTime::UNIX_EPOCH),
            Task::PARENT_ID.add(1),
            Task::POINTS.set(1),
            Task::POINTS.add(1),
        ]
    };
    let refused = [
        ("/id", FaultCode::Generated),
        ("/team", FaultCode::Generated),
        ("/version", FaultCode::Generated),
        ("/updated_at", FaultCode::Generated),
        ("/parent_id", FaultCode::Type),
        ("/points", FaultCode::Unknown),
    ];
    let error = tasks.update_fields(&1, changes()).await.unwrap_err();
    assert_eq!(faults(&error), refused);
    let error = tasks.update_where(Task::ID.eq(1), changes()).await;
    assert_eq!(faults(&error.unwrap_err()), refused);
    let error = tasks.update_where(Filter::all(), [Task::STATE.set("far too long")]);
    assert_eq!(
        faults(&error.await.unwrap_err()),
        [("/state", FaultCode::Range)]
    );
    assert_eq!(tasks.read(&1).await.unwrap().version, 1);
    let other = Filter::all().and_equal(Seat::schema(), "taken", Value::Bool(true));
    let error = tasks.delete_where(other.unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Malformed, "a filter of another model");
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

/// Closes what is voted out, and keeps what is dear.
struct Desk;

impl Hooks<Ticket> for Desk {
    async fn before_write(
        &self,
        _: &Transaction,
        _: Occasion,
        tickets: &mut [Draft<Ticket>],
    ) -> Result<()> {
        for ticket in tickets {
            if ticket.added(Ticket::VOTES)? == Some(-1) {
                ticket.set(Ticket::OPEN, false)?;
            }
            if ticket.key()?.as_deref() == Some("dear") && ticket.get(Ticket::OPEN)? == Some(false)
            {
                return Err(ticket.refusal(Ticket::OPEN, "stays open"));
            }
        }
        Ok(())
    }

    async fn before_delete(&self, _: &Transaction, names: &[String]) -> Result<()> {
        match names.iter().any(|name| name == "dear") {
            true => Err(Error::new(Kind::Forbidden, "it is dear")),
            false => Ok(()),
        }
    }
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

async fn hooks_and_trail_see_each_row_of_a_filter(setup: Setup) {
    let database = builder(&setup).hooks::<Ticket>(Desk).open().unwrap();
    let tickets = tickets(&database, &["a", "b", "c"]).await;
    let some = || Ticket::NAME.is_in(["a", "b"]);
    let votes = |votes| [Ticket::VOTES.add(votes)];
    assert_eq!(tickets.update_where(some(), votes(1)).await.unwrap(), 2);
    assert_eq!(tickets.update_where(some(), votes(-1)).await.unwrap(), 2);
    let a = tickets.read(&"a".to_owned()).await.unwrap();
    assert_eq!((a.open, a.votes), (false, 0));
    let again = tickets.update_fields(&a.name, votes(-1)).await.unwrap();
    assert_eq!((again.open, again.votes), (false, -1));
    assert_eq!(tickets.delete_where(some()).await.unwrap(), 2);
    let none = tickets.delete_where(some()).await.unwrap();
    assert_eq!(none, 0);

    let trail = database.audit().unwrap().limit(1_000).list().await.unwrap();
    let of = |verb| {
        let entries = trail.rows.iter().filter(|entry| entry.verb == verb);
        entries
            .filter(|entry| entry.caller.as_deref() == Some("ann"))
            .count()
    };
    let counts = [AuditVerb::Create, AuditVerb::Update, AuditVerb::Delete].map(of);
    assert_eq!(counts, [3, 5, 2]);
}

async fn what_a_hook_refuses_has_happened_to_no_row(setup: Setup) {
    let database = builder(&setup).hooks::<Ticket>(Desk).open().unwrap();
    let tickets = tickets(&database, &["a", "dear"]).await;
    let close = [Ticket::OPEN.set(false)];
    let error = tickets
        .update_where(Filter::all(), close)
        .await
        .unwrap_err();
    assert_eq!(faults(&error), [("/open", FaultCode::Rule)]);
    let error = tickets.delete_where(Filter::all()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Forbidden);
    let open = tickets.count(Ticket::OPEN.eq(true)).await.unwrap();
    assert_eq!(open, 2);
    assert_eq!(
        database.audit().unwrap().count().await.unwrap(),
        2,
        "that they were created"
    );
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

/// Calls a node for our team.
async fn ask(database: &DataFlow, node: &str, input: Json) -> Result<Json> {
    let Json::Object(input) = input else {
        panic!("the input of a node is an object")
    };
    let mut context = Context::new(Form::Value);
    context.tenant = Some("ours".into());
    let answer = database.node(node)?.call(&context, input).await?;
    Ok(answer.body.into_value())
}

async fn nodes_take_a_filter_and_ask_for_a_word_where_it_tests_nothing(setup: Setup) {
    let compiled = builder(&setup).open().unwrap();
    tasks(&compiled).await;
    drop(compiled);
    // The same models, known as data.
    let document = [Task::schema(), Step::schema()].map(|schema| {
        serde_json::from_value::<ModelSchema>(serde_json::to_value(schema).unwrap()).unwrap()
    });
    let [task, step] = document;
    let database = setup.builder().schema(task).schema(step).open().unwrap();
    let set = json!({"state": "busy", "add": {"points": 5}});
    let input = json!({"filter": {"state": "new"}, "set": set});
    let answer = ask(&database, "task_bulk_update", input).await.unwrap();
    assert_eq!(answer, json!({"count": 2}));
    let row = ask(&database, "task_read", json!({"id": 1})).await.unwrap();
    assert_eq!(
        (&row["state"], &row["points"]),
        (&json!("busy"), &json!(15))
    );

    let refused = [
        (json!({"set": {"state": "x"}}), "/rows", FaultCode::Required),
        (
            json!({"filter": {}, "set": {"state": "x"}}),
            "/filter",
            FaultCode::Required,
        ),
        (
            json!({"filter": {"$or": [{}, {"id": 1}]}, "set": {"state": "x"}}),
            "/filter",
            FaultCode::Required,
        ),
        (
            json!({"filter": {"id": 1}, "all": true, "set": {"state": "x"}}),
            "/filter",
            FaultCode::Unknown,
        ),
        (json!({"all": true}), "/set", FaultCode::Required),
        (json!({"all": true, "set": {}}), "/set", FaultCode::Range),
        (
            json!({"all": true, "set": {"id": 1}}),
            "/set/id",
            FaultCode::Generated,
        ),
        (
            json!({"all": true, "set": {"add": {"points": null}}}),
            "/set/add/points",
            FaultCode::Required,
        ),
        (
            json!({"all": true, "set": {"state": "far too long"}}),
            "/set/state",
            FaultCode::Range,
        ),
    ];
    for (input, pointer, code) in refused {
        let error = ask(&database, "task_bulk_update", input.clone()).await;
        assert_eq!(faults(&error.unwrap_err()), [(pointer, code)], "{input}");
    }
    let error = ask(&database, "task_bulk_delete", json!({"filter": null})).await;
    assert_eq!(faults(&error.unwrap_err()), [("/ids", FaultCode::Required)]);
    let one = json!({"filter": {"id": 1}});
    let answer = ask(&database, "task_bulk_delete", one).await.unwrap();
    assert_eq!(answer, json!({"count": 1}));
    let all = json!({"all": true});
    let answer = ask(&database, "task_bulk_delete", all).await.unwrap();
    assert_eq!(answer, json!({"count": 2}));
    let left = setup.sql("SELECT count(*) FROM tasks WHERE deleted_at IS NULL");
    assert_eq!(left.as_deref(), Some("1"), "theirs");
}

async fn nodes_add_to_rows_one_way_each(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    tasks(&database).await;
    let input = database.node("task_update").unwrap();
    let input = Json::from(input.descriptor().input().clone());
    let summands = &input["properties"]["add"]["properties"];
    let names: Vec<&String> = summands.as_object().unwrap().keys().collect();
    assert_eq!(names, ["points", "hours"]);

    let change = json!({"id": 1, "state": "busy", "add": {"points": 5}});
    let row = ask(&database, "task_update", change).await.unwrap();
    assert_eq!(
        (&row["state"], &row["points"]),
        (&json!("busy"), &json!(15))
    );
    let rows = json!({"rows": [
        {"id": 1, "add": {"points": 1}},
        {"id": 2, "add": {"points": 2}, "hours": 1.5},
        {"id": 3, "state": "new"},
    ]});
    let rows = ask(&database, "task_bulk_update", rows).await.unwrap();
    let points: Vec<&Json> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["points"])
        .collect();
    assert_eq!(points, [16, 22, 30]);

    let both = json!({"rows": [{"id": 1, "points": 1}, {"id": 2, "add": {"points": 2}}]});
    let error = ask(&database, "task_bulk_update", both).await.unwrap_err();
    assert_eq!(faults(&error), [("/rows/1/add/points", FaultCode::Unknown)]);
    let both = json!({"id": 1, "points": 1, "add": {"points": 1, "state": 1, "pairs": 2}});
    let error = ask(&database, "task_update", both).await.unwrap_err();
    let expected = [
        ("/add/points", FaultCode::Unknown),
        ("/add/state", FaultCode::Type),
        ("/add/pairs", FaultCode::Rule),
    ];
    assert_eq!(faults(&error), expected);

    let upsert = json!({
        "id": 1, "state": "new", "points": 1, "pairs": 0,
        "on_conflict": {"add": {"points": 4}},
    });
    let row = ask(&database, "task_upsert", upsert).await.unwrap();
    assert_eq!(
        (&row["state"], &row["points"]),
        (&json!("busy"), &json!(20))
    );
}

async fn which_way_a_field_goes_holds_here_too(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    let inputs = [
        (json!({"seen": 1}), "/set/seen"),
        (json!({"add": {"seen": 1}}), "/set/add/seen"),
    ];
    for (set, pointer) in inputs {
        let input = json!({"all": true, "set": set});
        let error = ask(&database, "task_bulk_update", input).await.unwrap_err();
        assert_eq!(faults(&error), [(pointer, FaultCode::ReadOnly)]);
    }
    // Code is on the trusted side.
    let seen = tasks.update_fields(&1, [Task::SEEN.add(1)]).await.unwrap();
    assert_eq!(seen.seen, 1);
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
