//! What a unit signed, all or of some days, as it exports it: into a file first, so that nobody takes a part for the whole,
//! and no unit waits for whoever reads slowly.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::Path;

use domain::UnitId;
use domain::settings::Settings;
use domain::signing::{UnitKind, UnitSettings};
use fiscal::de::tse::tar;
use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use signing::{Fault, Span, Unit};
use store::{Reader, StoreError};

use super::units::{Units, unit_path};

/// First and last day, both within; none is without bound.
pub type Days = (Option<Date>, Option<Date>);

/// The moments between which the days lie, on the shop's clock.
#[must_use]
pub fn span_of(settings: &Settings, (from, to): Days) -> Span {
    let zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
    let midnight = |date: Date| {
        let local = date.to_datetime(time(0, 0, 0, 0));
        zone.to_timestamp(local).ok()
    };
    let last = |date: Date| {
        let next = midnight(date.tomorrow().ok()?)?;
        // The last whole second: some units count in no less.
        next.checked_sub(SignedDuration::from_secs(1)).ok()
    };
    (from.and_then(midnight), to.and_then(last))
}

/// Writes it. Answers whether the unit is certified, as far as it says.
///
/// # Errors
/// What the unit says, or `storage` when the file cannot be written.
pub(super) fn write_archive(
    unit: &dyn Unit,
    set: &UnitSettings,
    span: Span,
    (now, target): (Timestamp, &Path),
) -> Result<bool, Fault> {
    let mut out = BufWriter::new(File::create(target)?);
    unit.export(span, now, &mut out)?;
    out.flush()?;
    // Some say so themselves, others hand out certificates alone.
    if span != (None, None) && !has_logs(target)? {
        return Err(Fault::Refused("no_data"));
    }
    Ok(!set.kind.is_simulated() && unit.identity()?.certified)
}

fn has_logs(archive: &Path) -> Result<bool, Fault> {
    let mut found = false;
    let read = tar::files(BufReader::new(File::open(archive)?), |name, _| {
        found |= Path::new(name).extension().is_some_and(|kind| kind == "log");
    });
    // Whether it is whole is not asked here: whoever verifies it hears more than that it is not.
    Ok(found || read.is_err())
}

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
pub enum NoArchive {
    /// The shop's file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The settings have no such unit.
    #[error("there is no unit {0} in the settings")]
    Unknown(UnitId),
    /// A software unit that has never signed anything.
    #[error("unit {0} has signed nothing")]
    Empty(UnitId),
    /// What the unit says.
    #[error("{}", .0.code())]
    Unit(#[from] Fault),
}

/// The same for whoever has the shop's file and not its program: beside a running shop as well. A device that takes one
/// connection says no while the program has it.
///
/// # Errors
/// See [`NoArchive`].
pub fn archive_of(
    (shop, unit): (&Path, UnitId),
    days: Days,
    (now, target): (Timestamp, &Path),
) -> Result<bool, NoArchive> {
    let settings = Reader::open(shop)?.settings_before(u64::MAX)?;
    let settings = settings.ok_or(NoArchive::Unknown(unit))?;
    let mut units = settings.signing.iter().flat_map(|signing| &signing.units);
    let set = units.find(|set| set.id == unit).ok_or(NoArchive::Unknown(unit))?;
    let span = span_of(&settings, days);
    // A software unit's memory is opened for writing, and belongs to the program: a copy is read.
    let folder = tempfile::tempdir().map_err(Fault::Memory)?;
    let mut at = shop.to_owned();
    if set.kind == UnitKind::Software {
        let kept = unit_path(shop, unit);
        if !kept.exists() {
            return Err(NoArchive::Empty(unit));
        }
        at = folder.path().join("shop.sqlite");
        std::fs::copy(kept, unit_path(&at, unit)).map_err(Fault::Memory)?;
    }
    let units = Units::default();
    let written = units.archive(&at, set, span, (now, target));
    units.forget(unit);
    Ok(written?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_and_end_at_the_shops_midnight() {
        let settings = crate::defaults::settings(
            domain::settings::Country::De,
            domain::settings::Language::De,
        );
        let day = |text: &str| Some(text.parse::<Date>().expect("a date"));
        let moment = |text: &str| Some(text.parse::<Timestamp>().expect("a time"));
        // A day of 25 hours.
        let span = span_of(&settings, (day("2026-10-25"), day("2026-10-25")));
        assert_eq!(span, (moment("2026-10-24T22:00:00Z"), moment("2026-10-25T22:59:59Z")));
        assert_eq!(span_of(&settings, (None, None)), (None, None));
    }
}
