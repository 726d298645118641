//! Splitting an amount so that the parts sum to it exactly.

use crate::{Money, MoneyError};

/// Splits `total` over `weights` in proportion: each part is cut towards zero, the rest goes one
/// minor unit at a time to the largest remainders, ties to the earlier part.
///
/// The parts sum to `total` exactly. Weights may not be of mixed sign; negative weights count by
/// their magnitude. Errs when all weights are zero while `total` is not.
pub fn allocate(total: Money, weights: &[Money]) -> Result<Vec<Money>, MoneyError> {
    if total.is_zero() {
        return Ok(vec![Money::ZERO; weights.len()]);
    }
    let sum: u128 = weights.iter().map(|w| u128::from(w.minor().unsigned_abs())).sum();
    if sum == 0 {
        return Err(MoneyError::NothingToDivide);
    }
    let magnitude = u128::from(total.minor().unsigned_abs());
    let mut parts = Vec::with_capacity(weights.len());
    let mut given: u128 = 0;
    for weight in weights {
        let product = magnitude
            .checked_mul(u128::from(weight.minor().unsigned_abs()))
            .ok_or(MoneyError::OutOfRange)?;
        let share = product.checked_div(sum).ok_or(MoneyError::NothingToDivide)?;
        let remainder = product.checked_rem(sum).ok_or(MoneyError::NothingToDivide)?;
        given = given.checked_add(share).ok_or(MoneyError::OutOfRange)?;
        parts.push((share, remainder));
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    // A stable sort keeps the earlier part first among equal remainders.
    order.sort_by_key(|&at| std::cmp::Reverse(parts.get(at).map_or(0, |part| part.1)));
    let rest = magnitude.saturating_sub(given);
    let rest = usize::try_from(rest).map_err(|_| MoneyError::OutOfRange)?;
    for &at in order.iter().take(rest) {
        if let Some(part) = parts.get_mut(at) {
            part.0 = part.0.saturating_add(1);
        }
    }
    parts
        .into_iter()
        .map(|(share, _)| {
            let share = i64::try_from(share).map_err(|_| MoneyError::OutOfRange)?;
            let part = Money::new(share);
            Ok(if total.is_negative() { part.negated() } else { part })
        })
        .collect()
}
