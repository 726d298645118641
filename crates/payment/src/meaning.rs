//! What an answer means for what was asked.

use crate::driver::{Approved, Said, Why};

/// What an answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Money moved; and what about it does not fit what was asked, for a person to see.
    Yes(Box<Approved>, Option<(Why, &'static str)>),
    /// None did.
    No(Said),
    /// It cannot be told.
    Unclear(Why, &'static str),
}

/// It makes no sense, or does not belong to what was asked.
pub(crate) const fn unclear(detail: &'static str) -> Meaning {
    Meaning::Unclear(Why::BadAnswer, detail)
}
