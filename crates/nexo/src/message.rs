//! Messages as they are written and read. What is written is written exactly in this order; what is read may
//! hold anything else besides.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::amount::Decimal;
use crate::words::{
    Category, Class, Condition, Document, EntryMode, GlobalStatus, Kind, Outcome, PaymentType,
};

/// The version of the protocol that is spoken.
pub const PROTOCOL_VERSION: &str = "3.0";

/// Longest number of a message, characters.
pub const SERVICE_ID_MAX: usize = 10;

/// Who says what to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Header {
    /// Of the protocol.
    #[serde(default)]
    pub protocol_version: String,
    /// Whose matter.
    pub message_class: Class,
    /// About what.
    pub message_category: Category,
    /// Which way.
    pub message_type: Kind,
    /// The till.
    #[serde(rename = "SaleID")]
    pub sale_id: String,
    /// The message's number, [`SERVICE_ID_MAX`] characters at most; the answer has the same.
    #[serde(rename = "ServiceID", default)]
    pub service_id: String,
    /// The terminal: model and serial number.
    #[serde(rename = "POIID")]
    pub poi_id: String,
}

impl Header {
    /// Of a request to a terminal.
    #[must_use]
    pub fn request(category: Category, sale_id: &str, service_id: &str, poi_id: &str) -> Self {
        Self {
            protocol_version: PROTOCOL_VERSION.to_owned(),
            message_class: Class::Service,
            message_category: category,
            message_type: Kind::Request,
            sale_id: sale_id.to_owned(),
            service_id: service_id.to_owned(),
            poi_id: poi_id.to_owned(),
        }
    }

    /// Of the answer to it.
    #[must_use]
    pub fn answer(&self) -> Self {
        Self { message_type: Kind::Response, ..self.clone() }
    }
}

/// What identifies a transaction, on either side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TransactionId {
    /// Its number.
    #[serde(rename = "TransactionID")]
    pub transaction_id: String,
    /// When, ISO 8601.
    #[serde(default)]
    pub time_stamp: String,
}

/// Has the terminal ask for a tip, in [`SaleData::for_acquirer`].
pub const ASK_GRATUITY: &str = "tenderOption=AskGratuity";

/// What the till calls a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleData {
    /// Its number.
    #[serde(rename = "SaleTransactionID")]
    pub transaction: TransactionId,
    /// How it is to be carried out, as a form: [`ASK_GRATUITY`].
    #[serde(rename = "SaleToAcquirerData", default, skip_serializing_if = "Option::is_none")]
    pub for_acquirer: Option<String>,
}

impl SaleData {
    /// Whether the terminal is to ask for a tip.
    #[must_use]
    pub fn asks_gratuity(&self) -> bool {
        let pairs = self.for_acquirer.as_deref().unwrap_or_default().split('&');
        let options = pairs.filter_map(|pair| pair.strip_prefix("tenderOption="));
        options.flat_map(|options| options.split(',')).any(|option| option == "AskGratuity")
    }
}

/// What the terminal calls a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoiData {
    /// Its number.
    #[serde(rename = "POITransactionID")]
    pub transaction: TransactionId,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AmountsReq {
    /// ISO 4217, three letters.
    pub currency: String,
    /// Major units.
    pub requested_amount: Decimal,
}

/// What money is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PaymentTransaction {
    /// How much.
    pub amounts_req: AmountsReq,
}

/// What kind of payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PaymentData {
    /// The kind.
    #[serde(default)]
    pub payment_type: PaymentType,
}

/// Asks for money from or to a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PaymentRequest {
    /// What the till calls it.
    pub sale_data: SaleData,
    /// How much.
    pub payment_transaction: PaymentTransaction,
    /// Which kind; none is a payment from a card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_data: Option<PaymentData>,
}

/// Asks to take back a payment whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ReversalRequest {
    /// Which, as the terminal called it.
    #[serde(rename = "OriginalPOITransaction")]
    pub original: PoiData,
    /// Why: `MerchantCancel`.
    pub reversal_reason: String,
    /// What the till calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale_data: Option<SaleData>,
}

/// Which message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MessageReference {
    /// About what it was.
    pub message_category: Category,
    /// Who sent it.
    #[serde(rename = "SaleID")]
    pub sale_id: String,
    /// Its number.
    #[serde(rename = "ServiceID")]
    pub service_id: String,
}

/// Gives up what is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AbortRequest {
    /// Why: `MerchantAbort`.
    pub abort_reason: String,
    /// What.
    pub message_reference: MessageReference,
}

/// Asks what became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TransactionStatusRequest {
    /// With its receipts.
    #[serde(default)]
    pub receipt_reprint_flag: bool,
    /// Which receipts.
    #[serde(default)]
    pub document_qualifier: Vec<Document>,
    /// Which message.
    pub message_reference: MessageReference,
}

/// Asks how the terminal is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DiagnosisRequest {
    /// And whether it reaches its bank.
    #[serde(default)]
    pub host_diagnosis_flag: bool,
}

/// How a service ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Response {
    /// Whether it did.
    pub result: Outcome,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_condition: Option<Condition>,
    /// In the terminal's words.
    #[serde(rename = "AdditionalResponse", default, skip_serializing_if = "Reason::is_nothing")]
    pub reason: Reason,
}

/// Why something was refused, in words. What else stands beside an answer (a card's dates, its holder) is
/// not read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reason(pub Option<String>);

impl Reason {
    const fn is_nothing(&self) -> bool {
        self.0.is_none()
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reason = self.0.as_deref().unwrap_or_default();
        serializer.serialize_str(&format!("refusalReason={}", form_written(reason)))
    }
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let named = |name: &str| {
            text.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        };
        let reason = named("refusalReason").or_else(|| named("message")).map(form_read);
        Ok(Self(reason.filter(|reason| !reason.is_empty())))
    }
}

/// A value of a form, `%20` and `+` as spaces.
fn form_read(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let pair: Vec<u8> = rest.by_ref().take(2).collect();
                let hex = std::str::from_utf8(&pair).ok();
                let hex = hex.filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
                bytes.extend(hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()));
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn form_written(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match char::from(byte) {
            plain if plain.is_ascii_alphanumeric() => out.push(plain),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The last four digits of a card's number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Last4(Option<[u8; 4]>);

impl Last4 {
    /// Of a masked number: the four digits at its end. Nothing, if they are not four.
    #[must_use]
    pub fn of(masked: &str) -> Self {
        let end = masked.trim().as_bytes().last_chunk::<4>();
        Self(end.copied().filter(|digits| digits.iter().all(u8::is_ascii_digit)))
    }

    /// The digits.
    #[must_use]
    pub fn digits(&self) -> Option<&str> {
        self.0.as_ref().and_then(|digits| std::str::from_utf8(digits).ok())
    }

    const fn is_nothing(&self) -> bool {
        self.0.is_none()
    }
}

impl Serialize for Last4 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("************{}", self.digits().unwrap_or_default()))
    }
}

impl<'de> Deserialize<'de> for Last4 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::of(&String::deserialize(deserializer)?))
    }
}

/// What is told of a card.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CardData {
    /// `visa`, `mc`, `girocard`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_brand: Option<String>,
    /// The end of its number.
    #[serde(rename = "MaskedPan", default, skip_serializing_if = "Last4::is_nothing")]
    pub last4: Last4,
    /// How it was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry_mode: Vec<EntryMode>,
}

/// What was paid with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PaymentInstrumentData {
    /// A card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_data: Option<CardData>,
}

/// What was booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AmountsResp {
    /// ISO 4217, three letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Major units, all of it.
    pub authorized_amount: Decimal,
    /// The tip in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip_amount: Option<Decimal>,
    /// The cash in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_back_amount: Option<Decimal>,
}

/// What the acquirer says of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AcquirerData {
    /// The authorisation's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_code: Option<String>,
}

/// A payment as the terminal booked it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PaymentResult {
    /// The kind.
    #[serde(default)]
    pub payment_type: PaymentType,
    /// The card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_instrument_data: Option<PaymentInstrumentData>,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amounts_resp: Option<AmountsResp>,
    /// What the acquirer says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_acquirer_data: Option<AcquirerData>,
}

/// A piece of a receipt's text: `name=…&value=…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OutputText {
    /// The piece.
    #[serde(default)]
    pub text: String,
    /// The line ends after it.
    #[serde(default)]
    pub end_of_line_flag: bool,
}

/// What stands on a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OutputContent {
    /// Its pieces.
    #[serde(default)]
    pub output_text: Vec<OutputText>,
}

/// A receipt that the terminal wants printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PaymentReceipt {
    /// Whose.
    pub document_qualifier: Document,
    /// The customer signs it.
    #[serde(default)]
    pub required_signature_flag: bool,
    /// Its text.
    #[serde(default)]
    pub output_content: OutputContent,
}

impl PaymentReceipt {
    /// Its lines: each name with its value.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for piece in &self.output_content.output_text {
            for word in words_of(&piece.text) {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(&word);
            }
            if piece.end_of_line_flag {
                lines.push(std::mem::take(&mut line));
            }
        }
        lines.extend((!line.is_empty()).then_some(line));
        lines
    }
}

/// Name and value of a piece; all of it, where it has neither.
fn words_of(text: &str) -> Vec<String> {
    let known = |name: &str| {
        let found = text.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        found.map(form_read).filter(|word| !word.is_empty())
    };
    if text.split('&').all(|pair| pair.split_once('=').is_none()) {
        return vec![form_read(text)];
    }
    known("name").into_iter().chain(known("value")).collect()
}

/// The answer to [`PaymentRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PaymentResponse {
    /// How it ended.
    pub response: Response,
    /// What the till called it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale_data: Option<SaleData>,
    /// What the terminal calls it.
    #[serde(rename = "POIData", default, skip_serializing_if = "Option::is_none")]
    pub poi_data: Option<PoiData>,
    /// What was booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_result: Option<PaymentResult>,
    /// What to print.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payment_receipt: Vec<PaymentReceipt>,
}

/// The answer to [`ReversalRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ReversalResponse {
    /// How it ended.
    pub response: Response,
    /// What the terminal calls it.
    #[serde(rename = "POIData", default, skip_serializing_if = "Option::is_none")]
    pub poi_data: Option<PoiData>,
    /// What was taken back.
    #[serde(rename = "OriginalPOITransaction", default, skip_serializing_if = "Option::is_none")]
    pub original: Option<PoiData>,
    /// How much of it, major units; none is all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversed_amount: Option<Decimal>,
    /// What to print.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payment_receipt: Vec<PaymentReceipt>,
}

/// An answer that was given before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RepeatedMessageResponse {
    /// Its header.
    pub message_header: Header,
    /// What it said.
    pub repeated_response_message_body: RepeatedBody,
}

/// What an answer said that was given before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RepeatedBody {
    /// To a payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_response: Option<PaymentResponse>,
    /// To a reversal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversal_response: Option<ReversalResponse>,
}

/// The answer to [`TransactionStatusRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TransactionStatusResponse {
    /// Whether it can be told.
    pub response: Response,
    /// Which message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_reference: Option<MessageReference>,
    /// What was answered to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeated_message_response: Option<RepeatedMessageResponse>,
}

/// How the terminal is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PoiStatus {
    /// In one word.
    pub global_status: GlobalStatus,
}

/// Whether a bank can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct HostStatus {
    /// It can.
    #[serde(default = "yes")]
    pub is_reachable_flag: bool,
}

const fn yes() -> bool {
    true
}

/// The answer to [`DiagnosisRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DiagnosisResponse {
    /// Whether it can be told.
    pub response: Response,
    /// How the terminal is.
    #[serde(rename = "POIStatus", default, skip_serializing_if = "Option::is_none")]
    pub poi_status: Option<PoiStatus>,
    /// Which banks it reaches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub host_status: Vec<HostStatus>,
}
