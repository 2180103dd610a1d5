//! The URIs of resources.

use percent_encoding::percent_decode_str;

/// A URI, taken apart.
#[derive(Debug, PartialEq)]
pub(super) enum Uri<'a> {
    Schema,
    Model(&'a str),
    Rows(&'a str),
    /// The fields of its key, which commas part.
    Row {
        noun: &'a str,
        key: Vec<String>,
    },
    Workflow(&'a str),
}

impl<'a> Uri<'a> {
    /// None when it is not one of ours.
    pub(super) fn parse(uri: &'a str) -> Option<Self> {
        if let Some(name) = uri.strip_prefix("workflow://") {
            return is_segment(name).then_some(Self::Workflow(name));
        }
        let path = uri.strip_prefix("nexus://")?;
        let segments: Vec<&str> = path.split('/').collect();
        match segments[..] {
            ["schema"] => Some(Self::Schema),
            ["schema", noun] if is_segment(noun) => Some(Self::Model(noun)),
            ["rows", noun] if is_segment(noun) => Some(Self::Rows(noun)),
            ["rows", noun, id] if is_segment(noun) && is_segment(id) => {
                let decoded = |part| percent_decode_str(part).decode_utf8().ok();
                let parts = id.split(',');
                let key = parts.map(|part| Some(decoded(part)?.into_owned()));
                Some(Self::Row {
                    noun,
                    key: key.collect::<Option<_>>()?,
                })
            }
            _ => None,
        }
    }
}

fn is_segment(text: &str) -> bool {
    !text.is_empty() && !text.contains(['/', '?', '#'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_one_of_the_five_or_none() {
        let row = |noun, key: &[&str]| Uri::Row {
            noun,
            key: key.iter().map(|&part| part.to_owned()).collect(),
        };
        let cases = [
            ("nexus://schema", Some(Uri::Schema)),
            ("nexus://schema/user", Some(Uri::Model("user"))),
            ("nexus://rows/user", Some(Uri::Rows("user"))),
            ("nexus://rows/user/7", Some(row("user", &["7"]))),
            ("nexus://rows/user/a%2Fb", Some(row("user", &["a/b"]))),
            (
                "nexus://rows/pair/7,a%2Cb",
                Some(row("pair", &["7", "a,b"])),
            ),
            ("workflow://onboard", Some(Uri::Workflow("onboard"))),
            ("nexus://rows/user/%ff", None),
            ("nexus://rows/user/", None),
            ("nexus://rows/", None),
            ("nexus://rows/user/../../etc", None),
            ("nexus://schema/", None),
            ("nexus://schema/user?x", None),
            ("nexus://other", None),
            ("file:///etc/passwd", None),
            ("workflow://", None),
            ("", None),
        ];
        for (uri, expected) in cases {
            assert_eq!(Uri::parse(uri), expected, "{uri}");
        }
    }
}
