//! Germany: KassenSichV and its signing units (TSE), DSFinV-K.

pub mod datev;
pub mod dsfinvk;
pub mod tse;
