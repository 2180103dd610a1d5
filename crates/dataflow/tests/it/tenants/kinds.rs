//! Tenants that are no texts.

use dataflow::{Filter, Model};

use super::names_no_tenant;
use crate::setup::Setup;

on_every_database! {
    tenants_may_be_uuids_and_integers
}

#[derive(Debug, Clone, PartialEq, Model)]
struct ByNumber {
    #[model(primary_key)]
    id: i64,
    #[model(tenant)]
    account: i32,
}

pub(super) mod by_uuid {
    #[derive(Debug, Clone, PartialEq, dataflow::Model)]
    pub(crate) struct ByUuid {
        #[model(primary_key)]
        pub(crate) id: i64,
        #[model(tenant)]
        pub(crate) account: uuid::Uuid,
    }
}

async fn tenants_may_be_uuids_and_integers(setup: Setup) {
    use by_uuid::ByUuid;
    let both = setup
        .builder()
        .model::<ByNumber>()
        .model::<ByUuid>()
        .build();
    let error = format!("{:?}", both.unwrap_err());
    assert!(error.contains("names the tenant by"), "{error}");

    let database = setup.builder().model::<ByNumber>().open().unwrap();
    let seven = database.tenant("7");
    let rows = seven.repository::<ByNumber>().unwrap();
    let row = rows.create(&ByNumber { id: 0, account: 0 }).await.unwrap();
    assert_eq!(row.account, 7);
    assert_eq!(
        rows.bulk_update(std::slice::from_ref(&row)).await.unwrap(),
        [row]
    );
    for wrong in ["seven", "", "99999999999"] {
        let rows = database.tenant(wrong).repository::<ByNumber>().unwrap();
        names_no_tenant(rows.count(Filter::all()).await);
    }

    let database = setup.builder().model::<ByUuid>().open().unwrap();
    let id = uuid::Uuid::now_v7();
    let rows = database
        .tenant(id.to_string())
        .repository::<ByUuid>()
        .unwrap();
    let row = ByUuid {
        id: 0,
        account: uuid::Uuid::nil(),
    };
    assert_eq!(rows.create(&row).await.unwrap().account, id);
    let other = database.tenant(uuid::Uuid::now_v7().to_string());
    let other = other.repository::<ByUuid>().unwrap();
    assert_eq!(other.count(Filter::all()).await.unwrap(), 0);
}
