//! `cargo xtask bench-instructions`: how many instructions an operation takes, beside the drivers.
//!
//! Each contender of a race runs by itself under valgrind's callgrind, which counts what all of its
//! threads execute, whatever else the machine does. It runs twice, with more laps the second time:
//! the difference holds neither the start of the program nor the filling of the tables.

use std::path::{Path, PathBuf};

use cargo_metadata::Message;
use clap::Args;
use xshell::{Shell, cmd};

use crate::postgres::{self, Missing};
use crate::{Result, workspace};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Parts of the names of the races; none counts them all
    names: Vec<String>,

    /// Also counts sea-orm, diesel-async and tokio-postgres, which take long to build
    #[arg(long)]
    rivals: bool,
}

/// How many rounds the longer run has. What surrounds them differs by a million instructions from run
/// to run, which so many laps make small.
const MANY: u64 = 30;

/// Who takes part in a race.
#[derive(Debug, PartialEq)]
struct Contender<'a> {
    race: &'a str,
    name: &'a str,
    laps: u64,
}

/// Counts and prints the contenders of each race whose name holds one of the given parts.
pub(crate) fn run(arguments: &Arguments) -> Result {
    let shell = workspace::shell()?;
    let program = build(&shell, arguments.rivals)?;
    // Bound to a name, so that it lives until the last contender has ended.
    let server = postgres::provide(Missing::Fail)?;
    shell.set_var("TEST_DATABASE_URL", server.url());

    let list = cmd!(shell, "{program} --list").quiet().read()?;
    let mut first = None;
    for contender in list.lines().map(Contender::of) {
        let contender = contender?;
        if !arguments.hold(contender.race) {
            continue;
        }
        let count = contender.count(&shell, &program)?;
        let first = match first {
            Some((race, first)) if race == contender.race => first,
            _ => {
                println!("\n{}", contender.race);
                first = Some((contender.race, count));
                count
            }
        };
        println!(
            "  {:<28} {count:>13.0} {:>7.2}",
            contender.name,
            count / first
        );
    }
    Ok(())
}

impl Arguments {
    fn hold(&self, race: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|part| race.contains(part))
    }
}

/// Builds the benchmark, and returns its path.
fn build(shell: &Shell, rivals: bool) -> Result<PathBuf> {
    let features: &[&str] = if rivals {
        &["--features", "rivals"]
    } else {
        &[]
    };
    let messages = cmd!(
        shell,
        "cargo bench --package benches {features...} --bench hot_paths --no-run
         --message-format json-render-diagnostics"
    )
    .read()?;
    for message in Message::parse_stream(messages.as_bytes()) {
        if let Message::CompilerArtifact(artifact) = message?
            && let Some(program) = artifact.executable
            && artifact.target.name == "hot_paths"
        {
            return Ok(program.into());
        }
    }
    Err("cargo named no program of the benchmark `hot_paths`".into())
}

impl<'a> Contender<'a> {
    /// What a line of the program's list says.
    fn of(line: &'a str) -> Result<Self> {
        let parts: Vec<&str> = line.split('\t').collect();
        let [race, name, laps] = parts[..] else {
            return Err(format!("the benchmark lists `{line}`, which is no contender").into());
        };
        let laps = laps.parse()?;
        Ok(Self { race, name, laps })
    }

    /// The instructions of one lap.
    fn count(&self, shell: &Shell, program: &Path) -> Result<f64> {
        let [few, many] = [self.laps, MANY * self.laps];
        let before = self.executed(shell, program, few)?;
        let after = self.executed(shell, program, many)?;
        Ok((after as f64 - before as f64) / (many - few) as f64)
    }

    /// The instructions of a whole run with so many laps.
    fn executed(&self, shell: &Shell, program: &Path, laps: u64) -> Result<u64> {
        let Self { race, name, .. } = self;
        let laps = laps.to_string();
        let run = cmd!(
            shell,
            "valgrind --tool=callgrind --callgrind-out-file=/dev/null {program} --laps {laps} {race} {name}"
        );
        let said = run.quiet().read_stderr()?;
        collected(&said).ok_or_else(|| format!("valgrind counted nothing: {said}").into())
    }
}

/// The count in callgrind's closing words.
fn collected(said: &str) -> Option<u64> {
    let (_, count) = said.rsplit_once("Collected : ")?;
    count.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read_from_the_closing_words() {
        let said = "==7== Events    : Ir\n==7== Collected : 123456\n==7==\n";
        assert_eq!(collected(said), Some(123_456));
        assert_eq!(collected("==7== no such thing"), None);
    }

    #[test]
    fn a_contender_is_a_line_of_the_list() {
        let contender = Contender::of("read by key\tby hand\t500").expect("it is one");
        let (race, name, laps) = ("read by key", "by hand", 500);
        assert_eq!(contender, Contender { race, name, laps });
        assert!(Contender::of("read by key").is_err());
    }
}
