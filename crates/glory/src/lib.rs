//! The language of Glory's machines that take and give cash (CI-5, CI-10, CI-20 …), without any I/O: bytes in, what is to be sent and
//! what became of a payment out.
//!
//! What always holds: what became of money is said in three values. What the machine's own figures do not prove is *unknown*, and
//! never "no"; money is asked for once, under one number, and after a break-off what the machine is and holds is looked at first.
//!
//! Absent: sockets, the clock, randomness (parameters), what is paid, and paying out without a payment, which the papers that this
//! follows do not describe.
//!
//! Sources: the messages as an open implementation for the same machines documents them (socket.io on port 3000, XML within).
//! Tested with a simulator only.
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

pub mod engine;
pub mod fuzz;
pub mod message;
pub mod session;
pub mod websocket;
