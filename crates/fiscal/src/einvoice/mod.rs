//! An invoice as a machine reads it: EN 16931 in the syntax of UN/CEFACT CII, as XRechnung or as the XML within ZUGFeRD.
//! It says to the cent what the receipt says.
//!
//! Source: EN 16931-1 (business terms `BT-…`, rules `BR-…`), XRechnung 3.0, ZUGFeRD 2 / Factur-X (profile EN 16931).
//! *Absent:* PDF, sending, taking in.

mod cii;
pub mod figures;
pub mod rules;
mod xml;

use jiff::civil::Date;
use money::{Money, Quantity, Rate};

pub use cii::write;
pub use figures::{Figures, figures};
pub use rules::{Broken, check};

/// Which specification the invoice follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// EN 16931 itself, which is also the profile of that name of ZUGFeRD and Factur-X.
    En16931,
    /// XRechnung 3.0: what German authorities want.
    XRechnung,
}

/// What it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// An invoice (type 380).
    Invoice,
    /// A correction (type 384): its amounts are below nothing. The number of the invoice that it corrects, and its date.
    Correction(String, Date),
}

/// Seller or buyer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party {
    /// Name in law.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// Post code.
    pub post_code: String,
    /// Town.
    pub town: String,
    /// ISO 3166, two letters.
    pub country: String,
    /// VAT id, with its country's letters.
    pub vat_id: Option<String>,
    /// National tax number; the seller's only.
    pub tax_number: Option<String>,
    /// Whom to ask: name, telephone, mail address. XRechnung wants the seller's.
    pub contact: Option<Contact>,
    /// Where electronic invoices go to: scheme (`EM` for mail, `0204` for a Leitweg-ID) and address. XRechnung wants both
    /// parties'.
    pub address: Option<(String, String)>,
}

/// Whom to ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// Name of a person or department.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Mail address.
    pub mail: String,
}

/// How something is taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tax {
    /// `S`: at a rate above nothing.
    Standard(Rate),
    /// `Z`: at a rate of nothing.
    Zero,
    /// `E`: exempt; the invoice says why.
    Exempt,
}

impl Tax {
    /// The letter of the category (UNCL 5305).
    #[must_use]
    pub fn category(self) -> &'static str {
        match self {
            Tax::Standard(_) => "S",
            Tax::Zero => "Z",
            Tax::Exempt => "E",
        }
    }

    /// The rate.
    #[must_use]
    pub fn rate(self) -> Rate {
        match self {
            Tax::Standard(rate) => rate,
            Tax::Zero | Tax::Exempt => Rate::new(0),
        }
    }
}

/// Whether the amounts of lines and allowances are with tax or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prices {
    /// With tax, as shops for consumers have it.
    Gross,
    /// Without.
    Net,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The item's name.
    pub name: String,
    /// Its GTIN.
    pub gtin: Option<String>,
    /// How much of it; below nothing when it comes back.
    pub quantity: Quantity,
    /// Unit (UN/ECE recommendation 20): `H87` pieces, `KGM`, `GRM`, `LTR`, `MTR`.
    pub unit: String,
    /// The whole line after its own discounts.
    pub amount: Money,
    /// How it is taxed.
    pub tax: Tax,
}

/// Something taken off the whole, for one way of taxing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// Why.
    pub reason: String,
    /// How much: above nothing as a rule.
    pub amount: Money,
    /// How what it lowers is taxed.
    pub tax: Tax,
}

/// The receipt's sums for one way of taxing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaxSum {
    /// Which.
    pub tax: Tax,
    /// Without tax.
    pub net: Money,
    /// The tax.
    pub amount: Money,
}

/// How it is paid, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// In cash (10).
    Cash,
    /// By card (48), with at most the last four digits of its number.
    Card(Option<String>),
    /// By transfer (58) to this account.
    Transfer {
        /// IBAN without spaces.
        iban: String,
        /// Holder of the account.
        holder: String,
        /// BIC.
        bic: Option<String>,
    },
    /// In another way (ZZZ), in words.
    Other(String),
}

/// An invoice: the figures of a receipt, and who they are between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// What it is.
    pub kind: Kind,
    /// Its number.
    pub number: String,
    /// Its date.
    pub issued: Date,
    /// The day of the supply.
    pub supplied: Date,
    /// ISO 4217.
    pub currency: String,
    /// Who sells.
    pub seller: Party,
    /// Who buys.
    pub buyer: Party,
    /// The buyer's reference: for authorities the Leitweg-ID. XRechnung wants one.
    pub reference: Option<String>,
    /// With tax or without.
    pub prices: Prices,
    /// What was sold.
    pub lines: Vec<Line>,
    /// What was taken off the whole.
    pub allowances: Vec<Allowance>,
    /// The receipt's sums: one for each way of taxing among lines and allowances.
    pub taxes: Vec<TaxSum>,
    /// Why something is exempt; needed with [`Tax::Exempt`].
    pub exemption: Option<String>,
    /// What was paid before.
    pub prepaid: Money,
    /// Cash rounding: what the payable amount is rounded up by.
    pub rounding: Money,
    /// How it is paid.
    pub means: Means,
    /// Until when.
    pub due: Option<Date>,
    /// Free notes.
    pub notes: Vec<String>,
}
