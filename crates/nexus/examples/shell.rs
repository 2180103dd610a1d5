//! A program whose operations can be served, and called from a shell.
//!
//! ```text
//! cargo run --example shell -- list
//! cargo run --example shell -- run greet --input name=Ada
//! ```

use std::process::ExitCode;

use nexus::Nexus;
use serde::{Deserialize, Serialize};

/// Whom to greet.
#[derive(Deserialize, schemars::JsonSchema)]
struct Greet {
    name: String,
    times: Option<u8>,
}

#[derive(Serialize, schemars::JsonSchema)]
struct Greeting {
    text: String,
}

async fn greet(input: Greet) -> nexus::Result<Greeting> {
    let hello = "hello ".repeat(input.times.unwrap_or(1).into());
    Ok(Greeting {
        text: hello + &input.name,
    })
}

fn main() -> nexus::Result<ExitCode> {
    Nexus::builder().handler("greet", greet).cli()
}
