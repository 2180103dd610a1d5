//! What is left of a write that a hook refuses.

use dataflow::Filter;
use dataflow::error::Kind;
use serde_json::json;

use super::{Parcel, noted, open, parcel};
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    an_error_after_a_write_undoes_it_and_what_hooks_did
    a_refusal_names_the_place_in_the_input
    a_refused_write_leaves_the_transaction_around_it_as_it_was
    nothing_is_left_of_hooks_where_no_row_was_written
}

async fn an_error_after_a_write_undoes_it_and_what_hooks_did(setup: Setup) {
    let (database, parcels) = open(&setup);
    let stuck = parcels.create(&parcel("stuck", 1)).await.unwrap();
    noted(&database).await;
    let key = stuck.id.clone();
    let (heavy, other) = (parcel("stuck", 13), parcel("other", 13));
    let errors = [
        parcels.create(&other).await.map(drop),
        parcels.update(&heavy).await.map(drop),
        parcels.upsert(&heavy, Parcel::ID).await.map(drop),
        parcels
            .create_or_update(&other, &other, Parcel::ID)
            .await
            .map(drop),
        parcels
            .bulk_create(std::slice::from_ref(&other))
            .await
            .map(drop),
        parcels
            .bulk_load(std::slice::from_ref(&other))
            .await
            .map(drop),
        parcels
            .bulk_update(std::slice::from_ref(&heavy))
            .await
            .map(drop),
        parcels
            .bulk_upsert(&[heavy, other], Parcel::ID)
            .await
            .map(drop),
        parcels.delete(&key).await,
        parcels
            .bulk_delete(std::slice::from_ref(&key))
            .await
            .map(drop),
        parcels.purge(&key).await,
    ];
    for (position, error) in errors.into_iter().enumerate() {
        let error = error.unwrap_err();
        assert_eq!(error.kind(), Kind::Forbidden, "{position}: {error}");
        assert!(error.faults().is_empty(), "{position}: {error}");
    }
    assert_eq!(parcels.query().list().await.unwrap().rows, [stuck]);
    assert_eq!(noted(&database).await, [""; 0]);
}

async fn a_refusal_names_the_place_in_the_input(setup: Setup) {
    let (database, parcels) = open(&setup);
    let error = parcels.create(&parcel("a", 0)).await.unwrap_err();
    assert_eq!(error.to_string(), "weight: must be more than nothing");
    assert_eq!(error.faults()[0].pointer, "/weight");
    let two = [parcel("a", 1), parcel("b", 0)];
    let error = parcels.bulk_create(&two).await.unwrap_err();
    assert_eq!(error.faults()[0].pointer, "/1/weight");
    let rows = json!({"rows": [{"id": "a", "weight": 1}, {"id": "b", "weight": 0}]});
    let error = call(&database, "parcel_bulk_create", rows).await;
    assert_eq!(error.unwrap_err().faults()[0].pointer, "/rows/1/weight");
    assert_eq!(parcels.count(Filter::all()).await.unwrap(), 0);
}

async fn a_refused_write_leaves_the_transaction_around_it_as_it_was(setup: Setup) {
    let (database, parcels) = open(&setup);
    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Parcel>().unwrap();
    inside.create(&parcel("a", 1)).await.unwrap();
    assert!(inside.create(&parcel("b", 13)).await.is_err());
    inside.create(&parcel("c", 1)).await.unwrap();
    assert_eq!(inside.count(Filter::all()).await.unwrap(), 2);
    tx.commit().await.unwrap();
    assert_eq!(parcels.count(Filter::all()).await.unwrap(), 2);

    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Parcel>().unwrap();
    inside.create(&parcel("d", 1)).await.unwrap();
    tx.roll_back().await.unwrap();
    assert_eq!(parcels.count(Filter::all()).await.unwrap(), 2);
    assert_eq!(noted(&database).await.len(), 4);
}

async fn nothing_is_left_of_hooks_where_no_row_was_written(setup: Setup) {
    let (database, parcels) = open(&setup);
    assert!(
        parcels
            .update(&parcel("a", 1))
            .await
            .unwrap_err()
            .is_not_found()
    );
    let missing = parcels.delete(&"a".to_owned()).await;
    assert!(missing.unwrap_err().is_not_found());
    assert_eq!(parcels.bulk_delete(&["a".to_owned()]).await.unwrap(), 0);
    assert!(parcels.bulk_create(&[]).await.unwrap().is_empty());
    assert_eq!(noted(&database).await, [""; 0]);
}
