//! What a code says of the very pack in the customer's hand: batch, serial number, dates; batches that must not be sold; and which
//! symbol was read last, so that a pack whose bars and matrix are both read counts once.

use gs1::Carrier;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::basket::Basket;
use crate::event::Event;
use crate::ids::{ItemId, LineNo, RecallId};
use crate::refusal::Refusal;

/// Within this time two symbols of one pack are one pack, milliseconds (GS1: a 2D code beside the EAN until every till reads it).
pub const ONE_PACK_MS: i64 = 1_000;

/// Most recalls that are kept, lifted ones among them.
pub const MAX_RECALLS: usize = 20_000;

/// Most recalls in one command.
pub const MAX_RECALLS_AT_ONCE: usize = 1_000;

/// What the code on a pack says of it beside what it is. Application identifiers of GS1 in brackets.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct PackMark {
    /// Batch or lot (10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// Serial number (21).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// Use by (17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub use_by: Option<Date>,
    /// Best before (15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub best_before: Option<Date>,
    /// The best-before date had passed when it was scanned: sold all the same, and said.
    #[serde(default, skip_serializing_if = "crate::settings::is_false")]
    pub past: bool,
}

impl PackMark {
    /// None where the code says nothing.
    pub(crate) fn boxed(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
    }
}

/// A trade item that was read from a symbol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRead {
    /// GTIN in 14 digits.
    pub gtin: String,
    /// What it was read from.
    #[serde(default = "bars", skip_serializing_if = "is_bars")]
    pub carrier: Carrier,
}

const fn bars() -> Carrier {
    Carrier::Bars
}

fn is_bars(carrier: &Carrier) -> bool {
    *carrier == Carrier::Bars
}

/// What was scanned last in a basket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRead {
    /// What.
    pub code: CodeRead,
    /// When.
    pub at: Timestamp,
    /// The line that it became, or one more of.
    pub line: LineNo,
    /// The other symbol of the same pack was read as well.
    #[serde(default, skip_serializing_if = "crate::settings::is_false")]
    pub twice: bool,
    /// The other symbol said that the pack must not be sold: it was taken out again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Box<Refusal>>,
}

impl LastRead {
    /// True where `code`, read `now`, is the other symbol of the pack that was read last. Each pack has one other symbol: the third
    /// read is another pack.
    pub(crate) fn is_same_pack(&self, code: &CodeRead, now: Timestamp) -> bool {
        let since = now.as_millisecond().saturating_sub(self.at.as_millisecond());
        let differs = is_bars(&self.code.carrier) != is_bars(&code.carrier);
        let fresh = (0..=ONE_PACK_MS).contains(&since);
        !self.twice && differs && fresh && self.code.gtin == code.gtin
    }
}

/// The second symbol of a pack was read: nothing is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackReadTwice {
    /// Where.
    pub basket: crate::ids::BasketId,
    /// The line of the pack.
    pub line: LineNo,
    /// What the second symbol says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Box<PackMark>>,
    /// It must not be sold: the pack is taken out by the entries that follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Box<Refusal>>,
}

/// Takes in what an event says of reads.
pub(crate) fn read_event(basket: &mut Basket, at: Timestamp, event: &Event) {
    match event {
        Event::LineAdded { line, read, .. } | Event::LineChanged { line, read, .. } => {
            // A deposit follows the goods it hangs on; it is no new scan.
            let Some(code) = read else {
                if line.deposit_of.is_none() {
                    basket.last_read = None;
                }
                return;
            };
            let (code, line) = ((**code).clone(), line.line);
            basket.last_read = Some(LastRead { code, at, line, twice: false, stopped: None });
        }
        Event::PackReadTwice(again) => {
            if let Some(last) = &mut basket.last_read {
                last.twice = true;
                last.stopped.clone_from(&again.stopped);
            }
            let line = basket.lines.iter_mut().find(|l| l.line == again.line);
            // In a line of several packs the mark of one cannot be told from the others'.
            if let Some(line) = line.filter(|l| l.quantity == money::Quantity::ONE)
                && again.mark.is_some()
            {
                line.mark.clone_from(&again.mark);
            }
        }
        _ => {}
    }
}

/// Which goods a recall is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecalledGoods {
    /// Whatever has this GTIN, in 14 digits.
    Gtin(String),
    /// An item of the catalogue, under any of its codes.
    Item(ItemId),
}

/// A batch that must not be sold any more, as somebody enters it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallDraft {
    /// Of what; a GTIN in any of its writings.
    pub goods: RecalledGoods,
    /// Batch as it stands on the pack. Capital and small letters are the same.
    pub batch: String,
    /// Why, as the cashier reads it.
    pub reason: String,
    /// The date of the recall.
    #[schema(value_type = String, format = Date)]
    pub dated: Date,
}

/// A recall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recall {
    /// Its number.
    pub id: RecallId,
    /// Of what.
    pub goods: RecalledGoods,
    /// Batch.
    pub batch: String,
    /// Why.
    pub reason: String,
    /// The date of the recall.
    #[schema(value_type = String, format = Date)]
    pub dated: Date,
    /// Why it holds no longer; none while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted: Option<String>,
}

/// A recalled batch may be sold again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallLifted {
    /// Which recall.
    pub recall: RecallId,
    /// Why.
    pub reason: String,
}

impl Recall {
    /// It stops this batch of these goods.
    pub(crate) fn stops(&self, item: ItemId, gtin: Option<&str>, batch: &str) -> bool {
        let goods = match &self.goods {
            RecalledGoods::Gtin(recalled) => gtin == Some(recalled),
            RecalledGoods::Item(recalled) => *recalled == item,
        };
        self.lifted.is_none() && goods && self.batch.eq_ignore_ascii_case(batch)
    }
}
