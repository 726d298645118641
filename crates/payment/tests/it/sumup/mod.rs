//! SumUp's readers against the simulator: over TLS on loopback, and over a line that can break anywhere.

mod faults;
mod golden;
pub(crate) mod kit;
mod operations;
