//! The gateways of texts: the requests and answers of seven.io, of Twilio, and of any that takes a form or JSON. It shows the telephone.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64ct::{Base64, Encoding as _};
use tokio::net::TcpListener;

use super::brittle::BrittleListener;
use super::page::{Page, router};
use super::{Came, Fault, Shared};

/// Longer than anybody waits.
const SLOW: Duration = Duration::from_secs(120);

/// Which gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsKind {
    /// seven.io
    Seven,
    /// Twilio
    Twilio,
    /// Any other: `POST /send`, with `to` and `text` as form or JSON.
    Generic,
}

/// The gateway.
#[derive(Clone)]
pub struct SmsSink {
    kind: SmsKind,
    secret: String,
    shared: Shared,
}

impl SmsSink {
    /// A gateway that wants this key or token; an empty one wants none.
    #[must_use]
    pub fn new(kind: SmsKind, secret: &str) -> SmsSink {
        SmsSink { kind, secret: secret.to_owned(), shared: Shared::default() }
    }

    /// What came.
    #[must_use]
    pub fn came(&self) -> Vec<Came> {
        self.shared.came()
    }

    /// What goes wrong from now on.
    pub fn set_fault(&self, fault: Fault) {
        self.shared.set_fault(fault);
    }

    /// Takes texts at an address.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn listen(&self, address: SocketAddr) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind(address).await?;
        let bound = listener.local_addr()?;
        let routes = match self.kind {
            SmsKind::Seven => Router::new().route("/api/sms", post(seven)),
            SmsKind::Twilio => {
                Router::new().route("/2010-04-01/Accounts/{account}/Messages.json", post(twilio))
            }
            SmsKind::Generic => Router::new().route("/send", post(generic)),
        };
        let service =
            routes.layer(from_fn_with_state(self.clone(), faulty)).with_state(self.clone());
        let listener = BrittleListener(listener, self.shared.clone());
        tokio::spawn(async move { axum::serve(listener, service).await });
        Ok(bound)
    }

    /// Shows what came, on a page.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn serve_page(&self, address: SocketAddr, at: String) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind(address).await?;
        let bound = listener.local_addr()?;
        let page = Page { title: "SMS", shared: self.shared.clone(), at };
        tokio::spawn(async move { axum::serve(listener, router(page)).await });
        Ok(bound)
    }

    fn took(&self, fields: &[(String, String)], (from, to, text): (&str, &str, &str), login: &str) {
        let of = |name: &str| {
            let found = fields.iter().find(|(own, _)| own == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let (login, sealed) = (login.to_owned(), false);
        self.shared.took(Came { from: of(from), to: of(to), body: of(text), login, sealed });
    }
}

/// The faults that are the same for all of them.
async fn faulty(State(sink): State<SmsSink>, request: Request, next: Next) -> Response {
    let fault = sink.shared.fault();
    match fault {
        Fault::Slow => {
            tokio::time::sleep(SLOW).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        Fault::Server => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        // What breaks is the connection, not the gateway.
        _ => next.run(request).await,
    }
}

/// Fields of a form.
pub(crate) fn fields_of(body: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let plain = |text: &str| {
        let bytes = text.replace('+', " ").into_bytes();
        let mut out = Vec::with_capacity(bytes.len());
        let mut rest = bytes.as_slice();
        while let Some((first, after)) = rest.split_first() {
            let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
            match (first, pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
                (b'%', Some(byte)) => {
                    out.push(byte);
                    rest = after.get(2..).unwrap_or_default();
                }
                (other, _) => {
                    out.push(*other);
                    rest = after;
                }
            }
        }
        String::from_utf8_lossy(&out).into_owned()
    };
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (plain(name), plain(value)))
        .collect()
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn seven(State(sink): State<SmsSink>, headers: HeaderMap, body: Bytes) -> Response {
    let key = header_text(&headers, "x-api-key");
    let json = |code: &str| {
        let text = format!("{{\"success\":\"{code}\",\"total_price\":0.075,\"messages\":[]}}");
        ([(header::CONTENT_TYPE, "application/json")], text).into_response()
    };
    if sink.shared.fault() == Fault::Login || (!sink.secret.is_empty() && key != sink.secret) {
        return json("900");
    }
    if sink.shared.fault() == Fault::Refused {
        return json("202");
    }
    sink.took(&fields_of(&body), ("from", "to", "text"), key);
    json("100")
}

async fn twilio(
    State(sink): State<SmsSink>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let login = header_text(&headers, "authorization");
    let right =
        format!("Basic {}", Base64::encode_string(format!("{account}:{}", sink.secret).as_bytes()));
    let json = |status: StatusCode, text: &'static str| {
        (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
    };
    if sink.shared.fault() == Fault::Login || (!sink.secret.is_empty() && login != right) {
        return json(
            StatusCode::UNAUTHORIZED,
            "{\"code\":20003,\"message\":\"Authenticate\",\"status\":401}",
        );
    }
    if sink.shared.fault() == Fault::Refused {
        return json(
            StatusCode::BAD_REQUEST,
            "{\"code\":21211,\"message\":\"Invalid 'To' Phone Number\",\"status\":400}",
        );
    }
    sink.took(&fields_of(&body), ("From", "To", "Body"), &account);
    json(
        StatusCode::CREATED,
        "{\"sid\":\"SM00000000000000000000000000000000\",\"status\":\"queued\"}",
    )
}

async fn generic(State(sink): State<SmsSink>, headers: HeaderMap, body: Bytes) -> Response {
    let login = header_text(&headers, "authorization");
    if sink.shared.fault() == Fault::Login
        || (!sink.secret.is_empty() && !login.ends_with(&sink.secret))
    {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if sink.shared.fault() == Fault::Refused {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    let fields = match serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&body) {
        Ok(object) => {
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            object.iter().map(|(name, value)| (name.clone(), text(value))).collect()
        }
        Err(_) => fields_of(&body),
    };
    sink.took(&fields, ("from", "to", "text"), login);
    StatusCode::ACCEPTED.into_response()
}
