//! What codes mean for the office, and recalled batches.

use domain::goods::{Recall, RecallDraft};
use domain::{ItemId, LineNo, ReceiptRef, Refusal};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

/// What was scanned last in the basket on the screen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReadView {
    /// The line that it became, or one more of.
    pub line: LineNo,
    /// Bars and matrix of the same pack were read: it counts once.
    pub twice: bool,
    /// Only the second symbol said that the pack must not be sold: it was taken out again.
    pub stopped: Option<Refusal>,
}

/// What a code leads to, as far as the shop knows. At most one of item and receipt.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct CodeMeaning {
    /// The code as it is stored with items: digits without identifiers, or the text itself.
    pub code: String,
    /// The item.
    pub item: Option<ItemId>,
    /// Its name.
    pub name: Option<String>,
    /// Units in one of this code (a pack), thousandths; with weight or count in the code, those.
    pub quantity: Option<i64>,
    /// The receipt.
    pub receipt: Option<ReceiptRef>,
    /// It is a coupon of this kind.
    pub coupon: Option<String>,
    /// It is this coupon of the shop's own, by its name.
    pub own_coupon: Option<String>,
    /// Batch (AI 10).
    pub batch: Option<String>,
    /// Serial number (AI 21).
    pub serial: Option<String>,
    /// Use by (AI 17).
    #[schema(value_type = Option<String>, format = Date)]
    pub use_by: Option<Date>,
    /// Best before (AI 15).
    #[schema(value_type = Option<String>, format = Date)]
    pub best_before: Option<Date>,
    /// Why it could not be read, as a stable word.
    pub unreadable: Option<String>,
}

/// A recall with what people call its goods.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecallRow {
    /// The recall.
    pub recall: Recall,
    /// The item, where the catalogue has it.
    pub name: Option<String>,
}

/// A line of a list of recalls that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecallProblem {
    /// Line of the file, from 1.
    pub line: u64,
    /// A stable word: `columns`, `goods`, `batch`, `reason`, `date`, `broken`.
    pub problem: String,
}

/// A list of recalls as it was read; nothing of it is entered yet.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct RecallList {
    /// What can be entered.
    pub recalls: Vec<RecallDraft>,
    /// What cannot.
    pub problems: Vec<RecallProblem>,
}
