//! Germany: KassenSichV and its signing units (TSE), DSFinV-K.

pub mod datev;
pub mod dsfinvk;
mod small_invoice;
pub mod tax_keys;
pub mod tse;

pub use small_invoice::small_invoice;
