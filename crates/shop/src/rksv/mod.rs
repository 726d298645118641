//! Austria's receipts (RKSV): who carries the tills' chains on, what stands on paper, and the export for the tax office.

mod export;
mod paper;
pub mod runner;
mod signers;
mod status;

pub(crate) use export::key_of;
pub use export::{Fault, Keys, Written, Wrong, keys_of, write_dep, write_keys};
pub use paper::{kind_name, qr, receipt_document, receipt_lines};
pub use signers::{Signers, signer_path};
pub use status::{register_view, todos};

use domain::UnitId;
use domain::basket::Line;
use domain::receipt::Receipt;
use domain::rksv::{RateField, RksvKind, field_of};
use fiscal::at::rates::Slot;
use fiscal::at::{AesKey, Kind, Provider, Sums, Unit};
use money::MoneyError;
use store::{Reader, StoreError};

use crate::print::numbered;
use crate::vault::{self, Kept};

/// Bytes of the counter.
const WIDTH: u8 = 8;

/// Where the key of a till's counter lies.
#[must_use]
pub fn key_name(register: &str) -> String {
    format!("rksv_key:{register}")
}

/// Where a device's password lies.
#[must_use]
pub fn password_name(device: UnitId) -> String {
    format!("rksv_password:{device}")
}

/// The key of a till's counter, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptKey {
    /// There is none yet.
    Nothing,
    /// It does not open: it has to be typed in again.
    Lost,
    /// This.
    Key(AesKey),
}

/// The key of a till's counter.
///
/// # Errors
/// When the file cannot be read.
pub fn kept_key(reader: &Reader, register: &str) -> Result<KeptKey, StoreError> {
    Ok(match vault::kept(reader, &key_name(register))? {
        Kept::Nothing => KeptKey::Nothing,
        Kept::Lost => KeptKey::Lost,
        Kept::Text(text) => AesKey::from_base64(&text).map_or(KeptKey::Lost, KeptKey::Key),
    })
}

/// A device as codes name it, from the name that entries have.
pub(crate) fn unit_of(name: &str) -> Option<Unit> {
    let (provider, certificate) = name.split_once('/')?;
    Unit::new(Provider::new(provider).ok()?, certificate).ok()
}

/// The receipt's gross sums by the fields of the code. A rate that is not in force on its day stands with the special ones:
/// the receipt was issued.
pub(crate) fn sums_of(receipt: &Receipt) -> Result<Sums, MoneyError> {
    let mut sums = Sums::default();
    for row in &receipt.tax {
        let slot = match field_of(row.rate, receipt.date) {
            Some(RateField::Normal) => Slot::Normal,
            Some(RateField::Reduced1) => Slot::Reduced1,
            Some(RateField::Reduced2) => Slot::Reduced2,
            Some(RateField::Zero) => Slot::Zero,
            Some(RateField::Special) | None => Slot::Special,
        };
        sums.add(slot, row.gross)?;
    }
    Ok(sums)
}

/// A sale's number in the code. Training receipts count for themselves.
pub(crate) fn number_of(receipt: &Receipt, incarnation: u32) -> String {
    let number = numbered(receipt.number, incarnation);
    if receipt.training { format!("T{number}") } else { number }
}

/// What kind of receipt a sale is.
pub(crate) fn kind_of(receipt: &Receipt) -> RksvKind {
    let back = |line: &Line| line.quantity.is_negative() && line.returned_from.is_some();
    if receipt.training {
        RksvKind::Training
    } else if !receipt.lines.is_empty() && receipt.lines.iter().all(back) {
        RksvKind::Cancellation
    } else {
        RksvKind::Standard
    }
}

const fn kind(kind: RksvKind) -> Kind {
    match kind {
        RksvKind::Start => Kind::Start,
        RksvKind::Standard => Kind::Standard,
        RksvKind::Cancellation => Kind::Cancellation,
        RksvKind::Training => Kind::Training,
        RksvKind::Zero => Kind::Zero,
        RksvKind::Monthly => Kind::Monthly,
        RksvKind::Yearly => Kind::Yearly,
        RksvKind::AfterOutage => Kind::AfterOutage,
        RksvKind::Closing => Kind::Closing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(json: serde_json::Value) -> Receipt {
        let mut whole = serde_json::json!({
            "number": 1, "day": 1, "basket": 1, "opened": "2026-11-26T08:00:00Z", "date": "2026-11-26",
            "hour": 9, "currency": "EUR", "lines": [], "tax": [], "total": 0, "tenders": [],
        });
        let object = whole.as_object_mut().expect("an object");
        object.extend(json.as_object().expect("an object").clone());
        serde_json::from_value(whole).expect("a receipt")
    }

    fn row(rate: u32, gross: i64) -> serde_json::Value {
        serde_json::json!({"key": 1, "rate": rate, "net": gross, "tax": 0, "gross": gross})
    }

    #[test]
    fn each_rate_has_its_field_and_the_new_one_shares_that_of_special_rates() {
        let rates = [
            row(2_000, 1),
            row(1_000, 20),
            row(1_300, 300),
            row(0, 4_000),
            row(490, 50_000),
            row(1_900, 600_000),
        ];
        let sums = sums_of(&receipt(serde_json::json!({"tax": rates}))).expect("in range");
        let minor = sums.all().map(|sum| sum.minor());
        assert_eq!(minor, [1, 20, 300, 4_000, 650_000]);
    }

    #[test]
    fn goods_that_all_come_back_are_a_cancellation_and_an_exchange_is_a_sale() {
        let back = serde_json::json!({"line": 1, "name": "Ware", "quantity": -1_000, "price": 199, "base": -199,
            "tax": 1, "group": 3, "returned_from": {"receipt": {"till": 1, "number": 1}, "line": 1}});
        let sold = serde_json::json!({"line": 2, "name": "Ware", "quantity": 1_000, "price": 199, "base": 199,
            "tax": 1, "group": 3});
        let of =
            |lines: &[&serde_json::Value]| kind_of(&receipt(serde_json::json!({"lines": lines})));
        assert_eq!(of(&[&back]), RksvKind::Cancellation);
        assert_eq!(of(&[&back, &sold]), RksvKind::Standard);
        assert_eq!(of(&[&sold]), RksvKind::Standard);
        assert_eq!(of(&[]), RksvKind::Standard);
        assert_eq!(kind_of(&receipt(serde_json::json!({"training": true}))), RksvKind::Training);
    }
}
