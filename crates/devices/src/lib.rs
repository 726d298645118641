//! The things on the counter, over the network, USB or a serial line, and simulators that speak their real protocols.
//!
//! What always holds: a print answers in three values, and *unknown* is never taken for *no*; a job is written to a
//! printer only after the printer has said that it can print.

pub mod cash_machine;
pub mod fuzz;
pub mod hid;
mod job;
pub mod label_printer;
pub mod line;
mod picture;
pub mod printer;
pub mod scale;
pub mod search;
pub mod simulator;
pub mod usb;
mod web;

pub use job::{drawer_job, job_bytes, job_ops};
