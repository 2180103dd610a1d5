//! Columns of tables that can be changed in place.

use super::{Likeness, Rank};
use crate::dialect::identifier;
use crate::inventory::{ColumnParts, Item};
use crate::plan::{Class, Lock, Statement};

impl<'a> Likeness<'a> {
    pub(super) fn add_column(&mut self, item: &'a Item, parts: &ColumnParts) {
        // It stands in the statement of a table that is new, or written anew.
        if self.coming.contains(&item.owner()) || !self.dialect.capability().alter_column {
            return;
        }
        let is_filled =
            !parts.default.is_empty() || !parts.identity.is_empty() || !parts.generated.is_empty();
        if (is_filled || self.types.is_domain(item))
            && let Some(user) = self.user_of_rows(item, self.wanted)
        {
            let how = format!("would hold a value at once while {user} holds rows of its table");
            return self.refuse(item, &how, "add");
        }
        let of = item.owner_identifier();
        let sql = format!("ALTER TABLE {of} ADD COLUMN {}", clause(&item.name, parts));
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
        (former, found): (&'a Item, &ColumnParts),
        (item, wanted): (&'a Item, &ColumnParts),
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
        if is_retyped && !self.change_type((former, found), (item, wanted)) {
            return;
        }
        self.set_default(item, found, wanted, is_retyped || loses_default);
        self.set_identity(item, &found.identity, &wanted.identity);
        self.set_null(item, found, wanted);
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
