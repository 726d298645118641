//! The documents: German and English say the same, and links lead somewhere.

use std::path::Path;

use super::find;
use super::tree::Source;

/// English alone: for people who build on the API.
const ENGLISH_ONLY: [&str; 1] = ["api-guide.md"];

/// Every page for people who run a shop is there in both languages, with the same headings in number.
pub(super) fn twins(tree: &[Source]) -> Vec<String> {
    let mut all = Vec::new();
    for source in tree {
        let (name, other) =
            match (source.path.strip_prefix("docs/de/"), source.path.strip_prefix("docs/en/")) {
                (Some(name), _) => (name, "en"),
                (_, Some(name)) if !ENGLISH_ONLY.contains(&name) => (name, "de"),
                _ => continue,
            };
        match find(tree, &format!("docs/{other}/{name}")) {
            None => all.push(format!("{}: has no twin in docs/{other}", source.path)),
            Some(twin) if headings(&twin.text) != headings(&source.text) => {
                all.push(format!(
                    "{}: has not the same headings as docs/{other}/{name}",
                    source.path
                ));
            }
            Some(_) => {}
        }
    }
    all
}

/// The levels of a page's headings, in order.
fn headings(text: &str) -> Vec<usize> {
    prose(text)
        .map(|(_, line)| line.bytes().take_while(|b| *b == b'#').count())
        .filter(|level| *level > 0)
        .collect()
}

/// Relative links and pictures of Markdown pages.
pub(super) fn links(tree: &[Source], root: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for source in tree.iter().filter(|source| source.extension() == "md") {
        let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (number, line) in prose(&source.text) {
            for link in targets(line) {
                let file = link.split('#').next().unwrap_or(link);
                if file.is_empty() || file.contains(':') {
                    continue;
                }
                if !root.join(folder).join(file).exists() {
                    all.push(format!("{}:{number}: the link to {file} leads nowhere", source.path));
                }
            }
        }
    }
    all
}

/// The lines outside code blocks.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_code = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_page_needs_its_twin_with_the_same_headings() {
        let alone = [source("docs/de/verkaufen.md", "# Verkaufen")];
        assert_eq!(twins(&alone).len(), 1);
        let same = [
            source("docs/de/a.md", "# A\n## B"),
            source("docs/en/a.md", "# A\n\n## B\n```\n# no heading\n```"),
        ];
        assert_eq!(twins(&same), Vec::<String>::new());
        let drifted = [source("docs/de/a.md", "# A\n## B"), source("docs/en/a.md", "# A")];
        assert_eq!(twins(&drifted).len(), 2);
        let english_only = [source("docs/en/api-guide.md", "# Guide")];
        assert_eq!(twins(&english_only), Vec::<String>::new());
    }

    #[test]
    fn links_lead_somewhere() {
        let root = crate::run::root();
        let broken = |text: &str| links(&[source("xtask/page.md", text)], &root).len();
        assert_eq!(broken("[here](src/main.rs) and [there](../Cargo.toml#part)"), 0);
        assert_eq!(broken("[nowhere](src/none.rs)"), 1);
        assert_eq!(broken("![picture](none.png)"), 1);
        assert_eq!(broken("[outside](https://example.org/x) [part](#below)"), 0);
        assert_eq!(broken("```\n[no link](none)\n```"), 0);
    }
}
