//! One start of one program, from `exec` to its answers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Result, workspace};

/// Longer than any start may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program of `benches`, by name, with its arguments.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) arguments: Vec<String>,
}

/// A started program; ended with this value.
pub(crate) struct Started {
    child: Child,
    begun: Instant,
    address: String,
    /// From `exec` to the line that says where it listens.
    pub(crate) ready: Duration,
}

impl Program {
    /// Starts it and waits until it says where it listens.
    pub(crate) fn start(&self) -> Result<Started> {
        let path = workspace::root().join("target/release").join(self.name);
        let begun = Instant::now();
        let mut child = Command::new(&path)
            .args(&self.arguments)
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let stdout = child.stdout.take().expect("the output is piped");
        let address = BufReader::new(stdout)
            .lines()
            .map_while(|line| line.ok())
            .find_map(|line| address_in(&line));
        let ready = begun.elapsed();
        match address {
            Some(address) => Ok(Started {
                child,
                begun,
                address,
                ready,
            }),
            None => {
                let status = child.wait()?;
                Err(format!("{} ended before it listened ({status})", self.name).into())
            }
        }
    }
}

/// What stands behind the first `http://` of a line, up to a space or slash.
fn address_in(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("http://")?;
    let address = rest.split([' ', '/']).next()?;
    Some(address.to_owned())
}

impl Started {
    /// Sends a request, expects a 2xx answer, and returns its body and the time since `exec`.
    pub(crate) fn answer(
        &self,
        method: &str,
        path: &str,
        body: &str,
    ) -> Result<(String, Duration)> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let since = self.begun.elapsed();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        if !head.starts_with("HTTP/1.1 2") {
            return Err(format!("{method} {path} was answered with {answer:?}").into());
        }
        Ok((body.to_owned(), since))
    }

    /// The proportional set size of the process, in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        let path = format!("/proc/{}/smaps_rollup", self.child.id());
        let text = std::fs::read_to_string(Path::new(&path))?;
        let kilobytes = text
            .lines()
            .find_map(|line| line.strip_prefix("Pss:"))
            .and_then(|rest| rest.trim().strip_suffix(" kB"))
            .ok_or("smaps_rollup names no Pss")?;
        Ok(kilobytes.trim().parse::<u64>()? * 1024)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_a_report() {
        let cases = [
            ("ready http://127.0.0.1:80", Some("127.0.0.1:80")),
            ("  http       http://127.0.0.1:81", Some("127.0.0.1:81")),
            ("  mcp  http://127.0.0.1:82/mcp", Some("127.0.0.1:82")),
            ("ready in 3 ms", None),
        ];
        for (line, address) in cases {
            assert_eq!(address_in(line).as_deref(), address, "{line}");
        }
    }
}
