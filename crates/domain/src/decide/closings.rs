//! Closing a card terminal's day: asked for by a person or with the day of a till, moved on by what the
//! terminal says, and held against what the shop booked there.

use super::desk::Desk;
use super::{Context, devices, limits};
use crate::command::ClosingStep;
use crate::event::{
    Event, TerminalDayClosed, TerminalDayExplained, TerminalDayIntended, TerminalDaySettled,
};
use crate::facts::Stop;
use crate::ids::{ClosingId, DayNo, TerminalId, TillId};
use crate::payment::{Attempt, Doubt};
use crate::refusal::Refusal;
use crate::state::State;
use crate::terminal_day::{Closing, ClosingState, SchemePair, TerminalTotals, compare, sums};

/// Why no closing can begin at a terminal.
fn in_the_way(state: &State, terminal: TerminalId, despite: bool) -> Option<Refusal> {
    if state.closing_at(terminal).is_some() {
        return Some(Refusal::TerminalClosing);
    }
    let mut there = state.attempts.values().filter(|a| a.terminal == terminal);
    // What is still running will end by itself: no reason is as good as waiting for it.
    if there.clone().any(|attempt| !attempt.is_in_doubt()) {
        return Some(Refusal::TerminalBusy);
    }
    (there.any(Attempt::is_in_doubt) && !despite).then_some(Refusal::TerminalInDoubt)
}

/// Why a terminal's day cannot be closed now. One that is stopped may be another than the shop's: what it says
/// its day came to is nobody's.
fn kept_open(state: &State, terminal: TerminalId, despite: bool) -> Option<Refusal> {
    devices::stopped(state, terminal).or_else(|| in_the_way(state, terminal, despite))
}

fn next(state: &State) -> ClosingId {
    ClosingId(state.counters.closings.saturating_add(1))
}

pub(super) fn by_hand(
    context: Context<'_>,
    terminal: TerminalId,
    despite: Option<&str>,
) -> Result<Vec<Event>, Stop> {
    if let Some(reason) = despite {
        limits::text("despite_doubt", reason, limits::MAX_TEXT)?;
    }
    let settings = context.state.settings.as_deref().ok_or(Refusal::NotConfigured)?;
    if !settings.terminals.iter().any(|t| t.id == terminal) {
        return Err(Refusal::NoTerminal.into());
    }
    if let Some(refusal) = kept_open(context.state, terminal, despite.is_some()) {
        return Err(refusal.into());
    }
    let beside = settings.tills.iter().find(|till| till.terminal == Some(terminal));
    let till = beside.or(settings.tills.first()).ok_or(Refusal::UnknownTill)?.id;
    Ok(vec![Event::TerminalDayIntended(TerminalDayIntended {
        closing: next(context.state),
        terminal,
        till,
        day: None,
        despite_doubt: despite.map(str::to_owned),
    })])
}

/// With the day of the last open till that uses it, a terminal's day is closed too, if anything was paid
/// there. It goes on behind the till's closing and never holds it up.
pub(super) fn with_till_day(desk: &mut Desk<'_>, day: DayNo) -> Result<(), Stop> {
    let here: TillId = desk.till.id;
    let Some(terminal) = desk.state().till_settings(here).and_then(|till| till.terminal) else {
        return Ok(());
    };
    let known = desk.settings.terminals.iter().find(|t| t.id == terminal);
    if known.is_none_or(|terminal| terminal.close_by_hand) {
        return Ok(());
    }
    let others_open = desk.settings.tills.iter().any(|till| {
        let open = desk.state().tills.get(&till.id).is_some_and(|till| till.day.is_some());
        till.id != here && till.terminal == Some(terminal) && open
    });
    if others_open || desk.state().closing_at(terminal).is_some() {
        return Ok(());
    }
    let doubts = kept_open(desk.state(), terminal, false);
    if doubts.is_none() && desk.context.facts.terminal_lines(terminal, desk.context.now)?.is_empty()
    {
        return Ok(());
    }
    let closing = next(desk.state());
    let (till, day, despite_doubt) = (here, Some(day), None);
    desk.push(Event::TerminalDayIntended(TerminalDayIntended {
        closing,
        terminal,
        till,
        day,
        despite_doubt,
    }));
    if let Some(refusal) = doubts {
        // Said rather than left out: somebody has to close it by hand.
        desk.push(Event::TerminalDayNotClosed { closing, code: refusal.code() });
    }
    Ok(())
}

/// What the program says of a closing.
pub(super) fn step(
    mut desk: Desk<'_>,
    id: ClosingId,
    step: &ClosingStep,
) -> Result<Vec<Event>, Stop> {
    let closing = open(desk.state(), id)?.clone();
    let asked = matches!(closing.state, ClosingState::Sent | ClosingState::Recorded);
    let fresh = closing.state == ClosingState::Intended;
    let event = match step {
        ClosingStep::Sent if fresh => {
            // The terminal that answered just now is not the one of the register.
            if let Some(stop) = devices::stopped(desk.state(), closing.terminal) {
                return Err(stop.into());
            }
            Event::TerminalDaySent { closing: id }
        }
        // Said twice: the last word holds while none is acknowledged.
        ClosingStep::Totals(totals) if asked => {
            if closing.totals.as_ref() == Some(totals) {
                return desk.done();
            }
            Event::TerminalDayRecorded { closing: id, totals: totals.clone() }
        }
        ClosingStep::Closed { lines } if asked => {
            closed(desk.context, &closing, closing.totals.clone(), (false, lines))?
        }
        ClosingStep::Alone if fresh => closed(desk.context, &closing, None, (true, &[]))?,
        ClosingStep::Not { code } if fresh || asked => not_closed(id, code),
        ClosingStep::Unknown(why) if asked || closing.is_unknown() => {
            let known = matches!(closing.state, ClosingState::Unknown { why: before, .. } if before == *why);
            if known {
                return desk.done();
            }
            Event::TerminalDayUnknown { closing: id, why: *why }
        }
        ClosingStep::Stands(now) if closing.is_unknown() => found_out(desk.context, &closing, now)?,
        _ => return Err(Refusal::UnknownClosing.into()),
    };
    desk.push(event);
    desk.done()
}

fn open(state: &State, id: ClosingId) -> Result<&Closing, Refusal> {
    state.closings.get(&id).filter(|closing| closing.is_open()).ok_or(Refusal::UnknownClosing)
}

fn not_closed(closing: ClosingId, code: &str) -> Event {
    Event::TerminalDayNotClosed { closing, code: code.to_owned() }
}

/// The closing's end: what the shop booked there beside what the terminal says.
fn closed(
    context: Context<'_>,
    closing: &Closing,
    totals: Option<TerminalTotals>,
    (alone, lines): (bool, &[String]),
) -> Result<Event, Stop> {
    // Where nobody knew how it ended, paying went on: what came later belongs to the next day.
    let ours = sums(&context.facts.terminal_lines(closing.terminal, closing.asked)?);
    let theirs = totals.as_ref().map_or(&[][..], |totals| &totals.cards);
    // What nobody heard cannot agree, not even with nothing.
    let agrees = totals.is_some() && compare(&ours, theirs).iter().all(SchemePair::matches);
    let matches = alone || agrees;
    let (closing, lines) = (closing.id, lines.to_vec());
    Ok(Event::TerminalDayClosed(TerminalDayClosed { closing, ours, totals, matches, alone, lines }))
}

/// A terminal that closed its day has nothing left in its journal; nothing was paid there since it was asked.
fn found_out(context: Context<'_>, closing: &Closing, now: &TerminalTotals) -> Result<Event, Stop> {
    let id = closing.id;
    if now.cards.is_empty() {
        // It may have told its totals before, or nobody ever heard them.
        return closed(context, closing, closing.totals.clone(), (false, &[]));
    }
    let same = closing.totals.as_ref().is_none_or(|before| before.cards == now.cards);
    if same {
        return Ok(not_closed(id, "not_booked"));
    }
    // Neither what it said nor nothing: somebody else was at it.
    Ok(Event::TerminalDayUnknown { closing: id, why: Doubt::NothingToCompare })
}

/// A person says whether the terminal closed its day.
pub(super) fn settle(
    context: Context<'_>,
    id: ClosingId,
    did: bool,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    limits::text("reason", reason, limits::MAX_TEXT)?;
    let closing = open(context.state, id)?;
    if !closing.is_unknown() {
        return Err(Refusal::UnknownClosing.into());
    }
    let ending = if did {
        closed(context, closing, closing.totals.clone(), (false, &[]))?
    } else {
        not_closed(id, "settled")
    };
    let settled = Event::TerminalDaySettled(TerminalDaySettled {
        closing: id,
        closed: did,
        reason: reason.to_owned(),
    });
    Ok(vec![settled, ending])
}

/// A person says where a difference comes from.
pub(super) fn explain(
    context: Context<'_>,
    id: ClosingId,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    limits::text("reason", reason, limits::MAX_TEXT)?;
    let differs = context.state.closings.get(&id).is_some_and(Closing::needs_reason);
    if !differs {
        return Err(Refusal::UnknownClosing.into());
    }
    Ok(vec![Event::TerminalDayExplained(TerminalDayExplained {
        closing: id,
        reason: reason.to_owned(),
    })])
}
