//! The shop's rules through commands: decide, apply, and what a record would keep.

mod abuse;
mod attempts;
mod baskets;
mod catalogue;
mod counter;
mod day;
mod discounts;
mod edges;
mod examples;
mod guards;
mod labels;
mod office;
mod paying;
mod properties;
mod returning;
mod returning_shares;
mod returning_tax;
mod rights;
mod scans;
mod selling;
mod settings;
mod snapshots;
mod taken_back;
mod vouchers;
mod world;
mod written;
