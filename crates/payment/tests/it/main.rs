//! Card terminals against the simulator: over TCP, and over a line that can break anywhere.

mod adyen;
mod clean;
mod days;
mod faults;
mod kit;
mod operations;
mod outcomes;
mod page;
mod privacy;
mod scripted;
mod waiting;
