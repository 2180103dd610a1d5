//! The steps of a migration while they are made: on a terminal one line that moves, elsewhere a line
//! for each, and for each tenth of the batches that it is made in.

use std::io::Write as _;
use std::time::Duration;

use dataflow_core::ddl::{Batches, Progress};
use indicatif::{ProgressBar, ProgressStyle};

/// How often the clock on a terminal moves.
const TICK: Duration = Duration::from_millis(200);

/// Shows the step that is being made, on standard error.
pub(super) struct Display {
    bar: Option<ProgressBar>,
    /// How many tenths of the step a line told of.
    tenths: u64,
}

impl Display {
    pub(super) fn new() -> Self {
        Self {
            bar: bar(),
            tenths: 0,
        }
    }

    /// What a migration tells its steps to.
    pub(super) fn watch(mut self) -> impl FnMut(Progress<'_>) + Send {
        move |progress| self.show(progress)
    }

    fn show(&mut self, progress: Progress<'_>) {
        let Progress {
            number,
            count,
            step,
            batches,
        } = progress;
        let batch = batches.map(|batches| format!("{batches}: "));
        let line = format!("[{number}/{count}] {}{step}", batch.unwrap_or_default());
        if let Some(bar) = &self.bar {
            bar.set_message(line);
        } else if self.is_worth_a_line(batches) {
            // Nobody may be reading; the migration goes on all the same.
            drop(writeln!(std::io::stderr(), "{line}"));
        }
    }

    fn is_worth_a_line(&mut self, batches: Option<Batches>) -> bool {
        let tenths = batches.map_or(0, |batches| 10 * batches.done / batches.count.max(1));
        let told = std::mem::replace(&mut self.tenths, tenths);
        batches.is_none() || tenths > told
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// None where nothing can move, as in a file or on a terminal that calls itself dumb.
fn bar() -> Option<ProgressBar> {
    let bar = ProgressBar::new_spinner();
    if bar.is_hidden() {
        return None;
    }
    let style = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}");
    bar.set_style(style.expect("the template is one"));
    bar.set_message("comparing models and tables");
    bar.enable_steady_tick(TICK);
    Some(bar)
}
