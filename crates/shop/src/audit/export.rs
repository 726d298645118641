//! The history of changes as CSV, one line a field, imports item by item.

use std::io::Write;

use store::{Reader, StoreError, Told, ToldPage};

use super::changes::{Change, FieldChange, changes, of_import};
use super::words::{Words, kind_words};
use crate::import::guard;

/// So many entries, and so many items of an import, are read at a time.
const CHUNK: u32 = 500;

/// Why it was not written.
#[derive(Debug, thiserror::Error)]
pub enum CsvFault {
    /// The file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It cannot be written.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// A disk failed, or nobody reads on.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Writes all changes of some kinds between two moments, newest first. `who` says a person's name as far as it is known.
///
/// # Errors
/// When the file cannot be read or the sink does not take it.
pub fn write_csv(
    reader: &Reader,
    words: &Words,
    (kinds, mut page): (&[Told], ToldPage),
    who: &dyn Fn(&Change) -> String,
    mut sink: impl Write,
) -> Result<(), CsvFault> {
    // Else spreadsheets take the umlauts for another character set.
    sink.write_all("\u{FEFF}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(sink);
    let head = [
        ("Eintrag", "entry"),
        ("Zeit", "time"),
        ("Art", "kind"),
        ("Wer", "who"),
        ("Kasse", "till"),
        ("Was", "what"),
        ("Feld", "field"),
        ("Vorher", "before"),
        ("Nachher", "after"),
    ];
    writer.write_record(head.map(|(de, en)| words.say(de, en)))?;
    page.limit = CHUNK;
    loop {
        let found = changes(reader, words, kinds, page)?;
        for change in &found {
            let (de, en) = kind_words(change.told);
            let start = [
                change.seq.to_string(),
                words.moment(change.at),
                words.say(de, en),
                who(change),
                change.till.map(|till| till.to_string()).unwrap_or_default(),
            ];
            lines(&mut writer, &start, &change.what, &change.fields)?;
            let mut from = 0;
            while let Some(import) = change.import {
                let items = of_import(reader, words, import, (from, CHUNK))?;
                for item in items.iter().filter(|item| !item.fields.is_empty()) {
                    lines(&mut writer, &start, &item.what, &item.fields)?;
                }
                match items.last() {
                    Some(last) => from = last.version.saturating_add(1),
                    None => break,
                }
            }
        }
        match found.last() {
            Some(last) if found.len() >= usize::try_from(CHUNK).unwrap_or(usize::MAX) => {
                page.before = Some((last.seq, last.told));
            }
            _ => break,
        }
    }
    writer.flush()?;
    Ok(())
}

fn lines<W: Write>(
    writer: &mut csv::Writer<W>,
    start: &[String; 5],
    what: &str,
    fields: &[FieldChange],
) -> Result<(), csv::Error> {
    // A name and a till's number go the same way as a text that somebody typed in as a value.
    let mut line = |field: &str, from: &str, to: &str| {
        let cells = start.iter().map(String::as_str).chain([what, field, from, to]);
        writer.write_record(cells.map(|cell| guard(cell).into_owned()))
    };
    if fields.is_empty() {
        line("", "", "")?;
    }
    for field in fields {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        line(&field.field, &text(&field.from), &text(&field.to))?;
    }
    Ok(())
}
