//! The version of a row, in what changes it.

use super::draft::Draft;
use crate::dialect::identifier;

/// Which version of a row a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// Any.
    Any,
    /// That of a parameter; null stands for any, so that rows of which it is known and others share
    /// one statement.
    Given,
}

impl Draft<'_> {
    /// The assignment that counts a change, where the model counts them. It stands in every
    /// statement that changes a row, so none goes uncounted.
    pub(super) fn next_version(&self) -> Option<String> {
        let column = self.column(self.model.version()?);
        let table = identifier(&self.model.table.name);
        Some(format!("{column} = {table}.{column} + 1"))
    }

    /// The condition that a row has the version of the next parameter.
    pub(super) fn has_version(&mut self, version: Version) -> Option<String> {
        let position = self.model.version().filter(|_| version == Version::Given)?;
        let parameter = self.parameter(position);
        let column = self.column(position);
        Some(format!("{column} = coalesce({parameter}, {column})"))
    }
}

#[cfg(test)]
#[cfg(feature = "derive")]
mod tests {
    use super::super::{Assignment, delete, update, update_many, upsert};
    use super::*;
    use crate::dialect::Postgres;
    use crate::query::Effect;
    use crate::schema::Model as _;

    #[derive(crate::Model)]
    struct Page {
        #[model(primary_key)]
        path: String,
        text: String,
        #[model(version)]
        version: i64,
    }

    #[test]
    fn every_statement_that_changes_a_row_counts_the_change() {
        let (model, next) = (Page::schema(), r#""version" = "pages"."version" + 1"#);
        let text = [Assignment {
            position: 1,
            effect: Effect::Set,
            is_optional: false,
        }];
        let of_any = update(model, &Postgres, &text, Version::Any);
        let given = update(model, &Postgres, &[], Version::Given);
        let upserted = upsert(model, &Postgres, &[0, 1, 2], &[0], &text);
        let many = update_many(model, &Postgres, &text, Version::Given).set;
        let many = many.map_or(String::new(), |set| set.sql.to_string());
        let many = many.as_str();
        for sql in [&**of_any.sql(), given.sql(), upserted.sql(), many] {
            assert!(sql.contains(next), "{sql}");
        }
        assert!(!of_any.sql().contains("coalesce"), "{}", of_any.sql());
        let condition = r#""path" = $1 AND "version" = coalesce($2, "version")"#;
        let deleted = delete(model, &Postgres, Version::Given);
        for sql in [&**given.sql(), deleted.sql()] {
            assert!(sql.contains(condition), "{sql}");
        }
        let of_many =
            r#"AND "pages"."version" = coalesce(given."dataflow 3"::bigint, "pages"."version")"#;
        assert!(many.contains(of_many), "{many}");
    }
}
