//! A day checked as it would be handed to an auditor, and what is kept of it.

use domain::settings::Settings;
use domain::{DayNo, TillId};
use fiscal::de::dsfinvk::check::{Finding, Language};
use jiff::Timestamp;
use store::{DayCheck, Reader, StoreError};

use super::{Difference, Figure, Said, Statement, StatementKind};
use crate::country::offered;
use crate::fiscal::{Fault, check_day};

/// Checks a closed day. What cannot be checked is a result as well: a shop's file that cannot be read, an address that
/// the form does not take.
#[must_use]
pub fn check(reader: &Reader, (till, number): (TillId, DayNo), now: Timestamp) -> DayCheck {
    let mut check = DayCheck { state: "right".to_owned(), ..unreadable((till, number), now) };
    (check.finding, check.differs) = (String::new(), 0);
    // Elsewhere nobody is handed these tables.
    if matches!(settings_of(reader, (till, number)), Ok(Some(settings)) if !offered(&settings).dsfinvk)
    {
        return check;
    }
    match check_day(reader, (till, number), &mut |_| {}) {
        Ok(checked) => {
            check.records = checked.summary.receipts;
            check.verified = checked.summary.verified;
            if let Some(wrong) = checked.wrong {
                "wrong".clone_into(&mut check.state);
                check.finding = serde_json::to_string(&difference(&wrong)).unwrap_or_default();
            }
        }
        Err(fault) => {
            "failed".clone_into(&mut check.state);
            code(&fault).clone_into(&mut check.finding);
        }
    }
    check
}

/// The settings at the day's closing.
fn settings_of(
    reader: &Reader,
    (till, number): (TillId, DayNo),
) -> Result<Option<Settings>, StoreError> {
    reader.day_span(till, number)?.map_or(Ok(None), |(_, last)| reader.settings_before(last))
}

/// A day in which nothing can be read: its entries are damaged.
pub(super) fn unreadable((till, number): (TillId, DayNo), now: Timestamp) -> DayCheck {
    DayCheck {
        till,
        number,
        checked: now,
        state: "failed".to_owned(),
        records: 0,
        verified: 0,
        finding: "unreadable".to_owned(),
        proved: 0,
        differs: 1,
        unproved: 0,
    }
}

/// Why a day could not be checked, a stable code.
fn code(fault: &Fault) -> &'static str {
    match fault {
        Fault::Address => "address",
        Fault::Currency => "currency",
        Fault::Receipt(_) | Fault::Form(_) => "form",
        _ => "unreadable",
    }
}

/// A finding in the tables as the first difference of a statement.
fn difference(finding: &Finding) -> Difference {
    let parts = [finding.file.as_str(), finding.field.as_str()];
    let field: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let mut difference = Difference::new(&field.join(" "), &finding.found, &finding.expected);
    difference.rule = Some(Said {
        code: finding.rule.code().to_owned(),
        de: finding.rule.words(Language::German).to_owned(),
        en: finding.rule.words(Language::English).to_owned(),
    });
    // A record's id: till and number, with a T for training, and a V before the entry of what is no receipt.
    let id = finding.receipt.split_once('-').map(|(_, id)| id).unwrap_or_default();
    match (id.strip_prefix('V'), id.strip_prefix('T')) {
        (Some(entry), _) => difference.entry = entry.parse().ok(),
        (None, Some(number)) => {
            difference.receipt = number.parse().ok();
            difference.training = true;
        }
        (None, None) => difference.receipt = id.parse().ok(),
    }
    difference
}

/// What is stated of a day's check; nothing where nobody is handed these tables.
pub(super) fn statement(settings: &Settings, check: Option<&DayCheck>) -> Option<Statement> {
    offered(settings).dsfinvk.then(|| stated(check))
}

fn stated(check: Option<&DayCheck>) -> Statement {
    let kind = StatementKind::Export;
    let Some(check) = check else {
        return Statement::of(kind, Vec::new(), None, Some("not_checked"));
    };
    let figures =
        vec![Figure::count("records", check.records), Figure::count("verified", check.verified)];
    match check.state.as_str() {
        "right" => Statement::of(kind, figures, None, None),
        "wrong" => {
            let first = serde_json::from_str(&check.finding).unwrap_or_default();
            Statement::of(kind, figures, Some(first), None)
        }
        _ => Statement::of(kind, figures, None, Some(&format!("check_{}", check.finding))),
    }
}
