//! A data API for people and for agents, with nothing to set up:
//!
//! ```sh
//! cargo run --example quickstart
//! DATABASE_URL=postgres://user:password@host/database cargo run --example quickstart
//! ```

use chrono::{DateTime, Utc};
use dataflow::{DataFlow, Model};
use nexus::{Nexus, Workflow};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Somebody who writes.
#[derive(Debug, Clone, Model)]
struct User {
    #[model(primary_key)]
    id: Uuid,
    #[model(unique)]
    email: String,
    name: String,
}

/// Something somebody wrote.
#[derive(Debug, Clone, Model)]
struct Post {
    #[model(primary_key)]
    id: i64,
    #[model(belongs_to = User, index)]
    author_id: Uuid,
    title: String,
    #[model(default = false)]
    published: bool,
    #[model(created_at)]
    created_at: DateTime<Utc>,
}

fn main() -> nexus::Result<()> {
    let url = std::env::var("DATABASE_URL").unwrap_or("sqlite://quickstart.db".to_owned());
    let db = DataFlow::builder(&url)
        .model::<User>()
        .model::<Post>()
        .build()?;

    Nexus::builder()
        .mount(&db)
        .register("onboard", onboard(&db)?)
        .handler("greet", greet)
        .run()
}

/// Creates a user and a first post in the user's name.
fn onboard(db: &DataFlow) -> nexus::Result<Workflow> {
    Workflow::builder()
        .description("Creates a user and a first post in the user's name")
        .node("user", db.node("user_create")?)
        .node("post", db.node("post_create")?)
        .connect("inputs.email", "user.email")
        .connect("inputs.name", "user.name")
        .connect("user.id", "post.author_id")
        .set("post", "title", "Hello, world")
        .build()
}

#[derive(Deserialize, JsonSchema)]
struct Greeting {
    name: String,
}

#[derive(Serialize, JsonSchema)]
struct Greeted {
    text: String,
}

async fn greet(greeting: Greeting) -> nexus::Result<Greeted> {
    Ok(Greeted {
        text: format!("Hello, {}!", greeting.name),
    })
}
