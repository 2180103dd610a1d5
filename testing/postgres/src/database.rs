//! A database of one's own, on a server somebody else started.

use std::env;
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use url::Url;

use crate::admin;

/// An empty database with a name nobody else uses; dropped with the value, together with whatever
/// connections are still open to it.
#[derive(Debug)]
pub struct Database {
    cluster_url: String,
    name: String,
    url: String,
    superuser_url: String,
}

/// The URL of the server the tests run against, from `TEST_DATABASE_URL`.
///
/// # Panics
///
/// When the variable is missing or empty: a test that needs PostgreSQL fails without one, it is
/// never skipped.
pub fn test_database_url() -> String {
    match env::var("TEST_DATABASE_URL") {
        Ok(url) if !url.is_empty() => url,
        _ => panic!("run the tests through cargo xtask test, or set TEST_DATABASE_URL"),
    }
}

impl Database {
    /// Creates a database on the server of `cluster_url`, the URL of a superuser.
    ///
    /// # Panics
    ///
    /// When the URL cannot be read or the server refuses.
    pub fn create(cluster_url: &str) -> Database {
        let name = unused_name();
        let mut url = Url::parse(cluster_url).expect("the cluster's address is a URL");
        url.set_path(&name);
        admin::execute(
            cluster_url,
            &format!("CREATE DATABASE {name} TEMPLATE template0"),
        )
        .unwrap_or_else(|error| panic!("cannot create database {name}: {error:?}"));
        let url = String::from(url);
        Database {
            cluster_url: cluster_url.to_owned(),
            name,
            superuser_url: url.clone(),
            url,
        }
    }

    /// Creates a database that is owned, and reached, by a role that is no superuser and bypasses
    /// nothing. The role is called as the database, and goes with it.
    ///
    /// # Panics
    ///
    /// As [`create`](Self::create).
    pub fn create_for_plain_role(cluster_url: &str) -> Database {
        let mut database = Self::create(cluster_url);
        let name = &database.name;
        let mut url = Url::parse(&database.url).expect("the database's address is a URL");
        url.set_username(name).expect("the address has a host");
        url.set_password(Some(name))
            .expect("the address has a host");
        let sql = format!(
            "CREATE ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{name}'; \
             ALTER DATABASE {name} OWNER TO {name}"
        );
        admin::execute(cluster_url, &sql)
            .unwrap_or_else(|error| panic!("cannot create role {name}: {error:?}"));
        database.url = url.into();
        database
    }

    /// The URL of this database for the superuser who made it.
    pub fn superuser_url(&self) -> &str {
        &self.superuser_url
    }

    /// The URL of this database for whom it is, with the parameters of the cluster's URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The name of this database; needs no quotes.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Database {
    /// A server that has gone took the database with it, so a failure here is only reported.
    fn drop(&mut self) {
        let name = &self.name;
        for sql in [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("DROP ROLE IF EXISTS {name}"),
        ] {
            if let Err(error) = admin::execute(&self.cluster_url, &sql) {
                eprintln!("database {name} or its role is left behind: {error}");
            }
        }
    }
}

/// A name that differs between threads, processes and machines that share a server.
fn unused_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let nanoseconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_nanos());
    format!("test_{:x}_{nanoseconds:x}_{count}", process::id())
}
