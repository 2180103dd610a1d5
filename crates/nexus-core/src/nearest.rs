//! The name that a misspelt one was probably meant to be.

/// Farther apart than this share of its letters, two names are two words.
const LIKENESS: f64 = 0.6;

/// The candidate most like a name, if one is like it at all.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::normalized_damerau_levenshtein(name, candidate),
                candidate,
            )
        })
        .filter(|(likeness, _)| *likeness >= LIKENESS)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognized_and_another_word_is_not() {
        let cases = [
            ("emial", Some("email")),
            ("LIMIT", None),
            ("limt", Some("limit")),
            ("x", None),
        ];
        for (name, expected) in cases {
            assert_eq!(
                nearest(name, ["email", "limit", "after"]),
                expected,
                "{name}"
            );
        }
    }
}
