//! The languages of checkout scales, without any I/O, and the part of the till that the law of measuring looks at: bytes in, a
//! weighing or the reason why there is none out.
//!
//! What always holds: where the scale computes the price, its price, its weight and its tare are passed on **word for word**
//! and never computed again; what differs from what was asked is no weighing. A load is weighed once: the next weighing
//! needs another load. No weight leaves this room before it is a weighing, so that no screen can show one that still moves.
//!
//! This room stands alone: it uses no other, its [`VERSION`] and its [`HASH`] go with every weighing, and a test holds both
//! against each other. Whoever changes a file here gives it a new version.
//!
//! Absent: sockets and serial ports, the clock, randomness (a parameter), the secret numbers of a maker (a parameter, never
//! written here), what is sold, and any price but the scale's.
//!
//! Sources: the service manuals of scales with Checkout-Dialog (OHAUS), Mettler's 8217 as other makers document it, MT-SICS
//! by Mettler's reference; exchanges recorded with a simulator of somebody else's. Tested with simulators only, and not
//! examined by any notified body.
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

mod bytes;
pub mod dialog;
pub mod fuzz;
mod keys;
pub mod mettler8217;
mod session;
pub mod sics;
mod weighing;

pub use keys::{Keys, check_words};
pub use session::{Memory, Scale, Session, Step};
pub use weighing::{Fault, Goods, Protocol, State, Weighing};

/// The version of this room. It goes up with every change, and stands with every weighing.
pub const VERSION: &str = "1.0.0";

/// SHA-256 over the sources of this room, 64 hexadecimal digits, computed when it is built.
pub const HASH: &str = env!("SCALE_PART_HASH");
