//! Papers of card terminals: the shop's slip of a payment, and the closing of a terminal's day.

use domain::basket::{Tender, TenderKind};
use domain::day::Tally;
use domain::event::MoneyReserved;
use domain::settings::Settings;
use domain::terminal_day::{Closing, ClosingState, Scheme, SchemePair, compare};
use domain::{Event, TerminalId};
use journal::EntryMeta;
use money::Money;
use receipt::{
    Language, ReceiptData, ReceiptKind, ReportData, ReportKind, ReportRow, ReportSection,
};
use store::{Reader, StoreError, TerminalDayRow};

use super::words::Words;
use super::{Paper, head, language, paper_of, tender as printed, time_text, zone};

/// What stands on the shop's slip of a card payment.
#[derive(Debug, Clone)]
pub struct MerchantFacts {
    /// The tender it became.
    tender: Tender,
    /// What the terminal wants on it.
    lines: Vec<String>,
}

impl MerchantFacts {
    /// The customer signs it.
    pub fn signs(&self) -> bool {
        self.tender.amount.is_positive() && self.tender.card.as_ref().is_some_and(|c| c.signature)
    }
}

/// What the entry `seq`, an acknowledgement, and its tender say; none when it is no such entry.
pub fn merchant_facts(reader: &Reader, seq: u64) -> Result<Option<MerchantFacts>, StoreError> {
    let Some((_, Event::AttemptAcknowledged { merchant, .. })) = reader.entry(seq)? else {
        return Ok(None);
    };
    let tender = tender_behind(reader, seq)?;
    Ok(tender.map(|tender| MerchantFacts { tender, lines: merchant }))
}

/// The tender follows in the same command.
fn tender_behind(reader: &Reader, seq: u64) -> Result<Option<Tender>, StoreError> {
    let next = reader.entry(seq.saturating_add(1))?;
    Ok(match next {
        Some((_, Event::TenderRecorded { tender, .. } | Event::TenderUndone { tender, .. })) => {
            Some(tender)
        }
        Some((_, Event::MoneyReserved(reserved))) => {
            Some(Tender::exact(TenderKind::Card, reserved.amount, Some(reserved.card)))
        }
        _ => None,
    })
}

/// The shop's slip of a card payment, with a line to sign on where the customer signs.
pub fn merchant_slip(
    settings: &Settings,
    person: &str,
    meta: &EntryMeta,
    facts: &MerchantFacts,
) -> ReceiptData {
    let language = language(settings);
    let paper: Paper = paper_of(settings.currency, language);
    let words = Words::of(language);
    let mut bare = facts.tender.clone();
    if let Some(card) = &mut bare.card {
        // The terminal's words for the shop stand in place of those for the customer.
        card.lines.clone_from(&facts.lines);
    }
    let till = settings.tills.iter().find(|t| Some(t.id) == meta.till);
    ReceiptData {
        language,
        currency: settings.currency.code().to_owned(),
        minor_digits: settings.currency.minor_digits(),
        shop: head(settings),
        kind: ReceiptKind::CardSlip,
        number: meta.seq.to_string(),
        till: till.map(|t| t.name.clone()).unwrap_or_default(),
        person: person.to_owned(),
        issued: time_text(meta.at, &zone(settings), language),
        total: Some(facts.tender.amount.abs().minor()),
        tenders: vec![printed(&bare, paper, words)],
        signature_line: facts.signs(),
        ..ReceiptData::default()
    }
}

/// What the customer takes along of a reservation.
pub fn reservation_slip(
    settings: &Settings,
    person: &str,
    meta: &EntryMeta,
    reserved: &MoneyReserved,
) -> ReceiptData {
    let card = Some(reserved.card.clone());
    let tender = Tender::exact(TenderKind::Card, reserved.amount, card);
    let facts = MerchantFacts { lines: reserved.card.lines.clone(), tender };
    let mut slip = merchant_slip(settings, person, meta, &facts);
    slip.kind = ReceiptKind::Reservation;
    slip.signature_line = false;
    let reserved_word = say(slip.language, "Reserviert", "Reserved");
    slip.tenders.iter_mut().for_each(|tender| tender.name = reserved_word.to_owned());
    slip.notes.extend((!reserved.note.is_empty()).then(|| reserved.note.clone()));
    slip
}

fn say<'a>(language: Language, german: &'a str, english: &'a str) -> &'a str {
    match language {
        Language::De => german,
        Language::En => english,
    }
}

fn scheme_name(scheme: Scheme, language: Language) -> &'static str {
    match scheme {
        Scheme::Girocard => "girocard",
        Scheme::Jcb => "JCB",
        Scheme::Mastercard => "Mastercard",
        Scheme::Amex => "American Express",
        Scheme::Visa => "Visa",
        Scheme::Diners => "Diners Club",
        Scheme::Other => match language {
            Language::De => "Andere Karten",
            Language::En => "Other cards",
        },
    }
}

fn line(label: String, tally: Tally) -> ReportRow {
    ReportRow {
        label,
        count: Some(i64::from(tally.count)),
        amount: Some(tally.amount.minor()),
        ..ReportRow::default()
    }
}

fn words_only(label: String, strong: bool) -> ReportRow {
    ReportRow { label, strong, ..ReportRow::default() }
}

/// How a closing stands, in a sentence.
fn standing(closing: &Closing, language: Language) -> &'static str {
    match (&closing.state, closing.alone, closing.matches) {
        (ClosingState::Closed, true, _) => say(
            language,
            "Das Terminal führt keine Summen: Abschluss nur der Kasse",
            "The terminal keeps no totals: closed by the shop alone",
        ),
        (ClosingState::Closed, false, true) => {
            say(language, "Terminal und Kasse stimmen überein", "Terminal and shop agree")
        }
        (ClosingState::Closed, false, false) => {
            say(language, "Terminal und Kasse weichen ab", "Terminal and shop differ")
        }
        (ClosingState::NotClosed { .. }, ..) => {
            say(language, "Terminal nicht abgeschlossen", "The terminal's day is not closed")
        }
        (ClosingState::Unknown { .. }, ..) => say(
            language,
            "Ungeklärt, ob das Terminal abgeschlossen hat",
            "Unknown whether the terminal closed its day",
        ),
        (ClosingState::Intended | ClosingState::Sent | ClosingState::Recorded, ..) => {
            say(language, "Das Terminal schließt gerade ab", "The terminal is closing its day")
        }
    }
}

/// One kind of card: the terminal's figures, and the shop's where they differ.
fn rows(pair: &SchemePair, told: bool, language: Language) -> Vec<ReportRow> {
    let name = scheme_name(pair.scheme, language);
    if !told {
        return vec![line(name.to_owned(), pair.ours)];
    }
    let mut rows = vec![line(name.to_owned(), pair.theirs)];
    if !pair.matches() {
        let difference = pair.theirs.amount.saturating_plus(pair.ours.amount.negated());
        rows.push(line(format!("  {}", say(language, "Kasse", "Shop")), pair.ours));
        rows.push(ReportRow {
            label: format!("  {}", say(language, "Differenz", "Difference")),
            amount: Some(Money::minor(difference)),
            strong: true,
            ..ReportRow::default()
        });
    }
    rows
}

/// A terminal's totals and whether they match.
fn section(name: &str, closing: Option<&Closing>, language: Language) -> ReportSection {
    let title = format!("{} {name}", say(language, "Kartenterminal", "Card terminal"));
    let Some(closing) = closing else {
        let open = say(language, "Noch nicht abgeschlossen", "Its day is not closed yet");
        return ReportSection { title, rows: vec![words_only(open.to_owned(), false)] };
    };
    let totals = closing.totals.as_ref();
    let theirs = totals.map(|totals| totals.cards.as_slice()).unwrap_or_default();
    let pairs = compare(&closing.ours, theirs);
    let mut all: Vec<ReportRow> =
        pairs.iter().flat_map(|pair| rows(pair, totals.is_some(), language)).collect();
    if let Some((first, last)) = totals.and_then(|totals| totals.receipts.as_ref()) {
        let word = say(language, "Terminal-Belege", "Terminal receipts");
        all.push(words_only(format!("{word} {first}–{last}"), false));
    }
    all.push(words_only(standing(closing, language).to_owned(), true));
    if let Some(said) = &closing.explained {
        all.push(words_only(said.reason.clone(), false));
    }
    ReportSection { title, rows: all }
}

fn terminal_name(settings: &Settings, id: TerminalId) -> String {
    let found = settings.terminals.iter().find(|t| t.id == id);
    found.map_or_else(|| id.to_string(), |t| t.name.clone())
}

/// The terminals of a till day, for its Z report.
pub fn terminal_sections(
    settings: &Settings,
    found: &[(TerminalId, Option<TerminalDayRow>)],
) -> Vec<ReportSection> {
    let language = language(settings);
    found
        .iter()
        .map(|(terminal, stored)| {
            let closing = stored.as_ref().map(|stored| &stored.closing);
            section(&terminal_name(settings, *terminal), closing, language)
        })
        .collect()
}

/// The paper of a closing that has ended.
pub fn terminal_day_report(settings: &Settings, person: &str, closing: &Closing) -> ReportData {
    let language = language(settings);
    let zone = zone(settings);
    let till = settings.tills.iter().find(|t| t.id == closing.till);
    let name = terminal_name(settings, closing.terminal);
    ReportData {
        language,
        currency: settings.currency.code().to_owned(),
        minor_digits: settings.currency.minor_digits(),
        shop: head(settings),
        kind: ReportKind::TerminalDay,
        day_number: None,
        till: till.map_or_else(|| closing.till.to_string(), |t| t.name.clone()),
        person: person.to_owned(),
        from: time_text(closing.asked, &zone, language),
        to: time_text(closing.changed, &zone, language),
        sections: vec![section(&name, Some(closing), language)],
        difference: None,
        notes: closing.lines.clone(),
        copy: None,
        training: false,
        signature_line: false,
    }
}
