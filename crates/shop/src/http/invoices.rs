//! The invoice of a receipt: as a page, as XML, and as a PDF with that XML in it.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{ReceiptNo, TillId};
use fiscal::einvoice::Profile;
use serde::Deserialize;

use super::App;
use super::body::{Asked, At};
use super::problem::{Answer, Failure};
use super::receipts::page_with;
use crate::invoice::{Lack, Language, Made, made};

/// Which form of XML.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    /// What German authorities want.
    #[default]
    XRechnung,
    /// EN 16931 itself.
    En16931,
}

/// Which XML.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    #[serde(default)]
    profile: Form,
}

async fn find(app: &App, of: (TillId, ReceiptNo)) -> Answer<Made> {
    let now = app.settings().await?;
    let found = app.read(move |reader| made(reader, &now, of)).await?;
    found.ok_or_else(Failure::not_found)
}

pub(super) async fn html(
    State(app): State<App>,
    At(of): At<(TillId, ReceiptNo)>,
) -> Answer<Response> {
    let made = find(&app, of).await?;
    Ok(page_with(receipt::render_invoice(&made.invoice), receipt::INVOICE_STYLE))
}

pub(super) async fn xml(
    State(app): State<App>,
    At(of): At<(TillId, ReceiptNo)>,
    Asked(Wanted { profile }): Asked<Wanted>,
) -> Answer<Response> {
    let made = find(&app, of).await?;
    let profile = match profile {
        Form::XRechnung => Profile::XRechnung,
        Form::En16931 => Profile::En16931,
    };
    let xml = made.xml(profile).map_err(|lacks| incomplete(&made, &lacks))?;
    Ok(file(&made, "xml", "application/xml", xml.into_bytes()))
}

pub(super) async fn pdf(
    State(app): State<App>,
    At(of): At<(TillId, ReceiptNo)>,
) -> Answer<Response> {
    let made = find(&app, of).await?;
    let pdf = made.pdf().map_err(|lacks| incomplete(&made, &lacks))?;
    Ok(file(&made, "pdf", "application/pdf", pdf))
}

fn file(made: &Made, end: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"{}.{end}\"", made.invoice.number);
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, bytes).into_response()
}

/// All that is missing, a sentence each, in the shop's language.
fn incomplete(made: &Made, lacks: &[Lack]) -> Failure {
    let language = match made.now.language {
        domain::settings::Language::De => Language::German,
        domain::settings::Language::En => Language::English,
    };
    let words: Vec<String> = lacks.iter().map(|lack| lack.words(language)).collect();
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Failure::new(status, "invoice_incomplete", "something is missing for an electronic invoice")
        .detail(words.join(" "))
}
