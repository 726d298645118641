//! What a terminal says, in the words of [`crate::driver`].

use ::nexo::amount::{Decimal, digits_of};
use ::nexo::message::{
    PaymentReceipt, PaymentResponse, PaymentResult, PoiData, Response, ReversalResponse,
};
use ::nexo::words::{Condition, Document, EntryMode, GlobalStatus, Outcome, PaymentType};

use super::{Adyen, Order};
use crate::clean;
use crate::driver::{Approved, Entry, Purpose, Said, Slips, Why};
use crate::meaning::{Meaning, unclear};

/// Most characters of a name or a text.
const TEXT_MAX: usize = 80;
/// Most characters of a line on paper, and most lines.
const LINE_MAX: usize = 60;
const LINES_MAX: usize = 300;
/// Most characters of what names a transaction.
const ID_MAX: usize = 80;
/// Brands as people know them.
const BRANDS: [(&str, &str); 8] = [
    ("mc", "Mastercard"),
    ("visa", "Visa"),
    ("maestro", "Maestro"),
    ("vpay", "V PAY"),
    ("amex", "American Express"),
    ("diners", "Diners Club"),
    ("jcb", "JCB"),
    ("girocard", "girocard"),
];

/// How an answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// At once. `cancelled`: somebody at the till wanted to give up.
    AtOnce { cancelled: bool },
    /// Repeated, when it was asked what became of the message.
    Again,
}

impl Adyen {
    /// The answer to a payment or a refund.
    pub(super) fn paid(&self, order: &Order, said: &PaymentResponse, heard: Heard) -> Meaning {
        let sale = said.sale_data.as_ref().map(|sale| sale.transaction.transaction_id.as_str());
        if sale.is_some_and(|sale| sale != order.ask.key) {
            return unclear("other_sale");
        }
        let partial = match said.response.result {
            Outcome::Success => false,
            Outcome::Partial => true,
            Outcome::Failure => return no(&said.response, heard),
            Outcome::Other => return unclear("unreadable"),
        };
        let Some(result) = &said.payment_result else { return unclear("no_amount") };
        let wanted = match order.purpose {
            Purpose::Refund => PaymentType::Refund,
            _ => PaymentType::Normal,
        };
        if result.payment_type != wanted {
            return unclear("other_kind");
        }
        self.booked(order, said, result, partial)
    }

    fn booked(
        &self,
        order: &Order,
        said: &PaymentResponse,
        result: &PaymentResult,
        partial: bool,
    ) -> Meaning {
        let Some(amounts) = &result.amounts_resp else { return unclear("no_amount") };
        let currency = amounts.currency.clone().unwrap_or_else(|| self.currency.clone());
        let same = currency == self.currency;
        let digits = if same { self.digits } else { digits_of(&currency) };
        let read = |amount: &Decimal| amount.minor(digits).ok();
        let optional = |amount: &Option<Decimal>| amount.as_ref().map_or(Some(0), read);
        let all = read(&amounts.authorized_amount);
        let parts = optional(&amounts.tip_amount).zip(optional(&amounts.cash_back_amount));
        let Some((all, (tip, cashback))) = all.zip(parts) else { return unclear("no_amount") };
        // All of it was authorised; the tip is a part of that.
        let Some(amount) = all.checked_sub(tip).filter(|amount| *amount >= 0) else {
            return unclear("no_amount");
        };
        if cashback > 0 {
            // Nobody asked for it, and the drawer would lack it. It is not recorded as what was booked: the
            // rest of it may be the very amount that was asked for.
            return Meaning::Unclear(Why::AmountDiffers, "cashback");
        }
        let card = result.payment_instrument_data.as_ref().and_then(|i| i.card_data.as_ref());
        let code = result.payment_acquirer_data.as_ref().and_then(|a| a.approval_code.as_ref());
        let approved = Approved {
            amount,
            tip,
            currency: clean::text(&currency, 3).unwrap_or_default(),
            partial,
            scheme: card.and_then(|card| brand(card.payment_brand.as_deref()?)),
            last4: card.and_then(|card| card.last4.digits()).map(str::to_owned),
            entry: card.and_then(|card| card.entry_mode.iter().find_map(|mode| entry(*mode))),
            authorisation: code.and_then(|code| clean::text(code, ID_MAX)),
            ..self.named(said.poi_data.as_ref(), &said.payment_receipt)
        };
        let asked = order.ask.amount;
        let fits = if partial { (1..asked).contains(&amount) } else { amount == asked };
        let misfit = if !same {
            Some((Why::CurrencyDiffers, "other_currency"))
        } else if !fits {
            Some((Why::AmountDiffers, "other_amount"))
        } else {
            None
        };
        Meaning::Yes(Box::new(approved), misfit)
    }

    /// The answer to a reversal. Without an amount it is that of the payment.
    pub(super) fn reversed(&self, order: &Order, said: &ReversalResponse, heard: Heard) -> Meaning {
        match said.response.result {
            Outcome::Success => {}
            // It is asked for whole.
            Outcome::Partial => return Meaning::Unclear(Why::AmountDiffers, "other_amount"),
            Outcome::Failure => return no(&said.response, heard),
            Outcome::Other => return unclear("unreadable"),
        }
        if let (Purpose::Reversal(asked), Some(done)) = (&order.purpose, &said.original)
            && asked.receipt != done.transaction.transaction_id
        {
            return unclear("other_payment");
        }
        let amount = match &said.reversed_amount {
            None => order.ask.amount,
            Some(amount) => match amount.minor(self.digits) {
                Ok(amount) => amount,
                Err(_) => return unclear("no_amount"),
            },
        };
        let approved = Approved {
            amount,
            currency: self.currency.clone(),
            ..self.named(said.poi_data.as_ref(), &said.payment_receipt)
        };
        let misfit = (amount != order.ask.amount).then_some((Why::AmountDiffers, "other_amount"));
        Meaning::Yes(Box::new(approved), misfit)
    }

    /// What names a transaction, and what is to be printed for it.
    fn named(&self, poi: Option<&PoiData>, receipts: &[PaymentReceipt]) -> Approved {
        let transaction = poi.map(|poi| &poi.transaction);
        let lines = |whose: Document| {
            let of = receipts.iter().filter(|receipt| receipt.document_qualifier == whose);
            let lines = of.flat_map(PaymentReceipt::lines);
            lines.take(LINES_MAX).map(|line| clean::line(&line, LINE_MAX)).collect()
        };
        Approved {
            tid: Some(self.poi_id.clone()),
            receipt: transaction.and_then(|t| identifier(&t.transaction_id)),
            trace: transaction.and_then(|t| identifier(&t.time_stamp)),
            signature: receipts.iter().any(|receipt| receipt.required_signature_flag),
            slips: Slips {
                customer: lines(Document::CustomerReceipt),
                merchant: lines(Document::CashierReceipt),
            },
            ..Approved::default()
        }
    }
}

/// What names a transaction. It is needed to the letter, so nothing in it can be hidden; but what is nothing
/// but a card's number is not taken.
fn identifier(text: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:+-".contains(&byte);
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (1..=ID_MAX).contains(&text.len()) && text.bytes().all(plain);
    (fits && !(is_number && clean::holds_card_number(text))).then(|| text.to_owned())
}

fn brand(code: &str) -> Option<String> {
    let known = BRANDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(code));
    known.map(|(_, name)| (*name).to_owned()).or_else(|| clean::text(code, TEXT_MAX))
}

const fn entry(mode: EntryMode) -> Option<Entry> {
    match mode {
        EntryMode::Chip | EntryMode::SynchronousICC => Some(Entry::Chip),
        EntryMode::Contactless | EntryMode::Tapped => Some(Entry::Contactless),
        EntryMode::MagStripe => Some(Entry::Stripe),
        EntryMode::Keyed | EntryMode::Manual => Some(Entry::Manual),
        EntryMode::Other => None,
    }
}

/// A service that failed. Without a reason that is known here it is not taken for a no: the terminal is asked
/// again, and what it repeats then is its last word.
fn no(said: &Response, heard: Heard) -> Meaning {
    let cancelled = heard == Heard::AtOnce { cancelled: true };
    let text = said.reason.0.as_deref().and_then(|reason| clean::text(reason, TEXT_MAX));
    let declined = |code| Meaning::No(Said::Declined { code, text: text.clone() });
    let given_up = |code| Meaning::No(Said::Cancelled { code });
    use Condition as C;
    match said.error_condition {
        // It may still become a yes.
        Some(C::InProgress) => Meaning::Unclear(Why::NoAnswer, "in_progress"),
        Some(C::Aborted | C::Cancel) if cancelled => given_up("cashier"),
        Some(C::Aborted | C::Cancel) => given_up("customer"),
        Some(C::Busy) => given_up("busy"),
        Some(C::LoggedOut) => given_up("not_registered"),
        Some(C::DeviceOut | C::UnavailableDevice) => given_up("not_ready"),
        Some(C::Refusal) => declined("declined_by_host"),
        Some(C::WrongPIN) => declined("wrong_pin"),
        Some(C::InvalidCard) => declined("card_unknown"),
        Some(C::PaymentRestriction) => declined("payment_method_unsupported"),
        Some(C::InsertedCard) => declined("card_inserted"),
        Some(C::UnreachableHost) => declined("no_connection"),
        Some(C::NotFound) => declined("bad_reference"),
        Some(C::MessageFormat) => declined("protocol_error"),
        Some(C::NotAllowed | C::UnavailableService) => declined("function_impossible"),
        Some(C::Other) | None if heard == Heard::Again => declined("unknown"),
        Some(C::Other) | None => unclear("no_reason"),
    }
}

/// What is in the way of asking for money, a stable code.
pub(super) const fn in_the_way(status: GlobalStatus) -> Option<&'static str> {
    match status {
        GlobalStatus::Busy => Some("busy"),
        GlobalStatus::Maintenance | GlobalStatus::Unreachable => Some("not_ready"),
        GlobalStatus::OK | GlobalStatus::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_transactions_are_kept_to_the_letter() {
        for text in ["4r7i001557325515012.8815573255107661", "2019-05-08T14:25:15.000Z"] {
            assert_eq!(identifier(text).as_deref(), Some(text));
        }
        for text in ["", "a b", "<b>", "4111111111111111", &"x".repeat(81)] {
            assert_eq!(identifier(text), None, "{text}");
        }
    }
}
