//! What an accountant takes over: a till's closings as postings of DATEV ("EXTF Buchungsstapel") and as rows of DATEV's
//! cash book. Source: DATEV's description of its format (version 700, category 21, format 13) and its help page 1002367.
//!
//! Every posting touches the cash account: takings of each tax rate go in as a whole, and what was not paid in cash goes
//! out again to where it waits. So the cash account shows what the drawer shows.

pub mod accounts;
pub mod cash_book;
pub mod columns;
mod extf;
mod text;

use jiff::civil::Date;
use money::{Money, Rate};

pub use accounts::{Account, Accounts, Chart, Purpose};
pub use extf::{File, Settings, export};

/// A till day that was closed.
#[derive(Debug, Clone)]
pub struct Closing {
    /// The till's name.
    pub till: String,
    /// Its closing's number (Z).
    pub number: u64,
    /// The day it is booked on.
    pub day: Date,
    /// Its figures: one for each purpose at most, or several that are booked one by one.
    pub figures: Vec<Figure>,
}

/// One figure of a closing.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What it is.
    pub purpose: Purpose,
    /// What it does to the cash account, gross: takings and what is paid in are positive; what was paid by card, and what is
    /// paid out, negative. Zero is not booked.
    pub cash: Money,
    /// What kind of payment or movement it is, in words: "EC-Karte", "Abschöpfung". May be empty.
    pub words: String,
    /// Where it is booked, when that is another account than its purpose's.
    pub account: Option<Account>,
}

/// A posting between the cash account and another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The day.
    pub day: Date,
    /// What it does to the cash account, never zero.
    pub cash: Money,
    /// The other account.
    pub account: Account,
    /// The rate that takings were taxed at.
    pub rate: Option<Rate>,
    /// Till and closing, at most 36 of the characters that DATEV allows there.
    pub reference: String,
    /// In words, at most 60 characters.
    pub text: String,
}

/// Why nothing was exported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The adviser has not said where this is booked.
    #[error("no account for {0:?}")]
    NoAccount(Purpose),
    /// An account has more digits than accounts have, or none.
    #[error("account {0} does not fit the length of accounts")]
    Account(u32),
    /// A figure of the settings that DATEV does not take: its name.
    #[error("setting out of range: {0}")]
    Setting(&'static str),
    /// More than DATEV's ten digits.
    #[error("amount out of range")]
    Amount,
}

/// The postings of closings, in their order. Errs naming the first purpose without an account.
pub fn postings(accounts: &Accounts, closings: &[Closing]) -> Result<Vec<Posting>, Refused> {
    let mut all = Vec::new();
    for closing in closings {
        for figure in closing.figures.iter().filter(|figure| !figure.cash.is_zero()) {
            let own = figure.account.or_else(|| accounts.of(figure.purpose));
            let account = own.ok_or(Refused::NoAccount(figure.purpose))?;
            if figure.cash.minor().unsigned_abs() > MOST_CENTS {
                return Err(Refused::Amount);
            }
            let what =
                if figure.words.is_empty() { figure.purpose.words() } else { figure.words.clone() };
            all.push(Posting {
                day: closing.day,
                cash: figure.cash,
                account,
                rate: figure.purpose.rate(),
                reference: text::reference(&format!("{}-Z{}", closing.till, closing.number)),
                text: text::shortened(&format!("{what} {} Z {}", closing.till, closing.number), 60),
            });
        }
    }
    Ok(all)
}

/// Ten digits before the comma, two behind it.
const MOST_CENTS: u64 = 999_999_999_999;
