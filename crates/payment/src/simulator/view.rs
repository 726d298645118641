//! What the terminal shows and has stored, for page and tests; and its faults by name.

use ::zvt::terminal::{self, Kind, Record, Settings, Terminal};
use ::zvt::value::ReceiptNo;
use serde_json::{Value, json};

use super::bent::Device;
use crate::zvt::currency_code;

/// What goes wrong with the next transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// As scripted.
    Scripted(terminal::Fault),
    /// Every packet arrives byte by byte, until something else is chosen.
    SplitPackets,
    /// At a terminal of Adyen's kind.
    Nexo(super::adyen::Fault),
    /// At a reader of SumUp's kind.
    Sumup(super::sumup::Fault),
}

impl Fault {
    /// All of a ZVT terminal.
    pub fn all() -> impl Iterator<Item = Self> {
        terminal::Fault::ALL.into_iter().map(Self::Scripted).chain([Self::SplitPackets])
    }

    /// All of a terminal of Adyen's kind.
    pub fn nexo() -> impl Iterator<Item = Self> {
        super::adyen::Fault::ALL.into_iter().map(Self::Nexo)
    }

    /// All of a terminal of Adyen's kind that is asked through the cloud.
    pub fn nexo_cloud() -> impl Iterator<Item = Self> {
        super::adyen::Fault::CLOUD.into_iter().map(Self::Nexo)
    }

    /// All of a reader of SumUp's kind.
    pub fn sumup() -> impl Iterator<Item = Self> {
        super::sumup::Fault::ALL.into_iter().map(Self::Sumup)
    }

    /// A stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        use terminal::Fault as F;
        match self {
            Self::SplitPackets => "split_packets",
            Self::Nexo(fault) => fault.name(),
            Self::Sumup(fault) => fault.name(),
            Self::Scripted(F::Decline) => "decline",
            Self::Scripted(F::TimeOut) => "time_out",
            Self::Scripted(F::SlowAcknowledgement(_)) => "slow_acknowledgement",
            Self::Scripted(F::LostBeforeOutcome) => "lost_before_outcome",
            Self::Scripted(F::LostAfterOutcome) => "lost_after_outcome",
            Self::Scripted(F::LostAfterCommit) => "lost_after_commit",
            Self::Scripted(F::WrongAmount) => "wrong_amount",
            Self::Scripted(F::WrongCurrency) => "wrong_currency",
            Self::Scripted(F::ChangedTerminal) => "changed_terminal",
            Self::Scripted(F::AnswerTwice) => "answer_twice",
            Self::Scripted(F::AnswerOfAnotherSale) => "answer_of_another_sale",
            Self::Scripted(F::LateApprovalAfterAbort) => "late_approval_after_abort",
            Self::Scripted(F::Busy) => "busy",
            Self::Scripted(F::JournalFull) => "journal_full",
            Self::Scripted(F::Garbage) => "garbage",
            Self::Scripted(F::CutOffOutcome) => "cut_off_outcome",
            Self::Scripted(F::NoOutcome) => "no_outcome",
            Self::Scripted(F::InitialisationDue) => "initialisation_due",
            Self::Scripted(F::DiagnosisDue) => "diagnosis_due",
            Self::Scripted(F::WrongTotal) => "wrong_total",
        }
    }

    /// The fault of a ZVT terminal of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|fault| fault.name() == name)
    }
}

/// A transaction that the terminal has stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `payment`, `refund`, `reversal`, …
    pub kind: &'static str,
    /// Receipt number.
    pub receipt: String,
    /// Trace number.
    pub trace: String,
    /// Minor units.
    pub amount: i64,
    /// The card's name.
    pub card: Option<String>,
    /// Its last four digits.
    pub last4: Option<String>,
    /// Taken back by a later one.
    pub settled: bool,
}

/// The terminal at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its language, as people call it.
    pub speaks: &'static str,
    /// Its identification.
    pub terminal: String,
    /// ISO 4217.
    pub currency: String,
    /// What it shows, a stable code.
    pub shows: &'static str,
    /// It waits for a customer.
    pub waiting: bool,
    /// What is under way: its kind, and the amount in minor units.
    pub asks: Option<(&'static str, i64)>,
    /// The customer of what is under way is asked for a tip.
    pub asks_tip: bool,
    /// What goes wrong next.
    pub fault: Option<Fault>,
    /// What can go wrong.
    pub faults: Vec<Fault>,
    /// Customers come by themselves after so many milliseconds.
    pub automatic: Option<u64>,
    /// Which device answers.
    pub device: Device,
    /// Since the last end of day, oldest first.
    pub entries: Vec<Entry>,
}

/// What the desk knows beside the terminal.
pub(super) struct Now {
    pub(super) shows: &'static str,
    pub(super) waiting: bool,
    pub(super) fault: Option<Fault>,
    pub(super) automatic: Option<u64>,
    pub(super) device: Device,
}

pub(super) fn of(terminal: &Terminal, settings: &Settings, now: Now) -> View {
    let asks = terminal.in_hand().map(|record| (kind(record.kind), record.amount.minor_units()));
    View {
        speaks: "ZVT",
        terminal: format!("{:08}", settings.terminal.get()),
        currency: currency_code(settings.currency),
        shows: now.shows,
        waiting: now.waiting,
        asks,
        asks_tip: terminal.asks_for_tip(),
        fault: now.fault,
        faults: Fault::all().collect(),
        automatic: now.automatic,
        device: now.device,
        entries: terminal.records().iter().map(entry).collect(),
    }
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Payment => "payment",
        Kind::Reservation => "reservation",
        Kind::Booking => "booking",
        Kind::Release => "release",
        Kind::Reversal => "reversal",
        Kind::Refund => "refund",
        Kind::Tip => "tip",
    }
}

fn entry(record: &Record) -> Entry {
    let last4 = record.status.pan.map(|pan| pan.last_digits());
    Entry {
        kind: kind(record.kind),
        receipt: ReceiptNo::get(record.receipt).unwrap_or_default().to_string(),
        trace: record.trace.get().to_string(),
        amount: record.amount.minor_units(),
        card: record.status.card_name.clone(),
        last4: last4.filter(|digits| !digits.is_empty()),
        settled: record.settled,
    }
}

impl View {
    /// For programs.
    pub(super) fn json(&self) -> Value {
        let entries = self.entries.iter().map(|entry| {
            json!({
                "kind": entry.kind, "receipt": entry.receipt, "trace": entry.trace,
                "amount": entry.amount, "card": entry.card, "last4": entry.last4,
                "settled": entry.settled,
            })
        });
        json!({
            "simulator": true,
            "speaks": self.speaks,
            "terminal": self.terminal,
            "currency": self.currency,
            "shows": self.shows,
            "waiting": self.waiting,
            "asks": self.asks.map(|(kind, amount)| json!({ "kind": kind, "amount": amount })),
            "asks_tip": self.asks_tip,
            "fault": self.fault.map(Fault::name),
            "faults": self.faults.iter().map(|fault| fault.name()).collect::<Vec<_>>(),
            "automatic": self.automatic,
            "device": self.device.name(),
            "transactions": entries.collect::<Vec<_>>(),
        })
    }
}
