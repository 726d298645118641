//! Problem documents (RFC 9457): every answer that is no success has a stable code.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Refusal;

use crate::api::Problem;
use crate::api::openapi::PROBLEM;
use crate::engine::EngineError;

/// An answer to a request.
pub(super) type Answer<T> = Result<T, Failure>;

/// A request that did not succeed.
#[derive(Debug, Clone)]
pub struct Failure {
    problem: Box<Problem>,
    retry_after: Option<u64>,
}

impl Failure {
    /// A problem with a stable code and an English title.
    pub fn new(status: StatusCode, code: &str, title: &str) -> Self {
        let problem = Problem {
            kind: "about:blank".to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            title: title.to_owned(),
            detail: None,
            refusal: None,
            approvable: None,
        };
        Failure { problem: Box::new(problem), retry_after: None }
    }

    /// Says more; cut where it gets long.
    pub fn detail(mut self, detail: impl std::fmt::Display) -> Self {
        self.problem.detail = Some(detail.to_string().chars().take(300).collect());
        self
    }

    /// When to try again, in seconds.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// There is no such thing.
    pub fn not_found() -> Self {
        Failure::new(StatusCode::NOT_FOUND, "not_found", "there is no such thing")
    }

    /// Nobody is signed in.
    pub fn not_signed_in() -> Self {
        Failure::new(StatusCode::UNAUTHORIZED, "not_signed_in", "nobody is signed in")
    }

    /// The person signed in may not do this.
    pub fn not_permitted() -> Self {
        Failure::new(StatusCode::FORBIDDEN, "not_permitted", "the right is missing")
    }

    /// A field has a value that does not fit.
    pub fn bad_field(field: &str) -> Self {
        Failure::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_field", "a field does not fit")
            .detail(field)
    }

    /// The shop has not been set up yet.
    pub fn not_configured() -> Self {
        EngineError::Refused(Refusal::NotConfigured).into()
    }

    /// There is no such thing in the shop's country.
    pub fn not_in_country() -> Self {
        EngineError::Refused(Refusal::NotInCountry).into()
    }

    /// It could not be read or recorded.
    pub fn not_stored(why: impl std::fmt::Display) -> Self {
        Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "not_stored",
            "the record could not be read or written; nothing was recorded",
        )
        .detail(why)
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        &self.problem.code
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Refused(refusal) => {
                let mut failure = Failure::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    &refusal.code(),
                    &refusal.to_string(),
                );
                failure.problem.approvable = refusal.can_be_approved().then_some(true);
                failure.problem.refusal = Some(refusal);
                failure
            }
            EngineError::NotStored(why) => Failure::not_stored(why),
            EngineError::Stopped => Failure::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "closing",
                "the shop's program is closing down",
            ),
        }
    }
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        Failure::not_stored(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response =
            (status, [(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM))], body)
                .into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
