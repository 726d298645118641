//! A receipt for programs, in the terms of the DFKA's taxonomy of till data (2.x), in the shape of the standard for electronic receipts
//! that is built on it (EKaBS: `head`, `data`, `security`, `misc`).
//!
//! Amounts, rates and quantities are decimal numbers as text, times are RFC 3339. Nothing is computed here: every figure is the
//! entry's. The DFKA did not validate it. What neither knows (the code of an Austrian receipt) stands under `misc.extended`.

use base64ct::{Base64, Encoding as _};
use domain::basket::{Line, TenderKind};
use domain::signing::Signature;
use jiff::Timestamp;
use money::{Money, Quantity};
use serde_json::{Map, Value, json};
use store::Signed;

use super::Paperless;
use crate::print;

/// The form of the file, in it.
const VERSION: &str = "1";

/// The receipt as JSON, one line a field, always the same for the same receipt.
#[must_use]
pub fn receipt_json(of: &Paperless) -> String {
    let mut text = serde_json::to_string_pretty(&receipt(of)).unwrap_or_default();
    text.push('\n');
    text
}

fn receipt(of: &Paperless) -> Value {
    let receipt = &of.issued.receipt;
    json!({
        "receipt": {
            "version": VERSION,
            "taxonomy": "DFKA-Taxonomie 2 / EKaBS",
            "type": if receipt.training { "training" } else { "receipt" },
            "head": head(of),
            "data": data(of),
            "security": security(of),
            "misc": misc(of),
        }
    })
}

fn time(at: Timestamp) -> String {
    format!("{at:.0}")
}

/// Minor units as a decimal number: `12.99`.
fn decimal(amount: Money, digits: u8) -> String {
    let minor = amount.minor();
    let sign = if minor < 0 { "-" } else { "" };
    let digits = usize::from(digits);
    let text = format!("{:0>width$}", minor.unsigned_abs(), width = digits.saturating_add(1));
    let (whole, part) = text.split_at(text.len().saturating_sub(digits));
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

fn thousandths(quantity: Quantity) -> String {
    decimal(Money::new(quantity.thousandths()), 3)
}

/// Hundredths of a percent as a decimal number: `19.00`.
fn percentage(basis_points: u32) -> String {
    decimal(Money::new(i64::from(basis_points)), 2)
}

/// Puts in what there is.
fn put(object: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value.into());
    }
}

fn head(of: &Paperless) -> Value {
    let (receipt, then) = (&of.issued.receipt, &of.then);
    let shop = &of.data.shop;
    let mut seller = Map::new();
    put(&mut seller, "name", Some(then.name.clone()));
    put(&mut seller, "tax_number", shop.tax_number.clone());
    put(&mut seller, "vat_id", shop.vat_id.clone());
    put(&mut seller, "tax_exemption", Some(!domain::country::charges_vat(then)));
    let address = json!({
        "lines": then.address,
        "country_code": then.country.profile().alpha3,
    });
    put(&mut seller, "address", Some(address));
    json!({
        "id": of.issued.receipt.basket.0.to_string() + "@" + &of.number(),
        "number": of.number(),
        "date": time(of.issued.at),
        "timestamp_start": time(receipt.opened),
        "timestamp_end": time(of.issued.at),
        "cash_register": of.data.till,
        "seller": seller,
    })
}

fn data(of: &Paperless) -> Value {
    let receipt = &of.issued.receipt;
    let digits = receipt.currency.minor_digits();
    let amount = |money: Money| decimal(money, digits);
    let vat = receipt.tax.iter().map(|row| {
        json!({
            "percentage": percentage(row.rate.basis_points()),
            "incl_vat": amount(row.gross),
            "excl_vat": amount(row.net),
            "vat": amount(row.tax),
        })
    });
    let payments = receipt.tenders.iter().zip(&of.data.tenders).map(|(tender, paper)| {
        let mut payment = Map::new();
        put(&mut payment, "type", Some(payment_type(tender.kind)));
        put(&mut payment, "name", Some(paper.name.clone()));
        put(&mut payment, "amount", Some(amount(tender.amount)));
        if let Some(foreign) = &tender.foreign {
            let given = decimal(foreign.amount, foreign.currency.minor_digits());
            put(&mut payment, "foreign_currency", Some(foreign.currency.code()));
            put(&mut payment, "foreign_amount", Some(given));
        }
        Value::Object(payment)
    });
    json!({
        "currency": receipt.currency.code(),
        "full_amount_incl_vat": amount(receipt.total),
        "rounding": amount(receipt.rounding),
        "payment_types": payments.collect::<Vec<_>>(),
        "vat_amounts": vat.collect::<Vec<_>>(),
        "lines": receipt.lines.iter().map(|one| line(of, one, digits)).collect::<Vec<_>>(),
    })
}

/// The words of DSFinV-K for how it was paid, as far as every country has them.
fn payment_type(kind: TenderKind) -> &'static str {
    match kind {
        TenderKind::Cash | TenderKind::CashForeign => "Bar",
        _ => "Unbar",
    }
}

fn line(of: &Paperless, line: &Line, digits: u8) -> Value {
    let rates = &of.issued.receipt.tax;
    let keys: Vec<_> = if line.tax_split.is_empty() {
        vec![line.tax]
    } else {
        line.tax_split.iter().map(|share| share.key).collect()
    };
    let rate = |key: &domain::TaxKey| {
        let kept = line.rates.as_ref().and_then(|r| r.iter().find(|(k, _)| k == key));
        let kept = kept.map(|(_, rate)| rate.basis_points());
        kept.or_else(|| rates.iter().find(|r| r.key == key.0).map(|r| r.rate.basis_points()))
    };
    let alone = keys.len() == 1;
    let vat = keys.iter().filter_map(rate).map(|basis_points| {
        let mut vat = Map::new();
        put(&mut vat, "percentage", Some(percentage(basis_points)));
        // What a part of a line that is taxed in parts comes to stands in the sums of its rate alone.
        let name = if of.then.prices_include_tax { "incl_vat" } else { "excl_vat" };
        put(&mut vat, name, alone.then(|| decimal(line.total(), digits)));
        Value::Object(vat)
    });
    let mut item = Map::new();
    put(&mut item, "number", line.item.map(|item| item.0.to_string()));
    let gtin = line.code.as_deref().filter(|code| gs1::is_valid_gtin(code));
    put(&mut item, "gtin", gtin);
    put(&mut item, "quantity", Some(thousandths(line.quantity)));
    put(&mut item, "quantity_measure", Some(measure(line.unit)));
    put(&mut item, "price_per_unit", Some(decimal(line.price, digits)));
    let mut all = Map::new();
    put(&mut all, "text", Some(line.name.clone()));
    put(&mut all, "full_amount", Some(decimal(line.total(), digits)));
    let discount = line.base.saturating_plus(line.total().negated());
    put(&mut all, "discount", (!discount.is_zero()).then(|| decimal(discount, digits)));
    put(&mut all, "vat_amounts", Some(vat.collect::<Vec<_>>()));
    put(&mut all, "item", Some(item));
    Value::Object(all)
}

fn measure(unit: domain::catalogue::Unit) -> Value {
    serde_json::to_value(unit).unwrap_or_default()
}

fn security(of: &Paperless) -> Value {
    let mut security = Map::new();
    match &of.beside.signed {
        Some(Signed::Yes(signed)) => {
            let (signature, unit) = &**signed;
            put(&mut security, "tse", Some(tse(signature, unit)));
        }
        Some(Signed::No(_)) => put(&mut security, "error_message", Some(of.data.signing.join(" "))),
        None => {}
    }
    put(&mut security, "qr_code_data", of.data.qr.clone());
    Value::Object(security)
}

fn tse(signature: &Signature, unit: &domain::signing::UnitIdentity) -> Value {
    let serial = |hex: &str| {
        let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        hex.as_bytes().chunks(2).map(pair).collect::<Option<Vec<u8>>>()
    };
    json!({
        "serial_number": unit.serial,
        "serial_number_base64": serial(&unit.serial).map(|bytes| Base64::encode_string(&bytes)),
        "client": signature.transaction.client,
        "signature_type": unit.algorithm,
        "time_format": unit.time_format,
        "timestamp_start": time(signature.transaction.began),
        "timestamp_end": time(signature.finished),
        "transaction_number": signature.transaction.number,
        "signature_number": signature.counter,
        "process_type": signature.process_type,
        "process_data": signature.process_data,
        "signature": signature.value,
        "public_key": unit.public_key,
        "certified": unit.certified,
    })
}

fn misc(of: &Paperless) -> Value {
    let mut misc = Map::new();
    let shop = &of.data.shop;
    put(&mut misc, "header_text", (!shop.header.is_empty()).then(|| shop.header.join("\n")));
    put(&mut misc, "footer_text", (!shop.footer.is_empty()).then(|| shop.footer.join("\n")));
    put(&mut misc, "notes", (!of.data.notes.is_empty()).then(|| of.data.notes.join("\n")));
    if let Some(code) = &of.beside.rksv {
        let lines = json!({ "rksv": { "jws": code.signed.jws, "text": of.data.signing } });
        put(&mut misc, "extended", Some(lines));
    }
    let language = match print::language(&of.then) {
        receipt::Language::De => "de",
        receipt::Language::En => "en",
    };
    put(&mut misc, "language", Some(language));
    Value::Object(misc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_decimal_numbers_with_a_point() {
        let cases =
            [(1_299, 2, "12.99"), (-5, 2, "-0.05"), (0, 2, "0.00"), (7, 0, "7"), (486, 3, "0.486")];
        for (minor, digits, text) in cases {
            assert_eq!(decimal(Money::new(minor), digits), text);
        }
        assert_eq!(percentage(1_900), "19.00");
        assert_eq!(decimal(Money::new(i64::MIN), 2), "-92233720368547758.08");
    }
}
