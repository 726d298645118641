//! Rows for "DATEV Kassenbuch online" (standard ASCII, help page 1002367): the same postings, seen from the drawer.

use super::text::{amount, quoted, shortened};
use super::{Closing, Refused, accounts::Accounts, postings};

/// DATEV takes no larger file, bytes.
const MOST_BYTES: usize = 6_000_000;

const NAMES: [&str; 13] = [
    "Währung",
    "VorzBetrag",
    "RechNr",
    "BelegDatum",
    "Belegtext",
    "UStSatz",
    "BU",
    "Gegenkonto",
    "Kost1",
    "Kost2",
    "Kostmenge",
    "Skonto",
    "Nachricht",
];

/// Closings as files in UTF-8, each with its header and within DATEV's size. Which year it is DATEV asks on import, so the
/// closings are to be those of one year. No postings, no file.
pub fn export(accounts: &Accounts, closings: &[Closing]) -> Result<Vec<String>, Refused> {
    let names: Vec<String> = NAMES.iter().map(|name| quoted(name)).collect();
    let names = format!("{}\r\n", names.join(";"));
    let mut files: Vec<String> = Vec::new();
    for posting in postings(accounts, closings)? {
        let sign = if posting.cash.is_negative() { "-" } else { "+" };
        let rate = posting.rate.map(|rate| {
            let rate = money::Money::new(rate.basis_points().into());
            amount(rate)
        });
        let row = [
            quoted("EUR"),
            format!("{sign}{}", amount(posting.cash)),
            // No underscore here.
            quoted(&posting.reference.replace('_', "-")),
            format!("{:02}{:02}", posting.day.day(), posting.day.month()),
            quoted(&shortened(&posting.text, 60)),
            rate.unwrap_or_default(),
            posting.account.key.map(|key| key.to_string()).unwrap_or_default(),
            posting.account.number.to_string(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ]
        .join(";");
        match files.last_mut() {
            Some(file) if file.len().saturating_add(row.len()) < MOST_BYTES => {
                file.push_str(&row);
                file.push_str("\r\n");
            }
            _ => files.push(format!("{names}{row}\r\n")),
        }
    }
    Ok(files)
}
