//! Receipts without paper: their page by QR code, as PDF and as JSON, by mail and by text.
//!
//! All of it happens beside selling: a receipt is issued and answered first, then it is seen how the customer gets it. What goes out
//! answers in three values; addresses lie sealed and are dropped once they are not needed.
//!
//! *Absent:* the wire (`messages`), the forms of mail and gateways.

mod content;
mod handed;
mod letters;
mod outlet;
mod page;
mod paper;
mod runner;
mod secrets;
mod sender;
mod taxonomy;

pub use content::{Paperless, paperless};
pub(crate) use handed::note_handed_over;
pub use letters::mail_to;
pub use outlet::Outlet;
pub use page::{LINK_DAYS, gone_html, link_of, linked, page_html, page_view, read_id};
pub use paper::{Sheet, pdf};
pub use runner::{Pace, run, run_at};
pub(crate) use runner::{ensure_page, tell};
pub use secrets::keep_sms_secret;
pub(crate) use secrets::{masked, open_receiver, seal_receiver, secret_name, secrets_of_others};
pub use taxonomy::receipt_json;
