//! JSON pointers (RFC 6901): where in an input something stands.

/// The pointer to a member below another pointer.
///
/// ```
/// use dataflow_core::error::pointer;
///
/// assert_eq!(pointer::below("/rows/3", "a/b"), "/rows/3/a~1b");
/// assert_eq!(pointer::split("/rows/3/a~1b"), Some(("/rows/3", "a/b".to_owned())));
/// assert_eq!(pointer::split(""), None);
/// ```
pub fn below(parent: &str, member: &str) -> String {
    let escaped = member.replace('~', "~0").replace('/', "~1");
    format!("{parent}/{escaped}")
}

/// The pointer that another one is below, and the name of the member there.
pub fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, escaped) = pointer.rsplit_once('/')?;
    Some((parent, escaped.replace("~1", "/").replace("~0", "~")))
}
