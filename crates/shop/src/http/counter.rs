//! The counter of a demo on one page: the customer's display, a telephone, and the simulated devices side by side, each called what it
//! is. A shop with real devices has no such page.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use base64ct::{Base64, Encoding as _};
use domain::TillId;
use sha2::{Digest as _, Sha256};

use super::App;
use super::problem::{Answer, Failure};

/// A simulated device that has a page of its own on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulator {
    /// What it is, in German.
    pub de: &'static str,
    /// In English.
    pub en: &'static str,
    /// The address of its page.
    pub page: String,
}

/// The till whose customer stands here.
const TILL: TillId = TillId(1);

const STYLE: &str = "
:root{color-scheme:light dark}
body{margin:0;padding:16px;font:16px/1.4 system-ui,sans-serif;background:#efede8;color:#111}
header{display:flex;flex-wrap:wrap;gap:6px 20px;align-items:baseline;margin-bottom:12px}
h1{font-size:20px;margin:0}h2{font-size:16px;margin:0;display:flex;flex-wrap:wrap;gap:6px 10px;align-items:center;align-content:end}
.sign{background:#b3261e;color:#fff;padding:1px 8px;border-radius:4px;font-size:13px;font-weight:600}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:16px}
section{display:grid;grid-template-rows:1fr auto;gap:8px;min-width:0}
a{color:inherit;display:inline-block;padding:10px 2px}
h2 a{font-weight:400;font-size:14px;margin-left:auto}
iframe{width:100%;height:520px;border:1px solid #8a8780;border-radius:8px;background:Canvas;box-sizing:border-box}
main.phone{max-width:24em;margin:0 auto;text-align:center;padding:24px 8px}
.go{background:#1d4f8c;color:#fff;border-radius:8px;padding:12px 18px;text-decoration:none;margin:12px}
@media(prefers-color-scheme:dark){body{background:#1a1a19;color:#eee}iframe{border-color:#66645f}}
";

/// The routes; they lead nowhere in a shop without simulators.
pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/counter", get(show))
        .route("/counter/phone", get(phone))
        .route("/counter/phone/scan", get(scan))
}

fn english(headers: &HeaderMap) -> bool {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    wanted.is_some_and(|wanted| wanted.trim_start().to_ascii_lowercase().starts_with("en"))
}

/// What a panel shows, and where that is to be had alone.
fn panel(simulated: bool, name: &str, page: &str, (open, more): (&str, &str)) -> String {
    let name = receipt::escape(name);
    let page = receipt::escape(page);
    let sign = if simulated { "<span class=\"sign\">Simulator</span> " } else { "" };
    format!(
        "<section><h2>{sign}{name}{more}<a href=\"{page}\" target=\"_blank\" rel=\"noopener\" aria-label=\"{open}: {name}\">{open}</a></h2>\
         <iframe src=\"{page}\" title=\"{name}\"{}></iframe></section>\n",
        if more.is_empty() { "" } else { " name=\"phone\"" }
    )
}

async fn show(State(app): State<App>, headers: HeaderMap) -> Answer<Response> {
    if app.simulators().is_empty() {
        return Err(Failure::not_found());
    }
    let en = english(&headers);
    let say = |de: &'static str, english: &'static str| if en { english } else { de };
    let open = say("allein öffnen", "open alone");
    let scan = format!(
        " <a href=\"/counter/phone/scan\" target=\"phone\">{}</a>",
        say("QR-Code der Kundenanzeige scannen", "Scan the display’s QR code")
    );
    let mut panels = panel(
        false,
        say("Kundenanzeige (Browser)", "Customer display (browser)"),
        &format!("/display/{TILL}"),
        (open, ""),
    );
    panels.push_str(&panel(
        true,
        say("Handy des Kunden", "The customer’s phone"),
        "/counter/phone",
        (open, &scan),
    ));
    for one in app.simulators() {
        panels.push_str(&panel(true, say(one.de, one.en), &one.page, (open, "")));
    }
    let body = format!(
        "<header><h1>{}</h1><a href=\"/till/{TILL}\" target=\"_blank\" rel=\"noopener\">{}</a>\
         <a href=\"/office\" target=\"_blank\" rel=\"noopener\">{}</a></header>\n\
         <main class=\"grid\">\n{panels}</main>",
        say("Die Theke des Demoladens", "The counter of the demo shop"),
        say("Kasse öffnen", "Open the till"),
        say("Büro öffnen", "Open the office"),
    );
    Ok(sent(en, say("Theke – Simulatoren", "Counter – simulators"), &body))
}

/// The telephone before it has read anything.
async fn phone(State(app): State<App>, headers: HeaderMap) -> Answer<Response> {
    if app.simulators().is_empty() {
        return Err(Failure::not_found());
    }
    Ok(empty_phone(english(&headers), false))
}

/// Reads the code on the customer's display, as a camera would, and goes where it leads.
async fn scan(State(app): State<App>, headers: HeaderMap) -> Answer<Response> {
    if app.simulators().is_empty() {
        return Err(Failure::not_found());
    }
    let view = app.engine().view(TILL).await?;
    let shown = crate::view::display_of(&view).receipt.and_then(|page| page.qr);
    Ok(match shown {
        Some(code) => Redirect::to(&code.payload).into_response(),
        None => empty_phone(english(&headers), true),
    })
}

fn empty_phone(en: bool, in_vain: bool) -> Response {
    let say = |de: &'static str, english: &'static str| if en { english } else { de };
    let said = if in_vain {
        say(
            "Auf der Kundenanzeige steht gerade kein QR-Code. Er erscheint nach dem Bezahlen für 90 Sekunden.",
            "There is no QR code on the customer display just now. It appears after paying, for 90 seconds.",
        )
    } else {
        say(
            "Hier öffnet sich der Beleg, auf den der QR-Code der Kundenanzeige führt.",
            "The receipt that the QR code on the customer display leads to opens here.",
        )
    };
    let go = say("QR-Code scannen", "Scan the QR code");
    let body = format!(
        "<main class=\"phone\"><p>{said}</p><a class=\"go\" href=\"/counter/phone/scan\">{go}</a></main>"
    );
    sent(en, say("Handy (Simulator)", "Phone (simulator)"), &body)
}

fn sent(en: bool, title: &str, body: &str) -> Response {
    let language = if en { "en" } else { "de" };
    let html = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    );
    let digest = Base64::encode_string(&Sha256::digest(STYLE.as_bytes()));
    // Simulators listen on this very machine, each at a port of its own.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; frame-src 'self' http://127.0.0.1:*; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'self'"
    );
    let policy = HeaderValue::from_str(&policy)
        .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, html).into_response()
}
