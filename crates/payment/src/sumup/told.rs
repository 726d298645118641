//! What SumUp says, in the words of [`crate::driver`].

use super::words::{Card, Event, Refused, Standing, Transaction, read};
use super::{ID_MAX, Sumup};
use crate::clean;
use crate::driver::{Approved, Ask, Entry, Said, Why};
use crate::meaning::{Meaning, unclear};
use nexo::amount::digits_of;

/// Most characters of a name.
const TEXT_MAX: usize = 80;
/// Cards as people know them.
const CARDS: [(&str, &str); 10] = [
    ("visa", "Visa"),
    ("visa_electron", "Visa Electron"),
    ("visa_vpay", "V PAY"),
    ("vpay", "V PAY"),
    ("mastercard", "Mastercard"),
    ("maestro", "Maestro"),
    ("amex", "American Express"),
    ("diners", "Diners Club"),
    ("jcb", "JCB"),
    ("girocard", "girocard"),
];

/// Why a request was refused, a stable code; none when that is not certain. `409` is the caller's to
/// understand.
pub(super) fn refused(status: u16, body: &[u8]) -> Option<&'static str> {
    match status {
        400 => Some("protocol_error"),
        401 | 403 => Some("wrong_key"),
        404 => Some("not_registered"),
        422 => {
            let why = read::<Refused>(body).and_then(|refused| refused.errors.kind);
            Some(match why.as_deref() {
                Some("READER_BUSY") => "busy",
                Some("READER_OFFLINE") => "not_ready",
                _ => "function_impossible",
            })
        }
        429 => Some("busy"),
        _ => None,
    }
}

/// The name that a payment was given, and what SumUp calls it once that is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) foreign: &'a str,
    pub(super) client: Option<&'a str>,
}

impl Names<'_> {
    /// Whether a payment bears these names: at least one of them, and no other.
    fn fit(&self, said: &Transaction) -> bool {
        let foreign = said.foreign_transaction_id.as_deref().filter(|name| !name.is_empty());
        let client = said.client_transaction_id.as_deref().filter(|_| self.client.is_some());
        (foreign.is_some() || client.is_some())
            && foreign.is_none_or(|name| name == self.foreign)
            && client.is_none_or(|name| Some(name) == self.client)
    }
}

impl Sumup {
    /// What became of a payment; none while it is not over. `cancelled`: somebody at the till wanted to give
    /// up.
    pub(super) fn paid(
        &self,
        ask: &Ask,
        names: Names<'_>,
        said: &Transaction,
        cancelled: bool,
    ) -> Option<Meaning> {
        if !self.is_merchants(said) {
            return Some(Meaning::Unclear(Why::TerminalDiffers, "other_merchant"));
        }
        if !names.fit(said) {
            return Some(unclear("other_sale"));
        }
        Some(match said.status {
            Standing::Pending => return None,
            Standing::Successful if refunded(said, self.digits_of(said)) == Some(0) => {
                self.booked(ask, said)
            }
            // Somebody gave it back elsewhere: that is for a person.
            Standing::Successful | Standing::Refunded => unclear("refunded"),
            Standing::Cancelled if !cancelled => Meaning::No(given_up("customer")),
            Standing::Cancelled | Standing::Failed if cancelled => Meaning::No(given_up("cashier")),
            Standing::Cancelled | Standing::Failed => {
                // SumUp does not say whether bank, card or customer.
                Meaning::No(Said::Declined { code: "unknown", text: None })
            }
            Standing::Other => unclear("unreadable"),
        })
    }

    /// Whether it belongs to this merchant, as far as it says.
    pub(super) fn is_merchants(&self, said: &Transaction) -> bool {
        said.merchant_code.as_deref().is_none_or(|code| code == &*self.merchant)
    }

    fn digits_of(&self, said: &Transaction) -> u8 {
        if said.currency == *self.currency { self.digits } else { digits_of(&said.currency) }
    }

    fn booked(&self, ask: &Ask, said: &Transaction) -> Meaning {
        let digits = self.digits_of(said);
        let all = said.amount.minor(digits).ok();
        let tip = said.tip_amount.as_ref().map_or(Some(0), |tip| tip.minor(digits).ok());
        let Some((all, tip)) = all.zip(tip) else { return unclear("no_amount") };
        // The tip is a part of the whole.
        let Some(amount) = all.checked_sub(tip).filter(|amount| *amount >= 0) else {
            return unclear("no_amount");
        };
        let Some(id) = identifier(&said.id) else { return unclear("no_number") };
        let last4 = |card: &Card| card.last_4_digits.as_ref()?.0.digits().map(str::to_owned);
        let card = said.card.as_ref();
        let approved = Approved {
            amount,
            tip,
            currency: clean::text(&said.currency, 3).unwrap_or_default(),
            tid: Some(self.reader.to_string()),
            receipt: Some(id),
            trace: said.transaction_code.as_deref().and_then(identifier),
            scheme: card.and_then(|card| scheme(card.kind.as_deref()?)),
            last4: card.and_then(last4),
            entry: said.entry_mode.as_deref().and_then(entry),
            authorisation: said.auth_code.as_deref().and_then(|code| clean::text(code, TEXT_MAX)),
            ..Approved::default()
        };
        let misfit = if said.currency != *self.currency {
            Some((Why::CurrencyDiffers, "other_currency"))
        } else {
            (amount != ask.amount).then_some((Why::AmountDiffers, "other_amount"))
        };
        Meaning::Yes(Box::new(approved), misfit)
    }

    /// A payment of which money can be given back, and how much already was, minor units: all that it came to,
    /// and the sum; or why it cannot be told, a stable code.
    pub(super) fn given_back(
        &self,
        id: &str,
        said: &Transaction,
    ) -> Result<(i64, i64), &'static str> {
        if !self.is_merchants(said) || said.id != id {
            return Err("bad_reference");
        }
        if said.currency != *self.currency {
            return Err("wrong_currency");
        }
        if !matches!(said.status, Standing::Successful | Standing::Refunded) {
            return Err("bad_reference");
        }
        let all = said.amount.minor(self.digits).map_err(|_| "protocol_error")?;
        let back = refunded(said, self.digits).ok_or("protocol_error")?;
        Ok((all, back))
    }

    /// Money that was given back.
    pub(super) fn gave_back(&self, ask: &Ask, id: &str) -> Box<Approved> {
        Box::new(Approved {
            amount: ask.amount,
            currency: self.currency.to_string(),
            tid: Some(self.reader.to_string()),
            receipt: Some(id.to_owned()),
            ..Approved::default()
        })
    }
}

/// How much was given back of a payment, minor units. What is still on its way counts; what failed does not.
fn refunded(said: &Transaction, digits: u8) -> Option<i64> {
    let is_refund = |event: &&Event| {
        event.event_type.as_deref() == Some("REFUND") && event.status.as_deref() != Some("FAILED")
    };
    let events = said.transaction_events.iter().flatten().filter(is_refund);
    let amounts = events.map(|event| event.amount.as_ref()?.minor(digits).ok());
    amounts.into_iter().try_fold(0_i64, |sum, amount| sum.checked_add(amount?))
}

pub(super) const fn given_up(code: &'static str) -> Said {
    Said::Cancelled { code }
}

/// What names a transaction; what is nothing but a card's number is not taken.
pub(super) fn identifier(text: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte);
    let is_number = !text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let fits = (1..=ID_MAX).contains(&text.len()) && text.bytes().all(plain);
    (fits && !(is_number && clean::holds_card_number(text))).then(|| text.to_owned())
}

fn scheme(kind: &str) -> Option<String> {
    let known = CARDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(kind));
    known.map(|(_, name)| (*name).to_owned()).or_else(|| clean::text(kind, TEXT_MAX))
}

fn entry(mode: &str) -> Option<Entry> {
    let mode = mode.to_ascii_lowercase();
    match mode.as_str() {
        "chip" => Some(Entry::Chip),
        "contactless"
        | "contactless_magstripe"
        | "contactless magstripe"
        | "apple_pay"
        | "google_pay" => Some(Entry::Contactless),
        "magstripe" | "magstripe_fallback" | "magstripe fallback" => Some(Entry::Stripe),
        "manual_entry" | "manual entry" | "moto" => Some(Entry::Manual),
        _ => None,
    }
}

/// What a reader is at, a stable code for the screen.
pub(super) fn at(state: &str) -> &'static str {
    match state {
        "WAITING_FOR_CARD" => "insert_card",
        "WAITING_FOR_PIN" => "see_pin_pad",
        "WAITING_FOR_SIGNATURE" => "see_text",
        "SELECTING_TIP" => "choose_tip",
        _ => "please_wait",
    }
}

/// Whether a reader waits for a customer, and could be told to stop.
pub(super) fn waits(state: &str) -> bool {
    state.starts_with("WAITING_FOR_") || state == "SELECTING_TIP"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_is_told_apart_from_what_is_not_known() {
        let busy = br#"{"errors":{"detail":"There is a pending checkout.","type":"READER_BUSY"}}"#;
        let fields = br#"{"errors":{"total_amount":["must be greater than 0"]}}"#;
        let cases: [(u16, &[u8], Option<&str>); 9] = [
            (422, busy, Some("busy")),
            (422, fields, Some("function_impossible")),
            (422, b"nonsense", Some("function_impossible")),
            (401, b"", Some("wrong_key")),
            (429, b"", Some("busy")),
            (408, b"", None),
            (409, b"", None),
            (500, busy, None),
            (302, b"", None),
        ];
        for (status, body, code) in cases {
            assert_eq!(refused(status, body), code, "{status}");
        }
    }
}
