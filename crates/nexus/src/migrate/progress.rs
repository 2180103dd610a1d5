//! The steps of a migration while they are made: on a terminal one line that moves, elsewhere a line
//! for each.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use dataflow_core::ddl::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// How often the clock on a terminal moves.
const TICK: Duration = Duration::from_millis(200);

/// Shows the step that is being made, on standard error.
pub(super) struct Display {
    bar: Option<ProgressBar>,
}

impl Display {
    pub(super) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(bar);
        Self { bar }
    }

    /// What a migration tells its steps to.
    pub(super) fn watch(self) -> impl FnMut(Progress<'_>) + Send {
        move |progress| self.show(progress)
    }

    fn show(&self, progress: Progress<'_>) {
        let Progress {
            number,
            count,
            step,
        } = progress;
        match &self.bar {
            Some(bar) => {
                bar.set_length(count as u64);
                bar.set_position(number as u64);
                bar.set_message(step.to_string());
            }
            // Nobody may be reading; the migration goes on all the same.
            None => drop(writeln!(std::io::stderr(), "[{number}/{count}] {step}")),
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{spinner} [{pos}/{len}] {elapsed} {msg}");
    bar.set_style(style.expect("the template is one"));
    bar.enable_steady_tick(TICK);
    bar
}
