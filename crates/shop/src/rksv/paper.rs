//! What a receipt says of its code (§ 132a BAO, RKSV § 11), and receipts without turnover as documents.

use domain::event::RksvSigned;
use domain::rksv::RksvKind;
use domain::settings::Settings;
use fiscal::at::Jws;
use fiscal::at::jws::OUT_OF_ORDER;
use receipt::{Document, Language, ReceiptData};
use store::RksvCode;

use crate::print::{head, language};

fn say(language: Language, german: &str, english: &str) -> String {
    match language {
        Language::De => german.to_owned(),
        Language::En => english.to_owned(),
    }
}

/// What the QR code holds.
#[must_use]
pub fn qr(signed: &RksvSigned) -> Option<String> {
    Jws::parse(&signed.jws).ok().map(|jws| jws.qr())
}

/// What a receipt says beside its code: the till's name, its number in the code, and that its device is none for real
/// receipts, or was out of order. With `clear_text` also the code as text for OCR.
#[must_use]
pub fn receipt_lines(
    code: Option<&RksvCode>,
    waits: bool,
    clear_text: bool,
    language: Language,
) -> Vec<String> {
    let Some(code) = code else {
        return vec![if waits {
            say(language, "Signatur nach RKSV steht noch aus", "RKSV signature still to come")
        } else {
            say(language, "Kein Code nach RKSV: nicht signiert", "No RKSV code: not signed")
        }];
    };
    let signed = &code.signed;
    let mut lines = Vec::new();
    // Before any device was met, nobody vouches for it either.
    if !code.signer.as_ref().is_some_and(|signer| signer.certified) {
        lines.push(say(
            language,
            "TEST: keine zugelassene Signaturerstellungseinheit",
            "TEST: no certified signature device",
        ));
    }
    if signed.unsigned.is_some() {
        // The law's own words, in every language.
        lines.push(OUT_OF_ORDER.to_owned());
    }
    lines.push(format!(
        "{}: {}",
        say(language, "Kassen-ID", "Cash register"),
        signed.cash_register
    ));
    lines.push(format!("{}: {}", say(language, "Belegnummer", "Receipt number"), signed.number));
    if clear_text && let Ok(jws) = Jws::parse(&signed.jws) {
        lines.push(jws.ocr());
    }
    lines
}

/// What a kind of receipt is called.
#[must_use]
pub fn kind_name(kind: RksvKind, language: Language) -> String {
    let (german, english) = match kind {
        RksvKind::Start => ("Startbeleg", "Start receipt"),
        RksvKind::Standard => ("Beleg", "Receipt"),
        RksvKind::Cancellation => ("Stornobeleg", "Cancellation receipt"),
        RksvKind::Training => ("Trainingsbeleg", "Training receipt"),
        RksvKind::Zero => ("Nullbeleg", "Null receipt"),
        RksvKind::Monthly => ("Monatsbeleg", "Monthly receipt"),
        RksvKind::Yearly => ("Jahresbeleg", "Yearly receipt"),
        RksvKind::AfterOutage => ("Sammelbeleg nach Ausfall", "Collective receipt after an outage"),
        RksvKind::Closing => ("Schlussbeleg", "Closing receipt"),
    };
    say(language, german, english)
}

/// A receipt without turnover as a document. `copy`: it is one more of it.
#[must_use]
pub fn receipt_document(settings: &Settings, code: &RksvCode, copy: Option<u32>) -> Document {
    let (language, signed) = (language(settings), &code.signed);
    let till = settings.tills.iter().find(|till| till.id == signed.till);
    let mut shop = head(settings);
    shop.header.push(kind_name(signed.kind, language));
    let clear = domain::rksv::of(settings).is_some_and(|rksv| rksv.clear_text);
    let at = signed.at;
    let (y, m, d) = (at.year(), at.month(), at.day());
    let time = format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second());
    let data = ReceiptData {
        language,
        currency: settings.currency.code().to_owned(),
        minor_digits: settings.currency.minor_digits(),
        shop,
        number: signed.number.clone(),
        till: till.map_or_else(|| signed.till.to_string(), |till| till.name.clone()),
        issued: match language {
            Language::De => format!("{d:02}.{m:02}.{y} {time}"),
            Language::En => format!("{y}-{m:02}-{d:02} {time}"),
        },
        total: Some(0),
        copy,
        signing: receipt_lines(Some(code), false, clear, language),
        qr: qr(signed),
        ..ReceiptData::default()
    };
    receipt::receipt_document(&data)
}
