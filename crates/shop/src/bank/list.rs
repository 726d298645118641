//! Lists (CSV) as German banks export them: the head line says which column is what.

use money::Currency;

use super::{BankLine, FileFault, LineProblem, MAX_LINES, Moved, amount, date, entry, reference};

/// Lines that may stand before the head line: account, period, balance.
const MAX_PREFACE: usize = 40;
/// Longest line that is still looked at for a head line, bytes.
const MAX_HEAD: usize = 8 * 1024;

/// Where what stands.
#[derive(Debug, Default)]
struct Columns {
    cells: usize,
    booked: Option<usize>,
    texts: Vec<usize>,
    amount: Option<usize>,
    credit: Option<usize>,
    debit: Option<usize>,
    /// Says of an amount without a sign which way it went.
    mark: Option<usize>,
    currency: Option<usize>,
    status: Option<usize>,
}

/// A head's name in plain letters: "Währung" is "waehrung", "Betrag (€)" is "betrageur".
fn plain(name: &str) -> String {
    let mut plain = String::new();
    for sign in name.chars().flat_map(char::to_lowercase) {
        match sign {
            'ä' => plain.push_str("ae"),
            'ö' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            '€' => plain.push_str("eur"),
            sign if sign.is_ascii_alphanumeric() => plain.push(sign),
            _ => {}
        }
    }
    plain
}

impl Columns {
    /// Of a head line; none when it is none.
    fn of(names: &[String]) -> Option<Columns> {
        let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
        let first = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
        let texts = names.iter().enumerate().filter(|(_, name)| {
            matches!(
                name.as_str(),
                "verwendungszweck"
                    | "vorgangverwendungszweck"
                    | "buchungstext"
                    | "kundenreferenz"
                    | "kundenreferenzendtoend"
                    | "endtoendreferenz"
                    | "endtoendid"
                    | "referenz"
                    | "zahlungsreferenz"
                    | "mitteilung"
                    | "buchungsdetails"
                    | "purpose"
                    | "reference"
                    | "paymentreference"
                    | "description"
                    | "remittanceinformation"
                    | "details"
            )
        });
        let texts: Vec<usize> = texts.map(|(at, _)| at).collect();
        let amount =
            first(&["betrag", "betrageur", "umsatz", "umsatzineur", "amount", "amounteur"]);
        let credit = first(&["haben", "gutschrift", "credit"]);
        if texts.is_empty() || (amount.is_none() && credit.is_none()) {
            return None;
        }
        // Where balance and amount have a currency each, the amount's stands behind it.
        let is_currency = |name: &String| matches!(name.as_str(), "waehrung" | "currency");
        let after = names.iter().skip(amount.unwrap_or(0)).position(is_currency);
        let currency = match after {
            Some(at) => Some(at + amount.unwrap_or(0)),
            None => names.iter().position(is_currency),
        };
        Some(Columns {
            cells: names.len(),
            booked: first(&[
                "buchungstag",
                "buchungsdatum",
                "buchung",
                "datum",
                "bookingdate",
                "date",
            ]),
            texts,
            amount,
            credit,
            debit: first(&["soll", "lastschrift", "debit"]),
            mark: first(&["sollhaben", "sollhabenkennzeichen", "sollhabenkz", "sh", "creditdebit"]),
            currency,
            status: first(&["status", "info"]),
        })
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<BankLine>, FileFault> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    };
    let (rest, delimiter, columns) = head(&text).ok_or(FileFault::NoColumns)?;
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(rest.as_bytes());
    let mut lines = Vec::new();
    for (number, row) in (1_u32..).zip(rows.records()) {
        if lines.len() >= MAX_LINES {
            return Err(FileFault::TooLarge);
        }
        let says = match row {
            Ok(row) if row.iter().all(|cell| cell.trim().is_empty()) => continue,
            Ok(row) => line(&columns, &row),
            Err(_) => Err(LineProblem::RaggedLine),
        };
        lines.push(BankLine { number, says });
    }
    Ok(lines)
}

/// What follows the head line, its delimiter and its columns.
fn head(text: &str) -> Option<(&str, u8, Columns)> {
    let mut rest = text;
    for _ in 0..MAX_PREFACE {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        if line.len() <= MAX_HEAD {
            for delimiter in *b";,\t" {
                let names = csv::ReaderBuilder::new()
                    .delimiter(delimiter)
                    .has_headers(false)
                    .from_reader(line.as_bytes())
                    .records()
                    .next()
                    .and_then(Result::ok);
                let names: Vec<String> =
                    names.iter().flat_map(|row| row.iter()).map(str::to_owned).collect();
                if let Some(columns) = Columns::of(&names) {
                    return Some((after, delimiter, columns));
                }
            }
        }
        if after.is_empty() {
            return None;
        }
        rest = after;
    }
    None
}

fn line(columns: &Columns, row: &csv::StringRecord) -> Result<Moved, LineProblem> {
    // A last delimiter makes one cell more, or one less.
    if row.len() + 1 < columns.cells || row.len() > columns.cells + 1 {
        return Err(LineProblem::RaggedLine);
    }
    let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("", str::trim);
    let status = plain(cell(columns.status));
    if ["vorgemerkt", "vormerkung", "pending"].iter().any(|word| status.contains(word)) {
        return Err(LineProblem::NotBooked);
    }
    let currency = match cell(columns.currency) {
        // Lists of one account do without: all of it is in euro.
        "" | "€" => Currency::EUR,
        code => code.parse().map_err(|_| LineProblem::BadCurrency)?,
    };
    let (text, off) = match (cell(columns.amount), cell(columns.credit), cell(columns.debit)) {
        ("", "", debit) => (debit, true),
        ("", credit, _) => (credit, false),
        (amount, ..) => (amount, false),
    };
    let signed = amount::signed(text, currency)?;
    let off = match (columns.mark, plain(cell(columns.mark)).as_str()) {
        (None, _) => off,
        (_, "s" | "d" | "soll" | "debit") => true,
        (_, "h" | "c" | "haben" | "credit") if !signed.is_negative() => false,
        // Which way it went is not guessed.
        _ => return Err(LineProblem::BadAmount),
    };
    let booked = cell(columns.booked);
    let date = if booked.is_empty() { None } else { Some(date(booked)?) };
    let texts = || columns.texts.iter().filter_map(|at| row.get(*at));
    let back = off || signed.is_negative();
    let together: String = texts().collect::<Vec<_>>().join("\n");
    let minor = signed.abs().minor().to_string();
    let said = [booked, &minor, currency.code(), &together];
    Ok(Moved {
        entry: entry(None, &said, back),
        booked: date,
        amount: signed.abs(),
        currency,
        back,
        found: reference(texts()),
    })
}
