//! ESC/POS, the language of receipt printers, without any I/O: operations in, bytes out; bytes in, operations and
//! status out.
//!
//! What always holds: **only [`encode`] makes bytes below 0x20**. A control character in a text becomes `?`, so no name
//! of an item can open the drawer or cut the paper. Codepage numbers are data of the printer's [`Profile`], never
//! constants of the encoder, because makers number them differently.
//!
//! Sources: Epson's public command manuals (TM-T88III, TM-L60II, TM-U220 for the status bytes), checked against three
//! independent generators; printer facts from escpos-printer-db (CC BY 4.0).
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::as_conversions
)]

mod codepage;
mod decode;
mod encode;
mod profile;
mod status;

pub use codepage::Codepage;
pub use decode::{BarcodeKind, DecodedOp, Decoder, decode};
pub use encode::{Align, Op, Raster, code128_fits, encode};
pub use profile::{Cut, Profile};
pub use status::{NotAStatus, PaperAnswer, Problem, Query, Status};
