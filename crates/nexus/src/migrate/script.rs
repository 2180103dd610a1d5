//! A plan as a script for the database's own shell.

use std::fmt::Write as _;

use dataflow_core::plan::{Plan, Run, Statement, Step};

/// What a table is written anew with, on a database that would meanwhile delete the rows that point
/// at it.
const WRITTEN_ANEW: &str = "PRAGMA legacy_alter_table = ON";

/// The statements in the order in which they are run: queries that must find nothing, what one
/// transaction uses, it, and what cannot be part of it.
pub(super) fn of(plan: &Plan) -> String {
    let mut script = format!("-- plan {}\n", plan.hash());
    for finding in &plan.findings {
        let mark = match finding.kind.is_blocking() {
            true => "not solved",
            false => "left as it is",
        };
        let _ = writeln!(script, "-- {mark}: {finding}");
    }
    section(
        &mut script,
        "before: each must give no row",
        plan,
        Step::before,
    );
    section(&mut script, "ahead: each by itself", plan, Step::ahead);
    let together: Vec<&Statement> = plan.steps.iter().flat_map(Step::together).collect();
    if !together.is_empty() {
        let is_written_anew = together
            .iter()
            .any(|statement| statement.sql == WRITTEN_ANEW);
        // Inside a transaction this would do nothing.
        let (before, after) = match is_written_anew {
            true => (
                "PRAGMA foreign_keys = OFF;\n",
                "PRAGMA foreign_keys = ON;\n",
            ),
            false => ("", ""),
        };
        let _ = writeln!(script, "\n{before}BEGIN;");
        section(&mut script, "", plan, Step::together);
        let _ = write!(script, "\nCOMMIT;\n{after}");
    }
    section(&mut script, "after: each by itself", plan, Step::later);
    script.trim_end().to_owned()
}

fn section<'a, Statements: Iterator<Item = &'a Statement>>(
    script: &mut String,
    title: &str,
    plan: &'a Plan,
    statements: impl Fn(&'a Step) -> Statements,
) {
    let mut is_titled = title.is_empty();
    for step in &plan.steps {
        let mut is_named = false;
        for statement in statements(step) {
            if !std::mem::replace(&mut is_titled, true) {
                let _ = writeln!(script, "\n-- {title}");
            }
            if !std::mem::replace(&mut is_named, true) {
                let _ = writeln!(script, "\n-- {step}");
            }
            if matches!(statement.run, Run::Check { .. }) {
                script.push_str("-- must give no row\n");
            }
            let _ = writeln!(script, "{};", statement.sql);
        }
    }
}
