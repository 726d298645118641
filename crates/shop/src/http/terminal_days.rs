//! Terminals' days: closings, and each of them line by line.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::day::Tally;
use domain::settings::Settings;
use domain::terminal_day::{Closing, ClosingState, Said, SchemePair, SchemeTotal, compare, sums};
use domain::{Amount, AttemptId, ClosingId, TerminalId};
use jiff::Timestamp;
use money::Money;
use serde::Deserialize;
use store::{Reader, StoreError, TerminalDayRow as Stored};

use super::App;
use super::app::{person_name, till_name};
use super::attempts::row as attempt_row;
use super::body::{Asked, At};
use super::catalogue::limit;
use super::problem::{Answer, Failure};
use super::receipts::page_of;
use crate::api::payments::AttemptRow;
use crate::api::terminal_days::{
    CountAmount, DifferenceKind, SaidView, SchemeRow, TerminalDayDetail, TerminalDayPage,
    TerminalDayRow, TerminalOfDay,
};
use crate::engine::Snapshot;
use crate::print;

/// Which closings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageOf {
    before: Option<ClosingId>,
    terminal: Option<TerminalId>,
    limit: Option<u32>,
}

pub(super) async fn page(
    State(app): State<App>,
    Asked(asked): Asked<PageOf>,
) -> Answer<Json<TerminalDayPage>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let most = limit(asked.limit, 50, 200);
    let terminals = terminals(&settings);
    let (found, waiting) = app
        .read(move |reader| {
            let found = reader.terminal_days(asked.before, asked.terminal, most)?;
            Ok((found, waiting(reader, &terminals)?))
        })
        .await?;
    let full = usize::try_from(most).is_ok_and(|most| found.len() >= most);
    let next = found.last().filter(|_| full).map(|row| row.closing.id);
    let days = found.iter().map(|stored| row(&shop, &settings, &stored.closing)).collect();
    Ok(Json(TerminalDayPage { days, next, waiting }))
}

pub(super) fn terminals(settings: &Settings) -> Vec<TerminalId> {
    settings.terminals.iter().map(|terminal| terminal.id).collect()
}

/// How far back closings are looked at for what waits for a person.
const LOOK_BACK: u32 = 60;

/// Closings that want a person.
pub(crate) fn waiting(reader: &Reader, terminals: &[TerminalId]) -> Result<u32, StoreError> {
    let mut waiting = 0_u32;
    for terminal in terminals {
        let days = reader.terminal_days(None, Some(*terminal), LOOK_BACK)?;
        for (at, day) in days.iter().enumerate() {
            let closing = &day.closing;
            // Once it was closed later, an earlier try that did not work is done with; and where nothing was
            // paid there is nothing to close.
            let failed = at == 0 && matches!(closing.state, ClosingState::NotClosed { .. });
            let left = failed && !reader.terminal_lines(*terminal, Timestamp::MAX)?.is_empty();
            if closing.needs_reason() || closing.is_unknown() || left {
                waiting = waiting.saturating_add(1);
            }
        }
    }
    Ok(waiting)
}

pub(super) async fn one(
    State(app): State<App>,
    At(id): At<ClosingId>,
) -> Answer<Json<TerminalDayDetail>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let found = app.read(move |reader| with_lines(reader, id)).await?;
    let (stored, lines) = found.ok_or_else(Failure::not_found)?;
    let closing = &stored.closing;
    let lines = lines.into_iter().map(|line| attempt_row(&shop, &settings, line)).collect();
    // Before it has ended, what stands there now is what would be compared.
    let ours = if closing.is_open() {
        open_sums(&app, closing.terminal).await?
    } else {
        closing.ours.clone()
    };
    Ok(Json(detail(
        &shop,
        &settings,
        (closing.terminal, stored.period),
        (Some(closing), &ours),
        lines,
    )))
}

fn with_lines(
    reader: &Reader,
    id: ClosingId,
) -> Result<Option<(Stored, Vec<store::AttemptRow>)>, StoreError> {
    let Some(stored) = reader.terminal_day(id)? else { return Ok(None) };
    let lines = reader.terminal_attempts(stored.closing.terminal, stored.period)?;
    Ok(Some((stored, lines)))
}

async fn open_sums(app: &App, terminal: TerminalId) -> Answer<Vec<SchemeTotal>> {
    let now = app.now();
    Ok(sums(&app.read(move |reader| reader.terminal_lines(terminal, now)).await?))
}

/// The day that a terminal is at.
pub(super) async fn open(
    State(app): State<App>,
    At(terminal): At<TerminalId>,
) -> Answer<Json<TerminalDayDetail>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    if !settings.terminals.iter().any(|t| t.id == terminal) {
        return Err(Failure::not_found());
    }
    let (period, lines) = app
        .read(move |reader| {
            let period = reader.terminal_period(terminal)?;
            Ok((period, reader.terminal_attempts(terminal, period)?))
        })
        .await?;
    let lines = lines.into_iter().map(|line| attempt_row(&shop, &settings, line)).collect();
    let ours = open_sums(&app, terminal).await?;
    Ok(Json(detail(&shop, &settings, (terminal, period), (None, &ours), lines)))
}

/// As printed when it ended.
pub(super) async fn html(State(app): State<App>, At(id): At<ClosingId>) -> Answer<Response> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let stored = app.read(move |reader| reader.terminal_day(id)).await?;
    let closing = stored.ok_or_else(Failure::not_found)?.closing;
    let person = person_name(&shop, closing.asked_by);
    let mut report = print::terminal_day_report(&settings, &person, &closing);
    report.copy = Some(1);
    Ok(page_of(&receipt::report_document(&report)))
}

fn said(shop: &Snapshot, said: &Said) -> SaidView {
    let person_name = person_name(shop, said.person);
    SaidView { person_name, at: said.at, reason: said.reason.clone() }
}

fn terminal_name(settings: &Settings, id: TerminalId) -> String {
    let found = settings.terminals.iter().find(|t| t.id == id);
    found.map_or_else(|| id.to_string(), |t| t.name.clone())
}

/// All kinds together.
fn whole(settings: &Settings, totals: &[SchemeTotal]) -> CountAmount {
    let add = |sum: Tally, of: &SchemeTotal| Tally {
        count: sum.count.saturating_add(of.count),
        amount: sum.amount.saturating_plus(of.sum),
    };
    counted(settings, totals.iter().fold(Tally::default(), add))
}

fn counted(settings: &Settings, tally: Tally) -> CountAmount {
    let amount = Amount { amount: tally.amount, currency: settings.currency };
    CountAmount { count: i64::from(tally.count), amount }
}

pub(super) fn row(shop: &Snapshot, settings: &Settings, closing: &Closing) -> TerminalDayRow {
    let word = serde_json::to_value(&closing.state).unwrap_or_default();
    let text = |key: &str| word.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let code = match closing.state {
        ClosingState::Unknown { .. } => text("why"),
        _ => text("code"),
    };
    TerminalDayRow {
        id: closing.id,
        terminal: closing.terminal,
        terminal_name: terminal_name(settings, closing.terminal),
        till: closing.till,
        till_name: till_name(settings, closing.till),
        day: closing.day,
        asked: closing.asked,
        changed: closing.changed,
        person_name: person_name(shop, closing.asked_by),
        state: text("state"),
        code,
        asking: closing.is_asked_about(),
        alone: closing.alone,
        matches: closing.matches,
        needs_reason: closing.needs_reason(),
        ours: whole(settings, &closing.ours),
        theirs: closing.totals.as_ref().map(|totals| whole(settings, &totals.cards)),
        despite_doubt: closing.despite_doubt.clone(),
        settled: closing.settled.as_ref().map(|s| said(shop, s)),
        explained: closing.explained.as_ref().map(|s| said(shop, s)),
    }
}

fn difference(pair: &SchemePair) -> (i64, Money) {
    let count = i64::from(pair.theirs.count).saturating_sub(i64::from(pair.ours.count));
    (count, pair.theirs.amount.saturating_plus(pair.ours.amount.negated()))
}

/// Both sides by kind of card.
fn schemes(
    settings: &Settings,
    ours: &[SchemeTotal],
    theirs: Option<&[SchemeTotal]>,
) -> Vec<SchemeRow> {
    let pairs = compare(ours, theirs.unwrap_or_default());
    pairs
        .iter()
        .map(|pair| {
            let (count, amount) = difference(pair);
            let amount = Amount { amount, currency: settings.currency };
            let differs = theirs.is_some() && !pair.matches();
            SchemeRow {
                scheme: pair.scheme,
                ours: counted(settings, pair.ours),
                theirs: theirs.map(|_| counted(settings, pair.theirs)),
                difference: differs.then_some(CountAmount { count, amount }),
            }
        })
        .collect()
}

/// Which difference there is, and how much the terminal has more.
fn named(ours: &[SchemeTotal], closing: &Closing) -> (DifferenceKind, Option<Money>) {
    if closing.matches || closing.state != ClosingState::Closed {
        return (DifferenceKind::None, None);
    }
    let Some(totals) = &closing.totals else { return (DifferenceKind::NotTold, None) };
    let pairs = compare(ours, &totals.cards);
    let (count, more) = pairs.iter().map(difference).fold(
        (0_i64, Money::ZERO),
        |(counts, sum), (count, amount)| {
            (counts.saturating_add(count), sum.saturating_plus(amount))
        },
    );
    let kind = match (more.is_positive(), more.is_negative(), count) {
        (true, ..) => DifferenceKind::More,
        (_, true, _) => DifferenceKind::Less,
        (_, _, 0) => DifferenceKind::Schemes,
        _ => DifferenceKind::Number,
    };
    (kind, Some(more))
}

/// Lines that may be the difference.
fn suspects(lines: &[AttemptRow], kind: DifferenceKind, more: Option<Money>) -> Vec<AttemptId> {
    if kind == DifferenceKind::None {
        return Vec::new();
    }
    let wanted = more.map(Money::abs).filter(|amount| !amount.is_zero());
    let doubtful =
        |line: &AttemptRow| line.state == "in_doubt" || line.state.starts_with("resolved");
    let fits = |line: &AttemptRow| wanted.is_some_and(|wanted| line.counts.amount == wanted);
    lines.iter().filter(|line| doubtful(line) || fits(line)).map(|line| line.id).collect()
}

fn detail(
    shop: &Snapshot,
    settings: &Settings,
    (terminal, period): (TerminalId, u32),
    (closing, ours): (Option<&Closing>, &[SchemeTotal]),
    lines: Vec<AttemptRow>,
) -> TerminalDayDetail {
    let totals = closing.and_then(|closing| closing.totals.as_ref());
    let (kind, more) = closing.map_or((DifferenceKind::None, None), |closing| named(ours, closing));
    TerminalDayDetail {
        terminal,
        terminal_name: terminal_name(settings, terminal),
        period,
        closing: closing.map(|closing| row(shop, settings, closing)),
        schemes: schemes(settings, ours, totals.map(|totals| totals.cards.as_slice())),
        difference: kind,
        difference_amount: more.map(|amount| Amount { amount, currency: settings.currency }),
        suspects: suspects(&lines, kind, more),
        lines,
        receipts: totals.and_then(|totals| totals.receipts.clone()),
        slip: closing.map(|closing| closing.lines.clone()).unwrap_or_default(),
    }
}

/// The terminals of a till day, for its Z report.
pub(super) fn of_till_day(
    shop: &Snapshot,
    settings: &Settings,
    found: &[(TerminalId, Option<Stored>)],
) -> Vec<TerminalOfDay> {
    found
        .iter()
        .map(|(terminal, stored)| {
            let closing = stored.as_ref().map(|stored| &stored.closing);
            let totals = closing.and_then(|closing| closing.totals.as_ref());
            let ours = closing.map(|closing| closing.ours.as_slice()).unwrap_or_default();
            TerminalOfDay {
                terminal: *terminal,
                terminal_name: terminal_name(settings, *terminal),
                closing: closing.map(|closing| row(shop, settings, closing)),
                schemes: schemes(settings, ours, totals.map(|totals| totals.cards.as_slice())),
            }
        })
        .collect()
}
