//! The tables for a tax audit (DSFinV-K) out of a shop's file: which closings, their receipts and cash movements, in a
//! ZIP that the checker has read before anybody gets it. Figures come from the journal as they were booked.
//!
//! *Absent:* the form itself and its rules (`fiscal::de::dsfinvk`), the clock.

mod archive;
mod closing;
mod lines;
mod others;
pub(crate) mod plan;
mod record;
mod verify;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::mpsc::sync_channel;

use domain::{DayNo, TillId};
use fiscal::de::dsfinvk::check::{Finding, Summary};
use fiscal::de::dsfinvk::schema::certificate_columns;
use fiscal::de::dsfinvk::{ExportError, Exporter, Supplier};
use jiff::civil::Date;
use store::{DatedDay, Reader, StoreError};

pub use archive::{MOST_BYTES, MOST_FILES};
pub use verify::{Checked, check_zip};

pub(crate) use closing::company;
use plan::Plan;

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The shop's file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An entry of the journal cannot be read.
    #[error(transparent)]
    Journal(#[from] journal::JournalError),
    /// A disk failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no ZIP archive, or cannot be written as one.
    #[error(transparent)]
    Zip(#[from] zip::result::ZipError),
    /// A value does not fit the form.
    #[error(transparent)]
    Form(#[from] ExportError),
    /// No till day of these dates is closed.
    #[error("no till day from {from} to {to} is closed")]
    NoClosing {
        /// First date.
        from: Date,
        /// Last date.
        to: Date,
    },
    /// The shop has not been set up, or its address has no street, postal code and town, which the form demands.
    #[error("the shop's address has no street, postal code and town")]
    Address,
    /// The form counts money in hundredths; the shop's currency has others.
    #[error("a currency that does not divide into hundredths")]
    Currency,
    /// A receipt whose lines and taxes contradict each other.
    #[error("receipt {0} is not the sum of its lines")]
    Receipt(String),
    /// An archive that is larger than any package.
    #[error("the archive is too large, or holds too many files")]
    TooLarge,
}

/// What was written.
#[derive(Debug)]
pub struct Written {
    /// Closings.
    pub closings: u64,
    /// What the checker read in the finished archive.
    pub summary: Summary,
    /// The first finding that makes the package wrong; none when it is right.
    pub wrong: Option<Finding>,
}

/// Writes the package of all till days whose dates lie between two, both within, and checks it. `progress` hears how
/// many closings are written, of how many.
///
/// # Errors
/// When no day of these dates is closed, the shop lacks what the form demands, a value does not fit, or a disk fails.
/// What the checker finds is no error here: see [`Written::wrong`].
pub fn write_package(
    reader: &Reader,
    dates: (Date, Date),
    target: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Written, Fault> {
    let closings = write_unchecked(reader, dates, target, progress)?;
    let Checked { summary, wrong, .. } = check_zip(target, &mut |_| {})?;
    Ok(Written { closings, summary, wrong })
}

/// [`write_package`] without its second half: nobody has read it yet. Answers how many closings are in it.
///
/// # Errors
/// As [`write_package`].
pub fn write_unchecked(
    reader: &Reader,
    (from, to): (Date, Date),
    target: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, Fault> {
    let plan = Plan::make(reader, from, to)?;
    if plan.closings.is_empty() {
        return Err(Fault::NoClosing { from, to });
    }
    let comment = format!("{from} – {to}{}", plan::misdated(reader, (from, to))?);
    archive::pack(target, |sink| {
        tables(reader, &plan, comment, progress, &mut |file| Ok(sink(file)))
    })?;
    Ok(u64::try_from(plan.closings.len()).unwrap_or(u64::MAX))
}

/// Pieces of closings that are made ahead of what is written.
const AHEAD: usize = 8;

/// Writes the tables of the planned closings, each to where `sink` says.
fn tables<W: Write>(
    reader: &Reader,
    plan: &Plan,
    comment: String,
    progress: &mut dyn FnMut(u64, u64),
    sink: &mut dyn FnMut(&'static str) -> io::Result<W>,
) -> Result<(fiscal::de::dsfinvk::Written<W>, Supplier), Fault> {
    let columns = certificate_columns(plan.longest_certificate);
    let mut exporter = Exporter::new(columns, |table| sink(table.file).map(Some))?;
    let mut supplier = Supplier::default();
    let of = u64::try_from(plan.closings.len()).unwrap_or(u64::MAX);
    // One thread makes records out of entries, this one rows out of records.
    let reader = reader.again()?;
    std::thread::scope(|scope| -> Result<(), Fault> {
        let (out, pieces) = sync_channel(AHEAD);
        let made = scope.spawn(move || -> Result<(), Fault> {
            for planned in &plan.closings {
                closing::make(&reader, plan, planned, &mut |piece| out.send(piece).is_ok())?;
            }
            Ok(())
        });
        let mut done = 0_u64;
        for piece in pieces {
            let Some(company) = piece.write(&mut exporter)? else { continue };
            let comment = comment.clone();
            supplier = Supplier { name: company.name, location: company.town, comment };
            done = done.saturating_add(1);
            progress(done, of);
        }
        made.join().map_err(|_| io::Error::other("making records came to a bad end"))?
    })?;
    let mut written = exporter.finish()?;
    for file in &mut written.files {
        file.sink.flush()?;
    }
    Ok((written, supplier))
}

/// Checks one closed till day as it would be handed to an auditor, signatures as well, without packing it; `told` hears
/// each finding. In memory is never more than one closing.
///
/// # Errors
/// As [`write_package`].
pub fn check_day(
    reader: &Reader,
    (till, day): (TillId, DayNo),
    told: &mut dyn FnMut(&Finding),
) -> Result<Checked, Fault> {
    let closed = reader.closed_day(till, day)?;
    let closed = closed.ok_or_else(|| StoreError::Damaged("a closed day is missing".to_owned()))?;
    let (said, number) = (closed.day.date, day);
    let dated = DatedDay { till, number, closed: closed.closed, said, date: said };
    let plan = Plan::of(reader, &[dated])?;
    let folder = tempfile::tempdir()?;
    let comment = closed.day.date.to_string();
    let mut sink = |file| Ok(BufWriter::new(File::create(folder.path().join(file))?));
    let (written, supplier) = tables(reader, &plan, comment, &mut |_, _| {}, &mut sink)?;
    let mut package = archive::Folder::of(folder, &written, &supplier)?;
    verify::check_package(&mut package, told)
}
