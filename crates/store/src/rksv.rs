//! Codes of Austria's tills, and what signature devices said of themselves: found by their entries.

use domain::event::{Event, RksvSigned, RksvTold};
use domain::rksv::{RksvKind, SignerIdentity};
use domain::{BasketId, TillId};
use jiff::Timestamp;
use jiff::civil::DateTime;
use journal::EntryMeta;
use rusqlite::{Connection, params};

use crate::reader::{count, int};
use crate::{Reader, StoreError};

/// A code with what its device said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RksvCode {
    /// Where it stands in the journal.
    pub seq: u64,
    /// Recorded when.
    pub recorded: Timestamp,
    /// The code.
    pub signed: RksvSigned,
    /// The device that it names.
    pub signer: Option<SignerIdentity>,
}

/// A chain that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRow {
    /// The till's name at FinanzOnline.
    pub register: String,
    /// The till.
    pub till: TillId,
    /// How many codes it has.
    pub codes: u64,
    /// The last one's position; another number than `codes` when some are missing.
    pub last: u64,
}

/// A time in which a chain's codes were not signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RksvOutage {
    /// The entry of its first code.
    pub seq: u64,
    /// From, local time.
    pub from: DateTime,
    /// Until the first code that was signed again, local time; none while it lasts.
    pub until: Option<DateTime>,
    /// Why, a stable code.
    pub why: String,
    /// How many codes say that they are not signed.
    pub codes: u64,
}

impl Reader {
    /// The code of a basket that was sold; none where it has none.
    pub fn rksv_of(&self, basket: BasketId) -> Result<Option<RksvCode>, StoreError> {
        let seq = self.row(sql!("rksv/of_basket"), [int(basket.0)], |row| count(row, 0))?;
        seq.map_or(Ok(None), |seq| self.rksv_entry(seq))
    }

    /// A code by its place in a chain.
    pub fn rksv_at(&self, register: &str, position: u64) -> Result<Option<RksvCode>, StoreError> {
        let asked = params![register, int(position)];
        let seq = self.row(sql!("rksv/at"), asked, |row| count(row, 0))?;
        seq.map_or(Ok(None), |seq| self.rksv_entry(seq))
    }

    /// The code of an entry.
    pub fn rksv_entry(&self, seq: u64) -> Result<Option<RksvCode>, StoreError> {
        let Some((meta, Event::RksvSigned(signed))) = self.entry(seq)? else { return Ok(None) };
        let signer = self.signer(&signed.device)?;
        Ok(Some(RksvCode { seq, recorded: meta.at, signed: *signed, signer }))
    }

    /// So many codes of a chain after a place, in order, each with its entry's number.
    pub fn rksv_codes(
        &self,
        register: &str,
        after: u64,
        most: u32,
    ) -> Result<Vec<(u64, RksvSigned)>, StoreError> {
        let asked = params![register, int(after), most];
        let rows = self.rows(sql!("rksv/after"), asked, |row| count(row, 1))?;
        let mut codes = Vec::with_capacity(rows.len());
        for seq in rows {
            if let Some((_, Event::RksvSigned(signed))) = self.entry(seq)? {
                codes.push((seq, *signed));
            }
        }
        Ok(codes)
    }

    /// The chains that there are, in the order in which they began.
    pub fn rksv_registers(&self) -> Result<Vec<RegisterRow>, StoreError> {
        self.rows(sql!("rksv/registers"), [], |row| {
            Ok(RegisterRow {
                register: row.get(0)?,
                till: TillId(row.get(1)?),
                codes: count(row, 2)?,
                last: count(row, 3)?,
            })
        })
    }

    /// Receipts without turnover of a chain, the newest first.
    pub fn rksv_without_sale(
        &self,
        register: &str,
        most: u32,
    ) -> Result<Vec<RksvCode>, StoreError> {
        let rows =
            self.rows(sql!("rksv/without_sale"), params![register, most], |row| count(row, 0))?;
        let mut codes = Vec::with_capacity(rows.len());
        for seq in rows {
            codes.extend(self.rksv_entry(seq)?);
        }
        Ok(codes)
    }

    /// The times in which a chain's codes were not signed, the newest first.
    pub fn rksv_outages(&self, register: &str, most: u32) -> Result<Vec<RksvOutage>, StoreError> {
        let rows = self.rows(sql!("rksv/outages"), params![register, most], |row| {
            Ok((count(row, 0)?, count(row, 1)?))
        })?;
        let mut outages = Vec::with_capacity(rows.len());
        for (first, last) in rows {
            let Some(code) = self.rksv_at(register, first)? else { continue };
            let after = self.rksv_at(register, last.saturating_add(1))?;
            outages.push(RksvOutage {
                seq: code.seq,
                from: code.signed.at,
                until: after.map(|after| after.signed.at),
                why: code.signed.unsigned.unwrap_or_default(),
                codes: last.saturating_sub(first).saturating_add(1),
            });
        }
        Ok(outages)
    }

    /// What each device said of itself last, under each name that it had.
    pub fn signers(&self) -> Result<Vec<SignerIdentity>, StoreError> {
        let names = self.rows(sql!("rksv/signers"), [], |row| row.get::<_, String>(0))?;
        let mut signers = Vec::with_capacity(names.len());
        for name in names {
            signers.extend(self.signer(&name)?);
        }
        Ok(signers)
    }

    /// What the device that codes name so said of itself last.
    pub fn signer(&self, name: &str) -> Result<Option<SignerIdentity>, StoreError> {
        let seq = self.row(sql!("rksv/of_signer"), [name], |row| count(row, 0))?;
        let Some(seq) = seq else { return Ok(None) };
        Ok(match self.entry(seq)? {
            Some((_, Event::RksvTold(told))) => match *told {
                RksvTold::Device { identity, .. } => Some(identity),
                _ => None,
            },
            _ => None,
        })
    }
}

/// Whether a code is printed for itself: what has no receipt of its own, but for the monthly ones, which nobody needs on
/// paper.
pub(crate) fn prints(signed: &RksvSigned) -> bool {
    signed.basket.is_none() && signed.kind != RksvKind::Monthly
}

/// Brings the tables up to date with an entry of a chain.
pub(crate) fn project(
    conn: &Connection,
    meta: &EntryMeta,
    event: &Event,
) -> Result<(), StoreError> {
    match event {
        Event::RksvSigned(signed) => {
            let basket = signed.basket.map(|basket| int(basket.0));
            let (register, position) = (&signed.cash_register, int(signed.position));
            let row = params![int(meta.seq), register, position, signed.till.0, basket];
            conn.prepare_cached(sql!("rksv/put"))?.execute(row)?;
        }
        Event::RksvTold(told) => {
            if let RksvTold::Device { identity, .. } = &**told {
                let row = params![identity.key(), int(meta.seq)];
                conn.prepare_cached(sql!("rksv/signer"))?.execute(row)?;
            }
        }
        _ => {}
    }
    Ok(())
}
