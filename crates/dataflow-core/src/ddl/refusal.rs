//! What is not done, and why.

use crate::error::{Error, Kind, Result};
use crate::plan::{Plan, Policy};

/// The plan as far as the policy allows it, unless that is not enough.
pub(super) fn allowed(plan: Plan, policy: Policy) -> Result<Plan> {
    let hash = plan.hash();
    if let Policy::Approved(approved) = policy
        && approved != hash
        && !plan.steps.is_empty()
    {
        let steps = plan.steps.iter().map(ToString::to_string).collect();
        return Err(
            refusal("the plan is no longer the one that was approved", steps)
                .with_help(format!("read it again, and approve {hash} if it is right")),
        );
    }
    let plan = plan.allowed_by(policy);
    let help = plan.blocking().find_map(|finding| finding.kind.help());
    let details = mistakes(&plan);
    if details.is_empty() {
        return Ok(plan);
    }
    let error = refusal(
        "the tables differ from the models in ways that matter",
        details,
    );
    Err(match help {
        Some(help) => error.with_help(help),
        None if plan.is_only_refused() => error.with_help(format!(
            "nothing was changed; choose the policy full if no program of the version before runs, \
             or approve plan {hash}"
        )),
        None => {
            error.with_help("change the model or the table so that they agree; nothing was changed")
        }
    })
}

/// What a program cannot work with.
pub(super) fn mistakes(plan: &Plan) -> Vec<String> {
    plan.blocking().map(ToString::to_string).collect()
}

/// An error of the schema, with a line for each thing at fault.
pub(super) fn refusal(summary: &'static str, details: Vec<String>) -> Error {
    Error::new(Kind::Schema, summary).with_details(details)
}
