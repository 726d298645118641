//! What the terminal has stored, and the answers that it writes.

use ::nexo::amount::Decimal;
use ::nexo::message::{
    AcquirerData, AmountsResp, CardData, Last4, OutputContent, OutputText, PaymentInstrumentData,
    PaymentReceipt, PaymentResponse, PaymentResult, PoiData, Reason, Response, ReversalResponse,
    SaleData, TransactionId,
};
use ::nexo::wire::Answer;
use ::nexo::words::{Condition, Document, EntryMode, Outcome, PaymentType};
use ::zvt::terminal::TIP;

use crate::simulator::Entry;
use crate::simulator::bent::{TEST_PAN, TEST_TRACK_2};

/// A transaction that the terminal has stored.
pub(super) struct Record {
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) time: String,
    /// A tip in it.
    pub(super) amount: i64,
    pub(super) settled: bool,
}

impl Record {
    pub(super) fn entry(&self) -> Entry {
        Entry {
            kind: self.kind,
            receipt: self.id.clone(),
            trace: self.time.clone(),
            amount: self.amount,
            card: (self.kind != "reversal").then(|| "visa".to_owned()),
            last4: (self.kind != "reversal").then(|| "4771".to_owned()),
            settled: self.settled,
        }
    }

    fn poi_data(&self) -> PoiData {
        let (transaction_id, time_stamp) = (self.id.clone(), self.time.clone());
        PoiData { transaction: TransactionId { transaction_id, time_stamp } }
    }
}

/// That it failed, and why.
pub(super) const fn failure(condition: Condition, reason: Option<String>) -> Response {
    Response { result: Outcome::Failure, error_condition: Some(condition), reason: Reason(reason) }
}

pub(super) const fn success() -> Response {
    Response { result: Outcome::Success, error_condition: None, reason: Reason(None) }
}

/// The answer to a payment that failed.
pub(super) const fn unpaid(response: Response, sale: Option<SaleData>) -> PaymentResponse {
    PaymentResponse {
        response,
        sale_data: sale,
        poi_data: None,
        payment_result: None,
        payment_receipt: Vec::new(),
    }
}

/// What was booked, and the tip in it.
pub(super) struct Booked<'a> {
    pub(super) currency: &'a str,
    pub(super) amount: &'a Decimal,
    pub(super) tip: Option<Decimal>,
}

/// The answer to a payment that is stored.
pub(super) fn paid(
    record: &Record,
    sale: &SaleData,
    Booked { currency, amount, tip }: Booked<'_>,
    entry: EntryMode,
) -> PaymentResponse {
    let refund = record.kind == "refund";
    let card = CardData {
        payment_brand: Some("visa".to_owned()),
        last4: Last4::of("4771"),
        entry_mode: vec![entry],
    };
    let total = format!("name=TOTAL&value={currency}%20{}&key=totalAmount", amount.text());
    let gratuity =
        tip.as_ref().map(|tip| format!("name=TIP&value={currency}%20{}&key=gratuity", tip.text()));
    let receipt = |document_qualifier, title: &str| {
        let mut output_text = vec![
            line(&format!("name={title}&key=header")),
            line("key=filler"),
            line("name=Card&value=%2A%2A%2A%2A%2A%2A%2A%2A%2A%2A%2A%2A4771&key=pan"),
        ];
        output_text.extend(gratuity.as_deref().map(line));
        output_text.push(line(&total));
        PaymentReceipt {
            document_qualifier,
            required_signature_flag: false,
            output_content: OutputContent { output_text },
        }
    };
    PaymentResponse {
        response: success(),
        sale_data: Some(sale.clone()),
        poi_data: Some(record.poi_data()),
        payment_result: Some(PaymentResult {
            payment_type: if refund { PaymentType::Refund } else { PaymentType::Normal },
            payment_instrument_data: Some(PaymentInstrumentData { card_data: Some(card) }),
            amounts_resp: Some(AmountsResp {
                currency: Some(currency.to_owned()),
                authorized_amount: amount.clone(),
                tip_amount: tip,
                cash_back_amount: None,
            }),
            payment_acquirer_data: Some(AcquirerData { approval_code: Some("123456".to_owned()) }),
        }),
        payment_receipt: vec![
            receipt(Document::CashierReceipt, "MERCHANT%20COPY"),
            receipt(Document::CustomerReceipt, "CARDHOLDER%20COPY"),
        ],
    }
}

fn line(text: &str) -> OutputText {
    OutputText { text: text.to_owned(), end_of_line_flag: true }
}

/// The answer to a reversal.
pub(super) fn reversed(
    response: Response,
    stored: Option<(&Record, &PoiData, Decimal)>,
) -> ReversalResponse {
    ReversalResponse {
        response,
        poi_data: stored.as_ref().map(|(record, ..)| record.poi_data()),
        original: stored.as_ref().map(|(_, original, _)| (*original).clone()),
        reversed_amount: stored.map(|(.., amount)| amount),
        payment_receipt: Vec::new(),
    }
}

/// Ten times the amount, in an answer that says one.
pub(super) fn tenfold(said: &mut Answer, digits: u8) {
    let amount = match said {
        Answer::Payment(paid) => {
            let amounts = paid.payment_result.as_mut().and_then(|r| r.amounts_resp.as_mut());
            amounts.map(|amounts| &mut amounts.authorized_amount)
        }
        Answer::Reversal(reversed) => reversed.reversed_amount.as_mut(),
        Answer::TransactionStatus(_) | Answer::Diagnosis(_) => None,
    };
    let Some(amount) = amount else { return };
    let minor = amount.minor(digits).unwrap_or_default();
    if let Ok(more) = Decimal::of_minor(minor.saturating_mul(10), digits) {
        *amount = more;
    }
}

/// One unit more of it as a tip, in an answer to a payment.
pub(super) fn tipped(said: &mut Answer, digits: u8) {
    if let Answer::Payment(paid) = said
        && let Some(result) = &mut paid.payment_result
        && let Some(amounts) = &mut result.amounts_resp
    {
        let tip = amounts.tip_amount.as_ref().and_then(|tip| tip.minor(digits).ok());
        amounts.tip_amount = Decimal::of_minor(tip.unwrap_or(0).saturating_add(TIP), digits).ok();
    }
}

/// The same amount in another currency, in an answer that names one.
pub(super) fn in_francs(said: &mut Answer) {
    if let Answer::Payment(paid) = said
        && let Some(result) = &mut paid.payment_result
        && let Some(amounts) = &mut result.amounts_resp
    {
        amounts.currency = Some("CHF".to_owned());
    }
}

/// A whole card number in every text of an answer.
pub(super) fn leak(said: &mut Answer) {
    let body = match said {
        Answer::TransactionStatus(status) => status
            .repeated_message_response
            .as_mut()
            .and_then(|r| r.repeated_response_message_body.payment_response.as_mut()),
        Answer::Payment(paid) => Some(paid),
        Answer::Reversal(_) | Answer::Diagnosis(_) => None,
    };
    let Some(paid) = body else { return };
    for receipt in &mut paid.payment_receipt {
        receipt.output_content.output_text.push(line(&format!("name=PAN&value={TEST_PAN}")));
        receipt.output_content.output_text.push(line(&format!("name=%3B{TEST_TRACK_2}%3F")));
    }
    if let Some(result) = &mut paid.payment_result {
        let card = result.payment_instrument_data.as_mut().and_then(|i| i.card_data.as_mut());
        if let Some(card) = card {
            card.payment_brand = Some(format!("visa {TEST_PAN}"));
        }
        let approval_code = Some(TEST_PAN.to_owned());
        result.payment_acquirer_data = Some(AcquirerData { approval_code });
    }
}

/// Another first letter of a field of an envelope.
pub(super) fn spoil(body: &mut [u8], field: &str) {
    let opening = format!("\"{field}\":\"");
    let found = body.windows(opening.len()).position(|text| text == opening.as_bytes());
    if let Some(letter) = found.and_then(|at| body.get_mut(at + opening.len())) {
        *letter = if *letter == b'A' { b'B' } else { b'A' };
    }
}
