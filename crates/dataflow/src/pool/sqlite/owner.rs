//! The one who holds a connection, on a thread of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dataflow_core::Result;
use dataflow_core::endpoint::SqliteEndpoint;
use rusqlite::Connection;

use super::job::Job;
use super::watch::Watch;
use super::{group, open};
use crate::pool::PoolSettings;

/// A connection, opened for the first job and again for each that finds none.
pub(super) struct Owner {
    role: Role,
    endpoint: SqliteEndpoint,
    settings: PoolSettings,
    watch: Watch,
    connection: Option<Connection>,
    gauge: Arc<Gauge>,
}

impl Owner {
    pub(super) fn new(
        role: Role,
        endpoint: &SqliteEndpoint,
        settings: &PoolSettings,
        gauge: &Arc<Gauge>,
    ) -> Self {
        Self {
            role,
            endpoint: endpoint.clone(),
            settings: settings.clone(),
            watch: Watch::new(settings.statement_timeout),
            connection: None,
            gauge: gauge.clone(),
        }
    }

    /// Runs jobs, in one transaction if there are several, and leaves those that are to be answered,
    /// after the commit. Those whose callers have left are dropped.
    pub(super) fn run(&mut self, jobs: &mut Vec<Box<dyn Job>>) {
        jobs.retain(|job| job.take());
        if jobs.is_empty() {
            return;
        }
        self.gauge.busy.fetch_add(1, Ordering::Relaxed);
        match self.connection() {
            Ok((connection, watch)) => group::run(connection, jobs, watch),
            Err(error) => {
                for job in jobs {
                    job.fail(error.clone());
                }
            }
        }
        self.put_right();
        self.gauge.busy.fetch_sub(1, Ordering::Relaxed);
    }

    /// Moves what the log holds into the file, as the last one who has the database open.
    pub(super) fn empty_the_log(&self) {
        if let Some(connection) = &self.connection {
            let emptied = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            if let Err(fault) = emptied {
                tracing::warn!(%fault, "the write-ahead log was not emptied");
            }
        }
    }

    /// Closes the connection where it is not for the next job what it was for the first.
    fn put_right(&mut self) {
        let is_lost = |connection: &mut Connection| !open::is_put_right(connection);
        if self.connection.take_if(is_lost).is_some() {
            self.gauge.open.fetch_sub(1, Ordering::Relaxed);
            tracing::warn!("a connection was closed: its transaction or its settings stuck to it");
        }
    }

    fn connection(&mut self) -> Result<(&mut Connection, &Watch)> {
        if self.connection.is_none() {
            self.connection = Some(self.open()?);
        }
        let connection = self.connection.as_mut();
        Ok((connection.expect("it was just opened"), &self.watch))
    }

    fn open(&self) -> Result<Connection> {
        let Self {
            endpoint,
            settings,
            watch,
            ..
        } = self;
        let connection = match self.role {
            Role::Writer => open::writer(endpoint, settings, watch),
            Role::Reader => open::reader(endpoint, settings, watch),
        }?;
        self.gauge.open.fetch_add(1, Ordering::Relaxed);
        Ok(connection)
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        if self.connection.is_some() {
            self.gauge.open.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Only reads.
    Reader,
    /// Writes, and reads where there is no other.
    Writer,
}

/// How many connections are open, and how many of them are at work.
#[derive(Default)]
pub(super) struct Gauge {
    open: AtomicUsize,
    busy: AtomicUsize,
}

impl Gauge {
    pub(super) fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    pub(super) fn idle(&self) -> usize {
        self.open()
            .saturating_sub(self.busy.load(Ordering::Relaxed))
    }
}
