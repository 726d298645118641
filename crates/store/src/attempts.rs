//! Payment attempts: found by number, terminal or state.

use domain::event::{Event, ReservationEnded};
use domain::payment::{Approval, Doubt, Outcome};
use domain::{AttemptId, BasketId, PersonId, ReceiptNo, ReceiptRef, TerminalId, TillId};
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
    /// `payment`, `refund`, `reversal`, `reservation`, `booking` or `release`.
    pub purpose: String,
    /// The attempt that a reversal takes back, or the reservation that a booking or a release settles.
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
    /// The how-many-th day of its terminal it belongs to.
    pub period: u32,
    /// What it counts there, above nothing, a tip in it.
    pub counts: Money,
    /// The currency that the terminal booked in.
    pub currency: Option<String>,
    /// Given beside the amount.
    pub tip: Money,
    /// The customer signs.
    pub signs: bool,
    /// The receipt that it became a part of.
    pub issued: Option<ReceiptRef>,
    /// The entry with the shop's slip.
    pub slip: Option<u64>,
    /// The reversal that took it back; of a reservation, the booking or release that ended it.
    pub taken_back: Option<AttemptId>,
}

/// Which attempts to list; what is none does not matter.
#[derive(Debug, Clone, Default)]
pub struct AttemptFilter {
    /// Only those before this one.
    pub before: Option<AttemptId>,
    /// At this terminal.
    pub terminal: Option<TerminalId>,
    /// In this state.
    pub state: Option<String>,
    /// Asked from this moment on.
    pub from: Option<Timestamp>,
    /// Asked before this moment.
    pub until: Option<Timestamp>,
}

pub(crate) fn attempt_row(row: &Row<'_>) -> rusqlite::Result<AttemptRow> {
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
        period: row.get(18)?,
        counts: Money::new(row.get(19)?),
        currency: row.get(20)?,
        tip: Money::new(row.get(21)?),
        signs: row.get(22)?,
        issued: row
            .get::<_, Option<u16>>(23)?
            .map(|till| {
                let number = ReceiptNo(count(row, 24)?);
                Ok::<_, rusqlite::Error>(ReceiptRef { till: TillId(till), number })
            })
            .transpose()?,
        slip: number(25)?.and_then(|seq| u64::try_from(seq).ok()),
        taken_back: number(26)?.and_then(|id| u64::try_from(id).ok()).map(AttemptId),
    })
}

impl Reader {
    /// The last attempt, and the last one of before the shop was restored; 0 where there is none.
    pub fn last_attempts(&self) -> Result<(AttemptId, AttemptId), StoreError> {
        let found = self.row(sql!("attempt/last"), [], |row| {
            Ok((AttemptId(count(row, 0)?), AttemptId(count(row, 1)?)))
        })?;
        Ok(found.unwrap_or((AttemptId(0), AttemptId(0))))
    }

    /// Payment attempts, newest first.
    pub fn attempts(&self, of: &AttemptFilter, limit: u32) -> Result<Vec<AttemptRow>, StoreError> {
        let before = of.before.map_or(i64::MAX, |id| int(id.0));
        let time = |at: Timestamp| format!("{at:.3}");
        let (terminal, state) = (of.terminal.map(|t| t.0), of.state.as_deref());
        let page = params![before, terminal, state, of.from.map(time), of.until.map(time), limit];
        self.rows(sql!("attempt/page"), page, attempt_row)
    }

    /// A payment attempt.
    pub fn attempt(&self, id: AttemptId) -> Result<Option<AttemptRow>, StoreError> {
        self.row(sql!("attempt/get"), [int(id.0)], attempt_row)
    }

    /// Its entries, oldest first.
    pub fn attempt_steps(
        &self,
        id: AttemptId,
        limit: u32,
    ) -> Result<Vec<(EntryMeta, Event)>, StoreError> {
        let steps = params![int(id.0), limit];
        let seqs = self.rows(sql!("attempt/steps"), steps, |row| count(row, 0))?;
        let mut entries = Vec::with_capacity(seqs.len());
        for seq in seqs {
            entries.extend(self.entry(seq)?);
        }
        Ok(entries)
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
    if let Some(attempt) = of_attempt(event) {
        conn.prepare_cached(sql!("attempt/step"))?
            .execute(params![int(meta.seq), int(attempt.0)])?;
    }
    match event {
        Event::TenderIntended { .. } => intend(conn, meta, event)?,
        Event::TenderSent { attempt, .. } => change(attempt, "sent", "")?,
        Event::AttemptRecorded { attempt, outcome, .. } => match outcome {
            Outcome::Approved(approval) => {
                change(attempt, "recorded", "")?;
                book(conn, *attempt, approval, true)?;
            }
            Outcome::Declined { code, .. } => change(attempt, "declined", code)?,
            Outcome::Cancelled { code } => change(attempt, "cancelled", code)?,
        },
        Event::AttemptAcknowledged { attempt, merchant, .. } => {
            change(attempt, "approved", "")?;
            counts_now(conn, *attempt)?;
            let row = params![int(attempt.0), int(meta.seq), !merchant.is_empty()];
            conn.prepare_cached(sql!("attempt/line_slip"))?.execute(row)?;
        }
        Event::TenderInDoubt { attempt, why, approval, .. } => {
            change(attempt, "in_doubt", &word(why)?)?;
            if let Some(approval) = approval {
                book(conn, *attempt, approval, *why != Doubt::CurrencyDiffers)?;
            }
        }
        Event::TenderResolved { attempt, charged, reason, .. } => {
            let state = if *charged { "resolved_charged" } else { "resolved_not_charged" };
            change(attempt, state, reason)?;
            if *charged {
                counts_now(conn, *attempt)?;
            }
        }
        Event::ReversalFailed { attempt, code, .. } => change(attempt, "intended", code)?,
        _ => {}
    }
    Ok(())
}

/// The attempt that an entry is a step of.
fn of_attempt(event: &Event) -> Option<AttemptId> {
    match event {
        Event::TenderIntended { attempt, .. }
        | Event::TenderSent { attempt, .. }
        | Event::TenderCancelAsked { attempt, .. }
        | Event::AttemptRecorded { attempt, .. }
        | Event::AttemptAcknowledged { attempt, .. }
        | Event::TenderInDoubt { attempt, .. }
        | Event::TenderResolved { attempt, .. }
        | Event::SignatureCompared { attempt, .. }
        | Event::ReversalFailed { attempt, .. } => Some(*attempt),
        // What people say of a reservation themselves stands with it.
        Event::ReservationEnded(ReservationEnded { reservation, attempt: None, .. }) => {
            Some(*reservation)
        }
        _ => None,
    }
}

/// Money is known to have moved. Where that was in doubt when the terminal's day was closed, it stands in no sum of
/// that day: it counts in the one that is known of it.
fn counts_now(conn: &Connection, attempt: AttemptId) -> Result<(), StoreError> {
    conn.prepare_cached(sql!("attempt/present"))?.execute([int(attempt.0)])?;
    Ok(())
}

/// The receipt that an attempt became a part of.
pub(crate) fn issue(
    conn: &Connection,
    attempt: AttemptId,
    receipt: ReceiptRef,
) -> Result<(), StoreError> {
    let row = params![int(attempt.0), receipt.till.0, int(receipt.number.0)];
    conn.prepare_cached(sql!("attempt/line_receipt"))?.execute(row)?;
    Ok(())
}

fn intend(conn: &Connection, meta: &EntryMeta, event: &Event) -> Result<(), StoreError> {
    let Event::TenderIntended { attempt, basket, terminal, purpose, amount, .. } = event else {
        return Ok(());
    };
    conn.prepare_cached(sql!("attempt/intend"))?.execute(params![
        int(attempt.0),
        meta.till.map_or(0, |till| till.0),
        terminal.0,
        int(basket.0),
        purpose.word(),
        purpose.of().map(|of| int(of.0)),
        amount.minor(),
        at(meta),
        meta.person.map(|p| p.0),
    ])?;
    let row = params![int(attempt.0), terminal.0, amount.minor()];
    conn.prepare_cached(sql!("attempt/line"))?.execute(row)?;
    Ok(())
}

/// `counts`: what was booked is in the shop's currency.
fn book(
    conn: &Connection,
    attempt: AttemptId,
    approval: &Approval,
    counts: bool,
) -> Result<(), StoreError> {
    let card = &approval.card;
    let total = approval.amount.saturating_plus(card.tip);
    conn.prepare_cached(sql!("attempt/line_booked"))?.execute(params![
        int(attempt.0),
        counts.then_some(total.minor()),
        approval.currency.code(),
        card.tip.minor(),
        card.signature,
    ])?;
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
