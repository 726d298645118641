//! What a terminal says, in the words of [`crate::driver`].

use ::zvt::bmp::Totals;
use ::zvt::codes::{Advice, ResultCode};
use ::zvt::known::{self, Doubt, Known};
use ::zvt::message::{Aborted, Completion};
use ::zvt::session::Ending;
use ::zvt::status::{StatusInformation, Technology, Verification, receipt_info};
use ::zvt::value::{Amount, Currency, MonthDay, ReceiptNo, TerminalId, TimeOfDay, Trace, Turnover};

use super::link::TEXT_MAX;
use crate::clean;
use crate::driver::{
    Approved, Before, CardTotal, DayTotals, Entry, Identity, Moment, Said, Slips, Why,
};

/// Most characters of a name or number.
const NAME_MAX: usize = 40;
/// ISO 4217, letters and number, of the countries where terminals speak ZVT.
const CURRENCIES: [(&str, u16); 10] = [
    ("EUR", 978),
    ("CHF", 756),
    ("CZK", 203),
    ("DKK", 208),
    ("GBP", 826),
    ("HUF", 348),
    ("NOK", 578),
    ("PLN", 985),
    ("SEK", 752),
    ("USD", 840),
];
/// Kinds of card (BMP 8A) whose name terminals may leave out.
const SCHEMES: [(u16, &str); 11] = [
    (2, "ec"),
    (5, "girocard"),
    (6, "Mastercard"),
    (8, "American Express"),
    (9, "ELV"),
    (10, "Visa"),
    (11, "Visa Electron"),
    (12, "Diners Club"),
    (13, "V PAY"),
    (14, "JCB"),
    (46, "Debit Mastercard"),
];
/// 84 37: the terminal's password is another one.
const WRONG_PASSWORD: ResultCode = ResultCode(0x37);

/// The code and number of a currency.
pub(crate) fn currency(code: &str) -> Option<(&'static str, Currency)> {
    let (code, number) = CURRENCIES.iter().find(|(known, _)| *known == code)?;
    Some((code, Currency::new(*number).ok()?))
}

/// Letters, or the number where it is not known here.
pub(crate) fn currency_code(currency: Currency) -> String {
    let found = CURRENCIES.iter().find(|(_, number)| *number == currency.get());
    found.map_or_else(|| currency.get().to_string(), |(code, _)| (*code).to_owned())
}

fn name(text: &str) -> Option<String> {
    clean::text(text, NAME_MAX)
}

/// A number that holds no card number.
fn number(number: u64) -> Option<String> {
    let digits = number.to_string();
    (!clean::holds_card_number(&digits)).then_some(digits)
}

fn tid(terminal: TerminalId) -> String {
    format!("{:08}", terminal.get())
}

/// Bytes that are mostly text.
fn text_or_hex(bytes: &[u8]) -> Option<String> {
    let filled = bytes.iter().rposition(|byte| *byte != 0)?;
    let bytes = bytes.get(..=filled)?;
    if bytes.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ') {
        return name(&String::from_utf8_lossy(bytes));
    }
    let hex: String = bytes.iter().take(NAME_MAX / 2).map(|byte| format!("{byte:02X}")).collect();
    name(&hex)
}

/// A yes. `asked` is the currency that holds where the terminal names none.
pub(super) fn approved(status: &StatusInformation, asked: Currency) -> Approved {
    let units = |amount: Option<Amount>| amount.map_or(0, Amount::minor_units);
    let tip = units(status.tip);
    let from_table = || {
        let kind = status.card_type?;
        SCHEMES.iter().find(|(number, _)| *number == kind).map(|(_, name)| (*name).to_owned())
    };
    let signs = |info: u8| info & receipt_info::SIGNATURE != 0;
    let last4 = status.pan.map(|pan| pan.last_digits()).filter(|digits| !digits.is_empty());
    Approved {
        amount: units(status.amount).saturating_sub(tip),
        tip,
        currency: currency_code(status.currency.unwrap_or(asked)),
        partial: status.partial_approval,
        tid: status.terminal.map(tid),
        receipt: status.receipt.and_then(ReceiptNo::get).map(|number| number.to_string()),
        trace: status.trace.and_then(|trace| number(trace.get())),
        scheme: status.card_name.as_deref().and_then(name).or_else(from_table),
        last4,
        entry: status.technology.and_then(|technology| match technology {
            Technology::Chip => Some(Entry::Chip),
            Technology::Contactless => Some(Entry::Contactless),
            Technology::MagneticStripe => Some(Entry::Stripe),
            Technology::Other(_) => None,
        }),
        authorisation: status.authorisation.as_ref().and_then(|bytes| text_or_hex(bytes)),
        signature: status.verification == Some(Verification::Signature)
            || status.receipt_info.is_some_and(signs),
        slips: Slips::default(),
    }
}

/// What a terminal says beside a no.
pub(super) fn text_of(status: Option<&StatusInformation>) -> Option<String> {
    let status = status?;
    let text = status.text.as_deref().or(status.error_text.as_deref())?;
    clean::text(text, TEXT_MAX)
}

/// A no. `stopped` is who gets the blame for a stop.
pub(super) fn no(
    code: Option<ResultCode>,
    status: Option<&StatusInformation>,
    aborted: Option<&Aborted>,
    stopped: &'static str,
) -> Said {
    let code = code.unwrap_or(ResultCode(0xff));
    if code.advice() == Advice::Cancelled {
        return Said::Cancelled { code: stopped };
    }
    let from_abort =
        || clean::text(aborted.and_then(|aborted| aborted.error_text.as_deref())?, TEXT_MAX);
    Said::Declined { code: code.name(), text: text_of(status).or_else(from_abort) }
}

/// A command that the terminal did not take (84 xx).
pub(super) fn refused(code: ResultCode, detail: Option<ResultCode>) -> Said {
    match (code, detail) {
        (ResultCode::BUSY, _) => Said::Cancelled { code: "busy" },
        (WRONG_PASSWORD, _) => Said::Cancelled { code: "wrong_password" },
        (_, Some(ResultCode::WRONG_CURRENCY)) | (ResultCode::WRONG_CURRENCY, _) => {
            Said::Cancelled { code: "wrong_currency" }
        }
        (code, _) => Said::Declined { code: code.name(), text: None },
    }
}

/// The open reservations that a terminal names; none when that is not what it said no to.
pub(super) fn open_reservations(aborted: &Aborted) -> Option<Vec<String>> {
    let first = aborted.receipt?;
    let mut open = aborted.open.clone();
    if first != ReceiptNo::NONE && !open.contains(&first) {
        open.insert(0, first);
    }
    Some(open.into_iter().filter_map(ReceiptNo::get).map(|number| number.to_string()).collect())
}

/// Why a terminal could not be registered with: nothing was asked.
pub(super) fn not_registered(ending: &Ending) -> Said {
    match ending {
        Ending::Refused { code, detail } => match refused(*code, *detail) {
            Said::Declined { .. } => Said::Cancelled { code: "not_registered" },
            said => said,
        },
        Ending::Unknown { doubt, .. } => Said::Cancelled { code: doubt.code() },
        _ => Said::Cancelled { code: "not_registered" },
    }
}

pub(super) const fn why(doubt: Doubt) -> Why {
    match doubt {
        Doubt::NoAnswer | Doubt::Silence | Doubt::NotReady => Why::NoAnswer,
        Doubt::Closed => Why::ConnectionLost,
        Doubt::Garbage
        | Doubt::OutOfTurn
        | Doubt::NoOutcome
        | Doubt::Unreadable
        | Doubt::Contradiction
        | Doubt::AbortedAfterYes
        | Doubt::OtherSale
        | Doubt::MixedNumbers
        | Doubt::OtherKind
        | Doubt::NoAmount
        | Doubt::OtherTime => Why::BadAnswer,
        Doubt::Rejected => Why::NotStored,
        Doubt::OtherTerminal => Why::TerminalDiffers,
        Doubt::OtherCurrency => Why::CurrencyDiffers,
        Doubt::OtherAmount => Why::AmountDiffers,
        Doubt::NothingToCompare | Doubt::NoRepeat => Why::NothingToCompare,
        Doubt::Unreachable => Why::Unreachable,
    }
}

/// Nothing of it was cut off: totals that are not whole are none.
pub(super) fn is_whole(status: &StatusInformation) -> bool {
    status.totals.is_some() || status.flaw.is_none()
}

/// The totals of an end of day.
pub(super) fn day_totals(status: &StatusInformation) -> DayTotals {
    let Some(totals) = status.totals else { return DayTotals::default() };
    let cards = Totals::KINDS.iter().zip(totals.cards).filter(|(_, card)| card.count > 0);
    let receipt = |number: ReceiptNo| number.get().map(|number| number.to_string());
    DayTotals {
        receipts: receipt(totals.first).zip(receipt(totals.last)),
        cards: cards
            .map(|(scheme, card)| CardTotal {
                scheme,
                count: u32::from(card.count),
                sum: card.sum.minor_units(),
            })
            .collect(),
        lines: Vec::new(),
    }
}

/// What a terminal says of itself.
pub(super) fn identity(completion: &Completion, registered: Option<TerminalId>) -> Identity {
    let software = completion.device_software.as_deref().or(completion.software.as_deref());
    Identity {
        tid: completion.terminal.or(registered).map(tid),
        model: completion.device_name.as_deref().and_then(name),
        serial: completion.device_serial.as_deref().and_then(text_or_hex),
        software: software.and_then(name),
        state: completion.state.map(ResultCode::name),
    }
}

/// What a terminal says of itself when it is registered with. Its software is left out: here it may say
/// another word for it than when it is asked how it is, and that would look like a change.
pub(super) fn registered_as(completion: &Completion) -> Option<Identity> {
    let said = Identity { software: None, state: None, ..identity(completion, None) };
    (said != Identity::default()).then_some(said)
}

/// Both as the protocol has them; `None` for a moment that there is not.
pub(crate) fn moment(moment: Moment) -> Option<::zvt::recovery::Moment> {
    let date = MonthDay::new(moment.month, moment.day).ok()?;
    let time = TimeOfDay::new(moment.hour, moment.minute, 0).ok()?;
    Some(::zvt::recovery::Moment { date, time })
}

/// What is known of a terminal, as [`Before`] keeps it.
pub(super) fn write_before(known: &Known) -> Before {
    let mut words = vec!["zvt1".to_owned()];
    words.extend(known.terminal.map(|terminal| format!("tid={}", terminal.get())));
    match known.before {
        known::Before::NotKnown => {}
        known::Before::Nothing => words.push("nothing".to_owned()),
        known::Before::Last(last) => {
            words.push("last".to_owned());
            let receipt = last.receipt.and_then(ReceiptNo::get);
            words.extend(receipt.map(|number| format!("receipt={number}")));
            words.extend(last.trace.map(|trace| format!("trace={}", trace.get())));
            words.extend(last.turnover.map(|number| format!("turnover={}", number.get())));
        }
    }
    Before(words.join(" "))
}

/// What [`write_before`] wrote; nothing is known from anything else.
pub(super) fn read_before(before: &Before, currency: Currency) -> Known {
    let mut known = Known { currency: Some(currency), ..Known::default() };
    let mut words = before.0.split(' ');
    if words.next() != Some("zvt1") {
        return known;
    }
    let mut last = known::Identity::default();
    for word in words {
        match word.split_once('=') {
            None if word == "nothing" => known.before = known::Before::Nothing,
            None => {}
            Some(("tid", n)) => {
                known.terminal = n.parse().ok().and_then(|n| TerminalId::new(n).ok())
            }
            Some(("receipt", n)) => {
                last.receipt = n.parse().ok().and_then(|n| ReceiptNo::new(n).ok())
            }
            Some(("trace", n)) => last.trace = n.parse().ok().and_then(|n| Trace::new(n).ok()),
            Some(("turnover", n)) => {
                last.turnover = n.parse().ok().and_then(|n| Turnover::new(n).ok());
            }
            Some(_) => {}
        }
    }
    if last != known::Identity::default() {
        known.before = known::Before::Last(last);
    }
    known
}

/// The numbers of the last transaction, without any that may be a card's.
pub(super) fn last_of(status: &StatusInformation) -> known::Before {
    let mut last = known::Identity::of(status);
    last.trace = last.trace.filter(|trace| number(trace.get()).is_some());
    if last == known::Identity::default() {
        return known::Before::NotKnown;
    }
    known::Before::Last(last)
}
