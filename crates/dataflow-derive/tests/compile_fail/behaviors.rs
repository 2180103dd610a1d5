//! What rows promise.

use dataflow_core::Model;
use dataflow_core::schema::{Changeable, SoftDelete};
use dataflow_core::value::Timestamp;

#[derive(Model)]
struct Note {
    #[model(primary_key, tenant)]
    id: String,
    #[model(tenant, default = "nobody")]
    team: String,
    #[model(soft_delete, updated_at)]
    deleted_at: Option<String>,
    #[model(soft_delete)]
    gone_at: Option<String>,
}

#[derive(Model)]
#[model(append_only)]
struct Entry {
    #[model(primary_key)]
    id: i64,
    #[model(updated_at)]
    changed: Timestamp,
}

#[derive(Model)]
#[model(append_only)]
struct Page {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model)]
#[model(row_level_security)]
struct Nobodys {
    #[model(primary_key)]
    id: i64,
}

fn restored<M: SoftDelete>() {}

fn changed<M: Changeable>() {}

fn main() {
    restored::<Page>();
    changed::<Page>();
}
