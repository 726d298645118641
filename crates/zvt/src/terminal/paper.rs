//! What the terminal wants printed.

use super::{Step, Terminal};
use crate::bmp::Totals;
use crate::command::config;
use crate::message::{Message, PrintLine, TextBlock};
use crate::status::{StatusInformation, Verification};
use crate::value::ReceiptNo;

/// Kinds of receipt (TLV 1F07).
const MERCHANT: u8 = 1;
const CUSTOMER: u8 = 2;
const ADMINISTRATION: u8 = 3;

impl Terminal {
    /// The receipts of a transaction, to a till that wants lines: the shop's first where the customer signs.
    pub(super) fn prints(&self, status: &StatusInformation) -> Vec<Step> {
        let facts = facts(status);
        let slip = |title: &str| -> Vec<String> {
            std::iter::once(format!("** {title} **")).chain(facts.clone()).collect()
        };
        let mut steps = Vec::new();
        if status.verification == Some(Verification::Signature) && self.prints_blocks {
            // The till adds the line to sign on: that is what 1F37 asks it for.
            steps.extend(self.prints_lines(MERCHANT, slip("Händlerbeleg")));
        }
        steps.extend(self.prints_lines(CUSTOMER, slip("Kundenbeleg")));
        steps
    }

    /// What the day came to.
    pub(super) fn prints_day(&self, status: &StatusInformation) -> Vec<Step> {
        let mut lines = vec!["** Kassenschnitt **".to_owned()];
        let terminal = status.terminal.map_or(0, |id| id.get());
        lines.push(format!("Terminal-ID {terminal}"));
        let cards = status.totals.iter().flat_map(|totals| Totals::KINDS.iter().zip(totals.cards));
        for (kind, card) in cards.filter(|(_, card)| card.count > 0) {
            lines.push(format!("{kind} {} x, {} Cent", card.count, card.sum.minor_units()));
        }
        self.prints_lines(ADMINISTRATION, lines)
    }

    fn prints_lines(&self, receipt_type: u8, texts: Vec<String>) -> Vec<Step> {
        let wanted = config::LINES | config::PRINT_RECEIPTS;
        if self.config & wanted != wanted {
            return Vec::new();
        }
        let lines = texts.into_iter().map(|text| PrintLine { attribute: 0, text });
        if self.prints_blocks {
            let block =
                TextBlock { receipt_type: Some(receipt_type), lines: lines.collect(), flaw: None };
            return vec![Step::Say(Message::TextBlock(block))];
        }
        let end = PrintLine { attribute: 0x80, text: String::new() };
        lines.chain([end]).map(|line| Step::Say(Message::PrintLine(line))).collect()
    }
}

fn facts(status: &StatusInformation) -> Vec<String> {
    let number = |text: &str, number: Option<u64>| format!("{text} {}", number.unwrap_or(0));
    let receipt = status.receipt.and_then(ReceiptNo::get).map(u64::from);
    vec![
        number("Terminal-ID", status.terminal.map(|id| u64::from(id.get()))),
        number("TA-Nr.", status.trace.map(|trace| trace.get())),
        number("Beleg-Nr.", receipt),
        number("Betrag (Cent)", status.amount.and_then(|a| u64::try_from(a.minor_units()).ok())),
        format!("Karte ************{}", status.pan.unwrap_or_default().last_digits()),
    ]
}
