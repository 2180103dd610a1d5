//! Installing PostgreSQL and PgBouncer with the system's package manager.

use std::env;
use std::ffi::OsStr;

use xshell::{Shell, cmd};

use crate::Result;

/// What the tests need.
#[derive(Clone, Copy)]
pub(crate) enum Package {
    /// PostgreSQL's server programs.
    Postgres,
    /// PgBouncer.
    Pooler,
}

/// A package manager and the commands, in order, that make it install each package.
struct Manager {
    program: &'static str,
    /// Whether it wants to be run by root.
    root: bool,
    postgres: &'static [&'static [&'static str]],
    pooler: &'static [&'static [&'static str]],
}

const MANAGERS: &[Manager] = &[
    Manager {
        program: "apt-get",
        root: true,
        postgres: &[
            &["apt-get", "update"],
            &[
                "apt-get",
                "install",
                "--yes",
                "--no-install-recommends",
                "postgresql-common",
            ],
            // Else the next package would create and start a server nobody asked for.
            &[
                "sed",
                "-i",
                "s/^#*create_main_cluster.*/create_main_cluster = false/",
                "/etc/postgresql-common/createcluster.conf",
            ],
            &[
                "apt-get",
                "install",
                "--yes",
                "--no-install-recommends",
                "postgresql",
            ],
        ],
        pooler: &[
            &["apt-get", "update"],
            &[
                "apt-get",
                "install",
                "--yes",
                "--no-install-recommends",
                "pgbouncer",
            ],
        ],
    },
    Manager {
        program: "dnf",
        root: true,
        postgres: &[&["dnf", "install", "--assumeyes", "postgresql-server"]],
        pooler: &[&["dnf", "install", "--assumeyes", "pgbouncer"]],
    },
    Manager {
        program: "apk",
        root: true,
        postgres: &[&["apk", "add", "--no-cache", "postgresql"]],
        pooler: &[&["apk", "add", "--no-cache", "pgbouncer"]],
    },
    Manager {
        program: "pacman",
        root: true,
        postgres: &[&[
            "pacman",
            "--sync",
            "--refresh",
            "--noconfirm",
            "--needed",
            "postgresql",
        ]],
        pooler: &[&["pacman", "--sync", "--noconfirm", "--needed", "pgbouncer"]],
    },
    Manager {
        program: "brew",
        root: false,
        postgres: &[&["brew", "install", "postgresql@17"]],
        pooler: &[&["brew", "install", "pgbouncer"]],
    },
];

/// Installs a package.
pub(crate) fn run(package: Package) -> Result {
    let path = env::var_os("PATH").unwrap_or_default();
    let manager = MANAGERS
        .iter()
        .find(|manager| is_on(&path, manager.program))
        .ok_or_else(|| {
            let known: Vec<_> = MANAGERS.iter().map(|manager| manager.program).collect();
            format!("none of {} is on PATH", known.join(", "))
        })?;
    let shell = Shell::new()?;
    shell.set_var("DEBIAN_FRONTEND", "noninteractive");
    let prefix: &[&str] = if manager.root && cmd!(shell, "id -u").quiet().read()? != "0" {
        // The variable once more, because sudo starts from a clean environment.
        &[
            "sudo",
            "--non-interactive",
            "env",
            "DEBIAN_FRONTEND=noninteractive",
        ]
    } else {
        &[]
    };
    let commands = match package {
        Package::Postgres => manager.postgres,
        Package::Pooler => manager.pooler,
    };
    for command in commands {
        let words: Vec<_> = prefix.iter().chain(*command).collect();
        let (program, arguments) = words.split_first().expect("a command has a program");
        cmd!(shell, "{program} {arguments...}").run()?;
    }
    Ok(())
}

fn is_on(path: &OsStr, program: &str) -> bool {
    env::split_paths(path).any(|directory| directory.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_in_any_directory_of_path() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("brew"), "").unwrap();
        let path = env::join_paths(["/nowhere".as_ref(), directory.path()]).unwrap();
        assert!(is_on(&path, "brew"));
        assert!(!is_on(&path, "apk"));
    }
}
