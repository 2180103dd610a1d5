//! A new row, or another change of the row that is there.

use super::{Assignment, Draft, Statement, View};
use crate::dialect::Dialect;

/// A new row, or a change, with values of its own, of the row that has the same values at
/// `conflict`. Parameters: the fields at `positions`, then for each change its flag where it is
/// optional and its value. Gives the row, then whether it is new; none where the one it conflicts
/// with is not reached.
pub fn create_or_update<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    positions: &[usize],
    conflict: &[usize],
    changes: &[Assignment],
) -> Statement {
    let mut draft = Draft::new(view, dialect, "INSERT INTO ");
    draft.insert_into(positions);
    let changes = changes.iter();
    let assignments = changes.map(|change| draft.assigned_parameter(change));
    let assignments = assignments.collect();
    draft.on_conflict(conflict, assignments);
    draft.returning_upserted(positions)
}

#[cfg(test)]
#[cfg(feature = "derive")]
mod tests {
    use super::*;
    use crate::dialect::{Postgres, Sqlite};
    use crate::query::Effect;
    use crate::schema::Model as _;

    #[derive(crate::Model)]
    struct Page {
        #[model(primary_key)]
        path: String,
        visits: i64,
    }

    #[test]
    fn what_is_there_is_given_other_values_than_what_is_new() {
        let visits = |effect| Assignment {
            position: 1,
            effect,
            is_optional: false,
        };
        let changed = |dialect, effect| {
            create_or_update(Page::schema(), dialect, &[0, 1], &[0], &[visits(effect)])
        };
        let statement = |dialect| changed(dialect, Effect::Set);
        let counted = changed(&Postgres, Effect::Add);
        let count = r#"DO UPDATE SET "visits" = "pages"."visits" + $3 "#;
        assert!(counted.sql().contains(count), "{}", counted.sql());
        let cases = [
            (
                statement(&Postgres as &dyn Dialect),
                "INSERT INTO \"pages\" (\"path\", \"visits\") VALUES ($1, $2) \
                 ON CONFLICT (\"path\") DO UPDATE SET \"visits\" = $3 \
                 RETURNING \"path\", \"visits\", xmax = 0",
            ),
            (
                statement(&Sqlite),
                "INSERT INTO \"pages\" (\"path\", \"visits\") VALUES (?1, ?2) \
                 ON CONFLICT (\"path\") DO UPDATE SET \"visits\" = ?3 WHERE dataflow_mark_change() \
                 RETURNING \"path\", \"visits\", dataflow_is_new()",
            ),
        ];
        for (found, expected) in cases {
            assert_eq!(&**found.sql(), expected);
            assert_eq!(found.parameters().len(), 3);
        }
    }
}
