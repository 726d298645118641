//! Ways to take money without cash: drivers for card terminals, the line that carries them, and a
//! simulated terminal that speaks the real protocol.
//!
//! What always holds: a terminal is asked for money only after the caller has that on disk; what it says it
//! did is acknowledged only after the caller has *that* on disk; and what is neither a clear yes nor a clear
//! no is [`End::Unknown`], to be found out by [`Driver::query`] and never by asking for the money again.
//!
//! Plain figures cross this wall: minor units as `i64`, currencies as text (ISO 4217). Absent: the shop's
//! attempts and their rules, texts for people (stable codes only), the clock, and card numbers: of one at
//! most the last four digits get in, and what terminals write is searched for others ([`clean`]).
//!
//! Drivers conform to their protocol against simulators. None has been certified with an acquirer.

pub mod adyen;
pub mod clean;
pub mod driver;
pub mod fuzz;
pub mod https;
pub mod line;
mod meaning;
pub mod pin;
mod post;
pub mod serial;
pub mod simulator;
pub mod sumup;
pub mod tls;
pub mod zvt;

pub use driver::{Driver, End, Said};
pub use line::Ledger;
pub use post::Credential;
