//! Receipts without paper: their page, what is sent of them, and how that stands.

use domain::{ReceiptNo, ReceiptRef, TillId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::transfers::QrView;

/// Whether a page can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageState {
    /// It can.
    Ready,
    /// It is on its way to the host.
    OnItsWay,
    /// It did not get there, and is not sent by itself any more.
    Failed,
}

/// The page of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReceiptPageView {
    /// Whether it can be opened.
    pub state: PageState,
    /// The code that leads there; none before it leads anywhere.
    pub qr: Option<QrView>,
    /// Until when it can be opened.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// The customer's display shows it.
    pub on_display: bool,
}

/// How a receipt can reach the customer beside paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaperlessWays {
    /// By its page.
    pub page: bool,
    /// By mail.
    pub mail: bool,
    /// By text.
    pub sms: bool,
}

/// Which receipt, of the till that asks or of another one.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptAsked {
    /// The till that issued it.
    pub till: TillId,
    /// Its number.
    pub number: ReceiptNo,
    /// The training receipt of that number.
    #[serde(default)]
    pub training: bool,
}

/// How a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageWay {
    /// By mail.
    Mail,
    /// By text.
    Sms,
    /// To the host of the pages; never asked for by people.
    Page,
}

/// Send a receipt.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendRequest {
    /// Which.
    pub receipt: ReceiptAsked,
    /// How.
    pub way: MessageWay,
    /// To whom: a mail address or a telephone number.
    pub to: String,
    /// The customer wants the address to be kept.
    #[serde(default)]
    pub keep: bool,
}

/// Try whether messages leave the shop.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestRequest {
    /// How.
    pub way: MessageWay,
    /// To whom.
    pub to: String,
}

/// What is shared with a server.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DigitalSecret {
    /// Whose: of the mail server, of the gateway, of the host of the pages.
    pub way: MessageWay,
    /// Password, key or token; empty forgets it.
    pub secret: String,
}

/// How a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// Not sent, or to be sent again.
    Waiting,
    /// Sent.
    Done,
    /// Nobody knows whether it was; a person settles it.
    Unknown,
    /// It was not, and is not sent again by itself.
    Failed,
}

/// A message. To whom it goes is not told: only the beginning, so that people recognise it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageRowView {
    /// Identity.
    pub id: i64,
    /// How it goes.
    pub way: MessageWay,
    /// The till that asked for it.
    pub till: Option<TillId>,
    /// The receipt; none for a test.
    pub receipt: Option<ReceiptRef>,
    /// The receipt as people say it.
    pub number: String,
    /// To whom, masked: `a…@example.org`, `…4567`; empty once that is not known any more.
    pub to: String,
    /// The address is kept because the customer wants so.
    pub keep: bool,
    /// State.
    pub state: MessageState,
    /// Stable code of what was said last.
    pub note: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Since.
    #[schema(value_type = String, format = DateTime)]
    pub created: Timestamp,
    /// When it is tried next, while it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next: Option<Timestamp>,
}

/// Receipts without paper in the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DigitalView {
    /// Whose secrets are known.
    pub secrets: PaperlessWays,
    /// Whose secrets have to be typed in again: they do not open any more.
    pub lost: PaperlessWays,
    /// Messages, what is not done first.
    pub messages: Vec<MessageRowView>,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleMessage {
    /// True: it arrived. False: send it again.
    pub done: bool,
}
