//! Lists of recalled batches as makers and wholesalers send them: CSV with a head line, in any order of columns.

use domain::ItemId;
use domain::goods::{RecallDraft, RecalledGoods};
use jiff::civil::Date;

use crate::api::goods::{RecallList, RecallProblem};

/// Most lines of a list.
const MOST: usize = 20_000;

/// Names of the columns, in both languages and as GS1 calls them.
const GTIN: &[&str] = &["gtin", "ean", "code", "strichcode", "barcode"];
const ITEM: &[&str] = &["artikel", "artikelnummer", "item", "item number", "number", "nummer"];
const BATCH: &[&str] = &["charge", "los", "lot", "batch", "chargennummer"];
const REASON: &[&str] = &["grund", "reason", "warum", "why"];
const DATE: &[&str] = &["datum", "date", "vom", "dated"];

/// Where each column stands.
struct Columns {
    gtin: Option<usize>,
    item: Option<usize>,
    batch: usize,
    reason: usize,
    date: usize,
}

impl Columns {
    fn of(head: &csv::StringRecord) -> Option<Self> {
        let at = |names: &[&str]| {
            let is = |field: &str| names.contains(&field.trim().to_lowercase().as_str());
            head.iter().position(is)
        };
        let (gtin, item) = (at(GTIN), at(ITEM));
        gtin.or(item)?;
        Some(Columns { gtin, item, batch: at(BATCH)?, reason: at(REASON)?, date: at(DATE)? })
    }
}

/// Reads a list. UTF-8 or Windows-1252; columns apart by `;`, `,` or tabulators. `item` answers the item of an item number.
pub fn read_recalls(bytes: &[u8], item: &mut dyn FnMut(&str) -> Option<ItemId>) -> RecallList {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    };
    let first = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t', b','];
    let delimiter = delimiter.into_iter().find(|d| first.bytes().any(|b| b == *d)).unwrap_or(b';');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(true)
        .from_reader(text.as_bytes());
    let mut list = RecallList::default();
    let problem = |line: u64, word: &str| RecallProblem { line, problem: word.to_owned() };
    let Some(columns) = reader.headers().ok().and_then(Columns::of) else {
        list.problems.push(problem(1, "columns"));
        return list;
    };
    for record in reader.records().take(MOST) {
        let Ok(record) = record else {
            list.problems.push(problem(0, "broken"));
            continue;
        };
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        match draft(&record, &columns, item) {
            Ok(draft) => list.recalls.push(draft),
            Err(word) => list.problems.push(problem(line, word)),
        }
    }
    list
}

fn draft(
    record: &csv::StringRecord,
    columns: &Columns,
    item: &mut dyn FnMut(&str) -> Option<ItemId>,
) -> Result<RecallDraft, &'static str> {
    let field = |at: Option<usize>| at.and_then(|at| record.get(at)).map_or("", str::trim);
    let (code, number) = (field(columns.gtin), field(columns.item));
    let goods = if code.is_empty() {
        let known = if number.is_empty() { None } else { item(number) };
        RecalledGoods::Item(known.ok_or("goods")?)
    } else {
        let gtin = gs1::Gtin::parse(code).map_err(|_| "goods")?;
        RecalledGoods::Gtin(gtin.as_14().to_owned())
    };
    let fits = |text: &str, most: usize| {
        (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control)
    };
    let batch = Some(field(Some(columns.batch))).filter(|b| fits(b, 20)).ok_or("batch")?;
    let reason = field(Some(columns.reason));
    let reason = Some(reason).filter(|r| fits(r, domain::decide::MAX_TEXT)).ok_or("reason")?;
    let dated = date(field(Some(columns.date))).ok_or("date")?;
    Ok(RecallDraft { goods, batch: batch.to_owned(), reason: reason.to_owned(), dated })
}

/// `2026-11-20` or `20.11.2026`.
fn date(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let mut parts = text.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> RecallList {
        read_recalls(text.as_bytes(), &mut |number| (number == "77").then_some(ItemId(7)))
    }

    #[test]
    fn lists_are_read_in_both_languages_and_any_order() {
        let german = read("EAN;Charge;Grund;Datum\n4006381333931;L7;Glas;20.11.2026\n\n");
        let english = read("date,reason,lot,gtin\n2026-11-20,Glas,L7,04006381333931\n");
        assert_eq!(german.recalls, english.recalls);
        assert!(german.problems.is_empty() && german.recalls.len() == 1);
        let by_number = read("Artikelnummer\tLos\tWarum\tVom\n77\tA\tx\t2026-01-02\n");
        assert_eq!(by_number.recalls[0].goods, RecalledGoods::Item(ItemId(7)));
    }

    #[test]
    fn lines_that_cannot_be_taken_say_why() {
        let list = read(
            "EAN;Charge;Grund;Datum\n4006381333932;L7;x;2026-11-20\n;L7;x;2026-11-20\n4006381333931;;x;2026-11-20\n\
             4006381333931;123456789012345678901;x;2026-11-20\n4006381333931;L7;;2026-11-20\n4006381333931;L7;x;31.02.2026\n\
             4006381333931;L7\n4006381333931;L7;gut;2026-11-20\n",
        );
        let words: Vec<_> = list.problems.iter().map(|p| (p.line, p.problem.as_str())).collect();
        assert_eq!(
            words,
            [
                (2, "goods"),
                (3, "goods"),
                (4, "batch"),
                (5, "batch"),
                (6, "reason"),
                (7, "date"),
                (8, "reason")
            ]
        );
        assert_eq!(list.recalls.len(), 1);
        assert_eq!(read("").problems[0].problem, "columns");
        assert_eq!(read("a;b\n1;2\n").problems[0].problem, "columns");
    }

    #[test]
    fn old_code_pages_are_read() {
        let list = read_recalls(
            b"EAN;Charge;Grund;Datum\n4006381333931;L7;Gl\xe4ser;2026-11-20\n",
            &mut |_| None,
        );
        assert_eq!(list.recalls[0].reason, "Gläser");
    }
}
