//! An index, as a catalogue describes it.

use super::desired::name;
use crate::dialect::mentions;
use crate::schema::{Deferrable, Nulls};

/// One index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// What it covers, in order.
    pub members: Vec<IndexMember>,
    /// Whether no two rows may agree on all of it.
    pub unique: bool,
    /// How it is built; none for the sorted kind, PostgreSQL's `btree`.
    pub method: Option<String>,
    /// Columns that it holds beside what it covers.
    pub include: Vec<String>,
    /// The rows it covers, as a condition; none for all.
    pub predicate: Option<String>,
    /// For how long rows may agree; it is a constraint then, of the same name.
    pub deferrable: Option<Deferrable>,
    /// Whether nulls agree.
    pub nulls_not_distinct: bool,
}

/// One thing that an index covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexMember {
    /// A column or an expression.
    pub key: IndexKey,
    /// Whether the largest value stands first.
    pub descending: bool,
    /// Where null stands, when that is not where the database would put it.
    pub nulls: Option<Nulls>,
    /// The operator class, when it is not that of the type.
    pub operator_class: Option<String>,
    /// The collation, when it is not that of the column.
    pub collation: Option<String>,
}

/// What a member of an index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexKey {
    /// The column of a name.
    Column(String),
    /// An expression over columns.
    Expression(String),
}

impl Index {
    /// Whether this index does the work of another, whatever it is called. A unique one serves
    /// where a plain one is wanted, and it may include more.
    pub fn serves_as(&self, desired: &Self) -> bool {
        let includes = |column| self.include.contains(column);
        self.members == desired.members
            && self.method == desired.method
            && self.predicate == desired.predicate
            && (!desired.unique || self.refuses_as(desired))
            && desired.include.iter().all(includes)
    }

    /// Whether it refuses rows that agree, at the same moment as another.
    fn refuses_as(&self, other: &Self) -> bool {
        self.unique
            && self.deferrable == other.deferrable
            && self.nulls_not_distinct == other.nulls_not_distinct
    }

    /// The columns of which no two rows ever agree on all, if it says so of columns alone and of all
    /// rows.
    pub fn unique_columns(&self) -> Option<Vec<&String>> {
        let column = |member: &'_ IndexMember| match &member.key {
            IndexKey::Column(_) => member.operator_class.is_none() && member.collation.is_none(),
            IndexKey::Expression(_) => false,
        };
        let is_promise = self.unique
            && self.predicate.is_none()
            && self.method.is_none()
            && self.deferrable.is_none();
        let is_plain = is_promise && self.members.iter().all(column);
        is_plain.then(|| self.columns().take(self.members.len()).collect())
    }

    /// The columns that it covers or includes, without those that stand in expressions.
    pub fn columns(&self) -> impl Iterator<Item = &String> {
        let covered = self.members.iter().filter_map(|member| match &member.key {
            IndexKey::Column(column) => Some(column),
            IndexKey::Expression(_) => None,
        });
        covered.chain(&self.include)
    }

    /// As [`columns`](Self::columns), to be changed.
    pub(crate) fn columns_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let covered = self
            .members
            .iter_mut()
            .filter_map(|member| match &mut member.key {
                IndexKey::Column(column) => Some(column),
                IndexKey::Expression(_) => None,
            });
        covered.chain(&mut self.include)
    }

    /// The expressions that it covers, and the condition on its rows.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &String> {
        let covered = self.members.iter().filter_map(|member| match &member.key {
            IndexKey::Expression(expression) => Some(expression),
            IndexKey::Column(_) => None,
        });
        covered.chain(&self.predicate)
    }

    /// As [`expressions`](Self::expressions), to be changed.
    pub(crate) fn expressions_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let covered = self
            .members
            .iter_mut()
            .filter_map(|member| match &mut member.key {
                IndexKey::Expression(expression) => Some(expression),
                IndexKey::Column(_) => None,
            });
        covered.chain(&mut self.predicate)
    }

    /// What it is called until it becomes a constraint.
    pub(crate) fn begun_name(&self) -> String {
        name::of(&self.name, &[], "begun")
    }

    /// Whether it covers, includes or speaks of a column.
    pub(crate) fn is_about(&self, column: &str) -> bool {
        self.columns().any(|name| name == column)
            || self
                .expressions()
                .any(|expression| mentions(expression, column))
    }

    /// Whether the database may spell a part of it in other words than the model does.
    pub fn has_expression(&self) -> bool {
        self.predicate.is_some()
            || self.members.iter().any(|member| {
                matches!(member.key, IndexKey::Expression(_)) || member.operator_class.is_some()
            })
    }
}

impl IndexMember {
    /// A column, sorted as usual.
    pub fn column(name: impl Into<String>) -> Self {
        Self::sorted(IndexKey::Column(name.into()))
    }

    /// A key, sorted as usual.
    pub fn sorted(key: IndexKey) -> Self {
        Self {
            key,
            descending: false,
            nulls: None,
            operator_class: None,
            collation: None,
        }
    }
}
