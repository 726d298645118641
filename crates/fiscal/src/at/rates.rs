//! The five sums of a code. Which rate belongs to which of them, and from when on, is in the shop's own table of rates
//! (`domain::rksv::RATES`): rates come and go, the five fields stay.

/// One of the five sums of a code (RKSV annex, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// "Betrag-Satz-Normal".
    Normal,
    /// "Betrag-Satz-Ermaessigt-1".
    Reduced1,
    /// "Betrag-Satz-Ermaessigt-2".
    Reduced2,
    /// "Betrag-Satz-Null".
    Zero,
    /// "Betrag-Satz-Besonders".
    Special,
}
