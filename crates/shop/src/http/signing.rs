//! Signing units: how they are, and what they signed.

use std::fs::File;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::settings::Settings;
use domain::signing::{UnitServiced, UnitSettings, UnitStep};
use domain::unit_watch::warnings;
use domain::{ShopCommand, UnitId};
use jiff::civil::Date;
use serde::Deserialize;
use signing::Fault;

use super::App;
use super::body::{Asked, At, Body};
use super::guard::Caller;
use super::hand_out;
use super::problem::{Answer, Failure};
use crate::api::signing::{
    NextUnit, UnitRow, UnitSecret, UnitService, UnitServiceAsked, UnitServiceView,
};
use crate::engine::Snapshot;
use crate::ids::own_command;
use crate::sign::{ends, guarded, kept_text, needs_secret, service, span_of, unit_secret_key};
use crate::vault;

pub(super) async fn units(State(app): State<App>) -> Answer<Json<Vec<UnitRow>>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    Ok(Json(rows(&app, &shop, &settings).await?))
}

/// The number of a new unit: none that another one had, whose transactions stand under it.
pub(super) async fn next_unit(State(app): State<App>) -> Answer<Json<NextUnit>> {
    let shop = app.snapshot().await?;
    let set = shop.settings.iter().filter_map(|settings| settings.signing.as_ref());
    let set = set.flat_map(|signing| signing.units.iter().map(|unit| unit.id));
    let most = set.chain(shop.units.keys().copied()).max();
    Ok(Json(NextUnit { id: UnitId(most.map_or(1, |id| id.0.saturating_add(1))) }))
}

/// The units of the settings, as they are known.
pub(super) async fn rows(app: &App, shop: &Snapshot, settings: &Settings) -> Answer<Vec<UnitRow>> {
    let now = app.now();
    let mut rows = Vec::new();
    for set in settings.signing.iter().flat_map(|signing| &signing.units) {
        let known = shop.units.get(&set.id);
        let said = known.and_then(|known| known.identity.as_ref());
        let (asked, simulator) = (set.clone(), set.kind.is_simulated());
        let needs_secret = app.read(move |reader| needs_secret(reader, &asked)).await?;
        let usage = app.engine().units().usage(set.id);
        let ends = said.and_then(ends);
        rows.push(UnitRow {
            id: set.id,
            name: set.name.clone(),
            kind: set.kind.clone(),
            simulator,
            needs_secret,
            serial: said.map(|said| said.serial.clone()),
            certified: !simulator && said.is_some_and(|said| said.certified),
            algorithm: said.map(|said| said.algorithm.clone()),
            valid_until: ends,
            usage: usage.map(|(_, usage)| usage),
            usage_at: usage.map(|(at, _)| at),
            warnings: warnings(ends, &usage.map(|(_, usage)| usage).unwrap_or_default(), now),
            outage: known.and_then(|known| known.outage.clone()),
        });
    }
    Ok(rows)
}

async fn set_of(app: &App, unit: UnitId) -> Answer<(Arc<Settings>, UnitSettings)> {
    let settings = app.settings().await?;
    let set = settings.signing.iter().flat_map(|signing| &signing.units).find(|u| u.id == unit);
    let set = set.cloned().ok_or_else(|| not_found("unknown_unit", "there is no such unit"))?;
    Ok((settings, set))
}

/// Who had a unit do what is an entry, whatever comes of it.
async fn note(app: &App, caller: &Caller, unit: UnitId, what: UnitServiced) -> Answer<()> {
    let command = ShopCommand::SigningUnit { unit, step: UnitStep::Serviced(what) };
    app.engine().shop(own_command(app.now()), caller.actor(), command).await?;
    Ok(())
}

pub(super) async fn set_secret(
    State(app): State<App>,
    caller: Caller,
    At(unit): At<UnitId>,
    Body(asked): Body<UnitSecret>,
) -> Answer<Json<Vec<UnitRow>>> {
    let (settings, set) = set_of(&app, unit).await?;
    let text = kept_text(&set, asked).ok_or_else(|| {
        Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad_unit_secret",
            "this cannot be the secret of this unit",
        )
    })?;
    note(&app, &caller, unit, UnitServiced::Secret).await?;
    let key = unit_secret_key(unit);
    app.engine().with_store(move |store| vault::keep(store, &key, &text)).await??;
    let engine = app.engine().clone();
    // It waits for what the unit is being asked; whoever meets it meets it anew in any case.
    let forgotten = tokio::task::spawn_blocking(move || engine.units().forget(unit));
    let _done = forgotten.await;
    app.engine().ring_signing(&settings);
    units(State(app)).await
}

pub(super) async fn serve(
    State(app): State<App>,
    caller: Caller,
    At(unit): At<UnitId>,
    Body(asked): Body<UnitServiceAsked>,
) -> Answer<Json<Option<UnitServiceView>>> {
    let (settings, set) = set_of(&app, unit).await?;
    if asked.what == UnitService::Deregister && asked.client.is_none() {
        return Err(Failure::bad_field("client"));
    }
    let what = match asked.what {
        UnitService::SetUp => UnitServiced::SetUp,
        UnitService::Check => UnitServiced::Check,
        UnitService::Deregister => UnitServiced::Deregister,
    };
    note(&app, &caller, unit, what).await?;
    service::begin(app.engine(), settings, set, asked, app.now()).map_err(|service::Busy| {
        let text = "something else is being done with this unit";
        Failure::new(StatusCode::CONFLICT, "unit_busy", text)
    })?;
    served(State(app), At(unit)).await
}

pub(super) async fn served(
    State(app): State<App>,
    At(unit): At<UnitId>,
) -> Answer<Json<Option<UnitServiceView>>> {
    set_of(&app, unit).await?;
    Ok(Json(service::look(app.engine(), unit)))
}

/// Which days of an export.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Between {
    from: Option<Date>,
    to: Option<Date>,
}

/// What a unit signed, made into a file before any of it is sent. One export at a time, whatever it is of.
pub(super) async fn export(
    State(app): State<App>,
    At(unit): At<UnitId>,
    Asked(Between { from, to }): Asked<Between>,
) -> Answer<Response> {
    let (settings, set) = set_of(&app, unit).await?;
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(Failure::bad_field("from"));
    }
    let (turn, place) = app.export_turn()?;
    let (units, path, now) = (app.engine().units().clone(), app.file().to_owned(), app.now());
    let made = tokio::task::spawn_blocking(move || -> Result<_, Fault> {
        // Until it is made, whoever asked for it may be gone meanwhile; whoever reads slowly keeps nobody waiting.
        let _turn = turn;
        let folder = hand_out::folder(&path, place)?;
        let target = folder.path().join("export.tar");
        let span = span_of(&settings, (from, to));
        let certified = units.archive(&path, &set, span, (now, &target))?;
        Ok((File::open(&target)?, certified, folder))
    });
    let made = made.await.map_err(Failure::not_stored)?;
    let (archive, certified, folder) = made.map_err(|fault| match fault.code() {
        code @ ("no_transaction" | "no_data") => not_found("nothing_signed", code),
        code if guarded(code) => not_found("unit_shut", code),
        code => not_found("unit_unreachable", code),
    })?;
    let days: String = [from, to].into_iter().flatten().map(|day| format!("-{day}")).collect();
    let test = if certified { "" } else { "-TEST" };
    let now = now.strftime("%Y%m%dT%H%M%SZ");
    let name = format!("attachment; filename=\"tse-{unit}{days}-{now}{test}.tar\"");
    let headers = [
        (header::CONTENT_TYPE, "application/x-tar".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, hand_out::send(archive, folder)).into_response())
}

fn not_found(code: &'static str, why: &str) -> Failure {
    Failure::new(StatusCode::NOT_FOUND, code, why)
}
