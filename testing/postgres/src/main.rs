//! A private server for a person: `cargo run -p private-postgres` prints its URL and serves until
//! its input ends (Ctrl-D) or it is killed (Ctrl-C).

use std::io;

use private_postgres::{Cluster, Settings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cluster = Cluster::start(Settings::default())?;
    println!("{}", cluster.url());
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
