//! The name that a misspelt one was probably meant to be.

/// The name nearest to what was written, if one is near enough to suggest.
///
/// ```
/// use dataflow_core::error::closest;
///
/// assert_eq!(closest("emial", ["name", "email"]), Some("email"));
/// assert_eq!(closest("zebra", ["name", "email"]), None);
/// assert_eq!(closest("x", ["y"]), None);
/// ```
pub fn closest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = written.chars().count();
    let allowed = (length / 3).max(1).min(length.saturating_sub(1));
    // Comparing takes time in proportion to both lengths, and what was written may have any.
    let is_as_long = |name: &&str| name.chars().count().abs_diff(length) <= allowed;
    names
        .into_iter()
        .filter(is_as_long)
        .map(|name| (strsim::osa_distance(written, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
