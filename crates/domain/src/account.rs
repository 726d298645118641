//! Customers who buy on account, and the ledger of what they owe.
//!
//! The ledger has two sides: each posting names the receipt, or the bank's reference, that it comes from.
//! What a customer owes is the sum of their postings; beside it stand the receipts that are not settled
//! yet. Below nothing the balance is the customer's credit, and then nothing is open.

use jiff::civil::Date;
use money::{Money, MoneyError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::basket::{Basket, Line, Tender, TenderKind};
use crate::ids::{CustomerId, ReceiptRef};
use crate::people::NameDigest;

/// Longest term of payment, in days.
pub const MAX_TERM: u16 = 365;

/// A customer, as the journal knows them: by number. Name and address lie apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// Identity; the customer's number.
    pub id: CustomerId,
    /// Which version of the details this is, from 1: an invoice keeps the address of its day.
    pub version: u32,
    /// The details, digested.
    pub details: NameDigest,
    /// Days until a receipt is due.
    pub term_days: u16,
    /// What the customer may owe at most, minor units; none without limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Money>,
    /// Buys nothing on account at the moment.
    #[serde(default, skip_serializing_if = "is_false")]
    pub blocked: bool,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

/// What is known of a customer beside their number: sealed, apart from the journal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CustomerDetails {
    /// A person's name; may be empty for a company.
    pub name: String,
    /// The company's name; may be empty for a person.
    pub company: String,
    /// Street and house number.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// Town.
    pub town: String,
    /// Country, ISO 3166-1 alpha-2.
    pub country: String,
    /// E-mail address.
    pub email: String,
    /// VAT id.
    pub vat_id: String,
    /// What the customer wants to find on invoices: an authority's Leitweg-ID, an order's number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

impl CustomerDetails {
    /// By what the customer is called: the company, or else the person.
    pub fn title(&self) -> &str {
        if self.company.trim().is_empty() { &self.name } else { &self.company }
    }
}

/// A customer as the ledger has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The customer.
    pub customer: Customer,
    /// The sum of the postings: what is owed; below nothing it is credit.
    pub balance: Money,
}

/// A receipt that was bought on account and is not settled yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenItem {
    /// The receipt.
    pub receipt: ReceiptRef,
    /// Its date.
    pub date: Date,
    /// The last day on which it is paid in time.
    pub due: Date,
    /// What was charged.
    pub amount: Money,
    /// What is left of it.
    pub left: Money,
}

/// A part of a payment that settles a receipt, whole or in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// The receipt.
    pub receipt: ReceiptRef,
    /// So much of it.
    #[schema(value_type = i64)]
    pub amount: Money,
}

/// The account of a tender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenderAccount {
    /// Whose.
    pub customer: CustomerId,
    /// Which version of their details: the address that stands on the invoice.
    pub version: u32,
    /// When it is due; none for money that goes back to the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<Date>,
    /// For money that goes back to it: the receipt that was bought on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<ReceiptRef>,
}

/// What a line pays of an account; a line that returns it owes it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineAccount {
    /// Whose.
    pub customer: CustomerId,
    /// The receipt that is paid first; else the oldest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptRef>,
    /// It may be more than is owed: the rest is credit.
    #[serde(default, skip_serializing_if = "is_false")]
    pub credit: bool,
}

/// An account while postings are made to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// What is owed; below nothing it is credit.
    pub balance: Money,
    /// What is open, in the order in which it is settled: oldest first.
    pub open: Vec<OpenItem>,
}

impl Ledger {
    /// Owes so much more. Answers how much of it the credit covers at once.
    pub fn charge(&mut self, item: OpenItem) -> Result<Money, MoneyError> {
        let credit = self.balance.negated().max(Money::ZERO);
        let covered = credit.min(item.amount);
        self.balance = self.balance.plus(item.amount)?;
        let left = item.amount.minus(covered)?;
        if left.is_positive() {
            self.open.push(OpenItem { left, ..item });
            self.open.sort_by_key(|item| (item.due, item.date, item.receipt));
        }
        Ok(covered)
    }

    /// So much was paid: `first` before all others, then oldest first; the rest is credit.
    pub fn settle(
        &mut self,
        amount: Money,
        first: Option<ReceiptRef>,
    ) -> Result<Vec<Settled>, MoneyError> {
        self.balance = self.balance.minus(amount)?;
        let mut rest = amount;
        let mut settled = Vec::new();
        // The sort is stable: all others keep their order.
        let mut order: Vec<&mut OpenItem> = self.open.iter_mut().collect();
        order.sort_by_key(|item| Some(item.receipt) != first);
        for item in order {
            let part = item.left.min(rest);
            if part.is_positive() {
                item.left = item.left.minus(part)?;
                rest = rest.minus(part)?;
                settled.push(Settled { receipt: item.receipt, amount: part });
            }
        }
        self.open.retain(|item| item.left.is_positive());
        Ok(settled)
    }
}

/// What a basket moves of an account once it is paid: (owed more, owed less), both not below nothing.
pub(crate) fn moves(lines: &[Line], tenders: &[Tender], customer: CustomerId) -> (Money, Money) {
    let of_lines = lines.iter().filter_map(|line| {
        let of = line.account.as_ref()?;
        (of.customer == customer).then(|| line.total().negated())
    });
    let of_tenders = tenders.iter().filter_map(|tender| {
        let of = tender.account.as_ref()?;
        (tender.kind == TenderKind::Account && of.customer == customer).then_some(tender.amount)
    });
    of_lines.chain(of_tenders).fold((Money::ZERO, Money::ZERO), |(more, less), amount| {
        if amount.is_negative() {
            (more, less.saturating_plus(amount.negated()))
        } else {
            (more.saturating_plus(amount), less)
        }
    })
}

/// What open baskets are about to move of an account: (owed more, owed less).
pub(crate) fn pending<'b>(
    baskets: impl Iterator<Item = &'b Basket>,
    customer: CustomerId,
) -> (Money, Money) {
    let real = baskets.filter(|basket| !basket.training);
    real.fold((Money::ZERO, Money::ZERO), |(more, less), basket| {
        let (up, down) = moves(&basket.lines, &basket.tenders, customer);
        (more.saturating_plus(up), less.saturating_plus(down))
    })
}
