//! Limits of everything that comes in: the first guard.

use money::Quantity;

use crate::cash::CashPurpose;
use crate::command::TillCommand;
use crate::refusal::Refusal;

/// Largest quantity: 99,999.999.
pub const MAX_QUANTITY: i64 = 99_999_999;
/// Largest amount of a line, a price or a cash movement: 10⁹ minor units.
pub const MAX_LINE_AMOUNT: i64 = 1_000_000_000;
/// Most lines of a basket.
pub const MAX_LINES: usize = 1_000;
/// Longest free text, characters.
pub const MAX_TEXT: usize = 200;
/// Longest name, characters.
pub const MAX_NAME: usize = 120;
/// Most change that is given: a scanned code in the cash field is not money.
pub const MAX_CASH_CHANGE: i64 = 100_000;

/// A usable text: not empty, not too long, no control or direction characters.
pub(crate) fn text(field: &str, text: &str, longest: usize) -> Result<(), Refusal> {
    let usable = !text.trim().is_empty() && text.chars().count() <= longest && clean(text);
    if !usable {
        return Err(Refusal::BadText { field: field.to_owned() });
    }
    no_card(field, text)
}

/// Fields whose texts are numbers of other things, which may look like a card's.
const CODES: [&str; 7] =
    ["code", "number", "serial", "seal", "approval", "peripheral_at", "printer"];

/// No data of payment cards: neither a stripe, wherever it was typed or swiped, nor a card's number in a
/// text of people's own (PCI DSS 3.2.1, 3.3.1).
fn no_card(field: &str, text: &str) -> Result<(), Refusal> {
    if gs1::holds_stripe(text) {
        return Err(Refusal::CardData);
    }
    if !CODES.contains(&field) && gs1::holds_card_number(text) {
        return Err(Refusal::CardNumber { field: field.to_owned() });
    }
    Ok(())
}

/// Like [`text`], but may be empty.
pub(crate) fn optional_text(field: &str, content: &str, longest: usize) -> Result<(), Refusal> {
    if content.is_empty() { Ok(()) } else { text(field, content, longest) }
}

/// No control characters, and none that turn the direction of writing or break lines.
pub(crate) fn clean(text: &str) -> bool {
    text.chars().all(clean_char)
}

/// See [`clean`].
pub(crate) fn clean_char(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !c.is_control() && !turns && !matches!(c, '\u{2028}' | '\u{2029}')
}

/// Pairs of hexadecimal digits of a certificate's hash, with or without colons between them.
pub(crate) fn is_fingerprint(text: &str) -> bool {
    let digits = text.bytes().filter(|byte| *byte != b':');
    text.len() <= 95
        && text.bytes().all(|b| b == b':' || b.is_ascii_hexdigit())
        && digits.count() == 64
}

/// A quantity that is not nothing and not too much, either sign.
pub(crate) fn quantity(quantity: Quantity) -> Result<(), Refusal> {
    let usable = !quantity.is_zero() && quantity.abs().thousandths() <= MAX_QUANTITY;
    if usable { Ok(()) } else { Err(out("quantity")) }
}

/// A quantity above nothing.
pub(crate) fn positive(amount: Quantity) -> Result<(), Refusal> {
    if amount.is_negative() { Err(out("quantity")) } else { quantity(amount) }
}

/// An amount between nothing and the largest.
pub(crate) fn amount(field: &str, amount: money::Money) -> Result<(), Refusal> {
    if (0..=MAX_LINE_AMOUNT).contains(&amount.minor()) { Ok(()) } else { Err(out(field)) }
}

/// The refusal for a field that is outside its limits.
pub(crate) fn out(field: &str) -> Refusal {
    Refusal::OutOfLimits { field: field.to_owned() }
}

/// Checks what can be checked of a command without knowing anything else.
pub(crate) fn check(command: &TillCommand) -> Result<(), Refusal> {
    use TillCommand as C;
    match command {
        C::OpenDay { float } => amount("float", float.amount),
        C::Scan { quantity, price, .. } | C::AddItem { quantity, price, .. } => {
            quantity.map_or(Ok(()), positive)?;
            price.map_or(Ok(()), |p| amount("price", p.amount))
        }
        C::SellUnknown { code, price, quantity, name, .. } => {
            code.as_deref().map_or(Ok(()), |c| text("code", c, MAX_NAME))?;
            name.as_deref().map_or(Ok(()), |n| text("name", n, MAX_NAME))?;
            quantity.map_or(Ok(()), positive)?;
            amount("price", price.amount)
        }
        C::ChangeQuantity { quantity, .. } => positive(*quantity),
        C::DiscountLine { reason, discount, .. } | C::DiscountReceipt { reason, discount } => {
            text("reason", reason, MAX_TEXT)?;
            match discount {
                crate::command::DiscountValue::Percent { basis_points } => {
                    if (1..=10_000).contains(basis_points) { Ok(()) } else { Err(out("discount")) }
                }
                crate::command::DiscountValue::Amount { amount: off } => {
                    if off.amount.is_positive() {
                        amount("discount", off.amount)
                    } else {
                        Err(out("discount"))
                    }
                }
            }
        }
        C::OverridePrice { price, reason, .. } => {
            text("reason", reason, MAX_TEXT)?;
            amount("price", price.amount)
        }
        C::Note { text: note, .. } => optional_text("note", note, MAX_TEXT),
        C::ConfirmAge { age } => {
            if *age <= 120 {
                Ok(())
            } else {
                Err(out("age"))
            }
        }
        C::AbortBasket { reason } => {
            reason.as_deref().map_or(Ok(()), |r| text("reason", r, MAX_TEXT))
        }
        C::Park { name } => name.as_deref().map_or(Ok(()), |n| text("name", n, MAX_TEXT)),
        C::ReturnLine { quantity, .. } => quantity.map_or(Ok(()), positive),
        C::ReturnWithoutReceipt { quantity, price, reason, .. } => {
            text("reason", reason, MAX_TEXT)?;
            quantity.map_or(Ok(()), positive)?;
            price.map_or(Ok(()), |p| amount("price", p.amount))
        }
        C::PayOnAccount { amount: part, .. }
        | C::SettleAccount { amount: part, .. }
        | C::PayOutCredit { amount: part, .. } => {
            part.map_or(Ok(()), |p| amount("amount", p.amount))
        }
        C::PayCash { tendered } => tendered.map_or(Ok(()), |t| amount("tendered", t.amount)),
        C::PaidIn { purpose: Some(CashPurpose::Wages), .. } => Err(out("purpose")),
        C::PaidIn { amount: cash, reason, .. }
        | C::PaidOut { amount: cash, reason, .. }
        | C::Drop { amount: cash, reason }
        | C::CollectCash { amount: cash, reason } => {
            text("reason", reason, MAX_TEXT)?;
            if cash.amount.is_positive() {
                amount("amount", cash.amount)
            } else {
                Err(out("amount"))
            }
        }
        C::PayForeignCash { tendered } => {
            if tendered.amount.is_positive() {
                amount("tendered", tendered.amount)
            } else {
                Err(Refusal::BadTender)
            }
        }
        C::ConfirmTransfer { reason, .. } | C::EndReservation { reason, .. } => {
            text("reason", reason, MAX_TEXT)
        }
        C::Reserve { amount: wanted, note, .. } => {
            optional_text("note", note, MAX_TEXT)?;
            if wanted.amount.is_positive() {
                amount("amount", wanted.amount)
            } else {
                Err(out("amount"))
            }
        }
        C::NoSale { reason } | C::GiveBenefit { reason, .. } => text("reason", reason, MAX_TEXT),
        C::CountDrawer { pieces, foreign } => {
            let usable = pieces.len() <= 100
                && foreign.len() <= 20
                && foreign.iter().all(|sum| amount("foreign", sum.amount).is_ok())
                && pieces
                    .iter()
                    .all(|p| p.value > 0 && p.value <= MAX_LINE_AMOUNT && p.pieces <= 100_000);
            if usable { Ok(()) } else { Err(out("pieces")) }
        }
        _ => Ok(()),
    }
}
