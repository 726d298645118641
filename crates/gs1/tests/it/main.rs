//! What scans mean: table tests named as sentences, properties, and the published vectors.

mod codes;
mod in_store;
mod properties;
mod scans;
mod symbols;
mod vectors;
mod wire;
