//! Labels for shelves and goods: what stands where, once; drawn as marks that a PDF, a picture ([`svg`]) and a label printer
//! ([`zpl`]) take alike. Pure: no I/O, no clock, no floats.
//!
//! What always holds: no text becomes a command of a printer; a price is never cut, and nothing is cut without saying so; a code
//! stands as bars that read as that code, or not at all. *Absent:* computing of prices, and in which words they are said.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::float_arithmetic,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::panic
    )
)]

mod bars;
pub mod fuzz;
mod layout;
mod size;
pub mod svg;
pub mod zpl;

pub use bars::Bars;
pub use layout::{Laid, Mark, Measure, lay_out};
pub use size::{LABEL_SIZES, SHEETS, Sheet, Size, place};

/// Widths of a bar that is drawn by no printer's dots, widest first, micrometres: 100 %, 90 % and 80 % of the nominal (GS1 General
/// Specifications 5.2.6.1), and what a Code 128 may still be.
pub const FINE_MODULES: &[u32] = &[330, 297, 264, 220, 190];

/// What stands on a label, all of it text already.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    /// The name of the goods.
    pub name: String,
    /// What one costs: `1,99 €`.
    pub price: String,
    /// For how much that is, behind it and smaller: `/ kg`; empty for a piece.
    pub per: String,
    /// The unit price: `1 kg = 3,98 €`; empty where there is none.
    pub unit_price: String,
    /// What else belongs to the price, a line each: the content, the deposit, the tax that comes on top.
    pub facts: Vec<String>,
    /// What is small: the item number, from when the price is valid.
    pub small: Vec<String>,
    /// Its code; empty where it has none.
    pub code: String,
}
