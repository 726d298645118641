//! The figures of an invoice, made of the receipt's so that both say the same.
//!
//! A receipt with gross prices knows its tax only for the sum of each rate: `net = round(gross · 100 / (100 + rate))`,
//! `tax = gross − net`. The invoice wants every line without tax, and the lines must sum to that net (BR-CO-10, BR-S-08).
//! Rounding each line by itself would miss it by cents. So each line's exact net is cut to whole cents (downwards, also
//! below nothing), and the cents that are missing go to the lines whose cut was largest, the earlier one first among equal
//! ones. Allowances take part as lines of the other sign. No line is then a whole cent off its exact net.
//!
//! The tax is the receipt's, never computed anew. Rule BR-CO-17 wants it to be `round(net · rate)`. Some gross sums (19 of
//! 119 at 19 %, 7 of 107 at 7 %) are not the sum of any net and its rounded tax; for these the receipt's tax is one cent
//! off, which the rule's official test allows. For all others the receipt's pair fits exactly: the net that fits lies less
//! than half a cent from `gross / (1 + rate)`, so rounding finds it.

use money::{Money, MoneyError, tax_from_gross};

use super::rules::Broken;
use super::{Invoice, Line, Prices, Tax};

/// An invoice's figures, without tax where not said otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Each line (BT-131).
    pub lines: Vec<Money>,
    /// Each allowance (BT-92).
    pub allowances: Vec<Money>,
    /// Sum of the lines (BT-106).
    pub line_sum: Money,
    /// Sum of the allowances (BT-107).
    pub allowance_sum: Money,
    /// What is taxed (BT-109).
    pub net: Money,
    /// The tax (BT-110).
    pub tax: Money,
    /// With tax (BT-112).
    pub total: Money,
    /// What is still to be paid (BT-115).
    pub payable: Money,
}

/// The figures of `invoice`. Errs when its lines are not those of its sums, or out of range.
pub fn figures(invoice: &Invoice) -> Result<Figures, Broken> {
    let all = lines_then_allowances(invoice);
    let mut nets = vec![Money::ZERO; all.len()];
    for sum in &invoice.taxes {
        let own: Vec<(usize, Money)> = (0..)
            .zip(&all)
            .filter(|(_, (tax, _))| *tax == sum.tax)
            .map(|(at, (_, amount))| (at, *amount))
            .collect();
        let amounts: Vec<Money> = own.iter().map(|(_, amount)| *amount).collect();
        let parts = match invoice.prices {
            Prices::Net if Money::sum(amounts.iter().copied())? == sum.net => amounts,
            Prices::Gross
                if Money::sum(amounts.iter().copied())? == sum.net.plus(sum.amount)? =>
            {
                nets_of(&amounts, sum.tax, sum.net)?
            }
            _ => return Err(Broken::BrS08),
        };
        for ((at, _), part) in own.iter().zip(parts) {
            if let Some(net) = nets.get_mut(*at) {
                *net = part;
            }
        }
    }
    let (lines, allowances) =
        nets.split_at_checked(invoice.lines.len()).ok_or(Broken::OutOfRange)?;
    let allowances: Vec<Money> = allowances.iter().map(|net| net.negated()).collect();
    let line_sum = Money::sum(lines.iter().copied())?;
    let allowance_sum = Money::sum(allowances.iter().copied())?;
    let net = line_sum.minus(allowance_sum)?;
    let tax = Money::sum(invoice.taxes.iter().map(|sum| sum.amount))?;
    let total = net.plus(tax)?;
    let payable = total.minus(invoice.prepaid)?.plus(invoice.rounding)?;
    let lines = lines.to_vec();
    Ok(Figures { lines, allowances, line_sum, allowance_sum, net, tax, total, payable })
}

/// How each is taxed and what it adds; allowances take off.
fn lines_then_allowances(invoice: &Invoice) -> Vec<(Tax, Money)> {
    let lines = invoice.lines.iter().map(|line| (line.tax, line.amount));
    let allowances = invoice.allowances.iter().map(|one| (one.tax, one.amount.negated()));
    lines.chain(allowances).collect()
}

/// Gross amounts of one rate without their tax, summing to `net` exactly.
fn nets_of(gross: &[Money], tax: Tax, net: Money) -> Result<Vec<Money>, Broken> {
    let divisor = i128::from(tax.rate().basis_points()).saturating_add(10_000);
    let mut parts = Vec::with_capacity(gross.len());
    let mut given = Money::ZERO;
    for amount in gross {
        let exact = i128::from(amount.minor()).saturating_mul(10_000);
        let cut = exact.checked_div_euclid(divisor).ok_or(Broken::OutOfRange)?;
        let rest = exact.checked_rem_euclid(divisor).ok_or(Broken::OutOfRange)?;
        let cut = Money::new(i64::try_from(cut).map_err(|_| Broken::OutOfRange)?);
        given = given.plus(cut)?;
        parts.push((cut, rest));
    }
    let missing = usize::try_from(net.minus(given)?.minor()).map_err(|_| Broken::BrS08)?;
    if missing > parts.len() {
        return Err(Broken::BrS08);
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(parts.get(*at).map_or(0, |part| part.1)));
    for at in order.into_iter().take(missing) {
        if let Some((part, _)) = parts.get_mut(at) {
            *part = part.plus(Money::new(1))?;
        }
    }
    Ok(parts.into_iter().map(|(part, _)| part).collect())
}

/// A line's quantity and price (BT-129, BT-146, BT-149), so that `quantity · price ÷ per` is its net exactly. A price is
/// never below nothing (BR-27); the quantity carries the sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Thousandths of the unit.
    pub quantity: i64,
    /// Without tax.
    pub price: Money,
    /// What the price is for, thousandths of the unit.
    pub per: i64,
}

/// The price of a line whose net is `net`.
#[must_use]
pub fn price(line: &Line, net: Money) -> Price {
    let thousandths = match line.quantity.thousandths().saturating_abs() {
        // Nothing has no price: one of it.
        0 => 1_000,
        quantity => quantity,
    };
    let amount = Money::new(net.minor().saturating_abs());
    let quantity = if net.is_negative() { thousandths.saturating_neg() } else { thousandths };
    let pieces = thousandths.checked_div(1_000).filter(|n| n.saturating_mul(1_000) == thousandths);
    let each = pieces.and_then(|pieces| {
        let each = amount.minor().checked_div(pieces)?;
        (each.checked_mul(pieces)? == amount.minor()).then_some(each)
    });
    match each {
        Some(each) => Price { quantity, price: Money::new(each), per: 1_000 },
        None => Price { quantity, price: amount, per: thousandths },
    }
}

/// The receipt's sums of gross amounts by way of taxing, in the order in which they first come: for callers that have no
/// sums of their own.
pub fn sums_of_gross(lines: &[Line]) -> Result<Vec<super::TaxSum>, MoneyError> {
    let mut sums: Vec<(Tax, Money)> = Vec::new();
    for line in lines {
        match sums.iter_mut().find(|(tax, _)| *tax == line.tax) {
            Some((_, gross)) => *gross = gross.plus(line.amount)?,
            None => sums.push((line.tax, line.amount)),
        }
    }
    sums.into_iter()
        .map(|(tax, gross)| {
            let taxed = tax_from_gross(gross, tax.rate())?;
            Ok(super::TaxSum { tax, net: taxed.net(), amount: taxed.tax() })
        })
        .collect()
}
