//! Germany: KassenSichV and its signing units (TSE), DSFinV-K.

pub mod datev;
pub mod dsfinvk;
pub mod tax_keys;
pub mod tse;
