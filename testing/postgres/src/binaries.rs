//! Where the machine keeps PostgreSQL's server programs.

use std::cmp::Reverse;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// The directory that holds `initdb` and `postgres`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    directory: PathBuf,
}

/// Directories with one PostgreSQL per version: the parent, how the version's directory name
/// begins, and what follows it.
const VERSIONED: &[(&str, &str, &str)] = &[
    ("usr/lib/postgresql", "", "bin"),
    ("usr/lib64", "postgresql-", "bin"),
    ("usr", "pgsql-", "bin"),
    ("usr/libexec", "postgresql", ""),
    ("opt/homebrew/opt", "postgresql@", "bin"),
    ("usr/local/opt", "postgresql@", "bin"),
    ("home/linuxbrew/.linuxbrew/opt", "postgresql@", "bin"),
    ("Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// Directories with one PostgreSQL of whatever version.
const SINGLE: &[&str] = &[
    "usr/bin",
    "usr/local/bin",
    "usr/local/pgsql/bin",
    "usr/libexec/postgresql",
];

impl Binaries {
    /// Finds the programs: first on PATH, then in the usual places, the newest version first.
    ///
    /// # Errors
    ///
    /// [`Error::NotInstalled`].
    pub fn find() -> Result<Binaries> {
        let path = env::var_os("PATH").unwrap_or_default();
        search(&path, Path::new("/")).ok_or(Error::NotInstalled)
    }

    pub(crate) fn initdb(&self) -> PathBuf {
        self.directory.join("initdb")
    }

    /// The client `psql` that was installed with the server programs, where there is one, else
    /// the one on PATH. Links are followed: Debian's PATH holds links to the programs and a slow
    /// wrapper in the place of `psql`.
    pub fn psql(&self) -> PathBuf {
        self.client("psql")
    }

    pub(crate) fn pg_basebackup(&self) -> PathBuf {
        self.client("pg_basebackup")
    }

    fn client(&self, name: &str) -> PathBuf {
        let installed = fs::canonicalize(self.postgres())
            .ok()
            .and_then(|postgres| Some(postgres.parent()?.join(name)));
        match installed {
            Some(program) if program.is_file() => program,
            _ => PathBuf::from(name),
        }
    }

    pub(crate) fn postgres(&self) -> PathBuf {
        self.directory.join("postgres")
    }
}

/// The first directory with both programs, of PATH and of the usual places below `root`.
fn search(path: &OsStr, root: &Path) -> Option<Binaries> {
    let versioned = VERSIONED
        .iter()
        .flat_map(|(parent, prefix, rest)| newest_first(&root.join(parent), prefix, rest));
    let single = SINGLE.iter().map(|directory| root.join(directory));
    env::split_paths(path)
        .chain(versioned)
        .chain(single)
        .find(|directory| {
            directory.join("initdb").is_file() && directory.join("postgres").is_file()
        })
        .map(|directory| Binaries { directory })
}

/// The directories `parent/<prefix><version>/rest`, by falling version.
fn newest_first(parent: &Path, prefix: &str, rest: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut found: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = version(name.to_str()?.strip_prefix(prefix)?)?;
            Some((Reverse(version), entry.path().join(rest)))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, directory)| directory).collect()
}

/// `9.6` and `17` as numbers that compare.
fn version(text: &str) -> Option<Vec<u32>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lays the programs into each of `directories`, searches with `path` as PATH (all below one
    /// root), and expects the directory named last.
    #[track_caller]
    fn check(directories: &[&str], path: &str, expected: Option<&str>) {
        let root = tempfile::tempdir().unwrap();
        for directory in directories {
            let directory = root.path().join(directory);
            fs::create_dir_all(&directory).unwrap();
            fs::write(directory.join("initdb"), "").unwrap();
            fs::write(directory.join("postgres"), "").unwrap();
        }
        let found = search(root.path().join(path).as_os_str(), root.path());
        assert_eq!(
            found.map(|binaries| binaries.directory),
            expected.map(|directory| root.path().join(directory))
        );
    }

    #[test]
    fn the_newest_version_wins() {
        let debian = [
            "usr/lib/postgresql/9.6/bin",
            "usr/lib/postgresql/17/bin",
            "usr/lib/postgresql/16/bin",
        ];
        check(&debian, "nowhere", Some("usr/lib/postgresql/17/bin"));
    }

    #[test]
    fn path_comes_before_the_usual_places() {
        check(
            &["mine/bin", "usr/lib/postgresql/17/bin"],
            "mine/bin",
            Some("mine/bin"),
        );
    }

    #[test]
    fn every_usual_place_is_looked_at() {
        for (parent, prefix, rest) in VERSIONED {
            let directory = format!("{parent}/{prefix}16/{rest}");
            check(&[&directory], "nowhere", Some(&directory));
        }
        for directory in SINGLE {
            check(&[directory], "nowhere", Some(directory));
        }
    }

    #[test]
    fn a_machine_without_postgres_yields_nothing() {
        check(&["usr/lib/postgresql/common/bin"], "nowhere", None);
    }

    #[test]
    fn a_client_without_a_server_is_not_enough() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("initdb"), "").unwrap();
        assert_eq!(search(root.path().as_os_str(), root.path()), None);
    }
}
