//! When signing units did not sign, and why: pairs of entries.

use domain::UnitId;
use domain::event::Event;
use jiff::Timestamp;
use store::{Reader, StoreError, Told, ToldPage};

/// A time in which a unit did not sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// Which unit.
    pub unit: UnitId,
    /// The entry that says so.
    pub seq: u64,
    /// From.
    pub from: Timestamp,
    /// Until; none while it lasts.
    pub until: Option<Timestamp>,
    /// Stable code.
    pub why: String,
}

/// Most entries that are looked at.
const MOST: u32 = 2_000;

/// The last outages, newest first, and whether there are older ones that are not among them.
///
/// # Errors
/// When the file cannot be read.
pub fn outages(reader: &Reader, most: usize) -> Result<(Vec<Outage>, bool), StoreError> {
    let page = ToldPage { from: Timestamp::MIN, until: Timestamp::MAX, before: None, limit: MOST };
    let mut entries = reader.told(&[Told::Outage], page)?;
    let cut = entries.len() >= usize::try_from(MOST).unwrap_or(usize::MAX);
    entries.reverse();
    let mut found: Vec<Outage> = Vec::new();
    for entry in entries {
        match entry.event {
            Event::SigningOutage(said) => found.push(Outage {
                unit: said.unit,
                seq: entry.meta.seq,
                from: entry.meta.at,
                until: None,
                why: said.why,
            }),
            Event::SigningRestored(said) => {
                let open =
                    |outage: &&mut Outage| outage.unit == said.unit && outage.until.is_none();
                // A unit that says another reason while it is down is one outage with two reasons: both end now.
                for outage in found.iter_mut().rev().filter(|outage| open(outage)) {
                    outage.until = Some(entry.meta.at);
                }
            }
            _ => {}
        }
    }
    found.reverse();
    let more = cut || found.len() > most;
    found.truncate(most);
    Ok((found, more))
}
