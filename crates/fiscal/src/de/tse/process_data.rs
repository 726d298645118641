//! What a till gives to be signed: Kassenbeleg-V1, Bestellung-V1, SonstigerVorgang. Written exactly, read
//! tolerantly. Amounts here have a point; the same amounts in the tables of DSFinV-K have a comma.
//! Source: DSFinV-K 2.4, Anhang I.

use std::fmt::Write as _;

use money::{Currency, Money, Quantity, Rate};
use serde::{Deserialize, Serialize};

use crate::de::tax_keys;

/// Most payments and most lines of an order that are read.
const MOST: usize = 10_000;

/// What kind of business a receipt is (BON_TYP).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ReceiptKind {
    /// A sale, a return, a cancellation: whatever changes the books.
    Beleg,
    /// An invoice that is paid elsewhere.
    #[serde(rename = "AVRechnung")]
    AvRechnung,
    /// Goods or money moved to another till.
    #[serde(rename = "AVTransfer")]
    AvTransfer,
    /// An order.
    #[serde(rename = "AVBestellung")]
    AvBestellung,
    /// Training.
    #[serde(rename = "AVTraining")]
    AvTraining,
    /// The cancellation of a receipt; never used for one that a unit has signed.
    #[serde(rename = "AVBelegstorno")]
    AvBelegstorno,
    /// A receipt that was begun and given up.
    #[serde(rename = "AVBelegabbruch")]
    AvBelegabbruch,
    /// Goods for staff, in kind.
    #[serde(rename = "AVSachbezug")]
    AvSachbezug,
    /// Anything else; DSFinV-K wants its name beside it.
    #[serde(rename = "AVSonstige")]
    AvSonstige,
}

impl ReceiptKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Beleg,
        Self::AvRechnung,
        Self::AvTransfer,
        Self::AvBestellung,
        Self::AvTraining,
        Self::AvBelegstorno,
        Self::AvBelegabbruch,
        Self::AvSachbezug,
        Self::AvSonstige,
    ];

    /// The word of DSFinV-K.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Beleg => "Beleg",
            Self::AvRechnung => "AVRechnung",
            Self::AvTransfer => "AVTransfer",
            Self::AvBestellung => "AVBestellung",
            Self::AvTraining => "AVTraining",
            Self::AvBelegstorno => "AVBelegstorno",
            Self::AvBelegabbruch => "AVBelegabbruch",
            Self::AvSachbezug => "AVSachbezug",
            Self::AvSonstige => "AVSonstige",
        }
    }

    /// Reads the word, in capitals or not.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// As what a receipt of this kind is signed.
    pub const fn process_type(self) -> ProcessType {
        match self {
            Self::AvBestellung => ProcessType::Bestellung,
            Self::AvSonstige => ProcessType::SonstigerVorgang,
            _ => ProcessType::Kassenbeleg,
        }
    }
}

/// What kind of text is signed (processType).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ProcessType {
    /// A receipt.
    #[serde(rename = "Kassenbeleg-V1")]
    Kassenbeleg,
    /// An order.
    #[serde(rename = "Bestellung-V1")]
    Bestellung,
    /// Anything else, in free words.
    SonstigerVorgang,
}

impl ProcessType {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Kassenbeleg, Self::Bestellung, Self::SonstigerVorgang];

    /// The word that is signed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kassenbeleg => "Kassenbeleg-V1",
            Self::Bestellung => "Bestellung-V1",
            Self::SonstigerVorgang => "SonstigerVorgang",
        }
    }

    /// Reads the word, in capitals or not: there are tills that sign `KassenBeleg-V1`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// One of the five places for gross amounts. Their order is not that of the tax keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxSlot {
    /// The general rate (key 1).
    General,
    /// The reduced rate (key 2).
    Reduced,
    /// The average rate of § 24 (1) Nr. 3 UStG (key 3).
    Average,
    /// The average rate of § 24 (1) Nr. 1 UStG (key 4).
    AverageOther,
    /// No tax: not taxable, exempt, not known (keys 5, 6, 7 together).
    Zero,
}

/// Gross amounts by tax, in euro cents; below zero for returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TaxSlots {
    /// At the general rate.
    pub general: Money,
    /// At the reduced rate.
    pub reduced: Money,
    /// At the average rate of § 24 (1) Nr. 3 UStG.
    pub average: Money,
    /// At the average rate of § 24 (1) Nr. 1 UStG.
    pub average_other: Money,
    /// Without tax.
    pub zero: Money,
}

impl TaxSlots {
    /// Sums of gross amounts by tax key and rate ([`tax_keys::slot`]). Errs when a key has no place or a sum is out of
    /// range.
    pub fn from_keys(
        amounts: impl IntoIterator<Item = (u16, Rate, Money)>,
    ) -> Result<Self, ProcessDataFault> {
        let mut slots = Self::default();
        for (key, rate, amount) in amounts {
            let slot = tax_keys::slot(u32::from(key), rate.basis_points());
            let slot = slot.ok_or(ProcessDataFault::TaxKey(key))?;
            let place = slots.place(slot);
            *place = place.plus(amount).map_err(|_| ProcessDataFault::OutOfRange)?;
        }
        Ok(slots)
    }

    fn place(&mut self, slot: TaxSlot) -> &mut Money {
        match slot {
            TaxSlot::General => &mut self.general,
            TaxSlot::Reduced => &mut self.reduced,
            TaxSlot::Average => &mut self.average,
            TaxSlot::AverageOther => &mut self.average_other,
            TaxSlot::Zero => &mut self.zero,
        }
    }

    /// In the order in which they are signed.
    pub const fn in_order(&self) -> [Money; 5] {
        [self.general, self.reduced, self.average, self.average_other, self.zero]
    }
}

/// One payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Cash ("Bar"); everything else is "Unbar".
    pub cash: bool,
    /// How much, in minor units of its currency; cash without the change, below zero for money given back.
    pub amount: Money,
    /// The currency that was paid in.
    pub currency: Currency,
}

/// The text of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kassenbeleg {
    /// What kind of business it is.
    pub kind: ReceiptKind,
    /// Gross by tax.
    pub totals: TaxSlots,
    /// How it was paid. Written grouped: cash first, then the rest, each summed by currency, euro first.
    pub payments: Vec<Payment>,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// How much; below zero takes an order back.
    pub quantity: Quantity,
    /// What.
    pub text: String,
    /// Gross price of one, euro cents.
    pub price: Money,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessData {
    /// A receipt.
    Receipt(Kassenbeleg),
    /// An order.
    Order(Vec<OrderLine>),
    /// Free words.
    Other(String),
}

/// Why something is no such text, or cannot be written as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProcessDataFault {
    /// The process type is not one of the three.
    #[error("not one of the three process types")]
    ProcessType,
    /// The kind of receipt is none of DSFinV-K, or not one that is signed as a receipt.
    #[error("not a kind of receipt that is signed as one")]
    Kind,
    /// A tax key has no place among the five.
    #[error("tax key {0} has no place among the five")]
    TaxKey(u16),
    /// Not five amounts, or a payment that is none.
    #[error("the text does not have the shape of its type")]
    Shape,
    /// Something that should be an amount is none.
    #[error("an amount cannot be read")]
    Amount,
    /// A sum is out of range, or a currency divides into more than hundredths.
    #[error("an amount is out of range")]
    OutOfRange,
    /// The bytes are not UTF-8.
    #[error("the text is not UTF-8")]
    Encoding,
}

impl ProcessData {
    /// As what it is signed.
    pub const fn process_type(&self) -> ProcessType {
        match self {
            Self::Receipt(_) => ProcessType::Kassenbeleg,
            Self::Order(_) => ProcessType::Bestellung,
            Self::Other(_) => ProcessType::SonstigerVorgang,
        }
    }

    /// The text that is signed. Errs when a receipt's kind is not signed as a receipt or a sum of payments is
    /// out of range.
    pub fn write(&self) -> Result<String, ProcessDataFault> {
        match self {
            Self::Receipt(receipt) => receipt.write(),
            Self::Order(lines) => {
                Ok(lines.iter().map(OrderLine::write).collect::<Vec<_>>().join("\r"))
            }
            Self::Other(text) => Ok(text.clone()),
        }
    }

    /// Reads what was signed, by its process type.
    pub fn read(process_type: &str, bytes: &[u8]) -> Result<Self, ProcessDataFault> {
        let kind = ProcessType::parse(process_type).ok_or(ProcessDataFault::ProcessType)?;
        let text = std::str::from_utf8(bytes).map_err(|_| ProcessDataFault::Encoding)?;
        Ok(match kind {
            ProcessType::Kassenbeleg => Self::Receipt(Kassenbeleg::read(text)?),
            ProcessType::Bestellung => Self::Order(read_order(text)?),
            ProcessType::SonstigerVorgang => Self::Other(text.to_owned()),
        })
    }
}

impl Kassenbeleg {
    /// The text: `Beleg^4.05_3.00_0.00_0.00_0.00^7.05:Bar`.
    pub fn write(&self) -> Result<String, ProcessDataFault> {
        if self.kind.process_type() != ProcessType::Kassenbeleg {
            return Err(ProcessDataFault::Kind);
        }
        let totals: Vec<String> =
            self.totals.in_order().iter().map(|sum| hundredths(*sum)).collect();
        let mut text = format!("{}^{}^", self.kind.name(), totals.join("_"));
        for (at, payment) in self.grouped()?.iter().enumerate() {
            let amount = hundredths(in_hundredths(payment)?);
            let means = if payment.cash { "Bar" } else { "Unbar" };
            let before = if at == 0 { "" } else { "_" };
            // Writing to a String cannot fail.
            let _ = write!(text, "{before}{amount}:{means}");
            if payment.currency != Currency::EUR {
                let _ = write!(text, ":{}", payment.currency);
            }
        }
        Ok(text)
    }

    /// The payments as they are written: summed by means and currency, cash first, euro before others, the
    /// others as they came; none that is zero.
    pub fn grouped(&self) -> Result<Vec<Payment>, ProcessDataFault> {
        let mut groups: Vec<Payment> = Vec::new();
        for payment in &self.payments {
            let same =
                |one: &&mut Payment| one.cash == payment.cash && one.currency == payment.currency;
            match groups.iter_mut().find(same) {
                Some(group) => {
                    let sum = group.amount.plus(payment.amount);
                    group.amount = sum.map_err(|_| ProcessDataFault::OutOfRange)?;
                }
                None => groups.push(*payment),
            }
        }
        groups.retain(|group| !group.amount.is_zero());
        groups.sort_by_key(|group| (!group.cash, group.currency != Currency::EUR));
        Ok(groups)
    }

    /// Reads the text; amounts may have a comma, and fewer decimals than two.
    pub fn read(text: &str) -> Result<Self, ProcessDataFault> {
        let mut parts = text.split('^');
        let kind = parts.next().and_then(|kind| ReceiptKind::parse(kind.trim()));
        let kind = kind.ok_or(ProcessDataFault::Kind)?;
        let totals = parts.next().ok_or(ProcessDataFault::Shape)?;
        let payments = parts.next().unwrap_or_default();
        if parts.next().is_some() {
            return Err(ProcessDataFault::Shape);
        }
        let amounts: Vec<i64> =
            totals.split('_').take(6).map(|amount| scaled(amount, 2)).collect::<Result<_, _>>()?;
        let [general, reduced, average, average_other, zero] =
            <[i64; 5]>::try_from(amounts).map_err(|_| ProcessDataFault::Shape)?.map(Money::new);
        let totals = TaxSlots { general, reduced, average, average_other, zero };
        let payments = payments.split('_').filter(|payment| !payment.trim().is_empty()).take(MOST);
        let payments = payments.map(read_payment).collect::<Result<_, _>>()?;
        Ok(Self { kind, totals, payments })
    }
}

fn read_payment(text: &str) -> Result<Payment, ProcessDataFault> {
    let mut parts = text.split(':').map(str::trim);
    let amount = scaled(parts.next().unwrap_or_default(), 2)?;
    let means = parts.next().ok_or(ProcessDataFault::Shape)?;
    let cash = means.eq_ignore_ascii_case("bar");
    if !cash && !means.eq_ignore_ascii_case("unbar") {
        return Err(ProcessDataFault::Shape);
    }
    let currency = match parts.next() {
        None | Some("") => Currency::EUR,
        Some(code) => code.to_ascii_uppercase().parse().map_err(|_| ProcessDataFault::Shape)?,
    };
    if parts.next().is_some() {
        return Err(ProcessDataFault::Shape);
    }
    let amount = match currency.minor_digits() {
        0 if amount % 100 == 0 => amount / 100,
        2 => amount,
        _ => return Err(ProcessDataFault::Amount),
    };
    Ok(Payment { cash, amount: Money::new(amount), currency })
}

/// The amount in hundredths of its currency, as it is signed.
fn in_hundredths(payment: &Payment) -> Result<Money, ProcessDataFault> {
    let minor = payment.amount.minor();
    let hundredths = match payment.currency.minor_digits() {
        0 => minor.checked_mul(100),
        2 => Some(minor),
        // Nothing says how three decimals would be rounded to two.
        _ => None,
    };
    hundredths.map(Money::new).ok_or(ProcessDataFault::OutOfRange)
}

impl OrderLine {
    fn write(&self) -> String {
        let thousandths = self.quantity.thousandths();
        let sign = if thousandths < 0 { "-" } else { "" };
        let (whole, rest) = (thousandths.unsigned_abs() / 1000, thousandths.unsigned_abs() % 1000);
        let decimals = match rest {
            0 => String::new(),
            rest => format!(".{rest:03}").trim_end_matches('0').to_owned(),
        };
        // A line break would be taken for the end of the line.
        let text = self.text.replace(['\r', '\n'], " ").replace('"', "\"\"");
        format!("{sign}{whole}{decimals};\"{text}\";{}", hundredths(self.price))
    }
}

fn read_order(text: &str) -> Result<Vec<OrderLine>, ProcessDataFault> {
    let lines = text.split(['\r', '\n']).filter(|line| !line.trim().is_empty()).take(MOST);
    lines.map(read_order_line).collect()
}

fn read_order_line(line: &str) -> Result<OrderLine, ProcessDataFault> {
    let (quantity, rest) = line.split_once(';').ok_or(ProcessDataFault::Shape)?;
    // The text may hold semicolons; the price cannot.
    let (text, price) = rest.rsplit_once(';').ok_or(ProcessDataFault::Shape)?;
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let text = quoted.map_or_else(|| text.to_owned(), |text| text.replace("\"\"", "\""));
    Ok(OrderLine {
        quantity: Quantity::new(scaled(quantity, 3)?),
        text,
        price: Money::new(scaled(price, 2)?),
    })
}

/// `-?\d+\.\d\d`, the way amounts are signed.
fn hundredths(amount: Money) -> String {
    let minor = amount.minor();
    let sign = if minor < 0 { "-" } else { "" };
    let size = minor.unsigned_abs();
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

/// A decimal number with at most that many decimals, in the smallest unit.
fn scaled(text: &str, decimals: usize) -> Result<i64, ProcessDataFault> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || fraction.len() > decimals
        || !only_digits(whole)
        || !only_digits(fraction)
    {
        return Err(ProcessDataFault::Amount);
    }
    let sign = if negative { "-" } else { "" };
    let number = format!("{sign}{whole}{fraction:0<decimals$}");
    number.parse().map_err(|_| ProcessDataFault::OutOfRange)
}
