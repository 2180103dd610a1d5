//! What is done to rows, told at doors.

use std::sync::Arc;
use std::time::Duration;

use dataflow::DataFlow;
use dataflow::node::{ChangeStream, Context, Source};
use futures_util::StreamExt as _;

use super::kinds::by_uuid::ByUuid;
use super::{File, Label, builder, fill, names_no_tenant};
use crate::setup::Setup;

on_every_database! {
    changes_are_told_to_the_tenant_of_the_row_alone
    tenants_that_are_no_texts_are_told_of_their_rows
}

const INTERVAL: Duration = Duration::from_millis(50);

/// Longer than any of it takes.
const PATIENCE: Duration = Duration::from_secs(20);

fn of(tenant: Option<&str>) -> Context {
    let mut context = Context::default();
    context.tenant = tenant.map(Arc::from);
    context
}

async fn listen(database: &DataFlow, tenant: Option<&str>) -> Box<dyn ChangeStream> {
    let changes = Source::changes(database, &of(tenant), &[], None).await;
    changes.unwrap()
}

/// What is told until everybody's label `end` is new.
async fn until_the_end(told: &mut dyn ChangeStream) -> Vec<String> {
    let mut words = Vec::new();
    loop {
        let change = tokio::time::timeout(PATIENCE, told.next()).await;
        let change = change.expect("nothing was told").unwrap();
        let key = change.key.values().next().unwrap();
        if key == "end" {
            return words;
        }
        words.push(format!("{} {} {key}", change.model, change.verb.as_str()));
    }
}

async fn changes_are_told_to_the_tenant_of_the_row_alone(setup: Setup) {
    let database = builder(&setup)
        .enable_changes(true)
        .changes_interval(INTERVAL);
    let database = database.open().unwrap();
    let mut to_us = listen(&database, Some("ours")).await;
    let mut to_nobody = listen(&database, None).await;

    let (database, ours, theirs) = fill(database).await;
    let files = theirs.repository::<File>().unwrap();
    let mut file = files.read(&2).await.unwrap();
    file.size = 9;
    files.update(&file).await.unwrap();
    files.delete(&2).await.unwrap();
    files.purge(&2).await.unwrap();
    ours.repository::<File>().unwrap().delete(&1).await.unwrap();
    let labels = database.repository::<Label>().unwrap();
    labels
        .create(&Label {
            name: "end".to_owned(),
        })
        .await
        .unwrap();

    assert_eq!(
        until_the_end(&mut *to_us).await,
        [
            "Label create \"red\"",
            "Folder create 1",
            "File create 1",
            "Labelled create 1",
            "File delete 1",
        ]
    );
    assert_eq!(
        until_the_end(&mut *to_nobody).await,
        ["Label create \"red\""]
    );
    let named = Source::changes(&database, &of(None), &["File".to_owned()], None).await;
    names_no_tenant(named.map(drop));

    let mut all = std::pin::pin!(database.changes().of::<File>().from_oldest().stream());
    let first = [all.next().await, all.next().await].map(|change| change.unwrap().unwrap().tenant);
    assert_eq!(first, ["ours", "theirs"].map(|team| Some(team.to_owned())));
}

async fn tenants_that_are_no_texts_are_told_of_their_rows(setup: Setup) {
    let database = setup.builder().model::<ByUuid>().enable_changes(true);
    let database = database.changes_interval(INTERVAL).open().unwrap();
    let [us, them] = [(); 2].map(|()| uuid::Uuid::now_v7().to_string());
    let mut to_us = listen(&database, Some(&us.to_uppercase())).await;
    for account in [&them, &us] {
        let row = ByUuid {
            id: 0,
            account: uuid::Uuid::nil(),
        };
        let rows = database.tenant(&**account).repository::<ByUuid>().unwrap();
        rows.create(&row).await.unwrap();
    }
    let change = tokio::time::timeout(PATIENCE, to_us.next()).await;
    let change = change.expect("nothing was told").unwrap();
    assert_eq!(change.tenant, Some(us));
    names_no_tenant(
        Source::changes(&database, &of(None), &[], None)
            .await
            .map(drop),
    );
    names_no_tenant(
        Source::changes(&database, &of(Some("7")), &[], None)
            .await
            .map(drop),
    );
}
