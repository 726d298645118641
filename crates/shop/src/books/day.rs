//! A closed till day as the books want it.

use std::collections::BTreeMap;

use domain::basket::{Line, TenderKind};
use domain::cash::CashPurpose;
use domain::day::DayTotals;
use domain::event::Event;
use domain::line_tax::sold_for_others;
use domain::receipt::Receipt;
use domain::settings::Settings;
use domain::{DayNo, TaxKey, TillId};
use jiff::Timestamp;
use jiff::civil::Date;
use money::{Currency, Money, MoneyError, Rate};
use store::{Reader, StoreError};

use super::Fault;
use crate::fiscal::plan::{Plan, Planned, each_record};

/// A movement of cash that is no sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// When.
    pub at: Timestamp,
    /// What kind.
    pub kind: MovedKind,
    /// What it did to the drawer.
    pub cash: Money,
    /// Why.
    pub reason: String,
    /// What for, where the books name it apart.
    pub purpose: Option<CashPurpose>,
}

/// What kind of movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MovedKind {
    /// Put in.
    PaidIn,
    /// Taken out.
    PaidOut,
    /// Brought to the safe or the bank.
    Drop,
}

/// A closed till day, folded from its entries. Amounts in minor units of the shop's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// The till.
    pub till: TillId,
    /// Its name then.
    pub till_name: String,
    /// The closing's number.
    pub number: DayNo,
    /// The day it is booked on: its own, unless a wrong clock gave it one that contradicts the order of closings.
    pub date: Date,
    /// When it was closed.
    pub closed: Timestamp,
    /// The shop's currency.
    pub currency: Currency,
    /// What was counted at the closing before; none before the first.
    pub before: Option<Money>,
    /// Cash it began with.
    pub float: Money,
    /// Its totals.
    pub totals: DayTotals,
    /// Taken for others, tax in it: by agency, tax key and rate. A part of the totals.
    pub agencies: BTreeMap<(u16, TaxKey, Rate), Money>,
    /// The agencies' names then.
    pub agency_names: BTreeMap<u16, String>,
    /// Multi-purpose vouchers sold, less those taken back.
    pub vouchers: Money,
    /// Tips of the staff.
    pub tips: Money,
    /// Paid by customers of what they owe, less what was given back.
    pub accounts: Money,
    /// Cash taken for sales, less change.
    pub cash_in: Money,
    /// Cash paid out for returns and the like; below nothing.
    pub cash_out: Money,
    /// Change given for foreign cash; below nothing.
    pub foreign_change: Money,
    /// Movements that are no sales, in their order.
    pub moved: Vec<Moved>,
    /// What the book said at the closing.
    pub expected: Money,
    /// Counted less that.
    pub difference: Money,
}

impl Booked {
    /// What lies in the drawer after the closing.
    pub fn counted(&self) -> Money {
        self.expected.saturating_plus(self.difference)
    }

    /// Takings without what is no turnover, with tax.
    pub fn turnover(&self) -> Money {
        self.totals.receipts.amount
    }

    /// What tenders of a kind came to.
    pub fn paid(&self, kind: TenderKind) -> Money {
        self.totals.tenders.get(&kind).map_or(Money::ZERO, |tally| tally.amount)
    }

    /// What foreign cash was taken for, change not taken off.
    pub fn foreign_value(&self) -> Money {
        sum(self.totals.foreign.values().map(|tally| tally.value))
    }

    /// Taken for each agency, by its name.
    pub fn for_others(&self) -> BTreeMap<String, Money> {
        let mut sums: BTreeMap<String, Money> = BTreeMap::new();
        for ((agency, _, _), amount) in &self.agencies {
            let name = self.agency_names.get(agency).cloned();
            let sum = sums.entry(name.unwrap_or_else(|| agency.to_string())).or_default();
            *sum = sum.saturating_plus(*amount);
        }
        sums
    }

    fn add(
        &mut self,
        settings: &Settings,
        at: Timestamp,
        receipt: &Receipt,
    ) -> Result<(), MoneyError> {
        self.totals.add_receipt(receipt);
        if receipt.training {
            return Ok(());
        }
        for (of, amount) in sold_for_others(settings, receipt, at)? {
            let sum = self.agencies.entry(of).or_default();
            *sum = sum.plus(amount)?;
        }
        let other = receipt.lines.iter().filter(|line| !line.is_turnover());
        for line in other {
            let part = part_of(self, line);
            *part = part.saturating_plus(line.total());
        }
        for tender in &receipt.tenders {
            let cash = tender.cash();
            let part = match tender.kind {
                TenderKind::CashForeign => &mut self.foreign_change,
                _ if cash.is_negative() => &mut self.cash_out,
                _ => &mut self.cash_in,
            };
            *part = part.saturating_plus(cash);
        }
        Ok(())
    }

    fn fold(
        &mut self,
        settings: &Settings,
        at: Timestamp,
        event: &Event,
    ) -> Result<(), MoneyError> {
        let (kind, cash, reason, purpose) = match event {
            Event::ReceiptIssued(receipt) => return self.add(settings, at, receipt),
            Event::DayOpened { float, .. } => {
                self.float = *float;
                return Ok(());
            }
            Event::CashPaidIn { amount, reason, purpose } => {
                (MovedKind::PaidIn, *amount, reason, *purpose)
            }
            Event::CashPaidOut { amount, reason, purpose } => {
                (MovedKind::PaidOut, amount.negated(), reason, *purpose)
            }
            Event::CashDropped { amount, reason } => {
                (MovedKind::Drop, amount.negated(), reason, None)
            }
            _ => return Ok(()),
        };
        self.moved.push(Moved { at, kind, cash, reason: reason.clone(), purpose });
        Ok(())
    }

    /// What the drawer should hold by the fold.
    fn folded(&self) -> Money {
        let sales = [self.float, self.cash_in, self.cash_out, self.foreign_change];
        sum(sales.into_iter().chain(self.moved.iter().map(|moved| moved.cash)))
    }
}

fn part_of<'b>(booked: &'b mut Booked, line: &Line) -> &'b mut Money {
    if line.account.is_some() {
        &mut booked.accounts
    } else if line.tip.is_some() {
        &mut booked.tips
    } else {
        &mut booked.vouchers
    }
}

fn sum(amounts: impl Iterator<Item = Money>) -> Money {
    amounts.fold(Money::ZERO, Money::saturating_plus)
}

/// The closed days that count as of these dates, in the order in which they were closed; of one till alone where one is named.
///
/// # Errors
/// When the file cannot be read, or a closing is not the sum of its receipts.
pub fn booked(
    reader: &Reader,
    (from, to): (Date, Date),
    till: Option<TillId>,
) -> Result<Vec<Booked>, Fault> {
    let plan = Plan::make(reader, from, to)?;
    let wanted = plan.closings.iter().filter(|one| till.is_none_or(|till| one.till == till));
    wanted.map(|planned| one(reader, planned)).collect()
}

fn one(reader: &Reader, planned: &Planned) -> Result<Booked, Fault> {
    let missing = || StoreError::Damaged("a closed day is missing".to_owned());
    let day = reader.closed_day(planned.till, planned.day)?.ok_or_else(missing)?;
    let settings = reader.settings_before(planned.entries.1)?.ok_or_else(missing)?;
    let number = DayNo(planned.day.0.saturating_sub(1));
    let before = reader.closed_day(planned.till, number)?;
    let name = settings.tills.iter().find(|till| till.id == planned.till);
    let mut booked = Booked {
        till: planned.till,
        till_name: name.map_or_else(|| planned.till.to_string(), |till| till.name.clone()),
        number: planned.day,
        date: planned.date,
        closed: day.closed,
        currency: settings.currency,
        before: before.map(|day| day.day.drawer.saturating_plus(day.difference)),
        float: Money::ZERO,
        totals: DayTotals::default(),
        agencies: BTreeMap::new(),
        agency_names: settings.agencies.iter().map(|of| (of.id, of.name.clone())).collect(),
        vouchers: Money::ZERO,
        tips: Money::ZERO,
        accounts: Money::ZERO,
        cash_in: Money::ZERO,
        cash_out: Money::ZERO,
        foreign_change: Money::ZERO,
        moved: Vec::new(),
        expected: day.day.drawer,
        difference: day.difference,
    };
    let mut sums = Ok(());
    each_record(reader, planned, |meta, event, _| {
        sums = booked.fold(&settings, meta.at, &event);
        Ok(sums.is_ok())
    })?;
    sums.map_err(|_| Fault::Differs(planned.till, planned.day))?;
    let (ours, its) = (&booked.totals, &day.day.totals);
    let same = (&ours.receipts, &ours.tax, &ours.tenders, &ours.foreign, ours.rounding)
        == (&its.receipts, &its.tax, &its.tenders, &its.foreign, its.rounding);
    if !same || booked.folded() != booked.expected {
        return Err(Fault::Differs(planned.till, planned.day));
    }
    Ok(booked)
}
