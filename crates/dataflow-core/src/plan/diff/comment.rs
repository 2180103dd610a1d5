//! What is said about tables and columns. A comment that no model declares is left alone.

use super::Difference;
use crate::plan::Change;
use crate::snapshot::{Column, Table};

impl Difference<'_> {
    pub(super) fn comment_on(&mut self, table: &Table, found: Option<&String>) {
        self.comment(table, None, table.comment.as_ref(), found);
    }

    pub(super) fn comment_on_column(
        &mut self,
        table: &Table,
        column: &Column,
        found: Option<&String>,
    ) {
        self.comment(table, Some(&column.name), column.comment.as_ref(), found);
    }

    fn comment(
        &mut self,
        table: &Table,
        column: Option<&String>,
        desired: Option<&String>,
        found: Option<&String>,
    ) {
        if let Some(comment) = desired.filter(|_| desired != found) {
            self.changes.push(Change::SetComment {
                table: table.name.clone(),
                column: column.cloned(),
                comment: comment.clone(),
            });
        }
    }
}
