//! Everything that must be green, in one command; its last lines are the runners' own totals.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::browser::{self, Outcome};
use crate::debian;
use crate::run::{Step, target_directory, works};
use crate::ui;

/// What was run and what came of it.
#[derive(Default)]
struct Report {
    red: Vec<String>,
    skipped: Vec<String>,
    totals: Vec<String>,
}

impl Report {
    /// Runs a part; its failure is kept and the next part runs all the same.
    fn part(&mut self, name: &str, work: impl FnOnce(&mut Report) -> Result<()>) {
        println!("\n━━ {name}");
        if let Err(error) = work(self) {
            eprintln!("{name}: {error:#}");
            self.red.push(format!("{name}: {error:#}"));
        }
    }
}

/// `cargo xtask test [--quick]`
pub(crate) fn test(arguments: &[String]) -> Result<()> {
    let quick = match arguments {
        [] => false,
        [only] if only == "--quick" => true,
        _ => bail!("test knows --quick and nothing else"),
    };
    let mut report = Report::default();
    report.part("format", |_| {
        Step::cargo(["fmt", "--all", "--", "--check", "--files-with-diff"]).go()
    });
    // The pages first: the program embeds them.
    report.part("pages: install", |_| ui::install());
    if quick {
        report.skipped.push("pages: build, the program in a browser (--quick)".to_owned());
    } else {
        report.part("pages: build", |_| ui::build());
    }
    report.part("pages: types are those of docs/openapi.json", |_| ui::check_types());
    report.part("pages: check", |_| ui::npm(["run", "check"]).go());
    report.part("pages: tests", |report| report.totals_of(vitest()?, "ui"));
    report.part("clippy", |_| {
        Step::cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).go()
    });
    if !quick {
        mail_server(&mut report);
    }
    // The house rules (xtask/src/tidy) are among these tests.
    report.part("tests", rust);
    if !quick {
        report.part("the program in a browser", |report| match browser::e2e(None)? {
            Outcome::Ran(passed, failed) => report.totals_of((passed, failed), "e2e"),
            Outcome::Skipped(why) => {
                println!("skipped: {why}");
                report.skipped.push(format!("the program in a browser: {why}"));
                Ok(())
            }
        });
    }
    report.end()
}

/// Where Debian has its mail server, which the tests of mail start (crates/messages/tests/it/smtp_server.rs).
const EXIM: &str = "/usr/sbin/exim4";

/// A mail server as shops have them. Without one its test is skipped, and that is said.
fn mail_server(report: &mut Report) {
    let there = || Some(PathBuf::from(EXIM)).filter(|path| path.is_file());
    if let Err(missing) = debian::obtain("Exim", "exim4-daemon-light", there) {
        println!("skipped: {missing}");
        report.skipped.push(format!("mail to a server of Debian's: {missing}"));
    }
}

impl Report {
    fn totals_of(&mut self, (passed, failed): (u64, u64), name: &str) -> Result<()> {
        self.totals.push(format!("{name}: {passed} passed, {failed} failed"));
        match (passed, failed) {
            (_, 1..) => bail!("{failed} failed"),
            (0, _) => bail!("no test ran"),
            _ => Ok(()),
        }
    }

    fn end(self) -> Result<()> {
        println!("\n━━ totals");
        for line in &self.skipped {
            println!("SKIPPED  {line}");
        }
        for line in &self.red {
            println!("RED      {line}");
        }
        for line in &self.totals {
            println!("{line}");
        }
        if self.red.is_empty() { Ok(()) } else { bail!("{} parts are red", self.red.len()) }
    }
}

/// Crates whose tests start other programs. In one process side by side, a program that is being started
/// holds for a moment what another test has just closed, the lock of a shop's file too.
const STARTING_PROGRAMS: [&str; 4] = ["fiscal", "shop", "store", "tresen"];

/// The Rust tests: with nextest, or with cargo's own runner where nextest is missing.
fn rust(report: &mut Report) -> Result<()> {
    let with_nextest = works("cargo-nextest", "--version");
    let (said, well) = if with_nextest {
        listen(Step::cargo(["nextest", "run", "--workspace", "--no-fail-fast"]))?
    } else {
        println!(
            "cargo-nextest is missing; the same tests run with `cargo test` instead.\n\
             (To install it: cargo install --locked cargo-nextest)"
        );
        with_cargo()?
    };
    let total = if with_nextest { nextest_total(&said) } else { cargo_total(&said) };
    match total {
        Some(total) => report.totals.push(total),
        None => bail!("the tests did not build, or left no totals"),
    }
    if well { Ok(()) } else { bail!("tests failed") }
}

/// All tests with cargo's own runner: side by side, and one after the other where they start programs.
fn with_cargo() -> Result<(String, bool)> {
    let apart = |flag: &str| STARTING_PROGRAMS.map(|name| [flag.to_owned(), name.to_owned()]);
    let rest = Step::cargo(["test", "--workspace", "--no-fail-fast"])
        .args(apart("--exclude").as_flattened());
    let alone = Step::cargo(["test", "--no-fail-fast"])
        .args(apart("--package").as_flattened())
        .args(["--", "--test-threads=1"]);
    let (mut said, well) = listen(rest)?;
    let (more, also) = listen(alone)?;
    said.push_str(&more);
    Ok((said, well && also))
}

fn listen(step: Step) -> Result<(String, bool)> {
    step.env("CARGO_TERM_COLOR", "never").go_and_listen()
}

/// nextest's own summary line.
fn nextest_total(said: &str) -> Option<String> {
    let line = said.lines().rev().find(|line| line.trim_start().starts_with("Summary ["));
    line.map(|line| line.trim().to_owned())
}

/// The sum over the test binaries: `test result: ok. 12 passed; 0 failed; …`.
fn cargo_total(said: &str) -> Option<String> {
    let results: Vec<&str> =
        said.lines().filter_map(|line| line.trim().strip_prefix("test result: ")).collect();
    let sum = |word: &str| -> u64 {
        let numbers = results.iter().filter_map(|line| {
            let before = line.split(word).next()?;
            before.split_whitespace().next_back()?.parse::<u64>().ok()
        });
        numbers.sum()
    };
    if results.is_empty() {
        return None;
    }
    Some(format!("cargo test: {} passed, {} failed", sum(" passed"), sum(" failed")))
}

/// The unit tests of the pages: passed, failed.
fn vitest() -> Result<(u64, u64)> {
    let totals = target_directory()?.join("xtask/vitest.json");
    if totals.exists() {
        fs::remove_file(&totals).context("the totals of last time cannot be removed")?;
    }
    let step = ui::tool("vitest", ["run", "--reporter=default", "--reporter=json"])
        .args([format!("--outputFile.json={}", totals.display())]);
    let (_, well) = step.env("NO_COLOR", "1").go_and_listen()?;
    let text = fs::read_to_string(&totals).context("the tests of the pages left no totals")?;
    let value: serde_json::Value = serde_json::from_str(&text).context("totals are no JSON")?;
    let number = |name: &str| value.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0);
    let failed = number("numFailedTests");
    Ok((number("numPassedTests"), if well { failed } else { failed.max(1) }))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{STARTING_PROGRAMS, cargo_total, nextest_total};
    use crate::run::root;

    #[test]
    fn the_summary_of_nextest_is_passed_on_as_it_is() {
        let said = "   PASS [ 0.1s] money it\n────\n     Summary [   0.421s] 3 tests run: 3 passed, 0 skipped\n";
        let summary = "Summary [   0.421s] 3 tests run: 3 passed, 0 skipped";
        assert_eq!(nextest_total(said).as_deref(), Some(summary));
        assert_eq!(nextest_total("error: could not compile `money`"), None);
    }

    /// Every crate whose tests start programs is named: else they fail now and then.
    #[test]
    fn crates_whose_tests_start_programs_are_tested_one_by_one() {
        let starts = |folder: &Path| -> bool {
            let files = fs::read_dir(folder).into_iter().flatten().flatten();
            files
                .filter_map(|file| fs::read_to_string(file.path()).ok())
                .any(|text| text.contains("process::Command") || text.contains("process::{Command"))
        };
        let crates = fs::read_dir(root().join("crates")).unwrap().flatten();
        let mut found: Vec<String> = crates
            .filter(|one| starts(&one.path().join("tests/it")))
            .map(|one| one.file_name().to_string_lossy().into_owned())
            .collect();
        found.sort();
        assert_eq!(found, STARTING_PROGRAMS);
    }

    #[test]
    fn the_results_of_cargo_test_are_summed() {
        let said = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured\n\
                    test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured\n";
        assert_eq!(cargo_total(said).as_deref(), Some("cargo test: 15 passed, 2 failed"));
        assert_eq!(cargo_total("error: could not compile `money`"), None);
    }
}
