//! X and Z reports: the totals as they stand, nothing computed anew.

use std::collections::BTreeMap;

use domain::day::{ClosedDay, DayTotals, Tally, TillDay};
use domain::settings::Settings;
use domain::{PersonId, TillId};
use jiff::Timestamp;
use money::Money;
use receipt as paper;
use receipt::{ReportData, ReportKind, ReportRow, ReportSection};

use super::words::Words;
use super::{head, language, name_in, rate_text, time_text, zone};

/// What is reported.
#[derive(Debug, Clone, Copy)]
pub enum Reported<'a> {
    /// The open day so far, at this moment.
    Open(TillId, &'a TillDay, Timestamp),
    /// A closed day.
    Closed(&'a ClosedDay),
    /// A closed day, for somebody who counts blind: what was counted, and nothing that the book's
    /// figure could be worked out from.
    ClosedBlind(&'a ClosedDay),
}

/// The document of an X report (open day) or a Z report (closed day).
pub fn day_report(
    settings: &Settings,
    names: &BTreeMap<PersonId, String>,
    reported: Reported<'_>,
) -> ReportData {
    let language = language(settings);
    let words = Words::of(language);
    let zone = zone(settings);
    let (till, day, to, kind, closed) = match reported {
        Reported::Open(till, day, now) => (till, day, now, ReportKind::X, None),
        Reported::Closed(closed) | Reported::ClosedBlind(closed) => {
            (closed.till, &closed.day, closed.closed, ReportKind::Z, Some(closed))
        }
    };
    let blind = matches!(reported, Reported::ClosedBlind(_));
    let name = |id: PersonId| name_in(names, id);
    let mut sections = if blind {
        let mut sections = vec![counted_section(day, words)];
        sections.extend(foreign_section(day, closed.is_some(), true, language, words));
        sections
    } else {
        let mut sections = totals_sections(settings, &day.totals, language, words);
        sections.push(drawer_section(day, closed, words));
        sections.extend(foreign_section(day, closed.is_some(), false, language, words));
        sections
    };
    if day.shifts.len() > 1 && !blind {
        let rows = day
            .shifts
            .iter()
            .map(|s| tally(&format!("{} · {}", s.number, name(s.person)), s.totals.receipts))
            .collect();
        sections.push(ReportSection { title: words.shifts.to_owned(), rows });
    }
    let till_name = settings.tills.iter().find(|t| t.id == till).map(|t| t.name.clone());
    ReportData {
        language,
        currency: settings.currency.code().to_owned(),
        minor_digits: settings.currency.minor_digits(),
        shop: head(settings),
        kind,
        day_number: Some(u64::from(day.number.0)),
        till: till_name.unwrap_or_else(|| till.to_string()),
        person: closed.map_or_else(|| name(day.opened_by), |c| name(c.closed_by)),
        from: time_text(day.opened, &zone, language),
        to: time_text(to, &zone, language),
        sections,
        difference: closed.filter(|_| !blind).map(|c| c.difference.minor()),
        notes: blind.then(|| words.figures_elsewhere.to_owned()).into_iter().collect(),
        copy: None,
        training: false,
        signature_line: closed.is_some(),
    }
}

fn amount(label: &str, amount: Money) -> ReportRow {
    ReportRow { label: label.to_owned(), amount: Some(amount.minor()), ..ReportRow::default() }
}

fn tally(label: &str, tally: Tally) -> ReportRow {
    ReportRow { count: Some(i64::from(tally.count)), ..amount(label, tally.amount) }
}

fn count(label: &str, count: u32) -> ReportRow {
    ReportRow { label: label.to_owned(), count: Some(i64::from(count)), ..ReportRow::default() }
}

fn totals_sections(
    settings: &Settings,
    totals: &DayTotals,
    language: paper::Language,
    words: &Words,
) -> Vec<ReportSection> {
    let mut sales = vec![ReportRow { strong: true, ..tally(words.receipts, totals.receipts) }];
    if let Some((first, last)) = totals.numbers {
        let label = format!("{} {first}–{last}", words.from_to);
        sales.push(ReportRow { label, ..ReportRow::default() });
    }
    if totals.accounts_paid.count > 0 {
        sales.push(tally(words.accounts_paid, totals.accounts_paid));
    }
    let tax = totals.tax.iter().flat_map(|row| {
        let rate = rate_text(row.rate.basis_points(), language);
        [
            ReportRow { strong: true, ..amount(&rate, row.gross) },
            amount(&format!("  {}", words.net_of), row.net),
            amount(&format!("  {}", words.tax_of), row.tax),
        ]
    });
    let group_name = |id: &domain::GroupId| {
        let group = settings.groups.iter().find(|g| g.id == *id);
        group.map_or_else(|| id.to_string(), |g| g.name.clone())
    };
    let groups = totals.groups.iter().map(|(id, t)| tally(&group_name(id), *t));
    let tenders = totals.tenders.iter().map(|(kind, t)| tally(words.tender(*kind), *t));
    let mut groups: Vec<ReportRow> = groups.collect();
    let no_goods = [
        (words.vouchers_sold, totals.vouchers_sold),
        (words.vouchers_used, totals.vouchers_used),
        (words.tips, totals.tips),
    ];
    groups.extend(no_goods.into_iter().filter(|(_, t)| t.count > 0).map(|(w, t)| tally(w, t)));
    let mut events = vec![
        tally(words.discounts, totals.discounts),
        tally(words.returns, totals.returns),
        tally(words.deposits_paid, totals.deposits_paid),
        count(words.voids, totals.voids),
        tally(words.aborted, totals.aborted),
        count(words.overrides, totals.overrides),
        count(words.no_sales, totals.no_sales),
    ];
    if totals.drawer_alarms > 0 {
        events.push(count(words.drawer_alarms, totals.drawer_alarms));
    }
    if totals.training > 0 {
        events.push(count(words.training, totals.training));
    }
    if !totals.rounding.is_zero() {
        events.push(amount(words.rounding, totals.rounding));
    }
    let mut tenders: Vec<ReportRow> = tenders.collect();
    for (currency, tally) in &totals.foreign {
        let given = paper::format_amount(tally.amount.minor(), currency.minor_digits(), language);
        let label = format!("  {given} {currency}, {}", words.foreign_value);
        let value = Tally { count: tally.count, amount: tally.value };
        tenders.push(self::tally(&label, value));
    }
    let section =
        |title: &str, rows: Vec<ReportRow>| ReportSection { title: title.to_owned(), rows };
    vec![
        section(words.sales, sales),
        section(words.tax, tax.collect()),
        section(words.groups, groups),
        section(words.tenders, tenders),
        section(words.events, events),
    ]
}

fn counted_section(day: &TillDay, words: &Words) -> ReportSection {
    let counted = day.count.iter().map(|count| amount(words.counted, count.counted)).collect();
    ReportSection { title: words.drawer.to_owned(), rows: counted }
}

/// Foreign cash, apart from the drawer: each currency in its own figures; none when there was none.
fn foreign_section(
    day: &TillDay,
    closed: bool,
    blind: bool,
    language: paper::Language,
    words: &Words,
) -> Option<ReportSection> {
    let said = |amount: Money, currency: &money::Currency| {
        paper::format_amount(amount.minor(), currency.minor_digits(), language)
    };
    let row = |label: String| ReportRow { label, ..ReportRow::default() };
    let mut rows = Vec::new();
    if !blind {
        for (currency, there) in &day.foreign {
            rows.push(row(format!("{currency} {}: {}", words.expected, said(*there, currency))));
        }
    }
    let counted = day.count.iter().filter(|_| closed).flat_map(|count| &count.foreign);
    for count in counted {
        let currency = &count.currency;
        rows.push(row(format!("{currency} {}: {}", words.counted, said(count.counted, currency))));
        if !blind {
            let difference = said(count.difference, currency);
            rows.push(row(format!("{currency} {}: {difference}", words.difference)));
        }
    }
    let title = words.foreign.to_owned();
    (!rows.is_empty()).then_some(ReportSection { title, rows })
}

fn drawer_section(day: &TillDay, closed: Option<&ClosedDay>, words: &Words) -> ReportSection {
    let totals = &day.totals;
    let cash = totals.tenders.get(&domain::basket::TenderKind::Cash).copied().unwrap_or_default();
    let mut rows = vec![
        amount(words.float, day.float),
        tally(words.cash_sales, cash),
        tally(words.paid_in, totals.paid_in),
        tally(
            words.paid_out,
            Tally { amount: totals.paid_out.amount.negated(), ..totals.paid_out },
        ),
        tally(words.drops, Tally { amount: totals.drops.amount.negated(), ..totals.drops }),
        ReportRow { strong: true, ..amount(words.expected, day.drawer) },
    ];
    // The change for foreign cash lies no longer in the drawer; without it the rows would not sum to the book.
    let change = totals.foreign_change();
    if !change.amount.is_zero() {
        let change = Tally { amount: change.amount.negated(), ..change };
        rows.insert(2, tally(words.foreign_change, change));
    }
    if let (Some(_), Some(counted)) = (closed, &day.count) {
        rows.push(amount(words.counted, counted.counted));
    }
    ReportSection { title: words.drawer.to_owned(), rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed() -> ClosedDay {
        let tally = |amount| serde_json::json!({"count": 1, "amount": amount});
        let none = tally(0);
        let totals = serde_json::json!({"receipts": tally(7_700), "tax": [], "groups": {}, "tenders": {"cash": tally(7_700)},
            "discounts": none, "returns": none, "voids": 0, "aborted": none, "overrides": 0, "rounding": 0,
            "paid_in": none, "paid_out": none, "drops": none, "no_sales": 0, "training": 0});
        serde_json::from_value(serde_json::json!({"till": 1, "closed": "2026-11-23T18:00:00Z", "closed_by": 3,
            "difference": -123, "day": {"number": 4, "date": "2026-11-23", "opened": "2026-11-23T08:00:00Z",
            "opened_by": 3, "float": 10_000, "drawer": 17_700, "totals": totals, "shifts": [],
            "count": {"at": "2026-11-23T17:59:00Z", "person": 3, "pieces": [], "counted": 17_577, "expected": 17_700}}}))
        .expect("a closed day")
    }

    fn printed(reported: Reported<'_>) -> String {
        let settings = crate::defaults::settings(
            domain::settings::Country::De,
            domain::settings::Language::En,
        );
        let report = day_report(&settings, &BTreeMap::new(), reported);
        paper::render_text(&paper::report_document(&report), 42)
    }

    #[test]
    fn the_z_slip_of_somebody_who_counts_blind_tells_what_they_counted_and_no_more() {
        let closed = closed();
        let blind = printed(Reported::ClosedBlind(&closed));
        assert!(blind.contains("175.77") && blind.contains("in the office"), "{blind}");
        for told in ["177.00", "1.23", "77.00", "100.00", "Difference", "Expected"] {
            assert!(!blind.contains(told), "{told}: {blind}");
        }
        let whole = printed(Reported::Closed(&closed));
        for told in ["175.77", "177.00", "1.23", "77.00", "100.00", "Difference"] {
            assert!(whole.contains(told), "{told}: {whole}");
        }
    }
}
