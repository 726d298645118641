//! Foreign cash and transfers as a receipt says them.

use domain::basket::Tender;
use domain::foreign::ForeignCash;
use domain::transfer::{Confirmed, TenderTransfer};
use receipt as paper;

use super::Paper;
use super::words::Words;

/// A rate as people say it, in the language of the paper.
pub(super) fn rate(cash: &ForeignCash, paper: Paper) -> String {
    let text = crate::view::rate_text(cash.rate, paper.currency, cash.currency);
    if paper.language == paper::Language::De { text.replace('.', ",") } else { text }
}

/// What was given in its own currency and at which rate; the amounts are in the shop's currency.
pub(super) fn foreign(
    tender: &Tender,
    cash: &ForeignCash,
    paper: Paper,
    words: &Words,
) -> paper::Tender {
    let given =
        paper::format_amount(cash.amount.minor(), cash.currency.minor_digits(), paper.language);
    let said = format!("{given} {} {} {}", cash.currency, words.at_rate, rate(cash, paper));
    paper::Tender {
        name: words.tender(tender.kind).to_owned(),
        amount: tender.amount.minor(),
        tendered: Some(tender.tendered.minor()),
        change: tender.change.is_positive().then(|| tender.change.minor()),
        details: vec![said],
    }
}

/// The reference, and whether the bank or a person said that the money is there.
pub(super) fn transfer(tender: &Tender, of: &TenderTransfer, words: &Words) -> paper::Tender {
    let mut details = vec![format!("{} {}", words.transfer_reference, of.reference)];
    if let Confirmed::Person { person } = of.confirmed {
        details.push(format!("{} {person}", words.confirmed_by));
    }
    paper::Tender {
        name: words.tender(tender.kind).to_owned(),
        amount: tender.amount.minor(),
        tendered: None,
        change: None,
        details,
    }
}
