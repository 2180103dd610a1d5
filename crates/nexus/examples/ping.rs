//! The smallest program that serves something: one handler, at every door.
//!
//! ```text
//! curl -X POST localhost:8002/workflows/ping/execute -H 'content-type: application/json' -d '{}'
//! ```

use nexus::Nexus;

async fn ping() -> nexus::Result<&'static str> {
    Ok("pong")
}

fn main() -> nexus::Result<()> {
    Nexus::builder().handler("ping", ping).run()
}
