//! The forms that a country's law wants of a till, one module a country that has some; adding one changes no other.
//!
//! Bytes and figures in, bytes and findings out. *Absent:* I/O, the clock, randomness, keys of its own, rules of the shop
//! and arithmetic with money beyond the sums that a form asks for: what is exported was computed when it was sold.
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

pub mod at;
pub mod de;
pub mod einvoice;
