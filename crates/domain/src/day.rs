//! The till day: drawer, shifts and totals, kept live so that closing only reads them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use money::{Currency, Money, Rate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::basket::{Tender, TenderKind};
use crate::command::Denomination;
use crate::foreign::{ForeignCount, ForeignTally};
use crate::ids::{DayNo, GroupId, PersonId, TillId};
use crate::receipt::Receipt;
use crate::totals::TaxRow;
use crate::voucher::{LineVoucher, NOT_TAXABLE};

/// How many and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Tally {
    /// How many.
    pub count: u32,
    /// How much, minor units.
    #[schema(value_type = i64)]
    pub amount: Money,
}

impl Tally {
    /// Adds one of `amount`.
    pub fn add(&mut self, amount: Money) {
        self.count = self.count.saturating_add(1);
        self.amount = self.amount.saturating_plus(amount);
    }
}

fn is_nothing(tally: &Tally) -> bool {
    *tally == Tally::default()
}

/// The totals of a till day or of a shift.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct DayTotals {
    /// Receipts and turnover with tax.
    pub receipts: Tally,
    /// First and last receipt number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<(u64, u64)>)]
    pub numbers: Option<(u64, u64)>,
    /// By tax key and rate.
    pub tax: Vec<TaxRow>,
    /// By group: lines and what they came to.
    #[schema(value_type = BTreeMap<String, Tally>)]
    pub groups: BTreeMap<GroupId, Tally>,
    /// By tender.
    #[schema(value_type = BTreeMap<String, Tally>)]
    pub tenders: BTreeMap<TenderKind, Tally>,
    /// Foreign cash that was taken, by currency.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, ForeignTally>)]
    pub foreign: BTreeMap<Currency, ForeignTally>,
    /// Discounts and promotions: lines and what was taken off.
    pub discounts: Tally,
    /// Returned lines and their amount (below nothing).
    pub returns: Tally,
    /// Paid out for empties and deposit slips: lines and their amount (below nothing).
    #[serde(default)]
    pub deposits_paid: Tally,
    /// Vouchers sold and topped up, less those taken back: lines and their amount.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub vouchers_sold: Tally,
    /// Single-purpose vouchers redeemed, less what went back to them: lines and their amount.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub vouchers_used: Tally,
    /// Tips: how many and how much.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub tips: Tally,
    /// What customers paid of what they owed, less what was given back: lines and their amount. No turnover.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub accounts_paid: Tally,
    /// Goods that people who work here took: how often, and what they would have cost. No turnover.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub benefits: Tally,
    /// Lines voided before payment, of aborted baskets too.
    pub voids: u32,
    /// Baskets aborted.
    pub aborted: Tally,
    /// Prices overridden.
    pub overrides: u32,
    /// Cash rounding.
    #[schema(value_type = i64)]
    pub rounding: Money,
    /// Cash put in.
    pub paid_in: Tally,
    /// Cash taken out.
    pub paid_out: Tally,
    /// Cash moved to the safe.
    pub drops: Tally,
    /// Drawer opened without a sale.
    pub no_sales: u32,
    /// Times that the drawer opened by itself, or stayed open.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub drawer_alarms: u32,
    /// Training receipts: shown, counted nowhere else.
    pub training: u32,
}

pub(crate) const fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl DayTotals {
    /// Adds a finished receipt.
    pub fn add_receipt(&mut self, receipt: &Receipt) {
        if receipt.training {
            self.training = self.training.saturating_add(1);
            return;
        }
        self.receipts.add(receipt.turnover());
        let first = self.numbers.map_or(receipt.number.0, |(first, _)| first);
        self.numbers = Some((first, receipt.number.0));
        for row in &receipt.tax {
            self.add_tax(row);
        }
        for line in &receipt.lines {
            if !line.is_turnover() {
                self.no_turnover(line.total());
            }
            if line.account.is_some() {
                self.accounts_paid.add(line.total());
                continue;
            }
            match &line.voucher {
                Some(LineVoucher::Redeem { .. }) => {
                    self.vouchers_used.add(line.total());
                    continue;
                }
                Some(_) => {
                    self.vouchers_sold.add(line.total());
                    continue;
                }
                None => {}
            }
            if line.tip.is_some() {
                self.tips.add(line.total());
                continue;
            }
            self.groups.entry(line.group).or_default().add(line.total());
            if line.pays_out() {
                self.deposits_paid.add(line.total());
            } else if line.quantity.is_negative() && line.deposit_of.is_none() {
                self.returns.add(line.total());
            } else if !line.discounts.is_empty() {
                let off =
                    line.discounts.iter().fold(Money::ZERO, |s, d| s.saturating_plus(d.amount));
                self.discounts.add(off);
            }
            if line.list_price.is_some() && line.returned_from.is_none() {
                self.overrides = self.overrides.saturating_add(1);
            }
        }
        for Tender { kind, amount, tendered, change, foreign, .. } in &receipt.tenders {
            self.tenders.entry(*kind).or_default().add(*amount);
            if let Some(cash) = foreign {
                let tally = self.foreign.entry(cash.currency).or_default();
                tally.count = tally.count.saturating_add(1);
                tally.amount = tally.amount.saturating_plus(cash.amount);
                tally.value = tally.value.saturating_plus(*tendered);
                tally.change = tally.change.saturating_plus(*change);
            }
        }
        self.voids = self.voids.saturating_add(u32::from(receipt.voids));
        self.rounding = self.rounding.saturating_plus(receipt.rounding);
    }

    /// Change given for foreign cash, of all currencies.
    pub fn foreign_change(&self) -> Tally {
        self.foreign.values().fold(Tally::default(), |sum, tally| Tally {
            count: sum.count.saturating_add(tally.count),
            amount: sum.amount.saturating_plus(tally.change),
        })
    }

    /// What is no turnover stands in the receipt's rows as not taxable all the same.
    fn no_turnover(&mut self, paid: Money) {
        let (net, gross) = (paid.negated(), paid.negated());
        self.add_tax(&TaxRow { key: NOT_TAXABLE.0, net, gross, ..TaxRow::default() });
        let nothing = TaxRow { key: NOT_TAXABLE.0, ..TaxRow::default() };
        self.tax.retain(|row| *row != nothing);
    }

    fn add_tax(&mut self, row: &TaxRow) {
        let same = |r: &&mut TaxRow| (r.key, r.rate) == (row.key, row.rate);
        if let Some(sum) = self.tax.iter_mut().find(same) {
            sum.net = sum.net.saturating_plus(row.net);
            sum.tax = sum.tax.saturating_plus(row.tax);
            sum.gross = sum.gross.saturating_plus(row.gross);
        } else {
            self.tax.push(*row);
            self.tax.sort_by_key(|r: &TaxRow| (r.key, r.rate));
        }
    }

    /// The rate-wise sum of tax.
    pub fn tax_of(&self, key: u16, rate: Rate) -> Option<&TaxRow> {
        self.tax.iter().find(|r| r.key == key && r.rate == rate)
    }
}

/// One person at one till between sign-in and hand-over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shift {
    /// Numbered from 1 in the day.
    pub number: u16,
    /// Who.
    pub person: PersonId,
    /// From.
    #[schema(value_type = String, format = DateTime)]
    pub began: Timestamp,
    /// Until.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended: Option<Timestamp>,
    /// What the person sold.
    pub totals: DayTotals,
}

/// A count of the drawer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Count {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// By.
    pub person: PersonId,
    /// Pieces by denomination.
    pub pieces: Vec<Denomination>,
    /// Their sum.
    #[schema(value_type = i64)]
    pub counted: Money,
    /// What the book said at that moment.
    #[schema(value_type = i64)]
    pub expected: Money,
    /// Foreign cash, counted apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign: Vec<ForeignCount>,
}

/// A till day that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TillDay {
    /// Number, without gaps.
    pub number: DayNo,
    /// The local date it was opened on.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Opened.
    #[schema(value_type = String, format = DateTime)]
    pub opened: Timestamp,
    /// By.
    pub opened_by: PersonId,
    /// Cash it began with.
    #[schema(value_type = i64)]
    pub float: Money,
    /// Cash that should be in the drawer now.
    #[schema(value_type = i64)]
    pub drawer: Money,
    /// Foreign cash that should be in the drawer now, foreign minor units.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, i64>)]
    pub foreign: BTreeMap<Currency, Money>,
    /// Totals so far.
    pub totals: DayTotals,
    /// Shifts.
    pub shifts: Vec<Shift>,
    /// The last count, while nothing has moved since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Count>,
}

/// A closed till day: the Z report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClosedDay {
    /// The till.
    pub till: TillId,
    /// The day as it stood.
    pub day: TillDay,
    /// Closed.
    #[schema(value_type = String, format = DateTime)]
    pub closed: Timestamp,
    /// By.
    pub closed_by: PersonId,
    /// Counted minus expected, booked.
    #[schema(value_type = i64)]
    pub difference: Money,
}
