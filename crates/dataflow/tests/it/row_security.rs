use std::sync::Arc;

use dataflow::error::{Code, Kind};
use dataflow::node::{Context, Form};
use dataflow::query::count;
use dataflow::{DataFlow, DataFlowBuilder, Filter, Model, Result};
use futures_util::TryStreamExt as _;
use private_postgres::{Database, test_database_url};
use serde_json::{Value as Json, json};

use crate::heard::{heard, listen};
use crate::setup::Setup;

#[derive(Debug, Clone, PartialEq, Model)]
#[model(row_level_security, has_many(notes = Note.folder_id))]
struct Folder {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(tenant)]
    team: String,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(row_level_security, many_to_many(labels = Label, through = Labelled(note_id, label_id)))]
struct Note {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(tenant, column = "order", max_length = 40)]
    team: String,
    #[model(unique)]
    text: String,
    #[model(belongs_to = Folder)]
    folder_id: Option<i64>,
}

/// Everybody's.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(many_to_many(notes = Note, through = Labelled(label_id, note_id)))]
struct Label {
    #[model(primary_key)]
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(row_level_security)]
struct Labelled {
    #[model(primary_key)]
    id: i64,
    #[model(tenant)]
    team: String,
    #[model(belongs_to = Note, on_delete = "cascade")]
    note_id: i64,
    #[model(belongs_to = Label)]
    label_id: String,
}

fn note(id: i64, text: &str) -> Note {
    Note {
        id,
        team: String::new(),
        text: text.to_owned(),
        folder_id: None,
    }
}

/// A database whose role owns its tables, and is no superuser.
fn plain() -> Database {
    Database::create_for_plain_role(&test_database_url())
}

fn builder(url: &str) -> DataFlowBuilder {
    DataFlow::builder(url)
        .environment([("", ""); 0])
        .model::<Folder>()
        .model::<Label>()
        .model::<Note>()
        .model::<Labelled>()
}

/// One row of each model for each of two: 1 is ours, 2 is theirs.
async fn two(builder: DataFlowBuilder) -> (DataFlow, DataFlow, DataFlow) {
    let database = builder.open().unwrap();
    let (ours, theirs) = (database.tenant("ours"), database.tenant("theirs"));
    let label = Label {
        name: "red".to_owned(),
    };
    let labels = database.repository::<Label>().unwrap();
    labels.create(&label).await.unwrap();
    for (id, team) in [(1, &ours), (2, &theirs)] {
        let folder = Folder {
            id,
            team: String::new(),
            name: "top".to_owned(),
        };
        let folders = team.repository::<Folder>().unwrap();
        folders.create(&folder).await.unwrap();
        let inside = Note {
            folder_id: Some(id),
            ..note(id, "plan")
        };
        team.repository::<Note>()
            .unwrap()
            .create(&inside)
            .await
            .unwrap();
        let labelled = Labelled {
            id: 0,
            team: String::new(),
            note_id: id,
            label_id: "red".to_owned(),
        };
        let labelled_notes = team.repository::<Labelled>().unwrap();
        labelled_notes.create(&labelled).await.unwrap();
    }
    (database, ours, theirs)
}

async fn ids(of: &DataFlow) -> Vec<i64> {
    let all = "SELECT id FROM notes ORDER BY id";
    let rows = of.sql(all).fetch::<(i64,)>().await.unwrap();
    let streamed = of.sql(all).stream::<(i64,)>().try_collect::<Vec<_>>();
    assert_eq!(streamed.await.unwrap(), rows, "a stream shows the same");
    rows.into_iter().map(|(id,)| id).collect()
}

async fn call(database: &DataFlow, tenant: Option<&str>, node: &str, input: Json) -> Result<Json> {
    let Json::Object(input) = input else {
        panic!("the input of a node is an object")
    };
    let mut context = Context::new(Form::Value);
    context.tenant = tenant.map(Arc::from);
    let answer = database.node(node)?.call(&context, input).await?;
    Ok(answer.body.into_value())
}

#[tokio::test]
async fn a_statement_without_a_condition_sees_the_rows_of_its_tenant_alone() {
    let server = plain();
    let (database, ours, theirs) = two(builder(server.url()).connection_pool_size(1)).await;
    assert_eq!(ids(&ours).await, [1]);
    assert_eq!(ids(&theirs).await, [2]);
    // Neither is anything left on the one connection.
    assert!(ids(&database).await.is_empty());
    let changed = ours.sql("UPDATE notes SET text = text || '!'");
    assert_eq!(changed.execute().await.unwrap(), 1);
    let written = ours.sql("INSERT INTO labels (name) VALUES ('blue') RETURNING name");
    assert_eq!(
        written
            .execute_returning::<(String,)>()
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(theirs.sql("DELETE FROM notes").execute().await.unwrap(), 1);
    assert_eq!(ids(&ours).await, [1]);
}

#[tokio::test]
async fn a_row_of_another_tenant_is_not_written() {
    let server = plain();
    let (database, ours, _) = two(builder(server.url())).await;
    let refused = |outcome: Result<u64>| {
        let error = outcome.unwrap_err();
        assert_eq!(
            (error.kind(), error.code()),
            (Kind::Forbidden, Code::Forbidden)
        );
    };
    let insert = "INSERT INTO notes (id, \"order\", text) VALUES (9, 'theirs', 'x')";
    refused(ours.sql(insert).execute().await);
    refused(database.sql(insert).execute().await);
    let moved = "UPDATE notes SET \"order\" = 'theirs'";
    refused(ours.sql(moved).execute().await);
    assert_eq!(ids(&ours).await, [1]);
}

#[tokio::test]
async fn every_verb_reaches_the_rows_of_its_tenant_alone() {
    let server = plain();
    let (_, ours, theirs) = two(builder(server.url())).await;
    let notes = ours.repository::<Note>().unwrap();
    assert!(notes.read(&2).await.unwrap_err().is_not_found());
    assert_eq!(notes.read(&1).await.unwrap().team, "ours");
    let many: Vec<Note> = (10..1_010).map(|id| note(id, &format!("{id}"))).collect();
    assert_eq!(notes.bulk_create(&many[..10]).await.unwrap().len(), 10);
    assert_eq!(notes.bulk_load(&many[10..]).await.unwrap(), 990);
    assert_eq!(notes.count(Filter::all()).await.unwrap(), 1_001);
    let changed: Vec<Note> = many[..5].iter().map(|row| note(row.id, "n")).collect();
    let clash = notes.bulk_update(&changed).await.unwrap_err();
    assert_eq!(clash.kind(), Kind::Unique);
    // PostgreSQL tells of no column here, and the constraint does.
    assert!(
        clash
            .faults()
            .iter()
            .any(|fault| fault.pointer == "/1/text")
    );
    let again = notes.bulk_upsert(&many[..5], Note::ID).await.unwrap();
    assert_eq!(again.len(), 5);
    let keys: Vec<i64> = many.iter().map(|row| row.id).collect();
    assert_eq!(notes.bulk_delete(&keys).await.unwrap(), 1_000);

    let stolen = note(2, "other");
    assert!(
        notes
            .upsert(&stolen, Note::ID)
            .await
            .unwrap_err()
            .is_unique()
    );
    let rows = [note(3, "three"), stolen];
    let error = notes.bulk_upsert(&rows, Note::ID).await.unwrap_err();
    assert_eq!(
        (error.kind(), &*error.faults()[0].pointer),
        (Kind::Unique, "/1/id")
    );
    assert!(notes.delete(&2).await.unwrap_err().is_not_found());
    assert_eq!(ids(&theirs).await, [2]);
}

#[tokio::test]
async fn a_filter_changes_and_removes_rows_of_its_tenant_alone() {
    let server = plain();
    let (database, ours, theirs) = two(builder(server.url())).await;
    let notes = ours.repository::<Note>().unwrap();
    notes.create(&note(3, "later")).await.unwrap();
    let moved = [Note::FOLDER_ID.set(None)];
    assert_eq!(notes.update_where(Filter::all(), moved).await.unwrap(), 2);
    let named = Note::FOLDER.is(Folder::NAME.eq("top"));
    let stranger = theirs.repository::<Note>().unwrap();
    assert_eq!(
        stranger.count(named.clone()).await.unwrap(),
        1,
        "theirs stays"
    );
    let stolen = [Note::TEXT.set("stolen")];
    let update = notes.update_where(Note::ID.eq(2), stolen).await;
    assert_eq!(update.unwrap(), 0);
    let astray = [Note::FOLDER_ID.set(Some(2))];
    let error = notes.update_where(Filter::all(), astray).await.unwrap_err();
    assert!(
        error.is_foreign_key(),
        "a folder of theirs is none: {error:?}"
    );

    // In a transaction, and through a node, as well.
    let counts = ours.transaction(async |tx| {
        let inside = tx.repository::<Note>()?;
        let changed = inside
            .update_where(Note::ID.gt(0), [Note::TEXT.set("x")])
            .await;
        let removed = inside.delete_where(Note::ID.gt(1)).await?;
        Ok((changed.is_err(), removed))
    });
    assert!(counts.await.is_err(), "two rows of one text end it");
    let input = json!({"filter": {"id": {"$gt": 1}}});
    let gone = call(&database, Some("ours"), "note_bulk_delete", input.clone()).await;
    assert_eq!(gone.unwrap(), json!({"count": 1}));
    let input = json!({"filter": {"id": 2}, "set": {"text": "mine"}});
    let changed = call(&database, Some("ours"), "note_bulk_update", input).await;
    assert_eq!(changed.unwrap(), json!({"count": 0}));
    assert_eq!(notes.delete_where(Filter::all()).await.unwrap(), 1);
    assert_eq!((ids(&ours).await, ids(&theirs).await), (vec![], vec![2]));
    let kept = stranger.read(&2).await.unwrap();
    assert_eq!((&*kept.text, kept.folder_id), ("plan", Some(2)));
    let nobody = database.repository::<Note>();
    let nobody = nobody.unwrap().delete_where(Filter::all()).await;
    assert!(
        nobody.is_err() || ids(&theirs).await == [2],
        "nobody was named"
    );
}

#[tokio::test]
async fn questions_of_every_kind_are_asked_for_their_tenant() {
    let server = plain();
    let (database, ours, theirs) = two(builder(server.url()).enable_caching(true)).await;
    let notes = ours.repository::<Note>().unwrap();
    let query = || notes.query();
    assert_eq!(query().aggregate(Note::ID.sum()).await.unwrap(), Some(1));
    let groups = query().select(Note::TEXT).groups(count()).await.unwrap();
    assert_eq!(groups.rows, [("plan".to_owned(), 1)]);
    let streamed: Vec<Note> = query().stream().try_collect().await.unwrap();
    assert_eq!(streamed.len(), 1);
    let folders = ours.repository::<Folder>().unwrap();
    let loaded = folders.query().with(Folder::NOTES).list().await.unwrap();
    assert_eq!(loaded.rows[0].1.len(), 1);
    // Rows that are everybody's lead to one's own.
    for (team, id) in [(&ours, 1), (&theirs, 2)] {
        let labels = team.repository::<Label>().unwrap();
        let loaded = labels.query().with(Label::NOTES).list().await.unwrap();
        assert_eq!(loaded.rows[0].1[0].id, id);
        let some = Label::NOTES.some(Note::ID.eq(id));
        assert_eq!(labels.count(some).await.unwrap(), 1);
    }
    let include = json!({"include": {"notes": {}}});
    let listed = call(&database, Some("theirs"), "label_list", include).await;
    assert_eq!(listed.unwrap()[0]["notes"][0]["id"], 2);
    let error = call(&database, None, "note_list", json!({})).await;
    assert_eq!(error.unwrap_err().code(), Code::Tenant);
}

#[tokio::test]
async fn a_transaction_tells_whose_rows_are_meant_by_each_statement() {
    let server = plain();
    let (database, ours, _) = two(builder(server.url())).await;
    let node = database.node("note_list").unwrap();
    let tx = ours.begin().await.unwrap();
    let raw = async |tx: &dataflow::Transaction| {
        let rows = tx.sql("SELECT id FROM notes").fetch::<(i64,)>().await;
        rows.unwrap().iter().map(|row| row.0).collect::<Vec<i64>>()
    };
    assert_eq!(raw(&tx).await, [1]);
    let mut context = Context::new(Form::Value);
    context.scope = Some(tx.scope());
    context.tenant = Some("theirs".into());
    let listed = node.call(&context, Default::default()).await.unwrap();
    assert_eq!(listed.body.into_value()[0]["id"], 2);
    assert_eq!(raw(&tx).await, [1]);
    // What is undone is undone with what the server was told in it.
    let savepoint = tx.savepoint().await.unwrap();
    context.scope = Some(savepoint.scope());
    node.call(&context, Default::default()).await.unwrap();
    savepoint.roll_back().await.unwrap();
    assert_eq!(raw(&tx).await, [1]);
    let savepoint = tx.savepoint().await.unwrap();
    drop(savepoint);
    assert_eq!(raw(&tx).await, [1]);
    tx.commit().await.unwrap();

    let tx = database.begin().await.unwrap();
    context.scope = Some(tx.scope());
    node.call(&context, Default::default()).await.unwrap();
    assert!(raw(&tx).await.is_empty(), "nobody lent it a tenant");
    let notes = tx.repository::<Note>().unwrap();
    assert_eq!(notes.find(&1).await.unwrap_err().code(), Code::Tenant);
}

#[tokio::test]
async fn the_next_user_of_a_connection_inherits_no_tenant() {
    let server = plain();
    let pool = builder(server.url()).connection_pool_size(1);
    let (database, ours, _) = two(pool).await;
    // One that fails, and one that is left in the middle.
    assert!(
        ours.sql("SELECT 1 / (id - 1) FROM notes")
            .execute()
            .await
            .is_err()
    );
    assert!(ids(&database).await.is_empty());
    let slow = ours.sql("SELECT id FROM notes, pg_sleep(10)").execute();
    let left = tokio::time::timeout(std::time::Duration::from_millis(200), slow);
    assert!(left.await.is_err());
    assert!(ids(&database).await.is_empty());
    assert_eq!(ids(&ours).await, [1]);
}

#[tokio::test]
async fn behind_a_pooler_the_tenant_is_told_in_each_transaction() {
    let server = plain();
    let (database, ours, theirs) = two(builder(server.url()).transaction_pooling(true)).await;
    assert_eq!(ids(&ours).await, [1]);
    assert_eq!(ids(&theirs).await, [2]);
    assert!(ids(&database).await.is_empty());
    let notes = ours.repository::<Note>().unwrap();
    let many: Vec<Note> = (10..300).map(|id| note(id, &format!("{id}"))).collect();
    assert_eq!(notes.bulk_load(&many).await.unwrap(), 290);
    assert_eq!(
        notes.bulk_create(&[note(5, "five")]).await.unwrap()[0].team,
        "ours"
    );
}

#[tokio::test]
async fn the_rows_of_all_are_for_a_role_that_bypasses() {
    let server = plain();
    let (database, ..) = two(builder(server.url())).await;
    let all = database.without_tenant_isolation();
    let notes = all.repository::<Note>().unwrap();
    let error = notes.count(Filter::all()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    assert!(error.help().unwrap().contains("BYPASSRLS"), "{error:?}");
    let tx = all.begin().await.unwrap();
    let notes = tx.repository::<Note>().unwrap();
    assert!(notes.count(Filter::all()).await.is_err());
    drop(tx);

    listen();
    let superuser = builder(server.superuser_url()).open().unwrap();
    let all = superuser.without_tenant_isolation();
    let notes = all.repository::<Note>().unwrap();
    assert_eq!(notes.count(Filter::all()).await.unwrap(), 2);
    assert_eq!(
        ids(&superuser.tenant("ours")).await,
        [1, 2],
        "it holds for no superuser"
    );
    let told = heard().warnings;
    let is_told = |text: &&String| text.contains("row-level security does not hold");
    assert_eq!(told.iter().filter(is_told).count(), 1, "{told:?}");
}

#[tokio::test]
async fn a_database_that_cannot_do_it_refuses_by_name() {
    let setup = Setup::sqlite();
    let builder = setup.builder().model::<by_number::Small>();
    let error = builder.open().unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    let told = format!("{error:?}");
    assert!(
        told.contains("Small") && told.contains("row_level_security"),
        "{told}"
    );
}

mod by_number {
    #[derive(Debug, Clone, PartialEq, dataflow::Model)]
    #[model(row_level_security)]
    pub(super) struct Small {
        #[model(primary_key)]
        pub(super) id: i64,
        #[model(tenant)]
        pub(super) account: i16,
    }
}

mod by_uuid {
    #[derive(Debug, Clone, PartialEq, dataflow::Model)]
    #[model(row_level_security)]
    pub(super) struct Owned {
        #[model(primary_key)]
        pub(super) id: i64,
        #[model(tenant)]
        pub(super) account: uuid::Uuid,
    }
}

#[tokio::test]
async fn a_tenant_of_any_type_is_compared_as_its_column_is() {
    use by_number::Small;
    use by_uuid::Owned;
    let server = plain();
    let open = |builder: DataFlowBuilder| builder.environment([("", ""); 0]).open().unwrap();
    let database = open(DataFlow::builder(server.url()).model::<Small>());
    let seven = database.tenant("7");
    let row = Small { id: 0, account: 0 };
    let made = seven.repository::<Small>().unwrap().create(&row).await;
    assert_eq!(made.unwrap().account, 7);
    let rows = seven.sql("SELECT id FROM smalls").fetch::<(i64,)>().await;
    assert_eq!(rows.unwrap().len(), 1);
    let rows = database
        .sql("SELECT id FROM smalls")
        .fetch::<(i64,)>()
        .await;
    assert_eq!(rows.unwrap().len(), 0);

    let server = plain();
    let database = open(DataFlow::builder(server.url()).model::<Owned>());
    let account = uuid::Uuid::now_v7();
    let one = database.tenant(account.to_string());
    let row = Owned { id: 0, account };
    assert_eq!(
        one.repository::<Owned>()
            .unwrap()
            .create(&row)
            .await
            .unwrap()
            .account,
        account
    );
    let rows = one.sql("SELECT id FROM owneds").fetch::<(i64,)>().await;
    assert_eq!(rows.unwrap().len(), 1);
}
