//! Every command a developer types: `cargo xtask help`.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]

mod browser;
mod debian;
mod demo;
mod run;
mod test;
mod tidy;
mod ui;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::run::{Step, root};

const HELP: &str = "\
cargo xtask <command>

  demo [--port N] [--year] [--fresh]
                   build everything and run a demo shop on this machine
  test [--quick]   everything that must be green; --quick leaves out the browser
  ui               install what the pages need and build them
  types            write the TypeScript types anew from docs/openapi.json
  e2e [FILTER]     the real program in a real browser; FILTER is part of a test's name
  bench [...]      measure; what follows goes to the bench
  fuzz [--inputs N] [--only NAME]
                   every decoder on N made-up inputs (ten million unless told), and how long each took
  independent      another implementation of ZVT as a till at our terminal, and as a terminal at our till;
                   fetches it (the ordinary tests do not)
  tidy             the house rules that no compiler checks
  deny             licences and sources of all dependencies (needs cargo-deny)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", [].as_slice()),
    };
    match command {
        "demo" => demo::demo(rest),
        "test" => test::test(rest),
        "ui" => nothing_more(rest).and_then(|()| ui::build()),
        "types" => nothing_more(rest).and_then(|()| ui::write_types()),
        "e2e" => browser::e2e_command(rest),
        "bench" => bench(rest),
        "fuzz" => fuzz(rest),
        "independent" => nothing_more(rest).and_then(|()| independent()),
        "tidy" => nothing_more(rest).and_then(|()| tidy_command()),
        "deny" => nothing_more(rest).and_then(|()| deny()),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => bail!("there is no command {other:?}\n\n{HELP}"),
    }
}

/// Refuses arguments nobody reads: a mistyped flag must not be taken for silence.
fn nothing_more(rest: &[String]) -> Result<()> {
    match rest.first() {
        None => Ok(()),
        Some(argument) => bail!("{argument:?} means nothing here\n\n{HELP}"),
    }
}

fn bench(rest: &[String]) -> Result<()> {
    ui::build_if_stale()?;
    // The bench measures the real program, which stands beside it.
    Step::cargo(["build", "--release", "--package", "tresen"]).go()?;
    Step::cargo(["run", "--release", "--package", "sim", "--bin", "bench", "--"]).args(rest).go()
}

fn fuzz(rest: &[String]) -> Result<()> {
    Step::cargo(["run", "--profile", "fuzz", "--package", "fuzz", "--"]).args(rest).go()
}

fn independent() -> Result<()> {
    Step::cargo(["build", "--package", "tresen"]).go()?;
    let target = run::target_directory()?;
    let tresen = target.join("debug").join(run::program("tresen"));
    // A workspace of its own, so that what it fetches stays out of the house's lock file.
    Step::cargo(["run", "--manifest-path", "independent/Cargo.toml", "--locked", "--target-dir"])
        .args([target.join("independent")])
        .args(["--"])
        .args([tresen])
        .go()
}

fn tidy_command() -> Result<()> {
    let complaints = tidy::complaints(&root())?;
    for complaint in &complaints {
        println!("{complaint}");
    }
    if complaints.is_empty() {
        println!("tidy");
        return Ok(());
    }
    bail!("{} complaints", complaints.len())
}

fn deny() -> Result<()> {
    if !run::works("cargo-deny", "--version") {
        bail!("cargo-deny is missing; install it with: cargo install --locked cargo-deny");
    }
    Step::cargo(["deny", "check"]).go()
}
