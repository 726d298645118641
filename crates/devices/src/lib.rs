//! The things on the counter: printer and drawer over TCP, and a simulator that speaks their real protocol.
//!
//! What always holds: a print answers in three values, and *unknown* is never taken for *no*; a job is written to a
//! printer only after the printer has said that it can print.

mod job;
pub mod line;
pub mod printer;
pub mod simulator;
pub mod usb;

pub use job::{drawer_job, job_bytes, job_ops};
