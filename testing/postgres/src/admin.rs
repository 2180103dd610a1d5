//! One statement on a connection of its own.

use std::thread;
use std::time::Duration;

use postgres::{Client, Config, NoTls};

/// Connects to `url`, runs `sql` and disconnects.
///
/// All of it happens on a thread of its own, because the blocking client panics on a thread that
/// belongs to an async runtime.
pub(crate) fn execute(url: &str, sql: &str) -> Result<(), postgres::Error> {
    let run = || {
        let mut config: Config = url.parse()?;
        config.connect_timeout(Duration::from_secs(10));
        let mut client: Client = config.connect(NoTls)?;
        client.batch_execute(sql)
    };
    thread::scope(|scope| scope.spawn(run).join())
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
