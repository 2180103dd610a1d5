//! Columns that are given another type.

use super::conversion::Conversion;
use super::{Likeness, Rank};
use crate::dialect::{TypeChange, identifier, in_utc};
use crate::inventory::{ColumnParts, Item, ItemKind, Whole};
use crate::plan::{Class, Lock, Statement};

impl<'a> Likeness<'a> {
    /// Gives a column the type of the target; says whether there is a way.
    pub(super) fn change_type(
        &mut self,
        (former, found): (&'a Item, &ColumnParts),
        (item, wanted): (&'a Item, &ColumnParts),
    ) -> bool {
        if let Some(user) = self.user_of_rows(former, self.found) {
            self.refuse_while_used(item, user);
            return false;
        }
        if let Some(table) = self.divided_by(former) {
            let table = table.full_name();
            let how = format!("differs from the target while table {table:?} is divided by it");
            self.refuse(item, &how, "change");
            return false;
        }
        match self.enum_of(item).is_some() && self.is_recast(found, wanted) {
            true => self.recast(item, wanted),
            false => self.set_type((former, found), (item, wanted)),
        }
        true
    }

    /// A default is converted too, and may not be convertible, so it goes before and comes after.
    fn set_type(
        &mut self,
        (former, found): (&'a Item, &ColumnParts),
        (item, wanted): (&'a Item, &ColumnParts),
    ) {
        let conversion = Conversion {
            from: self.former_types.stored(former, found),
            to: self.types.stored(item, wanted),
        };
        let change = self.dialect.type_change(&conversion.from, &conversion.to);
        let (class, is_cast) = match change {
            _ if conversion.from == conversion.to => (Class::Rewrite, false),
            TypeChange::Free => (Class::Safe, false),
            TypeChange::Rewrite => (Class::Rewrite, false),
            TypeChange::Parsed | TypeChange::Zoned | TypeChange::Lossy => {
                (Class::Irreversible, true)
            }
        };
        let to = wanted.column_type.as_str();
        let is_text = self.goes_through_text(item, found, wanted);
        let is_unknown = is_cast && !is_text && self.is_unknown(item, &conversion);
        let how = format!(
            "holds values of type {}, which the database does not convert to {}",
            conversion.from, conversion.to
        );
        if is_unknown && self.rows(&item.owner()) > 0 {
            return self.refuse(item, &how, "change");
        }
        let collation = match wanted.collation.as_str() {
            "" => String::new(),
            collation => format!(" {collation}"),
        };
        let (of, name) = (item.owner_identifier(), identifier(&item.name));
        let cast = match (is_cast, is_text || is_unknown) {
            (true, true) => Some(format!("{name}::text::{to}")),
            (true, false) => Some(format!("{name}::{to}")),
            (false, _) => None,
        };
        let cast = in_utc(&name, &conversion.from, &conversion.to).or(cast);
        let using = cast.map_or_else(String::new, |cast| format!(" USING {cast}"));
        let sql = format!("ALTER TABLE {of} ALTER COLUMN {name} TYPE {to}{collation}{using}");
        let mut step = self.step(item, "change the type of", class, Lock::Everybody, sql);
        if is_unknown {
            let query = format!("SELECT 1 FROM {of} WHERE {name} IS NOT NULL LIMIT 1");
            let refusal = Statement::before(query, format!("{item} {how}"));
            step.statements.insert(0, refusal);
        }
        self.place(Rank::ColumnType, item, step);
    }

    /// Whether the database knows no way for values to become those of a wanted column. It was not
    /// asked about a type that is not there yet; such a one is made of texts.
    fn is_unknown(&self, column: &Item, conversion: &Conversion) -> bool {
        let is_new = |made: &Item| {
            let mut found = self.found.items.iter();
            !found.any(|item| item.place() == made.place())
        };
        let is_of_new = self.types.made(column).is_some_and(is_new);
        let from = conversion.from.as_str();
        let is_text = from == "text" || from.starts_with("character varying");
        is_of_new && !is_text || self.learned.unknown.contains(conversion)
    }

    /// Enums are made of texts alone, and so may be what is a type of another schema; the members
    /// of a type that is made anew are read from their text.
    fn goes_through_text(&self, column: &Item, found: &ColumnParts, wanted: &ColumnParts) -> bool {
        match self.types.of(column).map(|made| &made.kind) {
            Some(ItemKind::Enum) => true,
            Some(ItemKind::Whole(Whole::CompositeType)) => self.is_recast(found, wanted),
            Some(_) => false,
            None => wanted.column_type.contains('.'),
        }
    }

    fn is_recast(&self, found: &ColumnParts, wanted: &ColumnParts) -> bool {
        let (found, wanted) = (&found.column_type, &wanted.column_type);
        self.aside.is_recast(found, wanted)
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

    /// The type of a wanted column, where it is one of named values or a list of them.
    fn enum_of(&self, column: &Item) -> Option<&'a Item> {
        let made = self.types.of(column)?;
        (made.kind == ItemKind::Enum).then_some(made)
    }
}
