//! What one piece holds, and its price per kilogram, litre, metre or square metre (Grundpreis).
//!
//! Sources: PAngV § 4 (what needs a unit price), § 5 (per what: since 28.05.2022 one kilogram, litre, metre or square metre; loose
//! goods also per 100 g or 100 ml).

use money::{Money, round_half_away};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalogue::{ItemDraft, Unit};
use crate::decide::limits;
use crate::refusal::Refusal;

/// Most of a content, in its unit: 10 t, 10,000 l, 10 km, 1,000 m².
pub const MAX_CONTENT: u32 = 10_000_000;
/// What holds less needs no unit price: grams, millilitres (PAngV § 4 (3) no. 1).
const LITTLE: u32 = 10;

/// What the content of a piece is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContentUnit {
    /// Grams.
    Gram,
    /// Millilitres.
    Millilitre,
    /// Millimetres of length.
    Millimetre,
    /// Square centimetres.
    SquareCentimetre,
}

impl ContentUnit {
    /// How many of it the unit price is for, and what that is called.
    const fn reference(self) -> (u32, Reference) {
        match self {
            Self::Gram => (1_000, Reference::Kilogram),
            Self::Millilitre => (1_000, Reference::Litre),
            Self::Millimetre => (1_000, Reference::Metre),
            Self::SquareCentimetre => (10_000, Reference::SquareMetre),
        }
    }
}

/// What one piece holds: its net quantity; of goods in liquid the drained weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// How much, net, 1 to 10,000,000.
    pub net: u32,
    /// Of what.
    pub unit: ContentUnit,
}

/// What a unit price is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// One kilogram.
    Kilogram,
    /// One litre.
    Litre,
    /// One metre.
    Metre,
    /// One square metre.
    SquareMetre,
    /// 100 grams, of goods sold loose.
    HundredGrams,
    /// 100 millilitres, of goods sold loose.
    HundredMillilitres,
}

/// A unit price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitPrice {
    /// Minor units, rounded half away from zero.
    #[schema(value_type = i64)]
    pub amount: Money,
    /// For how much.
    pub per: Reference,
}

impl ItemDraft {
    /// The unit price that stands beside this price of one: without the deposit (PAngV § 7). None where the price says it already,
    /// where nothing is known of the content, and where a piece holds so little that none is needed.
    #[must_use]
    pub fn unit_price(&self, price: Money) -> Option<UnitPrice> {
        if price.is_negative() || self.refund {
            return None;
        }
        let per_hundred = |per| {
            let amount = round_half_away(i128::from(price.minor()), 10).ok()?;
            self.per_hundred.then_some(UnitPrice { amount: Money::new(amount), per })
        };
        match self.unit {
            Unit::Piece => self.content?.unit_price(price),
            Unit::Kilogram => per_hundred(Reference::HundredGrams),
            Unit::Litre => per_hundred(Reference::HundredMillilitres),
            Unit::Metre => None,
        }
    }
}

impl Content {
    /// What the reference quantity costs when this content costs so much; none where that is the content itself, or where it is so
    /// little that none is needed.
    #[must_use]
    pub fn unit_price(self, price: Money) -> Option<UnitPrice> {
        let (reference, per) = self.unit.reference();
        let by_measure = matches!(self.unit, ContentUnit::Gram | ContentUnit::Millilitre);
        if self.net == reference || (by_measure && self.net < LITTLE) {
            return None;
        }
        let whole = i128::from(price.minor()).checked_mul(i128::from(reference))?;
        let amount = round_half_away(whole, i128::from(self.net)).ok()?;
        Some(UnitPrice { amount: Money::new(amount), per })
    }
}

/// The content of a piece can be one, and only what is sold loose has its price per 100 g or 100 ml as well.
///
/// # Errors
/// `content` or `per_hundred`.
pub(crate) fn check(draft: &ItemDraft) -> Result<(), Refusal> {
    if let Some(content) = draft.content {
        // What is sold by the kilogram has no content: any amount of it can be asked for.
        let fits =
            (1..=MAX_CONTENT).contains(&content.net) && draft.unit == Unit::Piece && !draft.weighed;
        if !fits {
            return Err(limits::out("content"));
        }
    }
    if draft.per_hundred && !matches!(draft.unit, Unit::Kilogram | Unit::Litre) {
        return Err(limits::out("per_hundred"));
    }
    Ok(())
}
