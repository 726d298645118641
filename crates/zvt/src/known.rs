//! What the till knew of a terminal before a command, and whether an outcome fits to it: the answer of
//! another sale, of another terminal or of another amount is no answer.

use crate::command::Command;
use crate::status::StatusInformation;
use crate::value::{Amount, Currency, ReceiptNo, TerminalId, Trace, Turnover};

/// The numbers that a terminal gives to a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Identity {
    /// BMP 87.
    pub receipt: Option<ReceiptNo>,
    /// BMP 0B.
    pub trace: Option<Trace>,
    /// BMP 88.
    pub turnover: Option<Turnover>,
}

/// How two identities compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Every number that both have is the same.
    Same,
    /// Every number that both have differs.
    Other,
    /// Some are the same, some differ.
    Mixed,
    /// They have no number in common.
    Incomparable,
}

impl Identity {
    /// The numbers of an outcome.
    pub fn of(status: &StatusInformation) -> Self {
        let receipt = status.receipt.filter(|receipt| *receipt != ReceiptNo::NONE);
        Self { receipt, trace: status.trace, turnover: status.turnover }
    }

    /// Compares the numbers that both have.
    pub fn compare(&self, other: &Self) -> Comparison {
        let same = [
            self.receipt.zip(other.receipt).map(|(a, b)| a == b),
            self.trace.zip(other.trace).map(|(a, b)| a == b),
            self.turnover.zip(other.turnover).map(|(a, b)| a == b),
        ];
        match (same.contains(&Some(true)), same.contains(&Some(false))) {
            (true, false) => Comparison::Same,
            (false, true) => Comparison::Other,
            (true, true) => Comparison::Mixed,
            (false, false) => Comparison::Incomparable,
        }
    }

    /// The other one came right after this one, by the number that both have.
    pub fn is_followed_by(&self, other: &Self) -> bool {
        let receipts =
            self.receipt.and_then(ReceiptNo::get).zip(other.receipt.and_then(ReceiptNo::get));
        let traces = self.trace.zip(other.trace).map(|(a, b)| (a.get(), b.get()));
        match (traces, receipts) {
            (Some((before, now)), _) => before.checked_add(1) == Some(now),
            (None, Some((before, now))) => before.checked_add(1) == Some(now),
            (None, None) => false,
        }
    }
}

/// Compares the outcome of `command` with the transaction before it. Where the command is about an earlier
/// receipt, that receipt's number in the outcome says nothing about whether it is old or new.
pub(crate) fn compare(
    command: &Command,
    before: Identity,
    status: &StatusInformation,
) -> Comparison {
    let mut identity = Identity::of(status);
    if command.refers_to().is_some() {
        identity.receipt = None;
    }
    before.compare(&identity)
}

/// The last transaction that the terminal had before the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Before {
    /// Nobody looked.
    #[default]
    NotKnown,
    /// The terminal had none: it said so.
    Nothing,
    /// This one.
    Last(Identity),
}

/// What was known of the terminal before the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// Its last transaction.
    pub before: Before,
    /// Which terminal it was.
    pub terminal: Option<TerminalId>,
    /// The currency that it was registered with.
    pub currency: Option<Currency>,
}

/// Why an ending is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The command was not answered in time.
    NoAnswer,
    /// The terminal fell silent.
    Silence,
    /// The connection was lost.
    Closed,
    /// What came was no packet.
    Garbage,
    /// A packet came when it was not the terminal's turn.
    OutOfTurn,
    /// The terminal ended without saying what became of the payment.
    NoOutcome,
    /// The outcome has no readable result.
    Unreadable,
    /// Result and host's code, or outcome and ending, contradict one another.
    Contradiction,
    /// The terminal aborted after it had said yes.
    AbortedAfterYes,
    /// The till turned the outcome down and the terminal did not confirm that it took it back.
    Rejected,
    /// The outcome is the one from before.
    OtherSale,
    /// The outcome's numbers are partly those from before.
    MixedNumbers,
    /// The outcome is another terminal's.
    OtherTerminal,
    /// The outcome is one that takes something back, which was not asked for.
    OtherKind,
    /// The outcome is in another currency.
    OtherCurrency,
    /// The outcome has no readable amount.
    NoAmount,
    /// The outcome's amount is neither what was asked nor explained by tip, cashback or a partial
    /// approval.
    OtherAmount,
    /// The outcome is of another time.
    OtherTime,
    /// Nothing was known of the terminal before, so new and old cannot be told apart.
    NothingToCompare,
    /// The terminal cannot be reached.
    Unreachable,
    /// The terminal does not become ready.
    NotReady,
    /// The terminal does not say what its last transaction was.
    NoRepeat,
}

impl Doubt {
    /// A stable name in snake case, for translation.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoAnswer => "no_answer",
            Self::Silence => "silence",
            Self::Closed => "closed",
            Self::Garbage => "garbage",
            Self::OutOfTurn => "out_of_turn",
            Self::NoOutcome => "no_outcome",
            Self::Unreadable => "unreadable",
            Self::Contradiction => "contradiction",
            Self::AbortedAfterYes => "aborted_after_yes",
            Self::Rejected => "rejected",
            Self::OtherSale => "other_sale",
            Self::MixedNumbers => "mixed_numbers",
            Self::OtherTerminal => "other_terminal",
            Self::OtherKind => "other_kind",
            Self::OtherCurrency => "other_currency",
            Self::NoAmount => "no_amount",
            Self::OtherAmount => "other_amount",
            Self::OtherTime => "other_time",
            Self::NothingToCompare => "nothing_to_compare",
            Self::Unreachable => "unreachable",
            Self::NotReady => "not_ready",
            Self::NoRepeat => "no_repeat",
        }
    }
}

/// Why an approving outcome is not taken for the answer to `command`; `None` when it is.
pub fn doubt_of(command: &Command, known: &Known, status: &StatusInformation) -> Option<Doubt> {
    if differ(known.terminal, status.terminal) {
        return Some(Doubt::OtherTerminal);
    }
    if let Before::Last(before) = known.before
        && compare(command, before, status) == Comparison::Same
    {
        return Some(Doubt::OtherSale);
    }
    let asks_anew = matches!(
        command,
        Command::Authorisation(_) | Command::PreAuthorisation(_) | Command::Refund(_)
    );
    if asks_anew && status.original_trace.is_some() {
        return Some(Doubt::OtherKind);
    }
    if differ(command.currency().or(known.currency), status.currency) {
        return Some(Doubt::OtherCurrency);
    }
    match (command.amount(), status.amount) {
        (None, _) => None,
        (Some(_), None) => Some(Doubt::NoAmount),
        (Some(asked), Some(done)) => (!explains(asked, done, status)).then_some(Doubt::OtherAmount),
    }
}

/// Both are known and not the same.
pub(crate) fn differ<T: PartialEq>(expected: Option<T>, came: Option<T>) -> bool {
    expected.zip(came).is_some_and(|(expected, came)| expected != came)
}

/// Whether the amount that was done follows from the one that was asked.
fn explains(asked: Amount, done: Amount, status: &StatusInformation) -> bool {
    let units = |amount: Option<Amount>| amount.map_or(0, Amount::minor_units);
    let more = units(status.tip).saturating_add(units(status.cashback));
    let with_more = asked.minor_units().saturating_add(more);
    done == asked || done.minor_units() == with_more || (status.partial_approval && done <= asked)
}
