//! What a till sees while its scale weighs. Never a weight: that is shown by the scale itself until it is sold.

use domain::{Amount, CommandId, ItemId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Goods that the till's scale is asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WeighingView {
    /// The item.
    pub item: ItemId,
    /// Its name.
    pub name: String,
    /// The id of the scan or the tap that asked.
    pub command: CommandId,
    /// Price of a kilogram.
    pub unit_price: Amount,
    /// What is taken off for the packing, grams.
    pub tare: u32,
    /// Why there is no weighing yet.
    pub note: WeighingNote,
}

/// Why there is no weighing yet, or will be none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeighingNote {
    /// The scale is being asked.
    Asking,
    /// The load moves.
    InMotion,
    /// The load has not changed since it was weighed.
    NoLoadChange,
    /// Less lies on it than may be sold, or nothing.
    BelowMinimum,
    /// Less than nothing lies on it.
    Underload,
    /// More lies on it than it bears.
    Overload,
    /// The scale cannot weigh just now.
    Busy,
    /// What it answers cannot be read.
    Garbled,
    /// It does not answer.
    Silent,
    /// It cannot be reached.
    Unreachable,
    /// It takes no such price. Not asked any more, as with all that follow.
    PriceRefused,
    /// It takes no such tare.
    TareRefused,
    /// It takes no such text.
    TextRefused,
    /// It wants to be shown the maker's secret, which nobody has typed in.
    SecretMissing,
    /// It does not accept the maker's secret.
    SecretRefused,
    /// It weighed at another price than it was given.
    OtherPrice,
    /// It weighs finer than a gram.
    FinerThanGrams,
    /// It does not understand what it is asked.
    NotUnderstood,
    /// The goods cannot be sold any more as they were asked for.
    NotNow,
}

impl WeighingNote {
    /// Whether the scale is not asked any more.
    #[must_use]
    pub const fn is_last(self) -> bool {
        matches!(
            self,
            Self::PriceRefused
                | Self::TareRefused
                | Self::TextRefused
                | Self::SecretMissing
                | Self::SecretRefused
                | Self::OtherPrice
                | Self::FinerThanGrams
                | Self::NotUnderstood
                | Self::NotNow
        )
    }
}

/// How a line was weighed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LineWeighingView {
    /// The number of the weighing.
    pub sequence: u64,
    /// What was taken off for the packing, thousandths of a kilogram.
    pub tare: i64,
}

/// Weigh again, with something taken off for the packing.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeighAgain {
    /// Grams, up to 9,999.
    pub tare: u32,
}

/// The part under the law of measuring.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScalePart {
    /// Its version.
    pub version: String,
    /// SHA-256 over its sources, hexadecimal.
    pub hash: String,
    /// Where scales are connected that want a secret which nobody has told.
    pub needs_secret: Vec<String>,
}

/// The maker's secret of a scale.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScaleSecret {
    /// Where it is connected.
    pub at: String,
    /// Eight hexadecimal digits.
    pub secret: String,
}
