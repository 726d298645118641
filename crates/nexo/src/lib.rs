//! nexo Retailer, the language between a till and a card terminal as JSON, in the words that Adyen's
//! terminals use (Terminal API, local), without any I/O: messages, amounts, and the sealed envelope.
//!
//! What always holds: amounts are read and written digit by digit and never pass through binary fractions;
//! an envelope is opened whole or not at all, and does not tell by which of its checks it failed; what is
//! read is bounded in length, what is not known in it is passed over, and nothing in it makes a reader
//! panic. Card data is not kept: of a card's number at most the last four digits enter a type
//! ([`message::Last4`]), and of the free text beside an answer only the reason of a refusal.
//!
//! Nonces, numbers of messages and times are parameters. Absent: HTTP, TLS, the clock, randomness, what
//! follows upon what (the driver's), texts for people.
//!
//! Sources: Adyen's documentation and OpenAPI document of the Terminal API, and a published sealed message.
//! Conformant against the simulator and these; not certified.
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

pub mod amount;
pub mod envelope;
pub mod fuzz;
pub mod message;
pub mod wire;
pub mod words;

/// Longest message, bytes: what is longer is not read.
pub const LONGEST: usize = 256 * 1024;
