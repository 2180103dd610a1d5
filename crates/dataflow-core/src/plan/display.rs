//! Plans and findings in words.

mod change;
mod finding;

use std::fmt;

use super::{Class, Plan, Run, Step};

/// One line for each step and finding. The alternate form, `{:#}`, adds the SQL.
impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(formatter, "+ {step}")?;
            if formatter.alternate() {
                statements(step, formatter)?;
            }
        }
        for finding in &self.findings {
            let mark = if finding.kind.is_blocking() { "!" } else { "~" };
            writeln!(formatter, "{mark} {finding}")?;
        }
        Ok(())
    }
}

/// The change, and what it costs where that is not nothing.
impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.change)?;
        if self.class == Class::Safe && self.rows == 0 {
            return Ok(());
        }
        write!(formatter, " ({}", self.class)?;
        if self.rows > 0 {
            let rows = if self.rows == 1 { "row" } else { "rows" };
            write!(formatter, ", about {} {rows}", self.rows)?;
        }
        write!(formatter, ", locks out {}", self.lock)?;
        if !self.is_transactional() {
            write!(formatter, ", not in one transaction")?;
        }
        write!(formatter, ")")
    }
}

fn statements(step: &Step, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    for statement in &step.statements {
        let manner = match statement.run {
            Run::Together => "",
            Run::Before { .. } => "-- first, must give no row\n",
            Run::Check { .. } => "-- must give no row\n",
            Run::Ahead => "-- in a transaction of its own, ahead\n",
            Run::Alone => "-- in a transaction of its own\n",
            Run::Outside { .. } => "-- in no transaction\n",
            Run::InBatches { .. } => "-- in batches\n",
        };
        for line in format!("{manner}{};", statement.sql).lines() {
            writeln!(formatter, "    {line}")?;
        }
    }
    Ok(())
}
