//! Receipts: found, shown, as printed.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64ct::{Base64, Encoding as _};
use domain::{Amount, ReceiptNo, ReceiptRef, TillId};
use jiff::civil::Date;
use money::Money;
use receipt::Document;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::ReceiptFilter;

use super::App;
use super::app::person_name;
use super::body::{Asked, At};
use super::catalogue::limit;
use super::problem::{Answer, Failure};
use crate::api::receipts::{
    HandedOverView, InvoiceFor, LineLeft, ReceiptDetail, ReceiptPage, ReceiptRow,
};
use crate::invoice::{invoice_of, limit as limit_of};
use crate::print;

/// Which receipts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageOf {
    #[serde(default)]
    q: String,
    from: Option<Date>,
    to: Option<Date>,
    till: Option<TillId>,
    training: Option<bool>,
    before: Option<String>,
    limit: Option<u32>,
}

pub(super) async fn page(
    State(app): State<App>,
    Asked(asked): Asked<PageOf>,
) -> Answer<Json<ReceiptPage>> {
    let shop = app.snapshot().await?;
    let currency = shop.settings.as_ref().ok_or_else(Failure::not_configured)?.currency;
    let most = limit(asked.limit, 50, 200);
    let coded = print::parse_receipt_code(&asked.q);
    let filters = filters(&asked, currency.minor_digits())?;
    let rows = app
        .read(move |reader| {
            let mut rows = Vec::new();
            for filter in &filters {
                rows.extend(reader.receipts(filter, most)?);
            }
            // A number may have been given before too, in the file that was lost.
            rows.retain(|row| coded.is_none_or(|code| code.incarnation == row.incarnation));
            rows.sort_by_key(|row| std::cmp::Reverse(row.seq));
            rows.dedup_by_key(|row| row.seq);
            rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            Ok(rows)
        })
        .await?;
    let full = usize::try_from(most).is_ok_and(|most| rows.len() >= most);
    let next = rows.last().filter(|_| full).map(|row| row.seq.to_string());
    let receipts = rows.into_iter().map(|row| ReceiptRow {
        till: row.till,
        number: row.number,
        incarnation: row.incarnation,
        day: row.day,
        at: row.at,
        person: row.person,
        person_name: person_name(&shop, row.person),
        total: Amount { amount: row.total, currency },
        lines: row.lines,
        training: row.training,
        copies: row.copies,
    });
    Ok(Json(ReceiptPage { receipts: receipts.collect(), next }))
}

/// What was asked for as filters: a text of digits may be a number or an amount, so there may be two.
fn filters(asked: &PageOf, digits: u8) -> Answer<Vec<ReceiptFilter>> {
    let before = asked.before.as_deref().map(str::parse).transpose();
    let base = ReceiptFilter {
        till: asked.till,
        from: asked.from,
        to: asked.to,
        training: asked.training,
        before: before.map_err(|_| Failure::bad_field("before"))?,
        ..ReceiptFilter::default()
    };
    let query = asked.q.trim();
    if query.is_empty() {
        return Ok(vec![base]);
    }
    if let Some(code) = print::parse_receipt_code(query) {
        let ReceiptRef { till, number } = code.receipt;
        return Ok(vec![ReceiptFilter { till: Some(till), number: Some(number), ..base }]);
    }
    let mut filters = Vec::new();
    if let Ok(number) = query.parse() {
        filters.push(ReceiptFilter { number: Some(ReceiptNo(number)), ..base.clone() });
    }
    if let Some(total) = amount(query, digits) {
        filters.push(ReceiptFilter { total: Some(total), ..base });
    }
    Ok(filters)
}

/// `12,99`, `12.9`, `-5`: an amount as people type it.
fn amount(text: &str, digits: u8) -> Option<Money> {
    let (negative, plain) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, part) = plain.split_once([',', '.']).unwrap_or((plain, ""));
    let digits = usize::from(digits);
    let digits_only = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || part.len() > digits || !digits_only(whole) || !digits_only(part) {
        return None;
    }
    let minor: i64 = format!("{whole}{part:0<digits$}").parse().ok()?;
    Some(if negative { Money::new(minor).negated() } else { Money::new(minor) })
}

/// Which of the receipts with that number.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// The training receipt instead of the real one.
    #[serde(default)]
    training: bool,
    /// Only the one of this incarnation: what the printed code says, 1 when it says none.
    incarnation: Option<u32>,
    /// With the fields of a Bewirtungsbeleg.
    #[serde(default)]
    hospitality: bool,
}

impl Which {
    fn fits(self, incarnation: u32) -> bool {
        self.incarnation.is_none_or(|wanted| wanted == incarnation)
    }
}

pub(super) async fn one(
    State(app): State<App>,
    At((till, number)): At<(TillId, ReceiptNo)>,
    Asked(which): Asked<Which>,
) -> Answer<Json<ReceiptDetail>> {
    let shop = app.snapshot().await?;
    let found = app
        .read(move |reader| {
            let Some(issued) = reader.receipt(till, which.training, number)? else {
                return Ok(None);
            };
            if !which.fits(issued.incarnation) {
                return Ok(None);
            }
            let row = reader.receipt_row(till, which.training, number)?;
            let sold = issued.receipt.lines.iter().filter(|l| l.quantity.thousandths() > 0);
            let left = sold.map(|line| {
                let returned = reader.returned(till, number, line.line)?;
                let left = line.quantity.thousandths().saturating_sub(returned.thousandths());
                Ok(LineLeft { line: line.line, left: left.max(0) })
            });
            let left: Vec<LineLeft> = left.collect::<Result<_, store::StoreError>>()?;
            let invoice = invoice_of(reader, &issued)?;
            let copies = row.as_ref().map_or(0, |row| row.copies);
            let ways = row.map_or(Ok(Vec::new()), |row| reader.handed_over(row.seq))?;
            Ok(Some((issued, left, (copies, ways), invoice)))
        })
        .await?;
    let (issued, left, (copies, ways), invoice) = found.ok_or_else(Failure::not_found)?;
    let country = shop.settings.as_ref().map(|settings| settings.country);
    let limit = country.map(|country| limit_of(country, issued.receipt.date));
    let invoice_advised = invoice.is_none()
        && !issued.receipt.training
        && limit.is_some_and(|limit| issued.receipt.total > limit);
    let invoice = invoice.map(|of| InvoiceFor {
        customer: of.customer,
        title: shop.customers.title(of.customer),
        on_account: of.on_account,
        edition: u32::try_from(of.edition).unwrap_or(u32::MAX),
    });
    let person_name = person_name(&shop, issued.person);
    let left = if which.training { Vec::new() } else { left };
    let handed_over = ways.into_iter().map(|(way, at)| HandedOverView { way, at }).collect();
    Ok(Json(ReceiptDetail {
        issued,
        person_name,
        left,
        copies,
        handed_over,
        invoice,
        invoice_advised,
    }))
}

/// How often it is looked whether a receipt is signed, and how many times: some seconds in all.
const SIGNED_LOOK: Duration = Duration::from_millis(25);
const SIGNED_LOOKS: u32 = 240;

/// Waits until a receipt is signed, or known not to be; not for ever: it is shown then as it stands.
async fn signed(app: &App, till: TillId, number: ReceiptNo, which: Which) -> Answer<()> {
    for _ in 0..SIGNED_LOOKS {
        let waits = app.read(move |reader| {
            let row = reader.receipt_row(till, which.training, number)?;
            let Some(row) = row else { return Ok(false) };
            let Some(issued) = reader.receipt_at(row.seq)? else { return Ok(false) };
            reader.is_being_signed(domain::signing::Subject::Basket(issued.receipt.basket))
        });
        if !waits.await? {
            return Ok(());
        }
        tokio::time::sleep(SIGNED_LOOK).await;
    }
    Ok(())
}

async fn printed(
    app: &App,
    till: TillId,
    number: ReceiptNo,
    which: Which,
) -> Answer<(Document, u8)> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    signed(app, till, number, which).await?;
    let now = Arc::clone(&settings);
    let found = app
        .read(move |reader| {
            let row = reader.receipt_row(till, which.training, number)?;
            let Some(row) = row.filter(|row| which.fits(row.incarnation)) else { return Ok(None) };
            let Some(issued) = reader.receipt_at(row.seq)? else { return Ok(None) };
            let beside = print::beside(reader, &issued)?;
            let then = reader.settings_before(row.seq)?;
            let logo = print::logo(reader, then.as_ref().unwrap_or(&now))?;
            Ok(Some((issued, then, beside, logo)))
        })
        .await?;
    let (issued, then, beside, logo) = found.ok_or_else(Failure::not_found)?;
    // The head of the shop, the till and the texts are those of the receipt, not today's.
    let then = then.as_ref().unwrap_or(&settings);
    // The one that was printed when it was issued is the original: whatever is made of it here is not.
    let person = person_name(&shop, issued.person);
    let mut data = print::receipt_data(then, &person, &issued, &beside, Some(1));
    data.shop.logo = logo;
    if which.hospitality {
        if !then.country.profile().hospitality {
            return Err(Failure::not_in_country());
        }
        data.hospitality = Some(print::hospitality(then, &issued));
    }
    let columns = settings.tills.iter().find(|t| t.id == till).map_or(42, |t| t.columns);
    Ok((receipt::receipt_document(&data), columns))
}

pub(super) async fn html(
    State(app): State<App>,
    At((till, number)): At<(TillId, ReceiptNo)>,
    Asked(which): Asked<Which>,
) -> Answer<Response> {
    Ok(page_of(&printed(&app, till, number, which).await?.0))
}

pub(super) async fn text(
    State(app): State<App>,
    At((till, number)): At<(TillId, ReceiptNo)>,
    Asked(which): Asked<Which>,
) -> Answer<Response> {
    let (document, columns) = printed(&app, till, number, which).await?;
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((headers, receipt::render_text(&document, columns)).into_response())
}

/// A document as a page of its own: no script, the one style it brings, shown in the shop's pages only.
pub(super) fn page_of(document: &Document) -> Response {
    page_with(receipt::render_html(document, &receipt::HtmlOptions::default()), receipt::STYLE)
}

/// A page of its own with its one style.
pub(super) fn page_with(page: String, style: &str) -> Response {
    let digest = Base64::encode_string(&Sha256::digest(style.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'self'; sandbox allow-same-origin allow-modals"
    );
    let policy = HeaderValue::from_str(&policy)
        .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (headers, page).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        assert_eq!(amount("12,99", 2), Some(Money::new(1_299)));
        assert_eq!(amount("12.9", 2), Some(Money::new(1_290)));
        assert_eq!(amount("-5", 2), Some(Money::new(-500)));
        for text in ["", "12,999", "1 2", "12,9,9", "٥", "9223372036854775807"] {
            assert_eq!(amount(text, 2), None, "{text}");
        }
    }
}
