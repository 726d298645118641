//! Signatures of receipts, and what signing units said of themselves: found by their entries.

use domain::event::{Event, SigningFailed};
use domain::signing::{Signature, Signing, Subject, UnitIdentity};
use domain::state::Part;
use journal::EntryMeta;
use rusqlite::{Connection, params};

use crate::reader::{count, int};
use crate::{Reader, StoreError};

/// How something was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// By a unit, with what that said of itself.
    Yes(Box<(Signature, UnitIdentity)>),
    /// Not: why.
    No(Box<SigningFailed>),
}

impl Reader {
    /// How a basket that ended, or an entry, was signed; none where nothing was to be signed, or nobody has yet.
    pub fn signature(&self, of: Subject) -> Result<Option<Signed>, StoreError> {
        Ok(self.signature_entry(of)?.map(|(_, signed)| signed))
    }

    /// [`Reader::signature`] with the entry that says so.
    pub fn signature_entry(&self, of: Subject) -> Result<Option<(u64, Signed)>, StoreError> {
        let seq = match of {
            Subject::Basket(basket) => {
                self.row(sql!("signing/of_basket"), [int(basket.0)], |row| count(row, 0))?
            }
            Subject::Entry(seq) => {
                self.row(sql!("signing/of_entry"), [int(seq)], |row| count(row, 0))?
            }
        };
        let Some(seq) = seq else { return Ok(None) };
        let signed = match self.entry(seq)? {
            Some((_, Event::SigningFinished(finished))) => {
                let signature = finished.signature;
                let identity = self.signing_unit(&signature.serial)?;
                identity.map(|identity| Signed::Yes(Box::new((signature, identity))))
            }
            Some((_, Event::SigningFailed(failed))) => Some(Signed::No(failed)),
            _ => None,
        };
        Ok(signed.map(|signed| (seq, signed)))
    }

    /// What ended and is not signed yet.
    pub fn signings(&self) -> Result<Vec<Signing>, StoreError> {
        let mut all = self.parts("signing")?;
        all.extend(self.parts("entry_signing")?);
        all.iter().map(|(_, body)| Ok(serde_json::from_str(body)?)).collect()
    }

    /// Whether something ended and is not signed yet.
    pub fn is_being_signed(&self, of: Subject) -> Result<bool, StoreError> {
        let (kind, key) = Part::Signing(of).name();
        let asked = params![kind, key];
        Ok(self.row(sql!("signing/waits"), asked, |row| count(row, 0))?.is_some())
    }

    /// What the unit with this serial number said of itself last.
    pub fn signing_unit(&self, serial: &str) -> Result<Option<UnitIdentity>, StoreError> {
        let seq = self.row(sql!("signing/of_serial"), [serial], |row| count(row, 0))?;
        let Some(seq) = seq else { return Ok(None) };
        if let Some((known, identity)) = &*self.unit.borrow()
            && *known == seq
        {
            return Ok(Some(identity.clone()));
        }
        let Some((_, Event::SigningUnitReported(said))) = self.entry(seq)? else { return Ok(None) };
        self.unit.replace(Some((seq, said.identity.clone())));
        Ok(Some(said.identity))
    }

    /// What each unit that ever signed here said of itself last.
    pub fn signing_units(&self) -> Result<Vec<UnitIdentity>, StoreError> {
        let mut units = Vec::new();
        for seq in self.rows(sql!("signing/units"), [], |row| count(row, 0))? {
            if let Some((_, Event::SigningUnitReported(said))) = self.entry(seq)? {
                units.push(said.identity);
            }
        }
        Ok(units)
    }
}

/// Brings the tables up to date with an entry of a signing unit.
pub(crate) fn project(
    conn: &Connection,
    meta: &EntryMeta,
    event: &Event,
) -> Result<(), StoreError> {
    let signed = |of: Subject| -> Result<(), StoreError> {
        match of {
            Subject::Basket(basket) => {
                let row = params![int(basket.0), int(meta.seq)];
                conn.prepare_cached(sql!("signing/sign"))?.execute(row)?;
            }
            Subject::Entry(seq) => {
                let row = params![int(seq), int(meta.seq)];
                conn.prepare_cached(sql!("signing/sign_entry"))?.execute(row)?;
            }
        }
        Ok(())
    };
    match event {
        Event::SigningFinished(finished) => signed(finished.of),
        Event::SigningFailed(failed) => signed(failed.of),
        Event::SigningUnitReported(said) => {
            let row = params![said.identity.serial, int(meta.seq)];
            conn.prepare_cached(sql!("signing/unit"))?.execute(row)?;
            Ok(())
        }
        _ => Ok(()),
    }
}
