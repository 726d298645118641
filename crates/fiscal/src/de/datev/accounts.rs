//! Where what is booked. The defaults are those of the standard charts; the shop's adviser has the last word.

use std::collections::BTreeMap;

use money::Rate;
use serde::{Deserialize, Serialize};

/// A chart of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Chart {
    /// SKR03.
    Skr03,
    /// SKR04.
    Skr04,
}

impl Chart {
    /// As DATEV's header names it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Chart::Skr03 => "03",
            Chart::Skr04 => "04",
        }
    }
}

/// What a figure of a closing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Takings at 19 %.
    Sales19,
    /// Takings at 7 %.
    Sales7,
    /// Takings without tax.
    SalesUntaxed,
    /// Vouchers for several purposes: sold (positive) and redeemed (negative).
    Vouchers,
    /// Paid by card, or any other way that a bank or provider settles later; and cash brought to the bank or fetched there.
    Transit,
    /// Sold on account (negative) and paid for later (positive).
    Receivables,
    /// Taken out for private use.
    PrivateOut,
    /// Paid in from private money.
    PrivateIn,
    /// Counted less (negative) or more (positive) than booked.
    Difference,
    /// Tips for the staff: taken (positive), and handed on (negative).
    Tips,
    /// Paid out or in for the business, to be cleared by the adviser.
    Other,
}

impl Purpose {
    /// The rate that takings are taxed at.
    #[must_use]
    pub fn rate(self) -> Option<Rate> {
        match self {
            Purpose::Sales19 => Some(Rate::new(1_900)),
            Purpose::Sales7 => Some(Rate::new(700)),
            Purpose::SalesUntaxed => Some(Rate::new(0)),
            _ => None,
        }
    }

    pub(super) fn words(self) -> String {
        let words = match self {
            Purpose::Sales19 => "Umsatz 19 %",
            Purpose::Sales7 => "Umsatz 7 %",
            Purpose::SalesUntaxed => "Umsatz steuerfrei",
            Purpose::Vouchers => "Gutscheine",
            Purpose::Transit => "Geldtransit",
            Purpose::Receivables => "Auf Rechnung",
            Purpose::PrivateOut => "Privatentnahme",
            Purpose::PrivateIn => "Privateinlage",
            Purpose::Difference => "Kassendifferenz",
            Purpose::Tips => "Trinkgeld",
            Purpose::Other => "Sonstiges",
        };
        words.to_owned()
    }
}

/// An account, and the key for its tax when it does not find that itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its number.
    pub number: u32,
    /// "BU-Schlüssel", 1 to 9999. None for accounts that know their tax ("Automatikkonten"), or have none.
    #[serde(default)]
    pub key: Option<u16>,
}

/// The accounts of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    /// The cash account.
    pub cash: u32,
    /// The others. A purpose that is missing is not booked: the export says so.
    pub others: BTreeMap<Purpose, Account>,
}

impl Accounts {
    /// The accounts of a standard chart, for numbers of `digits` digits (4 to 8). Where charts leave it to the adviser
    /// (differences, vouchers, tips, other) there is none.
    #[must_use]
    pub fn standard(chart: Chart, digits: u8) -> Accounts {
        let zeros = u32::from(digits.saturating_sub(4));
        let number = |number: u32| number.saturating_mul(10_u32.saturating_pow(zeros));
        let (cash, others) = match chart {
            Chart::Skr03 => (
                1000,
                [
                    (Purpose::Sales19, 8400),
                    (Purpose::Sales7, 8300),
                    (Purpose::SalesUntaxed, 8200),
                    (Purpose::Transit, 1360),
                    (Purpose::Receivables, 1400),
                    (Purpose::PrivateOut, 1800),
                    (Purpose::PrivateIn, 1890),
                ],
            ),
            Chart::Skr04 => (
                1600,
                [
                    (Purpose::Sales19, 4400),
                    (Purpose::Sales7, 4300),
                    (Purpose::SalesUntaxed, 4200),
                    (Purpose::Transit, 1460),
                    (Purpose::Receivables, 1200),
                    (Purpose::PrivateOut, 2100),
                    (Purpose::PrivateIn, 2180),
                ],
            ),
        };
        let others =
            others.map(|(purpose, at)| (purpose, Account { number: number(at), key: None }));
        Accounts { cash: number(cash), others: others.into_iter().collect() }
    }

    /// Where a purpose is booked.
    #[must_use]
    pub fn of(&self, purpose: Purpose) -> Option<Account> {
        self.others.get(&purpose).copied()
    }

    /// All numbers, the cash account's first.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        std::iter::once(self.cash).chain(self.others.values().map(|account| account.number))
    }
}
