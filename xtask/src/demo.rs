//! A demo shop with one command.

use anyhow::{Result, bail};

use crate::run::{Step, program, root, target_directory};
use crate::ui;

/// Builds what is missing and becomes `tresen demo`.
pub(crate) fn demo(arguments: &[String]) -> Result<()> {
    let arguments = translate(arguments)?;
    ui::build_if_stale()?;
    println!("Building the program (the first time takes some minutes) …");
    Step::cargo(["build", "--release", "--package", "tresen"]).go()?;
    let tresen = target_directory()?.join("release").join(program("tresen"));
    println!();
    Step::program(tresen, ["demo"], &root()).args(arguments).become_it()
}

/// The program's own flags. What the demo does not know is refused before minutes are spent on
/// building.
fn translate(arguments: &[String]) -> Result<Vec<String>> {
    let mut flags = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--year" | "--fresh" => flags.push(argument.clone()),
            "--port" => match rest.next().map(|port| port.parse::<u16>()) {
                Some(Ok(port)) => {
                    flags.push("--listen".to_owned());
                    flags.push(format!("127.0.0.1:{port}"));
                }
                _ => bail!("--port needs a number from 0 to 65535 (0: any free port)"),
            },
            other => bail!("the demo knows --port N, --year and --fresh, not {other:?}"),
        }
    }
    Ok(flags)
}

#[cfg(test)]
mod tests {
    use super::translate;

    fn given(line: &str) -> Option<String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        translate(&words).ok().map(|flags| flags.join(" "))
    }

    #[test]
    fn the_flags_of_the_demo_are_taken_and_others_refused() {
        assert_eq!(given("").as_deref(), Some(""));
        let all = "--port 7071 --year --fresh";
        assert_eq!(given(all).as_deref(), Some("--listen 127.0.0.1:7071 --year --fresh"));
        for wrong in ["--port", "--port seventy", "--port 70000", "--years"] {
            assert_eq!(given(wrong), None, "{wrong}");
        }
    }
}
