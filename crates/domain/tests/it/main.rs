//! The shop's rules through commands: decide, apply, and what a record would keep.

mod abuse;
mod attempts;
mod baskets;
mod catalogue;
mod day;
mod discounts;
mod examples;
mod guards;
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
mod vouchers;
mod world;
