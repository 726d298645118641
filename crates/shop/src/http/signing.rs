//! Signing units: how they are, and what they signed.

use std::io::{self, Write as _};

use axum::Json;
use axum::body::Body as Answered;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::UnitId;
use domain::settings::Settings;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::App;
use super::body::At;
use super::catalogue::Pipe;
use super::problem::{Answer, Failure};
use crate::api::signing::UnitRow;
use crate::engine::Snapshot;

pub(super) async fn units(State(app): State<App>) -> Answer<Json<Vec<UnitRow>>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    Ok(Json(rows(&shop, &settings)))
}

/// The units of the settings, as they are known.
pub(super) fn rows(shop: &Snapshot, settings: &Settings) -> Vec<UnitRow> {
    let rows = settings.signing.iter().flat_map(|signing| &signing.units).map(|set| {
        let known = shop.units.get(&set.id);
        let said = known.and_then(|known| known.identity.as_ref());
        UnitRow {
            id: set.id,
            name: set.name.clone(),
            kind: set.kind,
            serial: said.map(|said| said.serial.clone()),
            certified: said.is_some_and(|said| said.certified),
            algorithm: said.map(|said| said.algorithm.clone()),
            outage: known.and_then(|known| known.outage.clone()),
        }
    });
    rows.collect()
}

/// The export is made as it is sent: it is as long as what was signed.
pub(super) async fn export(State(app): State<App>, At(unit): At<UnitId>) -> Answer<Response> {
    let settings = app.settings().await?;
    let set = settings.signing.iter().flat_map(|signing| &signing.units).find(|u| u.id == unit);
    let set = set.cloned().ok_or_else(|| not_found("unknown_unit", "there is no such unit"))?;
    let (units, path, now) = (app.engine().units().clone(), app.file().to_owned(), app.now());
    let opened = tokio::task::spawn_blocking(move || units.of(&path, &set, now));
    let opened = opened.await.map_err(Failure::not_stored)?;
    let opened = opened.map_err(|fault| not_found("unit_unreachable", fault.code()))?;
    let (sender, receiver) = mpsc::channel(16);
    tokio::task::spawn_blocking(move || {
        let failed = sender.clone();
        let mut pipe = io::BufWriter::with_capacity(32 * 1024, Pipe(sender));
        let written = opened.export((None, None), now, &mut pipe);
        // The answer has begun: it can only break off, so that nobody takes a part for the whole.
        if written.is_err() || pipe.flush().is_err() {
            let _ = failed.blocking_send(Err(io::ErrorKind::Other.into()));
        }
    });
    let name =
        format!("attachment; filename=\"tse-{unit}-{}.tar\"", now.strftime("%Y%m%dT%H%M%SZ"));
    let headers = [
        (header::CONTENT_TYPE, "application/x-tar".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, Answered::from_stream(ReceiverStream::new(receiver))).into_response())
}

fn not_found(code: &'static str, why: &str) -> Failure {
    Failure::new(StatusCode::NOT_FOUND, code, why)
}
