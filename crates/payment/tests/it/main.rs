//! Card terminals against the simulator: over TCP, and over a line that can break anywhere.

mod adyen;
mod clean;
mod days;
mod faults;
mod guard;
mod kit;
mod operations;
mod outcomes;
mod page;
mod pinned;
mod privacy;
mod records;
mod scripted;
mod serial;
mod service;
mod sumup;
mod waiting;
