//! The production pattern: every setting written out, the database from the environment, workflows
//! registered by hand.
//!
//! ```sh
//! export DATABASE_URL=postgres://user:password@host/database
//! cargo run --example production -- migrate plan
//! cargo run --example production
//! ```

use std::process::ExitCode;

use dataflow::{DataFlow, Model};
use nexus::{Nexus, NexusBuilder, Workflow};

/// Somebody with an account. The caller chooses the id.
#[derive(Debug, Clone, Model)]
struct User {
    #[model(primary_key)]
    id: String,
    #[model(unique)]
    email: String,
    name: String,
}

fn main() -> nexus::Result<ExitCode> {
    create_production_app()?.cli()
}

fn create_production_app() -> nexus::Result<NexusBuilder> {
    let db = DataFlow::from_env()
        .model::<User>()
        .auto_migrate(true)
        .enable_metrics(true)
        .enable_caching(true)
        .connection_pool_size(20)
        .build()?;

    let app = Nexus::builder()
        .api_port(8002)
        .mcp_port(3001)
        .auto_discovery(false)
        .enable_metrics(true)
        .mount(&db);

    register_workflows(app, &db)
}

fn register_workflows(app: NexusBuilder, db: &DataFlow) -> nexus::Result<NexusBuilder> {
    let rename = Workflow::builder()
        .description("Gives a user another name and reads the user back")
        .node("renamed", db.node("user_update")?)
        .node("user", db.node("user_read")?)
        .connect("inputs.id", "renamed.id")
        .connect("inputs.name", "renamed.name")
        .connect("renamed.id", "user.id")
        .build()?;
    Ok(app.register("rename", rename))
}
