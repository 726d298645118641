//! From a file that was read into the record, and what that would do before it is done.

use std::collections::BTreeMap;

use domain::transfer::{BankMessage, Finding, Found, KnownTransfer, TransferState, judge};
use domain::{Command, PersonId, Refusal, ShopCommand, TillCommand};
use jiff::Timestamp;
use money::Currency;
use sha2::{Digest, Sha256};
use store::{Reader, StoreError};

use super::{BankFile, BankLine, Format, Moved};
use crate::api::transfers::{BankFileView, BankLineKind, BankLineView};
use crate::engine::{Actor, Engine, EngineError};

/// Lines that are shown; all of them are counted and taken in.
const SHOWN: usize = 500;

/// What taking a file in comes to.
pub type Taken = BankFileView;

/// Names a file: what is taken in is what was shown.
pub fn digest(bytes: &[u8]) -> String {
    crate::auth::random::hex(Sha256::digest(bytes).get(..16).unwrap_or_default())
}

/// What a line says of a request, for the record; none when nothing in it is ours.
fn message(moved: &Moved, by: PersonId) -> Option<BankMessage> {
    let (reference, fits) = match &moved.found {
        Found::Nothing => return None,
        Found::Reference(reference) => (reference.clone(), true),
        Found::Spoiled(word) => (word.chars().take(64).collect(), false),
    };
    Some(BankMessage {
        entry: moved.entry.clone(),
        booked: moved.booked,
        amount: moved.amount,
        currency: moved.currency,
        back: moved.back,
        reference,
        fits,
        by,
    })
}

/// What the message led to when it was taken in before; or else the name it is free to have. A bank's own
/// reference may come again with another payment: that one is named by what it says as well.
fn known(reader: &Reader, said: &mut BankMessage) -> Result<Option<Finding>, StoreError> {
    let own = said.entry.clone();
    let content = super::digested(&[
        &said.amount.minor().to_string(),
        said.currency.code(),
        if said.back { "back" } else { "" },
        &said.reference,
    ]);
    let longer = format!("{own}.{}", content.get(..8).unwrap_or_default());
    for name in [&own, &longer] {
        said.entry.clone_from(name);
        if let Some(finding) = reader.bank_message_same(said)? {
            return Ok(Some(finding));
        }
    }
    if reader.bank_message(&own)?.is_none() {
        said.entry = own;
    }
    Ok(None)
}

/// A file's lines as they are counted.
struct Counting {
    view: BankFileView,
}

impl Counting {
    fn of(file: &BankFile, bytes: &[u8], taken: bool) -> Self {
        let format = match file.format {
            Format::Camt => "camt",
            Format::Csv => "csv",
        };
        Counting {
            view: BankFileView {
                format: format.to_owned(),
                digest: digest(bytes),
                lines: Vec::new(),
                count: 0,
                ours: 0,
                known: 0,
                other: 0,
                bad: 0,
                paid: 0,
                waits: 0,
                taken,
            },
        }
    }

    /// A rule says no to what the line says.
    fn refused(&mut self, line: &BankLine) {
        self.count(line, BankLineKind::Bad, None);
        let shown = self.view.lines.last_mut().filter(|shown| shown.line == line.number);
        if let Some(shown) = shown {
            shown.problem = Some("refused".to_owned());
        }
    }

    fn count(&mut self, line: &BankLine, kind: BankLineKind, finding: Option<Finding>) {
        let view = &mut self.view;
        view.count = view.count.saturating_add(1);
        let sum = match kind {
            BankLineKind::Ours => &mut view.ours,
            BankLineKind::Known => &mut view.known,
            BankLineKind::Other => &mut view.other,
            BankLineKind::Bad => &mut view.bad,
        };
        *sum = sum.saturating_add(1);
        if kind == BankLineKind::Ours {
            view.paid = view.paid.saturating_add(u32::from(finding == Some(Finding::Paid)));
            view.waits =
                view.waits.saturating_add(u32::from(finding.is_some_and(Finding::needs_person)));
        }
        if view.lines.len() < SHOWN {
            let moved = line.says.as_ref().ok();
            view.lines.push(BankLineView {
                line: line.number,
                kind,
                booked: moved.and_then(|moved| moved.booked),
                amount: moved
                    .map(|moved| domain::Amount { amount: moved.amount, currency: moved.currency }),
                back: moved.is_some_and(|moved| moved.back),
                reference: moved.and_then(|moved| match &moved.found {
                    Found::Nothing => None,
                    Found::Reference(text) | Found::Spoiled(text) => Some(text.clone()),
                }),
                finding,
                problem: line.says.as_ref().err().map(|problem| problem.code().to_owned()),
            });
        }
    }
}

/// What taking the file in would do, as things stand.
pub fn preview(
    reader: &Reader,
    home: Currency,
    file: &BankFile,
    bytes: &[u8],
) -> Result<BankFileView, StoreError> {
    let mut counting = Counting::of(file, bytes, false);
    // What earlier lines of the same file will have changed.
    let mut changed: BTreeMap<String, TransferState> = BTreeMap::new();
    for line in &file.lines {
        let Ok(moved) = &line.says else {
            counting.count(line, BankLineKind::Bad, None);
            continue;
        };
        let Some(mut said) = message(moved, PersonId(0)) else {
            counting.count(line, BankLineKind::Other, None);
            continue;
        };
        if let Some(finding) = known(reader, &mut said)? {
            counting.count(line, BankLineKind::Known, Some(finding));
            continue;
        }
        let known = if said.fits { reader.transfer_known(&said.reference)? } else { None };
        let known = known.map(|known| KnownTransfer {
            state: changed.get(&said.reference).copied().unwrap_or(known.state),
            ..known
        });
        let finding = judge(&said, known, home);
        if !finding.needs_person() {
            changed.insert(said.reference, TransferState::Paid);
        }
        counting.count(line, BankLineKind::Ours, Some(finding));
    }
    Ok(counting.view)
}

/// Takes the file in, in the name of `by`: one command a message, so that what came before a fault stays and
/// the same file can be sent again. Blocks: not for a runtime's threads.
pub fn take(
    engine: &Engine,
    now: Timestamp,
    by: PersonId,
    file: &BankFile,
    bytes: &[u8],
) -> Result<Taken, EngineError> {
    let not_stored = |error: StoreError| EngineError::NotStored(error.to_string());
    let reader = Reader::open(engine.path()).map_err(not_stored)?;
    let mut counting = Counting::of(file, bytes, true);
    for line in &file.lines {
        let Ok(moved) = &line.says else {
            counting.count(line, BankLineKind::Bad, None);
            continue;
        };
        let Some(mut said) = message(moved, by) else {
            counting.count(line, BankLineKind::Other, None);
            continue;
        };
        if let Some(finding) = known(&reader, &mut said).map_err(not_stored)? {
            counting.count(line, BankLineKind::Known, Some(finding));
            continue;
        }
        match tell(engine, now, by, &said) {
            // The others are as good as they were.
            Err(EngineError::Refused(_)) => {
                counting.refused(line);
                continue;
            }
            told => told?,
        }
        let taken = reader.bank_message(&said.entry).map_err(not_stored)?;
        counting.count(line, BankLineKind::Ours, taken.map(|(_, finding)| finding));
    }
    Ok(counting.view)
}

/// One message: at the till whose request it names, in the name of whoever asked there; or else for the
/// shop. A request may come or go between looking and telling, so it is looked at once more.
fn tell(
    engine: &Engine,
    now: Timestamp,
    by: PersonId,
    said: &BankMessage,
) -> Result<(), EngineError> {
    let mut again = true;
    loop {
        let open = engine.transfers_blocking()?;
        let open = open.into_iter().find(|open| said.fits && open.reference == said.reference);
        let said = Box::new(said.clone());
        let (person, command) = match open {
            Some(open) => {
                let command = TillCommand::TakeBankMessage(said);
                (open.asked_by, Command::Till(open.till, command))
            }
            None => (by, Command::Shop(ShopCommand::TakeBankMessage(said))),
        };
        let actor = Actor { person: Some(person), approver: None };
        let answer = engine.submit(crate::ids::own_command(now), actor, command)?.wait();
        match answer {
            Err(EngineError::Refused(Refusal::Stale)) if again => again = false,
            Err(error) => return Err(error),
            Ok(_) => return Ok(()),
        }
    }
}
