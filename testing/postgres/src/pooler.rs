//! A PgBouncer of one's own, before a database.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use url::Url;

use crate::account::Account;
use crate::cluster::free_port;
use crate::expected::skip;
use crate::keeper::Keeper;
use crate::{Error, Result, admin};

/// PgBouncer in transaction mode: it gives each transaction one of [`SESSIONS`](Self::SESSIONS)
/// sessions of the server, whoever asks. Ends with the value.
#[derive(Debug)]
pub struct Pooler {
    // Before `directory`, so that the program ends before its files go.
    _keeper: Keeper,
    _directory: TempDir,
    url: String,
}

/// Where it is installed besides PATH, on which no user may have it.
const USUAL: &[&str] = &[
    "/usr/sbin",
    "/usr/bin",
    "/usr/local/sbin",
    "/usr/local/bin",
    "/opt/homebrew/bin",
    "/home/linuxbrew/.linuxbrew/bin",
];

/// How long it may take to answer.
const START_DEADLINE: Duration = Duration::from_secs(20);

impl Pooler {
    /// What it is called where one is [expected](crate::EXPECTED).
    pub const NAME: &str = "pgbouncer";

    /// How many sessions of the server all clients share.
    pub const SESSIONS: usize = 2;

    /// Starts one before the database of a URL; when this returns, it answers. On a machine without
    /// PgBouncer there is none, which is said on standard error.
    ///
    /// # Panics
    ///
    /// When it is installed and does not start, and where one is [expected](crate::EXPECTED) and not
    /// installed.
    pub fn before(url: &str) -> Option<Pooler> {
        match Pooler::start(url) {
            Ok(pooler) => Some(pooler),
            Err(error @ Error::NoPooler) => {
                skip(Self::NAME, &error);
                None
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Starts one before the database of a URL; when this returns, it answers.
    ///
    /// # Errors
    ///
    /// [`Error::NoPooler`] on a machine without PgBouncer, and what [`Cluster`](crate::Cluster)
    /// fails with.
    pub fn start(url: &str) -> Result<Pooler> {
        let program = program().ok_or(Error::NoPooler)?;
        let directory = tempfile::Builder::new()
            .prefix("private-pgbouncer-")
            .tempdir()
            .map_err(Error::io(env::temp_dir()))?;
        let account = Account::choose(directory.path())?;
        account.own(directory.path())?;
        let server = Url::parse(url).expect("the database's address is a URL");
        let port = free_port()?;
        let file = directory.path().join("pgbouncer.ini");
        fs::write(&file, configuration(&server, port)).map_err(Error::io(&file))?;
        account.own(&file)?;
        let mut command = Command::new(program);
        command.arg(&file);
        let mut keeper = Keeper::start(account, directory.path(), &command)?;

        let mut pooled = server;
        pooled
            .set_host(Some("127.0.0.1"))
            .expect("the address has a host");
        pooled
            .set_port(Some(port))
            .expect("a URL with a host takes a port");
        let deadline = Instant::now() + START_DEADLINE;
        while admin::execute(pooled.as_str(), "SELECT 1").is_err() {
            if keeper.has_ended() || Instant::now() > deadline {
                let log = directory.path().join("server.log");
                let log = fs::read_to_string(log).unwrap_or_default();
                return Err(Error::Start { port, log });
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(Pooler {
            _keeper: keeper,
            _directory: directory,
            url: pooled.into(),
        })
    }

    /// Whether the machine has PgBouncer.
    pub fn is_installed() -> bool {
        program().is_some()
    }

    /// The URL of the database, by way of this pooler.
    pub fn url(&self) -> &str {
        &self.url
    }
}

fn program() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(USUAL.iter().map(PathBuf::from))
        .map(|directory| directory.join("pgbouncer"))
        .find(|program| program.is_file())
}

/// Whoever comes is let in, and is the user of the URL to the server. Parameters of a session, which
/// nobody could rely on, are refused, as they are unless somebody allows them.
fn configuration(server: &Url, port: u16) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let database = server.path().trim_start_matches('/');
    let mut parts = vec![
        ("host", server.host_str().unwrap_or("127.0.0.1").to_owned()),
        ("port", server.port().unwrap_or(5432).to_string()),
        ("dbname", database.to_owned()),
        ("user", server.username().to_owned()),
    ];
    parts.extend(
        server
            .password()
            .map(|password| ("password", password.to_owned())),
    );
    let parts: Vec<String> = parts
        .iter()
        .map(|(name, value)| format!("{name}={}", quoted(value)))
        .collect();
    format!(
        "[databases]\n{database} = {}\n[pgbouncer]\n\
         listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
         pool_mode = transaction\ndefault_pool_size = {}\nmax_client_conn = 200\n",
        parts.join(" "),
        Pooler::SESSIONS
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_stands_in_the_configuration_as_its_url_says() {
        let url = Url::parse("postgres://ada:it's@db:6543/shop").unwrap();
        let text = configuration(&url, 7);
        let line = "shop = host='db' port='6543' dbname='shop' user='ada' password='it''s'";
        assert!(text.lines().any(|found| found == line), "{text}");
        assert!(text.contains("listen_port = 7\n"), "{text}");
    }
}
