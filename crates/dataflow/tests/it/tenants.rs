use std::sync::Arc;

use chrono::{DateTime, Utc};
use dataflow::error::Code;
use dataflow::node::{Context, Form, Source as _};
use dataflow::query::count;
use dataflow::{DataFlow, Filter, Model, Result};
use futures_util::TryStreamExt as _;
use serde_json::{Value as Json, json};

use crate::setup::Setup;

mod kinds;
mod relations;
mod told;
mod verbs;

on_every_database! {
    new_rows_belong_to_whoever_writes_them
    queries_of_every_kind_give_own_rows_alone
    what_is_unique_is_so_within_a_tenant
    an_upsert_finds_own_rows_alone
    a_cursor_of_one_tenant_gives_another_nothing
    what_is_cached_for_one_is_not_given_to_another
    a_transaction_is_of_the_tenant_that_it_was_begun_for
    a_scope_does_not_lend_its_tenant
    whoever_administers_says_whose_rows_are_meant
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(has_many(files = File.folder_id))]
pub(crate) struct Folder {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(tenant)]
    team: String,
    #[model(unique)]
    name: String,
    #[model(belongs_to = Folder, relation = "parent")]
    parent_id: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(many_to_many(labels = Label, through = Labelled(file_id, label_id)))]
pub(crate) struct File {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(tenant, column = "owner")]
    team: String,
    #[model(unique)]
    name: String,
    size: i64,
    #[model(belongs_to = Folder)]
    folder_id: Option<i64>,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

/// Everybody's; the files that bear one are not.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(many_to_many(files = File, through = Labelled(label_id, file_id)))]
pub(crate) struct Label {
    #[model(primary_key)]
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
pub(crate) struct Labelled {
    #[model(primary_key)]
    id: i64,
    #[model(tenant)]
    team: String,
    #[model(belongs_to = File, on_delete = "cascade")]
    file_id: i64,
    #[model(belongs_to = Label)]
    label_id: String,
}

fn folder(id: i64, name: &str) -> Folder {
    Folder {
        id,
        team: String::new(),
        name: name.to_owned(),
        parent_id: None,
    }
}

fn file(id: i64, name: &str) -> File {
    File {
        id,
        team: String::new(),
        name: name.to_owned(),
        size: 1,
        folder_id: None,
        deleted_at: None,
    }
}

fn builder(setup: &Setup) -> dataflow::DataFlowBuilder {
    setup
        .builder()
        .model::<Folder>()
        .model::<Label>()
        .model::<File>()
        .model::<Labelled>()
}

/// A folder, a file and its label for each of two: 1 is ours, 2 is theirs.
async fn two(setup: &Setup) -> (DataFlow, DataFlow, DataFlow) {
    fill(builder(setup).open().unwrap()).await
}

async fn fill(database: DataFlow) -> (DataFlow, DataFlow, DataFlow) {
    let (ours, theirs) = (database.tenant("ours"), database.tenant("theirs"));
    let label = Label {
        name: "red".to_owned(),
    };
    database
        .repository::<Label>()
        .unwrap()
        .create(&label)
        .await
        .unwrap();
    for (id, team) in [(1, &ours), (2, &theirs)] {
        let folders = team.repository::<Folder>().unwrap();
        folders.create(&folder(id, "top")).await.unwrap();
        let files = team.repository::<File>().unwrap();
        let inside = File {
            folder_id: Some(id),
            ..file(id, "plan")
        };
        files.create(&inside).await.unwrap();
        let labelled = Labelled {
            id: 0,
            team: String::new(),
            file_id: id,
            label_id: "red".to_owned(),
        };
        team.repository::<Labelled>()
            .unwrap()
            .create(&labelled)
            .await
            .unwrap();
    }
    (database, ours, theirs)
}

/// Calls a node on behalf of a tenant, or of none.
async fn call(database: &DataFlow, tenant: Option<&str>, node: &str, input: Json) -> Result<Json> {
    let Json::Object(input) = input else {
        panic!("the input of a node is an object")
    };
    let mut context = Context::new(Form::Value);
    context.tenant = tenant.map(Arc::from);
    let answer = database.node(node)?.call(&context, input).await?;
    Ok(answer.body.into_value())
}

fn names_no_tenant(outcome: Result<impl std::fmt::Debug>) {
    assert_eq!(outcome.unwrap_err().code(), Code::Tenant);
}

async fn new_rows_belong_to_whoever_writes_them(setup: Setup) {
    let (database, ours, _) = two(&setup).await;
    let files = ours.repository::<File>().unwrap();
    let claimed = File {
        team: "theirs".to_owned(),
        ..file(3, "three")
    };
    assert_eq!(files.create(&claimed).await.unwrap().team, "ours");
    let more = [file(4, "four"), file(5, "five")];
    let more = files.bulk_create(&more).await.unwrap();
    assert!(more.iter().all(|file| file.team == "ours"));
    assert_eq!(files.bulk_load(&[file(6, "six")]).await.unwrap(), 1);
    assert_eq!(files.read(&6).await.unwrap().team, "ours");
    let moved = File {
        team: "theirs".to_owned(),
        size: 9,
        ..file(3, "three")
    };
    let updated = files.update(&moved).await.unwrap();
    assert_eq!((&*updated.team, updated.size), ("ours", 9));
    let claimed = json!({"id": 7, "team": "theirs", "name": "seven", "size": 1});
    let error = call(&database, Some("ours"), "file_create", claimed)
        .await
        .unwrap_err();
    assert_eq!(error.faults()[0].pointer, "/team");
}

async fn queries_of_every_kind_give_own_rows_alone(setup: Setup) {
    let (database, ours, _) = two(&setup).await;
    let files = ours.repository::<File>().unwrap();
    let query = || files.query();
    assert_eq!(query().list().await.unwrap().rows.len(), 1);
    assert_eq!(query().with_deleted().count().await.unwrap(), 1);
    assert_eq!(query().only_deleted().count().await.unwrap(), 0);
    let either = query().filter(File::ID.gt(0).or(File::ID.lt(0)));
    assert_eq!(either.count().await.unwrap(), 1);
    let negated = query().filter(!File::ID.eq(7));
    assert_eq!(negated.count().await.unwrap(), 1);
    assert_eq!(query().aggregate(File::ID.sum()).await.unwrap(), Some(1));
    let groups = query().select(File::NAME).groups(count()).await.unwrap();
    assert_eq!(groups.rows, [("plan".to_owned(), 1)]);
    let teams = query().select(File::TEAM).distinct().list().await.unwrap();
    assert_eq!(teams.rows, ["ours"]);
    let streamed: Vec<File> = query().stream().try_collect().await.unwrap();
    assert_eq!(streamed.len(), 1);
    assert_eq!(query().offset(1).list().await.unwrap().rows, []);

    let nobody = database.repository::<File>().unwrap();
    names_no_tenant(nobody.query().list().await);
    names_no_tenant(nobody.query().with_deleted().count().await);
    names_no_tenant(nobody.query().aggregate(File::ID.sum()).await);
    let streamed: Result<Vec<File>> = nobody.query().stream().try_collect().await;
    names_no_tenant(streamed);
}

async fn what_is_unique_is_so_within_a_tenant(setup: Setup) {
    let (_, ours, theirs) = two(&setup).await;
    let new = file(3, "unique");
    ours.repository::<File>()
        .unwrap()
        .create(&new)
        .await
        .unwrap();
    let files = theirs.repository::<File>().unwrap();
    files.create(&file(4, "unique")).await.unwrap();
    let error = files.create(&file(5, "unique")).await.unwrap_err();
    assert!(error.is_unique());
    assert!(error.faults().iter().any(|fault| fault.pointer == "/name"));
}

async fn an_upsert_finds_own_rows_alone(setup: Setup) {
    let (_, ours, theirs) = two(&setup).await;
    let files = ours.repository::<File>().unwrap();
    let changed = File {
        size: 5,
        ..file(7, "plan")
    };
    assert_eq!(files.upsert(&changed, File::NAME).await.unwrap().id, 1);
    let rows = [
        File {
            size: 6,
            ..file(8, "plan")
        },
        file(9, "new"),
    ];
    let written = files.bulk_upsert(&rows, File::NAME).await.unwrap();
    assert_eq!(written.iter().map(|row| row.id).collect::<Vec<_>>(), [1, 9]);
    let others = theirs.repository::<File>().unwrap();
    assert_eq!(others.read(&2).await.unwrap().size, 1);
    let stolen = File {
        size: 7,
        ..file(2, "other")
    };
    assert!(
        files
            .upsert(&stolen, File::ID)
            .await
            .unwrap_err()
            .is_unique()
    );
    // Whose row it is may be said, and changes nothing.
    let own = files
        .upsert(&changed, (File::TEAM, File::NAME))
        .await
        .unwrap();
    assert_eq!((own.id, own.size), (1, 5));
    assert_eq!(others.read(&2).await.unwrap().size, 1);
}

async fn a_cursor_of_one_tenant_gives_another_nothing(setup: Setup) {
    let (_, ours, theirs) = two(&setup).await;
    let files = ours.repository::<File>().unwrap();
    files.create(&file(3, "three")).await.unwrap();
    let page = files.query().limit(1).list().await.unwrap();
    let cursor = page.next.unwrap();
    let others = theirs.repository::<File>().unwrap();
    let after = others.query().after(cursor).list().await.unwrap();
    assert!(after.rows.iter().all(|file| file.team == "theirs"));
}

async fn what_is_cached_for_one_is_not_given_to_another(setup: Setup) {
    let database = builder(&setup).enable_caching(true).open().unwrap();
    let (database, ours, theirs) = fill(database).await;
    for _ in 0..2 {
        for (id, other, team) in [(1, 2, &ours), (2, 1, &theirs)] {
            let files = team.repository::<File>().unwrap();
            assert_eq!(files.find(&id).await.unwrap().map(|file| file.id), Some(id));
            assert_eq!(files.find(&other).await.unwrap(), None);
            assert_eq!(files.list(Filter::all()).await.unwrap().rows[0].id, id);
        }
        names_no_tenant(database.repository::<File>().unwrap().find(&1).await);
    }
}

async fn a_transaction_is_of_the_tenant_that_it_was_begun_for(setup: Setup) {
    let (database, ours, _) = two(&setup).await;
    let tx = ours.begin().await.unwrap();
    let files = tx.repository::<File>().unwrap();
    assert_eq!(files.list(Filter::all()).await.unwrap().rows.len(), 1);
    assert!(files.delete(&2).await.unwrap_err().is_not_found());
    let savepoint = tx.savepoint().await.unwrap();
    let inside = savepoint.repository::<File>().unwrap();
    assert_eq!(inside.count(Filter::all()).await.unwrap(), 1);
    savepoint.commit().await.unwrap();
    tx.commit().await.unwrap();
    let found = ours
        .transaction(async |tx| tx.repository::<File>()?.find(&2).await)
        .await;
    assert_eq!(found.unwrap(), None);
    let tx = database.begin().await.unwrap();
    names_no_tenant(tx.repository::<File>().unwrap().find(&1).await);
}

async fn a_scope_does_not_lend_its_tenant(setup: Setup) {
    let (database, ours, _) = two(&setup).await;
    let tx = ours.begin().await.unwrap();
    let mut context = Context::new(Form::Value);
    context.scope = Some(tx.scope());
    let node = database.node("file_list").unwrap();
    names_no_tenant(node.call(&context, Default::default()).await);
    context.tenant = Some("theirs".into());
    let listed = node.call(&context, Default::default()).await.unwrap();
    assert_eq!(listed.body.into_value()[0]["id"], 2);
    assert_eq!(ours.nodes().len(), database.nodes().len());
    names_no_tenant(call(&ours, None, "file_list", json!({})).await);
}

async fn whoever_administers_says_whose_rows_are_meant(setup: Setup) {
    let (database, ours, _) = two(&setup).await;
    let all = database.without_tenant_isolation();
    let files = all.repository::<File>().unwrap();
    assert_eq!(files.count(Filter::all()).await.unwrap(), 2);
    let given = File {
        team: "ours".to_owned(),
        ..file(3, "given")
    };
    assert_eq!(files.create(&given).await.unwrap(), given);
    let changed = File { size: 8, ..given };
    assert_eq!(files.update(&changed).await.unwrap(), changed);
    assert_eq!(files.upsert(&changed, File::NAME).await.unwrap(), changed);
    assert_eq!(files.bulk_delete(&[1, 2]).await.unwrap(), 2);
    files.purge(&2).await.unwrap();
    let own = ours.repository::<File>().unwrap();
    assert_eq!(own.list(Filter::all()).await.unwrap().rows, [changed]);
    // A row of one never becomes another's by an upsert.
    let taken = File {
        team: "theirs".to_owned(),
        ..file(3, "given")
    };
    assert!(
        files
            .upsert(&taken, File::ID)
            .await
            .unwrap_err()
            .is_unique()
    );
}
