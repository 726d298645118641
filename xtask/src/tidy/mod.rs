//! The house rules that no compiler checks. `cargo xtask tidy` lists what breaks them; as a test, the
//! list must be empty.

mod arrows;
mod countries;
mod docs;
mod files;
mod tree;

use std::path::Path;

use anyhow::Result;

use tree::{Source, read_tree};

/// Everything that breaks a rule, a line each, beginning with the file.
pub(crate) fn complaints(root: &Path) -> Result<Vec<String>> {
    let tree = read_tree(root)?;
    let mut all = Vec::new();
    all.extend(arrows::complaints(&tree));
    for source in &tree {
        all.extend(files::too_long(source));
        all.extend(files::packed(source));
        all.extend(files::impure(source));
        all.extend(files::forbidden_words(source));
        all.extend(files::registry_hosts(source));
        all.extend(countries::named(source));
    }
    all.extend(docs::twins(&tree));
    all.extend(docs::links(&tree, root));
    all.sort();
    Ok(all)
}

/// A file by its path.
fn find<'a>(tree: &'a [Source], path: &str) -> Option<&'a Source> {
    tree.iter().find(|source| source.path == path)
}

#[cfg(test)]
mod tests {
    use super::complaints;
    use crate::run::root;

    #[test]
    fn the_house_is_tidy() {
        let found = complaints(&root()).expect("the tree can be read");
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
