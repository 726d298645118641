//! The pages: installed from the lock file, built, checked.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::run::{Step, first_line, root, target_directory};

/// The oldest Node that the tools of the pages run on (ui/package.json, `engines`).
const NODE: (u32, u32) = (20, 19);
/// What the pages are made from; all else in ui/ is made or is tests.
const SOURCES: [&str; 10] = [
    "src",
    "public",
    "till.html",
    "office.html",
    "display.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "svelte.config.js",
    "tsconfig.json",
];

/// The folder of the pages.
pub(crate) fn folder() -> PathBuf {
    root().join("ui")
}

/// `npm` with arguments, in the folder of the pages.
pub(crate) fn npm<const N: usize>(arguments: [&str; N]) -> Step {
    let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
    Step::program(name, arguments, &folder())
}

/// A program that npm installed.
pub(crate) fn tool<const N: usize>(name: &str, arguments: [&str; N]) -> Step {
    let file = if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() };
    Step::program(folder().join("node_modules/.bin").join(file), arguments, &folder())
}

/// Errs with what to do when Node is missing or too old.
fn check_node() -> Result<()> {
    let wanted = format!("{}.{}", NODE.0, NODE.1);
    let Some(version) = first_line("node", "--version") else {
        bail!(
            "Node is missing: the pages need Node {wanted} or newer with npm (Debian: apt-get install nodejs npm)"
        );
    };
    if node_is_enough(&version) {
        return Ok(());
    }
    bail!("Node {version} is too old: the pages need {wanted} or newer")
}

fn node_is_enough(version: &str) -> bool {
    let mut parts =
        version.trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
    let found: (u32, u32) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    found >= NODE
}

/// Installs what package-lock.json names, unless that has been done.
pub(crate) fn install() -> Result<()> {
    check_node()?;
    let lock = changed(&folder().join("package-lock.json"));
    let installed = changed(&folder().join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= lock {
        return Ok(());
    }
    println!("Installing what the pages are built with (ui/package-lock.json) …");
    npm(["ci", "--no-audit", "--no-fund"]).go()
}

/// Builds the pages.
pub(crate) fn build() -> Result<()> {
    install()?;
    println!("Building the pages …");
    npm(["run", "build"]).go()
}

/// Builds the pages when there are none, or when something they are made from is newer.
pub(crate) fn build_if_stale() -> Result<()> {
    let built = changed(&folder().join("dist/till.html"));
    let newest = SOURCES.iter().filter_map(|source| newest_below(&folder().join(source))).max();
    if built.is_some() && built >= newest {
        return Ok(());
    }
    match built {
        None => println!("There are no built pages yet (ui/dist)."),
        Some(_) => println!("The pages in ui/dist are older than what they are made from."),
    }
    build()
}

/// Writes the TypeScript types from docs/openapi.json.
pub(crate) fn write_types() -> Result<()> {
    install()?;
    npm(["run", "types"]).go()
}

/// Errs when the TypeScript types are not what docs/openapi.json says.
pub(crate) fn check_types() -> Result<()> {
    let document = root().join("docs/openapi.json");
    let now = target_directory()?.join("xtask/schema.ts");
    if let Some(parent) = now.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    }
    tool("openapi-typescript", [])
        .args([document.as_os_str(), "-o".as_ref(), now.as_os_str()])
        .go()?;
    let stored = fs::read_to_string(folder().join("src/api/schema.ts")).unwrap_or_default();
    let fresh =
        fs::read_to_string(&now).with_context(|| format!("cannot read {}", now.display()))?;
    if stored == fresh {
        return Ok(());
    }
    bail!("ui/src/api/schema.ts is stale; run: cargo xtask types")
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn newest_below(path: &Path) -> Option<SystemTime> {
    let own = changed(path)?;
    let inside = fs::read_dir(path).ok().into_iter().flatten().flatten();
    inside.filter_map(|entry| newest_below(&entry.path())).chain([own]).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_is_compared_by_number_not_by_letter() {
        assert!(node_is_enough("v20.19.0"));
        assert!(node_is_enough("v22.4.1"));
        assert!(node_is_enough("v100.0.0"));
        assert!(!node_is_enough("v20.9.0"));
        assert!(!node_is_enough("v18.20.0"));
        assert!(!node_is_enough("none"));
    }

    #[test]
    fn every_source_of_the_pages_is_there() {
        for source in SOURCES {
            assert!(folder().join(source).exists(), "ui/{source} is named as a source but missing");
        }
    }
}
