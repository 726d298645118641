//! Slips of the drawer: paid in, paid out, dropped, opened.

use domain::Event;
use domain::cash::CashPurpose;
use domain::settings::Settings;
use journal::EntryMeta;
use money::Money;
use receipt::{ReceiptData, ReceiptKind};

use store::Signed;

use super::{head, language, time_text, zone};
use crate::sign::{code_of, signing_lines};

/// The slip of a drawer event and how it was signed; none for other events.
pub fn slip(
    settings: &Settings,
    person: &str,
    (meta, signed): (&EntryMeta, Option<&Signed>),
    event: &Event,
) -> Option<ReceiptData> {
    let (kind, amount, reason): (ReceiptKind, Option<Money>, &str) = match event {
        Event::CashPaidIn { amount, reason, .. } => (ReceiptKind::PaidIn, Some(*amount), reason),
        Event::CashPaidOut { amount, reason, .. } => (ReceiptKind::PaidOut, Some(*amount), reason),
        Event::CashDropped { amount, reason } => (ReceiptKind::Drop, Some(*amount), reason),
        Event::DrawerOpened { reason } => (ReceiptKind::NoSale, None, reason),
        _ => return None,
    };
    let language = language(settings);
    let zone = zone(settings);
    let clear = settings.signing.as_ref().is_some_and(|signing| signing.clear_text);
    let till = settings.tills.iter().find(|t| Some(t.id) == meta.till);
    Some(ReceiptData {
        language,
        currency: settings.currency.code().to_owned(),
        minor_digits: settings.currency.minor_digits(),
        shop: head(settings),
        kind,
        number: meta.seq.to_string(),
        till: till.map(|t| t.name.clone()).unwrap_or_default(),
        person: person.to_owned(),
        issued: time_text(meta.at, &zone, language),
        total: amount.map(Money::minor),
        notes: purpose(event, language).into_iter().chain([reason.to_owned()]).collect(),
        signature_line: amount.is_some(),
        signing: signed.map_or_else(Vec::new, |signed| signing_lines(signed, clear, language)),
        qr: signed.and_then(code_of),
        ..ReceiptData::default()
    })
}

/// What the books call it, where that is more than paid in and paid out.
fn purpose(event: &Event, language: receipt::Language) -> Option<String> {
    let (german, english) = match event {
        Event::CashPaidIn { purpose: Some(CashPurpose::Private), .. } => {
            ("Privateinlage", "Owner's money put in")
        }
        Event::CashPaidOut { purpose: Some(CashPurpose::Private), .. } => {
            ("Privatentnahme", "Taken out by the owner")
        }
        Event::CashPaidOut { purpose: Some(CashPurpose::Wages), .. } => ("Lohnzahlung", "Wages"),
        _ => return None,
    };
    Some(match language {
        receipt::Language::De => german.to_owned(),
        receipt::Language::En => english.to_owned(),
    })
}
