//! A whole message: its header and the one body that its category says.

use serde::{Deserialize, Serialize};

use crate::LONGEST;
use crate::message::{
    AbortRequest, DiagnosisRequest, DiagnosisResponse, Header, PaymentRequest, PaymentResponse,
    ReversalRequest, ReversalResponse, TransactionStatusRequest, TransactionStatusResponse,
};
use crate::words::{Category, Kind};

/// Why bytes are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Longer than [`LONGEST`].
    #[error("a message that is too long")]
    TooLong,
    /// Not JSON of this form.
    #[error("not a message of this protocol")]
    Form,
    /// Its header says another thing than its body.
    #[error("a message whose header and body differ")]
    Body,
}

/// What is asked of a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Money from or to a card.
    Payment(PaymentRequest),
    /// Taking back a payment.
    Reversal(ReversalRequest),
    /// Giving up.
    Abort(AbortRequest),
    /// What became of a message.
    TransactionStatus(TransactionStatusRequest),
    /// How it is.
    Diagnosis(DiagnosisRequest),
}

impl Ask {
    /// What it is about.
    #[must_use]
    pub const fn category(&self) -> Category {
        match self {
            Self::Payment(_) => Category::Payment,
            Self::Reversal(_) => Category::Reversal,
            Self::Abort(_) => Category::Abort,
            Self::TransactionStatus(_) => Category::TransactionStatus,
            Self::Diagnosis(_) => Category::Diagnosis,
        }
    }
}

/// What a terminal answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To a payment.
    Payment(PaymentResponse),
    /// To a reversal.
    Reversal(ReversalResponse),
    /// To the question what became of a message.
    TransactionStatus(Box<TransactionStatusResponse>),
    /// To the question how it is.
    Diagnosis(DiagnosisResponse),
}

impl Answer {
    /// What it is about.
    #[must_use]
    pub const fn category(&self) -> Category {
        match self {
            Self::Payment(_) => Category::Payment,
            Self::Reversal(_) => Category::Reversal,
            Self::TransactionStatus(_) => Category::TransactionStatus,
            Self::Diagnosis(_) => Category::Diagnosis,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct RequestWire {
    #[serde(rename = "SaleToPOIRequest")]
    message: RequestBody,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RequestBody {
    message_header: Header,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payment_request: Option<PaymentRequest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reversal_request: Option<ReversalRequest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    abort_request: Option<AbortRequest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    transaction_status_request: Option<TransactionStatusRequest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    diagnosis_request: Option<DiagnosisRequest>,
}

#[derive(Serialize, Deserialize)]
struct ResponseWire {
    #[serde(rename = "SaleToPOIResponse")]
    message: ResponseBody,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResponseBody {
    message_header: Header,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payment_response: Option<PaymentResponse>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reversal_response: Option<ReversalResponse>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    transaction_status_response: Option<TransactionStatusResponse>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    diagnosis_response: Option<DiagnosisResponse>,
}

/// Writes a request. The header's category must be the body's.
///
/// # Errors
/// [`Unreadable::Body`] when they differ: nobody could read it.
pub fn write_request(header: &Header, ask: &Ask) -> Result<Vec<u8>, Unreadable> {
    if header.message_category != ask.category() || header.message_type != Kind::Request {
        return Err(Unreadable::Body);
    }
    let mut body = RequestBody {
        message_header: header.clone(),
        payment_request: None,
        reversal_request: None,
        abort_request: None,
        transaction_status_request: None,
        diagnosis_request: None,
    };
    match ask.clone() {
        Ask::Payment(payment) => body.payment_request = Some(payment),
        Ask::Reversal(reversal) => body.reversal_request = Some(reversal),
        Ask::Abort(abort) => body.abort_request = Some(abort),
        Ask::TransactionStatus(status) => body.transaction_status_request = Some(status),
        Ask::Diagnosis(diagnosis) => body.diagnosis_request = Some(diagnosis),
    }
    serde_json::to_vec(&RequestWire { message: body }).map_err(|_| Unreadable::Form)
}

/// Reads a request.
///
/// # Errors
/// When it is none, or its header says another thing than its body.
pub fn read_request(bytes: &[u8]) -> Result<(Header, Ask), Unreadable> {
    let RequestWire { message } = read(bytes)?;
    let mut bodies = message
        .payment_request
        .map(Ask::Payment)
        .into_iter()
        .chain(message.reversal_request.map(Ask::Reversal))
        .chain(message.abort_request.map(Ask::Abort))
        .chain(message.transaction_status_request.map(Ask::TransactionStatus))
        .chain(message.diagnosis_request.map(Ask::Diagnosis));
    let ask = bodies.next().ok_or(Unreadable::Body)?;
    let header = message.message_header;
    let fits = header.message_category == ask.category() && header.message_type == Kind::Request;
    if !fits || bodies.next().is_some() {
        return Err(Unreadable::Body);
    }
    Ok((header, ask))
}

/// Writes an answer. The header's category must be the body's.
///
/// # Errors
/// [`Unreadable::Body`] when they differ: nobody could read it.
pub fn write_response(header: &Header, answer: &Answer) -> Result<Vec<u8>, Unreadable> {
    if header.message_category != answer.category() || header.message_type != Kind::Response {
        return Err(Unreadable::Body);
    }
    let mut body = ResponseBody {
        message_header: header.clone(),
        payment_response: None,
        reversal_response: None,
        transaction_status_response: None,
        diagnosis_response: None,
    };
    match answer.clone() {
        Answer::Payment(payment) => body.payment_response = Some(payment),
        Answer::Reversal(reversal) => body.reversal_response = Some(reversal),
        Answer::TransactionStatus(status) => body.transaction_status_response = Some(*status),
        Answer::Diagnosis(diagnosis) => body.diagnosis_response = Some(diagnosis),
    }
    serde_json::to_vec(&ResponseWire { message: body }).map_err(|_| Unreadable::Form)
}

/// Reads an answer.
///
/// # Errors
/// When it is none, or its header says another thing than its body.
pub fn read_response(bytes: &[u8]) -> Result<(Header, Answer), Unreadable> {
    let ResponseWire { message } = read(bytes)?;
    let mut bodies = message
        .payment_response
        .map(Answer::Payment)
        .into_iter()
        .chain(message.reversal_response.map(Answer::Reversal))
        .chain(
            message
                .transaction_status_response
                .map(|status| Answer::TransactionStatus(Box::new(status))),
        )
        .chain(message.diagnosis_response.map(Answer::Diagnosis));
    let answer = bodies.next().ok_or(Unreadable::Body)?;
    let header = message.message_header;
    let fits =
        header.message_category == answer.category() && header.message_type == Kind::Response;
    if !fits || bodies.next().is_some() {
        return Err(Unreadable::Body);
    }
    Ok((header, answer))
}

/// What the cloud says instead of a terminal: something happened to the question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Event {
    /// `Reject`, `Shutdown`, …
    pub event_to_notify: String,
}

#[derive(Deserialize)]
struct EventWire {
    #[serde(rename = "SaleToPOIRequest")]
    message: EventBody,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EventBody {
    event_notification: Event,
}

/// Reads what the cloud says instead of a terminal.
///
/// # Errors
/// When it is nothing of that kind.
pub fn read_event(bytes: &[u8]) -> Result<Event, Unreadable> {
    read::<EventWire>(bytes).map(|wire| wire.message.event_notification)
}

fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Unreadable> {
    if bytes.len() > LONGEST {
        return Err(Unreadable::TooLong);
    }
    serde_json::from_slice(bytes).map_err(|_| Unreadable::Form)
}
