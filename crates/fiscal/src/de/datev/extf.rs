//! The file: a header of 31 fields, the names of the columns, the postings. One file holds days of one business year and
//! at most 99,999 postings; there are several when it takes several.

use jiff::civil::{Date, DateTime};

use super::accounts::{Accounts, Chart};
use super::columns::{self, COLUMNS, at};
use super::text::{amount, quoted, shortened, windows_1252};
use super::{Closing, Posting, Refused, postings};

/// DATEV takes no more in one file.
const MOST_ROWS: usize = 99_999;

/// Whose books these are.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The adviser's number: 1001 to 9999999.
    pub adviser: u32,
    /// The client's number: 1 to 99999.
    pub client: u32,
    /// First day of a business year, any one: the others begin on the same day of the year.
    pub year_begins: Date,
    /// Digits of an account's number: 4 to 8.
    pub digits: u8,
    /// The chart.
    pub chart: Chart,
    /// The accounts.
    pub accounts: Accounts,
    /// Whether the postings are fixed, so that the adviser cannot change them.
    pub fixed: bool,
    /// What the batch is called, at most 30 characters.
    pub label: String,
    /// Local time of the export, for the header.
    pub created: DateTime,
}

/// A file to hand over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its content, Windows-1252.
    pub bytes: Vec<u8>,
    /// How many postings it holds.
    pub rows: usize,
}

/// Closings as files. No postings, no file. Errs without writing anything.
pub fn export(settings: &Settings, closings: &[Closing]) -> Result<Vec<File>, Refused> {
    check(settings)?;
    let mut all = postings(&settings.accounts, closings)?;
    // Stable: postings of a day keep their order.
    all.sort_by_key(|posting| posting.day);
    let mut files = Vec::new();
    for year in
        all.chunk_by(|one, other| year_of(settings, one.day) == year_of(settings, other.day))
    {
        for rows in year.chunks(MOST_ROWS) {
            files.extend(file(settings, rows));
        }
    }
    for (file, number) in files.iter_mut().zip(1..) {
        // Two files of the same days must not have the same name.
        file.name = format!("{}_{number}.csv", file.name);
    }
    Ok(files)
}

fn check(settings: &Settings) -> Result<(), Refused> {
    if !(1_001..=9_999_999).contains(&settings.adviser) {
        return Err(Refused::Setting("adviser"));
    }
    if !(1..=99_999).contains(&settings.client) {
        return Err(Refused::Setting("client"));
    }
    if !(4..=8).contains(&settings.digits) {
        return Err(Refused::Setting("digits"));
    }
    let most = 10_u32.saturating_pow(u32::from(settings.digits));
    let keys = settings.accounts.others.values().filter_map(|account| account.key);
    if keys.into_iter().any(|key| !(1..=9_999).contains(&key)) {
        return Err(Refused::Setting("key"));
    }
    match settings.accounts.numbers().find(|number| *number == 0 || *number >= most) {
        Some(number) => Err(Refused::Account(number)),
        None => Ok(()),
    }
}

/// First day of the business year that `day` belongs to.
fn year_of(settings: &Settings, day: Date) -> Date {
    let in_year = |year: i16| {
        let begins = settings.year_begins;
        // A business year that begins on 29 February begins on the 28th elsewhere.
        Date::new(year, begins.month(), begins.day())
            .or_else(|_| Date::new(year, begins.month(), 28))
            .unwrap_or(begins)
    };
    let this = in_year(day.year());
    if this <= day { this } else { in_year(day.year().saturating_sub(1)) }
}

fn file(settings: &Settings, rows: &[Posting]) -> Option<File> {
    let (first, last) = (rows.first()?.day, rows.last()?.day);
    let mut text = header(settings, first, last).join(";");
    text.push_str("\r\n");
    text.push_str(&columns::names().join(";"));
    text.push_str("\r\n");
    for posting in rows {
        text.push_str(&row(settings, posting));
        text.push_str("\r\n");
    }
    let name = format!("EXTF_Buchungsstapel_{}_{}", compact(first), compact(last));
    Some(File { name, bytes: windows_1252(&text), rows: rows.len() })
}

fn header(settings: &Settings, first: Date, last: Date) -> [String; 31] {
    let number = |number: u32| number.to_string();
    let none = String::new;
    let empty = || "\"\"".to_owned();
    let created = settings.created;
    let fixed = if settings.fixed { "1" } else { "0" };
    // The label takes letters, digits, blanks and . - / only.
    let label = settings
        .label
        .chars()
        .map(|c| if c.is_alphanumeric() || " .-/_".contains(c) { c } else { ' ' });
    let label = shortened(&label.collect::<String>(), 30);
    [
        quoted("EXTF"),
        number(700),
        number(21),
        quoted("Buchungsstapel"),
        number(13),
        format!(
            "{}{:02}{:02}{:02}{:03}",
            compact(created.date()),
            created.hour(),
            created.minute(),
            created.second(),
            created.millisecond()
        ),
        none(),
        quoted("RE"),
        empty(),
        empty(),
        number(settings.adviser),
        number(settings.client),
        compact(year_of(settings, first)),
        number(settings.digits.into()),
        compact(first),
        compact(last),
        quoted(&label),
        empty(),
        number(1),
        number(0),
        fixed.to_owned(),
        quoted("EUR"),
        none(),
        empty(),
        none(),
        none(),
        quoted(settings.chart.code()),
        none(),
        none(),
        empty(),
        empty(),
    ]
}

fn row(settings: &Settings, posting: &Posting) -> String {
    let side = if posting.cash.is_negative() { "H" } else { "S" };
    let mut row = String::with_capacity(400);
    for column in 1..=COLUMNS {
        if column > 1 {
            row.push(';');
        }
        match column {
            at::AMOUNT => row.push_str(&amount(posting.cash)),
            at::SIDE => row.push_str(&quoted(side)),
            at::CURRENCY => row.push_str(&quoted("EUR")),
            at::ACCOUNT => row.push_str(&settings.accounts.cash.to_string()),
            at::CONTRA => row.push_str(&posting.account.number.to_string()),
            at::KEY if let Some(key) = posting.account.key => {
                row.push_str(&format!("\"{key:04}\""));
            }
            at::DAY => {
                row.push_str(&format!("{:02}{:02}", posting.day.day(), posting.day.month()));
            }
            at::REFERENCE => row.push_str(&quoted(&posting.reference)),
            at::TEXT => row.push_str(&quoted(&posting.text)),
            at::FIXED => row.push(if settings.fixed { '1' } else { '0' }),
            text if columns::is_text(text) => row.push_str("\"\""),
            _ => {}
        }
    }
    row
}

fn compact(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}
