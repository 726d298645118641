//! Figures of receipts, in the order that tests write them down in.

use domain::basket::Line;
use domain::receipt::Receipt;

/// Tax rows as (key, rate, net, tax, gross).
pub(crate) fn tax(receipt: &Receipt) -> Vec<(u16, u32, i64, i64, i64)> {
    receipt
        .tax
        .iter()
        .map(|r| (r.key, r.rate.basis_points(), r.net.minor(), r.tax.minor(), r.gross.minor()))
        .collect()
}

/// What the lines come to after discounts.
pub(crate) fn line_totals(lines: &[Line]) -> Vec<i64> {
    lines.iter().map(|line| line.total().minor()).collect()
}
