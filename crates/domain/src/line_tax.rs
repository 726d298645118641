//! What a single line carries of its receipt's tax, and how much of that goes back with a part of it.
//!
//! A receipt taxes the sum of each key and rate, not its lines. What is returned later comes in parts
//! that would each round for themselves; so a line is given its own share of the row once, and the
//! parts of all returns are cut from that share. They sum to the row, in every column.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use money::{Money, MoneyError, Quantity, Rate, round_half_away};

use crate::basket::Line;
use crate::ids::TaxKey;
use crate::receipt::Receipt;
use crate::settings::{Settings, TaxPoint};
use crate::totals::{TaxRow, rate_at, returned_part, row_of, tax_parts};

/// Each line's share of the rows of a finished receipt, one entry a tax key of the line.
///
/// The lines are taxed one after the other: a share is what the row's tax grew by with the line. So
/// the shares of a row sum to it exactly, whatever the signs of its lines. `rate` answers the rate
/// that a key of a line was taxed at; lines that were given their tax (returns) keep it.
pub(crate) fn shares_of_lines(
    gross: bool,
    lines: &[Line],
    rate: impl Fn(&Line, TaxKey) -> Rate,
) -> Result<Vec<Vec<TaxRow>>, MoneyError> {
    let mut so_far: BTreeMap<(TaxKey, Rate), Money> = BTreeMap::new();
    let mut shares = Vec::with_capacity(lines.len());
    for line in lines {
        if !line.taxed.is_empty() {
            shares.push(line.taxed.clone());
            continue;
        }
        let mut rows = Vec::new();
        for (key, part) in tax_parts(line)? {
            let rate = rate(line, key);
            let sum = so_far.entry((key, rate)).or_default();
            let before = row_of(gross, key, rate, *sum)?;
            *sum = sum.plus(part)?;
            rows.push(row_of(gross, key, rate, *sum)?.minus(&before)?);
        }
        shares.push(rows);
    }
    Ok(shares)
}

/// What a finished receipt took for others, tax in it: by agency, tax key and rate. `paid`: when it was issued.
///
/// # Errors
/// When a sum overflows.
pub fn sold_for_others(
    settings: &Settings,
    receipt: &Receipt,
    paid: Timestamp,
) -> Result<BTreeMap<(u16, TaxKey, Rate), Money>, MoneyError> {
    let mut sums = BTreeMap::new();
    if receipt.lines.iter().all(|line| line.agency.is_none()) {
        return Ok(sums);
    }
    let moment = match settings.tax_point {
        TaxPoint::Payment => paid,
        TaxPoint::Opening => receipt.opened,
    };
    let zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
    let local = zone.to_datetime(moment);
    let rate = |line: &Line, key: TaxKey| {
        let own = line.rates.iter().flatten().find(|(of, _)| *of == key).map(|(_, rate)| *rate);
        // A key stands twice in a receipt that also returns goods of another rate.
        let rows = || receipt.tax.iter().filter(|row| row.key == key.0).map(|row| row.rate);
        let then = || rate_at(settings, key, local).filter(|rate| rows().any(|row| row == *rate));
        own.or_else(then).or_else(|| rows().next()).unwrap_or_default()
    };
    let gross = settings.prices_include_tax;
    let shares = shares_of_lines(gross, &receipt.lines, rate)?;
    for (line, rows) in receipt.lines.iter().zip(&shares) {
        let Some(agency) = line.agency else { continue };
        for row in rows {
            let sum: &mut Money = sums.entry((agency, TaxKey(row.key), row.rate)).or_default();
            *sum = sum.plus(row.gross)?;
        }
    }
    Ok(sums)
}

/// What of a sold line's `shares` goes back with `quantity` more of it, after `before` was returned
/// already: rows below nothing for goods that were sold.
pub(crate) fn returned_shares(
    gross: bool,
    sold: &Line,
    shares: &[TaxRow],
    before: Quantity,
    quantity: Quantity,
) -> Result<Vec<TaxRow>, MoneyError> {
    let first = shares_until(gross, sold, shares, before)?;
    let last = shares_until(gross, sold, shares, before.plus(quantity)?)?;
    first.iter().zip(&last).map(|(first, last)| first.minus(last)).collect()
}

/// What of the shares belongs to the first `until` of the line; exact at nothing and at the whole.
fn shares_until(
    gross: bool,
    sold: &Line,
    shares: &[TaxRow],
    until: Quantity,
) -> Result<Vec<TaxRow>, MoneyError> {
    let (base, off) = returned_part(sold, Quantity::ZERO, until)?;
    let part = Line { base: base.minus(off)?, discounts: Vec::new(), ..sold.clone() };
    shares
        .iter()
        .zip(tax_parts(&part)?)
        .map(|(share, (_, amount))| {
            let whole = if gross { share.gross } else { share.net };
            let tax = if whole.is_zero() {
                Money::ZERO
            } else {
                let product = i128::from(share.tax.minor())
                    .checked_mul(i128::from(amount.minor()))
                    .ok_or(MoneyError::OutOfRange)?;
                let (product, whole) = if whole.is_negative() {
                    (product.saturating_neg(), whole.negated())
                } else {
                    (product, whole)
                };
                Money::new(round_half_away(product, i128::from(whole.minor()))?)
            };
            let (net, gross) =
                if gross { (amount.minus(tax)?, amount) } else { (amount, amount.plus(tax)?) };
            Ok(TaxRow { key: share.key, rate: share.rate, net, tax, gross })
        })
        .collect()
}
