//! A card payment from the cashier's key to the finished receipt, beside the bare bytes of the same
//! conversation and the bare commits that it has to wait for.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use domain::settings::{TerminalProtocol, TerminalSettings};
use domain::{ShopCommand, TerminalId};
use payment::simulator::{Setup, Simulator};
use serde_json::{Value, json};
use sim::build::{Built, Plan, item_code, settings};
use sim::client::{Client, Events};
use sim::process::Shop;
use sim::random::Random;

use crate::Scale;
use crate::baseline::{now, raw_commits};
use crate::report::{Bound, Report, percentile};
use crate::selling::{ITEMS, pin_hash, sign_in};

/// Commits of one payment: intended, sent, the terminal's word, held to (with the receipt).
const COMMITS: usize = 4;
/// Bytes of an entry of a payment, about.
const ENTRY: usize = 700;

/// What one side said at once.
#[derive(Debug, Clone)]
struct Said {
    by_shop: bool,
    bytes: Vec<u8>,
}

/// The connections of one payment, and what was said on each, in its order.
type Heard = Arc<Mutex<Vec<Vec<Said>>>>;

/// Stands between shop and terminal and listens.
fn overhear(terminal: SocketAddr) -> Result<(SocketAddr, Heard)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let heard = Heard::default();
    let kept = Arc::clone(&heard);
    std::thread::spawn(move || {
        for shop in listener.incoming().map_while(Result::ok) {
            let Ok(other) = TcpStream::connect(terminal) else { return };
            let number = {
                let mut all = kept.lock().unwrap_or_else(PoisonError::into_inner);
                all.push(Vec::new());
                all.len() - 1
            };
            for (from, to, by_shop) in [(&shop, &other, true), (&other, &shop, false)] {
                let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) else { return };
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || {
                    let mut buffer = [0; 4_096];
                    while let Ok(count) = from.read(&mut buffer) {
                        if count == 0 {
                            break;
                        }
                        let said = Said { by_shop, bytes: buffer[..count].to_vec() };
                        let mut all = kept.lock().unwrap_or_else(PoisonError::into_inner);
                        all[number].push(said);
                        drop(all);
                        if to.write_all(&buffer[..count]).is_err() {
                            break;
                        }
                    }
                    let _ = to.shutdown(Shutdown::Write);
                });
            }
        }
    });
    Ok((address, heard))
}

/// Says its part of each connection, and waits for the other's.
fn replay(stream: &mut TcpStream, part: &[Said], shop: bool) -> Result<()> {
    let mut buffer = vec![0; 4_096];
    for said in part {
        if said.by_shop == shop {
            stream.write_all(&said.bytes)?;
        } else {
            buffer.resize(said.bytes.len(), 0);
            stream.read_exact(&mut buffer)?;
        }
    }
    Ok(())
}

/// Somebody who answers the same bytes without looking at them.
fn parrot(payment: Vec<Vec<Said>>) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for part in payment.iter().cycle() {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let _ = stream.set_nodelay(true);
            if replay(&mut stream, part, false).is_err() {
                return;
            }
        }
    });
    Ok(address)
}

/// A cashier who takes cards.
struct Cashier {
    client: Client,
    screens: Events,
    random: Random,
    at: u64,
}

impl Cashier {
    fn command(&mut self, mut command: Value) -> Result<()> {
        self.at += 1;
        command["id"] = json!(self.random.uuid(self.at));
        self.client.ok("POST", "/api/v1/tills/1/commands", Some(&command))?;
        Ok(())
    }

    /// Scans an item, pays by card, waits for the finished receipt; the time of the payment.
    fn sell(&mut self, terminal: u16) -> Result<Duration> {
        let n = u32::try_from(self.random.below(u64::from(ITEMS)))? + 1;
        self.command(json!({"type": "scan", "code": item_code(n)}))?;
        let began = now();
        self.command(json!({"type": "pay_card", "terminal": terminal}))?;
        let mut paying = false;
        loop {
            let view = self.screens.next_data()?;
            let view: Value = serde_json::from_str(&view)?;
            paying |= view["payment"]["truth"] == "running";
            if paying && view["basket"].is_null() {
                return Ok(began.elapsed());
            }
            if view["payment"]["truth"] == "not_charged" || view["payment"]["truth"] == "unknown" {
                bail!("the payment did not work: {}", view["payment"]);
            }
        }
    }
}

fn shop_file(scale: &Scale, terminals: [SocketAddr; 2]) -> Result<std::path::PathBuf> {
    let file = scale.folder.path().join("cards.sqlite");
    let mut built = Built::create(&file, Plan { seed: 13, tills: 1, items: ITEMS })?;
    built.set_pin(pin_hash()?)?;
    built.open_till(1)?;
    let mut settings = settings(1);
    settings.terminals = (1..)
        .zip(terminals)
        .map(|(id, address)| TerminalSettings {
            id: TerminalId(id),
            name: format!("Terminal {id}"),
            protocol: TerminalProtocol::ZvtTcp,
            address: address.to_string(),
            terminal_id: None,
            certificate: None,
            rate: None,
            merchant: None,
            close_by_hand: false,
        })
        .collect();
    settings.tills[0].terminal = Some(TerminalId(1));
    let manager = Some(built.manager);
    built.shop(manager, ShopCommand::Configure { settings: Box::new(settings) })?;
    built.close();
    Ok(file)
}

/// The driver's overhead: what a payment takes above the bare conversation and the bare commits.
pub fn measure(scale: &Scale, report: &mut Report) -> Result<()> {
    let rounds = if scale.quick { 100 } else { 500 };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let setup =
        Setup { automatic: Some(0), hurry: 1_000_000, journal_limit: 5_000, ..Setup::default() };
    let (terminal, address) = runtime.block_on(async {
        let terminal = Simulator::start(&setup)?;
        let address = terminal.listen("127.0.0.1:0".parse()?).await?;
        anyhow::Ok((terminal, address))
    })?;
    let (overheard, heard) = overhear(address)?;
    let file = shop_file(scale, [address, overheard])?;
    let shop = Shop::start(&scale.program, &file)?;
    let client = sign_in(shop.address, 1)?;
    let screens = Client::connect(shop.address)?
        .with_cookie(client.cookie().context("no session")?)
        .events("/api/v1/tills/1/events")?;
    let mut cashier = Cashier { client, screens, random: Random::new(29), at: 1_900_000_000_000 };

    // Whatever was asked while nobody paid is not of the payment.
    cashier.sell(2)?;
    heard.lock().unwrap_or_else(PoisonError::into_inner).clear();
    cashier.sell(2)?;
    let payment = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let turns = |part: &Vec<Said>| part.windows(2).filter(|w| w[0].by_shop != w[1].by_shop).count();
    let trips = payment.iter().map(turns).sum::<usize>().div_ceil(2);
    let connections = payment.len();
    let parrot = parrot(payment.clone())?;

    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for turn in 0..5 {
        let raw_file = scale.folder.path().join(format!("cards{turn}.sqlite"));
        let commits = raw_commits(&raw_file, ENTRY, rounds / 5 * COMMITS, true)?;
        for commits in commits.chunks(COMMITS) {
            ours.push(cashier.sell(1)?);
            let began = now();
            for part in &payment {
                let mut stream = TcpStream::connect(parrot)?;
                stream.set_nodelay(true)?;
                replay(&mut stream, part, true)?;
            }
            bare.push(began.elapsed() + commits.iter().sum::<Duration>());
        }
    }
    let (p50, bare_p50) = (percentile(&mut ours, 50), percentile(&mut bare, 50));
    let (p99, bare_p99) = (percentile(&mut ours, 99), percentile(&mut bare, 99));
    let beside = format!(
        "p99 {p99:.2} ms (median {p50:.2}) beside {bare_p99:.2} ms ({bare_p50:.2}) for {trips} bare round trips \
         on {connections} connections and {COMMITS} raw commits"
    );
    report.row(
        "a card payment by ZVT, p99 above bare round trips and commits",
        p99 - bare_p99,
        "ms",
        Bound::AtMost(15.0),
        &beside,
    );
    drop(terminal);
    shop.kill()
}
