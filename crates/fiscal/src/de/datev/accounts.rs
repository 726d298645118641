//! Where what is booked. The defaults are those of the standard charts; the shop's adviser has the last word.

use std::collections::BTreeMap;

use money::Rate;

/// A chart of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Takings of a tax key at a rate, hundredths of a percent.
    Sales(u16, u32),
    /// Taken for others (agencies), to be handed on.
    Agency,
    /// Vouchers for several purposes: sold (positive) and redeemed (negative).
    Vouchers,
    /// Paid by card.
    Card,
    /// Paid by transfer.
    Transfer,
    /// Foreign cash that was taken, which lies apart.
    ForeignCash,
    /// Cash brought to the bank or fetched there.
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
    /// Paid out for the business, to be cleared by the adviser.
    PaidOut,
    /// Paid in for the business, to be cleared by the adviser.
    PaidIn,
    /// What cash rounding added (positive) or took away.
    Rounding,
}

impl Purpose {
    /// The rate that takings are taxed at.
    #[must_use]
    pub fn rate(self) -> Option<Rate> {
        match self {
            Purpose::Sales(_, rate) => Some(Rate::new(rate)),
            _ => None,
        }
    }

    pub(super) fn words(self) -> String {
        let words = match self {
            Purpose::Sales(_, 0) => "Umsatz steuerfrei",
            Purpose::Sales(_, rate) => {
                let rate = super::text::amount(money::Money::new(rate.into()));
                let rate = rate.strip_suffix(",00").unwrap_or(&rate);
                return format!("Umsatz {rate} %");
            }
            Purpose::Card => "Karte",
            Purpose::Transfer => "Überweisung",
            Purpose::ForeignCash => "Fremdwährung",
            Purpose::PaidOut => "Auszahlung",
            Purpose::PaidIn => "Einzahlung",
            Purpose::Rounding => "Rundung",
            Purpose::Agency => "Agentur",
            Purpose::Vouchers => "Gutscheine",
            Purpose::Transit => "Geldtransit",
            Purpose::Receivables => "Auf Rechnung",
            Purpose::PrivateOut => "Privatentnahme",
            Purpose::PrivateIn => "Privateinlage",
            Purpose::Difference => "Kassendifferenz",
            Purpose::Tips => "Trinkgeld",
        };
        words.to_owned()
    }
}

/// An account, and the key for its tax when it does not find that itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub number: u32,
    /// "BU-Schlüssel", 1 to 9999. None for accounts that know their tax ("Automatikkonten"), or have none.
    pub key: Option<u16>,
}

/// The accounts of a shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// The cash account.
    pub cash: u32,
    /// The others. A purpose that is missing is not booked: the export says so.
    pub others: BTreeMap<Purpose, Account>,
}

impl Accounts {
    /// The accounts of a standard chart, for numbers of `digits` digits (4 to 8). Vouchers, tips and cash that was put in or
    /// taken out go to accounts that the adviser clears (other liabilities, transitory items); differences to other
    /// expenses. Rates other than today's have none, as their accounts are not the same in every year's chart.
    #[must_use]
    pub fn standard(chart: Chart, digits: u8) -> Accounts {
        let zeros = u32::from(digits.saturating_sub(4));
        let number = |number: u32| number.saturating_mul(10_u32.saturating_pow(zeros));
        let (cash, others) = match chart {
            Chart::Skr03 => (
                1000,
                [
                    (Purpose::Sales(1, 1_900), 8400),
                    (Purpose::Sales(2, 700), 8300),
                    (Purpose::Sales(5, 0), 8200),
                    (Purpose::Sales(6, 0), 8200),
                    (Purpose::Agency, 1590),
                    (Purpose::Vouchers, 1700),
                    (Purpose::Card, 1360),
                    (Purpose::Transfer, 1360),
                    (Purpose::ForeignCash, 1010),
                    (Purpose::PaidOut, 1590),
                    (Purpose::PaidIn, 1590),
                    (Purpose::Tips, 1700),
                    (Purpose::Difference, 4900),
                    (Purpose::Rounding, 4900),
                    (Purpose::Transit, 1360),
                    (Purpose::Receivables, 1400),
                    (Purpose::PrivateOut, 1800),
                    (Purpose::PrivateIn, 1890),
                ],
            ),
            Chart::Skr04 => (
                1600,
                [
                    (Purpose::Sales(1, 1_900), 4400),
                    (Purpose::Sales(2, 700), 4300),
                    (Purpose::Sales(5, 0), 4200),
                    (Purpose::Sales(6, 0), 4200),
                    (Purpose::Agency, 1370),
                    (Purpose::Vouchers, 3500),
                    (Purpose::Card, 1460),
                    (Purpose::Transfer, 1460),
                    (Purpose::ForeignCash, 1610),
                    (Purpose::PaidOut, 1370),
                    (Purpose::PaidIn, 1370),
                    (Purpose::Tips, 3500),
                    (Purpose::Difference, 6300),
                    (Purpose::Rounding, 6300),
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
