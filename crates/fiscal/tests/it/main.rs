//! One binary for every test of this crate.

mod at;
mod datev;
mod dsfinvk;
mod dsfinvk_validator;
mod einvoice;
mod judges;
mod tse_fuzz;
mod tse_kit;
mod tse_log;
mod tse_process_data;
mod tse_qr;
mod tse_tar;
mod tse_unit;
