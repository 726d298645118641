//! One binary for every test of this crate.

mod at;
mod ch;
mod datev;
mod einvoice;
mod judges;
