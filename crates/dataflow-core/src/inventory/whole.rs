//! Things that one statement makes and another removes.

/// A thing that one statement makes and another removes, whatever stands in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whole {
    /// What things are kept in, by name.
    Schema,
    /// What somebody else packed for many databases.
    Extension,
    /// A type with rules.
    Domain,
    /// One of its rules.
    DomainRule,
    /// A type of several values.
    CompositeType,
    /// A type of values between two others.
    RangeType,
    /// How texts are compared.
    Collation,
    /// What gives a value.
    Function,
    /// What is called.
    Procedure,
    /// A query that is read like a table.
    View,
    /// A query whose rows are kept.
    MaterializedView,
    /// What is done in the place of a statement.
    Rule,
    /// What happens when a table is written.
    Trigger,
    /// Which rows somebody may see and write.
    Policy,
    /// What the planner of queries is told about columns together.
    Statistics,
    /// How a table or a column is kept.
    Setting,
    /// What a role may do with a thing.
    Privilege,
    /// What a role may do with things that are made later.
    DefaultPrivilege,
}

impl Whole {
    const ALL: [Self; 18] = [
        Self::Schema,
        Self::Extension,
        Self::Domain,
        Self::DomainRule,
        Self::CompositeType,
        Self::RangeType,
        Self::Collation,
        Self::Function,
        Self::Procedure,
        Self::View,
        Self::MaterializedView,
        Self::Rule,
        Self::Trigger,
        Self::Policy,
        Self::Statistics,
        Self::Setting,
        Self::Privilege,
        Self::DefaultPrivilege,
    ];

    /// It in words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Domain => "domain",
            Self::DomainRule => "domain rule",
            Self::CompositeType => "composite type",
            Self::RangeType => "range type",
            Self::Collation => "collation",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Rule => "rule",
            Self::Trigger => "trigger",
            Self::Policy => "policy",
            Self::Statistics => "statistics",
            Self::Setting => "setting",
            Self::Privilege => "privilege",
            Self::DefaultPrivilege => "default privilege",
        }
    }

    /// What its words say, where they are those of one.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|whole| whole.word() == word)
    }
}
