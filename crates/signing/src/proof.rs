//! What is held against a unit's answer before it is believed: its signature, its counter, its clock, its certificate.
//! A wrong answer is a fault here, at the unit, and not years later on a receipt.

use base64ct::{Base64, Encoding as _};
use fiscal::de::tse::certificate::Certificate;
use fiscal::de::tse::log::{LogMessage, Operation, Record};
use fiscal::de::tse::qr::ReceiptCode;
use fiscal::de::tse::tar;
use jiff::{SignedDuration, Timestamp};

use crate::{Fault, Finished, Identity};

/// How far a unit's clock may be from the shop's: what a clock loses in some months without being set.
const APART: SignedDuration = SignedDuration::from_mins(5);

/// Whether that unit signed the finish of this transaction with these very data.
pub(crate) fn signed(
    unit: &Identity,
    (client, number): (&str, u64),
    (process_type, process_data): (&str, &str),
    done: &Finished,
) -> bool {
    let code = ReceiptCode {
        client: client.to_owned(),
        process_type: process_type.to_owned(),
        process_data: process_data.to_owned(),
        transaction: number,
        counter: done.counter,
        start: done.at,
        finish: done.at,
        algorithm: unit.algorithm,
        time_format: unit.time_format,
        signature: done.signature.clone(),
        public_key: unit.public_key.clone(),
    };
    code.verify().is_ok()
}

/// A unit whose clock is far from the shop's must not sign: its receipts would bear a time that never was.
pub(crate) fn clock(unit: Timestamp, shop: Timestamp) -> Result<(), Fault> {
    if unit.duration_since(shop).abs() > APART {
        return Err(Fault::Unusable("wrong_time"));
    }
    Ok(())
}

/// The finish with these very data that is in an export.
pub(crate) fn find(
    archive: &[u8],
    (client, number): (&str, u64),
    (process_type, process_data): (&str, &str),
) -> Result<Option<Finished>, Fault> {
    let mut found = None;
    let read = tar::files(archive, |_, bytes| {
        let Ok(message) = LogMessage::read(bytes) else { return };
        let Record::Transaction(said) = &message.content().record else { return };
        if said.operation == Operation::Finish
            && (said.client.as_str(), said.number) == (client, number)
            && said.process_type == process_type
            && said.process_data == process_data.as_bytes()
        {
            found = Some(Finished {
                at: message.content().time.at,
                counter: message.content().counter,
                signature: message.signature().to_vec(),
            });
        }
    });
    read.map_err(|_| Fault::Unusable("bad_answer"))?;
    Ok(found)
}

/// Certificates, DER, the unit's own first, and the last moment of that one: out of PEM, or out of Base64 of DER.
pub(crate) fn certificates(text: &str) -> Result<(Vec<Vec<u8>>, Timestamp), Fault> {
    const BAD: Fault = Fault::Unusable("bad_answer");
    let all = if text.contains("-----BEGIN") {
        Certificate::read_all(text.as_bytes())
    } else {
        let der = base64(text).ok_or(BAD)?;
        Certificate::read_all(&der)
    };
    let all = all.map_err(|_| BAD)?;
    let until = all.first().and_then(|own| own.not_after).ok_or(BAD)?;
    Ok((all.into_iter().map(|one| one.der).collect(), until))
}

/// Base64 in one line or many.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    Base64::decode_vec(&text).ok().filter(|bytes| !bytes.is_empty())
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _always = write!(text, "{byte:02x}");
        text
    })
}
