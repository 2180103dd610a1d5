//! The transaction that a write and its hooks are in.

use dataflow::error::Kind;
use dataflow::{Draft, Filter, Hooks, Occasion, Repository, Result, Transaction};

use super::{Event, Parcel, open, parcel};
use crate::setup::Setup;

on_every_database! {
    writes_of_one_transaction_wait_for_each_other
    a_hook_that_goes_past_its_transaction_is_refused_at_once
}

async fn writes_of_one_transaction_wait_for_each_other(setup: Setup) {
    let (database, parcels) = open(&setup);
    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Parcel>().unwrap();
    let events = tx.repository::<Event>().unwrap();
    let (a, b, c, d) = (
        parcel("a", 1),
        parcel("b", 0),
        parcel("c", 3),
        parcel("d", 4),
    );
    let many = [c, d];
    let event = Event {
        id: 0,
        text: "beside".to_owned(),
    };
    let (first, refused, third, beside, counted) = tokio::join!(
        inside.create(&a),
        inside.create(&b),
        inside.bulk_create(&many),
        events.create(&event),
        inside.count(Filter::all()),
    );
    first.unwrap();
    assert_eq!(refused.unwrap_err().faults()[0].pointer, "/weight");
    assert_eq!(third.unwrap().len(), 2);
    beside.unwrap();
    counted.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(parcels.count(Filter::all()).await.unwrap(), 3);
}

/// Goes through what it was not handed.
#[derive(Clone, Default)]
struct Astray(std::sync::Arc<std::sync::Mutex<Option<Repository<Event>>>>);

impl Hooks<Parcel> for Astray {
    async fn before_write(
        &self,
        _: &Transaction,
        _: Occasion,
        _: &mut [Draft<Parcel>],
    ) -> Result<()> {
        let around = self.0.lock().unwrap().clone();
        let text = "past it".to_owned();
        let event = Event { id: 0, text };
        around.unwrap().create(&event).await.map(drop)
    }
}

async fn a_hook_that_goes_past_its_transaction_is_refused_at_once(setup: Setup) {
    let astray = Astray::default();
    let builder = setup.builder().model::<Parcel>().model::<Event>();
    let builder = builder.hooks::<Parcel>(astray.clone());
    let database = builder.open().unwrap();
    let tx = database.begin().await.unwrap();
    *astray.0.lock().unwrap() = Some(tx.repository().unwrap());
    let parcels = tx.repository::<Parcel>().unwrap();
    let began = std::time::Instant::now();
    let error = parcels.create(&parcel("a", 1)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported, "{error:?}");
    assert!(began.elapsed() < std::time::Duration::from_secs(4));
}
