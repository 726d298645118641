//! What a receipt says of its signature: the code, and the same in words.

use base64ct::{Base64, Encoding as _};
use domain::signing::{Signature, UnitIdentity};
use fiscal::de::tse::qr::ReceiptCode;
use fiscal::de::tse::{SignatureAlgorithm, TimeFormat};
use receipt::Language;
use store::Signed;

use super::why::{is_units_fault, why_words};

/// The code of a signed receipt (DSFinV-K 2.4, Anhang I); none when what the unit said cannot be read.
#[must_use]
pub fn receipt_code(signature: &Signature, unit: &UnitIdentity) -> Option<String> {
    let code = ReceiptCode {
        client: signature.transaction.client.clone(),
        process_type: signature.process_type.clone(),
        process_data: signature.process_data.clone(),
        transaction: signature.transaction.number,
        counter: signature.counter,
        start: signature.transaction.began,
        finish: signature.finished,
        algorithm: SignatureAlgorithm::parse(&unit.algorithm)?,
        time_format: TimeFormat::parse(&unit.time_format)?,
        signature: Base64::decode_vec(&signature.value).ok()?,
        public_key: Base64::decode_vec(&unit.public_key).ok()?,
    };
    Some(code.to_string())
}

/// The code of what was signed; none of what was not.
#[must_use]
pub fn code_of(signed: &Signed) -> Option<String> {
    match signed {
        Signed::Yes(signed) => receipt_code(&signed.0, &signed.1),
        Signed::No(_) => None,
    }
}

/// What a receipt says whose signature is still to come.
#[must_use]
pub fn unsigned_yet(language: Language) -> String {
    let text = match language {
        Language::De => "Noch nicht signiert: Beleg später noch einmal abrufen",
        Language::En => "Not signed yet: call the receipt up again later",
    };
    text.to_owned()
}

/// What a receipt says of its signature in words (KassenSichV § 6): always which transaction and when, and that a unit
/// is not certified, or out of order; all that the code says with `clear_text`.
#[must_use]
pub fn signing_lines(signed: &Signed, clear_text: bool, language: Language) -> Vec<String> {
    let say = |german: &str, english: &str| match language {
        Language::De => german.to_owned(),
        Language::En => english.to_owned(),
    };
    let (signature, unit) = match signed {
        Signed::No(failed) => {
            let first = if is_units_fault(&failed.why) {
                say(
                    "Sicherheitseinrichtung (TSE) ausgefallen: nicht signiert",
                    "Signing unit (TSE) out of order: not signed",
                )
            } else {
                let why = why_words(&failed.why, language);
                format!("{}: {why}", say("Nicht signiert", "Not signed"))
            };
            let mut lines = vec![first];
            lines.extend(failed.transaction.as_ref().map(|begun| {
                format!("{} {}", say("TSE-Transaktion", "TSE transaction"), begun.number)
            }));
            return lines;
        }
        Signed::Yes(signed) => (&signed.0, &signed.1),
    };
    let mut lines = Vec::new();
    if !unit.certified {
        lines.push(say(
            "TEST: keine zertifizierte Sicherheitseinrichtung",
            "TEST: no certified signing unit",
        ));
    }
    let of = &signature.transaction;
    lines.push(format!(
        "{} {}, {} {}",
        say("TSE-Transaktion", "TSE transaction"),
        of.number,
        say("Signaturzähler", "signature counter"),
        signature.counter
    ));
    lines.push(format!("{}: {}", say("TSE-Beginn", "TSE begin"), of.began));
    lines.push(format!("{}: {}", say("TSE-Ende", "TSE end"), signature.finished));
    lines.push(format!("{}: {}", say("Seriennummer Kasse", "Serial number till"), of.client));
    if clear_text {
        let serial = say("Seriennummer TSE", "Serial number TSE");
        lines.push(format!("{serial}: {}", signature.serial));
        lines.push(format!("{}: {}", say("Prüfwert", "Signature"), signature.value));
        lines.push(format!("{}: {}", say("Vorgang", "Process"), signature.process_type));
        lines.push(format!("{}: {}", say("Daten", "Data"), signature.process_data));
        let algorithm = say("Verfahren", "Algorithm");
        lines.push(format!("{algorithm}: {}, {}", unit.algorithm, unit.time_format));
        lines.push(format!("{}: {}", say("Schlüssel", "Public key"), unit.public_key));
    }
    lines
}
