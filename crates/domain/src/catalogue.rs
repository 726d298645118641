//! Items: what can be sold, its codes and its prices.

use jiff::civil::DateTime;
use money::{Money, Quantity};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use crate::content::Content;
use crate::ids::{GroupId, ItemId, PriceListId, TaxKey};

/// What a quantity counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Pieces: whole quantities only.
    #[default]
    Piece,
    /// Kilograms.
    Kilogram,
    /// Litres.
    Litre,
    /// Metres.
    Metre,
}

/// A code of an item, of one piece or of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// As scanned or typed.
    pub code: String,
    /// How many units the pack holds (thousandths).
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[schema(value_type = i64)]
    pub quantity: Quantity,
    /// The pack's own price; none: quantity × unit price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub price: Option<Money>,
}

fn one() -> Quantity {
    Quantity::ONE
}

fn is_one(quantity: &Quantity) -> bool {
    *quantity == Quantity::ONE
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

fn is_true(flag: &bool) -> bool {
    *flag
}

fn yes() -> bool {
    true
}

fn is_piece(unit: &Unit) -> bool {
    *unit == Unit::Piece
}

fn is_base(list: &PriceListId) -> bool {
    list.0 == 0
}

fn base() -> PriceListId {
    PriceListId(0)
}

/// A price of one unit, in one list, for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Minor units of the shop's currency; gross or net as the shop's settings say.
    #[schema(value_type = i64)]
    pub amount: Money,
    /// The list; 0 is the base list.
    #[serde(default = "base", skip_serializing_if = "is_base")]
    pub list: PriceListId,
    /// From this local time on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub from: Option<DateTime>,
    /// Until before this local time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub until: Option<DateTime>,
}

/// A part of an item's price under another tax key (a menu of food and drink).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxShare {
    /// The key.
    pub key: TaxKey,
    /// Its weight: 70 and 30.
    pub weight: u32,
}

/// An item as people put it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemDraft {
    /// Item number (Artikelnummer), unique.
    pub number: String,
    /// Name, at most 120 characters.
    pub name: String,
    /// Codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<Code>,
    /// Unit.
    #[serde(default, skip_serializing_if = "is_piece")]
    pub unit: Unit,
    /// What one piece holds, for its unit price (PAngV § 4); none: nothing that is sold by measure, or nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// Of goods sold loose by weight or volume: their price stands per 100 g or 100 ml as well (PAngV § 5 (2)).
    #[serde(default, skip_serializing_if = "is_false")]
    pub per_hundred: bool,
    /// Tax key.
    pub tax: TaxKey,
    /// Parts under other keys; empty: everything under `tax`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tax_split: Vec<TaxShare>,
    /// Group.
    pub group: GroupId,
    /// Prices; empty only for an open price.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<Price>,
    /// Least age of the customer in years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<u8>,
    /// The deposit that follows it: an item of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit: Option<ItemId>,
    /// The price is typed in at the till.
    #[serde(default, skip_serializing_if = "is_false")]
    pub open_price: bool,
    /// Paid out instead of taken (empties coming back): its lines count below nothing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub refund: bool,
    /// Sold by weight: needs a quantity.
    #[serde(default, skip_serializing_if = "is_false")]
    pub weighed: bool,
    /// Price-bound by law (books, press, tobacco): no discount, no other price.
    #[serde(default, skip_serializing_if = "is_false")]
    pub price_bound: bool,
    /// Takes part in discounts and promotions.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub discountable: bool,
    /// Stock is kept.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub stocked: bool,
    /// Below this stock it is on the low-stock list (thousandths).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub minimum: Option<Quantity>,
    /// Taken out of sale.
    #[serde(default, skip_serializing_if = "is_false")]
    pub retired: bool,
}

/// An item of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Item {
    /// Identity.
    pub id: ItemId,
    /// Everything else.
    #[serde(flatten)]
    pub draft: ItemDraft,
}

impl ItemDraft {
    /// The price of one unit at a local time: of `list`, else of the base list; among those valid
    /// the one that began last.
    pub fn price_at(&self, list: PriceListId, at: DateTime) -> Option<Money> {
        let valid = |wanted: PriceListId| {
            self.prices
                .iter()
                .filter(|p| p.list == wanted)
                .filter(|p| p.from.is_none_or(|from| from <= at))
                .filter(|p| p.until.is_none_or(|until| at < until))
                .max_by_key(|p| p.from)
                .map(|p| p.amount)
        };
        valid(list).or_else(|| valid(PriceListId(0)))
    }
}

/// Text as the search sees it: lower case, accents off, ß as ss.
///
/// The same fold is used for what is stored and for what is typed.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd() {
        match c {
            'ß' | 'ẞ' => folded.push_str("ss"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'ø' | 'Ø' => folded.push('o'),
            'ł' | 'Ł' => folded.push('l'),
            c if unicode_normalization::char::is_combining_mark(c) => {}
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded
}
