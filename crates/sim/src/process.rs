//! The real program as a process of its own, ended by its id.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// A running shop.
#[derive(Debug)]
pub struct Shop {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// The code for the first run, if the shop is not set up.
    pub setup_code: Option<String>,
}

/// The program, built beside the one that runs now.
pub fn binary() -> Result<PathBuf> {
    let mut at = std::env::current_exe()?;
    while at.pop() {
        let program = at.join("tresen");
        if program.is_file() {
            return Ok(program);
        }
    }
    bail!("the program is not built: cargo build -p tresen (with the same profile)")
}

impl Shop {
    /// Starts `tresen run` on a file, on a free port of loopback.
    pub fn start(program: &Path, file: &Path) -> Result<Shop> {
        let mut child = Command::new(program)
            .args(["run", "--listen", "127.0.0.1:0", "--file"])
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .context("start the program")?;
        let out = child.stdout.take().context("no output")?;
        let mut lines = BufReader::new(out).lines();
        let mut setup_code = None;
        let mut address = None;
        // The program says what it has to say line by line and ends with where it listens.
        for line in lines.by_ref() {
            let line = line?;
            if let Some((_, code)) = line.split_once("setup=") {
                setup_code = code.split_whitespace().next().map(str::to_owned);
            }
            if let Some(rest) = line.strip_prefix("listening on http://") {
                address = rest.trim().parse().ok();
                break;
            }
        }
        // Whatever it says later must not fill the pipe.
        std::thread::spawn(move || for _ in lines {});
        let Some(address) = address else {
            let _ = child.kill();
            let _ = child.wait();
            bail!("the program ended before it listened");
        };
        Ok(Shop { child, address, setup_code })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as a power cut would for the process.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Waits until it ends by itself.
    pub fn wait(mut self) -> Result<std::process::ExitStatus> {
        Ok(self.child.wait()?)
    }

    /// Resident memory now, bytes.
    pub fn resident(&self) -> Result<u64> {
        status_bytes(self.child.id(), "VmRSS:")
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A memory figure of a process (`VmRSS:`, `VmHWM:`), bytes.
pub fn status_bytes(process: u32, name: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find(|l| l.starts_with(name)).context("no such figure")?;
    let kilobytes: u64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
    Ok(kilobytes * 1_024)
}
