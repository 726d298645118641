//! The paper of goods that somebody who works here takes: what it is, whose, what for, and that nothing was paid.

use domain::event::BenefitGiven;
use domain::receipt::{IssuedReceipt, Receipt};
use domain::settings::Settings;
use domain::{DayNo, PersonId, ReceiptNo, TillId};
use journal::EntryMeta;
use receipt::{ReceiptData, ReceiptKind};

use super::{Beside, language, receipt_data, zone};

/// The figures of the paper; `beside` says how it was signed. `given_by` and `taken_by` are people's names.
pub fn benefit_slip(
    settings: &Settings,
    (given_by, taken_by): (&str, &str),
    meta: &EntryMeta,
    given: &BenefitGiven,
    beside: &Beside,
) -> ReceiptData {
    let local = zone(settings).to_datetime(meta.at);
    let issued = IssuedReceipt {
        till: meta.till.unwrap_or(TillId(0)),
        person: meta.person.unwrap_or(PersonId(0)),
        at: meta.at,
        incarnation: meta.incarnation,
        receipt: Receipt {
            number: ReceiptNo(meta.seq),
            day: DayNo(0),
            basket: given.basket,
            opened: given.opened,
            ordered: given.ordered,
            date: local.date(),
            hour: u8::try_from(local.hour()).unwrap_or_default(),
            currency: settings.currency,
            training: false,
            lines: given.lines.clone(),
            tax: given.tax.clone(),
            total: given.total,
            saved: money::Money::ZERO,
            coupons: Vec::new(),
            rounding: money::Money::ZERO,
            tenders: Vec::new(),
            voids: 0,
            age_checked: None,
            note: None,
            print: true,
        },
    };
    let (whose, nothing) = match language(settings) {
        receipt::Language::De => ("Entnommen von", "Nichts bezahlt, kein Umsatz"),
        receipt::Language::En => ("Taken by", "Nothing paid, no turnover"),
    };
    let mut data = receipt_data(settings, given_by, &issued, beside, None);
    data.kind = ReceiptKind::Benefit;
    data.number = meta.seq.to_string();
    data.code = String::new();
    data.saved = None;
    let said = [format!("{whose} {taken_by}"), given.reason.clone(), nothing.to_owned()];
    data.notes.extend(said);
    data.signature_line = true;
    data
}
