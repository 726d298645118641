//! A card terminal's day (Kassenschnitt): closed at the terminal, and what the terminal says it came to held
//! against what the shop booked there.
//!
//! A closing is on disk before the terminal is asked, and its totals are on disk before the terminal is told
//! so: it empties its journal then, and nobody could ask for them again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::day::Tally;
use crate::event::{Event, TerminalDayClosed, TerminalDayIntended};
use crate::ids::{ClosingId, DayNo, PersonId, TerminalId, TillId};
use crate::payment::Doubt;

/// A kind of card, as terminals count them (BMP 60 of ZVT).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// girocard.
    Girocard,
    /// JCB.
    Jcb,
    /// Mastercard, its debit cards and Maestro among them.
    Mastercard,
    /// American Express.
    Amex,
    /// Visa, its debit cards and V PAY among them.
    Visa,
    /// Diners Club.
    Diners,
    /// Every other, and cards of which the terminal told no name.
    Other,
}

/// What is in a card's printed name, in lower case and without spaces; the first that fits holds.
const NAMES: [(&str, Scheme); 15] = [
    ("girocard", Scheme::Girocard),
    ("electroniccash", Scheme::Girocard),
    ("maestro", Scheme::Mastercard),
    ("mastercard", Scheme::Mastercard),
    ("eurocard", Scheme::Mastercard),
    ("vpay", Scheme::Visa),
    ("visa", Scheme::Visa),
    ("electron", Scheme::Visa),
    ("amex", Scheme::Amex),
    ("americanexpress", Scheme::Amex),
    ("jcb", Scheme::Jcb),
    ("diners", Scheme::Diners),
    ("discover", Scheme::Diners),
    ("mc", Scheme::Mastercard),
    ("ec", Scheme::Girocard),
];

impl Scheme {
    /// Of a card's name as printed: the one place where names become kinds.
    pub fn of(name: Option<&str>) -> Self {
        let Some(name) = name else { return Scheme::Other };
        let plain: String =
            name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let fits = |part: &str| if part.len() > 2 { plain.contains(part) } else { plain == part };
        NAMES.iter().find(|(part, _)| fits(part)).map_or(Scheme::Other, |(_, scheme)| *scheme)
    }
}

/// Number and sum of one kind of card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SchemeTotal {
    /// Which.
    pub scheme: Scheme,
    /// How many.
    pub count: u32,
    /// Payments less refunds, minor units.
    #[schema(value_type = i64)]
    pub sum: Money,
}

/// What a terminal says its day came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TerminalTotals {
    /// Its first and last receipt number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipts: Option<(String, String)>,
    /// By kind of card; those without payments are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<SchemeTotal>,
}

/// Money that moved at a terminal since its day was closed last; what was taken back is not among it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalLine {
    /// The card's name as printed.
    pub scheme: Option<String>,
    /// With a tip; below nothing for a refund.
    pub amount: Money,
}

/// The lines by kind of card.
pub fn sums(lines: &[TerminalLine]) -> Vec<SchemeTotal> {
    let mut by: BTreeMap<Scheme, Tally> = BTreeMap::new();
    for line in lines {
        by.entry(Scheme::of(line.scheme.as_deref())).or_default().add(line.amount);
    }
    by.into_iter()
        .map(|(scheme, t)| SchemeTotal { scheme, count: t.count, sum: t.amount })
        .collect()
}

/// One kind of card on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemePair {
    /// Which.
    pub scheme: Scheme,
    /// What the shop booked.
    pub ours: Tally,
    /// What the terminal says.
    pub theirs: Tally,
}

impl SchemePair {
    /// Both sides say the same. A terminal cannot say less than nothing: where more was given back than
    /// was paid, it says nothing.
    pub fn matches(&self) -> bool {
        let sum = self.ours.amount.max(Money::ZERO);
        self.ours.count == self.theirs.count && sum == self.theirs.amount.max(Money::ZERO)
    }
}

/// Both sides by kind of card; kinds without payments on either side are left out.
pub fn compare(ours: &[SchemeTotal], theirs: &[SchemeTotal]) -> Vec<SchemePair> {
    let mut by: BTreeMap<Scheme, (Tally, Tally)> = BTreeMap::new();
    let add = |tally: &mut Tally, of: &SchemeTotal| {
        tally.count = tally.count.saturating_add(of.count);
        tally.amount = tally.amount.saturating_plus(of.sum);
    };
    for of in ours {
        add(&mut by.entry(of.scheme).or_default().0, of);
    }
    for of in theirs {
        add(&mut by.entry(of.scheme).or_default().1, of);
    }
    by.into_iter().map(|(scheme, (ours, theirs))| SchemePair { scheme, ours, theirs }).collect()
}

/// How far a closing has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ClosingState {
    /// On disk; nothing has been sent.
    Intended,
    /// The terminal is being asked.
    Sent,
    /// Its totals are on disk; it has not been told yet as far as is known.
    Recorded,
    /// Nobody knows whether the terminal closed its day.
    Unknown {
        /// Since.
        since: Timestamp,
        /// Why.
        why: Doubt,
    },
    /// It did.
    Closed,
    /// It did not; why, a stable code.
    NotClosed {
        /// Stable code: `unreachable`, `busy`, `in_doubt`, …
        code: String,
    },
}

/// What a person said, and who.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub reason: String,
}

/// One closing of a terminal's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Identity.
    pub id: ClosingId,
    /// Where.
    pub terminal: TerminalId,
    /// Where its paper comes out.
    pub till: TillId,
    /// The till day that was closed with it; none when a person asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<DayNo>,
    /// Asked when.
    pub asked: Timestamp,
    /// Asked by.
    pub asked_by: PersonId,
    /// Why it was closed in spite of a payment in doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub despite_doubt: Option<String>,
    /// How far it has come.
    pub state: ClosingState,
    /// Changed last.
    pub changed: Timestamp,
    /// What the terminal says, once it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totals: Option<TerminalTotals>,
    /// What the shop booked, as it stood then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ours: Vec<SchemeTotal>,
    /// Both sides say the same.
    #[serde(default)]
    pub matches: bool,
    /// The terminal keeps no totals: the closing is the shop's alone.
    #[serde(default)]
    pub alone: bool,
    /// What the terminal wanted printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// A person said whether it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Said>,
    /// A person said where the difference comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explained: Option<Said>,
}

impl Closing {
    /// What `terminal_day_intended` begins; none for another event.
    pub fn of(at: Timestamp, person: Option<PersonId>, event: &Event) -> Option<Self> {
        let Event::TerminalDayIntended(TerminalDayIntended {
            closing,
            terminal,
            till,
            day,
            despite_doubt,
        }) = event
        else {
            return None;
        };
        Some(Closing {
            id: *closing,
            terminal: *terminal,
            till: *till,
            day: *day,
            asked: at,
            asked_by: person.unwrap_or(PersonId(0)),
            despite_doubt: despite_doubt.clone(),
            state: ClosingState::Intended,
            changed: at,
            totals: None,
            ours: Vec::new(),
            matches: false,
            alone: false,
            lines: Vec::new(),
            settled: None,
            explained: None,
        })
    }

    /// Takes in what happened to it.
    pub fn apply(&mut self, at: Timestamp, person: Option<PersonId>, event: &Event) {
        use Event as E;
        let said = |reason: &String| {
            Some(Said { person: person.unwrap_or(PersonId(0)), at, reason: reason.clone() })
        };
        match event {
            E::TerminalDaySent { .. } => self.state = ClosingState::Sent,
            E::TerminalDayRecorded { totals, .. } => {
                self.state = ClosingState::Recorded;
                self.totals = Some(totals.clone());
            }
            E::TerminalDayClosed(TerminalDayClosed {
                ours, totals, matches, alone, lines, ..
            }) => {
                self.state = ClosingState::Closed;
                self.ours.clone_from(ours);
                self.totals.clone_from(totals);
                (self.matches, self.alone) = (*matches, *alone);
                self.lines.clone_from(lines);
            }
            E::TerminalDayNotClosed { code, .. } => {
                self.state = ClosingState::NotClosed { code: code.clone() };
            }
            E::TerminalDayUnknown { why, .. } => {
                self.state = ClosingState::Unknown { since: at, why: *why };
            }
            E::TerminalDaySettled(told) => self.settled = said(&told.reason),
            E::TerminalDayExplained(told) => self.explained = said(&told.reason),
            _ => return,
        }
        self.changed = at;
    }

    /// The terminal has not said yet how it ended, and no person did.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, ClosingState::Closed | ClosingState::NotClosed { .. })
    }

    /// Nobody knows whether the terminal closed its day.
    pub fn is_unknown(&self) -> bool {
        matches!(self.state, ClosingState::Unknown { .. })
    }

    /// Unknown, and the terminal can be asked.
    pub fn is_asked_about(&self) -> bool {
        matches!(self.state, ClosingState::Unknown { why, .. } if why != Doubt::NothingToCompare)
    }

    /// While it is at it nothing is paid there: its totals would be neither the one day's nor the other's.
    pub fn holds_terminal(&self) -> bool {
        self.is_open() && (!self.is_unknown() || self.is_asked_about())
    }

    /// Both sides differ, and nobody has said why.
    pub fn needs_reason(&self) -> bool {
        self.state == ClosingState::Closed && !self.matches && self.explained.is_none()
    }
}

/// Events of closings. What ended and needs nobody's word leaves the state.
pub(crate) fn closing_event(
    closings: &mut BTreeMap<ClosingId, Closing>,
    at: Timestamp,
    person: Option<PersonId>,
    event: &Event,
) {
    let Some(id) = event.closing() else { return };
    if let Some(closing) = Closing::of(at, person, event) {
        closings.insert(id, closing);
    }
    let Some(closing) = closings.get_mut(&id) else { return };
    closing.apply(at, person, event);
    if !closing.is_open() && !closing.needs_reason() {
        closings.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_on_cards_become_the_kinds_that_terminals_count() {
        let cases = [
            ("girocard", Scheme::Girocard),
            ("ec", Scheme::Girocard),
            ("Mastercard", Scheme::Mastercard),
            ("Debit Mastercard", Scheme::Mastercard),
            ("MC", Scheme::Mastercard),
            ("Maestro", Scheme::Mastercard),
            ("VISA DEBIT", Scheme::Visa),
            ("V PAY", Scheme::Visa),
            ("American Express", Scheme::Amex),
            ("AMEX", Scheme::Amex),
            ("JCB", Scheme::Jcb),
            ("Diners Club", Scheme::Diners),
            ("BLUECODE", Scheme::Other),
            ("", Scheme::Other),
        ];
        for (name, scheme) in cases {
            assert_eq!(Scheme::of(Some(name)), scheme, "{name}");
        }
        assert_eq!(Scheme::of(None), Scheme::Other);
    }

    #[test]
    fn number_and_sum_are_both_compared_and_less_than_nothing_is_nothing() {
        let total = |count, sum| SchemeTotal { scheme: Scheme::Visa, count, sum: Money::new(sum) };
        let matches = |ours, theirs| compare(&[ours], &[theirs]).iter().all(SchemePair::matches);
        assert!(matches(total(2, 500), total(2, 500)));
        assert!(!matches(total(2, 500), total(1, 500)));
        assert!(!matches(total(2, 500), total(2, 499)));
        assert!(matches(total(1, -500), total(1, 0)));
        assert!(!matches(total(0, 0), total(1, 1)));
    }
}
