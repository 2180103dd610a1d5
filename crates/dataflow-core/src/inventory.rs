//! Everything that a schema holds, each thing with the words of the catalogue.
//!
//! A [`snapshot`](crate::snapshot) holds what models can declare. An inventory holds what there is,
//! whoever made it and whatever it is, so that two schemas with equal inventories are alike.

mod found;
mod schemas;
mod whole;

pub use schemas::Schemas;
pub use whole::Whole;

use std::collections::HashSet;

use crate::ddl;
use crate::dialect::{TRIGGER_PREFIX, table_identifier};
use crate::feed::CHANGES_TABLE;
use crate::schema::TableName;

/// Everything that some schemas hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inventory {
    /// The name of the dialect whose words these are.
    pub dialect: &'static str,
    /// The schemas.
    pub schemas: Schemas,
    /// The things, in an order in which they can be made.
    pub items: Vec<Item>,
    /// Which thing cannot be without which other.
    pub needs: Vec<Need>,
    /// What writes down the changes of rows, once it is told apart from the items.
    pub feed: Vec<Item>,
    /// The tables that extensions brought, which belong to those and are no items.
    pub brought: Vec<Brought>,
}

/// A table that an extension brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// The name of the table.
    pub table: String,
    /// The name of the extension.
    pub extension: String,
}

/// That one thing cannot be without another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The [id](Item::id) of the one.
    pub dependent: String,
    /// The id of the other.
    pub needed: String,
    /// Whether only the default or the expression of a column needs it.
    pub is_value: bool,
}

/// One thing of a schema.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// The schema that it is in, where schemas are named.
    pub schema: Option<String>,
    /// The table that it goes with, where it does.
    pub table: Option<String>,
    /// Its name, within the table where it has one.
    pub name: String,
    /// What it is like, in the one spelling that all of its spellings share.
    pub definition: String,
    /// The statement that makes it, or a part of it, as the kind says.
    pub sql: String,
    /// What no statement makes of it; empty where there is nothing.
    pub beyond: String,
    /// What others in the same inventory call it; empty where none does.
    pub id: String,
    /// The id of the thing that it is a part of and goes with; empty where there is none.
    pub of: String,
    /// The statement that removes it, where it is a [`Whole`], or a comment that leaves another.
    pub undo: String,
    /// What is known of it beside its statement, as the kind says. Of a [`Whole`]: what has to stay
    /// for the statement to change it in place, what a domain is made of, and which versions of an
    /// extension are reached from the one that is there. Of a table: whose partition it is and how
    /// its own are told apart, or where keys lead that no row can follow. Of a sequence:
    /// [`UNUSED`](Self::UNUSED) where it never counted.
    pub shape: String,
}

/// What a thing is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum ItemKind {
    /// A type of named values; the definition lists them as literals.
    Enum,
    /// A counter.
    Sequence,
    /// What a counter counts up for, as `"table"."column"`.
    SequenceOwner,
    /// A table. Where it is made of its columns, it has no statement.
    #[default]
    Table,
    /// A column of a table that is made of its columns.
    Column(ColumnParts),
    /// A primary key, a unique or exclusion constraint, a check; the statement is its clause.
    Constraint,
    /// A constraint that points at another table; the statement is its clause.
    ForeignKey,
    /// An index that belongs to no constraint.
    Index,
    /// A comment on a thing; the name is what `COMMENT ON` calls it.
    Comment,
    /// What one statement makes and another removes.
    Whole(Whole),
    /// Anything else, by its kind.
    Other(String),
}

/// The parts of a column, each as a clause; empty where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct ColumnParts {
    /// The type.
    pub column_type: String,
    /// `COLLATE …`
    pub collation: String,
    /// The expression after `DEFAULT`.
    pub default: String,
    /// Whether it refuses null.
    pub not_null: bool,
    /// What follows `GENERATED` where the database counts it up.
    pub identity: String,
    /// The expression that it is computed of.
    pub generated: String,
    /// `STORED` or `VIRTUAL`, where it is computed.
    pub kept: String,
}

/// What a thing is known by.
pub(crate) type Place<'a> = (&'a str, Option<&'a str>, Option<&'a str>, &'a str);

impl Inventory {
    /// The inventory without the tables that the house keeps for itself, and with what writes to
    /// them told apart: it goes with the tables that it watches, in whichever database they are.
    #[must_use]
    pub fn without_ledger(mut self) -> Self {
        let is_ledger = |name: &str| {
            let tables = [
                ddl::REGISTRY_TABLE,
                ddl::VERSION_TABLE,
                ddl::HISTORY_TABLE,
                ddl::STATE_TABLE,
                CHANGES_TABLE,
            ];
            tables.contains(&name)
        };
        let writes_there =
            |item: &Item| matches!(item.kind, ItemKind::Whole(Whole::Trigger | Whole::Function));
        let is_of_ledger = |item: &Item| {
            let is_table = item.kind == ItemKind::Table && is_ledger(&item.name);
            is_table || item.table.as_deref().is_some_and(is_ledger)
        };
        let is_writer = |item: &Item| {
            let name = item.name.trim_start_matches('"');
            writes_there(item) && name.starts_with(TRIGGER_PREFIX)
        };
        self.items.retain(|item| !is_of_ledger(item));
        (self.feed, self.items) = self.items.into_iter().partition(is_writer);
        let feed: HashSet<&str> = self.feed.iter().map(|item| &*item.id).collect();
        self.items
            .retain(|item| item.of.is_empty() || !feed.contains(&*item.of));
        self
    }

    /// The name of a table of the schema.
    pub fn table(&self, name: &str) -> TableName {
        TableName {
            schema: self.schemas.one().map(|name| name.to_owned().into()),
            name: name.to_owned().into(),
        }
    }

    /// What differs from another inventory, a line each; none where both are alike.
    pub fn differences(&self, wanted: &Self) -> Vec<String> {
        let (here, there) = (self.by_place(), wanted.by_place());
        let mut lines: Vec<String> = wanted
            .items
            .iter()
            .filter_map(|item| match here.get(&item.place()) {
                None => Some(format!("{item} is missing")),
                Some(found) if !found.is_like(item) => Some(format!("{item} differs")),
                Some(_) => None,
            })
            .collect();
        let left = self.items.iter();
        let left = left.filter(|item| !there.contains_key(&item.place()));
        lines.extend(left.map(|item| format!("{item} is left")));
        lines
    }
}

impl Item {
    /// The shape of a sequence that never counted.
    pub const UNUSED: &'static str = "unused";

    /// What it is known by.
    pub(crate) fn place(&self) -> Place<'_> {
        let (schema, table) = (self.schema.as_deref(), self.table.as_deref());
        (self.kind.word(), schema, table, &self.name)
    }

    /// All of its name, where it has one of its own in its schema.
    pub(crate) fn full_name(&self) -> TableName {
        self.named(&self.name)
    }

    /// The table that it goes with, or itself where it goes with none.
    pub(crate) fn owner(&self) -> TableName {
        self.named(self.table.as_ref().unwrap_or(&self.name))
    }

    /// The table that it goes with, as it stands in statements.
    pub(crate) fn owner_identifier(&self) -> String {
        table_identifier(&self.owner())
    }

    /// It as it stands in statements.
    pub(crate) fn identifier(&self) -> String {
        table_identifier(&self.full_name())
    }

    fn named(&self, name: &str) -> TableName {
        TableName {
            schema: self.schema.clone().map(Into::into),
            name: name.to_owned().into(),
        }
    }

    /// Whether another thing is the same in every respect.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.definition == other.definition
            && self.beyond == other.beyond
    }
}

impl std::fmt::Display for Item {
    /// Its kind and name, and the table that it goes with.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = self.kind.word();
        match (&self.kind, &self.table) {
            (ItemKind::Comment, _) => write!(formatter, "{word} on {}", self.name),
            (_, Some(_)) => {
                let (name, table) = (&self.name, self.owner());
                write!(formatter, "{word} {name:?} of table {table:?}")
            }
            (_, None) => write!(formatter, "{word} {:?}", self.full_name()),
        }
    }
}

impl ItemKind {
    /// It in a word.
    pub(crate) fn word(&self) -> &str {
        match self {
            Self::Enum => "enum",
            Self::Sequence => "sequence",
            Self::SequenceOwner => "owner of sequence",
            Self::Table => "table",
            Self::Column(_) => "column",
            Self::Constraint => "constraint",
            Self::ForeignKey => "foreign key",
            Self::Index => "index",
            Self::Comment => "comment",
            Self::Whole(whole) => whole.word(),
            Self::Other(word) => word,
        }
    }
}
