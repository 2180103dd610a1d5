//! Whose rows of a table the database shows.

use crate::dialect::identifier;

/// The policy of the house: the database shows and takes the rows of one tenant alone, whoever asks
/// and whatever for. Policies of others are none of its business.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowSecurity {
    /// The column that says whose row it is.
    pub column: String,
    /// What holds of the rows of the tenant that is set, as the catalogue spells it with the column
    /// in quotes; empty where that does not hold for everybody and every statement.
    pub condition: String,
}

impl RowSecurity {
    /// The same, once its column has another name. The database puts that into the condition.
    pub(crate) fn rename(&mut self, column: String) {
        let (from, to) = (identifier(&self.column), identifier(&column));
        self.condition = self.condition.replacen(&from, &to, 1);
        self.column = column;
    }
}
