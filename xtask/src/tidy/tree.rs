//! The files of the house: what people wrote, not what programs made.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// A text file.
pub(super) struct Source {
    /// Relative to the workspace, with `/`.
    pub(super) path: String,
    /// What stands in it.
    pub(super) text: String,
}

impl Source {
    /// `rs`, `ts` …; empty without one.
    pub(super) fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }
}

/// Folders that hold what programs made.
const MADE: [&str; 5] = [".git", "node_modules", "dist", ".demo", "mutants.out"];
/// Files that are not text, by extension.
const NO_TEXT: [&str; 10] =
    ["png", "woff2", "ico", "xz", "sqlite", "sqlite-wal", "sqlite-shm", "bin", "jpg", "new"];

/// What others made and packed: it is fetched where it is needed, never kept in the house.
pub(super) const PACKED: [&str; 11] =
    ["whl", "zip", "tar", "gz", "tgz", "jar", "crate", "deb", "so", "exe", "wasm"];

/// Reads all text files below `root`; of what is [`PACKED`] the name alone.
pub(super) fn read_tree(root: &Path) -> Result<Vec<Source>> {
    let mut tree = Vec::new();
    walk(root, "", &mut tree)?;
    tree.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(tree)
}

fn walk(folder: &Path, at: &str, tree: &mut Vec<Source>) -> Result<()> {
    let inside =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in inside {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if at.is_empty() { name.clone() } else { format!("{at}/{name}") };
        let kind = entry.file_type().with_context(|| format!("cannot look at {path}"))?;
        if kind.is_dir() {
            // All build folders are called target or target-something.
            let built = at.is_empty() && name.starts_with("target");
            if !built && !MADE.contains(&name.as_str()) {
                walk(&entry.path(), &path, tree)?;
            }
        } else if kind.is_file() {
            let source = Source { path, text: String::new() };
            if NO_TEXT.contains(&source.extension()) {
                continue;
            }
            if PACKED.contains(&source.extension()) {
                tree.push(source);
                continue;
            }
            // A file that vanishes while others work here is no file of the house.
            if let Ok(text) = fs::read_to_string(entry.path()) {
                tree.push(Source { text, ..source });
            }
        }
    }
    Ok(())
}
