//! The languages of receipt printers (ESC/POS, Star's own, Epson's ePOS over HTTP), without any I/O: operations in, bytes out; bytes in,
//! operations and status out.
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
pub mod epos;
pub mod pole;
mod profile;
mod star;
mod star_decode;
mod status;

pub use codepage::Codepage;
pub use decode::{BarcodeKind, DecodedOp, Decoder, decode};
pub use encode::{Align, Op, Raster, code128_fits, encode};
pub use epos::EposAnswer;
pub use profile::{Cut, Language, Profile};
pub use star::{COUNT_WHEN_PRINTED, STATUS_REQUEST as STAR_STATUS_REQUEST, StarStatus};
pub use star_decode::StarDecoder;
pub use status::{AutoStatusFilter, NotAStatus, PaperAnswer, Problem, Query, Status};
