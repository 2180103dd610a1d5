//! Counters, and the columns that they count up for.

use super::{Likeness, Rank};
use crate::dialect::{literal, table_identifier};
use crate::inventory::Item;

impl<'a> Likeness<'a> {
    pub(super) fn make_sequence(&mut self, item: &'a Item) {
        let sql = format!("CREATE SEQUENCE {} {}", item.identifier(), item.sql);
        self.simple(Rank::Sequence, item, "create", sql);
    }

    /// What a counter has counted up to stays, unless it would be out of its bounds.
    pub(super) fn change_sequence(&mut self, item: &'a Item) {
        let sql = format!("ALTER SEQUENCE {} {}", item.identifier(), item.sql);
        self.simple(Rank::Sequence, item, "change", sql);
    }

    pub(super) fn drop_sequence(&mut self, item: &'a Item) {
        let sql = format!("DROP SEQUENCE {}", item.identifier());
        self.simple(Rank::WithoutSequence, item, "drop", sql);
    }

    /// A counter that comes to a column with values goes on behind them.
    pub(super) fn own_sequence(&mut self, item: &'a Item) {
        let name = item.identifier();
        let owner = &item.sql;
        let mut statements = format!("ALTER SEQUENCE {name} OWNED BY {owner}");
        let table = item.owner();
        if self.rows.get(&table).is_some_and(|rows| *rows > 0) {
            let column = owner.rsplit_once('.').map_or("", |(_, column)| column);
            statements += &format!(
                "; SELECT setval({}, max({column})) FROM {} HAVING max({column}) IS NOT NULL",
                literal(&name),
                table_identifier(&table)
            );
        }
        self.simple(Rank::Owner, item, "set", statements);
    }

    pub(super) fn disown_sequence(&mut self, item: &'a Item) {
        let sql = format!("ALTER SEQUENCE {} OWNED BY NONE", item.identifier());
        self.simple(Rank::Ownerless, item, "remove", sql);
    }
}
