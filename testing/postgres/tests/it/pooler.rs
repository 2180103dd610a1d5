//! The life of a pooler.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use private_postgres::{Cluster, Database, Pooler, Settings};
use url::Url;

#[test]
fn a_pooler_gives_clients_the_sessions_of_others_and_ends_with_its_value() {
    let cluster = Cluster::start(Settings::default()).unwrap();
    let database = Database::create(cluster.url());
    let Some(pooler) = Pooler::before(database.url()) else {
        return;
    };
    let process = |client: &mut Client| -> String {
        let messages = client.simple_query("SELECT pg_backend_pid()").unwrap();
        let row = messages.into_iter().find_map(|message| match message {
            postgres::SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        row.unwrap().get(0).unwrap().to_owned()
    };
    let mut clients: Vec<Client> = (0..4)
        .map(|_| Client::connect(pooler.url(), NoTls).unwrap())
        .collect();
    let mut processes: Vec<String> = clients.iter_mut().map(process).collect();
    processes.dedup();
    assert!(processes.len() <= Pooler::SESSIONS, "{processes:?}");

    let port = Url::parse(pooler.url()).unwrap().port().unwrap();
    let begun = Instant::now();
    drop(pooler);
    assert!(begun.elapsed() < Duration::from_secs(10), "it ended");
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}
