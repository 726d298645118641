//! The pages, embedded in the program. Nothing is read from the disk while it runs.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::App;
use super::problem::Failure;
use crate::auth::random::hex;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../ui/dist"]
struct Pages;

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Tresen</title>\
<h1>The pages are not built</h1><p>This program was compiled without its pages. Run <code>cargo xtask ui</code> and \
compile it again. The API at <code>/api/v1</code> works.</p></html>";

/// Files whose name holds a hash of what is in them never change.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The file that reads codes out of the camera's pictures runs beside the page, in a worker.
const CAMERA_READER: &str = "reader.worker-";

/// A worker follows the policy that its own file came with. This one compiles the reader's WebAssembly, which a policy has to allow by
/// name; no page gets that permission, and nothing is loaded from elsewhere here either.
const CAMERA_READER_POLICY: &str =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/// The routes of the pages. They are the same for everybody; what they show comes from the API.
pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/till") }))
        .route("/till", get(|h: HeaderMap| async move { page("till.html", &h) }))
        .route("/till/{till}", get(|h: HeaderMap| async move { page("till.html", &h) }))
        .route("/display", get(|h: HeaderMap| async move { page("display.html", &h) }))
        .route("/display/{till}", get(|h: HeaderMap| async move { page("display.html", &h) }))
        .route("/office", get(|h: HeaderMap| async move { page("office.html", &h) }))
        .route("/office/{*rest}", get(|h: HeaderMap| async move { page("office.html", &h) }))
        .route("/favicon.svg", get(|h: HeaderMap| async move { file("favicon.svg", &h) }))
        .route("/assets/{*path}", get(asset))
}

fn page(name: &str, headers: &HeaderMap) -> Response {
    match Pages::get(name) {
        Some(found) => answer(name, &found, headers),
        None => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            NOT_BUILT,
        )
            .into_response(),
    }
}

fn file(name: &str, headers: &HeaderMap) -> Response {
    Pages::get(name)
        .map_or_else(|| Failure::not_found().into_response(), |found| answer(name, &found, headers))
}

/// A file of the build. Only names that were embedded exist: there is no path to climb.
async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let name = format!("assets/{path}");
    match Pages::get(&name) {
        Some(found) => {
            let mut response = answer(&name, &found, &headers);
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
            if path.starts_with(CAMERA_READER) {
                let policy = HeaderValue::from_static(CAMERA_READER_POLICY);
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            }
            response
        }
        None => Failure::not_found().into_response(),
    }
}

fn answer(name: &str, found: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", hex(&found.metadata.sha256_hash()));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let tag_header =
        HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""));
    if known.is_some_and(|known| known.split(',').any(|k| k.trim().trim_start_matches("W/") == tag))
    {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag_header)]).into_response();
    }
    let kind = HeaderValue::from_static(media_type(name));
    ([(header::CONTENT_TYPE, kind), (header::ETAG, tag_header)], found.data.to_vec())
        .into_response()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("wasm") => "application/wasm",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("mp3") => "audio/mpeg",
        Some("wav") => "audio/wav",
        _ => "application/octet-stream",
    }
}
