//! Relations between the rows of one tenant, and none across.

use dataflow::error::Code;
use dataflow::{Filter, Result};
use serde_json::json;

use super::{File, Folder, Label, call, file, folder, names_no_tenant, two};
use crate::setup::Setup;

on_every_database! {
    relations_lead_to_own_rows_alone
    rows_point_at_rows_of_their_own_tenant
}

async fn relations_lead_to_own_rows_alone(setup: Setup) {
    let (database, ours, _) = two(&setup).await;
    // A row of theirs that points at one of ours, past the library.
    setup.sql("UPDATE files SET folder_id = 1 WHERE id = 2");
    let folders = ours.repository::<Folder>().unwrap();
    let loaded = folders
        .query()
        .with(Folder::FILES)
        .list()
        .await
        .unwrap()
        .rows;
    assert_eq!(loaded[0].1.len(), 1);
    assert_eq!(
        folders
            .count(Folder::FILES.some(File::ID.eq(2)))
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        folders
            .count(Folder::FILES.every(File::ID.eq(1)))
            .await
            .unwrap(),
        1
    );

    let theirs = database.tenant("theirs");
    let files = theirs.repository::<File>().unwrap();
    let loaded = files.query().with(File::FOLDER).list().await.unwrap().rows;
    assert_eq!(loaded[0].1, None);
    assert_eq!(
        files
            .count(File::FOLDER.is(Folder::NAME.eq("top")))
            .await
            .unwrap(),
        0
    );
    let sorted = files.query().order_by(File::FOLDER.by(Folder::NAME.asc()));
    let page = sorted.limit(1).list().await.unwrap();
    assert_eq!((page.rows.len(), page.next), (1, None));

    // Everybody's rows lead to one's own.
    let labels = ours.repository::<Label>().unwrap();
    let loaded = labels.query().with(Label::FILES).list().await.unwrap().rows;
    assert_eq!(
        loaded[0].1.iter().map(|file| file.id).collect::<Vec<_>>(),
        [1]
    );
    assert_eq!(
        labels
            .count(Label::FILES.some(File::ID.eq(2)))
            .await
            .unwrap(),
        0
    );
    let labels = database.repository::<Label>().unwrap();
    assert_eq!(labels.count(Filter::all()).await.unwrap(), 1);
    names_no_tenant(labels.query().with(Label::FILES).list().await);
    names_no_tenant(labels.count(Label::FILES.some(File::ID.eq(2))).await);
    let include = json!({"include": {"files": {}}});
    names_no_tenant(call(&database, None, "label_list", include.clone()).await);
    let listed = call(&database, Some("theirs"), "label_list", include)
        .await
        .unwrap();
    assert_eq!(listed[0]["files"][0]["id"], 2);
}

async fn rows_point_at_rows_of_their_own_tenant(setup: Setup) {
    let (_, ours, _) = two(&setup).await;
    let files = ours.repository::<File>().unwrap();
    let stranger = |id, name| File {
        folder_id: Some(2),
        ..file(id, name)
    };
    let refused = |outcome: Result<()>, pointer: &str| {
        let error = outcome.unwrap_err();
        assert_eq!(
            (error.code(), &*error.faults()[0].pointer),
            (Code::ForeignKey, pointer)
        );
    };
    let void = |_| ();
    refused(
        files.create(&stranger(3, "a")).await.map(void),
        "/folder_id",
    );
    refused(
        files.update(&stranger(1, "plan")).await.map(void),
        "/folder_id",
    );
    let rows = [file(3, "a"), stranger(4, "b")];
    refused(files.bulk_create(&rows).await.map(|_| ()), "/1/folder_id");
    refused(files.bulk_load(&rows).await.map(|_| ()), "/1/folder_id");
    let rows = [file(1, "plan"), stranger(1, "plan")];
    refused(files.bulk_update(&rows).await.map(|_| ()), "/1/folder_id");
    refused(
        files.bulk_upsert(&rows, File::ID).await.map(|_| ()),
        "/1/folder_id",
    );
    refused(
        files.upsert(&stranger(1, "plan"), File::ID).await.map(drop),
        "/folder_id",
    );
    let change = stranger(1, "plan");
    let upserted = files
        .create_or_update(&file(1, "plan"), &change, File::ID)
        .await;
    refused(upserted.map(drop), "/folder_id");
    let missing = File {
        folder_id: Some(9),
        ..file(3, "a")
    };
    refused(files.create(&missing).await.map(void), "/folder_id");
    assert_eq!(files.count(Filter::all()).await.unwrap(), 1);

    let folders = ours.repository::<Folder>().unwrap();
    let below = Folder {
        parent_id: Some(3),
        ..folder(4, "below")
    };
    let made = folders
        .bulk_create(&[folder(3, "above"), below])
        .await
        .unwrap();
    assert_eq!(made[1].parent_id, Some(3));
}
