//! What an auditor is shown: the shop as it is found, changes, documents. Whoever manages the record sees the same.

use std::io::{self, Write as _};

use axum::Json;
use axum::body::Body as Answered;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use document::{Document, STYLE};
use domain::settings::Language;
use domain::{Amount, ImportId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use store::{StoreError, Told, ToldPage};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::App;
use super::app::person_name;
use super::body::{Asked, At};
use super::catalogue::{Pipe, limit};
use super::problem::{Answer, Failure};
use super::receipts::page_with;
use crate::api::audit::{
    AuditClosing, AuditOutage, AuditTill, AuditView, ChangePage, ChangeRow, ImportedPage,
    ImportedRow,
};
use crate::audit::{
    Change, HISTORY, Material, Words, changes, notice_document, notice_xml, of_import, outages,
    procedures_document, render_html, render_pdf, retention_document, write_csv,
};
use crate::country::offered;

/// So many outages are shown.
const OUTAGES: usize = 50;

pub(super) async fn view(State(app): State<App>) -> Answer<Json<AuditView>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let currency = settings.currency;
    let ids: Vec<domain::TillId> = settings.tills.iter().map(|till| till.id).collect();
    let (closed, (found, more_outages)) = app
        .read(move |reader| {
            let last = ids.iter().map(|till| Ok(reader.closed_days(Some(*till), None, 1)?.pop()));
            Ok((last.collect::<Result<Vec<_>, StoreError>>()?, outages(reader, OUTAGES)?))
        })
        .await?;
    let amount = |amount| Amount { amount, currency };
    let tills = settings.tills.iter().zip(closed).map(|(till, closed)| {
        let day = shop.tills.iter().find(|(id, _, _)| *id == till.id);
        let day = day.and_then(|(_, day, _)| day.as_ref());
        AuditTill {
            till: till.id,
            name: till.name.clone(),
            serial: match domain::rksv::of(&settings) {
                Some(rksv) => Some(rksv.cash_register(till.id)),
                None => settings.signing.as_ref().map(|signing| signing.client(till.id)),
            },
            day: day.map(|day| day.number),
            opened: day.map(|day| day.opened),
            drawer: day.map(|day| amount(day.drawer)),
            last_closed: closed.map(|closed| AuditClosing {
                number: closed.day.number,
                closed: closed.closed,
                difference: amount(closed.difference),
            }),
        }
    });
    let outages = found.into_iter().map(|outage| AuditOutage {
        unit: outage.unit,
        from: outage.from,
        until: outage.until,
        why: outage.why,
        seq: outage.seq,
    });
    let (chains, devices) = super::rksv::audited(&app, &shop, &settings).await?;
    Ok(Json(AuditView {
        name: settings.name.clone(),
        address: settings.address.clone(),
        tax_number: settings.tax_number.clone(),
        vat_number: settings.country.profile().vat_number.word.into(),
        vat_id: settings.vat_id.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        seq: shop.seq,
        at: app.now(),
        tills: tills.collect(),
        offered: offered(&settings),
        chains,
        devices,
        units: super::signing::rows(&app, &shop, &settings).await?,
        outages: outages.collect(),
        more_outages,
    }))
}

/// Which changes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    from: Option<Date>,
    to: Option<Date>,
    kind: Option<Kind>,
    before: Option<String>,
    limit: Option<u32>,
    language: Option<Language>,
}

/// Kinds as they are asked for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// Prices and items, by hand and by import.
    Items,
    /// Prices alone, and imports.
    Prices,
    /// Tax rates.
    Rates,
    /// Settings, signing units, the clock, the program.
    Settings,
    /// People.
    People,
}

impl Kind {
    fn told(kind: Option<Kind>) -> Vec<Told> {
        match kind {
            None => HISTORY.to_vec(),
            Some(Kind::Items) => vec![Told::Price, Told::Item, Told::Import],
            Some(Kind::Prices) => vec![Told::Price, Told::Import],
            Some(Kind::Rates) => vec![Told::Rate],
            Some(Kind::Settings) => vec![Told::Setting, Told::Clock, Told::Unit, Told::Program],
            Some(Kind::People) => vec![Told::Person],
        }
    }
}

/// The stable name of a kind.
const fn kind_name(told: Told) -> &'static str {
    match told {
        Told::Price => "price",
        Told::Item => "item",
        Told::Import => "import",
        Told::Rate => "rate",
        Told::Setting => "setting",
        Told::Person => "person",
        Told::Clock => "clock",
        Told::Unit => "unit",
        Told::Outage => "outage",
        Told::Audit => "audit",
        Told::Program => "program",
        Told::Record => "record",
    }
}

impl Which {
    /// The moments between which they lie, by the shop's dates.
    fn span(&self, zone: &TimeZone) -> Answer<(Timestamp, Timestamp)> {
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from > to
        {
            return Err(Failure::bad_field("from"));
        }
        let start = |date: Date| zone.to_timestamp(date.at(0, 0, 0, 0));
        let from = self.from.map(start).transpose().map_err(|_| Failure::bad_field("from"))?;
        let after = self.to.map(|to| to.checked_add(1.day()).and_then(start)).transpose();
        let after = after.map_err(|_| Failure::bad_field("to"))?;
        Ok((from.unwrap_or(Timestamp::MIN), after.unwrap_or(Timestamp::MAX)))
    }

    fn place(&self) -> Answer<Option<(u64, Told)>> {
        let Some(text) = &self.before else { return Ok(None) };
        let bad = || Failure::bad_field("before");
        let (seq, kind) = text.split_once('_').ok_or_else(bad)?;
        let kind = HISTORY.into_iter().find(|told| kind_name(*told) == kind).ok_or_else(bad)?;
        Ok(Some((seq.parse().map_err(|_| bad())?, kind)))
    }
}

pub(super) async fn change_page(
    State(app): State<App>,
    Asked(which): Asked<Which>,
) -> Answer<Json<ChangePage>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
    let (from, until) = which.span(&zone)?;
    let most = limit(which.limit, 50, 200);
    let page = ToldPage { from, until, before: which.place()?, limit: most };
    let words = Words::of(&settings, which.language.unwrap_or(settings.language));
    let kinds = Kind::told(which.kind);
    let found = app.read(move |reader| changes(reader, &words, &kinds, page)).await?;
    let full = usize::try_from(most).is_ok_and(|most| found.len() >= most);
    let last = found.last().filter(|_| full);
    let next = last.map(|change| format!("{}_{}", change.seq, kind_name(change.told)));
    let rows = found.into_iter().map(|change| ChangeRow {
        seq: change.seq,
        at: change.at,
        kind: kind_name(change.told).to_owned(),
        person: change.person,
        person_name: change.person.map(|person| person_name(&shop, person)),
        till: change.till,
        what: change.what,
        import: change.import.map(|import| import.0),
        fields: change.fields,
    });
    Ok(Json(ChangePage { changes: rows.collect(), next }))
}

/// Which items of an import.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Within {
    after: Option<u64>,
    limit: Option<u32>,
    language: Option<Language>,
}

pub(super) async fn imported(
    State(app): State<App>,
    At(import): At<ImportId>,
    Asked(within): Asked<Within>,
) -> Answer<Json<ImportedPage>> {
    let settings = app.settings().await?;
    let words = Words::of(&settings, within.language.unwrap_or(settings.language));
    let most = limit(within.limit, 100, 500);
    let from = within.after.map_or(0, |after| after.saturating_add(1));
    let found = app.read(move |reader| of_import(reader, &words, import, (from, most))).await?;
    let full = usize::try_from(most).is_ok_and(|most| found.len() >= most);
    let next = found.last().filter(|_| full).map(|last| last.version);
    // An item that came in as it was is no change.
    let changed = found.into_iter().filter(|item| !item.fields.is_empty());
    let items = changed.map(|item| ImportedRow { what: item.what, fields: item.fields });
    Ok(Json(ImportedPage { items: items.collect(), next }))
}

/// The list is made as it is sent.
pub(super) async fn change_csv(
    State(app): State<App>,
    Asked(which): Asked<Which>,
) -> Answer<Response> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
    let (from, until) = which.span(&zone)?;
    let words = Words::of(&settings, which.language.unwrap_or(settings.language));
    let kinds = Kind::told(which.kind);
    let file = app.file().to_owned();
    let (sender, receiver) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        let failed = sender.clone();
        let mut pipe = io::BufWriter::with_capacity(64 * 1024, Pipe(sender));
        let who = |change: &Change| match change.person {
            Some(person) => format!("{} ({person})", person_name(&shop, person)),
            None => words.say("Programm", "Program"),
        };
        let page = ToldPage { from, until, before: None, limit: 0 };
        let written = store::Reader::open(&file)
            .map_err(crate::audit::CsvFault::from)
            .and_then(|reader| write_csv(&reader, &words, (&kinds, page), &who, &mut pipe));
        // The answer has begun: it can only break off, so that nobody takes a part for the whole.
        if written.is_err() || pipe.flush().is_err() {
            let _ = failed.blocking_send(Err(io::ErrorKind::Other.into()));
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"aenderungen.csv\""),
    ];
    Ok((headers, Answered::from_stream(ReceiverStream::new(receiver))).into_response())
}

async fn material(app: &App) -> Answer<Material> {
    let now = app.now();
    app.read(move |reader| Material::of(reader, now)).await?.ok_or_else(Failure::not_configured)
}

fn page(document: &Document) -> Response {
    page_with(render_html(document), STYLE)
}

/// A paper of many pages takes a moment: it is written beside the other answers.
async fn pdf(app: &App, of: fn(&Material) -> Document, name: &str) -> Answer<Response> {
    let material = material(app).await?;
    let write = move || render_pdf(&material, &of(&material));
    let written = tokio::task::spawn_blocking(write).await.map_err(Failure::not_stored)?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.pdf\"")),
    ];
    Ok((headers, written.map_err(Failure::not_stored)?).into_response())
}

pub(super) async fn procedures_html(State(app): State<App>) -> Answer<Response> {
    Ok(page(&procedures_document(&material(&app).await?)))
}

pub(super) async fn procedures_pdf(State(app): State<App>) -> Answer<Response> {
    pdf(&app, procedures_document, "verfahrensdokumentation").await
}

/// What the notification is made of, where there is one.
async fn notified(app: &App) -> Answer<Material> {
    app.only_where(|offered| offered.notification).await?;
    material(app).await
}

pub(super) async fn notice_html(State(app): State<App>) -> Answer<Response> {
    Ok(page(&notice_document(&notified(&app).await?)))
}

pub(super) async fn notice_pdf(State(app): State<App>) -> Answer<Response> {
    app.only_where(|offered| offered.notification).await?;
    pdf(&app, notice_document, "mitteilung-146a-datenblatt").await
}

pub(super) async fn notice_file(State(app): State<App>) -> Answer<Response> {
    let headers = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"mitteilung-146a-tresen-nicht-elster.xml\"",
        ),
    ];
    Ok((headers, notice_xml(&notified(&app).await?)).into_response())
}

pub(super) async fn retention_html(State(app): State<App>) -> Answer<Response> {
    Ok(page(&retention_document(&material(&app).await?)))
}

pub(super) async fn retention_pdf(State(app): State<App>) -> Answer<Response> {
    pdf(&app, retention_document, "aufbewahrungsfristen").await
}
