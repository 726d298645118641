//! The store's tests: customers' accounts, a shop's story over the API, faults of file and disk, tampering, backups,
//! replaying, searching.

mod accounts;
mod audits;
mod backup;
mod disk;
mod faults;
mod kit;
mod messages;
mod papers;
mod personal;
mod replay;
mod search;
mod story;
mod tamper;
mod tidy;
mod transfers;
