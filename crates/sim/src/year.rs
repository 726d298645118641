//! A simulated year: all kinds of records at several tills, two signing units, outages of one and of both. At its end
//! each signature is verified from the receipt's code alone and found again in its unit's own export, each till day is
//! proved, and what was not signed says why.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use base64ct::{Base64, Encoding as _};
use domain::command::Denomination;
use domain::event::Event;
use domain::settings::Settings;
use domain::voucher::VoucherKind;
use domain::{
    Amount, BasketId, Command, CommandId, LineNo, PersonId, ReceiptRef, ShopCommand, TillCommand,
    TillId,
};
use fiscal::de::tse::log::{LogMessage, Operation, Record};
use fiscal::de::tse::qr::ReceiptCode;
use fiscal::de::tse::tar;
use money::{Currency, Money};
use shop::api::view::CommandAnswer;
use shop::clock::{Clock as _, HandClock};
use shop::engine::{Actor, Engine};
use shop::proof::nightly::one;
use shop::proof::{StatementKind, Verdict};
use signing::{Software, Unit};
use store::Reader;

use crate::build::{Built, Plan, item_code, settings};
use crate::random::Random;
use crate::units::{Signer, Unplugged, signed, unit};

/// What to live through.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Seed.
    pub seed: u64,
    /// Receipts and baskets given up, in all.
    pub records: u64,
    /// Days.
    pub days: u32,
    /// Tills.
    pub tills: u16,
}

/// What there was, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Receipts, training apart.
    pub receipts: u64,
    /// Of them with goods that came back.
    pub returns: u64,
    /// Of them with vouchers sold or redeemed.
    pub vouchers: u64,
    /// Training receipts.
    pub training: u64,
    /// Baskets given up.
    pub aborted: u64,
    /// Baskets that were put aside.
    pub put_aside: u64,
    /// Orders: what was put aside, and what changed of it.
    pub orders: u64,
    /// Baskets that went on at another till.
    pub handed_over: u64,
    /// Baskets that somebody who works there took.
    pub benefits: u64,
    /// Cash in, out, to the safe, and the drawer opened.
    pub movements: u64,
    /// Those, orders, baskets that went on elsewhere, floats and differences of countings, each signed for itself.
    pub cash: u64,
    /// Signed by each unit.
    pub signed: [u64; 2],
    /// Not signed: the outage is recorded.
    pub outages: u64,
    /// Times that a unit went down.
    pub downs: u64,
    /// Codes that verified with nothing but themselves.
    pub codes: u64,
    /// Signatures that stand in a unit's export, which verified.
    pub exported: u64,
    /// Till days.
    pub days: u64,
    /// Of them proved wholly.
    pub proved: u64,
    /// Of them with something that cannot be proved.
    pub unproved: u64,
    /// Closings in the package of the whole year, which was read again and contradicts itself nowhere.
    pub closings: u64,
}

const ITEMS: u32 = 200;
/// The year by DSFinV-K, left in its folder.
pub const PACKAGE: &str = "dsfinvk.zip";

/// A cashier at one till, in a thread of its own.
struct Cashier {
    engine: Engine,
    clock: Arc<HandClock>,
    till: TillId,
    person: PersonId,
    random: Random,
    at: u64,
    /// The last receipt whose first line can come back.
    sold: Option<ReceiptRef>,
    voucher: Option<String>,
    /// Baskets that wait aside, for whoever takes them.
    aside: Arc<Mutex<Vec<BasketId>>>,
}

const fn euros(minor: i64) -> Amount {
    Amount { amount: Money::new(minor), currency: Currency::EUR }
}

impl Cashier {
    fn send(&mut self, command: TillCommand) -> Result<CommandAnswer> {
        self.at += 1;
        let id = CommandId(self.random.uuid(self.at));
        let actor = Actor { person: Some(self.person), approver: None };
        let told = format!("{command:?}");
        let command = Command::Till(self.till, command);
        let answer = self.engine.submit(id, actor, command).map_err(|e| anyhow!("{e}"))?.wait();
        self.clock.advance(Duration::from_millis(700));
        answer.map_err(|error| anyhow!("{told}: {error}"))
    }

    fn scan(&mut self) -> Result<()> {
        let n = u32::try_from(self.random.below(u64::from(ITEMS)))? + 1;
        self.send(TillCommand::Scan { code: item_code(n), quantity: None, price: None }).map(drop)
    }

    fn pay(&mut self) -> Result<CommandAnswer> {
        self.send(TillCommand::PayCash { tendered: None })
    }

    fn open(&mut self) -> Result<()> {
        let person = self.person;
        self.send(TillCommand::SignIn { person })?;
        self.send(TillCommand::OpenDay { float: euros(20_000) }).map(drop)
    }

    /// Some record; which, chance says.
    fn record(&mut self) -> Result<()> {
        let reason = || "Probe".to_owned();
        match self.random.below(20) {
            0 => {
                self.scan()?;
                self.send(TillCommand::AbortBasket { reason: Some(reason()) })?;
            }
            1 => {
                self.send(TillCommand::Training { on: true })?;
                self.scan()?;
                self.pay()?;
                self.send(TillCommand::Training { on: false })?;
            }
            2 if self.sold.is_some() => {
                let receipt = self.sold.take().context("sold")?;
                self.send(TillCommand::ReturnLine { receipt, line: LineNo(1), quantity: None })?;
                self.pay()?;
            }
            3 => {
                let amount = euros(5_000);
                self.send(TillCommand::SellVoucher { amount, of: VoucherKind::MultiPurpose })?;
                let answer = self.pay()?;
                let last = answer.view.as_ref().and_then(|view| view.last_receipt.clone());
                self.voucher = last.and_then(|last| last.vouchers.first().map(|v| v.code.clone()));
            }
            4 if self.voucher.is_some() => {
                let code = self.voucher.take().context("sold")?;
                self.scan()?;
                let amount = Some(euros(30));
                self.send(TillCommand::PayVoucher { code, amount, despite_expiry: false })?;
                self.pay()?;
            }
            5 => {
                match self.random.below(4) {
                    0 => self.send(TillCommand::PaidIn {
                        amount: euros(1_000),
                        reason: reason(),
                        purpose: None,
                    }),
                    1 => self.send(TillCommand::PaidOut {
                        amount: euros(300),
                        reason: reason(),
                        purpose: None,
                    }),
                    2 => self.send(TillCommand::Drop { amount: euros(500), reason: reason() }),
                    _ => self.send(TillCommand::NoSale { reason: reason() }),
                }?;
                return self.sale();
            }
            6 => self.put_aside()?,
            7 => self.take_up()?,
            8 => {
                self.scan()?;
                let person = self.person;
                self.send(TillCommand::GiveBenefit { person, reason: reason() })?;
            }
            _ => self.sale()?,
        }
        Ok(())
    }

    /// A basket waits aside; now and then it is looked at once more, and something is added.
    fn put_aside(&mut self) -> Result<()> {
        self.scan()?;
        self.scan()?;
        let answer = self.send(TillCommand::Note { line: None, text: "Probe".to_owned() })?;
        let view = answer.view.context("a view")?;
        let basket = view.basket.as_ref().context("a basket")?.id;
        self.send(TillCommand::Park { name: None })?;
        if self.random.below(2) == 0 {
            self.send(TillCommand::Recall { basket })?;
            if self.random.below(2) == 0 {
                self.scan()?;
            }
            self.send(TillCommand::Park { name: None })?;
        }
        self.aside.lock().unwrap_or_else(PoisonError::into_inner).push(basket);
        Ok(())
    }

    /// Somebody takes the basket that waits longest, from whichever till, and sells it or gives it up.
    fn take_up(&mut self) -> Result<()> {
        let waits = {
            let mut aside = self.aside.lock().unwrap_or_else(PoisonError::into_inner);
            (!aside.is_empty()).then(|| aside.remove(0))
        };
        let Some(basket) = waits else { return self.put_aside() };
        self.send(TillCommand::Recall { basket })?;
        match self.random.below(4) {
            0 => self.send(TillCommand::AbortBasket { reason: None }).map(drop),
            _ => self.sale(),
        }
    }

    fn sale(&mut self) -> Result<()> {
        for _ in 0..=self.random.below(5) {
            self.scan()?;
        }
        let answer = self.pay()?;
        self.sold = answer.receipt;
        Ok(())
    }

    /// Counts what is expected, now and then a cent less, and closes.
    fn close(&mut self, reader: &Reader) -> Result<()> {
        let tills = reader.parts("till")?;
        let own = tills.iter().find(|(key, _)| *key == i64::from(self.till.0)).context("a till")?;
        let till: serde_json::Value = serde_json::from_str(&own.1)?;
        let drawer = till["day"]["drawer"].as_i64().context("an open day")?;
        let counted = u32::try_from(drawer - i64::from(self.random.below(4) == 0))?;
        // Nobody counts as many cents as a day of so many sales takes.
        let pieces = vec![
            Denomination { value: 5_000, pieces: counted / 5_000 },
            Denomination { value: 1, pieces: counted % 5_000 },
        ];
        self.send(TillCommand::CountDrawer { pieces, foreign: Vec::new() })?;
        self.send(TillCommand::CloseDay { despite_doubt: None }).map(drop)
    }
}

/// What stands of each unit.
type Units = [Arc<Unplugged<Software>>; 2];

fn units(folder: &Path, seed: u64, now: jiff::Timestamp) -> Result<Units> {
    let open = |id: u8| -> Result<_> {
        let mut bytes = [id; 32];
        for (byte, of) in bytes.iter_mut().zip(seed.to_le_bytes()) {
            *byte ^= of;
        }
        let path = folder.join(format!("unit-{id}.tse"));
        let unit = Software::open(&path, || signing::fresh(&bytes, "year"), now);
        Ok(Unplugged::new(unit.map_err(|fault| anyhow!("{fault}"))?))
    };
    Ok([open(1)?, open(2)?])
}

fn configured(tills: u16) -> Settings {
    let mut settings = signed(settings(tills), 2);
    // Half of the tills have the second unit as their own.
    for till in settings.tills.iter_mut().filter(|till| till.id.0 % 2 == 0) {
        till.signing_unit = Some(domain::UnitId(2));
    }
    settings
}

/// Lives through it, in a folder that is the caller's, and verifies all of it.
///
/// # Errors
/// When anything does not hold: which record, of which till.
pub fn live(folder: &Path, wanted: Wanted) -> Result<Told> {
    let file = folder.join("year.sqlite");
    let mut built =
        Built::create(&file, Plan { seed: wanted.seed, tills: wanted.tills, items: ITEMS })?;
    let units = units(folder, wanted.seed, built.clock.now())?;
    for (id, one) in (1..).zip(&units) {
        built.engine.units().put(&unit(id), Arc::<Unplugged<Software>>::clone(one));
    }
    let (manager, settings) = (built.manager, Box::new(configured(wanted.tills)));
    built.shop(Some(manager), ShopCommand::Configure { settings })?;
    let signer = Signer::start(&built.engine, Arc::clone(&built.clock))?;
    let reader = Reader::open(&file)?;
    let aside = Arc::default();
    let mut cashiers: Vec<Cashier> = (1..=wanted.tills)
        .map(|till| Cashier {
            engine: built.engine.clone(),
            clock: Arc::clone(&built.clock),
            till: TillId(till),
            person: manager,
            random: Random::new(wanted.seed.wrapping_mul(1_000).wrapping_add(u64::from(till))),
            at: 1_900_000_000_000 + u64::from(till) * 10_000_000_000,
            sold: None,
            voucher: None,
            aside: Arc::clone(&aside),
        })
        .collect();
    let mut left = wanted.records;
    for day in 0..wanted.days {
        let today = left / u64::from(wanted.days - day);
        left -= today;
        for cashier in &mut cashiers {
            cashier.open()?;
        }
        // A day in three parts; one unit or both may be gone in the second.
        let gone = match day % 6 {
            1 => [true, false],
            3 => [false, true],
            5 => [true, true],
            _ => [false, false],
        };
        for part in 0..3 {
            for (unit, gone) in units.iter().zip(gone) {
                unit.plug(!(part == 1 && gone));
            }
            work(&mut cashiers, share(today, 3, part))?;
            signer.until_signed(&reader)?;
        }
        for cashier in &mut cashiers {
            cashier.close(&reader)?;
        }
        signer.until_signed(&reader)?;
        built.clock.advance(Duration::from_secs(12 * 3_600));
    }
    let signing = configured(wanted.tills).signing.context("signed")?;
    let clients: Vec<String> =
        (1..=wanted.tills).map(|till| signing.client(TillId(till))).collect();
    units.iter().for_each(|unit| unit.plug(true));
    signer.until_known(&reader, &units, &clients)?;
    signer.end()?;
    drop(cashiers);
    let now = built.clock.now();
    let told = verify(&reader, &units, folder, now)?;
    built.close();
    Ok(told)
}

fn share(all: u64, parts: u64, nth: u64) -> u64 {
    all * (nth + 1) / parts - all * nth / parts
}

/// All cashiers work at once.
fn work(cashiers: &mut [Cashier], records: u64) -> Result<()> {
    let tills = u64::try_from(cashiers.len())?;
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..)
            .zip(cashiers.iter_mut())
            .map(|(nth, cashier)| {
                scope.spawn(move || -> Result<()> {
                    for _ in 0..share(records, tills, nth) {
                        cashier.record()?;
                    }
                    Ok(())
                })
            })
            .collect();
        all.into_iter().try_for_each(|one| one.join().map_err(|_| anyhow!("a cashier failed"))?)
    })
}

/// A signature as the journal has it: counter, and its bytes.
type Signatures = BTreeMap<u64, (u64, Vec<u8>)>;

fn verify(reader: &Reader, units: &Units, folder: &Path, now: jiff::Timestamp) -> Result<Told> {
    let mut told = Told::default();
    let mut serials: Vec<String> = Vec::new();
    for unit in units {
        unit.plug(true);
        serials.push(unit.identity().map_err(|fault| anyhow!("{fault}"))?.serial);
    }
    let mut signatures = [Signatures::new(), Signatures::new()];
    let mut next = 1;
    loop {
        let rows = reader.journal(next, 2_000)?;
        let Some(last) = rows.last() else { break };
        next = last.seq + 1;
        for row in &rows {
            entry(reader, &row.bytes, &serials, &mut signatures, &mut told)?;
        }
    }
    let ended = told.receipts + told.training + told.aborted + told.benefits + told.cash;
    let said = told.signed[0] + told.signed[1] + told.outages;
    ensure!(ended == said, "{ended} records ended, and of {said} it is known how they were signed");
    for (unit, ours) in units.iter().zip(&signatures) {
        told.exported += exported(unit, ours, folder, now)?;
    }
    days(reader, now, &mut told)?;
    let target = folder.join(PACKAGE);
    let all = (jiff::civil::Date::MIN, jiff::civil::Date::MAX);
    let written = shop::fiscal::write_package(reader, all, &target, &mut |_, _| {})?;
    if let Some(wrong) = written.wrong {
        bail!("the year's package: {wrong:?}");
    }
    told.closings = written.closings;
    ensure!(told.closings == told.days, "{} of {} till days exported", told.closings, told.days);
    Ok(told)
}

/// Counts an entry; a signature is verified from the code alone.
fn entry(
    reader: &Reader,
    bytes: &str,
    serials: &[String],
    signatures: &mut [Signatures; 2],
    told: &mut Told,
) -> Result<()> {
    let (meta, event) = journal::decode(bytes)?;
    told.cash += u64::from(domain::signing::outcome_of(&event).is_some());
    match event {
        Event::ReceiptIssued(receipt) if receipt.training => told.training += 1,
        Event::ReceiptIssued(receipt) => {
            told.receipts += 1;
            let back = receipt.lines.iter().any(|line| line.returned_from.is_some());
            let voucher = receipt.lines.iter().any(|line| line.voucher.is_some())
                || receipt.tenders.iter().any(|tender| tender.voucher.is_some());
            told.returns += u64::from(back);
            told.vouchers += u64::from(voucher);
        }
        Event::BasketAborted { .. } => told.aborted += 1,
        Event::BasketOrdered(ordered) => {
            told.orders += 1;
            // The first order has all of it.
            let before = reader.basket_records(ordered.basket)?;
            told.put_aside += u64::from(before.first().is_some_and(|(seq, _)| *seq == meta.seq));
        }
        Event::BasketHandedOver(_) => told.handed_over += 1,
        Event::BenefitGiven(_) => told.benefits += 1,
        Event::CashPaidIn { .. }
        | Event::CashPaidOut { .. }
        | Event::CashDropped { .. }
        | Event::DrawerOpened { .. } => told.movements += 1,
        Event::SigningOutage(_) => told.downs += 1,
        Event::SigningFailed(failed) => {
            ensure!(!failed.why.is_empty(), "entry {}: an outage without a reason", meta.seq);
            told.outages += 1;
        }
        Event::SigningFinished(finished) => {
            let signature = &finished.signature;
            let identity = reader.signing_unit(&signature.serial)?.context("a unit")?;
            let text = shop::sign::receipt_code(signature, &identity).context("a code")?;
            let code = ReceiptCode::read(&text).map_err(|fault| anyhow!("{text}: {fault}"))?;
            code.verify().map_err(|fault| anyhow!("entry {}: {text}: {fault}", meta.seq))?;
            told.codes += 1;
            let at = serials.iter().position(|serial| *serial == signature.serial);
            let at = at.context("a unit of the shop")?;
            told.signed[at] += 1;
            let value = Base64::decode_vec(&signature.value).map_err(|e| anyhow!("{e}"))?;
            let number = signature.transaction.number;
            let before = signatures[at].insert(number, (signature.counter, value));
            ensure!(before.is_none(), "transaction {number} signed twice");
        }
        _ => {}
    }
    Ok(())
}

/// The unit's export verifies, and has each signature of the journal.
fn exported(
    unit: &Unplugged<Software>,
    ours: &Signatures,
    folder: &Path,
    now: jiff::Timestamp,
) -> Result<u64> {
    let path = folder.join("export.tar");
    let mut out = BufWriter::new(File::create(&path)?);
    unit.export((None, None), now, &mut out).map_err(|fault| anyhow!("{fault}"))?;
    out.flush()?;
    let report = tar::verify(BufReader::new(File::open(&path)?), tar::Scope::Whole);
    if let Some(found) = report.first() {
        bail!("the export: {:?}: {}", found.file, found.difference);
    }
    let mut found = 0;
    tar::files(BufReader::new(File::open(&path)?), |_, bytes| {
        let Ok(message) = LogMessage::read(bytes) else { return };
        let Record::Transaction(said) = &message.content().record else { return };
        if said.operation != Operation::Finish {
            return;
        }
        let known = ours.get(&said.number);
        let same = |(counter, value): &(u64, Vec<u8>)| {
            *counter == message.content().counter && value == message.signature()
        };
        found += u64::from(known.is_some_and(same));
    })
    .map_err(|fault| anyhow!("{fault}"))?;
    let all = u64::try_from(ours.len())?;
    ensure!(found == all, "{found} of {all} signatures stand in the unit's export");
    std::fs::remove_file(&path)?;
    Ok(found)
}

/// Each till day is proved, or says why not; nothing differs.
fn days(reader: &Reader, now: jiff::Timestamp, told: &mut Told) -> Result<()> {
    let mut before = None;
    loop {
        let page = reader.closed_days(None, before, 200)?;
        let Some(last) = page.last() else { return Ok(()) };
        before = Some((last.closed, last.till));
        for day in &page {
            let (check, proof) = one(reader, (day.till, day.day.number), now)?;
            let proof = proof.context("closed")?;
            let wrong = proof.statements.iter().find(|said| said.verdict == Verdict::Differs);
            if let Some(wrong) = wrong {
                bail!("till {}, day {}: {wrong:?}", day.till, day.day.number);
            }
            let export = proof.statement(StatementKind::Export).context("a statement")?;
            ensure!(check.state == "right", "till {}: {export:?}", day.till);
            told.days += 1;
            let whole = proof.count(Verdict::Unproved) == 0;
            told.proved += u64::from(whole);
            told.unproved += u64::from(!whole);
        }
    }
}
