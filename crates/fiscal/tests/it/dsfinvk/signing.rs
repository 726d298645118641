//! What a till signs, and a signing unit for tests.

use fiscal::de::dsfinvk::check::Signed;
use fiscal::de::dsfinvk::model::*;

/// A signing unit that is none: its signature is a checksum, so that every changed bit is seen.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub(crate) unit: SigningUnit,
    pub(crate) counter: u64,
    pub(crate) transaction: u64,
}

fn checksum(parts: &[&str]) -> String {
    let mut out = String::new();
    for round in 0_u64..4 {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325 ^ round;
        for byte in parts.iter().flat_map(|part| part.bytes().chain([0])) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        out.push_str(&format!("{hash:016x}"));
    }
    out
}

pub(crate) fn verify(signed: &Signed<'_>) -> Result<(), String> {
    let (counter, transaction) = (signed.counter.to_string(), signed.transaction.to_string());
    let end = signed.end.milliseconds().to_string();
    let expected = checksum(&[
        signed.client,
        signed.process_type,
        signed.process_data,
        &transaction,
        &counter,
        &end,
        signed.public_key,
        signed.algorithm,
    ]);
    if signed.serial != checksum(&[signed.public_key]) {
        return Err("the serial number is not that of the key".to_owned());
    }
    (signed.signature == expected).then_some(()).ok_or_else(|| "the checksum differs".to_owned())
}

impl Unit {
    pub(crate) fn new(id: u64, certificate: usize) -> Unit {
        let public_key = checksum(&["key", &id.to_string()]);
        let unit = SigningUnit {
            id,
            serial: checksum(&[&public_key]),
            algorithm: "ecdsa-plain-SHA256".to_owned(),
            time_format: TimeFormat::UtcWithSeconds,
            encoding: Encoding::Utf8,
            public_key,
            certificate: "MIIB".repeat(certificate / 4),
            certified: true,
        };
        Unit { unit, counter: 100 * id, transaction: 10 * id }
    }

    pub(crate) fn sign(&mut self, client: &str, receipt: &Receipt, data: String) -> Signature {
        self.counter += 2;
        self.transaction += 1;
        let process_type = receipt.kind.process_type();
        let end = receipt.end;
        let signature = checksum(&[
            client,
            process_type.code(),
            &data,
            &self.transaction.to_string(),
            &self.counter.to_string(),
            &end.milliseconds().to_string(),
            &self.unit.public_key,
            &self.unit.algorithm,
        ]);
        Signature {
            unit: Some(self.unit.id),
            transaction: Some(self.transaction),
            start: Some(receipt.start),
            end: Some(end),
            process_type,
            counter: Some(self.counter),
            signature,
            fault: String::new(),
            process_data: data,
        }
    }
}

/// What a till signs of a receipt (Anhang I).
pub(crate) fn process_data(receipt: &Receipt) -> String {
    let point = |amount: Amount| {
        let cents = amount.hundred_thousandths() / 1_000;
        let sign = if cents < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
    };
    match receipt.kind {
        ReceiptKind::Other => return receipt.name.clone(),
        ReceiptKind::Order => {
            let lines = receipt.lines.iter().map(|line| {
                let text = line.text.replace('"', "\"\"");
                let quantity = line.quantity.thousandths() / 1_000;
                format!("{quantity};\"{text}\";{}", point(line.unit_price.unwrap()))
            });
            return lines.collect::<Vec<_>>().join("\r");
        }
        _ => {}
    }
    let mut slots = [Amount::ZERO; 5];
    for sum in &receipt.vat {
        let slot = match sum.key {
            1 | 1_001 => 0,
            2 | 22 => 1,
            3 => 2,
            4 => 3,
            _ => 4,
        };
        slots[slot] = slots[slot].plus(sum.gross);
    }
    let mut paid: Vec<(String, Amount)> = Vec::new();
    for payment in receipt.payments.iter().filter(|payment| payment.amount != Amount::ZERO) {
        let how = if payment.kind == PaymentKind::Cash { "Bar" } else { "Unbar" };
        let (end, amount) = match &payment.foreign {
            Some((currency, amount)) => (format!("{how}:{currency}"), *amount),
            None => (how.to_owned(), payment.amount),
        };
        match paid.iter_mut().find(|(known, _)| *known == end) {
            Some((_, sum)) => *sum = sum.plus(amount),
            None => paid.push((end, amount)),
        }
    }
    paid.sort();
    let slots = slots.map(point).join("_");
    let paid: Vec<String> =
        paid.iter().map(|(how, sum)| format!("{}:{how}", point(*sum))).collect();
    format!("{}^{slots}^{}", receipt.kind.code(), paid.join("_"))
}
