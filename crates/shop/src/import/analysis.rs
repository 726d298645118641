//! The first pass over a file: how it is written, what each line would do, what is wrong.

use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::ops::ControlFlow;

use domain::Amount;
use domain::settings::Group;
use domain::{PriceListId, TaxKey};
use serde::Serialize;
use utoipa::ToSchema;

use super::amount::{DecimalSign, SignVotes};
use super::charset::{Charset, Decoded, recognise};
use super::columns::{ColumnMapping, Columns, Field};
use super::context::ImportContext;
use super::line::{LineReader, Planned, RowAction};
use super::problem::{ImportFailure, LineError, LineProblem};
use super::rows::Rows;

/// Lines shown as they would be.
const SAMPLE: usize = 20;
/// Errors shown.
const SHOWN_ERRORS: usize = 200;
/// Lines that vote on the decimal sign.
const VOTING_LINES: usize = 2_000;
/// No catalogue has more lines.
const MAX_LINES: u64 = 2_000_000;
/// Lines between two looks at the watch.
const WATCH_EVERY: u64 = 500;

/// Told how far the work is (bytes when analysing, lines when applying); breaks to cancel.
pub type Watch<'a> = dyn FnMut(u64) -> ControlFlow<()> + 'a;

/// How a file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    charset: Charset,
    mark: u64,
    separator: u8,
    /// The first line says `sep=;` for the spreadsheet.
    has_separator_line: bool,
    pub(super) sign: DecimalSign,
    pub(super) columns: Columns,
}

/// A line as it would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PreviewRow {
    /// Line of the file.
    pub line: u64,
    /// What becomes of it.
    pub action: RowAction,
    /// Item number.
    pub number: String,
    /// First code.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Price of one unit now.
    pub price: Option<Amount>,
    /// Tax key.
    pub tax: TaxKey,
    /// Its rate now, hundredths of a percent.
    pub rate: Option<u32>,
    /// Name of the group.
    pub group: String,
    /// Least age.
    pub age: Option<u8>,
    /// Deposit.
    pub deposit: Option<Amount>,
}

/// How many lines of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Counts {
    /// Lines with items, good or not.
    pub rows: u64,
    /// New items.
    pub new: u64,
    /// Items that change.
    pub changed: u64,
    /// Items that are like that already.
    pub unchanged: u64,
    /// Lines with errors.
    pub errors: u64,
}

/// How many errors of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorCount {
    /// The kind.
    pub code: LineProblem,
    /// How many.
    pub count: u64,
}

/// What people see before they decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Preview {
    /// Character set.
    pub charset: Charset,
    /// `;`, `,`, `|` or a tab.
    pub separator: String,
    /// Decimal sign of amounts.
    pub decimal: DecimalSign,
    /// How each column was understood.
    pub columns: Vec<ColumnMapping>,
    /// How many lines of each kind.
    pub counts: Counts,
    /// The first good lines, as they would be.
    pub sample: Vec<PreviewRow>,
    /// The first errors, in the order of the file.
    pub errors: Vec<LineError>,
    /// All errors, by kind.
    pub error_counts: Vec<ErrorCount>,
    /// Groups that would be added.
    #[schema(value_type = Vec<Object>)]
    pub groups: Vec<Group>,
    /// Deposits for which an item would be added.
    pub deposits: Vec<Amount>,
}

/// A file that was looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// How it is written.
    pub layout: Layout,
    /// What it would do.
    pub preview: Preview,
}

/// Looks through a whole file. Needs memory for one record, eight bytes a code and the preview.
///
/// Errs when the file as a whole cannot be used, when the catalogue cannot be read, or when `watch` breaks.
pub fn analyse<R: Read + Seek>(
    file: &mut R,
    context: &ImportContext<'_>,
    watch: &mut Watch<'_>,
) -> Result<Analysis, ImportFailure> {
    let layout = recognise_layout(file)?;
    let mut rows = layout.rows(file)?;
    let mut reader = LineReader::new(*context, &layout.columns, layout.sign);
    let mut tally = Tally::default();
    while let Some(record) = rows.next()? {
        if record.is_blank() || record.cells().all(<[u8]>::is_empty) {
            continue;
        }
        let mut found = Vec::new();
        let planned = reader.read(record, &mut found)?;
        tally.take(planned.as_ref(), found);
        if let Some(planned) = planned.filter(|_| tally.sample.len() < SAMPLE) {
            tally.sample.push(preview_row(&planned, &reader, context));
        }
        if tally.counts.rows > MAX_LINES {
            return Err(ImportFailure::TooManyLines { limit: MAX_LINES });
        }
        if tally.counts.rows % WATCH_EVERY == 0 && watch(rows.source().bytes).is_break() {
            return Err(ImportFailure::Cancelled);
        }
    }
    if watch(rows.source().bytes).is_break() {
        return Err(ImportFailure::Cancelled);
    }
    let amount = |amount| Amount { amount, currency: context.settings.currency };
    let preview = Preview {
        charset: layout.charset,
        separator: char::from(layout.separator).to_string(),
        decimal: layout.sign,
        columns: layout.columns.mapping(),
        counts: tally.counts,
        sample: tally.sample,
        errors: tally.errors,
        error_counts: tally
            .kinds
            .into_iter()
            .map(|(code, count)| ErrorCount { code, count })
            .collect(),
        groups: reader.groups.added().to_vec(),
        deposits: reader.deposits.needed().map(amount).collect(),
    };
    drop(rows);
    Ok(Analysis { layout, preview })
}

#[derive(Default)]
struct Tally {
    counts: Counts,
    sample: Vec<PreviewRow>,
    errors: Vec<LineError>,
    kinds: BTreeMap<LineProblem, u64>,
}

impl Tally {
    fn take(&mut self, planned: Option<&Planned>, found: Vec<LineError>) {
        let counts = &mut self.counts;
        counts.rows = counts.rows.saturating_add(1);
        let kind = match planned.map(|planned| planned.action) {
            Some(RowAction::New) => &mut counts.new,
            Some(RowAction::Changed) => &mut counts.changed,
            Some(RowAction::Unchanged) => &mut counts.unchanged,
            None => &mut counts.errors,
        };
        *kind = kind.saturating_add(1);
        for error in found {
            let count = self.kinds.entry(error.code).or_default();
            *count = count.saturating_add(1);
            if self.errors.len() < SHOWN_ERRORS {
                self.errors.push(error);
            }
        }
    }
}

fn preview_row(
    planned: &Planned,
    reader: &LineReader<'_>,
    context: &ImportContext<'_>,
) -> PreviewRow {
    let draft = &planned.draft;
    let amount = |amount| Amount { amount, currency: context.settings.currency };
    PreviewRow {
        line: planned.line,
        action: planned.action,
        number: draft.number.clone(),
        code: draft.codes.first().map(|code| code.code.clone()),
        name: draft.name.clone(),
        price: draft.price_at(PriceListId(0), context.now).map(amount),
        tax: draft.tax,
        rate: reader.rate(draft.tax),
        group: reader.groups.name(draft.group).unwrap_or_default().to_owned(),
        age: draft.age,
        deposit: planned.deposit.map(amount),
    }
}

impl Layout {
    /// The records behind the header.
    pub(super) fn rows<'f, R: Read + Seek>(
        &self,
        file: &'f mut R,
    ) -> Result<Rows<Decoded<&'f mut R>>, ImportFailure> {
        let mut rows = Rows::new(Decoded::new(file, self.charset, self.mark)?, self.separator, 1);
        for _ in 0..=usize::from(self.has_separator_line) {
            rows.next()?;
        }
        Ok(rows)
    }
}

fn recognise_layout<R: Read + Seek>(file: &mut R) -> Result<Layout, ImportFailure> {
    let (charset, mark) = recognise(file)?;
    let named = separator_line(file, charset, mark)?;
    let candidates = match named {
        Some(separator) => vec![separator],
        None => vec![b';', b',', b'\t', b'|'],
    };
    let mut best: Option<(u8, Columns)> = None;
    let mut refusal = ImportFailure::Empty;
    for separator in candidates {
        let mut rows = Rows::new(Decoded::new(&mut *file, charset, mark)?, separator, 1);
        if named.is_some() {
            rows.next()?;
        }
        match rows.next() {
            Ok(Some(header)) => {
                let columns = Columns::read(header);
                let rank = |c: &Columns| (c.known(), c.len());
                if best.as_ref().is_none_or(|(_, known)| rank(&columns) > rank(known)) {
                    best = Some((separator, columns));
                }
            }
            Ok(None) => {}
            // To the other separators a line of too many columns is a single long cell.
            Err(failure) if matches!(refusal, ImportFailure::TooManyColumns { .. }) => {
                drop(failure)
            }
            Err(failure) => refusal = failure,
        }
    }
    let (separator, columns) = best.ok_or(refusal.clone())?;
    if let (Err(missing), true) = (columns.check(), refusal != ImportFailure::Empty) {
        // With another separator the line has too many columns: say that rather than "no headers".
        return Err(if columns.known() == 0 { refusal } else { missing });
    }
    columns.check()?;
    let mut layout = Layout {
        charset,
        mark,
        separator,
        has_separator_line: named.is_some(),
        sign: DecimalSign::Comma,
        columns,
    };
    layout.sign = recognise_sign(file, &layout)?;
    Ok(layout)
}

/// `sep=;` on the first line: a hint for spreadsheets.
fn separator_line<R: Read + Seek>(
    file: &mut R,
    charset: Charset,
    mark: u64,
) -> Result<Option<u8>, ImportFailure> {
    let mut beginning = Vec::new();
    Decoded::new(file, charset, mark)?.take(64).read_to_end(&mut beginning)?;
    let hint = match beginning.strip_prefix(b"sep=") {
        Some([separator, b'\r' | b'\n', ..]) => Some(*separator),
        _ => None,
    };
    Ok(hint.filter(|separator| separator.is_ascii_punctuation() || *separator == b'\t'))
}

fn recognise_sign<R: Read + Seek>(
    file: &mut R,
    layout: &Layout,
) -> Result<DecimalSign, ImportFailure> {
    let mut votes = SignVotes::default();
    let mut rows = layout.rows(file)?;
    let places: Vec<usize> = [Field::Price, Field::Deposit]
        .into_iter()
        .filter_map(|field| layout.columns.place(field))
        .collect();
    for _ in 0..VOTING_LINES {
        // A record that cannot be read is refused by the pass that follows.
        let Ok(Some(record)) = rows.next() else { break };
        for place in &places {
            let text = record.cell(*place).and_then(|cell| std::str::from_utf8(cell).ok());
            votes.take(text.unwrap_or_default());
        }
    }
    Ok(votes.verdict(match layout.separator {
        b';' | b'\t' => DecimalSign::Comma,
        _ => DecimalSign::Point,
    }))
}
