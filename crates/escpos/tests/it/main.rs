//! Tests of the ESC/POS encoder, decoder and status tables.

mod decoding;
mod encoding;
mod pole;
mod star;
mod status;
