//! What rows promise.

use dataflow_core::Model;
use dataflow_core::schema::SoftDelete;

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
struct Page {
    #[model(primary_key)]
    id: i64,
}

fn restored<M: SoftDelete>() {}

fn main() {
    restored::<Page>();
}
