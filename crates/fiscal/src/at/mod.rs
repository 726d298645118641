//! Austria: the Registrierkassensicherheitsverordnung (RKSV).
//!
//! Every receipt carries a machine-readable code that is signed, chained to the receipt before it and holds the sum of
//! all turnover so far, enciphered. [`Register`] decides what the next code is, [`dep`] writes them for the tax office,
//! [`verify`] reads them as the tax office does. Source: RKSV (BGBl. II 410/2015) with its annex "Detailspezifikation".

pub mod card;
pub mod certificate;
pub mod code;
pub mod counter;
pub mod dep;
pub mod due;
pub mod fuzz;
pub mod jws;
pub mod rates;
pub mod register;
pub mod stretch;
pub mod verify;

pub use card::{NotSigned, PublicKey, Signer, SoftwareCard};
pub use code::{Code, Provider, Sums, Unit, Unreadable};
pub use counter::{AesKey, Counter};
pub use due::{Due, Month};
pub use jws::{Jws, Signature};
pub use register::{Ask, Carried, Draft, Issued, Kind, Refusal, Register};
