//! Germany: KassenSichV and its signing units (TSE), DSFinV-K.

pub mod dsfinvk;
pub mod tse;
