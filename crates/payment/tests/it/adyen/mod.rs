//! Adyen's terminals against the simulator: over TLS on loopback, and over a line that can break anywhere.

mod cloud;
mod faults;
pub(crate) mod kit;
mod operations;
mod scripted;
mod trust;
