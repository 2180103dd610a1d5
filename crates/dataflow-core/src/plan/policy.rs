//! Which steps may be made.

use super::{Class, Finding, FindingKind, Plan, Step};
use crate::ddl::Fingerprint;
use crate::schema::TableName;

/// Which steps may be made without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Those that lose nothing, keep nobody waiting and let programs of the version before go on:
    /// of class [`Safe`](Class::Safe) and [`Scan`](Class::Scan).
    #[default]
    Safe,
    /// All but the [`Irreversible`](Class::Irreversible): what was declared as renamed or dropped
    /// is, and tables are written anew.
    Full,
    /// All steps of the plan with this [hash](Plan::hash), and none of any other.
    Approved(Fingerprint),
}

impl Policy {
    /// Whether a step may be made.
    fn allows(self, step: &Step) -> bool {
        match self {
            Self::Safe => step.class <= Class::Scan,
            Self::Full => step.class <= Class::Destructive,
            Self::Approved(_) => true,
        }
    }

    /// Whether a finding is answered by approving the plan that came with it.
    fn answers(self, finding: &Finding) -> bool {
        let is_question = matches!(
            finding.kind,
            FindingKind::PerhapsRenamed { .. } | FindingKind::PerhapsRenamedTable { .. }
        );
        is_question && matches!(self, Self::Approved(_))
    }
}

impl Plan {
    /// The plan without the steps that a policy does not allow: each of those becomes a finding,
    /// which blocks if a program cannot work without it.
    #[must_use]
    pub fn allowed_by(self, policy: Policy) -> Self {
        let (steps, refused): (Vec<Step>, Vec<Step>) =
            self.steps.into_iter().partition(|step| policy.allows(step));
        let mut findings = self.findings;
        findings.retain(|finding| !policy.answers(finding));
        findings.extend(refused.iter().flat_map(Finding::of_refused));
        Self { steps, findings }
    }

    /// The plan with no step made: each becomes a finding.
    #[must_use]
    pub fn unmade(self) -> Self {
        let mut findings = self.findings;
        findings.extend(self.steps.iter().flat_map(Finding::of_refused));
        Self {
            steps: Vec::new(),
            findings,
        }
    }

    /// The plan without steps that change some tables, which a newer version of a model left as it
    /// needs them. What a program cannot work without becomes a finding that blocks.
    #[must_use]
    pub(crate) fn leaving_alone(self, tables: &[TableName]) -> Self {
        let (left, steps): (Vec<Step>, Vec<Step>) = self.steps.into_iter().partition(|step| {
            tables.contains(step.change.table())
                || step
                    .existing_table
                    .as_ref()
                    .is_some_and(|table| tables.contains(table))
        });
        let mut findings = self.findings;
        let needed = left.iter().flat_map(Finding::of_refused);
        findings.extend(needed.filter(|finding| finding.kind.stops_older_programs()));
        Self { steps, findings }
    }

    /// Whether all that blocks are steps that a policy did not allow.
    pub(crate) fn is_only_refused(&self) -> bool {
        self.blocking().all(|finding| finding.kind.is_refusal())
    }
}
