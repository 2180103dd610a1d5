//! What `psql` takes for the same tables, and how many connections a program holds.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use private_postgres::{Binaries, Cluster, Database};
use tempfile::NamedTempFile;
use xshell::cmd;

use crate::{Result, workspace};

/// The DDL of so many models, in a file.
pub(crate) fn ddl_file(models: usize) -> Result<NamedTempFile> {
    let shell = workspace::shell()?;
    let models = models.to_string();
    let ddl = cmd!(shell, "target/release/startup-ddl {models}")
        .quiet()
        .read()?;
    let file = NamedTempFile::new()?;
    std::fs::write(file.path(), ddl)?;
    Ok(file)
}

/// `psql -1 -f` of a file on an empty database, from `exec` to its end.
pub(crate) fn create(cluster: &Cluster, ddl: &NamedTempFile) -> Result<Duration> {
    let database = Database::create(cluster.url());
    let mut command = Command::new(Binaries::find()?.psql());
    command
        .args([
            "--no-psqlrc",
            "--quiet",
            "-1",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
        ])
        .arg(ddl.path())
        .arg(database.url())
        .stdout(Stdio::null());
    let begun = Instant::now();
    let status = command.status()?;
    let elapsed = begun.elapsed();
    if status.success() {
        Ok(elapsed)
    } else {
        Err(format!("psql ended with {status}").into())
    }
}

/// How many connections to a database are open, without the one that asks.
pub(crate) fn connections(url: &str) -> Result<usize> {
    let output = Command::new(Binaries::find()?.psql())
        .args(["--no-psqlrc", "-At", "-c"])
        .arg(
            "SELECT count(*) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .arg(url)
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}
