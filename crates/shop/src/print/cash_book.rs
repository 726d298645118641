//! The cash book as a page.

use domain::settings::Settings;
use receipt::{CashBookData, CashBookLine, Language};

use super::voucher::date_text;
use super::{head, language};
use crate::books::{CashBook, CashBookRow, RowKind};

/// The figures of a cash book, with its words.
pub fn cash_book_data(settings: &Settings, book: &CashBook, till: String) -> CashBookData {
    let language = language(settings);
    let currency = book.currency.unwrap_or(settings.currency);
    let mut lines = Vec::new();
    for day in &book.days {
        for (at, row) in day.rows.iter().enumerate() {
            let first = at == 0;
            lines.push(CashBookLine {
                date: if first { date_text(day.date, language) } else { String::new() },
                number: if first { day.number.to_string() } else { String::new() },
                text: text(row, language),
                paid_in: row.paid_in().map(money::Money::minor),
                paid_out: row.paid_out().map(money::Money::minor),
                balance: row.balance.minor(),
            });
        }
    }
    CashBookData {
        language,
        currency: currency.code().to_owned(),
        minor_digits: currency.minor_digits(),
        shop: head(settings),
        till,
        span: (date_text(book.month.0, language), date_text(book.month.1, language)),
        opening: book.opening.minor(),
        lines,
        closing: book.closing.minor(),
    }
}

fn text(row: &CashBookRow, language: Language) -> String {
    let (german, english) = match row.kind {
        RowKind::Float => {
            ("Anderer Anfangsbestand als zuvor gezählt", "Another float than was counted")
        }
        RowKind::Sales => ("Bareinnahmen", "Cash takings"),
        RowKind::Refunds => ("Bar ausgezahlt", "Cash paid out"),
        RowKind::ForeignChange => ("Rückgeld auf Fremdwährung", "Change for foreign cash"),
        RowKind::PaidIn => ("Einzahlung", "Paid in"),
        RowKind::PaidOut => ("Auszahlung", "Paid out"),
        RowKind::Drop => ("Geldtransit", "To safe or bank"),
        RowKind::Difference => ("Kassendifferenz", "Difference"),
    };
    let word = if language == Language::De { german } else { english };
    if row.reason.is_empty() { word.to_owned() } else { format!("{word}: {}", row.reason) }
}
