//! Figures of receipts, short enough to be written down in a test.

use domain::basket::Line;
use domain::receipt::Receipt;
use domain::{Event, LineNo};

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

#[track_caller]
pub(crate) fn line_of(events: &[Event]) -> LineNo {
    let line = events.iter().find_map(|event| match event {
        Event::LineAdded { line, .. } | Event::LineChanged { line, .. } => Some(line.line),
        _ => None,
    });
    line.expect("a line")
}
