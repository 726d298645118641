//! ZVT, the language between a till (ECR) and a card terminal (PT), without any I/O: bytes in, messages
//! out; a command in, bytes, timers and an ending out.
//!
//! What always holds: an outcome is acknowledged **only after the caller said that it is stored**, since
//! that acknowledgement is what makes the terminal keep the payment. What is neither a clear yes nor a
//! clear no ends as *unknown* and is found out by [`recovery`], never by asking for the money again.
//! Card data is not kept: of a card number at most the last four digits enter a type ([`value::MaskedPan`]);
//! tracks and check values are skipped unread, and no `Debug` shows the bytes of a packet.
//!
//! Both sides speak through the same codec: [`session`] is the till's, [`terminal`] the terminal's for the
//! simulator. Absent: sockets, serial ports, the clock, texts for people (codes only, see [`codes`]).
//!
//! Sources: the ZVT protocol PA00P015 revision 13.08 and PA00P016 revision 04, the "Präzisierungen" of an
//! Austrian acquirer, and recorded traffic of real terminals. Conformant against the simulator and these
//! recordings; not certified with any acquirer.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::float_arithmetic,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::panic
    )
)]

pub mod apdu;
pub mod bcd;
pub mod bmp;
pub mod codes;
pub mod command;
pub mod fuzz;
mod iso8859;
pub mod known;
pub mod message;
pub mod recovery;
pub mod serial;
pub mod serial_link;
pub mod session;
pub mod status;
pub mod terminal;
pub mod text;
pub mod tlv;
pub mod value;
