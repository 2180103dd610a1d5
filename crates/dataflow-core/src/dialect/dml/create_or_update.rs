//! A new row, or another change of the row that is there.

use super::{Assignment, Draft, Statement, View};
use crate::dialect::Dialect;

/// A new row, or a change, with values of its own, of the row that has the same values at
/// `conflict`. Parameters: the fields at `positions`, then those at `changes`. Gives the row; none
/// where the one it conflicts with is not reached.
pub fn create_or_update<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    positions: &[usize],
    conflict: &[usize],
    changes: &[usize],
) -> Statement {
    let mut draft = Draft::new(view, dialect, "INSERT INTO ");
    draft.insert_into(positions);
    let assignments = changes.iter().map(|&position| {
        draft.assigned_parameter(&Assignment {
            position,
            is_optional: false,
        })
    });
    let assignments = assignments.collect();
    draft.on_conflict(conflict, assignments);
    draft.returning()
}

#[cfg(test)]
#[cfg(feature = "derive")]
mod tests {
    use super::*;
    use crate::dialect::{Postgres, Sqlite};
    use crate::schema::Model as _;

    #[derive(crate::Model)]
    struct Page {
        #[model(primary_key)]
        path: String,
        visits: i64,
    }

    #[test]
    fn what_is_there_is_given_other_values_than_what_is_new() {
        let statement = |dialect| create_or_update(Page::schema(), dialect, &[0, 1], &[0], &[1]);
        let cases = [
            (
                statement(&Postgres as &dyn Dialect),
                "INSERT INTO \"pages\" (\"path\", \"visits\") VALUES ($1, $2) \
                 ON CONFLICT (\"path\") DO UPDATE SET \"visits\" = $3 \
                 RETURNING \"path\", \"visits\"",
            ),
            (
                statement(&Sqlite),
                "INSERT INTO \"pages\" (\"path\", \"visits\") VALUES (?1, ?2) \
                 ON CONFLICT (\"path\") DO UPDATE SET \"visits\" = ?3 \
                 RETURNING \"path\", \"visits\"",
            ),
        ];
        for (found, expected) in cases {
            assert_eq!(&**found.sql(), expected);
            assert_eq!(found.parameters().len(), 3);
        }
    }
}
