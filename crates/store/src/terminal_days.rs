//! Closings of card terminals' days, and the payments that each of them is about.

use domain::event::Event;
use domain::terminal_day::{Closing, ClosingState, TerminalLine};
use domain::{ClosingId, TerminalId, TillId};
use jiff::Timestamp;
use journal::EntryMeta;
use money::Money;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::attempts::{AttemptRow, attempt_row};
use crate::reader::int;
use crate::{Reader, StoreError};

/// A closing, and the how-many-th day of its terminal it closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalDayRow {
    /// The how-many-th.
    pub period: u32,
    /// As the rules know it.
    pub closing: Closing,
}

fn parsed((period, body): (u32, String)) -> Result<TerminalDayRow, StoreError> {
    Ok(TerminalDayRow { period, closing: serde_json::from_str(&body)? })
}

fn columns(row: &Row<'_>) -> rusqlite::Result<(u32, String)> {
    Ok((row.get(0)?, row.get(1)?))
}

impl Reader {
    /// A closing.
    pub fn terminal_day(&self, id: ClosingId) -> Result<Option<TerminalDayRow>, StoreError> {
        self.row(sql!("terminal_day/get"), [int(id.0)], columns)?.map(parsed).transpose()
    }

    /// Closings, newest first, those before `before`; of one terminal.
    pub fn terminal_days(
        &self,
        before: Option<ClosingId>,
        terminal: Option<TerminalId>,
        limit: u32,
    ) -> Result<Vec<TerminalDayRow>, StoreError> {
        let before = before.map_or(i64::MAX, |id| int(id.0));
        let page = params![before, terminal.map(|t| t.0), limit];
        self.rows(sql!("terminal_day/page"), page, columns)?.into_iter().map(parsed).collect()
    }

    /// The days of terminals at which a till took money between two moments, each with its last closing.
    pub fn terminal_days_of(
        &self,
        till: TillId,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Vec<(TerminalId, Option<TerminalDayRow>)>, StoreError> {
        let span = params![till.0, format!("{from:.3}"), format!("{to:.3}")];
        let days = self.rows(sql!("attempt/of_day"), span, |row| {
            Ok((TerminalId(row.get(0)?), row.get::<_, u32>(1)?))
        })?;
        days.into_iter()
            .map(|(terminal, period)| {
                let key = params![terminal.0, period];
                let found = self.row(sql!("terminal_day/of_period"), key, columns)?;
                Ok((terminal, found.map(parsed).transpose()?))
            })
            .collect()
    }

    /// The how-many-th day a terminal is at.
    pub fn terminal_period(&self, terminal: TerminalId) -> Result<u32, StoreError> {
        let found = self.row(sql!("terminal_day/period"), [terminal.0], |row| row.get(0))?;
        Ok(found.unwrap_or(1))
    }

    /// Every try of a terminal's day that moved money, or may have, oldest first.
    pub fn terminal_attempts(
        &self,
        terminal: TerminalId,
        period: u32,
    ) -> Result<Vec<AttemptRow>, StoreError> {
        self.rows(sql!("attempt/lines"), params![terminal.0, period], attempt_row)
    }

    /// Money that moved at a terminal since its day was closed last, asked for until that moment, without
    /// what was taken back.
    pub fn terminal_lines(
        &self,
        terminal: TerminalId,
        until: Timestamp,
    ) -> Result<Vec<TerminalLine>, StoreError> {
        self.rows(sql!("attempt/moved"), params![terminal.0, format!("{until:.3}")], |row| {
            Ok(TerminalLine { scheme: row.get(0)?, amount: Money::new(row.get(1)?) })
        })
    }
}

/// Brings the table up to date with an entry of a closing.
pub(crate) fn project(
    conn: &Connection,
    meta: &EntryMeta,
    event: &Event,
) -> Result<(), StoreError> {
    let Some(id) = event.closing() else { return Ok(()) };
    if let Some(closing) = Closing::of(meta.at, meta.person, event) {
        let (state, body) = document(&closing)?;
        let row = params![int(id.0), closing.terminal.0, state, body];
        conn.prepare_cached(sql!("terminal_day/insert"))?.execute(row)?;
        return Ok(());
    }
    let body: Option<String> = conn
        .prepare_cached(sql!("terminal_day/body"))?
        .query_row([int(id.0)], |row| row.get(0))
        .optional()?;
    let Some(body) = body else { return Ok(()) };
    let mut closing: Closing = serde_json::from_str(&body)?;
    closing.apply(meta.at, meta.person, event);
    let (state, body) = document(&closing)?;
    conn.prepare_cached(sql!("terminal_day/change"))?.execute(params![int(id.0), state, body])?;
    if closing.state == ClosingState::Closed && matches!(event, Event::TerminalDayClosed(_)) {
        // What was paid there while nobody knew how it ended belongs to the next day.
        let row = params![closing.terminal.0, int(id.0), format!("{:.3}", closing.asked)];
        conn.prepare_cached(sql!("attempt/later"))?.execute(row)?;
    }
    Ok(())
}

/// The word of its state, and all of it.
fn document(closing: &Closing) -> Result<(String, String), StoreError> {
    let state = serde_json::to_value(&closing.state)?;
    let word = state.get("state").and_then(|word| word.as_str()).unwrap_or_default().to_owned();
    Ok((word, serde_json::to_string(closing)?))
}
