//! The invoice of a receipt on account, as a page.

use axum::extract::State;
use axum::response::Response;
use domain::{ReceiptNo, ReceiptRef, TillId};

use super::App;
use super::body::At;
use super::problem::{Answer, Failure};
use super::receipts::page_with;
use crate::personal::details_of;
use crate::print;

pub(super) async fn html(
    State(app): State<App>,
    At((till, number)): At<(TillId, ReceiptNo)>,
) -> Answer<Response> {
    let now = app.settings().await?;
    let invoice = app
        .read(move |reader| {
            let Some(row) = reader.receipt_row(till, false, number)? else { return Ok(None) };
            let Some(issued) = reader.receipt_at(row.seq)? else { return Ok(None) };
            let Some((of, _)) = print::on_account(&issued) else { return Ok(None) };
            let then = reader.settings_before(row.seq)?;
            let item = reader.account_item(ReceiptRef { till, number })?;
            let billed = print::Billed {
                then: then.as_ref().unwrap_or(&now),
                now: &now,
                details: details_of(reader, of.customer, of.version)?,
                item: item.filter(|(customer, _)| *customer == of.customer).map(|(_, item)| item),
                sources: print::beside(reader, &issued)?.sources,
            };
            Ok(print::invoice(&issued, &billed))
        })
        .await?;
    let invoice = invoice.ok_or_else(Failure::not_found)?;
    Ok(page_with(receipt::render_invoice(&invoice), receipt::INVOICE_STYLE))
}
