//! One binary for every test of this crate.

mod dsfinvk;
mod dsfinvk_validator;
