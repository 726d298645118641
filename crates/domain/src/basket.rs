//! A basket: a sale that is not finished, its lines and its tenders.

use jiff::Timestamp;
use money::{Money, Quantity, Rate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{LineAccount, TenderAccount};
use crate::catalogue::{TaxShare, Unit};
use crate::coupon::{BasketCoupon, CouponTaken};
use crate::foreign::ForeignCash;
use crate::goods::{LastRead, PackMark};
use crate::ids::{
    AttemptId, BasketId, CouponId, GroupId, ItemId, LineNo, PersonId, PromotionId, ReceiptRef,
    TaxKey, TerminalId, TillId,
};
use crate::payment::{CardFacts, FailedTry, Purpose};
use crate::refund::{RefundOf, RefundSource};
use crate::signing::Transaction;
use crate::tip::Tip;
use crate::totals::TaxRow;
use crate::transfer::TenderTransfer;
use crate::voucher::{LineVoucher, NOT_TAXABLE, TenderVoucher};
use crate::weighing::LineWeighing;

fn is_false(flag: &bool) -> bool {
    !*flag
}

fn is_piece(unit: &Unit) -> bool {
    *unit == Unit::Piece
}

/// Where a returned line was sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnedFrom {
    /// The receipt.
    pub receipt: ReceiptRef,
    /// The line of that receipt.
    pub line: LineNo,
}

/// Why an amount was taken off a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DiscountOrigin {
    /// By a rule.
    Promotion {
        /// Which.
        id: PromotionId,
        /// As printed.
        name: String,
    },
    /// By hand, with a reason.
    Manual {
        /// Why.
        reason: String,
        /// Percentage it was given as, hundredths of a percent; none for an amount.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis_points: Option<u16>,
    },
    /// The line's part of a discount on the whole receipt.
    Receipt {
        /// Why.
        reason: String,
    },
    /// The line's part of what a coupon takes off.
    Coupon {
        /// Which.
        id: CouponId,
        /// As printed.
        name: String,
    },
    /// Carried over from the receipt that this line returns from.
    Returned,
}

impl DiscountOrigin {
    /// Whether it was taken off several lines together, and stands below them.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        matches!(self, Self::Receipt { .. } | Self::Coupon { .. })
    }
}

/// An amount taken off a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineDiscount {
    /// Why.
    pub origin: DiscountOrigin,
    /// Taken off: above nothing for a sale, below nothing for a return. Minor units.
    #[schema(value_type = i64)]
    pub amount: Money,
}

/// A line of a basket or of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    /// Number in the basket.
    pub line: LineNo,
    /// The item; none when sold under a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The code that was scanned or typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Name, as it was when sold.
    pub name: String,
    /// Thousandths; below nothing for a return.
    #[schema(value_type = i64)]
    pub quantity: Quantity,
    /// What the quantity counts.
    #[serde(default, skip_serializing_if = "is_piece")]
    pub unit: Unit,
    /// Units in one of the quantity, for a pack code, or for weighed goods with a price label; stock
    /// moves by quantity × pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub pack: Option<Quantity>,
    /// Price of one.
    #[schema(value_type = i64)]
    pub price: Money,
    /// The price before it was overridden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub list_price: Option<Money>,
    /// Why the price was overridden, or goods taken back without a receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// quantity × price, rounded once.
    #[schema(value_type = i64)]
    pub base: Money,
    /// What was taken off, in order; the receipt discount's part is added when the receipt is issued.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<LineDiscount>,
    /// Tax key.
    pub tax: TaxKey,
    /// Parts under other keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tax_split: Vec<TaxShare>,
    /// The rate of the sale, for a return from a receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<(u16, u32)>>)]
    pub rates: Option<Vec<(TaxKey, Rate)>>,
    /// What it carries of the receipt's tax, one row a key, for a return from a receipt: cut from what
    /// was taxed at the sale, so that all returns of a line sum to it in every column. Empty for goods
    /// sold now, which are taxed with the sum of their key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxed: Vec<TaxRow>,
    /// Group.
    pub group: GroupId,
    /// For whom it is sold, by number; none is the shop itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<u16>,
    /// Least age of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<u8>,
    /// The line whose deposit this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit_of: Option<LineNo>,
    /// Takes no discount.
    #[serde(default, skip_serializing_if = "is_false")]
    pub fixed: bool,
    /// Price-bound by law.
    #[serde(default, skip_serializing_if = "is_false")]
    pub price_bound: bool,
    /// Weight typed in by hand.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hand_weighed: bool,
    /// The item keeps stock.
    #[serde(default, skip_serializing_if = "is_false")]
    pub stocked: bool,
    /// The price came in the code (weight or price label): quantity and price may not be changed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub labelled: bool,
    /// The code was not in the catalogue.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unknown: bool,
    /// The number of the deposit slip that it pays out: each is paid out once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slip: Option<String>,
    /// The weighing that its quantity comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighing: Option<Box<LineWeighing>>,
    /// What it does to a voucher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<LineVoucher>,
    /// It is a tip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip: Option<Tip>,
    /// What it pays of a customer's account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<LineAccount>,
    /// Where it was sold, for a return from a receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_from: Option<ReturnedFrom>,
    /// Note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What the code on the pack said of it: batch, serial number, dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Box<PackMark>>,
}

impl Line {
    /// What the line costs after its discounts.
    pub fn total(&self) -> Money {
        self.discounts.iter().fold(self.base, |left, d| left.saturating_plus(d.amount.negated()))
    }

    /// Money paid out for empties or a deposit slip: neither goods that come back from a receipt nor
    /// goods that are taken back without one.
    pub fn pays_out(&self) -> bool {
        self.quantity.is_negative()
            && self.returned_from.is_none()
            && self.deposit_of.is_none()
            && self.reason.is_none()
            && self.voucher.is_none()
            && self.account.is_none()
    }

    /// False for money that comes in without being turnover: what a customer pays of what they owe (it was
    /// when it was sold), a multi-purpose voucher (it will be when goods are had for it), a tip for the people.
    pub fn is_turnover(&self) -> bool {
        let untaxed = self.tax == NOT_TAXABLE && self.tax_split.is_empty();
        self.account.is_none() && !(untaxed && (self.voucher.is_some() || self.tip.is_some()))
    }

    /// Units that leave the shelf: quantity × pack.
    pub fn units(&self) -> Quantity {
        match self.pack {
            Some(pack) => self.quantity.times(pack).unwrap_or(self.quantity),
            None => self.quantity,
        }
    }
}

/// A discount on the whole receipt, as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptDiscount {
    /// Hundredths of a percent; none for an amount.
    pub basis_points: Option<u16>,
    /// The amount; none for a percentage.
    pub amount: Option<Money>,
    /// Why.
    pub reason: String,
}

/// How something was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TenderKind {
    /// Cash.
    Cash,
    /// A card (or phone, or watch) at one of the shop's terminals.
    Card,
    /// A card at a terminal that is not connected: typed in, reported apart.
    CardExternal,
    /// A voucher of the shop's own.
    Voucher,
    /// A transfer that the bank confirmed.
    Transfer,
    /// A transfer that a person confirmed: reported apart.
    TransferByHand,
    /// Cash in another currency; the change is in the shop's own.
    CashForeign,
    /// A customer's account: it is owed.
    Account,
}

/// A payment towards a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tender {
    /// How.
    pub kind: TenderKind,
    /// What it pays; below nothing when money is given back.
    #[schema(value_type = i64)]
    pub amount: Money,
    /// What the customer gave.
    #[schema(value_type = i64)]
    pub tendered: Money,
    /// What the customer got back.
    #[schema(value_type = i64)]
    pub change: Money,
    /// Cash rounding taken with this tender: due was `amount − rounding`.
    #[serde(default)]
    #[schema(value_type = i64)]
    pub rounding: Money,
    /// What the terminal says of the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Box<CardFacts>>,
    /// The voucher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<Box<TenderVoucher>>,
    /// For money that goes back: which tenders of which receipts it gives back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<RefundOf>,
    /// The transfer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Box<TenderTransfer>>,
    /// The foreign cash; the amounts above are what it is worth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign: Option<ForeignCash>,
    /// The customer's account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Box<TenderAccount>>,
    /// Who took the cash, at a till with a cash machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Box<CashTaken>>,
}

/// How cash was taken at a till with a cash machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum CashTaken {
    /// The machine took it, and gave the change.
    Machine {
        /// The attempt.
        attempt: AttemptId,
        /// Which machine.
        terminal: TerminalId,
        /// The machine's own name of the payment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transaction: Option<String>,
    },
    /// A person took it, or gave it, by hand.
    Hand,
}

impl Tender {
    /// Exactly the amount: nothing back, nothing rounded.
    pub fn exact(kind: TenderKind, amount: Money, card: Option<Box<CardFacts>>) -> Self {
        let (change, rounding) = (Money::ZERO, Money::ZERO);
        let (voucher, account, transfer, foreign) = (None, None, None, None);
        Tender {
            kind,
            amount,
            tendered: amount,
            change,
            rounding,
            card,
            voucher,
            account,
            transfer,
            foreign,
            taken: None,
            refunds: Vec::new(),
        }
    }

    /// What it moves in the drawer of the shop's own currency.
    pub fn cash(&self) -> Money {
        match self.kind {
            TenderKind::Cash => self.amount,
            TenderKind::CashForeign => self.change.negated(),
            _ => Money::ZERO,
        }
    }

    /// The attempt that booked it.
    pub fn attempt(&self) -> Option<AttemptId> {
        match self.taken.as_deref() {
            Some(CashTaken::Machine { attempt, .. }) => Some(*attempt),
            _ => self.card.as_ref()?.attempt,
        }
    }

    /// Cash that a cash machine took, and not a person.
    pub fn is_by_machine(&self) -> bool {
        matches!(self.taken.as_deref(), Some(CashTaken::Machine { .. }))
    }

    /// Where it was booked: the card terminal, or the cash machine.
    pub fn terminal(&self) -> Option<TerminalId> {
        match self.taken.as_deref() {
            Some(CashTaken::Machine { terminal, .. }) => Some(*terminal),
            _ => self.card.as_ref()?.terminal,
        }
    }
}

/// A sale that is not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basket {
    /// Identity.
    pub id: BasketId,
    /// The till it is at, or was parked from.
    pub till: TillId,
    /// Opened when.
    pub opened_at: Timestamp,
    /// Opened by.
    pub opened_by: PersonId,
    /// A training basket.
    pub training: bool,
    /// The transaction that a signing unit began for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing: Option<Box<Transaction>>,
    /// Lines that stand; voided ones are gone from here, not from the journal.
    pub lines: Vec<Line>,
    /// Lines as they were ordered last; none of a basket that was never put aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ordered: Vec<Line>,
    /// Ordered for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_ordered: Option<Timestamp>,
    /// The number that the next line gets.
    pub next_line: u16,
    /// Discount on the whole.
    pub discount: Option<ReceiptDiscount>,
    /// Coupons, in the order in which they were taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<BasketCoupon>,
    /// The number of the coupon that was taken last; 0 before the first.
    #[serde(default)]
    pub last_coupon: u16,
    /// Tenders so far.
    pub tenders: Vec<Tender>,
    /// Age proved so far.
    pub age_checked: Option<u8>,
    /// Note.
    pub note: Option<String>,
    /// Parked since, under which name, by whom.
    pub parked: Option<Parked>,
    /// Lines voided so far.
    pub voids: u16,
    /// The last try at a terminal that moved no money, until the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<FailedTry>,
    /// How the receipts were paid that goods come back from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<RefundSource>,
    /// What the last try at a terminal was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<Purpose>,
    /// Payments whose signature the cashier found to be the card's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<AttemptId>,
    /// What was scanned last; none after anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_read: Option<LastRead>,
}

/// A basket put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    /// Since.
    pub at: Timestamp,
    /// By.
    pub by: PersonId,
    /// A word to find it by.
    pub name: Option<String>,
}

impl Basket {
    /// A fresh one.
    pub fn new(id: BasketId, till: TillId, at: Timestamp, by: PersonId, training: bool) -> Self {
        Basket {
            id,
            till,
            opened_at: at,
            opened_by: by,
            training,
            signing: None,
            lines: Vec::new(),
            ordered: Vec::new(),
            first_ordered: None,
            next_line: 1,
            discount: None,
            coupons: Vec::new(),
            last_coupon: 0,
            tenders: Vec::new(),
            age_checked: None,
            note: None,
            parked: None,
            voids: 0,
            failed: None,
            sources: Vec::new(),
            tried: None,
            compared: Vec::new(),
            last_read: None,
        }
    }

    /// How a receipt was paid that goods come back from; the last word on each holds.
    pub fn note_source(&mut self, source: RefundSource) {
        match self.sources.iter_mut().find(|known| known.receipt == source.receipt) {
            Some(known) => *known = source,
            None => self.sources.push(source),
        }
    }

    /// A coupon was taken, or given back.
    pub fn take_coupon(&mut self, taken: &CouponTaken) {
        match &taken.coupon {
            Some(coupon) => {
                self.last_coupon = self.last_coupon.max(taken.no);
                let (no, serial) = (taken.no, taken.serial.clone());
                self.coupons.push(BasketCoupon { no, coupon: (**coupon).clone(), serial });
            }
            None => self.coupons.retain(|coupon| coupon.no != taken.no),
        }
    }

    /// A card payment whose signature the cashier has not compared yet.
    pub fn unsigned(&self) -> Option<&Tender> {
        self.tenders.iter().find(|tender| {
            let signs = tender.card.as_ref().is_some_and(|card| card.signature);
            let seen = tender.attempt().is_some_and(|id| self.compared.contains(&id));
            signs && tender.amount.is_positive() && tender.attempt().is_some() && !seen
        })
    }

    /// The line with this number.
    pub fn line(&self, no: LineNo) -> Option<&Line> {
        self.lines.iter().find(|line| line.line == no)
    }

    /// The age that still has to be proved.
    pub fn age_needed(&self) -> Option<u8> {
        let needed =
            self.lines.iter().filter(|l| !l.quantity.is_negative()).filter_map(|l| l.age).max()?;
        (self.age_checked.unwrap_or(0) < needed).then_some(needed)
    }

    /// What has been paid so far, rounding apart.
    pub fn paid(&self) -> Money {
        self.tenders.iter().fold(Money::ZERO, |sum, t| {
            sum.saturating_plus(t.amount).saturating_plus(t.rounding.negated())
        })
    }
}
