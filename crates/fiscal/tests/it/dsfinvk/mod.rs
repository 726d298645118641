//! DSFinV-K: what the exporter writes, and what the checker says of it.

mod export;
mod package;
mod schema;
mod shop;
