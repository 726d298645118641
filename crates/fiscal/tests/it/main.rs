//! One binary for every test of this crate.

mod tse_kit;
mod tse_process_data;
mod tse_qr;
