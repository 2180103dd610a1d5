//! What other pages can say of a page of Markdown, and what it says of them.

/// The headings and links of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    headings: Vec<String>,
    pub(super) links: Vec<String>,
}

impl Page {
    /// Reads what stands outside of blocks of code.
    pub(super) fn read(text: &str) -> Page {
        let mut page = Page::default();
        let mut is_code = false;
        for line in text.lines() {
            let is_fence = line.trim_start().starts_with("```");
            is_code ^= is_fence;
            if is_fence || is_code {
                continue;
            }
            match line.strip_prefix('#') {
                Some(rest) => page
                    .headings
                    .push(rest.trim_start_matches('#').trim().to_owned()),
                None => page.links.extend(links(line)),
            }
        }
        page
    }

    /// The names under which its headings are linked to, as GitHub gives them.
    pub(super) fn anchors(&self) -> impl Iterator<Item = String> {
        self.headings.iter().map(|heading| anchor(heading))
    }
}

fn links(line: &str) -> impl Iterator<Item = String> {
    let ends = line.split("](").skip(1);
    ends.filter_map(|end| Some(end.split_once(')')?.0.to_owned()))
}

fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.replace(|c: char| !c.is_alphanumeric() && !"-_".contains(c), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_headings_and_links_outside_of_code() {
        let page =
            Page::read("# A page\n\n[a](b.md), [c](d.md#e)\n```sh\n# no [x](y)\n```\n## F\n");
        assert_eq!(page.headings, ["A page", "F"]);
        assert_eq!(page.links, ["b.md", "d.md#e"]);
    }

    #[test]
    fn an_anchor_is_the_heading_without_marks() {
        let cases = [
            ("Why so?", "why-so"),
            ("Why does `!` mean \"all\"?", "why-does--mean-all"),
            ("Whose is `max_length`, a-b?", "whose-is-max_length-a-b"),
        ];
        for (heading, expected) in cases {
            assert_eq!(anchor(heading), expected);
        }
    }
}
