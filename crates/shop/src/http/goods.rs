//! What a scanned code means, and recalled batches.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use domain::goods::{Recall, RecalledGoods};
use domain::settings::Settings;
use domain::{ReceiptNo, ReceiptRef, TillId};
use gs1::{InStoreKind, Scan};
use jiff::civil::Date;
use serde::Deserialize;
use store::{Reader, StoreError};

use super::App;
use super::body::{Asked, unreadable};
use super::problem::{Answer, Failure};
use crate::api::goods::{CodeMeaning, RecallList, RecallRow};
use crate::import::read_recalls;

/// A code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeAsked {
    code: String,
}

pub(super) async fn meaning(
    State(app): State<App>,
    Asked(asked): Asked<CodeAsked>,
) -> Answer<Json<CodeMeaning>> {
    let settings = app.settings().await?;
    let year = u16::try_from(app.local(&settings).year()).unwrap_or(2000);
    if asked.code.chars().count() > gs1::MAX_SCAN_BYTES {
        return Err(Failure::bad_field("code"));
    }
    Ok(Json(app.read(move |reader| mean(reader, &settings, year, &asked.code)).await?))
}

/// What a code means in this shop.
fn mean(
    reader: &Reader,
    settings: &Settings,
    year: u16,
    code: &str,
) -> Result<CodeMeaning, StoreError> {
    let code = code.trim();
    let plain: String = code.chars().filter(|c| !c.is_control()).take(60).collect();
    let mut meaning = CodeMeaning { code: plain, ..CodeMeaning::default() };
    if let Some(receipt) = receipt_of(code) {
        let (till, number) = (receipt.till, receipt.number);
        meaning.receipt = reader.receipt(till, false, number)?.is_some().then_some(receipt);
        return Ok(meaning);
    }
    let scan = match gs1::parse_scan(code) {
        Ok(scan) => scan,
        Err(error) => {
            // A shop's own code may look like a misread one: the catalogue decides.
            if !own(reader, &mut meaning, &[code.to_owned()])? {
                meaning.own_coupon = own_coupon(settings, code);
                let unreadable = || error.code().to_owned();
                meaning.unreadable = meaning.own_coupon.is_none().then(unreadable);
            }
            return Ok(meaning);
        }
    };
    let mut keys = Vec::new();
    let mut carried = None;
    match &scan {
        Scan::Gtin(gtin) => {
            gtin.shortest().clone_into(&mut meaning.code);
            keys = gtin.lookup_keys();
            let code13 = gtin.as_13();
            let rules = &settings.in_store_codes;
            let label = code13.and_then(|code| gs1::match_in_store(code, rules).ok().flatten());
            if let Some(label) = label {
                if matches!(label.kind, InStoreKind::Weight | InStoreKind::Count) {
                    carried = Some(label.value);
                }
                meaning.code.clone_from(&label.lookup);
                keys = vec![label.lookup, label.item];
            }
        }
        Scan::Elements(elements) => {
            let date = |short: gs1::ShortDate| {
                let (year, month, day) = short.resolve(year);
                let [month, day] = [month, day].map(i8::try_from);
                Date::new(i16::try_from(year).ok()?, month.ok()?, day.ok()?).ok()
            };
            if let Some(gtin) = elements.gtin() {
                gtin.shortest().clone_into(&mut meaning.code);
                keys = gtin.lookup_keys();
            }
            carried = elements.weight_grams();
            meaning.batch = elements.lot().map(str::to_owned);
            meaning.serial = elements.serial().map(str::to_owned);
            meaning.use_by = elements.expiry().and_then(date);
            meaning.best_before = elements.best_before().and_then(date);
        }
        Scan::Url(text) | Scan::Text(text) => {
            meaning.code.clone_from(text);
            keys.push(text.clone());
        }
        _ => {}
    }
    own(reader, &mut meaning, &keys)?;
    if meaning.item.is_none() {
        meaning.coupon = gs1::coupon(&scan).map(|coupon| coupon.kind.code().to_owned());
        meaning.own_coupon = own_coupon(settings, code);
    } else if carried.is_some() {
        meaning.quantity = carried;
    }
    Ok(meaning)
}

/// The name of the shop's own coupon that a code is.
fn own_coupon(settings: &Settings, code: &str) -> Option<String> {
    domain::coupon::presented(settings, code).map(|(coupon, _)| coupon.name.clone())
}

/// The item with one of these codes, or this number; false where there is none.
fn own(reader: &Reader, meaning: &mut CodeMeaning, keys: &[String]) -> Result<bool, StoreError> {
    let item = match reader.item_by_keys(keys)? {
        Some(hit) => {
            let code = hit.item.draft.codes.iter().find(|code| code.code == hit.code);
            meaning.quantity = code.map(|code| code.quantity.thousandths());
            Some(hit.item)
        }
        None => match keys.first() {
            Some(number) => reader.item_by_number(number)?,
            None => None,
        },
    };
    let Some(item) = item else { return Ok(false) };
    meaning.item = Some(item.id);
    meaning.name = Some(item.draft.name);
    Ok(true)
}

/// `R1-4812`, as receipts carry it.
fn receipt_of(code: &str) -> Option<ReceiptRef> {
    let (till, number) = code.strip_prefix(['R', 'r'])?.split_once('-')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(till) || !digits(number) {
        return None;
    }
    Some(ReceiptRef { till: TillId(till.parse().ok()?), number: ReceiptNo(number.parse().ok()?) })
}

/// Which recalls.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecallsAsked {
    /// Also those that were lifted.
    #[serde(default)]
    lifted: bool,
}

pub(super) async fn recalls(
    State(app): State<App>,
    Asked(asked): Asked<RecallsAsked>,
) -> Answer<Json<Vec<RecallRow>>> {
    let rows = app.read(move |reader| {
        let mut rows = Vec::new();
        for (_, body) in reader.parts("recall")? {
            let recall: Recall = serde_json::from_str(&body)?;
            if recall.lifted.is_some() && !asked.lifted {
                continue;
            }
            let item = match &recall.goods {
                RecalledGoods::Item(item) => reader.item(*item)?,
                RecalledGoods::Gtin(gtin) => {
                    let keys = gs1::Gtin::parse(gtin).map(|gtin| gtin.lookup_keys());
                    reader.item_by_keys(&keys.unwrap_or_default())?.map(|hit| hit.item)
                }
            };
            rows.push(RecallRow { recall, name: item.map(|item| item.draft.name) });
        }
        rows.reverse();
        Ok(rows)
    });
    Ok(Json(rows.await?))
}

pub(super) async fn read_list(
    State(app): State<App>,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Json<RecallList>> {
    let bytes = body.map_err(|rejection| unreadable(&rejection))?;
    let list = app.read(move |reader| {
        let mut fault = None;
        let list = read_recalls(&bytes, &mut |number| match reader.item_by_number(number) {
            Ok(item) => item.map(|item| item.id),
            Err(error) => {
                fault = Some(error);
                None
            }
        });
        match fault {
            Some(error) => Err(error),
            None => Ok(list),
        }
    });
    Ok(Json(list.await?))
}
