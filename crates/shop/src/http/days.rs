//! Till days: X and Z reports, and today.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::day::{ClosedDay, TillDay};
use domain::settings::Settings;
use domain::{Amount, DayNo, PersonId, TerminalId, TillId};
use jiff::Timestamp;
use serde::Deserialize;

use super::App;
use super::app::{person_name, till_name};
use super::body::{Asked, At};
use super::catalogue::limit;
use super::guard::Caller;
use super::problem::{Answer, Failure};
use super::receipts::page_of;
use crate::api::days::{DayPage, DayRow, Named, Names, XReport, ZReport};
use crate::api::today::Today;
use crate::engine::Snapshot;
use crate::print::{self, Reported};
use crate::reports;

/// The names of everything that a report numbers; whoever was forgotten since is there, unnamed.
fn names(
    shop: &Snapshot,
    settings: &Settings,
    day: &TillDay,
    closed_by: Option<PersonId>,
) -> Names {
    let named = |id: u32, name: &str| Named { id, name: name.to_owned() };
    let present = shop.people.iter().map(|p| p.id);
    let counted = day.count.iter().map(|count| count.person);
    let of_day = day.shifts.iter().map(|s| s.person).chain([day.opened_by]).chain(counted);
    let people: BTreeSet<PersonId> = present.chain(of_day).chain(closed_by).collect();
    Names {
        people: people.into_iter().map(|id| named(id.0, &person_name(shop, id))).collect(),
        groups: settings.groups.iter().map(|g| named(u32::from(g.id.0), &g.name)).collect(),
    }
}

pub(super) async fn x_report(
    State(app): State<App>,
    At(till): At<TillId>,
    caller: Caller,
) -> Answer<Json<XReport>> {
    caller.at_or_office(till)?;
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let day: Option<TillDay> =
        shop.tills.iter().find(|(id, _, _)| *id == till).and_then(|(_, day, _)| day.clone());
    let day = day.ok_or(crate::engine::EngineError::Refused(domain::Refusal::DayNotOpen))?;
    Ok(Json(XReport {
        till,
        till_name: till_name(&settings, till),
        currency: settings.currency.code().to_owned(),
        at: app.now(),
        names: names(&shop, &settings, &day, None),
        day,
    }))
}

pub(super) async fn x_html(
    State(app): State<App>,
    At(till): At<TillId>,
    caller: Caller,
) -> Answer<Response> {
    caller.at_or_office(till)?;
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let open =
        shop.tills.iter().find(|(id, _, _)| *id == till).and_then(|(_, day, _)| day.as_ref());
    let day = open.ok_or(crate::engine::EngineError::Refused(domain::Refusal::DayNotOpen))?;
    let people: BTreeMap<PersonId, String> =
        shop.people.iter().map(|p| (p.id, p.name.clone())).collect();
    let data = print::day_report(&settings, &people, Reported::Open(till, day, app.now()));
    Ok(page_of(&receipt::report_document(&data)))
}

/// Which days.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageOf {
    till: Option<TillId>,
    before: Option<String>,
    limit: Option<u32>,
}

pub(super) async fn page(
    State(app): State<App>,
    Asked(asked): Asked<PageOf>,
) -> Answer<Json<DayPage>> {
    let shop = app.snapshot().await?;
    let currency = shop.settings.as_ref().ok_or_else(Failure::not_configured)?.currency;
    let most = limit(asked.limit, 50, 200);
    let before = asked.before.as_deref().map(place).transpose()?;
    let days = app
        .read(move |reader| {
            let days = reader.closed_days(asked.till, before, most)?;
            let marked = days.into_iter().map(|day| {
                let check = reader.day_check(day.till, day.day.number)?;
                Ok((day, check.as_ref().map(super::proofs::mark)))
            });
            marked.collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let full = usize::try_from(most).is_ok_and(|most| days.len() >= most);
    let next = days.last().filter(|_| full).map(|(day, _)| format!("{}_{}", day.closed, day.till));
    let amount = |amount| Amount { amount, currency };
    let rows = days.into_iter().map(|(closed, proof)| DayRow {
        proof,
        till: closed.till,
        number: closed.day.number,
        date: closed.day.date,
        closed: closed.closed,
        closed_by: closed.closed_by,
        closed_by_name: person_name(&shop, closed.closed_by),
        receipts: closed.day.totals.receipts.count,
        turnover: amount(closed.day.totals.receipts.amount),
        difference: amount(closed.difference),
    });
    Ok(Json(DayPage { days: rows.collect(), next }))
}

/// Where a page ended: moment and till of its last day.
fn place(text: &str) -> Answer<(Timestamp, TillId)> {
    let (closed, till) = text.split_once('_').ok_or_else(|| Failure::bad_field("before"))?;
    match (closed.parse(), till.parse()) {
        (Ok(closed), Ok(till)) => Ok((closed, TillId(till))),
        _ => Err(Failure::bad_field("before")),
    }
}

async fn closed(app: &App, till: TillId, number: DayNo) -> Answer<ClosedDay> {
    app.read(move |reader| reader.closed_day(till, number)).await?.ok_or_else(Failure::not_found)
}

/// The terminals at which the day's cards were taken, with their closings.
async fn terminals_of(
    app: &App,
    closed: &ClosedDay,
) -> Answer<Vec<(TerminalId, Option<store::TerminalDayRow>)>> {
    let (till, span) = (closed.till, (closed.day.opened, closed.closed));
    app.read(move |reader| reader.terminal_days_of(till, span)).await
}

pub(super) async fn one(
    State(app): State<App>,
    At((till, number)): At<(TillId, DayNo)>,
) -> Answer<Json<ZReport>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let closed = closed(&app, till, number).await?;
    let terminals = terminals_of(&app, &closed).await?;
    Ok(Json(ZReport {
        terminals: super::terminal_days::of_till_day(&shop, &settings, &terminals),
        till_name: till_name(&settings, till),
        currency: settings.currency.code().to_owned(),
        names: names(&shop, &settings, &closed.day, Some(closed.closed_by)),
        closed,
    }))
}

pub(super) async fn html(
    State(app): State<App>,
    At((till, number)): At<(TillId, DayNo)>,
) -> Answer<Response> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let closed = closed(&app, till, number).await?;
    let people: BTreeMap<PersonId, String> =
        shop.people.iter().map(|p| (p.id, p.name.clone())).collect();
    let mut data = print::day_report(&settings, &people, Reported::Closed(&closed));
    let terminals = terminals_of(&app, &closed).await?;
    data.sections.extend(print::terminal_sections(&settings, &terminals));
    Ok(page_of(&receipt::report_document(&data)))
}

pub(super) async fn today(State(app): State<App>) -> Answer<Json<Today>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let now = app.now();
    let local = app.local(&settings);
    let terminals = super::terminal_days::terminals(&settings);
    let of = settings.clone();
    let figures =
        app.read(move |reader| reports::figures(reader, &of, local, now, &terminals)).await?;
    let mut views = Vec::new();
    for till in &settings.tills {
        views.push(app.engine().view(till.id).await?);
    }
    Ok(Json(reports::today(&shop, &settings, &figures, &views, now)))
}
