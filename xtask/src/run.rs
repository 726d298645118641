//! Running other programs, seen and told about.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The folder that cargo builds into.
pub(crate) fn target_directory() -> Result<PathBuf> {
    let output = cargo()
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .context("cargo cannot be run")?;
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).context("cargo metadata gave no JSON")?;
    let directory = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    directory.map(PathBuf::from).context("cargo metadata names no target directory")
}

/// The file name of a program on this system.
pub(crate) fn program(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

fn cargo() -> Command {
    // Cargo names itself to what it runs; the same one is used again.
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// True when a program is there and answers to `argument`.
pub(crate) fn works(program: &str, argument: &str) -> bool {
    Command::new(program)
        .arg(argument)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The first line that a program prints; none when it is missing or fails.
pub(crate) fn first_line(program: &str, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).stdin(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8_lossy(&output.stdout).lines().next().map(|line| line.trim().to_owned())
}

/// A program to be run.
pub(crate) struct Step {
    command: Command,
    shown: String,
}

impl Step {
    /// `cargo` with arguments, in the workspace's folder.
    pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Self {
        let shown = "cargo".to_owned();
        let mut step = Self { command: cargo(), shown };
        step.command.current_dir(root());
        step.args(arguments)
    }

    /// Any program, in a folder.
    pub(crate) fn program<const N: usize>(
        program: impl AsRef<OsStr>,
        arguments: [&str; N],
        folder: &Path,
    ) -> Self {
        let shown = Path::new(program.as_ref())
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mut command = Command::new(program);
        command.current_dir(folder);
        Self { command, shown }.args(arguments)
    }

    /// Further arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        for argument in arguments {
            self.shown.push(' ');
            self.shown.push_str(&argument.as_ref().to_string_lossy());
            self.command.arg(argument);
        }
        self
    }

    /// Something the program finds in its environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it; errs unless it ends well.
    pub(crate) fn go(mut self) -> Result<()> {
        println!("\n── {}", self.shown);
        let status = self.command.stdin(Stdio::null()).status();
        let status = status.with_context(|| format!("cannot run {}", self.shown))?;
        if status.success() {
            return Ok(());
        }
        bail!("{} failed ({status})", self.shown)
    }

    /// Runs it and keeps what it says, which is shown all the same. The second value: it ended well.
    pub(crate) fn go_and_listen(mut self) -> Result<(String, bool)> {
        println!("\n── {}", self.shown);
        let mut child = self
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", self.shown))?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let listener = std::thread::spawn(move || err.map(|e| pass_on(e, std::io::stderr())));
        let mut said = out.map(|o| pass_on(o, std::io::stdout())).unwrap_or_default();
        if let Ok(Some(more)) = listener.join() {
            said.push_str(&more);
        }
        let status = child.wait().with_context(|| format!("cannot wait for {}", self.shown))?;
        Ok((said, status.success()))
    }

    /// Becomes this program: signals reach it, and its end is ours.
    #[cfg(unix)]
    pub(crate) fn become_it(mut self) -> Result<()> {
        use std::os::unix::process::CommandExt as _;
        let error = self.command.exec();
        Err(error).with_context(|| format!("cannot run {}", self.shown))
    }

    /// Runs this program until it ends.
    #[cfg(not(unix))]
    pub(crate) fn become_it(mut self) -> Result<()> {
        let status = self.command.status();
        let status = status.with_context(|| format!("cannot run {}", self.shown))?;
        if status.success() { Ok(()) } else { bail!("{} failed ({status})", self.shown) }
    }
}

fn pass_on(from: impl Read, mut to: impl Write) -> String {
    let mut said = String::new();
    let mut line = Vec::new();
    let mut from = BufReader::new(from);
    while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        // A closed terminal is no reason to stop listening.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        said.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    said
}
