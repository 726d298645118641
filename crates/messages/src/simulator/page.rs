//! The page of a simulator: what came, newest first, and a switch for each fault. No script; it reloads itself.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::{Came, Fault, Shared};

const STYLE: &str = "
:root{color-scheme:light dark}
body{margin:0 auto;padding:1rem;max-width:46rem;font:1rem/1.45 system-ui,sans-serif;background:#dcdad4;color:#111}
h1{font-size:1.2rem}.sign{background:#b3261e;color:#fff;padding:.1rem .5rem;border-radius:.2rem}
form{display:inline}button{min-height:44px;margin:.15rem;padding:0 .8rem;font:inherit;border:2px solid #555;border-radius:.4rem;background:#fff;color:#111;cursor:pointer}
button[aria-pressed=true]{background:#b3261e;color:#fff;border-color:#b3261e}
article{margin:1rem 0;padding:1rem;background:#fff;color:#111;border-radius:.6rem;overflow-wrap:anywhere}
article pre{white-space:pre-wrap;margin:.5rem 0 0;font:14px/1.35 ui-monospace,monospace}dl{display:grid;grid-template-columns:auto 1fr;gap:.1rem .8rem;margin:0}dd{margin:0}
iframe{width:100%;height:30rem;border:1px solid #999;background:#fff;margin-top:.6rem}
@media (prefers-color-scheme:dark){body{background:#1b1b1b;color:#eee}}
";

/// What a page is about.
#[derive(Clone)]
pub(crate) struct Page {
    pub(crate) title: &'static str,
    pub(crate) shared: Shared,
    /// Where to send things, as a person has to type it in.
    pub(crate) at: String,
}

pub(crate) fn router(page: Page) -> Router {
    Router::new()
        .route("/", get(show))
        .route("/fault/{which}", post(fault))
        .route("/part/{message}/{part}", get(part))
        .with_state(page)
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn words(fault: Fault) -> &'static str {
    match fault {
        Fault::None => "kein Fehler · no fault",
        Fault::Server => "Serverfehler · server error",
        Fault::Slow => "sehr langsam · very slow",
        Fault::Refused => "Empfänger abgelehnt · receiver refused",
        Fault::Login => "Anmeldung abgelehnt · login refused",
        Fault::Lost => "Verbindung bricht nach der Übergabe · connection lost after the data",
        Fault::Gone => "nicht erreichbar · gone",
    }
}

async fn show(State(page): State<Page>) -> Html<String> {
    let now = page.shared.fault();
    let switches: String = Fault::ALL
        .iter()
        .map(|(fault, name)| {
            format!(
                "<form method=\"post\" action=\"/fault/{name}\"><button aria-pressed=\"{}\">{}</button></form>",
                *fault == now,
                words(*fault)
            )
        })
        .collect();
    let came = page.shared.came();
    let articles: String =
        came.iter().enumerate().rev().map(|(at, came)| article(at, came)).collect();
    let empty =
        if came.is_empty() { "<p>Noch nichts gekommen · nothing came yet</p>" } else { "" };
    Html(format!(
        "<!doctype html><html lang=\"de\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"5\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Simulator: {title}</title>\
         <style>{STYLE}</style></head><body><main><h1><span class=\"sign\">SIMULATOR</span> {title}</h1><p>{at}</p>\
         <p>Hier kommt nichts bei echten Menschen an. · Nothing here reaches anybody.</p>\
         <div>{switches}</div>{empty}{articles}</main></body></html>",
        title = page.title,
        at = escape(&page.at),
    ))
}

/// Head and body of a mail.
fn head_of<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let head = text.split_once("\r\n\r\n").map_or(text, |(head, _)| head);
    head.lines().find_map(|line| {
        let (own, value) = line.split_once(": ")?;
        own.eq_ignore_ascii_case(name).then_some(value)
    })
}

fn article(at: usize, came: &Came) -> String {
    let sealed = if came.sealed { "TLS" } else { "–" };
    let mut facts = format!(
        "<dt>Von · from</dt><dd>{}</dd><dt>An · to</dt><dd>{}</dd><dt>Anmeldung · login</dt><dd>{}</dd><dt>TLS</dt><dd>{sealed}</dd>",
        escape(&came.from),
        escape(&came.to),
        escape(&came.login)
    );
    let parts = parts(&came.body);
    if parts.is_empty() {
        return format!("<article><dl>{facts}</dl><pre>{}</pre></article>", linked(&came.body));
    }
    if let Some(subject) = head_of(&came.body, "Subject") {
        facts.push_str(&format!(
            "<dt>Betreff · subject</dt><dd>{}</dd>",
            escape(&words_of(subject))
        ));
    }
    let mut shown = String::new();
    for (number, part) in parts.iter().enumerate() {
        if part.media.starts_with("text/html") {
            shown.push_str(&format!(
                "<iframe sandbox src=\"/part/{at}/{number}\" title=\"HTML\"></iframe>"
            ));
        } else if part.media.starts_with("text/plain") {
            shown
                .push_str(&format!("<pre>{}</pre>", linked(&String::from_utf8_lossy(&part.bytes))));
        } else {
            let name = escape(&part.name);
            shown.push_str(&format!(
                "<p><a href=\"/part/{at}/{number}\">{name}</a> ({} Bytes)</p>",
                part.bytes.len()
            ));
        }
    }
    format!("<article><dl>{facts}</dl>{shown}</article>")
}

/// A text whose addresses of the web can be followed.
fn linked(text: &str) -> String {
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let bare = word.trim_end();
            if bare.starts_with("http://") || bare.starts_with("https://") {
                let address = escape(bare);
                let space = word.strip_prefix(bare).unwrap_or_default();
                format!("<a href=\"{address}\" rel=\"noreferrer\">{address}</a>{space}")
            } else {
                escape(word)
            }
        })
        .collect()
}

async fn fault(State(page): State<Page>, Path(which): Path<String>) -> Response {
    match Fault::named(&which) {
        Some(fault) => {
            page.shared.set_fault(fault);
            Redirect::to("/").into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn part(State(page): State<Page>, Path((at, part)): Path<(usize, usize)>) -> Response {
    let found = page.shared.came().get(at).and_then(|came| parts(&came.body).into_iter().nth(part));
    match found {
        Some(part) => {
            let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
            let headers = [
                (header::CONTENT_TYPE, part.media),
                (header::CONTENT_SECURITY_POLICY, policy.to_owned()),
            ];
            (headers, part.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A part of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) media: String,
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// The parts of a mail that hold something, whatever they stand in. As much of MIME as a letter of ours needs.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return Vec::new() };
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let Some(media) = head_of(&head, "Content-Type") else { return Vec::new() };
    if let Some(boundary) = parameter(media, "boundary") {
        let mark = format!("--{boundary}");
        return body
            .split(mark.as_str())
            .skip(1)
            .take_while(|piece| !piece.starts_with("--"))
            .flat_map(|piece| parts(piece.trim_start_matches("\r\n")))
            .collect();
    }
    let encoding = head_of(&head, "Content-Transfer-Encoding").unwrap_or_default();
    let bytes = match encoding.to_lowercase().as_str() {
        "base64" => {
            use base64ct::{Base64, Encoding as _};
            let plain: String = body.chars().filter(|c| !c.is_whitespace()).collect();
            Base64::decode_vec(&plain).unwrap_or_default()
        }
        "quoted-printable" => quoted(body),
        _ => body.trim_end_matches("\r\n").as_bytes().to_vec(),
    };
    let name = head_of(&head, "Content-Disposition").and_then(|of| parameter(of, "filename"));
    vec![Part { media: media.to_owned(), name: name.unwrap_or("attachment").to_owned(), bytes }]
}

fn parameter<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    let of =
        value.split(';').find_map(|piece| piece.trim().strip_prefix(name)?.strip_prefix('='))?;
    Some(of.trim_matches('"'))
}

fn quoted(body: &str) -> Vec<u8> {
    let body = body.trim_end_matches("\r\n").replace("=\r\n", "");
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (first, pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'=', Some(byte)) => {
                out.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            (other, _) => {
                out.push(*other);
                rest = after;
            }
        }
    }
    out
}

/// A head's text, with its encoded words (RFC 2047) read as UTF-8.
pub(crate) fn words_of(text: &str) -> String {
    let mut out = String::new();
    for word in text.split(' ') {
        let inner = word.strip_prefix("=?utf-8?b?").and_then(|rest| rest.strip_suffix("?="));
        match inner.and_then(|inner| {
            use base64ct::{Base64, Encoding as _};
            String::from_utf8(Base64::decode_vec(inner).ok()?).ok()
        }) {
            Some(read) => out.push_str(&read),
            None => {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(word);
            }
        }
    }
    out
}
