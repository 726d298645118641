//! The host outside that keeps receipts sealed (`tresen receipts`): whoever has a token uploads, whoever has a receipt's address opens it
//! in their browser. Nothing that is kept here can be read here.
//!
//! Routes: `PUT /d/{id}` (token), `GET /d/{id}` what was sealed, `GET /r/{id}` the page, the same for every id, and its two files.
//! No list, no names, no cookies, nothing from elsewhere; what was asked for is not written down.

mod limit;
mod shelf;
mod tokens;

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path as At, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use tokio::net::TcpListener;

use crate::sealed;

pub use limit::Limits;
pub use shelf::{Kept, Shelf, ShelfFault};
pub use tokens::{Owner, Tokens, fresh_token};

/// Fewest and most days that a receipt is kept.
pub const DAYS: std::ops::RangeInclusive<u64> = 90..=3_660;
const DAY: u64 = 24 * 3_600;

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");

/// Only the host's own two files, and what the page makes of what it decrypted.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Seconds since 1970. The time is the caller's.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// The host.
#[derive(Clone)]
pub struct Host(Arc<Inner>);

struct Inner {
    shelf: Shelf,
    tokens: Tokens,
    limits: Limits,
    clock: Clock,
}

impl Host {
    /// Keeps receipts in a folder, at most so many bytes in all.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(folder: &Path, most: u64, clock: Clock) -> std::io::Result<Host> {
        let shelf = Shelf::open(&folder.join("sealed"), most)?;
        let tokens = Tokens::open(&folder.join("tokens"))?;
        let host = Host(Arc::new(Inner { shelf, tokens, limits: Limits::default(), clock }));
        host.tidy();
        Ok(host)
    }

    /// Takes away what was kept for long enough.
    pub fn tidy(&self) {
        self.0.shelf.expire((self.0.clock)());
    }

    /// The routes.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/r/{id}", get(page))
            .route("/d/{id}", get(fetch).put(upload))
            .route("/receipt.js", get(|| async { asset("text/javascript; charset=utf-8", SCRIPT) }))
            .route("/receipt.css", get(|| async { asset("text/css; charset=utf-8", STYLE) }))
            .route("/robots.txt", get(|| async { "User-agent: *\nDisallow: /\n" }))
            .fallback(|| async { StatusCode::NOT_FOUND })
            .layer(DefaultBodyLimit::max(sealed::LARGEST))
            .layer(from_fn(with_headers))
            .with_state(self.clone())
    }

    /// Serves until `shutdown` is done.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let service = self.router().into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(shutdown).await
    }
}

fn asset(media: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, media)], text).into_response()
}

/// An id as it stands in addresses; none for anything else, even if it would decode to the same.
#[must_use]
pub fn read_id(text: &str) -> Option<[u8; 16]> {
    let mut id = [0; 16];
    let read = Base64UrlUnpadded::decode(text, &mut id).ok()?;
    (read.len() == 16 && text == Base64UrlUnpadded::encode_string(&id)).then_some(id)
}

/// What an upload says of how long it is to be kept, days. None when it says nothing that is possible.
#[must_use]
pub fn read_days(text: &str) -> Option<u64> {
    text.parse().ok().filter(|days| DAYS.contains(days))
}

async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, "no-store");
    set(HeaderName::from_static("x-robots-tag"), "noindex, nofollow, noarchive");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "interest-cohort=(), browsing-topics=()");
    response
}

/// The same for every id: whether there is a receipt, only whoever asks for what is sealed is told.
async fn page(At(_): At<String>) -> Response {
    asset("text/html; charset=utf-8", PAGE)
}

type From = Option<axum::Extension<ConnectInfo<SocketAddr>>>;

/// Who asks; all the same where nobody says.
fn who(from: &From) -> IpAddr {
    let unknown = IpAddr::from([0, 0, 0, 0]);
    from.as_ref().map_or(unknown, |from| from.0.0.ip())
}

async fn fetch(State(host): State<Host>, from: From, At(id): At<String>) -> Response {
    let now = (host.0.clock)();
    let limits = &host.0.limits;
    if limits.is_held_off(who(&from), now) {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    let found = read_id(&id).and_then(|id| host.0.shelf.get(&id, now));
    match found {
        Some(bytes) => {
            ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
        }
        None => {
            limits.missed(who(&from), now);
            StatusCode::NOT_FOUND.into_response()
        }
    }
}

async fn upload(
    State(host): State<Host>,
    from: From,
    At(id): At<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let now = (host.0.clock)();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if host.0.limits.is_held_off(who(&from), now) {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    let token = text("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let Some(owner) = token.and_then(|token| host.0.tokens.owner(token)) else {
        host.0.limits.missed(who(&from), now);
        return StatusCode::UNAUTHORIZED.into_response();
    };
    if !host.0.limits.may_upload(owner, now) {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    let (Some(id), Some(days)) = (read_id(&id), text("x-tresen-days").and_then(read_days)) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if !sealed::has_form(&body) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let until = now.saturating_add(days.saturating_mul(DAY));
    let kept = tokio::task::spawn_blocking(move || {
        host.0.shelf.put(&id, &Kept { until, owner, bytes: body.to_vec() }, now)
    });
    match kept.await {
        Ok(Ok(())) => StatusCode::CREATED.into_response(),
        Ok(Err(ShelfFault::NotYours)) => StatusCode::CONFLICT.into_response(),
        Ok(Err(ShelfFault::Full)) => StatusCode::INSUFFICIENT_STORAGE.into_response(),
        Ok(Err(ShelfFault::Disk(_))) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
