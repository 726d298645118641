//! Another implementation of ZVT (the crate `zvt` 0.1.0) against this house's two sides: as a till at
//! `tresen simulate terminal`, and as a terminal that this house's driver asks for money.
//!
//! What it speaks is written and read by its own codec and, where it has them, its own sequences. Its crate knows
//! no authorisation, reversal and refund (it is for charging stations, which reserve and book); those packets are
//! declared in `packets.rs` and written and read by its codec as well. The terminal's side is a few lines here: what is
//! independent there is the codec, not the behaviour.

mod packets;
mod terminal;
mod till;

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

#[tokio::main]
async fn main() -> Result<()> {
    let tresen = std::env::args().nth(1).context("the path of the program tresen is missing")?;
    let mut simulator = Command::new(tresen)
        .args(["--language", "en", "simulate", "terminal", "--automatic", "1"])
        .args(["--listen", "127.0.0.1:0", "--page", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut lines = BufReader::new(simulator.stdout.take().context("no output")?).lines();
    let said = lines.next_line().await?.context("the simulator says nothing")?;
    let address = said.split_whitespace().find(|word| word.starts_with("127.0.0.1:"));
    let address = address.context("the simulator names no address")?;
    println!("an independent till at {said}");
    let done = till::works_a_day(address).await?;
    println!("{done} passed, 0 failed");
    ensure!(done > 0, "nothing was done");

    println!("this house's driver at a terminal that reads and writes with an independent codec");
    let done = terminal::is_worked_at().await?;
    println!("{done} passed, 0 failed");
    Ok(())
}
