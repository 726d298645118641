//! Reading what comes in: JSON bodies, queries and paths, each mistake with its own code.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::problem::Failure;

/// A JSON body.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        if !is_json(request.headers()) {
            return Err(Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "the body must be application/json",
            ));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|r| unreadable(&r))?;
        super::stripe::none_in_body(&bytes)?;
        serde_json::from_slice(&bytes).map(Body).map_err(|e| explain(&e))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// A body that broke off, or is too large.
pub(super) fn unreadable(rejection: &BytesRejection) -> Failure {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large()
    } else {
        Failure::new(StatusCode::BAD_REQUEST, "broken_body", "the body broke off")
    }
}

/// The body is larger than the route takes.
pub(super) fn too_large() -> Failure {
    Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the body is too large")
}

/// Which mistake it was.
pub(super) fn explain(error: &serde_json::Error) -> Failure {
    let text = error.to_string();
    match error.classify() {
        Category::Data if text.starts_with("unknown field") => unknown_field(&text),
        Category::Data => Failure::bad_field(&text),
        Category::Io | Category::Syntax | Category::Eof => {
            Failure::new(StatusCode::BAD_REQUEST, "malformed_json", "the body is not JSON")
                .detail(text)
        }
    }
}

/// A field that nobody knows.
pub(super) fn unknown_field(what: &str) -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_field", "a field is unknown")
        .detail(what)
}

/// The part of the address behind `?`. Unknown words are refused.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Asked(asked)),
            Err(rejection) => {
                Err(Failure::new(StatusCode::BAD_REQUEST, "bad_query", "the query does not fit")
                    .detail(rejection))
            }
        }
    }
}

/// The numbers in the path. What is no number is nowhere.
pub(super) struct At<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(at)) => Ok(At(at)),
            Err(_) => Err(Failure::not_found()),
        }
    }
}
