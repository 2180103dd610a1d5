//! The process that keeps a server, and ends it when its owner ends.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::{Error, Result};

/// A running server.
///
/// Between this process and the server stands a shell that reads from a pipe only this process
/// holds. Whatever ends this process (a signal, a panic that aborts, a killed test run) closes the
/// pipe, and the shell stops the server and removes its directory. No signal handler could promise
/// as much.
#[derive(Debug)]
pub(crate) struct Keeper {
    shell: Child,
}

/// How long a server may take to end.
const STOP_DEADLINE: Duration = Duration::from_secs(30);

impl Keeper {
    /// Starts `server` (program and arguments), which logs into `server.log` in `directory`.
    pub(crate) fn start(account: Account, directory: &Path, server: &Command) -> Result<Keeper> {
        let mut shell = account.command("/bin/sh");
        shell
            .args(["-c", include_str!("keeper.sh"), "keeper"])
            .arg(directory)
            .arg(server.get_program())
            .args(server.get_args())
            .current_dir(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own, so that Ctrl-C at the terminal reaches only the owner.
            .process_group(0);
        let shell = shell.spawn().map_err(Error::io("/bin/sh"))?;
        Ok(Keeper { shell })
    }

    /// Whether the server has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        matches!(self.shell.try_wait(), Ok(Some(_)))
    }

    /// Stops the server as an administrator would, open transactions rolled back, data kept.
    /// Yields whether it ended in time.
    pub(crate) fn stop(self) -> bool {
        self.say(b"stop\n")
    }

    /// Ends the server as a crash does: what it has not written to its log is gone.
    /// Yields whether it ended in time.
    pub(crate) fn crash(self) -> bool {
        self.say(b"crash\n")
    }

    fn say(mut self, word: &[u8]) -> bool {
        if let Some(pipe) = &mut self.shell.stdin {
            // A keeper that has already ended reads nothing, and is what was wanted.
            let _ = pipe.write_all(word);
        }
        self.wait()
    }

    fn wait(&mut self) -> bool {
        let deadline = Instant::now() + STOP_DEADLINE;
        while !self.has_ended() {
            if Instant::now() > deadline {
                return false;
            }
            thread::sleep(Duration::from_millis(5));
        }
        true
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        self.wait();
    }
}
