//! Pages of receipts for customers: found under an id that nobody guesses, without signing in, and nothing else is.

use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64ct::{Base64, Encoding as _};
use domain::digital::{host_name, web_host};
use domain::receipt::HandedOver;
use sha2::{Digest as _, Sha256};
use store::ReceiptLink;

use super::App;
use super::app::person_name;
use super::problem::{Answer, Failure};
use crate::digital::{
    Paperless, Sheet, gone_html, linked, note_handed_over, page_html, paperless, pdf, read_id,
    receipt_json,
};

/// How often it is looked whether a receipt is signed, and how many times: some seconds in all.
const LOOK: Duration = Duration::from_millis(25);
const LOOKS: u32 = 240;

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// The routes. They are outside of the API: telephones ask for them, not our pages.
pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/r/{id}", get(page))
        .route("/r/{id}/receipt.pdf", get(roll))
        .route("/r/{id}/a4.pdf", get(a4))
        .route("/r/{id}/receipt.json", get(json))
}

/// True for a request for a page of a receipt under the name that the owner gave for it.
pub(super) async fn is_asked_for(app: &App, path: &str, host: &str) -> bool {
    if !path.starts_with("/r/") {
        return false;
    }
    let Ok(settings) = app.settings().await else { return false };
    let Some(page) = settings.digital().page else { return false };
    web_host(page.address())
        .is_some_and(|(own, _)| host_name(own).eq_ignore_ascii_case(host_name(host)))
}

/// The receipt of an id; the outer error is nobody's fault, the inner one says that there is none.
async fn find(app: &App, text: &str) -> Answer<Result<(Paperless, ReceiptLink), Response>> {
    let now = app.now();
    let found = match read_id(text) {
        Some(id) => app.read(move |reader| linked(reader, &id, now)).await?,
        None => None,
    };
    let Some(link) = found else {
        let status = if app.engine().outlet().missed(app.clock().elapsed()) {
            StatusCode::NOT_FOUND
        } else {
            StatusCode::TOO_MANY_REQUESTS
        };
        let (html, style) = gone_html();
        return Ok(Err((status, sent_html(html, &style)).into_response()));
    };
    let shop = app.snapshot().await?;
    for look in 0.. {
        let people = shop.clone();
        let seq = link.seq;
        let read = app.read(move |reader| paperless(reader, &|id| person_name(&people, id), seq));
        let Some(of) = read.await? else { return Err(Failure::not_found()) };
        if !of.is_unfinished() || look >= LOOKS {
            return Ok(Ok((of, link)));
        }
        tokio::time::sleep(LOOK).await;
    }
    Err(Failure::not_found())
}

async fn page(State(app): State<App>, Path(id): Path<String>) -> Answer<Response> {
    let (of, link) = match find(&app, &id).await? {
        Ok(found) => found,
        Err(gone) => return Ok(gone),
    };
    let seq = link.seq;
    let ways = app.read(move |reader| reader.handed_over(seq)).await?;
    if ways.iter().all(|(way, _)| *way != HandedOver::Page) {
        note_handed_over(app.engine(), app.now(), seq, HandedOver::Page).await;
    }
    let (html, style) = page_html(&of, link.until, &id);
    Ok(sent_html(html, &style))
}

async fn roll(State(app): State<App>, Path(id): Path<String>) -> Answer<Response> {
    as_pdf(&app, &id, Sheet::Roll).await
}

async fn a4(State(app): State<App>, Path(id): Path<String>) -> Answer<Response> {
    as_pdf(&app, &id, Sheet::A4).await
}

async fn as_pdf(app: &App, id: &str, sheet: Sheet) -> Answer<Response> {
    let of = match find(app, id).await? {
        Ok((of, _)) => of,
        Err(gone) => return Ok(gone),
    };
    let name = of.file_name("pdf");
    let made = tokio::task::spawn_blocking(move || pdf(&of, &receipt_json(&of), sheet)).await;
    let bytes = made.map_err(Failure::not_stored)?.map_err(Failure::not_stored)?;
    Ok(sent_file(&name, "application/pdf", bytes))
}

async fn json(State(app): State<App>, Path(id): Path<String>) -> Answer<Response> {
    let of = match find(&app, &id).await? {
        Ok((of, _)) => of,
        Err(gone) => return Ok(gone),
    };
    let text = receipt_json(&of);
    Ok(sent_file(&of.file_name("json"), "application/json", text.into_bytes()))
}

fn sent_html(html: String, style: &str) -> Response {
    let digest = Base64::encode_string(&Sha256::digest(style.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    );
    let policy = HeaderValue::from_str(&policy)
        .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (ROBOTS, HeaderValue::from_static("noindex, nofollow, noarchive")),
    ];
    (headers, html).into_response()
}

fn sent_file(name: &str, media: &'static str, bytes: Vec<u8>) -> Response {
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (ROBOTS, HeaderValue::from_static("noindex, nofollow, noarchive")),
    ];
    (headers, bytes).into_response()
}
