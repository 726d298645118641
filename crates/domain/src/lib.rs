//! The shop's rules: items, prices, baskets, tenders, the till day, the drawer, people and rights.
//!
//! [`decide()`] is pure and says what happens; [`State::apply`] cannot fail. There is no
//! I/O, no clock, no randomness and no float here (invariants 3 and 6).
#![forbid(unsafe_code)]
#![deny(
    clippy::float_arithmetic,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod account;
pub mod amount;
mod apply;
pub mod audit;
pub mod bank;
pub mod basket;
pub mod books;
pub mod cash;
pub mod catalogue;
pub mod command;
pub mod content;
pub mod country;
pub mod coupon;
pub mod day;
pub mod decide;
pub mod device;
pub mod digital;
pub mod event;
pub mod facts;
pub mod foreign;
pub mod goods;
pub mod ids;
pub mod label_printer;
pub mod line_tax;
pub mod notification;
pub mod payment;
pub mod people;
pub mod peripheral;
pub mod receipt;
pub mod refund;
pub mod refusal;
pub mod reservation;
pub mod retention;
pub mod revision;
pub mod rksv;
pub mod settings;
pub mod signing;
pub mod state;
pub mod terminal_day;
mod till;
pub mod tip;
pub mod totals;
pub mod transfer;
pub mod unit_watch;
pub mod voucher;
pub mod weighing;

pub use amount::Amount;
pub use command::{Command, ShopCommand, TillCommand};
pub use decide::{Context, decide};
pub use event::Event;
pub use facts::{Facts, LookupFault, Stop};
pub use ids::*;
pub use people::{Allowance, NameDigest, Permission, Person, Role};
pub use refusal::Refusal;
pub use settings::Settings;
pub use state::{Part, State};
pub use voucher::VoucherHash;
