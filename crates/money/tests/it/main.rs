//! Tests of money as a whole: the examples of the design, other programs' rounding bugs, properties.

mod examples;
mod exchange;
mod others_bugs;
mod properties;
mod signs;

use money::{Money, Quantity, Rate};

fn m(minor: i64) -> Money {
    Money::new(minor)
}

fn q(thousandths: i64) -> Quantity {
    Quantity::new(thousandths)
}

fn rate(basis_points: u32) -> Rate {
    Rate::new(basis_points)
}

fn minor(parts: &[Money]) -> Vec<i64> {
    parts.iter().map(|part| part.minor()).collect()
}

/// (net, tax) of a gross sum.
fn from_gross(gross: i64, basis_points: u32) -> (i64, i64) {
    let taxed = money::tax_from_gross(m(gross), rate(basis_points)).unwrap();
    assert_eq!(taxed.gross().minor(), gross, "the gross sum is never touched");
    (taxed.net().minor(), taxed.tax().minor())
}

/// (tax, gross) of a net sum.
fn from_net(net: i64, basis_points: u32) -> (i64, i64) {
    let taxed = money::tax_from_net(m(net), rate(basis_points)).unwrap();
    assert_eq!(taxed.net().minor(), net, "the net sum is never touched");
    (taxed.tax().minor(), taxed.gross().minor())
}
