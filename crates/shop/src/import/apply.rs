//! The second pass: the items go to the engine in batches, and become valid all at once or not at all.

use std::io::{Read, Seek};

use domain::settings::{Group, Settings};
use domain::{GroupId, ImportId, ItemId, LookupFault, Refusal, ShopCommand};
use jiff::civil::DateTime;
use money::Money;
use serde::Serialize;
use utoipa::ToSchema;

use super::analysis::{Analysis, Watch};
use super::context::{Groups, ImportContext, Lookup, Taxes, deposit_group, deposit_number};
use super::deposits::deposit_draft;
use super::line::{LineReader, Planned, RowAction};
use super::problem::{ImportFailure, LineError, LineProblem, excerpt};

/// Items in one command. Tills get their turn between two of them.
pub const BATCH: usize = 250;
/// Errors kept for showing.
const SHOWN_ERRORS: usize = 200;

/// Why the engine did not do a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplyError {
    /// A rule said no; nothing happened.
    Refused(Refusal),
    /// The program failed; whether anything happened is not known.
    Fault(String),
}

/// What a command of the import made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sent {
    /// The import that `BeginImport` began.
    pub import: Option<ImportId>,
    /// The item that `PutItem` made.
    pub item: Option<ItemId>,
}

/// The engine as the import sees it: a person's commands, each answered (and on disk) before the next.
pub trait Applier: Send + Sync {
    /// The shop's settings; [`Refusal::NotConfigured`] before there are any.
    fn settings(&self) -> Result<Settings, ApplyError>;
    /// The shop's local time.
    fn now(&self) -> DateTime;
    /// The catalogue as of now.
    fn lookup(&self) -> Result<Box<dyn Lookup + '_>, ApplyError>;
    /// Does a command and waits for its answer.
    fn send(&self, command: ShopCommand) -> Result<Sent, ApplyError>;
}

impl From<ApplyError> for ImportFailure {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Refused(Refusal::NotConfigured) => ImportFailure::NotConfigured,
            ApplyError::Refused(refusal) => ImportFailure::Refused { refusal: refusal.code() },
            ApplyError::Fault(detail) => ImportFailure::Fault { detail },
        }
    }
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct ImportOutcome {
    /// Items added.
    pub new: u64,
    /// Items changed.
    pub changed: u64,
    /// Lines skipped because nothing changes.
    pub unchanged: u64,
    /// Lines left out because of errors.
    pub left_out: u64,
    /// Groups added.
    pub groups: u64,
    /// Deposit items added.
    pub deposits: u64,
    /// Errors that only showed when applying, the first of them.
    pub errors: Vec<LineError>,
}

/// Looks a file through against the engine's settings and catalogue.
pub fn analyse_with<R: Read + Seek>(
    file: &mut R,
    applier: &dyn Applier,
    watch: &mut Watch<'_>,
) -> Result<Analysis, ImportFailure> {
    let settings = applier.settings()?;
    let items = applier.lookup()?;
    let context = ImportContext { settings: &settings, now: applier.now(), items: &*items };
    super::analysis::analyse(file, &context, watch)
}

/// Imports a file that was analysed. With errors and without `keep_good` nothing is imported.
///
/// The items become valid together when all are in. On any failure the import is cancelled, and the
/// groups and deposit items that it had added for them are taken back.
pub fn apply<R: Read + Seek>(
    file: &mut R,
    name: &str,
    analysis: &Analysis,
    keep_good: bool,
    applier: &dyn Applier,
    watch: &mut Watch<'_>,
) -> Result<ImportOutcome, ImportFailure> {
    let counts = analysis.preview.counts;
    if counts.errors > 0 && !keep_good {
        return Err(ImportFailure::HasErrors { errors: counts.errors });
    }
    let mut outcome = ImportOutcome::default();
    if counts.new == 0 && counts.changed == 0 {
        outcome.unchanged = counts.unchanged;
        outcome.left_out = counts.errors;
        return Ok(outcome);
    }
    if watch(0).is_break() {
        return Err(ImportFailure::Cancelled);
    }
    let mut added = Added::default();
    let done = prepare(analysis, applier, &mut outcome, &mut added).and_then(|settings| {
        items(file, name, analysis, keep_good, applier, &settings, outcome, watch)
    });
    if done.is_err() {
        added.take_back(applier);
    }
    done
}

/// The import itself, once its groups and deposits are there.
#[expect(clippy::too_many_arguments, reason = "the parts of one import, handed on once")]
fn items<R: Read + Seek>(
    file: &mut R,
    name: &str,
    analysis: &Analysis,
    keep_good: bool,
    applier: &dyn Applier,
    settings: &Settings,
    outcome: ImportOutcome,
    watch: &mut Watch<'_>,
) -> Result<ImportOutcome, ImportFailure> {
    let sent = applier.send(ShopCommand::BeginImport { source: excerpt(name) })?;
    let import = sent.import.ok_or_else(|| ImportFailure::Fault {
        detail: "the engine did not say which import it began".to_owned(),
    })?;
    let mut running = Running { applier, import, keep_good, outcome };
    let end = running.all(file, analysis, settings, watch).and_then(|()| {
        applier.send(ShopCommand::FinishImport { import }).map_err(ImportFailure::from)
    });
    match end {
        Ok(_) => Ok(running.outcome),
        Err(failure) => {
            // If this fails too, the import stays unfinished, which is as good: none of it is valid.
            let _ = applier.send(ShopCommand::CancelImport { import });
            Err(failure)
        }
    }
}

/// What an import added for its items before they came.
#[derive(Default)]
struct Added {
    groups: Vec<GroupId>,
    deposits: Vec<ItemId>,
    deposit_group: Option<GroupId>,
}

impl Added {
    /// Groups go; deposit items go out of sale, and their group stays with them. What cannot be taken
    /// back now is an empty group or an unused deposit: nothing is sold by it.
    fn take_back(&self, applier: &dyn Applier) {
        for item in &self.deposits {
            let _ = applier.send(ShopCommand::RetireItem { item: *item, retired: true });
        }
        let kept = if self.deposits.is_empty() { None } else { self.deposit_group };
        let goes = |id: &GroupId| self.groups.contains(id) && Some(*id) != kept;
        if let Ok(mut settings) = applier.settings()
            && settings.groups.iter().any(|g| goes(&g.id))
        {
            settings.groups.retain(|g| !goes(&g.id));
            let _ = applier.send(ShopCommand::Configure { settings: Box::new(settings) });
        }
    }
}

/// Adds the groups and the deposit items that the file needs; answers the settings as they are then.
fn prepare(
    analysis: &Analysis,
    applier: &dyn Applier,
    outcome: &mut ImportOutcome,
    added: &mut Added,
) -> Result<Settings, ImportFailure> {
    let mut settings = applier.settings()?;
    let items = applier.lookup()?;
    let mut missing: Vec<Money> = Vec::new();
    let mut out_of_sale = Vec::new();
    for deposit in &analysis.preview.deposits {
        match items.by_number(&deposit_number(deposit.amount))? {
            None => missing.push(deposit.amount),
            Some(item) if item.draft.retired => out_of_sale.push(item.id),
            Some(_) => {}
        }
    }
    drop(items);
    let standard = Taxes::new(&settings, applier.now()).standard();
    let mut groups = Groups::new(&settings);
    for group in &analysis.preview.groups {
        if groups.find(&group.name).is_none() {
            groups.add(&group.name, group.tax)?;
        }
    }
    let name = deposit_group(settings.language);
    let (group, tax) = match (groups.find(name), standard) {
        (Some((group, tax)), _) => (Some(group), Some(tax)),
        (None, Some(tax)) if !missing.is_empty() => (Some(groups.add(name, tax)?), Some(tax)),
        (None, tax) => (None, tax),
    };
    let new_groups: Vec<Group> = groups.added().to_vec();
    added.deposit_group = group;
    if !new_groups.is_empty() {
        outcome.groups = u64::try_from(new_groups.len()).unwrap_or(u64::MAX);
        let ids: Vec<_> = new_groups.iter().map(|g| g.id).collect();
        settings.groups.extend(new_groups);
        applier.send(ShopCommand::Configure { settings: Box::new(settings.clone()) })?;
        added.groups = ids;
    }
    for item in out_of_sale {
        applier.send(ShopCommand::RetireItem { item, retired: false })?;
        added.deposits.push(item);
    }
    for amount in missing {
        let (Some(group), Some(tax)) = (group, tax) else {
            return Err(ImportFailure::Refused { refusal: "no_rate".to_owned() });
        };
        let draft = Box::new(deposit_draft(amount, &settings, group, tax));
        added.deposits.extend(applier.send(ShopCommand::PutItem { item: None, draft })?.item);
        outcome.deposits = outcome.deposits.saturating_add(1);
    }
    Ok(settings)
}

/// An import that has begun.
struct Running<'a> {
    applier: &'a dyn Applier,
    import: ImportId,
    keep_good: bool,
    outcome: ImportOutcome,
}

impl Running<'_> {
    fn all<R: Read + Seek>(
        &mut self,
        file: &mut R,
        analysis: &Analysis,
        settings: &Settings,
        watch: &mut Watch<'_>,
    ) -> Result<(), ImportFailure> {
        let items = self.applier.lookup()?;
        let context = ImportContext { settings, now: self.applier.now(), items: &*items };
        let layout = &analysis.layout;
        let mut reader = LineReader::new(context, &layout.columns, layout.sign);
        let mut rows = layout.rows(file)?;
        let mut batch: Vec<Planned> = Vec::with_capacity(BATCH);
        let mut done = 0_u64;
        while let Some(record) = rows.next()? {
            if record.is_blank() || record.cells().all(<[u8]>::is_empty) {
                continue;
            }
            done = done.saturating_add(1);
            let mut found = Vec::new();
            match reader.read(record, &mut found)? {
                None => self.leave_out(found)?,
                Some(planned) if planned.action == RowAction::Unchanged => {
                    self.outcome.unchanged = self.outcome.unchanged.saturating_add(1);
                }
                Some(planned) => batch.push(planned),
            }
            if batch.len() >= BATCH {
                self.send(&batch)?;
                batch.clear();
            }
            if done.is_multiple_of(100) && watch(done).is_break() {
                return Err(ImportFailure::Cancelled);
            }
        }
        self.send(&batch)?;
        // The last moment at which it can be cancelled.
        if watch(done).is_break() { Err(ImportFailure::Cancelled) } else { Ok(()) }
    }

    fn leave_out(&mut self, found: Vec<LineError>) -> Result<(), ImportFailure> {
        self.outcome.left_out = self.outcome.left_out.saturating_add(1);
        if !self.keep_good {
            // The analysis found none: the catalogue has changed in between.
            return Err(ImportFailure::HasErrors { errors: 1 });
        }
        let free = SHOWN_ERRORS.saturating_sub(self.outcome.errors.len());
        self.outcome.errors.extend(found.into_iter().take(free));
        Ok(())
    }

    /// Sends a batch. When a rule refuses it, halves are tried, until the line that it refuses is known.
    fn send(&mut self, batch: &[Planned]) -> Result<(), ImportFailure> {
        let Some(first) = batch.first() else { return Ok(()) };
        let items = batch.iter().map(|planned| (planned.item, planned.draft.clone())).collect();
        match self.applier.send(ShopCommand::ImportItems { import: self.import, items }) {
            Ok(_) => {
                for planned in batch {
                    let count = match planned.action {
                        RowAction::New => &mut self.outcome.new,
                        RowAction::Changed => &mut self.outcome.changed,
                        RowAction::Unchanged => &mut self.outcome.unchanged,
                    };
                    *count = count.saturating_add(1);
                }
                Ok(())
            }
            Err(ApplyError::Refused(refusal)) if is_about_items(&refusal) => {
                if batch.len() == 1 {
                    return self.refused(first, &refusal);
                }
                let (one, other) = batch.split_at(batch.len() / 2);
                self.send(one)?;
                self.send(other)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn refused(&mut self, planned: &Planned, refusal: &Refusal) -> Result<(), ImportFailure> {
        if !self.keep_good {
            return Err(ImportFailure::Refused { refusal: refusal.code() });
        }
        self.leave_out(vec![LineError {
            line: planned.line,
            column: None,
            column_name: None,
            code: LineProblem::Refused,
            value: refusal.code(),
        }])
    }
}

/// Refusals that another batch of items may not get.
fn is_about_items(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::OutOfLimits { .. }
            | Refusal::BadText { .. }
            | Refusal::Taken { .. }
            | Refusal::BadDeposit
            | Refusal::UnknownItem
            | Refusal::CheckDigit { .. }
            | Refusal::NoCode
            | Refusal::NoRate
            | Refusal::BadSettings { .. }
    )
}

impl From<LookupFault> for ApplyError {
    fn from(fault: LookupFault) -> Self {
        ApplyError::Fault(fault.to_string())
    }
}
