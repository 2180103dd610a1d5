//! `migrate`: the verbs by which a schema is administered, on the command line.
//!
//! They are the same wherever the schema comes from: an application plans from its compiled models,
//! the `nexus` command from a file, a registry or another database.

mod answer;
mod output;
mod progress;
mod script;

use std::process::ExitCode;

use clap::Subcommand;
use dataflow_core::ddl::{Fingerprint, Migrations, Outcome};
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::plan::{Plan, Policy};

use answer::Answer;
pub use output::Output;
use progress::Display;

/// The exit code that says that there is something to do: a pipeline can tell it from an error,
/// which is 1.
pub const PENDING: u8 = 2;

/// The exit codes, for help texts.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  success: the schema is up to date, or is now
  1  error
  2  plan, check and status only: changes are pending";

/// What is asked of a schema.
#[derive(Debug, Clone, Subcommand)]
pub enum Verb {
    /// Show the pending changes with their SQL, locks and risks, and the hash that approves them.
    ///
    /// Nothing is changed and no lock is taken.
    Plan {
        /// For whom the answer is.
        #[command(flatten)]
        form: Form,
        /// Where it goes.
        #[command(flatten)]
        output: Output,
    },
    /// Apply the pending changes that the migration policy allows; if one that is needed is not
    /// allowed, apply none.
    Apply {
        /// The migration policy: `safe` (no data lost, no rewrite, no downtime for programs of the
        /// version before) or `full` (also renames, declared drops and table rewrites). The
        /// default is the application's own, else `safe`.
        #[arg(long, value_parser = policy)]
        policy: Option<Policy>,
        /// For whom the answer is.
        #[command(flatten)]
        form: Form,
    },
    /// Check for drift: compare the database with the schema, one line for each difference.
    Check {
        /// For whom the answer is.
        #[command(flatten)]
        form: Form,
    },
    /// Show the last migration and how many changes are pending.
    Status {
        /// For whom the answer is.
        #[command(flatten)]
        form: Form,
    },
    /// List the applied migrations, newest first.
    History {
        /// For whom the answer is.
        #[command(flatten)]
        form: Form,
    },
    /// Print the pending changes as a SQL script.
    Sql {
        /// Where it goes.
        #[command(flatten)]
        output: Output,
    },
    /// Apply exactly the plan with this hash, whatever its risks; refuse if the plan has changed.
    Approve {
        /// The hash, as `plan` prints it.
        #[arg(value_parser = hash)]
        hash: Fingerprint,
        /// For whom the answer is.
        #[command(flatten)]
        form: Form,
    },
    /// Write the schema as a JSON file, which `nexus migrate --schema` reads.
    Dump {
        /// Where it goes.
        #[command(flatten)]
        output: Output,
    },
}

/// For whom it is printed.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Form {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Does what is asked, prints the answer, and says with which code to exit.
///
/// # Errors
///
/// What the database or the schema is refused for.
pub fn obey(verb: &Verb, migrations: &dyn Migrations) -> Result<ExitCode> {
    match verb {
        Verb::Plan { form, output } => {
            let plan = migrations.plan()?;
            output.write(&Answer::new(*form).plan(migrations, &plan))?;
            Ok(code(is_pending(&plan)))
        }
        Verb::Apply { policy, form } => {
            let policy = policy.unwrap_or(migrations.policy());
            let outcome = migrations.apply(policy, &mut Display::new().watch())?;
            answer::print(&Answer::new(*form).outcome(migrations, outcome));
            Ok(ExitCode::SUCCESS)
        }
        Verb::Check { form } => {
            let plan = migrations.plan()?.unmade();
            let is_pending = plan.blocking().next().is_some();
            answer::print(&Answer::new(*form).check(migrations, &plan));
            Ok(code(is_pending))
        }
        Verb::Status { form } => {
            let status = migrations.status()?;
            answer::print(&Answer::new(*form).status(&status));
            Ok(code(!status.is_up_to_date()))
        }
        Verb::History { form } => {
            answer::print(&Answer::new(*form).history(&migrations.history()?));
            Ok(ExitCode::SUCCESS)
        }
        Verb::Sql { output } => {
            output.write(&script::of(&migrations.plan()?))?;
            Ok(ExitCode::SUCCESS)
        }
        Verb::Approve { hash, form } => {
            let outcome = approve(*hash, migrations)?;
            answer::print(&Answer::new(*form).outcome(migrations, outcome));
            Ok(ExitCode::SUCCESS)
        }
        Verb::Dump { output } => {
            output.write(&migrations.models()?.to_json())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// A hash that no plan has is a mistake also where there is nothing to do.
fn approve(hash: Fingerprint, migrations: &dyn Migrations) -> Result<Outcome> {
    let plan = migrations.plan()?;
    if plan.steps.is_empty() {
        return Err(Error::new(Kind::Schema, "there is no plan to approve")
            .with_help("the database is up to date, or cannot be changed: see `migrate plan`"));
    }
    migrations.apply(Policy::Approved(hash), &mut Display::new().watch())
}

/// Whether a plan has something to do, or something that stands in the way.
fn is_pending(plan: &Plan) -> bool {
    !plan.steps.is_empty() || plan.blocking().next().is_some()
}

fn code(is_pending: bool) -> ExitCode {
    match is_pending {
        true => ExitCode::from(PENDING),
        false => ExitCode::SUCCESS,
    }
}

fn policy(word: &str) -> Result<Policy, String> {
    match word {
        "safe" => Ok(Policy::Safe),
        "full" => Ok(Policy::Full),
        _ => Err("write safe or full; a single plan is approved by `migrate approve HASH`".into()),
    }
}

fn hash(text: &str) -> Result<Fingerprint, String> {
    text.parse().map_err(|fault| format!("{fault}"))
}
