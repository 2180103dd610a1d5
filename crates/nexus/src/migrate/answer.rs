//! What the verbs answer, for people or for programs.

use std::io::Write as _;

use dataflow_core::ddl::{Migration, MigrationStatus, Migrations, Outcome, Status};
use dataflow_core::plan::{Plan, Policy};
use serde_json::{Value as Json, json};

use super::{Form, is_pending};

/// Answers in one of two forms.
pub(super) struct Answer {
    json: bool,
}

impl Answer {
    pub(super) fn new(form: Form) -> Self {
        Self { json: form.json }
    }

    /// The steps and findings of a plan, with the hash that approves it.
    pub(super) fn plan(&self, migrations: &dyn Migrations, plan: &Plan) -> String {
        self.said(
            || in_json(migrations, plan),
            || match is_pending(plan) || !plan.findings.is_empty() {
                false => up_to_date(migrations),
                true => format!(
                    "{}\n\n{plan:#}{}",
                    migrations.database(),
                    conclusion(plan, migrations)
                ),
            },
        )
    }

    /// What differs, a line each.
    pub(super) fn check(&self, migrations: &dyn Migrations, unmade: &Plan) -> String {
        self.said(
            || {
                json!({
                    "database": migrations.database(),
                    "matches": unmade.blocking().next().is_none(),
                    "findings": unmade.findings,
                })
            },
            || match unmade.blocking().count() {
                0 => format!("{unmade}{}", up_to_date(migrations)),
                1 => format!("{unmade}{}: 1 difference", migrations.database()),
                count => format!("{unmade}{}: {count} differences", migrations.database()),
            },
        )
    }

    /// What was done.
    pub(super) fn outcome(&self, migrations: &dyn Migrations, outcome: Outcome) -> String {
        let steps = match outcome {
            Outcome::Applied { steps } => steps,
            Outcome::Unchanged | Outcome::Drifted | Outcome::Unchecked => 0,
        };
        self.said(
            || json!({ "database": migrations.database(), "applied": steps }),
            || match steps {
                0 => up_to_date(migrations),
                1 => format!("{}: 1 change applied", migrations.database()),
                steps => format!("{}: {steps} changes applied", migrations.database()),
            },
        )
    }

    pub(super) fn status(&self, status: &Status) -> String {
        self.said(
            || {
                let mut document = json!(status);
                document["up_to_date"] = status.is_up_to_date().into();
                document
            },
            || in_words(status),
        )
    }

    pub(super) fn history(&self, history: &[Migration]) -> String {
        self.said(
            || json!(history),
            || {
                let migrations: Vec<String> = history.iter().map(paragraph).collect();
                match migrations.is_empty() {
                    true => "no migration was recorded".to_owned(),
                    false => migrations.join("\n"),
                }
            },
        )
    }

    fn said(&self, json: impl FnOnce() -> Json, text: impl FnOnce() -> String) -> String {
        match self.json {
            true => format!("{:#}", json()),
            false => text(),
        }
    }
}

/// Prints a text; a closed standard output, as of `head`, stops nothing.
pub(super) fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
}

fn in_json(migrations: &dyn Migrations, plan: &Plan) -> Json {
    let mut document = json!(plan);
    document["database"] = migrations.database().into();
    document
}

fn up_to_date(migrations: &dyn Migrations) -> String {
    format!("{}: up to date", migrations.database())
}

/// How to go on.
fn conclusion(plan: &Plan, migrations: &dyn Migrations) -> String {
    if plan.steps.is_empty() {
        return String::new();
    }
    let allowed = plan.clone().allowed_by(migrations.policy());
    let is_allowed = allowed.blocking().next().is_none();
    let refused = plan.steps.len() - allowed.steps.len();
    let hash = plan.hash();
    let approved = plan.clone().allowed_by(Policy::Approved(hash));
    if approved.blocking().next().is_some() {
        return format!(
            "\nplan {hash}\nnothing of it can be applied before what is marked with ! is solved"
        );
    }
    let apply = match (is_allowed, refused) {
        (true, 0) => "`migrate apply` makes all of it".to_owned(),
        (true, refused) => format!(
            "`migrate apply` leaves out {refused} of {} steps, `migrate approve {hash}` none",
            plan.steps.len()
        ),
        (false, _) => {
            format!("`migrate apply` would refuse it; if it is right: `migrate approve {hash}`")
        }
    };
    format!("\nplan {hash}\n{apply}")
}

fn in_words(status: &Status) -> String {
    let mut lines = vec![("database", status.database.clone())];
    if let (Some(application), Some(fingerprint)) = (&status.application, status.fingerprint) {
        lines.push(("application", application.clone()));
        lines.push(("schema", fingerprint.to_string()));
    }
    let last = status.last.as_ref().map_or("never".to_owned(), |last| {
        format!("{} ({})", last.applied_at, state(last))
    });
    lines.push(("migrated", last));
    if let Some(is_unmoved) = status.is_unmoved {
        let tables = match is_unmoved {
            true => "as they were left",
            false => "changed since by somebody else",
        };
        lines.push(("tables", tables.to_owned()));
    }
    let pending = match (status.pending, status.blocking) {
        (0, 0) => "nothing".to_owned(),
        (pending, 0) => format!("{pending} changes"),
        (pending, blocking) => {
            format!("{pending} changes; {blocking} differences that none of them removes")
        }
    };
    lines.push(("pending", pending));
    let lines = lines
        .iter()
        .map(|(name, text)| format!("{name:<12} {text}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn state(migration: &Migration) -> String {
    let word = match migration.status {
        MigrationStatus::Done => "done",
        MigrationStatus::Running => "running, or interrupted",
        MigrationStatus::Failed => "failed",
    };
    match &migration.step {
        Some(step) => format!("{word} at: {step}"),
        None => word.to_owned(),
    }
}

fn paragraph(migration: &Migration) -> String {
    let mut text = format!(
        "{} {} {}, {} by {}",
        migration.id,
        migration.applied_at,
        migration.application,
        state(migration),
        migration.made_by
    );
    for change in &migration.changes {
        text += &format!("\n    {change}");
    }
    text
}
