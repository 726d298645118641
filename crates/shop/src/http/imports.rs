//! Imports of the catalogue over the network: the file goes to disk as it comes in.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Json;
use axum::body::Body as Incoming;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use tokio_stream::StreamExt;
use utoipa::ToSchema;

use super::App;
use super::body::{Asked, At, Body, too_large};
use super::guard::Caller;
use super::problem::{Answer, Failure};
use super::routes::IMPORT_LIMIT;
use crate::engine::Actor;
use crate::import::{EngineApplier, ImportJobId, ImportStatus, JobRefusal};

/// Taking the analysed items in.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplyRequest {
    /// Take the good lines although others have errors.
    keep_good: bool,
}

/// The file's name, for people.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    #[serde(default)]
    name: String,
}

fn refused(refusal: JobRefusal) -> Failure {
    let status = match refusal {
        JobRefusal::Unknown => StatusCode::NOT_FOUND,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Failure::new(status, refusal.code(), &refusal.to_string())
}

/// The import is the caller's: each of its commands is recorded in their name.
fn applier(app: &App, caller: &Caller) -> Arc<EngineApplier> {
    let actor = Actor { person: Some(caller.session.person), approver: None };
    Arc::new(EngineApplier::new(app.engine().clone(), actor, Arc::clone(app.clock())))
}

pub(super) async fn begin(
    State(app): State<App>,
    caller: Caller,
    Asked(named): Asked<Named>,
    headers: HeaderMap,
    body: Incoming,
) -> Answer<Json<ImportStatus>> {
    let claimed =
        headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if claimed.is_some_and(|length| length > IMPORT_LIMIT) {
        return Err(too_large());
    }
    let name: String = named.name.chars().filter(|c| !c.is_control()).take(120).collect();
    let applier = applier(&app, &caller);
    let file = receive(body).await?;
    match app.imports().begin(&name, file.clone(), applier) {
        Ok(status) => Ok(Json(status)),
        Err(refusal) => {
            // The job would have owned the file.
            let _ = std::fs::remove_file(&file);
            Err(refused(refusal))
        }
    }
}

/// The body as a file of its own, never larger than the limit.
async fn receive(body: Incoming) -> Answer<PathBuf> {
    let mut file = tempfile::Builder::new()
        .prefix("tresen-import-")
        .suffix(".csv")
        .tempfile()
        .map_err(Failure::not_stored)?;
    let mut stream = body.into_data_stream();
    let mut size = 0_usize;
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| {
            Failure::new(StatusCode::BAD_REQUEST, "broken_body", "the body broke off")
        })?;
        size = size.saturating_add(piece.len());
        if size > IMPORT_LIMIT {
            return Err(too_large());
        }
        // Pieces are small and go to the page cache; a thread each would cost more.
        file.write_all(&piece).map_err(Failure::not_stored)?;
    }
    let (_, path) = file.keep().map_err(Failure::not_stored)?;
    Ok(path)
}

pub(super) async fn status(
    State(app): State<App>,
    At(id): At<ImportJobId>,
) -> Answer<Json<ImportStatus>> {
    app.imports().status(id).map(Json).map_err(refused)
}

pub(super) async fn apply(
    State(app): State<App>,
    At(id): At<ImportJobId>,
    caller: Caller,
    Body(asked): Body<ApplyRequest>,
) -> Answer<Json<ImportStatus>> {
    app.imports().apply(id, asked.keep_good, applier(&app, &caller)).map(Json).map_err(refused)
}

pub(super) async fn cancel(
    State(app): State<App>,
    At(id): At<ImportJobId>,
) -> Answer<Json<ImportStatus>> {
    app.imports().cancel(id).map(Json).map_err(refused)
}
