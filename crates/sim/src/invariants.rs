//! What always holds of a shop's file, whatever was done to it: counted anew from the journal alone,
//! by other code than the program's own.

use domain::event::{AccountCharged, AccountCredited, AccountPaid, StockMoved};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use domain::basket::{Line, Tender, TenderKind};
use domain::day::DayTotals;
use domain::receipt::Receipt;
use domain::state::Till;
use domain::{BasketId, CommandId, CustomerId, Event, ItemId, ReceiptRef, TillId};
use journal::EntryMeta;
use money::{Money, Quantity};
use store::{Reader, Store};

/// A till's open day, counted by hand.
#[derive(Debug, Default)]
struct Day {
    number: u32,
    drawer: i64,
    receipts: u32,
    turnover: i64,
    /// Vouchers and tips that are not taxed: money that came in, and no turnover.
    apart: i64,
    rounding: i64,
    tendered: i64,
    tax: BTreeMap<(u16, u32), (i64, i64)>,
}

impl Day {
    /// What customers pay of what they owe was taxed when it was sold; what is not taxed yet will be.
    fn sold(&mut self, receipt: &Receipt) {
        let (account, apart) = no_turnover(receipt);
        let owed = account + apart;
        self.turnover += receipt.total.minor() - owed;
        self.apart += apart;
        for row in &receipt.tax {
            let sums = self.tax.entry((row.key, row.rate.basis_points())).or_default();
            sums.0 += row.net.minor();
            sums.1 += row.tax.minor();
        }
        if owed != 0 {
            self.tax.entry((5, 0)).or_default().0 -= owed;
        }
        if self.tax.get(&(5, 0)) == Some(&(0, 0)) {
            self.tax.remove(&(5, 0));
        }
    }
}

/// Money that comes in without being turnover: to customers' accounts; for vouchers and as tips that are not taxed.
fn no_turnover(receipt: &Receipt) -> (i64, i64) {
    let sum = |of: fn(&Line) -> bool| {
        receipt.lines.iter().filter(|l| of(l)).map(|l| l.total().minor()).sum::<i64>()
    };
    let untaxed = |l: &Line| l.tax.0 == 5 && (l.voucher.is_some() || l.tip.is_some());
    (sum(|l| l.account.is_some()), sum(untaxed))
}

/// The journal, counted.
#[derive(Debug, Default)]
pub struct Book {
    /// Entries.
    pub entries: u64,
    /// Finished receipts that count.
    pub receipts: u64,
    /// Records of closed days, of all kinds, as they stand in the package for an auditor.
    pub audited: u64,
    series: BTreeMap<(TillId, bool), u64>,
    days: BTreeMap<TillId, Day>,
    last_day: BTreeMap<TillId, u32>,
    stock: BTreeMap<ItemId, i64>,
    tenders: BTreeMap<BasketId, Vec<Tender>>,
    training: BTreeMap<BasketId, bool>,
    commands: BTreeMap<CommandId, (u64, u64)>,
    accounts: BTreeMap<CustomerId, Account>,
    forgotten: BTreeSet<CustomerId>,
}

/// A customer's account, counted by hand.
#[derive(Debug, Default)]
struct Account {
    balance: i64,
    /// What is left of each receipt.
    open: BTreeMap<ReceiptRef, i64>,
}

/// Checks a file that nobody writes: the chain, the tables against the journal, and the sums. Leaves
/// the file as it is.
pub fn check(file: &Path) -> Result<Book> {
    let report = shop::verify::verify_file(file, &[], |_, _| true)?;
    ensure!(report.is_sound(), "not sound: {report:?}");
    let reader = Reader::open(file)?;
    let mut book = read(&reader)?;
    book.compare(&reader)?;
    same_when_rebuilt(&reader, file)?;
    book.audited = as_an_auditor(&reader, file)?;
    Ok(book)
}

/// All days that were closed, as a German tax auditor gets them: the checker finds nothing in the package. How many
/// records are in it.
fn as_an_auditor(reader: &Reader, file: &Path) -> Result<u64> {
    let settings = reader.settings_before(u64::MAX / 2)?;
    let german = |s: &domain::settings::Settings| {
        s.country == domain::settings::Country::De && s.currency == money::Currency::EUR
    };
    if !settings.is_some_and(|settings| german(&settings)) {
        return Ok(0);
    }
    let folder = tempfile::tempdir_in(file.parent().context("a folder")?)?;
    let all = (jiff::civil::Date::MIN, jiff::civil::Date::MAX);
    let package = folder.path().join("dsfinvk.zip");
    match shop::fiscal::write_package(reader, all, &package, &mut |_, _| {}) {
        Ok(written) => match written.wrong {
            Some(finding) => bail!("the package for an auditor is wrong: {finding:?}"),
            None => Ok(written.summary.receipts),
        },
        Err(shop::fiscal::Fault::NoClosing { .. }) => Ok(0),
        Err(fault) => Err(fault.into()),
    }
}

/// Makes the tables of a copy anew from the journal: they must be those of the file.
fn same_when_rebuilt(reader: &Reader, file: &Path) -> Result<()> {
    let folder = tempfile::tempdir_in(file.parent().context("a folder")?)?;
    let copy = folder.path().join("copy.sqlite");
    reader.backup(&copy, |_, _| {})?;
    let mut store = Store::open(&copy)?;
    shop::engine::rebuild(&mut store)?;
    for ((table, live), (_, rebuilt)) in reader.dump_tables()?.iter().zip(&store.dump_tables()?) {
        for (ours, theirs) in live.iter().zip(rebuilt) {
            ensure!(ours == theirs, "{table} differs from the journal:\n  {ours}\n  {theirs}");
        }
        ensure!(
            live.len() == rebuilt.len(),
            "{table} has {} rows, not {}",
            live.len(),
            rebuilt.len()
        );
    }
    Ok(())
}

/// Counts the journal of a file.
pub fn read(reader: &Reader) -> Result<Book> {
    let mut book = Book::default();
    loop {
        let rows = reader.journal(book.entries + 1, 1_000)?;
        if rows.is_empty() {
            return Ok(book);
        }
        for row in &rows {
            let (meta, event) = journal::decode(&row.bytes)?;
            book.take(&meta, &event)
                .with_context(|| format!("entry {}: {}", meta.seq, row.bytes))?;
        }
    }
}

impl Book {
    /// The entries of a command.
    pub fn command(&self, id: CommandId) -> Option<(u64, u64)> {
        self.commands.get(&id).copied()
    }

    /// The number of the last receipt of a till.
    pub fn last_receipt(&self, till: TillId) -> u64 {
        self.series.get(&(till, false)).copied().unwrap_or(0)
    }

    fn take(&mut self, meta: &EntryMeta, event: &Event) -> Result<()> {
        self.entries += 1;
        ensure!(meta.seq == self.entries, "numbered {}, the {}th", meta.seq, self.entries);
        let span = self.commands.entry(meta.command).or_insert((meta.seq, meta.seq));
        ensure!(meta.seq - span.1 <= 1, "the entries of a command lie apart");
        span.1 = meta.seq;
        self.account(event)?;
        let Some(till) = meta.till else {
            if let Event::StockMoved(StockMoved { item, quantity, .. }) = event {
                *self.stock.entry(*item).or_default() += quantity.thousandths();
            }
            return Ok(());
        };
        match event {
            Event::DayOpened { day, float, .. } => {
                let last = self.last_day.entry(till).or_default();
                ensure!(day.0 == *last + 1, "day {} follows day {last}", day.0);
                *last = day.0;
                let fresh = Day { number: day.0, drawer: float.minor(), ..Day::default() };
                ensure!(self.days.insert(till, fresh).is_none(), "opened while open");
            }
            Event::DayClosed { day, counted, difference } => {
                let open = self.days.remove(&till).context("closed while closed")?;
                ensure!(open.number == day.0, "another day was open");
                let drawer = counted.minor() - difference.minor();
                ensure!(open.drawer == drawer, "drawer {drawer}, counted by hand {}", open.drawer);
            }
            Event::CashPaidIn { amount, .. } => self.move_cash(till, amount.minor())?,
            Event::CashPaidOut { amount, .. } | Event::CashDropped { amount, .. } => {
                self.move_cash(till, -amount.minor())?;
            }
            Event::BasketOpened { basket, training } => {
                self.training.insert(*basket, *training);
            }
            Event::TenderRecorded { basket, tender } => {
                self.tenders.entry(*basket).or_default().push(tender.clone());
                if in_cash(tender) && self.training.get(basket) == Some(&false) {
                    self.move_cash(till, tender.cash().minor())?;
                }
                ensure!(
                    tender.tendered.minor() == tender.amount.minor() + tender.change.minor()
                        || tender.amount.is_negative(),
                    "change does not fit: {tender:?}"
                );
            }
            Event::TenderUndone { basket, tender } => {
                let last = self.tenders.entry(*basket).or_default().pop();
                ensure!(last.as_ref() == Some(tender), "another tender was the last");
                if in_cash(tender) && self.training.get(basket) == Some(&false) {
                    self.move_cash(till, -tender.cash().minor())?;
                }
            }
            Event::ReceiptIssued(receipt) => self.issue(till, receipt)?,
            Event::BenefitGiven(given) => {
                ensure!(self.tenders.remove(&given.basket).unwrap_or_default().is_empty(), "paid");
                self.leave_the_shelf(&given.lines)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The customers' ledger: what is open is what is owed, after each posting.
    fn account(&mut self, event: &Event) -> Result<()> {
        let (customer, settles) = match event {
            Event::CustomerForgotten { customer } => {
                let account = self.accounts.remove(customer).unwrap_or_default();
                ensure!(account.balance == 0, "forgotten with {account:?}");
                self.forgotten.insert(*customer);
                return Ok(());
            }
            Event::AccountCharged(AccountCharged {
                customer, amount, covered, receipt, ..
            }) => {
                let account = self.accounts.entry(*customer).or_default();
                account.balance += amount.minor();
                let left = amount.minor() - covered.minor();
                ensure!(account.open.insert(*receipt, left).is_none(), "charged twice");
                (customer, &[][..])
            }
            Event::AccountCredited(AccountCredited { customer, amount, settles, .. })
            | Event::AccountPaid(AccountPaid { customer, amount, settles, .. }) => {
                self.accounts.entry(*customer).or_default().balance -= amount.minor();
                (customer, settles.as_slice())
            }
            _ => return Ok(()),
        };
        let account = self.accounts.entry(*customer).or_default();
        for settled in settles {
            *account.open.get_mut(&settled.receipt).context("it was never charged")? -=
                settled.amount.minor();
        }
        ensure!(account.open.values().all(|left| *left >= 0), "settled too far: {account:?}");
        let open: i64 = account.open.values().sum();
        ensure!(open == account.balance.max(0), "{customer}: {account:?}");
        Ok(())
    }

    fn compare_accounts(&self, reader: &Reader) -> Result<()> {
        for customer in &self.forgotten {
            ensure!(reader.account(*customer)?.is_none(), "{customer} was forgotten");
        }
        for (customer, counted) in &self.accounts {
            let stored = reader.account(*customer)?.context("a customer")?;
            ensure!(
                stored.balance.minor() == counted.balance,
                "{customer}: {stored:?} {counted:?}"
            );
            let open: BTreeMap<ReceiptRef, i64> = reader
                .open_items(*customer)?
                .iter()
                .map(|item| (item.receipt, item.left.minor()))
                .collect();
            let mut wanted = counted.open.clone();
            wanted.retain(|_, left| *left > 0);
            ensure!(open == wanted, "{customer}: {open:?}, counted {wanted:?}");
        }
        Ok(())
    }

    fn move_cash(&mut self, till: TillId, amount: i64) -> Result<()> {
        self.days.get_mut(&till).context("cash moved on a closed day")?.drawer += amount;
        Ok(())
    }

    /// What is sold, or taken by somebody who works there, leaves the stock.
    fn leave_the_shelf(&mut self, lines: &[domain::basket::Line]) -> Result<()> {
        for line in lines.iter().filter(|line| line.stocked) {
            let item = line.item.context("stock of nothing")?;
            let pack = line.pack.map_or(1_000, Quantity::thousandths);
            *self.stock.entry(item).or_default() -= line.quantity.thousandths() * pack / 1_000;
        }
        Ok(())
    }

    fn issue(&mut self, till: TillId, receipt: &Receipt) -> Result<()> {
        let last = self.series.entry((till, receipt.training)).or_default();
        ensure!(receipt.number.0 == *last + 1, "receipt {} follows {last}", receipt.number);
        *last = receipt.number.0;
        ensure!(self.training.get(&receipt.basket) == Some(&receipt.training), "of another basket");
        let tenders = self.tenders.remove(&receipt.basket).unwrap_or_default();
        // The number of a voucher that money is given back as is known when the receipt is issued.
        let taken = |tender: &Tender| {
            let new = tender.amount.is_negative();
            Tender { voucher: tender.voucher.clone().filter(|_| !new), ..tender.clone() }
        };
        let (before, issued) = (tenders.iter().map(taken), receipt.tenders.iter().map(taken));
        ensure!(before.eq(issued), "other tenders than were taken");
        let sum = |of: &mut dyn Iterator<Item = Money>| of.map(Money::minor).sum::<i64>();
        let paid = sum(&mut receipt.tenders.iter().map(|t| t.amount));
        let total = receipt.total.minor();
        ensure!(paid == total + receipt.rounding.minor(), "paid {paid} for {total}");
        ensure!(sum(&mut receipt.lines.iter().map(|l| l.total())) == total, "the lines differ");
        ensure!(sum(&mut receipt.tax.iter().map(|r| r.gross)) == total, "the tax rows differ");
        for row in &receipt.tax {
            ensure!(row.net.minor() + row.tax.minor() == row.gross.minor(), "tax {row:?}");
        }
        if receipt.training {
            return Ok(());
        }
        self.receipts += 1;
        self.leave_the_shelf(&receipt.lines)?;
        let day = self.days.get_mut(&till).context("a receipt on a closed day")?;
        ensure!(day.number == receipt.day.0, "a receipt of another day");
        day.receipts += 1;
        day.rounding += receipt.rounding.minor();
        day.tendered += paid;
        day.sold(receipt);
        Ok(())
    }

    /// The tables against what was counted.
    fn compare(&self, reader: &Reader) -> Result<()> {
        let head = reader.head()?;
        ensure!(head.seq == self.entries, "the head is {}, of {}", head.seq, self.entries);
        for (item, quantity) in &self.stock {
            let stored = reader.stock(*item)?.thousandths();
            ensure!(stored == *quantity, "stock of {item}: {stored}, counted {quantity}");
        }
        for (_, body) in reader.parts("till")? {
            let till: Till = serde_json::from_str(&body)?;
            let last = |training| self.series.get(&(till.id, training)).copied().unwrap_or(0);
            ensure!(
                (till.receipts, till.training_receipts) == (last(false), last(true)),
                "{till:?}"
            );
            match (&till.day, self.days.get(&till.id)) {
                (None, None) => {}
                (Some(day), Some(counted)) => {
                    ensure!(day.drawer.minor() == counted.drawer, "drawer {day:?} {counted:?}");
                    same(&day.totals, counted)?;
                }
                (stored, counted) => bail!("till {}: {stored:?}, counted {counted:?}", till.id),
            }
        }
        self.compare_accounts(reader)?;
        self.closed_days(reader)
    }

    /// Closed days are counted over their receipts.
    fn closed_days(&self, reader: &Reader) -> Result<()> {
        for closed in reader.closed_days(None, None, 1_000)? {
            let mut counted = Day::default();
            let (first, last) = closed.day.totals.numbers.unwrap_or((1, 0));
            for number in first..=last {
                let issued = reader
                    .receipt(closed.till, false, domain::ReceiptNo(number))?
                    .context("a receipt is missing")?;
                ensure!(issued.receipt.day == closed.day.number, "a receipt of another day");
                counted.receipts += 1;
                counted.rounding += issued.receipt.rounding.minor();
                counted.tendered +=
                    issued.receipt.tenders.iter().map(|t| t.amount.minor()).sum::<i64>();
                counted.sold(&issued.receipt);
            }
            same(&closed.day.totals, &counted)?;
        }
        Ok(())
    }
}

fn same(totals: &DayTotals, counted: &Day) -> Result<()> {
    let tendered: i64 = totals.tenders.values().map(|t| t.amount.minor()).sum();
    let groups: i64 = totals.groups.values().map(|t| t.amount.minor()).sum::<i64>()
        + totals.vouchers_sold.amount.minor()
        + totals.vouchers_used.amount.minor()
        + totals.tips.amount.minor();
    let tax: BTreeMap<(u16, u32), (i64, i64)> = totals
        .tax
        .iter()
        .map(|r| ((r.key, r.rate.basis_points()), (r.net.minor(), r.tax.minor())))
        .collect();
    let right = totals.receipts.count == counted.receipts
        && totals.receipts.amount.minor() == counted.turnover
        && totals.rounding.minor() == counted.rounding
        && tendered == counted.tendered
        && groups == counted.turnover + counted.apart
        && tax == counted.tax;
    ensure!(right, "totals {totals:?}\n counted {counted:?}");
    Ok(())
}

/// A tender that moves cash of the shop's own currency.
fn in_cash(tender: &Tender) -> bool {
    matches!(tender.kind, TenderKind::Cash | TenderKind::CashForeign)
}
