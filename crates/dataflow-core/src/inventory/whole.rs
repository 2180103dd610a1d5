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
    /// What makes one value of many.
    Aggregate,
    /// What stands between two values, or before one.
    Operator,
    /// What makes a value of one type one of another.
    Cast,
    /// What makes a text of one encoding one of another.
    Conversion,
    /// What finds the words that a search looks for.
    TextSearchDictionary,
    /// How texts are taken apart for searches.
    TextSearchConfiguration,
    /// What reaches data elsewhere.
    ForeignDataWrapper,
    /// Where data is that is elsewhere.
    ForeignServer,
    /// Whose changes others may follow.
    Publication,
    /// What happens when a schema is changed.
    EventTrigger,
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
    /// Who owns a thing.
    Owner,
    /// What a role may do with a thing.
    Privilege,
    /// What a role may do with things that are made later.
    DefaultPrivilege,
}

impl Whole {
    const ALL: [Self; 29] = [
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
        Self::Aggregate,
        Self::Operator,
        Self::Cast,
        Self::Conversion,
        Self::TextSearchDictionary,
        Self::TextSearchConfiguration,
        Self::ForeignDataWrapper,
        Self::ForeignServer,
        Self::Publication,
        Self::EventTrigger,
        Self::Rule,
        Self::Trigger,
        Self::Policy,
        Self::Statistics,
        Self::Setting,
        Self::Owner,
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
            Self::Aggregate => "aggregate",
            Self::Operator => "operator",
            Self::Cast => "cast",
            Self::Conversion => "conversion",
            Self::TextSearchDictionary => "text search dictionary",
            Self::TextSearchConfiguration => "text search configuration",
            Self::ForeignDataWrapper => "foreign data wrapper",
            Self::ForeignServer => "foreign server",
            Self::Publication => "publication",
            Self::EventTrigger => "event trigger",
            Self::Rule => "rule",
            Self::Trigger => "trigger",
            Self::Policy => "policy",
            Self::Statistics => "statistics",
            Self::Setting => "setting",
            Self::Owner => "owner",
            Self::Privilege => "privilege",
            Self::DefaultPrivilege => "default privilege",
        }
    }

    /// What its words say, where they are those of one.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|whole| whole.word() == word)
    }
}
