//! A private server, from `initdb` to the removal of its directory.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use url::Url;

use crate::account::Account;
use crate::keeper::Keeper;
use crate::{Auth, Binaries, Error, Result, Settings, admin};

/// A PostgreSQL server that belongs to this value.
///
/// It listens on 127.0.0.1 and on a socket inside its own directory; its superuser is `postgres`.
/// Dropping the value ends the server and removes everything it wrote.
#[derive(Debug)]
pub struct Cluster {
    // Before `directory`, so that the server ends before its files go.
    keeper: Option<Keeper>,
    binaries: Binaries,
    account: Account,
    directory: TempDir,
    auth: Auth,
    port: u16,
    url: String,
}

/// The name of the superuser, and of the database everybody may connect to.
const POSTGRES: &str = "postgres";

/// How long a server may take to answer.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// How many ports are tried: between choosing a free one and binding it, another process may be
/// faster.
const PORTS_TRIED: usize = 5;

impl Cluster {
    /// Creates a cluster and starts its server; when this returns, the server answers.
    ///
    /// # Errors
    ///
    /// [`Error::NotInstalled`] on a machine without PostgreSQL; every other error carries what
    /// the system or PostgreSQL said.
    pub fn start(settings: Settings) -> Result<Cluster> {
        let binaries = Binaries::find()?;
        let directory = tempfile::Builder::new()
            .prefix("private-postgres-")
            .tempdir()
            .map_err(Error::io(std::env::temp_dir()))?;
        let account = Account::choose(directory.path())?;
        account.own(directory.path())?;
        initialize(&binaries, account, directory.path(), &settings)?;
        Cluster {
            keeper: None,
            binaries,
            account,
            directory,
            auth: settings.auth,
            port: 0,
            url: String::new(),
        }
        .launch()
    }

    /// Starts a standby of this server: it replays what this one writes, and only reads. `extra` are
    /// lines of its `postgresql.conf`, as name and value.
    ///
    /// # Errors
    ///
    /// As [`start`](Cluster::start). The server must let replication in, as one without passwords
    /// does.
    pub fn standby(&self, extra: &[(String, String)]) -> Result<Cluster> {
        let directory = tempfile::Builder::new()
            .prefix("private-postgres-")
            .tempdir()
            .map_err(Error::io(std::env::temp_dir()))?;
        self.account.own(directory.path())?;
        let program = self.binaries.pg_basebackup();
        let output = self
            .account
            .command(&program)
            .current_dir(directory.path())
            .args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync"])
            .arg("--pgdata")
            .arg(directory.path().join("data"))
            .arg("--dbname")
            .arg(&self.url)
            .output()
            .map_err(Error::io(&program))?;
        if !output.status.success() {
            let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(Error::Initialize { output });
        }
        let settings = Settings {
            extra: extra.to_vec(),
            ..Settings::default()
        };
        configure(&directory.path().join("data"), &settings)?;
        Cluster {
            keeper: None,
            binaries: self.binaries.clone(),
            account: self.account,
            directory,
            auth: self.auth.clone(),
            port: 0,
            url: String::new(),
        }
        .launch()
    }

    /// Starts the server for the first time, on a port that is free.
    fn launch(mut self) -> Result<Cluster> {
        let cluster = &mut self;
        for attempt in 1.. {
            cluster.port = free_port()?;
            cluster.url = cluster.url_as(POSTGRES, cluster.superuser_password(), POSTGRES);
            match cluster.start_again() {
                Err(Error::Start { log, .. })
                    if attempt < PORTS_TRIED && log.contains("in use") => {}
                Err(error) => return Err(error),
                Ok(()) => break,
            }
        }
        Ok(self)
    }

    /// The URL of the superuser in the database `postgres`; carries the password, if there is one.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A URL for another user, another password or another database.
    pub fn url_as(&self, user: &str, password: Option<&str>, database: &str) -> String {
        let mut url = Url::parse("postgres://127.0.0.1").expect("the text is a URL");
        url.set_port(Some(self.port))
            .expect("a URL with a host takes a port");
        url.set_username(user)
            .expect("a URL with a host takes a user");
        url.set_password(password)
            .expect("a URL with a host takes a password");
        url.set_path(database);
        url.into()
    }

    /// The TCP port on 127.0.0.1; stays the same when the server is started again.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The directory of the server's Unix socket; vanishes with this value.
    pub fn socket_directory(&self) -> &Path {
        self.directory.path()
    }

    /// Stops the server as an administrator would: sessions end, open transactions are rolled
    /// back, committed data stays. Does nothing when the server is already stopped.
    ///
    /// # Errors
    ///
    /// [`Error::Stop`] when the server takes longer than half a minute.
    pub fn stop(&mut self) -> Result<()> {
        let Some(keeper) = self.keeper.take() else {
            return Ok(());
        };
        if keeper.stop() {
            Ok(())
        } else {
            Err(Error::Stop { port: self.port })
        }
    }

    /// Stops the server at once, as a crash does: sessions are cut off in the middle of what they
    /// do, and the next start recovers. Does nothing when the server is already stopped.
    ///
    /// # Errors
    ///
    /// [`Error::Stop`] when the server takes longer than half a minute.
    pub fn stop_at_once(&mut self) -> Result<()> {
        let Some(keeper) = self.keeper.take() else {
            return Ok(());
        };
        if keeper.crash() {
            Ok(())
        } else {
            Err(Error::Stop { port: self.port })
        }
    }

    /// Starts a stopped server again, on the same port and with the same data.
    ///
    /// # Errors
    ///
    /// [`Error::Start`] with the server's log when it does not answer.
    pub fn start_again(&mut self) -> Result<()> {
        self.stop()?;
        let directory = self.directory.path();
        let log = directory.join("server.log");
        // Each start has a log of its own, so that an error never shows an older one's cause.
        fs::write(&log, "").map_err(Error::io(&log))?;
        self.account.own(&log)?;
        let mut server = Command::new(self.binaries.postgres());
        server.arg("-D").arg(directory.join("data"));
        server.arg("-p").arg(self.port.to_string());
        server.arg("-k").arg(directory);
        let mut keeper = Keeper::start(self.account, directory, &server)?;
        let deadline = Instant::now() + START_DEADLINE;
        while admin::execute(&self.url, "SELECT 1").is_err() {
            if keeper.has_ended() || Instant::now() > deadline {
                let log = fs::read_to_string(&log).unwrap_or_default();
                return Err(Error::Start {
                    port: self.port,
                    log,
                });
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.keeper = Some(keeper);
        Ok(())
    }

    fn superuser_password(&self) -> Option<&str> {
        match &self.auth {
            Auth::Trust => None,
            Auth::Scram { password } => Some(password),
        }
    }
}

/// Runs `initdb` for `directory/data`, then adds configuration and certificate.
fn initialize(
    binaries: &Binaries,
    account: Account,
    directory: &Path,
    settings: &Settings,
) -> Result<()> {
    let data = directory.join("data");
    let mut initdb = account.command(binaries.initdb());
    initdb
        .current_dir(directory)
        .arg("--pgdata")
        .arg(&data)
        .arg("--no-sync");
    initdb.args(["--encoding=UTF8", "--locale=C", "--username", POSTGRES]);
    match &settings.auth {
        Auth::Trust => {
            initdb.arg("--auth=trust");
        }
        Auth::Scram { password } => {
            let file = directory.join("password");
            write_private(account, &file, password.as_bytes())?;
            initdb
                .arg("--auth=scram-sha-256")
                .arg("--pwfile")
                .arg(&file);
        }
    }
    let output = initdb.output().map_err(Error::io(binaries.initdb()))?;
    if !output.status.success() {
        let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Error::Initialize { output });
    }
    if let Some(files) = &settings.tls {
        for (from, to) in [
            (&files.certificate, "server.crt"),
            (&files.key, "server.key"),
        ] {
            let content = fs::read(from).map_err(Error::io(from))?;
            write_private(account, &data.join(to), &content)?;
        }
    }
    configure(&data, settings)
}

fn configure(data: &Path, settings: &Settings) -> Result<()> {
    let configuration = data.join("postgresql.conf");
    let text = fs::read_to_string(&configuration).map_err(Error::io(&configuration))?;
    fs::write(&configuration, text + &settings.configuration()).map_err(Error::io(&configuration))
}

/// Writes a file only the server's account may read: PostgreSQL refuses a key others can see.
fn write_private(account: Account, path: &Path, content: &[u8]) -> Result<()> {
    fs::write(path, content).map_err(Error::io(path))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(Error::io(path))?;
    account.own(path)
}

pub(crate) fn free_port() -> Result<u16> {
    let address = "127.0.0.1:0";
    let listener = TcpListener::bind(address).map_err(Error::io(address))?;
    Ok(listener.local_addr().map_err(Error::io(address))?.port())
}
