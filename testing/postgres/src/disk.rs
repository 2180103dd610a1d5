//! A disk that is soon full.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use url::Url;

use crate::expected::skip;
use crate::{Cluster, Error, Result, admin};

/// A file system of a few megabytes in memory, with a database on it. What the server writes ahead of
/// its tables lies elsewhere, so that it goes on when this disk is full. Unmounted with the value.
#[derive(Debug)]
pub struct SmallDisk {
    directory: TempDir,
    url: String,
}

/// What the disk holds at first: an empty database takes about half of it.
const SMALL: &str = "size=16m";

/// What it holds once it has grown.
const LARGE: &str = "remount,size=512m";

/// The name of the tablespace and of the database.
const NAME: &str = "small";

impl SmallDisk {
    /// Mounts one for a server, and makes a database on it. Only root may mount, and who may `sudo`
    /// without a password, and in many containers not even root; for others there is none, which is
    /// said on standard error.
    ///
    /// # Panics
    ///
    /// When the server refuses, and where one is [expected](crate::EXPECTED) and cannot be mounted.
    pub fn of(cluster: &Cluster) -> Option<SmallDisk> {
        match SmallDisk::mount(cluster) {
            Ok(disk) => Some(disk),
            Err(error @ Error::Mount { .. }) => {
                skip(Self::NAME, &error);
                None
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// What it is called where one is [expected](crate::EXPECTED).
    pub const NAME: &str = "small-disk";

    /// Whether this process may mount one.
    ///
    /// # Errors
    ///
    /// [`Error::Mount`] when it may not.
    pub fn may_be_mounted() -> Result<()> {
        let directory = tempfile::tempdir().map_err(Error::io(env::temp_dir()))?;
        mount(["-t", "tmpfs", "-o", SMALL, "tmpfs"], directory.path())?;
        as_root("umount", &["--lazy".as_ref()], directory.path())
    }

    /// The URL of the superuser in the database on this disk.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Makes room on it.
    ///
    /// # Errors
    ///
    /// [`Error::Mount`] when the system refuses.
    pub fn grow(&self) -> Result<()> {
        mount(["-o", LARGE], self.directory.path())
    }

    fn mount(cluster: &Cluster) -> Result<SmallDisk> {
        let directory = tempfile::Builder::new()
            .prefix("private-postgres-disk-")
            .tempdir()
            .map_err(Error::io(env::temp_dir()))?;
        let server = cluster.socket_directory();
        let server = fs::metadata(server).map_err(Error::io(server))?;
        let owner = format!(
            "{SMALL},mode=0700,uid={},gid={}",
            server.uid(),
            server.gid()
        );
        mount(["-t", "tmpfs", "-o", &owner, "tmpfs"], directory.path())?;
        let mut url = Url::parse(cluster.url()).expect("the cluster's address is a URL");
        url.set_path(NAME);
        let disk = SmallDisk {
            url: url.into(),
            directory,
        };
        let location = disk.directory.path().display();
        for sql in [
            format!("CREATE TABLESPACE {NAME} LOCATION '{location}'"),
            format!("CREATE DATABASE {NAME} TEMPLATE template0 TABLESPACE {NAME}"),
            // What the new database is made of takes no room before it is written.
            "CHECKPOINT".to_owned(),
        ] {
            let done = admin::execute(cluster.url(), &sql);
            done.unwrap_or_else(|error| panic!("cannot make a database on a disk: {error:?}"));
        }
        Ok(disk)
    }
}

impl Drop for SmallDisk {
    /// The server may still have files of it open.
    fn drop(&mut self) {
        if let Err(error) = as_root("umount", &["--lazy".as_ref()], self.directory.path()) {
            eprintln!("a disk is left behind: {error}");
        }
    }
}

fn mount<const N: usize>(arguments: [&str; N], directory: &Path) -> Result<()> {
    as_root("mount", &arguments.map(OsStr::new), directory)
}

/// Runs a program that only root may run, as this process or else through `sudo`.
fn as_root(program: &str, arguments: &[&OsStr], directory: &Path) -> Result<()> {
    let mut said = String::new();
    for sudo in [&[][..], &["sudo", "-n"]] {
        let mut words = sudo.iter().chain([&program]);
        let mut command = Command::new(words.next().expect("a program is named"));
        command.args(words).args(arguments).arg(directory);
        match command.output() {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => said += &String::from_utf8_lossy(&output.stderr),
            Err(error) => said += &format!("{error}\n"),
        }
    }
    Err(Error::Mount { said })
}
