//! Vouchers: what is left on one at the till, and the office's list of them.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::settings::Settings;
use domain::voucher::{Voucher, VoucherKind};
use domain::{Amount, TillId, VoucherId};
use jiff::civil::Date;
use money::Money;
use serde::Deserialize;
use store::VoucherFilter;

use super::App;
use super::app::person_name;
use super::body::{Asked, At, Body};
use super::catalogue::limit;
use super::guard::Caller;
use super::problem::{Answer, Failure};
use crate::api::vouchers::{
    VoucherCodeAsked, VoucherDetail, VoucherPage, VoucherPosting, VoucherRow, VoucherView,
};

/// Postings of one voucher that are shown.
const POSTINGS: u32 = 500;
/// Rows that a file takes at a time.
const CHUNK: u32 = 500;

/// Which vouchers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageOf {
    q: Option<String>,
    #[serde(default)]
    open: bool,
    before: Option<VoucherId>,
    limit: Option<u32>,
}

fn own(settings: &Settings, amount: Money) -> Amount {
    Amount { amount, currency: settings.currency }
}

fn view(settings: &Settings, today: Date, voucher: Voucher) -> VoucherView {
    VoucherView {
        balance: own(settings, voucher.balance),
        expired: today > voucher.expires,
        id: voucher.id,
        last4: voucher.last4,
        of: voucher.kind,
        expires: voucher.expires,
        blocked: voucher.blocked,
    }
}

fn row(settings: &Settings, today: Date, row: store::VoucherRow) -> VoucherRow {
    let voucher = view(settings, today, row.voucher);
    VoucherRow { voucher, receipt: row.receipt, sold: row.sold }
}

/// What is left on the voucher of a code. Counted like a try to pay with it.
pub(super) async fn balance(
    State(app): State<App>,
    At(till): At<TillId>,
    caller: Caller,
    Body(asked): Body<VoucherCodeAsked>,
) -> Answer<Json<VoucherView>> {
    caller.at(till)?;
    let settings = app.settings().await?;
    let today = app.local(&settings).date();
    let voucher = app.engine().voucher(till, caller.actor(), asked.code).await?;
    Ok(Json(view(&settings, today, voucher)))
}

pub(super) async fn page(
    State(app): State<App>,
    Asked(asked): Asked<PageOf>,
) -> Answer<Json<VoucherPage>> {
    let settings = app.settings().await?;
    let today = app.local(&settings).date();
    let most = limit(asked.limit, 50, 200);
    let filter = VoucherFilter { before: asked.before, open: asked.open, find: asked.q };
    let (found, (liability, open)) = app
        .read(move |reader| Ok((reader.vouchers(&filter, most)?, reader.voucher_liability()?)))
        .await?;
    let full = usize::try_from(most).is_ok_and(|most| found.len() >= most);
    let next = found.last().filter(|_| full).map(|row| row.voucher.id);
    let vouchers = found.into_iter().map(|found| row(&settings, today, found)).collect();
    Ok(Json(VoucherPage { vouchers, next, liability: own(&settings, liability), open }))
}

pub(super) async fn one(
    State(app): State<App>,
    At(id): At<VoucherId>,
) -> Answer<Json<VoucherDetail>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let today = app.local(&settings).date();
    let found = app
        .read(move |reader| {
            let Some(found) = reader.voucher(id)? else { return Ok(None) };
            Ok(Some((found, reader.voucher_postings(id, POSTINGS)?)))
        })
        .await?;
    let (found, postings) = found.ok_or_else(Failure::not_found)?;
    let postings = postings.into_iter().map(|posting| VoucherPosting {
        seq: posting.seq,
        kind: posting.kind,
        amount: own(&settings, posting.amount),
        receipt: posting.receipt,
        paid: posting.paid,
        reason: posting.reason,
        person: posting.person,
        person_name: posting.person.map_or_else(String::new, |person| person_name(&shop, person)),
        at: posting.at,
    });
    let postings = postings.collect();
    Ok(Json(VoucherDetail { row: row(&settings, today, found), postings }))
}

/// All vouchers as a file for a spreadsheet.
pub(super) async fn export(State(app): State<App>) -> Answer<Response> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let head = [
        "voucher", "last4", "kind", "tax_key", "balance", "expires", "blocked", "sold", "till",
        "receipt",
    ];
    writer.write_record(head).map_err(Failure::not_stored)?;
    let mut before = None;
    loop {
        let filter = VoucherFilter { before, ..VoucherFilter::default() };
        let rows = app.read(move |reader| reader.vouchers(&filter, CHUNK)).await?;
        let Some(last) = rows.last() else { break };
        before = Some(last.voucher.id);
        for row in &rows {
            let voucher = &row.voucher;
            let kind = match voucher.kind {
                VoucherKind::MultiPurpose => "multi_purpose",
                VoucherKind::SinglePurpose { .. } => "single_purpose",
            };
            let record = [
                voucher.id.to_string(),
                voucher.last4.clone(),
                kind.to_owned(),
                voucher.kind.tax().to_string(),
                voucher.balance.minor().to_string(),
                voucher.expires.to_string(),
                voucher.blocked.to_string(),
                row.sold.to_string(),
                row.receipt.till.to_string(),
                row.receipt.number.to_string(),
            ];
            writer.write_record(record).map_err(Failure::not_stored)?;
        }
    }
    let bytes = writer.into_inner().map_err(Failure::not_stored)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"vouchers.csv\""),
    ];
    Ok((headers, bytes).into_response())
}
