//! A child process, and what it printed.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::client::Client;

/// How long a start or a stop may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// An example that is about to start, with no environment but what it is given.
pub(crate) struct Launch(Command);

/// An example that serves. Dropping it ends it.
pub(crate) struct Program {
    child: Child,
    report: String,
    stdout: Receiver<String>,
    stderr: Option<JoinHandle<String>>,
}

/// An example that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

impl Launch {
    pub(crate) fn of(example: &str, directory: &Path) -> Self {
        let mut command = Command::new(binary(example));
        command
            .current_dir(directory)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self(command)
    }

    pub(crate) fn env(mut self, key: &str, value: &str) -> Self {
        self.0.env(key, value);
        self
    }

    pub(crate) fn arguments(mut self, arguments: &[&str]) -> Self {
        self.0.args(arguments);
        self
    }

    pub(crate) fn without(mut self, key: &str) -> Self {
        self.0.env_remove(key);
        self
    }

    /// Starts it without waiting for anything.
    pub(crate) fn spawn(mut self) -> Program {
        let mut child = self.0.spawn().unwrap();
        let (lines, stdout) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = lines.send(line);
            }
        });
        let mut errors = child.stderr.take().unwrap();
        let stderr = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            text
        });
        Program {
            child,
            report: String::new(),
            stdout,
            stderr: Some(stderr),
        }
    }

    /// Starts it, and waits for its report.
    pub(crate) fn start(self) -> Program {
        let mut program = self.spawn();
        program.wait_for_report();
        program
    }

    /// Runs a start that is expected to fail to its end.
    pub(crate) fn run(self) -> Ended {
        let began = Instant::now();
        self.spawn().end(began)
    }
}

impl Program {
    /// Waits for the report of the start, whose last line is the third command to paste.
    pub(crate) fn wait_for_report(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.commands().len() < 3 {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.stdout.recv_timeout(left) {
                Ok(line) => self.report += &format!("{line}\n"),
                Err(_) => {
                    let _ = self.child.kill();
                    let errors = self.stderr.take().unwrap().join().unwrap();
                    panic!("no report:\n{}\n{errors}", self.report);
                }
            }
        }
    }

    /// What the start printed.
    pub(crate) fn report(&self) -> &str {
        &self.report
    }

    /// The commands to paste.
    pub(crate) fn commands(&self) -> Vec<&str> {
        let commands = self.report.lines().filter_map(|line| {
            let from = line.find("curl ")?;
            Some(&line[from..])
        });
        commands.collect()
    }

    pub(crate) fn http(&self) -> Client {
        Client::new(self.address("http "))
    }

    pub(crate) fn mcp(&self) -> Client {
        Client::new(self.address("mcp "))
    }

    /// The address in the line of the report that begins with a word.
    fn address(&self, word: &str) -> SocketAddr {
        let mut lines = self.report.lines().map(str::trim_start);
        let line = lines.find(|line| line.starts_with(word)).unwrap();
        let rest = line.split_once("http://").unwrap().1;
        let end = rest.find(['/', ' ']).unwrap_or(rest.len());
        rest[..end].parse().unwrap()
    }

    /// Asks it to stop, as a process manager does.
    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(sent.success());
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(self) -> Ended {
        self.terminate();
        self.end(Instant::now())
    }

    /// Waits until it has ended by itself.
    pub(crate) fn end(mut self, since: Instant) -> Ended {
        let status = self.wait().expect("the program ends in time");
        let took = since.elapsed();
        let mut stdout = std::mem::take(&mut self.report);
        while let Ok(line) = self.stdout.recv_timeout(PATIENCE) {
            stdout += &format!("{line}\n");
        }
        Ended {
            status,
            stdout,
            stderr: self.stderr.take().unwrap().join().unwrap(),
            took,
        }
    }

    fn wait(&mut self) -> Option<ExitStatus> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.terminate();
            if self.wait().is_none() {
                let _ = self.child.kill();
                let _ = self.child.wait();
            }
        }
    }
}

/// An example of this package, which cargo builds beside its tests.
fn binary(example: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let binary = profile.join("examples").join(example);
    assert!(
        binary.exists(),
        "{} is not there: build it with cargo build -p nexus --examples, \
         as cargo test -p nexus does by itself",
        binary.display()
    );
    binary
}
