//! The shapes of the API: what comes in, what goes out, and the document that describes them.
//!
//! What comes in refuses unknown fields; what goes out is only ever built here and in
//! [`crate::view`], never a stored type with fields nobody meant to show.

pub mod audit;
pub mod books;
pub mod cash_machines;
pub mod catalogue;
pub mod command;
pub mod coupons;
pub mod customers;
pub mod days;
pub mod devices;
pub mod digital;
pub mod display;
pub mod foreign;
pub mod goods;
pub mod labels;
pub mod lamps;
pub mod openapi;
pub mod outbox;
pub mod payments;
pub mod people;
pub mod peripherals;
pub mod receipts;
pub mod record;
pub mod reservations;
pub mod rksv;
pub mod session;
pub mod setup;
pub mod signing;
pub mod stock;
pub mod terminal_days;
pub mod today;
pub mod transfers;
pub mod view;
pub mod vouchers;
pub mod weighing;

pub use view::{CommandAnswer, Problem, TillView};
