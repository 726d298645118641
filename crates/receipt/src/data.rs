//! The figures of one receipt or report. Amounts are `i64` in minor units of `currency`; times and rates are texts
//! that the caller has already written in the receipt's language.

use serde::{Deserialize, Serialize};

use crate::document::Picture;

/// The language of the fixed words and of the amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// German; 1.299,00
    #[default]
    De,
    /// English; 1,299.00
    En,
}

/// What kind of slip it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptKind {
    /// An ordinary sale; has no title.
    #[default]
    Sale,
    /// Goods taken back.
    Return,
    /// The reversal of a whole receipt.
    Cancellation,
    /// A basket that was aborted.
    Aborted,
    /// Cash put into the drawer.
    PaidIn,
    /// Cash taken from the drawer.
    PaidOut,
    /// Cash to the safe or the bank.
    Drop,
    /// Cash in the drawer at opening.
    Float,
    /// The drawer opened without a sale.
    NoSale,
    /// Goods that somebody who works there takes: nothing is paid.
    Benefit,
    /// A card payment, for the shop.
    CardSlip,
    /// Money reserved on a card, for the customer.
    Reservation,
}

/// The head and foot of every slip of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShopHead {
    /// Above everything else.
    pub logo: Option<Picture>,
    /// Name, printed large.
    pub name: String,
    /// Street, town, …
    pub address: Vec<String>,
    /// National tax number (Steuernummer).
    pub tax_number: Option<String>,
    /// VAT id (USt-IdNr.).
    pub vat_id: Option<String>,
    /// What the VAT id is called where the shop is, when that is something else than usual.
    pub vat_label: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Free lines below the address.
    pub header: Vec<String>,
    /// Free lines at the very end.
    pub footer: Vec<String>,
}

/// A named amount, e.g. a discount on the whole receipt.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedAmount {
    /// What it is.
    pub text: String,
    /// Minor units; a discount is negative.
    pub amount: i64,
}

/// A line below a line: discount, deposit, note.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubLine {
    /// What it is.
    pub text: String,
    /// Minor units; `None` for a note.
    #[serde(default)]
    pub amount: Option<i64>,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Goods or a service.
    #[default]
    Item,
    /// Goods taken back.
    Returned,
    /// A line that was voided before payment.
    Voided,
    /// A deposit that was taken or paid back.
    Deposit,
    /// A voucher sold, or what a customer pays of what they owe.
    Voucher,
}

/// One line of the receipt.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// What it is.
    pub kind: LineKind,
    /// The quantity as text: `2` or `0,500`.
    pub quantity: String,
    /// The unit: `Stk`, `kg`, …
    pub unit: String,
    /// The item's name.
    pub name: String,
    /// Price of one unit; with it, `quantity unit × price` is printed below the name.
    pub unit_price: Option<i64>,
    /// The line's amount before its sub-lines' amounts.
    pub amount: i64,
    /// Letter of the tax rate, as in the tax table.
    pub tax: String,
    /// Discounts, deposits, notes.
    pub sub: Vec<SubLine>,
    /// The weight was typed by hand, which the receipt must say (EN 45501).
    pub manual_weight: bool,
    /// What the scale took off for the packing, as text with its unit; none where nothing was.
    pub tare: Option<String>,
}

/// The difference between the total and what is paid in cash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// What rounding added (or took away, negative).
    pub difference: i64,
    /// What is to be paid.
    pub payable: i64,
}

/// One payment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tender {
    /// `Bar`, `girocard`, …
    pub name: String,
    /// What it paid towards the receipt.
    pub amount: i64,
    /// What was handed over.
    pub tendered: Option<i64>,
    /// What was given back.
    pub change: Option<i64>,
    /// Lines that belong to it: card number, terminal, …
    pub details: Vec<String>,
}

/// One rate of the tax table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxRow {
    /// `A`, `B`, …
    pub letter: String,
    /// `19 %`
    pub rate: String,
    /// Net.
    pub net: i64,
    /// Tax.
    pub tax: i64,
    /// Gross.
    pub gross: i64,
}

/// The figures of one receipt or drawer slip. See the module for units.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReceiptData {
    /// Language of words and amounts.
    pub language: Language,
    /// `EUR`
    pub currency: String,
    /// Digits of the minor unit: 2 for EUR, 0 for JPY. More than 9 counts as 9.
    pub minor_digits: u8,
    /// Head and foot.
    pub shop: ShopHead,
    /// What slip it is.
    pub kind: ReceiptKind,
    /// The receipt's number as people say it.
    pub number: String,
    /// What the bar code holds, e.g. `R1-4812`; empty for none.
    pub code: String,
    /// Name or number of the till.
    pub till: String,
    /// Who served.
    pub person: String,
    /// Local time of the first line (KassenSichV § 6 no. 3).
    pub started: Option<String>,
    /// Local time of the end.
    pub issued: String,
    /// The lines.
    pub lines: Vec<Line>,
    /// Discounts on the whole receipt.
    pub discounts: Vec<NamedAmount>,
    /// What the customer saved; printed below the total.
    pub saved: Option<i64>,
    /// The sum; `None` on slips without money (no-sale).
    pub total: Option<i64>,
    /// Cash rounding.
    pub rounding: Option<Rounding>,
    /// Payments.
    pub tenders: Vec<Tender>,
    /// Tax per rate.
    pub taxes: Vec<TaxRow>,
    /// Free notes, e.g. the reason of a paid-out, the receipt returned from.
    pub notes: Vec<String>,
    /// `Some(n)`: this is the n-th copy.
    pub copy: Option<u32>,
    /// Made in training mode.
    pub training: bool,
    /// A line for a signature (paid-out, return).
    pub signature_line: bool,
    /// The fiscal block, e.g. the signing unit's data or its outage.
    pub signing: Vec<String>,
    /// Content of the fiscal QR code.
    pub qr: Option<String>,
    /// Fields for what the tax office wants to know of a meal.
    pub hospitality: Option<crate::Hospitality>,
}

/// What report it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// Totals so far; closes nothing.
    #[default]
    X,
    /// Totals of a closed till day.
    Z,
    /// One person's shift.
    Shift,
    /// A count of the drawer.
    Count,
    /// A card terminal's day.
    TerminalDay,
}

/// One row of a report.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportRow {
    /// What is counted.
    pub label: String,
    /// How many.
    pub count: Option<i64>,
    /// How much, minor units.
    pub amount: Option<i64>,
    /// A sum, printed bold.
    pub strong: bool,
}

/// Rows under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportSection {
    /// The heading.
    pub title: String,
    /// Its rows.
    pub rows: Vec<ReportRow>,
}

/// The figures of an X or Z report, a shift or a count.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportData {
    /// Language of words and amounts.
    pub language: Language,
    /// `EUR`
    pub currency: String,
    /// Digits of the minor unit.
    pub minor_digits: u8,
    /// Head; its footer lines are not printed.
    pub shop: ShopHead,
    /// What report it is.
    pub kind: ReportKind,
    /// The till day's number.
    pub day_number: Option<u64>,
    /// Name or number of the till.
    pub till: String,
    /// Who made it.
    pub person: String,
    /// Local time of the first booking or opening.
    pub from: String,
    /// Local time of the last booking or closing.
    pub to: String,
    /// The totals.
    pub sections: Vec<ReportSection>,
    /// Counted less book: positive is too much; `None` when nothing was counted.
    pub difference: Option<i64>,
    /// Free notes.
    pub notes: Vec<String>,
    /// `Some(n)`: this is the n-th copy.
    pub copy: Option<u32>,
    /// Made in training mode.
    pub training: bool,
    /// A line for a signature.
    pub signature_line: bool,
}
