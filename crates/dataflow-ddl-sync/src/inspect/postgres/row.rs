//! A row of the catalogue.

use postgres::SimpleQueryRow;

/// A row of the catalogue, read by the names of its columns.
#[derive(Clone, Copy)]
pub(super) struct Row<'r>(pub(super) &'r SimpleQueryRow);

impl<'r> Row<'r> {
    pub(super) fn get(self, column: &str) -> Option<&'r str> {
        self.0.get(column)
    }

    /// A text; of null, none.
    pub(super) fn some(self, column: &str) -> Option<String> {
        self.get(column).map(ToOwned::to_owned)
    }

    /// A text; of null, an empty one.
    pub(super) fn text(self, column: &str) -> &'r str {
        self.get(column).unwrap_or_default()
    }

    pub(super) fn owned(self, column: &str) -> String {
        self.text(column).to_owned()
    }

    pub(super) fn flag(self, column: &str) -> bool {
        self.get(column) == Some("t")
    }
}
