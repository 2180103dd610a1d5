//! What a machine may lack, and who relies on its being there.

use std::env;

use crate::Error;

/// The variable that names, divided by commas, what a run of tests relies on:
/// [`Pooler::NAME`](crate::Pooler::NAME), [`SmallDisk::NAME`](crate::SmallDisk::NAME). Where that is
/// missing, a test fails that elsewhere is skipped.
pub const EXPECTED: &str = "PRIVATE_POSTGRES_EXPECTED";

/// Says on standard error that a test is skipped, for want of something.
///
/// # Panics
///
/// When whoever runs the tests [relies](EXPECTED) on it.
pub(crate) fn skip(missing: &str, error: &Error) {
    let expected = env::var(EXPECTED).unwrap_or_default();
    assert!(!names(&expected, missing), "{missing} is expected: {error}");
    eprintln!("skipped: {error}");
}

fn names(expected: &str, missing: &str) -> bool {
    expected.split(',').any(|name| name == missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_is_expected() {
        assert!(names("pgbouncer,small-disk", "small-disk"));
        assert!(!names("pgbouncer", "small-disk"));
        assert!(!names("", "pgbouncer"));
    }
}
