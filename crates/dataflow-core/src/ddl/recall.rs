//! Whether nothing changed since the last time.

use super::{
    DriftCheck, Fingerprint, Migrate, Outcome, Persistence, Recorded, SchemaReady, SyncOptions,
};
use crate::dialect::Dialect;
use crate::plan::Policy;
use crate::schema::SchemaSet;

/// What a start asks before anything else: are the tables still as this application left them?
///
/// It is one statement, and either wing can send it: the schema check over a connection of its own,
/// or a pool over the connection that it is going to serve with. Where the answer is yes, no other
/// connection is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recall {
    application: String,
    fingerprint: Fingerprint,
    probe: Option<Probe>,
}

impl Recall {
    /// The question for a validated set of models; none where the options have every start compare
    /// in full, or none look at all.
    pub fn of(
        schema_set: &SchemaSet,
        dialect: &dyn Dialect,
        options: &SyncOptions,
    ) -> Option<Self> {
        Self::is_asked(options).then(|| {
            Self::asking(
                Fingerprint::of_set(schema_set, dialect),
                schema_set,
                options,
            )
        })
    }

    /// The same where the fingerprint is known, also for a start that compares in full: what was
    /// recorded then tells whether there is something new to write down.
    pub(super) fn with(
        fingerprint: Fingerprint,
        schema_set: &SchemaSet,
        options: &SyncOptions,
    ) -> Option<Self> {
        Self::is_recorded(options).then(|| Self::asking(fingerprint, schema_set, options))
    }

    fn is_asked(options: &SyncOptions) -> bool {
        Self::is_recorded(options) && options.drift_check != DriftCheck::Full
    }

    fn is_recorded(options: &SyncOptions) -> bool {
        options.persistence != Persistence::None
            && options.migrate != Migrate::Skip
            // What was approved may be what an earlier start left, and only reported.
            && !matches!(options.policy, Policy::Approved(_))
    }

    fn asking(fingerprint: Fingerprint, schema_set: &SchemaSet, options: &SyncOptions) -> Self {
        Self {
            application: options.application.clone(),
            fingerprint,
            probe: (options.drift_check == DriftCheck::Probe).then(|| Probe::of(schema_set)),
        }
    }

    /// The application whose record is asked for.
    pub fn application(&self) -> &str {
        &self.application
    }

    /// What of the catalogue is probed, where more than the record is read.
    pub fn probe(&self) -> Option<Probe> {
        self.probe
    }

    /// Whether what was recorded answers with yes.
    pub(super) fn agrees(&self, recorded: &Recorded) -> bool {
        recorded.fingerprint == self.fingerprint && recorded.is_unmoved
    }

    /// The receipt, where what was recorded in a database answers with yes.
    pub fn receipt(&self, database: String, recorded: &Recorded) -> Option<SchemaReady> {
        self.agrees(recorded).then(|| SchemaReady {
            database,
            fingerprint: self.fingerprint,
            outcome: Outcome::Unchanged,
            findings: Vec::new(),
        })
    }
}

/// What a probe of the catalogue looks at beside columns, indexes, constraints and the names of
/// tables, because the models have it. Even to look in vain costs a fresh connection much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Probe {
    /// The types of named values.
    pub enum_types: bool,
    /// The triggers that write changes down.
    pub triggers: bool,
    /// The policies that keep the rows of tenants apart.
    pub policies: bool,
}

impl Probe {
    /// What these models have.
    pub fn of(schema_set: &SchemaSet) -> Self {
        let mut fields = schema_set.models().flat_map(|model| model.fields.iter());
        Self {
            enum_types: fields.any(|field| field.field_type.made_with().is_some()),
            triggers: schema_set.wants_change_feed() == Some(true),
            policies: schema_set.models().any(|model| model.row_level_security),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Sqlite;

    fn recall(options: SyncOptions) -> Option<Recall> {
        Recall::of(&SchemaSet::new(), &Sqlite, &options)
    }

    #[test]
    fn a_start_that_compares_in_full_or_not_at_all_asks_nothing() {
        let usual = SyncOptions::default;
        assert!(recall(usual()).is_some());
        let others = [
            SyncOptions {
                persistence: Persistence::None,
                ..usual()
            },
            SyncOptions {
                drift_check: DriftCheck::Full,
                ..usual()
            },
            SyncOptions {
                migrate: Migrate::Skip,
                ..usual()
            },
        ];
        for options in others {
            assert_eq!(recall(options.clone()), None, "{options:?}");
        }
    }

    #[test]
    fn only_an_equal_fingerprint_on_an_unmoved_catalogue_is_a_receipt() {
        let recall = recall(SyncOptions::default()).unwrap();
        let same = recall.fingerprint;
        let cases = [
            (same, true, true),
            (same, false, false),
            (Fingerprint::of(b"another"), true, false),
        ];
        for (fingerprint, is_unmoved, expected) in cases {
            let recorded = Recorded {
                fingerprint,
                is_unmoved,
            };
            let receipt = recall.receipt("sqlite://app.db".to_owned(), &recorded);
            assert_eq!(receipt.is_some(), expected);
        }
    }
}
