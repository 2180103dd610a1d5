//! Counters, and the columns that they count up for.

use super::{Likeness, Rank};
use crate::dialect::{identifier, literal};
use crate::inventory::Item;

impl<'a> Likeness<'a> {
    pub(super) fn make_sequence(&mut self, item: &'a Item) {
        let sql = format!("CREATE SEQUENCE {} {}", identifier(&item.name), item.sql);
        self.simple(Rank::Sequence, item, "create", sql);
    }

    /// What a counter has counted up to stays, unless it would be out of its bounds.
    pub(super) fn change_sequence(&mut self, item: &'a Item) {
        let sql = format!("ALTER SEQUENCE {} {}", identifier(&item.name), item.sql);
        self.simple(Rank::Sequence, item, "change", sql);
    }

    pub(super) fn drop_sequence(&mut self, item: &'a Item) {
        let sql = format!("DROP SEQUENCE {}", identifier(&item.name));
        self.simple(Rank::WithoutSequence, item, "drop", sql);
    }

    /// A counter that comes to a column with values goes on behind them.
    pub(super) fn own_sequence(&mut self, item: &'a Item) {
        let name = identifier(&item.name);
        let owner = &item.sql;
        let mut statements = format!("ALTER SEQUENCE {name} OWNED BY {owner}");
        let has_rows = item
            .table
            .as_ref()
            .is_some_and(|table| self.rows.get(table).is_some_and(|rows| *rows > 0));
        if let Some(table) = item.table.as_ref().filter(|_| has_rows) {
            let column = owner.rsplit_once('.').map_or("", |(_, column)| column);
            statements += &format!(
                "; SELECT setval({}, max({column})) FROM {} HAVING max({column}) IS NOT NULL",
                literal(&name),
                identifier(table)
            );
        }
        self.simple(Rank::Owner, item, "set", statements);
    }

    pub(super) fn disown_sequence(&mut self, item: &'a Item) {
        let sql = format!("ALTER SEQUENCE {} OWNED BY NONE", identifier(&item.name));
        self.simple(Rank::Ownerless, item, "remove", sql);
    }
}
