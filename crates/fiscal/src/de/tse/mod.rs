//! Signing units (TSE): what a till gives them to sign, what they write, and whether it is true.
//!
//! [`process_data`] is the text that is signed, [`log`] the messages that units keep, [`qr`] the code on a
//! receipt, [`tar`] the export for the tax office; both are verified with nothing but their own bytes.
//! [`software`] is a unit for training and tests. It is **not certified** and says so wherever it can.
//!
//! Signed bytes are taken as they were written, never written anew. *Absent:* sockets, files, the clock, the
//! conversation with each maker's unit.
//!
//! Sources: TR-03151-1, TR-03153-1, TR-03111, DSFinV-K 2.4 (Anhang I), and public exports of seven makers.

pub mod certificate;
pub mod file_name;
pub mod fuzz;
pub mod key;
pub mod log;
pub mod process_data;
pub mod qr;
pub mod signature;
pub mod software;
pub mod tar;
pub mod time;
pub mod tlv;
pub mod ustar;

pub use key::{Curve, KeyFault, PrivateKey, PublicKey, SerialNumber};
pub use log::{LogContent, LogFault, LogMessage, Operation, Record, Transaction, Version};
pub use process_data::{
    Kassenbeleg, OrderLine, Payment, ProcessData, ProcessType, ReceiptKind, TaxSlot, TaxSlots,
};
pub use qr::{CodeFault, ReceiptCode};
pub use signature::{SignatureAlgorithm, SignatureFault};
pub use software::{NOT_CERTIFIED, Setup, Signed, SoftwareUnit, UnitFault, UnitInfo};
pub use time::{LogTime, TimeFormat};
