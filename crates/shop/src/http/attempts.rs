//! Every try at a terminal: found, told step by step, and its slips.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::event::ReservationEnded;
use domain::payment::Outcome;
use domain::settings::Settings;
use domain::{Amount, AttemptId, Event, TerminalId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use journal::EntryMeta;
use money::{Currency, Money};
use serde::Deserialize;
use store::AttemptFilter;

use super::App;
use super::app::{person_name, till_name};
use super::body::{Asked, At};
use super::catalogue::limit;
use super::problem::{Answer, Failure};
use super::receipts::page_of;
use crate::api::payments::{AttemptDetail, AttemptPage, AttemptRow, AttemptStepRow};
use crate::engine::Snapshot;
use crate::print;

/// Rows that are read at once for a file.
const CHUNK: u32 = 500;
/// Most steps that are shown of one attempt: a reversal may be tried for long.
const STEPS: u32 = 200;

/// Which attempts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageOf {
    before: Option<AttemptId>,
    terminal: Option<TerminalId>,
    state: Option<String>,
    from: Option<Date>,
    to: Option<Date>,
    limit: Option<u32>,
}

impl PageOf {
    fn filter(&self, settings: &Settings) -> AttemptFilter {
        let zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
        let begins =
            |date: Date| -> Option<Timestamp> { zone.to_timestamp(date.at(0, 0, 0, 0)).ok() };
        AttemptFilter {
            before: self.before,
            terminal: self.terminal,
            state: self.state.clone(),
            from: self.from.and_then(begins),
            until: self.to.and_then(|date| date.tomorrow().ok()).and_then(begins),
        }
    }
}

pub(super) async fn page(
    State(app): State<App>,
    Asked(asked): Asked<PageOf>,
) -> Answer<Json<AttemptPage>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let most = limit(asked.limit, 50, 200);
    let filter = asked.filter(&settings);
    let found = app.read(move |reader| reader.attempts(&filter, most)).await?;
    let full = usize::try_from(most).is_ok_and(|most| found.len() >= most);
    let next = found.last().filter(|_| full).map(|row| row.id);
    let attempts = found.into_iter().map(|found| row(&shop, &settings, found)).collect();
    let (doubts, reservations) = app.engine().unsettled().await?;
    Ok(Json(AttemptPage { attempts, next, doubts, reservations }))
}

pub(super) fn row(shop: &Snapshot, settings: &Settings, row: store::AttemptRow) -> AttemptRow {
    let own = |amount| Amount { amount, currency: settings.currency };
    let booked_in: Option<Currency> = row.currency.as_deref().and_then(|code| code.parse().ok());
    let booked = |amount| Amount { amount, currency: booked_in.unwrap_or(settings.currency) };
    AttemptRow {
        till_name: till_name(settings, row.till),
        terminal_name: settings
            .terminal_name(row.terminal)
            .map_or_else(|| row.terminal.to_string(), str::to_owned),
        person_name: row.person.map_or_else(String::new, |person| person_name(shop, person)),
        amount: own(row.amount),
        booked: row.booked.map(booked),
        tip: (!row.tip.is_zero()).then(|| booked(row.tip)),
        counts: own(row.counts),
        issued: row.issued,
        signature: row.signs,
        merchant_slip: row.slip.is_some(),
        taken_back: row.taken_back,
        id: row.id,
        till: row.till,
        terminal: row.terminal,
        basket: row.basket,
        purpose: row.purpose,
        reverses: row.reverses,
        state: row.state,
        code: row.code,
        asked: row.asked,
        changed: row.changed,
        person: row.person,
        terminal_id: row.terminal_id,
        receipt: row.receipt,
        trace: row.trace,
        scheme: row.scheme,
        last4: row.last4,
    }
}

pub(super) async fn one(
    State(app): State<App>,
    At(id): At<AttemptId>,
) -> Answer<Json<AttemptDetail>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let found = app
        .read(move |reader| {
            let Some(row) = reader.attempt(id)? else { return Ok(None) };
            Ok(Some((row, reader.attempt_steps(id, STEPS)?)))
        })
        .await?;
    let (found, entries) = found.ok_or_else(Failure::not_found)?;
    let steps = entries.iter().filter_map(|(meta, event)| step(&shop, &settings, meta, event));
    let steps = steps.collect();
    let merchant = entries.iter().find_map(|(_, event)| merchant(event)).unwrap_or_default();
    Ok(Json(AttemptDetail { row: row(&shop, &settings, found), steps, merchant }))
}

fn merchant(event: &Event) -> Option<Vec<String>> {
    match event {
        Event::AttemptAcknowledged { merchant, .. } => Some(merchant.clone()),
        _ => None,
    }
}

/// What a step says beside its kind.
#[derive(Default)]
struct Told {
    code: String,
    text: Option<String>,
    amount: Option<(Money, Option<Currency>)>,
}

fn step(
    shop: &Snapshot,
    settings: &Settings,
    meta: &EntryMeta,
    event: &Event,
) -> Option<AttemptStepRow> {
    let (kind, told) = words(event)?;
    Some(AttemptStepRow {
        seq: meta.seq,
        at: meta.at,
        kind: kind.to_owned(),
        code: told.code,
        text: told.text,
        amount: told.amount.map(|(amount, currency)| Amount {
            amount,
            currency: currency.unwrap_or(settings.currency),
        }),
        person_name: meta.person.map_or_else(String::new, |person| person_name(shop, person)),
    })
}

/// A step's kind, a stable word, and what it says.
fn words(event: &Event) -> Option<(&'static str, Told)> {
    let code = |code: &str| Told { code: code.to_owned(), ..Told::default() };
    let reason = |reason: &str| Told { text: Some(reason.to_owned()), ..Told::default() };
    Some(match event {
        Event::TenderIntended { amount, purpose, .. } => {
            ("intended", Told { amount: Some((*amount, None)), ..code(purpose.word()) })
        }
        Event::TenderSent { .. } => ("sent", Told::default()),
        Event::TenderCancelAsked { .. } => ("cancel_asked", Told::default()),
        Event::AttemptRecorded { outcome, .. } => match outcome {
            Outcome::Approved(approval) => {
                let amount = Some((approval.amount, Some(approval.currency)));
                ("approved", Told { amount, ..Told::default() })
            }
            Outcome::Declined { code: why, text } => {
                ("declined", Told { text: text.clone(), ..code(why) })
            }
            Outcome::Cancelled { code: why } => ("cancelled", code(why)),
        },
        Event::AttemptAcknowledged { .. } => ("acknowledged", Told::default()),
        Event::TenderInDoubt { why, approval, .. } => {
            let why = serde_json::to_value(why).unwrap_or_default();
            let amount = approval.as_ref().map(|a| (a.amount, Some(a.currency)));
            ("in_doubt", Told { amount, ..code(why.as_str().unwrap_or_default()) })
        }
        Event::TenderResolved { charged: true, reason: said, .. } => {
            ("resolved_charged", reason(said))
        }
        Event::TenderResolved { charged: false, reason: said, .. } => {
            ("resolved_not_charged", reason(said))
        }
        Event::ReversalFailed { code: why, .. } => ("reversal_failed", code(why)),
        Event::ReservationEnded(ReservationEnded { reason: said, .. }) => {
            ("struck_off", reason(said))
        }
        Event::SignatureCompared { equal: true, .. } => ("signature_equal", Told::default()),
        Event::SignatureCompared { equal: false, .. } => ("signature_differs", Told::default()),
        _ => return None,
    })
}

/// The shop's slip of a payment, as a copy.
pub(super) async fn slip(State(app): State<App>, At(id): At<AttemptId>) -> Answer<Response> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let found = app
        .read(move |reader| {
            let Some(row) = reader.attempt(id)? else { return Ok(None) };
            let Some(seq) = row.slip else { return Ok(None) };
            Ok(print::merchant_facts(reader, seq)?.zip(reader.entry(seq)?))
        })
        .await?;
    let (facts, (meta, _)) = found.ok_or_else(Failure::not_found)?;
    let person = meta.person.map_or_else(String::new, |person| person_name(&shop, person));
    let mut data = print::merchant_slip(&settings, &person, &meta, &facts);
    data.copy = Some(1);
    Ok(page_of(&receipt::receipt_document(&data)))
}

/// All attempts of the filter as a file for a spreadsheet.
pub(super) async fn export(
    State(app): State<App>,
    Asked(asked): Asked<PageOf>,
) -> Answer<Response> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let head = [
        "attempt",
        "asked",
        "changed",
        "till",
        "terminal",
        "purpose",
        "reverses",
        "amount",
        "booked",
        "currency",
        "tip",
        "state",
        "code",
        "terminal_id",
        "terminal_receipt",
        "trace",
        "scheme",
        "last4",
        "receipt_till",
        "receipt",
        "person",
        "signature",
        "taken_back",
    ];
    writer.write_record(head).map_err(Failure::not_stored)?;
    let mut filter = asked.filter(&settings);
    loop {
        let of = filter.clone();
        let rows = app.read(move |reader| reader.attempts(&of, CHUNK)).await?;
        let Some(last) = rows.last() else { break };
        filter.before = Some(last.id);
        for found in rows {
            writer
                .write_record(record(row(&shop, &settings, found)))
                .map_err(Failure::not_stored)?;
        }
    }
    let bytes = writer.into_inner().map_err(Failure::not_stored)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"payments.csv\""),
    ];
    Ok((headers, bytes).into_response())
}

fn record(row: AttemptRow) -> [String; 23] {
    let number = |id: Option<AttemptId>| id.map_or_else(String::new, |id| id.to_string());
    let minor = |amount: Option<Amount>| {
        amount.map_or_else(String::new, |amount| amount.amount.minor().to_string())
    };
    let booked_in = row.booked.map_or(row.amount.currency, |booked| booked.currency);
    [
        row.id.to_string(),
        row.asked.to_string(),
        row.changed.to_string(),
        row.till_name,
        row.terminal_name,
        row.purpose,
        number(row.reverses),
        row.amount.amount.minor().to_string(),
        minor(row.booked),
        booked_in.code().to_owned(),
        minor(row.tip),
        row.state,
        row.code,
        row.terminal_id.unwrap_or_default(),
        row.receipt.unwrap_or_default(),
        row.trace.unwrap_or_default(),
        row.scheme.unwrap_or_default(),
        row.last4.unwrap_or_default(),
        row.issued.map_or_else(String::new, |receipt| receipt.till.to_string()),
        row.issued.map_or_else(String::new, |receipt| receipt.number.to_string()),
        row.person_name,
        row.signature.to_string(),
        number(row.taken_back),
    ]
}
