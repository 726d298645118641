//! What a till shows of foreign cash.

use domain::Amount;
use domain::day::{Count, TillDay};
use domain::foreign::{ForeignCash, exchange_rate};
use domain::settings::Settings;
use jiff::civil::DateTime;
use money::{Currency, ExchangeRate, Money, cash_rounding};

use crate::api::foreign::{ForeignCashView, ForeignCountView, ForeignDue};

/// A rate as people say it: so much of `home` for one of `foreign`, in plain digits ("0.92").
pub(crate) fn rate_text(rate: ExchangeRate, home: Currency, foreign: Currency) -> String {
    // Said for 10^6 foreign minor units: the decimal sign moves by how the minor units differ.
    let shift = 6_u8.saturating_add(home.minor_digits()).saturating_sub(foreign.minor_digits());
    let digits = format!("{:0>width$}", rate.per_million(), width = usize::from(shift) + 1);
    let (whole, rest) = digits.split_at(digits.len() - usize::from(shift));
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

/// What is due in each currency that has a rate now.
pub(super) fn foreign_due(settings: &Settings, due: Money, local: DateTime) -> Vec<ForeignDue> {
    if !due.is_positive() {
        return Vec::new();
    }
    let amount = |amount: Money| Amount { amount, currency: settings.currency };
    let offers = settings.foreign_cash.iter().filter_map(|foreign| {
        let rate = exchange_rate(settings, foreign.currency, local)?;
        let least = rate.least(due, foreign.smallest).ok()?;
        let worth = rate.value(least).ok()?;
        let value = worth.saturating_plus(cash_rounding(worth, settings.cash_rounding).ok()?);
        Some(ForeignDue {
            least: Amount { amount: least, currency: foreign.currency },
            value: amount(value),
            change: amount(value.saturating_plus(due.negated())),
            rate: rate_text(rate, settings.currency, foreign.currency),
        })
    });
    offers.collect()
}

/// Foreign cash of a tender.
pub(super) fn foreign_cash(settings: &Settings, cash: &ForeignCash) -> ForeignCashView {
    ForeignCashView {
        given: Amount { amount: cash.amount, currency: cash.currency },
        rate: rate_text(cash.rate, settings.currency, cash.currency),
    }
}

/// The currencies that lie in the drawer.
pub(super) fn to_count(day: &TillDay) -> Vec<Currency> {
    day.foreign.keys().copied().collect()
}

/// What was counted; against the book for whoever may see it.
pub(super) fn counted(count: &Count, sees: bool) -> Vec<ForeignCountView> {
    let rows = count.foreign.iter().map(|row| {
        let amount = |amount: Money| Amount { amount, currency: row.currency };
        ForeignCountView {
            counted: amount(row.counted),
            expected: sees.then(|| amount(row.expected)),
            difference: sees.then(|| amount(row.difference)),
        }
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_said_for_one_of_the_foreign_currency() {
        let said = |rate, home: &str, foreign: &str| {
            let rate = ExchangeRate::new(rate).expect("a rate");
            rate_text(rate, home.parse().expect("home"), foreign.parse().expect("foreign"))
        };
        assert_eq!(said(920_000, "EUR", "USD"), "0.92");
        assert_eq!(said(1_000_000, "EUR", "USD"), "1");
        assert_eq!(said(610_000, "EUR", "JPY"), "0.0061");
        assert_eq!(said(1, "EUR", "USD"), "0.000001");
        assert_eq!(said(1_234_567, "EUR", "GBP"), "1.234567");
        assert_eq!(said(300_000, "EUR", "KWD"), "3");
    }
}
