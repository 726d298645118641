//! DSFinV-K: what the exporter writes, and what the checker says of it.

mod export;
mod fuzzed;
mod mutations;
pub(crate) mod package;
mod schema;
pub(crate) mod shop;
mod signing;
