//! A new row, or another change of the row that is there.

use std::fmt::Write as _;

use super::{Assignment, Draft, Statement};
use crate::dialect::Dialect;
use crate::schema::ModelSchema;

/// A new row, or a change, with values of its own, of the row that has the same values at
/// `conflict`. Parameters: the fields at `positions`, then those at `changes`. Gives the row.
pub fn create_or_update(
    model: &ModelSchema,
    dialect: &dyn Dialect,
    positions: &[usize],
    conflict: &[usize],
    changes: &[usize],
) -> Statement {
    let mut draft = Draft::new(model, dialect, "INSERT INTO ");
    draft.insert_into(positions);
    let mut assignments: Vec<String> = changes
        .iter()
        .map(|&position| {
            draft.assigned_parameter(&Assignment {
                position,
                is_optional: false,
            })
        })
        .collect();
    if assignments.is_empty() {
        // A conflict that changes nothing would return no row, so a column is set to itself.
        let column = draft.column(conflict[0]);
        assignments.push(format!("{column} = excluded.{column}"));
    }
    assignments.extend(draft.next_version());
    let target = draft.columns(conflict);
    let assignments = assignments.join(", ");
    let _ = write!(
        draft.sql,
        " ON CONFLICT ({target}) DO UPDATE SET {assignments}"
    );
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
