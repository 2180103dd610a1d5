//! `cargo xtask docs`: whether the links of the Markdown lead somewhere, and the list of decisions is
//! whole.

mod page;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::{Result, workspace};
use page::Page;

/// The page that lists every decision, and the folder where they stand.
const DECISIONS: (&str, &str) = ("docs/decisions.md", "docs/decisions");

/// The pages of the workspace, by their paths from its root.
type Pages = BTreeMap<PathBuf, Page>;

/// Checks every link between the pages of the workspace, and reports all that are broken.
pub(crate) fn run() -> Result {
    let root = workspace::root();
    let mut pages = Pages::new();
    for folder in [".", DECISIONS.1, "docs"] {
        gather(root, Path::new(folder), &mut pages)?;
    }
    let mut faults = links_lead_nowhere(&pages, |path| root.join(path).exists());
    faults.extend(decisions_are_unlisted(&pages));
    if faults.is_empty() {
        println!("docs: every link leads somewhere, and every decision is listed");
        return Ok(());
    }
    Err(format!("{} faults\n  {}", faults.len(), faults.join("\n  ")).into())
}

/// Reads the pages that stand in a folder.
fn gather(root: &Path, folder: &Path, pages: &mut Pages) -> Result {
    for entry in root.join(folder).read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let page = Page::read(&fs::read_to_string(&path)?);
            pages.insert(path.strip_prefix(root)?.to_owned(), page);
        }
    }
    Ok(())
}

/// The links to a file that is not there, or to a heading that its page has not.
fn links_lead_nowhere(pages: &Pages, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, page) in pages {
        for link in page.links.iter().filter(|link| !link.contains("://")) {
            let (target, anchor) = target(path, link);
            let is_there = match (pages.get(&target), anchor) {
                (Some(page), Some(anchor)) => page.anchors().any(|heading| heading == anchor),
                _ => exists(&target),
            };
            if !is_there {
                faults.push(format!("{}: {link} leads nowhere", path.display()));
            }
        }
    }
    faults
}

/// The decisions whose question is no link of the page that lists them.
fn decisions_are_unlisted(pages: &Pages) -> Vec<String> {
    let list = Path::new(DECISIONS.0);
    let listed = pages.get(list).into_iter().flat_map(|page| &page.links);
    let listed: Vec<_> = listed.map(|link| target(list, link)).collect();
    let mut faults = Vec::new();
    for (path, page) in pages
        .iter()
        .filter(|(path, _)| path.starts_with(DECISIONS.1))
    {
        for anchor in page.anchors().skip(1) {
            if !listed.contains(&(path.clone(), Some(&anchor))) {
                faults.push(format!(
                    "{}: {}#{anchor} is not listed",
                    list.display(),
                    path.display()
                ));
            }
        }
    }
    faults
}

/// The file that a link of a page leads to, and the heading within it.
fn target<'l>(page: &Path, link: &'l str) -> (PathBuf, Option<&'l str>) {
    let (file, anchor) = match link.split_once('#') {
        Some((file, anchor)) => (file, Some(anchor)),
        None => (link, None),
    };
    if file.is_empty() {
        return (page.to_owned(), anchor);
    }
    let mut target = page.parent().unwrap_or(Path::new("")).to_owned();
    for component in Path::new(file).components() {
        match component {
            Component::ParentDir => _ = target.pop(),
            component => target.push(component),
        }
    }
    (target, anchor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(pages: &[(&str, &str)]) -> Pages {
        let pages = pages.iter();
        pages
            .map(|(path, text)| (path.into(), Page::read(text)))
            .collect()
    }

    #[test]
    fn a_link_leads_to_a_file_or_to_a_heading_of_a_page() {
        let pages = pages(&[
            (
                "README.md",
                "[a](docs/a.md) [b](docs/a.md#what-is-it) [c](https://example.org)",
            ),
            (
                "docs/a.md",
                "# A\n\n## What is it?\n\n[up](../README.md) [in](#a) [x](#x) [y](y.md)",
            ),
        ]);
        let faults = links_lead_nowhere(&pages, |path| pages.contains_key(path));
        assert_eq!(
            faults,
            [
                "docs/a.md: #x leads nowhere",
                "docs/a.md: y.md leads nowhere"
            ]
        );
    }

    #[test]
    fn a_decision_is_listed() {
        let decisions = (
            "docs/decisions/start.md",
            "# A start\n\n## Why so?\n\n## Why not?\n",
        );
        let list = (
            "docs/decisions.md",
            "- [Why so?](decisions/start.md#why-so)",
        );
        assert_eq!(
            decisions_are_unlisted(&pages(&[decisions, list])),
            ["docs/decisions.md: docs/decisions/start.md#why-not is not listed"]
        );
    }
}
