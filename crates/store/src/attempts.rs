//! Payment attempts: found by number, terminal or state.

use domain::event::Event;
use domain::payment::{Approval, Outcome, Purpose};
use domain::{AttemptId, BasketId, PersonId, TerminalId, TillId};
use jiff::Timestamp;
use journal::EntryMeta;
use money::Money;
use rusqlite::{Connection, Row, params};

use crate::project::{at, word};
use crate::reader::{count, int, text_as};
use crate::{Reader, StoreError};

/// A payment attempt in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// Identity.
    pub id: AttemptId,
    /// For which till.
    pub till: TillId,
    /// Where.
    pub terminal: TerminalId,
    /// For which basket.
    pub basket: BasketId,
    /// `payment`, `refund` or `reversal`.
    pub purpose: String,
    /// The attempt that a reversal takes back.
    pub reverses: Option<AttemptId>,
    /// Asked for, above nothing.
    pub amount: Money,
    /// What the terminal says it booked.
    pub booked: Option<Money>,
    /// `intended`, `sent`, `recorded`, `approved`, `declined`, `cancelled`, `in_doubt`,
    /// `resolved_charged` or `resolved_not_charged`.
    pub state: String,
    /// Why it was declined, cancelled or is in doubt; the person's reason when resolved.
    pub code: String,
    /// Asked when.
    pub asked: Timestamp,
    /// Changed last.
    pub changed: Timestamp,
    /// Asked by.
    pub person: Option<PersonId>,
    /// The terminal's own id (TID).
    pub terminal_id: Option<String>,
    /// The terminal's receipt number.
    pub receipt: Option<String>,
    /// Its trace number.
    pub trace: Option<String>,
    /// The card's scheme.
    pub scheme: Option<String>,
    /// Last four digits of the card.
    pub last4: Option<String>,
}

fn attempt_row(row: &Row<'_>) -> rusqlite::Result<AttemptRow> {
    let number = |at| row.get::<_, Option<i64>>(at);
    Ok(AttemptRow {
        id: AttemptId(count(row, 0)?),
        till: TillId(row.get(1)?),
        terminal: TerminalId(row.get(2)?),
        basket: BasketId(count(row, 3)?),
        purpose: row.get(4)?,
        reverses: number(5)?.and_then(|id| u64::try_from(id).ok()).map(AttemptId),
        amount: Money::new(row.get(6)?),
        booked: number(7)?.map(Money::new),
        state: row.get(8)?,
        code: row.get(9)?,
        asked: text_as(row, 10)?,
        changed: text_as(row, 11)?,
        person: row.get::<_, Option<u32>>(12)?.map(PersonId),
        terminal_id: row.get(13)?,
        receipt: row.get(14)?,
        trace: row.get(15)?,
        scheme: row.get(16)?,
        last4: row.get(17)?,
    })
}

impl Reader {
    /// Payment attempts, newest first, those before `before`; of one terminal or in one state.
    pub fn attempts(
        &self,
        before: Option<AttemptId>,
        terminal: Option<TerminalId>,
        state: Option<&str>,
        limit: u32,
    ) -> Result<Vec<AttemptRow>, StoreError> {
        let before = before.map_or(i64::MAX, |id| int(id.0));
        let page = params![before, terminal.map(|t| t.0), state, limit];
        self.rows(sql!("attempt/page"), page, attempt_row)
    }
}

/// Brings the table up to date with an entry of an attempt.
pub(crate) fn project(
    conn: &Connection,
    meta: &EntryMeta,
    event: &Event,
) -> Result<(), StoreError> {
    let change = |id: &AttemptId, state: &str, code: &str| -> Result<(), StoreError> {
        let row = params![int(id.0), state, code, at(meta)];
        conn.prepare_cached(sql!("attempt/change"))?.execute(row)?;
        Ok(())
    };
    match event {
        Event::TenderIntended { .. } => intend(conn, meta, event)?,
        Event::TenderSent { attempt, .. } => change(attempt, "sent", "")?,
        Event::AttemptRecorded { attempt, outcome, .. } => match outcome {
            Outcome::Approved(approval) => {
                change(attempt, "recorded", "")?;
                book(conn, *attempt, approval)?;
            }
            Outcome::Declined { code, .. } => change(attempt, "declined", code)?,
            Outcome::Cancelled { code } => change(attempt, "cancelled", code)?,
        },
        Event::AttemptAcknowledged { attempt, .. } => change(attempt, "approved", "")?,
        Event::TenderInDoubt { attempt, why, approval, .. } => {
            change(attempt, "in_doubt", &word(why)?)?;
            if let Some(approval) = approval {
                book(conn, *attempt, approval)?;
            }
        }
        Event::TenderResolved { attempt, charged, reason, .. } => {
            let state = if *charged { "resolved_charged" } else { "resolved_not_charged" };
            change(attempt, state, reason)?;
        }
        Event::ReversalFailed { attempt, code, .. } => change(attempt, "intended", code)?,
        _ => {}
    }
    Ok(())
}

fn intend(conn: &Connection, meta: &EntryMeta, event: &Event) -> Result<(), StoreError> {
    let Event::TenderIntended { attempt, basket, terminal, purpose, amount, .. } = event else {
        return Ok(());
    };
    let (purpose, reverses) = match purpose {
        Purpose::Payment => ("payment", None),
        Purpose::Refund => ("refund", None),
        Purpose::Reversal { of } => ("reversal", Some(int(of.0))),
    };
    conn.prepare_cached(sql!("attempt/intend"))?.execute(params![
        int(attempt.0),
        meta.till.map_or(0, |till| till.0),
        terminal.0,
        int(basket.0),
        purpose,
        reverses,
        amount.minor(),
        at(meta),
        meta.person.map(|p| p.0),
    ])?;
    Ok(())
}

fn book(conn: &Connection, attempt: AttemptId, approval: &Approval) -> Result<(), StoreError> {
    let card = &approval.card;
    conn.prepare_cached(sql!("attempt/book"))?.execute(params![
        int(attempt.0),
        // The tip went with it: so it stands in the terminal's totals.
        approval.amount.saturating_plus(card.tip).minor(),
        card.terminal_id,
        card.receipt,
        card.trace,
        card.scheme,
        card.last4,
    ])?;
    Ok(())
}
