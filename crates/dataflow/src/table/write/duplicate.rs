//! Members of a bulk that mean the same row.

use std::collections::HashSet;

use dataflow_core::Value;

/// Whether a member means the row of a member before it: they must then be written one by one, so
/// that the last one wins. A null is no other null's equal.
pub(super) fn means_a_row_twice<'a>(members: impl Iterator<Item = Vec<&'a Value>>) -> bool {
    let mut known = HashSet::new();
    members
        .filter(|values| !values.iter().any(|value| value.is_null()))
        .any(|values| !known.insert(format!("{values:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_mean_the_same_row_and_nulls_do_not() {
        let (one, two, null) = (Value::Integer(1), Value::Integer(2), Value::Null);
        let cases = [
            (vec![], false),
            (vec![vec![&one, &two], vec![&two, &one]], false),
            (
                vec![vec![&one, &two], vec![&two, &two], vec![&one, &two]],
                true,
            ),
            (vec![vec![&one, &null], vec![&one, &null]], false),
        ];
        for (members, expected) in cases {
            let described = format!("{members:?}");
            assert_eq!(
                means_a_row_twice(members.into_iter()),
                expected,
                "{described}"
            );
        }
    }
}
