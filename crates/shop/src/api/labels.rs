//! Labels for shelves and goods.

use domain::catalogue::Unit;
use domain::{Amount, ItemId};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::peripherals::Tried;

/// An item and how many labels of it.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelAsked {
    /// The item.
    pub item: ItemId,
    /// How many, 1 to 1,000.
    pub count: u32,
}

/// Which labels, and what they go on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelsAsked {
    /// The items, in the order of their labels; at most 1,000 labels in all.
    pub items: Vec<LabelAsked>,
    /// The day whose prices they show; today unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// Millimetres of a single label (`57x32`), or the name of a sheet (`a4-3x8-70x37`).
    pub size: String,
    /// The first free place on the first sheet, from 1.
    #[serde(default = "one")]
    pub start: u32,
    /// Dots per inch of a label printer, 203 or 300; for ZPL alone.
    #[serde(default = "usual_dpi")]
    pub dpi: u16,
}

fn one() -> u32 {
    1
}

fn usual_dpi() -> u16 {
    203
}

/// Labels for a label printer of the settings.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelsToPrint {
    /// The items, in the order of their labels; at most 1,000 labels in all.
    pub items: Vec<LabelAsked>,
    /// The day whose prices they show; today unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// The printer by where it is connected. Its labels have the size that the settings say.
    pub printer: String,
}

/// A label as it will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LabelView {
    /// Its item.
    pub item: ItemId,
    /// Name.
    pub name: String,
    /// The price as it stands there.
    pub price: String,
    /// The unit price as it stands there; none where there is none.
    pub unit_price: Option<String>,
    /// How many of them.
    pub count: u32,
    /// The name is too long and ends with "…", or what is small has no room.
    pub shortened: bool,
    /// Its code stands there without bars: they are too wide, or there are none for it.
    pub without_bars: bool,
    /// The label as a picture (SVG), of the first 24.
    pub picture: Option<String>,
}

/// Labels as they will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LabelsView {
    /// One per item.
    pub labels: Vec<LabelView>,
    /// How many labels in all.
    pub count: u32,
    /// How many pages that makes.
    pub pages: u32,
}

/// What became of labels that were sent to a printer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LabelsPrinted {
    /// What became of them; of `unknown` some may have come out.
    pub outcome: Tried,
    /// Why not: `unreachable`, `silent`, `garbage`, `broken`, `paper_out`, `ribbon_out`, `head_open`, `paused`, `temperature`; empty
    /// when they came out.
    pub code: String,
    /// So many it still prints, of those that it has taken.
    pub left: u32,
}

/// A size of single labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LabelSizeView {
    /// Its name.
    pub name: String,
    /// Width, millimetres.
    pub width: u32,
    /// Height, millimetres.
    pub height: u32,
}

/// A sheet of A4 with labels on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LabelSheetView {
    /// Its name.
    pub name: String,
    /// Labels side by side.
    pub columns: u32,
    /// Rows of them.
    pub rows: u32,
    /// Width of a label, tenths of a millimetre.
    pub width: u32,
    /// Height of a label, tenths of a millimetre.
    pub height: u32,
}

/// What labels can be printed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LabelForms {
    /// Usual sizes of single labels.
    pub sizes: Vec<LabelSizeView>,
    /// Sheets.
    pub sheets: Vec<LabelSheetView>,
    /// Most labels of a request.
    pub most: u32,
}

/// An item whose price changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangedPrice {
    /// The item.
    pub item: ItemId,
    /// Item number.
    pub number: String,
    /// Name.
    pub name: String,
    /// What a quantity counts.
    pub unit: Unit,
    /// Today's price of one.
    pub price: Option<Amount>,
    /// What one cost before, at today's time; none where it was not there, or had no price.
    pub before: Option<Amount>,
    /// When its next price begins or ends, where that lies ahead.
    #[schema(value_type = Option<String>)]
    pub from: Option<DateTime>,
}

/// Items whose prices change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangedPrices {
    /// At most 1,000, in the order of their ids.
    pub items: Vec<ChangedPrice>,
    /// There are more of them.
    pub more: bool,
}
