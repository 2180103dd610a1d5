//! Columns of tables that can be changed in place.

use super::{Likeness, Rank};
use crate::dialect::{TypeChange, identifier, in_utc};
use crate::inventory::{ColumnParts, Item, ItemKind};
use crate::plan::{Class, Lock, Statement};

impl<'a> Likeness<'a> {
    pub(super) fn add_column(&mut self, item: &'a Item, parts: &ColumnParts) {
        // It stands in the statement of a table that is new, or written anew.
        if self.coming.contains(&item.owner()) || !self.dialect.capability().alter_column {
            return;
        }
        let of = item.owner_identifier();
        let sql = format!("ALTER TABLE {of} ADD COLUMN {}", clause(&item.name, parts));
        let is_filled =
            !parts.default.is_empty() || !parts.identity.is_empty() || !parts.generated.is_empty();
        let is_written = !parts.identity.is_empty()
            || parts.kept == "STORED"
            || !parts.default.is_empty() && self.dialect.is_volatile(&parts.default);
        let class = match (parts.not_null && !is_filled, is_written) {
            (true, _) => Class::Breaking,
            (false, true) => Class::Rewrite,
            (false, false) => Class::Safe,
        };
        let mut step = self.step(item, "add", class, Lock::Everybody, sql);
        if parts.not_null && !is_filled {
            let refusal = format!("{item}: nothing fills it in the rows that exist");
            let query = format!("SELECT 1 FROM {of} LIMIT 1");
            step.statements.insert(0, Statement::before(query, refusal));
        }
        self.place(Rank::Column, item, step);
    }

    /// What is computed can be computed again.
    pub(super) fn drop_column(&mut self, item: &'a Item, parts: &ColumnParts) {
        if !self.dialect.capability().alter_column {
            return;
        }
        let class = match parts.generated.is_empty() {
            true => Class::Destructive,
            false => Class::Breaking,
        };
        let only = match self.stays_with_children(item) {
            true => "ONLY ",
            false => "",
        };
        let (of, name) = (item.owner_identifier(), identifier(&item.name));
        let sql = format!("ALTER TABLE {only}{of} DROP COLUMN {name}");
        let step = self.step(item, "drop", class, Lock::Everybody, sql);
        self.place(Rank::WithoutColumn, item, step);
    }

    pub(super) fn change_column(
        &mut self,
        item: &'a Item,
        found: &ColumnParts,
        wanted: &ColumnParts,
        loses_default: bool,
    ) {
        if !self.dialect.capability().alter_column {
            return;
        }
        if !found.generated.is_empty() && wanted.generated.is_empty() {
            self.alter(
                Rank::WithoutDefault,
                item,
                "keep the values of",
                Class::Safe,
                |name| format!("ALTER COLUMN {name} DROP EXPRESSION"),
            );
        }
        let is_retyped = is_retyped(found, wanted);
        if self
            .aside
            .is_recast(&found.column_type, &wanted.column_type)
        {
            self.recast(item, wanted);
        } else if is_retyped {
            self.set_type(item, found, wanted);
        }
        self.set_default(item, found, wanted, is_retyped || loses_default);
        self.set_identity(item, &found.identity, &wanted.identity);
        self.set_null(item, found, wanted);
    }

    /// A default is converted too, and may not be convertible, so it goes before and comes after.
    fn set_type(&mut self, item: &'a Item, found: &ColumnParts, wanted: &ColumnParts) {
        let change = self
            .dialect
            .type_change(&found.column_type, &wanted.column_type);
        let (class, is_cast) = match change {
            _ if found.column_type == wanted.column_type => (Class::Rewrite, false),
            TypeChange::Free => (Class::Safe, false),
            TypeChange::Rewrite => (Class::Rewrite, false),
            TypeChange::Parsed | TypeChange::Zoned | TypeChange::Lossy => {
                (Class::Irreversible, true)
            }
        };
        let to = wanted.column_type.as_str();
        // Enums are made of texts alone, and so may be what is a type of another schema.
        let is_enum = self.enum_of(item).is_some() || to.contains('.');
        let collation = match wanted.collation.as_str() {
            "" => String::new(),
            collation => format!(" {collation}"),
        };
        self.alter(
            Rank::ColumnType,
            item,
            "change the type of",
            class,
            |name| {
                let using = match (is_cast, is_enum) {
                    _ if change == TypeChange::Zoned => in_utc(name),
                    (true, true) => format!(" USING {name}::text::{to}"),
                    (true, false) => format!(" USING {name}::{to}"),
                    (false, _) => String::new(),
                };
                format!("ALTER COLUMN {name} TYPE {to}{collation}{using}")
            },
        );
    }

    /// The labels that rows hold stay what they are, unless the type has them no longer.
    fn recast(&mut self, item: &'a Item, wanted: &ColumnParts) {
        let (of, name, to) = (
            item.owner_identifier(),
            identifier(&item.name),
            &wanted.column_type,
        );
        let sql =
            format!("ALTER TABLE {of} ALTER COLUMN {name} TYPE {to} USING {name}::text::{to}");
        let mut step = self.step(
            item,
            "change the type of",
            Class::Rewrite,
            Lock::Everybody,
            sql,
        );
        let labels = self.enum_of(item).map_or("", |item| &item.sql);
        let query = match to.ends_with("[]") {
            true => format!(
                "SELECT 1 FROM {of}, unnest({name}::text[]) label \
                 WHERE label <> ALL (ARRAY[{labels}]::text[]) LIMIT 1"
            ),
            false => format!(
                "SELECT 1 FROM {of} WHERE {name}::text <> ALL (ARRAY[{labels}]::text[]) LIMIT 1"
            ),
        };
        let refusal = format!("{item}: rows hold labels that its type has no longer");
        step.statements.insert(0, Statement::before(query, refusal));
        self.place(Rank::ColumnType, item, step);
    }

    pub(super) fn set_default(
        &mut self,
        item: &'a Item,
        found: &ColumnParts,
        wanted: &ColumnParts,
        is_lost: bool,
    ) {
        if found.default == wanted.default && !is_lost {
            return;
        }
        if !found.default.is_empty() {
            self.alter(
                Rank::WithoutDefault,
                item,
                "drop the default of",
                Class::Safe,
                |name| format!("ALTER COLUMN {name} DROP DEFAULT"),
            );
        }
        if !wanted.default.is_empty() {
            self.alter(
                Rank::Default,
                item,
                "set the default of",
                Class::Safe,
                |name| format!("ALTER COLUMN {name} SET DEFAULT {}", wanted.default),
            );
        }
    }

    fn set_null(&mut self, item: &'a Item, found: &ColumnParts, wanted: &ColumnParts) {
        let of = item.owner_identifier();
        match (found.not_null, wanted.not_null) {
            (true, false) => {
                self.alter(Rank::Null, item, "let take null", Class::Safe, |name| {
                    format!("ALTER COLUMN {name} DROP NOT NULL")
                });
            }
            (false, true) => {
                let name = identifier(&item.name);
                let sql = format!("ALTER TABLE {of} ALTER COLUMN {name} SET NOT NULL");
                let mut step = self.step(
                    item,
                    "let refuse null",
                    Class::Breaking,
                    Lock::Everybody,
                    sql,
                );
                let query = format!("SELECT 1 FROM {of} WHERE {name} IS NULL LIMIT 1");
                let refusal = format!("{item}: rows hold null");
                step.statements.insert(0, Statement::before(query, refusal));
                self.place(Rank::Null, item, step);
            }
            _ => {}
        }
    }

    /// The type of a wanted column, where it is one of named values or a list of them.
    fn enum_of(&self, column: &Item) -> Option<&'a Item> {
        let items = self.wanted.by_id();
        let needs = self.wanted.needs.iter();
        let mut needs = needs.filter(|need| need.dependent == column.id && !need.is_value);
        needs.find_map(|need| {
            let item = items.get(&*need.needed)?;
            (item.kind == ItemKind::Enum).then_some(*item)
        })
    }

    pub(super) fn alter(
        &mut self,
        rank: Rank,
        item: &'a Item,
        verb: &str,
        class: Class,
        what: impl FnOnce(&str) -> String,
    ) {
        let what = what(&identifier(&item.name));
        let sql = format!("ALTER TABLE {} {what}", item.owner_identifier());
        let step = self.step(item, verb, class, Lock::Everybody, sql);
        self.place(rank, item, step);
    }
}

/// Whether a column is given another type; what is computed is made anew then.
pub(super) fn is_retyped(found: &ColumnParts, wanted: &ColumnParts) -> bool {
    found.column_type != wanted.column_type || found.collation != wanted.collation
}

/// Whether a column can only be dropped and added: it is computed from now on, or in another way,
/// or what it was computed to is kept nowhere.
pub(super) fn is_made_anew(found: &ColumnParts, wanted: &ColumnParts) -> bool {
    match (found.generated.is_empty(), wanted.generated.is_empty()) {
        (true, true) => false,
        (true, false) => true,
        (false, true) => found.kept != "STORED",
        (false, false) => {
            found.generated != wanted.generated
                || found.kept != wanted.kept
                || is_retyped(found, wanted)
        }
    }
}

/// A column as it stands in `CREATE TABLE`.
pub(super) fn clause(name: &str, parts: &ColumnParts) -> String {
    let mut clause = format!("{} {}", identifier(name), parts.column_type);
    let mut add = |part: String| {
        if !part.is_empty() {
            clause.push(' ');
            clause.push_str(&part);
        }
    };
    let after = |word: &str, part: &str| match part {
        "" => String::new(),
        part => format!("{word} {part}"),
    };
    add(parts.collation.clone());
    if parts.not_null {
        add("NOT NULL".to_owned());
    }
    add(after("DEFAULT", &parts.default));
    add(after("GENERATED", &parts.identity));
    if !parts.generated.is_empty() {
        add(format!(
            "GENERATED ALWAYS AS ({}) {}",
            parts.generated, parts.kept
        ));
    }
    clause
}
