//! What a basket comes to: discounts spread, tax per key, what is due.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use money::{Money, MoneyError, Rate, allocate, tax_from_gross, tax_from_net};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::basket::{Basket, DiscountOrigin, Line, LineDiscount, ReceiptDiscount};
use crate::coupon::{self, ReceiptCoupon};
use crate::ids::TaxKey;
use crate::settings::Settings;

/// The sum of one tax key at one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct TaxRow {
    /// The key.
    #[schema(value_type = u16)]
    pub key: u16,
    /// Its rate, hundredths of a percent.
    #[schema(value_type = u32)]
    pub rate: Rate,
    /// Without tax.
    #[schema(value_type = i64)]
    pub net: Money,
    /// The tax.
    #[schema(value_type = i64)]
    pub tax: Money,
    /// With tax.
    #[schema(value_type = i64)]
    pub gross: Money,
}

impl TaxRow {
    fn plus(&self, other: &TaxRow) -> Result<TaxRow, MoneyError> {
        let (net, tax) = (self.net.plus(other.net)?, self.tax.plus(other.tax)?);
        Ok(TaxRow { net, tax, gross: self.gross.plus(other.gross)?, ..*self })
    }

    /// Column by column.
    pub(crate) fn minus(&self, other: &TaxRow) -> Result<TaxRow, MoneyError> {
        let (net, tax) = (self.net.minus(other.net)?, self.tax.minus(other.tax)?);
        Ok(TaxRow { net, tax, gross: self.gross.minus(other.gross)?, ..*self })
    }
}

/// The row of a sum: with tax in it when `gross`, else without.
pub(crate) fn row_of(
    gross: bool,
    key: TaxKey,
    rate: Rate,
    sum: Money,
) -> Result<TaxRow, MoneyError> {
    let taxed = if gross { tax_from_gross(sum, rate)? } else { tax_from_net(sum, rate)? };
    Ok(TaxRow { key: key.0, rate, net: taxed.net(), tax: taxed.tax(), gross: taxed.gross() })
}

/// What a basket comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Lines with the receipt discount's parts in them.
    pub lines: Vec<Line>,
    /// By key and rate.
    pub tax: Vec<TaxRow>,
    /// To pay, with tax.
    pub total: Money,
    /// Taken off by discounts, promotions and coupons.
    pub saved: Money,
    /// The coupons that took something off.
    pub coupons: Vec<ReceiptCoupon>,
}

/// The rate of `key` at a local time; none when the key has none yet.
pub fn rate_at(settings: &Settings, key: TaxKey, at: DateTime) -> Option<Rate> {
    settings
        .rates
        .iter()
        .filter(|r| r.key == key && r.from <= at)
        .max_by_key(|r| r.from)
        .map(|r| r.rate)
}

/// Computes what `basket` comes to with the rates of the local time `at`.
pub fn totals(settings: &Settings, basket: &Basket, at: DateTime) -> Result<Totals, MoneyError> {
    let mut lines = basket.lines.clone();
    if let Some(discount) = &basket.discount {
        spread(&mut lines, discount)?;
    }
    let coupons = coupon::take_off(&mut lines, &basket.coupons)?;
    let mut by_rate: BTreeMap<(TaxKey, Rate), Money> = BTreeMap::new();
    let mut given: BTreeMap<(TaxKey, Rate), TaxRow> = BTreeMap::new();
    let mut saved = Money::ZERO;
    for line in &lines {
        for row in &line.taxed {
            let empty = TaxRow { key: row.key, rate: row.rate, ..TaxRow::default() };
            let sum = given.entry((TaxKey(row.key), row.rate)).or_insert(empty);
            *sum = sum.plus(row)?;
        }
        let parts = if line.taxed.is_empty() { tax_parts(line)? } else { Vec::new() };
        for (key, part) in parts {
            let rate = line
                .rates
                .as_ref()
                .and_then(|rates| rates.iter().find(|(k, _)| *k == key))
                .map(|(_, rate)| *rate)
                .or_else(|| rate_at(settings, key, at))
                .unwrap_or_default();
            let sum = by_rate.entry((key, rate)).or_default();
            *sum = sum.plus(part)?;
        }
        if line.returned_from.is_none() {
            saved = saved.plus(line.base.minus(line.total())?)?;
        }
    }
    for ((key, rate), sum) in by_rate {
        let row = row_of(settings.prices_include_tax, key, rate, sum)?;
        let given =
            given.entry((key, rate)).or_insert(TaxRow { key: key.0, rate, ..TaxRow::default() });
        *given = given.plus(&row)?;
    }
    let tax: Vec<TaxRow> = given.into_values().collect();
    let total = Money::sum(tax.iter().map(|row| row.gross))?;
    Ok(Totals { lines, tax, total, saved, coupons })
}

/// The line's total by tax key: whole, or split by the item's shares.
pub fn tax_parts(line: &Line) -> Result<Vec<(TaxKey, Money)>, MoneyError> {
    if line.tax_split.is_empty() {
        return Ok(vec![(line.tax, line.total())]);
    }
    let weights: Vec<Money> =
        line.tax_split.iter().map(|share| Money::new(i64::from(share.weight))).collect();
    let parts = allocate(line.total(), &weights)?;
    Ok(line.tax_split.iter().map(|share| share.key).zip(parts).collect())
}

/// Lines that a receipt discount is spread over: sold now, and not fixed.
fn takes_discount(line: &Line) -> bool {
    !line.fixed && !line.price_bound && line.total().is_positive()
}

/// What the receipt discount may be taken from.
pub fn discountable(lines: &[Line]) -> Result<Money, MoneyError> {
    Money::sum(lines.iter().filter(|l| takes_discount(l)).map(Line::total))
}

/// Takes the receipt discount off the lines.
fn spread(lines: &mut [Line], discount: &ReceiptDiscount) -> Result<(), MoneyError> {
    let off = match (discount.basis_points, discount.amount) {
        (Some(basis_points), _) => Off::Share(basis_points),
        (None, amount) => Off::Amount(amount.unwrap_or(Money::ZERO)),
    };
    let origin = DiscountOrigin::Receipt { reason: discount.reason.clone() };
    take_off(lines, |_| true, off, &origin).map(|_| ())
}

/// What is taken off several lines together.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Off {
    /// Hundredths of a percent.
    Share(u16),
    /// An amount.
    Amount(Money),
}

/// Takes something off those of the lines that are among `these` and take discounts: proportional, largest remainder, stored per
/// line. Answers what it came to.
pub(crate) fn take_off(
    lines: &mut [Line],
    these: impl Fn(&Line) -> bool,
    off: Off,
    origin: &DiscountOrigin,
) -> Result<Money, MoneyError> {
    let weight =
        |line: &Line| if takes_discount(line) && these(line) { line.total() } else { Money::ZERO };
    let weights: Vec<Money> = lines.iter().map(weight).collect();
    let base = Money::sum(weights.iter().copied())?;
    let wanted = match off {
        Off::Share(basis_points) => base.percent(i64::from(basis_points))?,
        Off::Amount(amount) => amount,
    };
    // Lines may have been voided since an amount was given: never take more than there is.
    let amount = wanted.min(base);
    if amount.is_zero() {
        return Ok(amount);
    }
    for (line, part) in lines.iter_mut().zip(allocate(amount, &weights)?) {
        if !part.is_zero() {
            line.discounts.push(LineDiscount { origin: origin.clone(), amount: part });
        }
    }
    Ok(amount)
}

/// What `quantity` more of a sold line gives back, after `before` was returned already: the parts
/// of all returns of a line sum to what it cost, to the minor unit.
///
/// Whole pieces carry the discount as [`allocate`] would spread it over them; other quantities
/// share in proportion. Answers (base, discount), both above nothing for a line that was sold.
pub fn returned_part(
    sold: &Line,
    before: money::Quantity,
    quantity: money::Quantity,
) -> Result<(Money, Money), MoneyError> {
    let discount = sold.base.minus(sold.total())?;
    let after = before.plus(quantity)?;
    let base_until = |q: money::Quantity| share(sold.base, q, sold.quantity);
    let discount_until = |q: money::Quantity| {
        if sold.quantity.is_whole() && q.is_whole() {
            first_pieces(discount, q, sold.quantity)
        } else {
            share(discount, q, sold.quantity)
        }
    };
    let base = base_until(after)?.minus(base_until(before)?)?;
    let off = discount_until(after)?.minus(discount_until(before)?)?;
    Ok((base, off))
}

/// `amount × part / whole`, rounded half away; exact at 0 and at the whole.
fn share(
    amount: Money,
    part: money::Quantity,
    whole: money::Quantity,
) -> Result<Money, MoneyError> {
    let numerator = i128::from(amount.minor())
        .checked_mul(i128::from(part.thousandths()))
        .ok_or(MoneyError::OutOfRange)?;
    money::round_half_away(numerator, i128::from(whole.thousandths())).map(Money::new)
}

/// The discount of the first `part` pieces when the rest of the division goes to the first pieces.
fn first_pieces(
    discount: Money,
    part: money::Quantity,
    whole: money::Quantity,
) -> Result<Money, MoneyError> {
    let out = || MoneyError::OutOfRange;
    let pieces = whole.thousandths().checked_div(1_000).ok_or_else(out)?;
    let part = part.thousandths().checked_div(1_000).ok_or_else(out)?;
    let each = discount.minor().checked_div(pieces).ok_or_else(out)?;
    let rest = discount.minor().checked_rem(pieces).ok_or_else(out)?;
    let extra = rest.signum().checked_mul(rest.abs().min(part)).ok_or_else(out)?;
    let whole_part = each.checked_mul(part).ok_or_else(out)?;
    whole_part.checked_add(extra).map(Money::new).ok_or_else(out)
}
