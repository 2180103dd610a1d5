//! E-mail addresses.

/// What may stand before the `@` beside letters and digits.
const MARKS: &[u8] = b".!#$%&'*+/=?^_`{|}~-";

/// The most characters between two points of a host.
const LONGEST_LABEL: usize = 63;

/// Whether a text is a valid e-mail address as HTML defines it (section "Email state" of the
/// standard): what is known about mail in general, without the comments, quotes and blanks that its
/// own standard lets stand in addresses and nobody has.
pub(super) fn is_valid(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else {
        return false;
    };
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || MARKS.contains(&byte);
    !name.is_empty() && name.bytes().all(is_of_name) && host.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let is_of_label = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=LONGEST_LABEL).contains(&label.len())
        && label.bytes().all(is_of_label)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_for_html() {
        let long = format!("a@{}.org", "a".repeat(64));
        let cases = [
            ("ann@example.org", true),
            ("a.b+c#d@localhost", true),
            (".a..b.@a-b.c", true),
            ("ann", false),
            ("@example.org", false),
            ("ann@", false),
            ("ann@example.", false),
            ("ann@-example.org", false),
            ("ann@example-.org", false),
            ("ann@exa_mple.org", false),
            ("a@b@example.org", false),
            ("ann lee@example.org", false),
            ("änn@example.org", false),
            ("ann@example.org\n", false),
            (&long, false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_valid(text), expected, "{text}");
        }
    }
}
