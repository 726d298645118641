//! Card terminals as devices: the register, its history, and photos.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::command::PhotoBytes;
use domain::device::{Device, Done, InspectionPoint, PhotoDigest};
use domain::event::{DeviceInspected, DevicePhotographed};
use domain::settings::{Settings, TerminalSettings};
use domain::{Event, PersonId, ShopCommand, TerminalId};
use jiff::tz::TimeZone;
use journal::EntryMeta;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::App;
use super::app::person_name;
use super::body::{Asked, At};
use super::catalogue::limit;
use super::guard::Caller;
use super::problem::{Answer, Failure};
use crate::api::devices::{DeviceEntry, DeviceRegister, DeviceRow, DoneBy};
use crate::engine::{Actor, Snapshot};
use crate::ids::own_command;
use crate::pay::has_usual_password;
use crate::photo::{kind_of, media_type};

fn done(shop: &Snapshot, done: Done) -> DoneBy {
    DoneBy { at: done.at, person: done.by, person_name: person_name(shop, done.by) }
}

fn row(
    shop: &Snapshot,
    settings: &Settings,
    terminal: &TerminalSettings,
    (today, default_password): (jiff::civil::Date, bool),
) -> DeviceRow {
    let zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
    let known = shop.devices.get(&terminal.id).cloned();
    let device = known.unwrap_or_else(|| Device::new(terminal.id));
    let date = |at| zone.to_datetime(at).date();
    let due = device.inspection_due(settings.inspection_days, date);
    let beside = settings.tills.iter().filter(|till| till.terminal == Some(terminal.id));
    DeviceRow {
        terminal: terminal.id,
        name: terminal.name.clone(),
        till_names: beside.map(|till| till.name.clone()).collect(),
        revision: device.revision,
        approval: device.approval(today),
        overdue: due.is_some_and(|due| today > due),
        inspection_due: due,
        registered: device.registered.map(|who| done(shop, who)),
        inspected: device.inspected.map(|who| done(shop, who)),
        photo: device.photo.map(|photo| photo.to_string()),
        reported: device.reported,
        card: device.card,
        stop: device.stop,
        default_password,
    }
}

pub(super) async fn register(State(app): State<App>) -> Answer<Json<DeviceRegister>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let today = app.local(&settings).date();
    let mut terminals = Vec::new();
    for terminal in &settings.terminals {
        let one = terminal.clone();
        let usual = app.read(move |reader| has_usual_password(reader, &one)).await?;
        terminals.push(row(&shop, &settings, terminal, (today, usual)));
    }
    Ok(Json(DeviceRegister {
        inspection_days: settings.inspection_days,
        points: InspectionPoint::ALL.to_vec(),
        terminals,
    }))
}

/// Which entries.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageOf {
    before: Option<u64>,
    limit: Option<u32>,
}

pub(super) async fn entries(
    State(app): State<App>,
    At(terminal): At<TerminalId>,
    Asked(asked): Asked<PageOf>,
) -> Answer<Json<Vec<DeviceEntry>>> {
    let shop = app.snapshot().await?;
    let most = limit(asked.limit, 50, 200);
    let found = app.read(move |reader| reader.device_entries(terminal, asked.before, most)).await?;
    let name = |id: PersonId| person_name(&shop, id);
    Ok(Json(found.into_iter().map(|(meta, event)| entry(&meta, event, name)).collect()))
}

fn entry(meta: &EntryMeta, event: Event, name: impl Fn(PersonId) -> String) -> DeviceEntry {
    // What a terminal says while somebody pays is its own word, not the cashier's.
    let by_itself = matches!(event, Event::DeviceReported { .. } | Event::DeviceChanged { .. });
    let person = meta.person.filter(|_| !by_itself);
    let mut entry = DeviceEntry {
        seq: meta.seq,
        at: meta.at,
        person,
        person_name: person.map_or_else(String::new, name),
        kind: String::new(),
        identity: None,
        changed: Vec::new(),
        card: None,
        points: Vec::new(),
        text: String::new(),
        photo: None,
    };
    entry.kind = match event {
        Event::DeviceReported { identity, .. } => {
            entry.identity = Some(identity);
            "reported"
        }
        Event::DeviceChanged { identity, changed, .. } => {
            (entry.identity, entry.changed) = (Some(identity), changed);
            "changed"
        }
        Event::DeviceRegistered { card, .. } => {
            entry.card = Some(*card);
            "registered"
        }
        Event::DeviceConfirmed(confirmed) => {
            (entry.identity, entry.text) = (Some(confirmed.identity), confirmed.reason);
            "confirmed"
        }
        Event::DeviceInspected(DeviceInspected { points, note, .. }) => {
            (entry.points, entry.text) = (points, note);
            "inspected"
        }
        Event::DevicePhotographed(DevicePhotographed { photo, .. }) => {
            entry.photo = Some(photo.to_string());
            "photographed"
        }
        _ => "other",
    }
    .to_owned();
    entry
}

pub(super) async fn set_photo(
    State(app): State<App>,
    At(terminal): At<TerminalId>,
    caller: Caller,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Answer<Json<DeviceRegister>> {
    let bytes = body.map_err(|rejection| super::body::unreadable(&rejection))?;
    let Some(of) = kind_of(&bytes) else {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "no_photo",
            "a photo is a whole JPEG or PNG",
        ));
    };
    let photo = PhotoDigest(Sha256::digest(&bytes).into());
    let bytes = PhotoBytes(bytes.to_vec());
    let command = ShopCommand::PhotographTerminal { terminal, photo, of, bytes };
    let actor = Actor { person: Some(caller.session.person), approver: None };
    app.engine().shop(own_command(app.now()), actor, command).await?;
    register(State(app)).await
}

pub(super) async fn photo(
    State(app): State<App>,
    At((_, digest)): At<(TerminalId, String)>,
) -> Answer<Response> {
    let digest: domain::NameDigest = digest.parse().map_err(|_| Failure::not_found())?;
    let found = app.read(move |reader| reader.photo(PhotoDigest(digest.0))).await?;
    let (kind, bytes) = found.ok_or_else(Failure::not_found)?;
    Ok(([(header::CONTENT_TYPE, media_type(kind))], bytes).into_response())
}
