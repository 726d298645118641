//! Audits: opened by whoever runs the shop, ended by themselves.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::{Context, MAX_TEXT, limits};
use crate::audit::{Audit, AuditEnd, AuditStep, LONGEST, MAX_LOOK, ProgramStarted, SHORTEST};
use crate::command::ShopCommand;
use crate::event::Event;
use crate::facts::Stop;
use crate::ids::AuditId;
use crate::refusal::Refusal;
use crate::settings::Settings;

pub(super) fn decide(context: Context<'_>, command: &ShopCommand) -> Result<Vec<Event>, Stop> {
    match command {
        ShopCommand::OpenAudit { office, minutes } => open(context, office, *minutes),
        ShopCommand::EnterAudit { audit } => {
            let open = running(context, *audit)?;
            if open.entered {
                return Err(Refusal::NoAudit.into());
            }
            Ok(vec![Event::Audit(AuditStep::Entered { audit: *audit })])
        }
        ShopCommand::LookInAudit { audit, what } => {
            running(context, *audit)?;
            let what = what.chars().filter(|c| limits::clean_char(*c)).take(MAX_LOOK).collect();
            Ok(vec![Event::Audit(AuditStep::Looked { audit: *audit, what })])
        }
        ShopCommand::EndAudit { audit, why } => {
            let known = context.state.audits.open.as_ref().filter(|open| open.id == *audit);
            Ok(known.map(|open| ended(context, open, *why)).into_iter().collect())
        }
        ShopCommand::NoteProgram { version } => {
            let same = context.state.audits.version == *version;
            let started = Event::ProgramStarted(ProgramStarted { version: version.clone() });
            Ok(if same { Vec::new() } else { vec![started] })
        }
        _ => Ok(Vec::new()),
    }
}

fn open(context: Context<'_>, office: &str, minutes: u16) -> Result<Vec<Event>, Stop> {
    limits::text("office", office, MAX_TEXT)?;
    if !(SHORTEST..=LONGEST).contains(&minutes) {
        return Err(Refusal::OutOfLimits { field: "minutes".to_owned() }.into());
    }
    let before = context.state.audits.open.as_ref();
    if before.is_some_and(|open| open.is_open(context.now)) {
        return Err(Refusal::AuditRunning.into());
    }
    // One whose time is over while nobody noted it is ended before the next begins.
    let before = before.map(|open| ended(context, open, AuditEnd::Time));
    let audit = AuditId(context.state.audits.last.saturating_add(1));
    let lasts = SignedDuration::from_mins(i64::from(minutes));
    let until = context.now.saturating_add(lasts).unwrap_or(context.now);
    let opened = AuditStep::Opened { audit, office: office.trim().to_owned(), until };
    Ok(before.into_iter().chain([Event::Audit(opened)]).collect())
}

/// One whose time is over was ended by that, whoever says so afterwards.
fn ended(context: Context<'_>, open: &Audit, why: AuditEnd) -> Event {
    let why = if open.is_open(context.now) { why } else { AuditEnd::Time };
    Event::Audit(AuditStep::Ended { audit: open.id, why })
}

fn running(context: Context<'_>, audit: AuditId) -> Result<&Audit, Refusal> {
    let open = context.state.audits.open.as_ref();
    open.filter(|open| open.id == audit && open.is_open(context.now)).ok_or(Refusal::NoAudit)
}

/// What is told to the tax office fits, and names no till and no unit twice.
pub(super) fn check_notification(settings: &Settings) -> Result<(), Refusal> {
    let Some(told) = &settings.notification else { return Ok(()) };
    for (field, text, longest) in told.texts() {
        limits::optional_text(field, text, longest)?;
    }
    for (field, text) in [("backups", &told.backups), ("controls", &told.controls)] {
        for line in text.lines() {
            limits::optional_text(field, line, 2_000)?;
        }
        if text.chars().count() > 2_000 {
            return Err(Refusal::BadText { field: field.to_owned() });
        }
    }
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    let tills: BTreeSet<_> = told.tills.iter().map(|till| till.till).collect();
    let units: BTreeSet<_> = told.units.iter().map(|unit| unit.unit).collect();
    if tills.len() < told.tills.len() || units.len() < told.units.len() {
        return bad("notification");
    }
    let spans = told.tills.iter().map(|till| (till.from, till.until));
    let mut spans = spans.chain(told.units.iter().map(|unit| (unit.from, unit.until)));
    if spans.any(|(from, until)| from.zip(until).is_some_and(|(from, until)| until < from)) {
        return bad("notification_dates");
    }
    Ok(())
}
