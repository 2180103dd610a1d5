//! Counters, and the columns that they count up for.

use super::{Likeness, Rank};
use crate::dialect::token::{Brackets, Token, tokens};
use crate::dialect::{identifier, literal};
use crate::inventory::{Inventory, Item, ItemKind};
use crate::plan::{Class, Lock, Statement, Step};

impl<'a> Likeness<'a> {
    pub(super) fn make_sequence(&mut self, item: &'a Item) {
        let sql = format!("CREATE SEQUENCE {} {}", item.identifier(), item.sql);
        self.simple(Rank::Sequence, item, "create", sql);
    }

    /// What a counter has counted up to stays, and has to lie within its bounds; one that never counted
    /// begins within them.
    pub(super) fn change_sequence(&mut self, found: &'a Item, wanted: &'a Item) {
        let name = wanted.identifier();
        let mut sql = format!("ALTER SEQUENCE {name} {}", wanted.sql);
        let counted = format!("SELECT 1 FROM {name} WHERE last_value");
        let mut before = within_bounds(wanted, &wanted.sql, &counted);
        if found.shape == Item::UNUSED && begins_outside(&found.sql, &wanted.sql) {
            sql += " RESTART";
            before = None;
        }
        let mut step = self.step(wanted, "change", Class::Safe, Lock::Nobody, sql);
        step.statements.splice(0..0, before);
        self.place(Rank::Sequence, wanted, step);
    }

    pub(super) fn drop_sequence(&mut self, item: &'a Item) {
        let sql = format!("DROP SEQUENCE {}", item.identifier());
        self.simple(Rank::WithoutSequence, item, "drop", sql);
    }

    pub(super) fn own_sequence(&mut self, item: &'a Item) {
        let name = item.identifier();
        let owner = &item.sql;
        let sql = format!("ALTER SEQUENCE {name} OWNED BY {owner}");
        let mut step = self.step(item, "set", Class::Safe, Lock::Nobody, sql);
        let column = identifier(&last_name(owner));
        let counter = self.wanted.items.iter().find(|other| {
            other.kind == ItemKind::Sequence && other.full_name() == item.full_name()
        });
        let bounds = counter.map_or("", |counter| &counter.sql);
        self.go_on_behind(&mut step, item, &literal(&name), &column, bounds);
        self.place(Rank::Owner, item, step);
    }

    pub(super) fn disown_sequence(&mut self, item: &'a Item) {
        let sql = format!("ALTER SEQUENCE {} OWNED BY NONE", item.identifier());
        self.simple(Rank::Ownerless, item, "remove", sql);
    }

    /// How a column is counted up. A counter that was there counts on.
    pub(super) fn set_identity(&mut self, item: &'a Item, found: &str, wanted: &str) {
        if found == wanted {
            return;
        }
        if let (Some(before), Some(after)) = (Identity::of(found), Identity::of(wanted)) {
            return self.change_identity(item, &before, &after);
        }
        if !found.is_empty() {
            self.alter(
                Rank::WithoutDefault,
                item,
                "stop counting",
                Class::Breaking,
                |name| format!("ALTER COLUMN {name} DROP IDENTITY"),
            );
        }
        if !wanted.is_empty() {
            let of = item.owner_identifier();
            let column = identifier(&item.name);
            let sql = format!("ALTER TABLE {of} ALTER COLUMN {column} ADD GENERATED {wanted}");
            let mut step = self.step(item, "start counting", Class::Safe, Lock::Everybody, sql);
            let counter = format!(
                "pg_get_serial_sequence({}, {})",
                literal(&of),
                literal(&item.name)
            );
            self.go_on_behind(&mut step, item, &counter, &column, wanted);
            // It takes only a column that refuses null.
            self.place(Rank::Constraint, item, step);
        }
    }

    fn change_identity(&mut self, item: &'a Item, found: &Identity<'_>, wanted: &Identity<'_>) {
        let (of, column) = (item.owner_identifier(), identifier(&item.name));
        let (manner, changes) = (wanted.manner, wanted.changes());
        let sql =
            format!("ALTER TABLE {of} ALTER COLUMN {column} SET GENERATED {manner} {changes}");
        let verb = "change the counting of";
        let mut step = self.step(item, verb, Class::Safe, Lock::Everybody, sql);
        let counted = format!("SELECT 1 FROM {} WHERE last_value", found.name);
        let before = within_bounds(item, wanted.settings, &counted);
        step.statements.splice(0..0, before);
        if found.name != wanted.name {
            let name = identifier(&last_name(wanted.name));
            let sql = format!("ALTER SEQUENCE {} RENAME TO {name}", found.name);
            step.statements.push(Statement::together(sql));
        }
        self.place(Rank::Constraint, item, step);
    }

    /// A counter that comes to a column with values goes on behind them.
    fn go_on_behind(
        &self,
        step: &mut Step,
        item: &Item,
        counter: &str,
        column: &str,
        bounds: &str,
    ) {
        if self.rows(&item.owner()) == 0 {
            return;
        }
        let of = item.owner_identifier();
        step.statements.push(Statement::together(format!(
            "SELECT setval({counter}, max({column})) FROM {of} HAVING max({column}) IS NOT NULL"
        )));
        if self.keeps_type(item, column) {
            let largest = format!("SELECT 1 FROM {of} HAVING max({column})");
            let before = within_bounds(item, bounds, &largest);
            step.statements.splice(0..0, before);
        }
    }

    /// Whether a column of the table of a thing is there with the type that is wanted.
    fn keeps_type(&self, item: &Item, column: &str) -> bool {
        let name = last_name(column);
        let column_type = |inventory: &'a Inventory| {
            let mut items = inventory.items.iter();
            items.find_map(|other| match &other.kind {
                ItemKind::Column(parts) if other.owner() == item.owner() && other.name == name => {
                    Some(&parts.column_type)
                }
                _ => None,
            })
        };
        let found = column_type(self.found);
        found.is_some() && found == column_type(self.wanted)
    }
}

/// Sees that what a query asks for lies within the bounds of a counter.
fn within_bounds(item: &Item, counter: &str, query: &str) -> Option<Statement> {
    let (least, most) = (setting(counter, "minvalue")?, setting(counter, "maxvalue")?);
    let query = format!("{query} NOT BETWEEN {least} AND {most}");
    let refusal = format!("{item}: what was counted up to is not within {least} and {most}");
    Some(Statement::before(query, refusal))
}

/// Whether one counter begins outside of the bounds of another.
fn begins_outside(one: &str, other: &str) -> bool {
    let number = |counter, keyword| setting(counter, keyword)?.parse::<i64>().ok();
    let numbers = (
        number(one, "with"),
        number(other, "minvalue"),
        number(other, "maxvalue"),
    );
    matches!(numbers, (Some(start), Some(least), Some(most)) if start < least || start > most)
}

/// The number after a keyword.
fn setting<'a>(counter: &'a str, keyword: &str) -> Option<&'a str> {
    let words = tokens(counter, Brackets::Position);
    let at = words.iter().position(|token| token.is(keyword))?;
    let (first, next) = (words.get(at + 1)?, words.get(at + 2)?);
    let end = if first.is_mark("-") { next } else { first }.end();
    Some(&counter[first.start..end])
}

/// `… AS IDENTITY (SEQUENCE NAME … INCREMENT BY …)`
struct Identity<'a> {
    /// `ALWAYS` or `BY DEFAULT`
    manner: &'a str,
    /// The name of its counter, as it stands in statements.
    name: &'a str,
    /// How that counts, after `INCREMENT`.
    settings: &'a str,
}

impl<'a> Identity<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (manner, counter) = text.split_once(" AS IDENTITY (SEQUENCE NAME ")?;
        let (name, settings) = counter.strip_suffix(')')?.split_once(" INCREMENT")?;
        Some(Self {
            manner,
            name,
            settings,
        })
    }

    /// Its settings as they change one that is there.
    fn changes(&self) -> String {
        let mut changes = "SET INCREMENT".to_owned();
        let words = tokens(self.settings, Brackets::Position);
        let begins = ["minvalue", "maxvalue", "start", "cache", "no", "cycle"];
        for (at, word) in words.iter().enumerate() {
            let is_first = begins.iter().any(|keyword| word.is(keyword));
            let follows_no = at > 0 && words[at - 1].is("no");
            changes += if is_first && !follows_no {
                " SET "
            } else {
                " "
            };
            changes += word.text;
        }
        changes
    }
}

/// The last of some names with dots between them, without quotes.
fn last_name(names: &str) -> String {
    let words = tokens(names, Brackets::Position);
    words.last().map(Token::name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_changed_setting_by_setting() {
        let text = "BY DEFAULT AS IDENTITY (SEQUENCE NAME a_id_seq INCREMENT BY -2 MINVALUE -9 \
                    MAXVALUE 7 START WITH 1 CACHE 1 NO CYCLE)";
        let identity = Identity::of(text).unwrap();
        assert_eq!((identity.manner, identity.name), ("BY DEFAULT", "a_id_seq"));
        assert_eq!(
            identity.changes(),
            "SET INCREMENT BY - 2 SET MINVALUE - 9 SET MAXVALUE 7 SET START WITH 1 SET CACHE 1 \
             SET NO CYCLE"
        );
        let bounds = within_bounds(&Item::default(), text, "SELECT x").unwrap();
        assert_eq!(bounds.sql, "SELECT x NOT BETWEEN -9 AND 7");
        assert!(!begins_outside(text, text));
        assert!(begins_outside("START WITH 8 CACHE 1", text));
    }
}
