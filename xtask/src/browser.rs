//! The real program in a real browser.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::run::{Step, program, root, target_directory};
use crate::ui;

const NAMES: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// What came of the tests in the browser.
pub(crate) enum Outcome {
    /// They ran: passed, failed.
    Ran(u64, u64),
    /// They could not run, and why.
    Skipped(String),
}

/// `cargo xtask e2e [FILTER]`
pub(crate) fn e2e_command(rest: &[String]) -> Result<()> {
    if rest.len() > 1 || rest.iter().any(|argument| argument.starts_with('-')) {
        bail!("e2e takes one part of a test's name, or nothing");
    }
    match e2e(rest.first().map(String::as_str))? {
        Outcome::Ran(passed, 0) if passed > 0 => {
            println!("e2e: {passed} passed, 0 failed");
            Ok(())
        }
        Outcome::Ran(passed, failed) => bail!("e2e: {passed} passed, {failed} failed"),
        Outcome::Skipped(why) => bail!("{why}"),
    }
}

/// Builds what is missing and runs the tests of ui/e2e.
pub(crate) fn e2e(filter: Option<&str>) -> Result<Outcome> {
    let chromium = match chromium() {
        Ok(found) => found,
        Err(missing) => return Ok(Outcome::Skipped(missing)),
    };
    ui::install()?;
    ui::build_if_stale()?;
    Step::cargo(["build", "--package", "tresen"]).go()?;
    let target = target_directory()?;
    let tresen = target.join("debug").join(program("tresen"));
    let totals = target.join("xtask/e2e.tap");
    fs::create_dir_all(target.join("xtask")).context("cannot make a folder for the totals")?;
    let mut step = Step::program("node", ["--test", "--test-concurrency=1"], &ui::folder())
        .args(["--test-reporter=spec", "--test-reporter-destination=stdout"])
        .args(["--test-reporter=tap"])
        .args([format!("--test-reporter-destination={}", totals.display())]);
    if let Some(filter) = filter {
        step = step.args([format!("--test-name-pattern={filter}")]);
    }
    let (_, well) = step
        .args(tests()?)
        .env("TRESEN_BIN", tresen)
        .env("TRESEN_CHROMIUM", chromium)
        .go_and_listen()?;
    let tap = fs::read_to_string(&totals).context("the tests in the browser left no totals")?;
    let (passed, failed) = (total(&tap, "pass"), total(&tap, "fail") + total(&tap, "cancelled"));
    // A runner that ends badly without naming a failed test has failed all the same.
    Ok(Outcome::Ran(passed, if well { failed } else { failed.max(1) }))
}

/// The test files, in the order of their names.
fn tests() -> Result<Vec<String>> {
    let folder = root().join("ui/e2e");
    let inside =
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files: Vec<String> = inside
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".test.mjs"))
        .map(|name| format!("e2e/{name}"))
        .collect();
    files.sort();
    if files.is_empty() {
        bail!("there are no tests in ui/e2e");
    }
    Ok(files)
}

/// A total of node's TAP report: `# pass 12`.
fn total(tap: &str, what: &str) -> u64 {
    let line = tap.lines().rev().find_map(|line| line.strip_prefix(&format!("# {what} ")));
    line.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
}

/// Where Chromium is; installs it where that is allowed. The error says what is missing.
fn chromium() -> std::result::Result<PathBuf, String> {
    debian::obtain("Chromium", "chromium", || on_path(&NAMES))
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| {
        let file = program(name);
        folders.iter().map(|folder| folder.join(&file)).find(|candidate| is_file(candidate))
    })
}

fn is_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| data.is_file())
}

#[cfg(test)]
mod tests_of_totals {
    use super::total;

    #[test]
    fn totals_are_read_from_the_end_of_the_report() {
        let tap = "TAP version 13\n# pass 1\nok 1 - sells\n1..1\n# tests 13\n# pass 12\n# fail 1\n";
        assert_eq!(total(tap, "pass"), 12);
        assert_eq!(total(tap, "fail"), 1);
        assert_eq!(total(tap, "cancelled"), 0);
    }
}
