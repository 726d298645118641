//! Amounts of the bank: exact, to the minor unit of their currency, or not at all.

use money::{Currency, Money};

use super::LineProblem;

/// An amount with a decimal point or comma, `1.234,56` and `1,234.56` among them; the sign says which way the
/// money went. Err when it cannot be read to the minor unit, or is nothing.
pub(super) fn signed(text: &str, currency: Currency) -> Result<Money, LineProblem> {
    let bad = LineProblem::BadAmount;
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '€' && *c != '\'')
        .map(|c| if c == '−' { '-' } else { c })
        .collect();
    let text = text.strip_suffix(currency.code()).unwrap_or(&text);
    let (negative, digits) = match (text.strip_prefix('-'), text.strip_suffix('-')) {
        (Some(rest), _) | (None, Some(rest)) => (true, rest),
        (None, None) => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, cents) = parts(digits).ok_or(bad)?;
    let minor = usize::from(currency.minor_digits());
    // More digits than the currency has must be zeros.
    let (kept, beyond) = cents.split_at(cents.len().min(minor));
    if beyond.bytes().any(|b| b != b'0') {
        return Err(bad);
    }
    let padded = format!("{whole}{kept}{}", "0".repeat(minor.saturating_sub(kept.len())));
    let amount: i64 = padded.parse().map_err(|_| bad)?;
    if amount == 0 {
        return Err(bad);
    }
    Ok(Money::new(if negative { amount.checked_neg().ok_or(bad)? } else { amount }))
}

/// Digits before and behind the decimal sign, separators of thousands taken away.
fn parts(text: &str) -> Option<(String, &str)> {
    let (head, cents) = match text.rfind([',', '.']) {
        None => (text, ""),
        Some(at) => {
            let (head, tail) = text.split_at_checked(at)?;
            let cents = tail.get(1..)?;
            let sign = tail.get(..1)?;
            // "1.234" could be either: it is not guessed. The same sign twice groups thousands.
            if cents.len() == 3 || head.contains(sign) {
                return None;
            }
            (head, cents)
        }
    };
    let groups: Vec<&str> = head.split([',', '.']).collect();
    let (first, rest) = groups.split_first()?;
    let grouped = rest.iter().all(|group| group.len() == 3)
        && (rest.is_empty() || (1..=3).contains(&first.len()));
    let whole = groups.concat();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let fits = grouped && !whole.is_empty() && whole.len() <= 15 && cents.len() <= 5;
    (fits && digits(&whole) && digits(cents)).then_some((whole, cents))
}

/// As ISO 20022 writes it: digits with a point, no sign, no grouping; above nothing.
pub(super) fn plain(text: &str, currency: Currency) -> Result<Money, LineProblem> {
    let text = text.trim();
    let simple = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !simple || text.matches('.').count() > 1 || text.starts_with('.') {
        return Err(LineProblem::BadAmount);
    }
    // "12.345" is twelve and 345 thousandths here, never twelve thousand.
    let text = match text.split_once('.') {
        Some((whole, cents)) if cents.len() <= 5 => format!("{whole}.{cents:0<5}"),
        Some(_) => return Err(LineProblem::BadAmount),
        None => text.to_owned(),
    };
    signed(&text, currency)
}
