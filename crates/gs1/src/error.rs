//! Why a scan is no code. Nothing here carries the scanned text, so that an error may be logged.

/// Why a scan was not understood. [`ScanError::code`] is stable; the texts are for developers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// Nothing was scanned.
    #[error("nothing was scanned")]
    Empty,
    /// Longer than a code may be.
    #[error("longer than {limit}")]
    TooLong {
        /// The limit that was passed: bytes of a scan or characters of an own code.
        limit: usize,
    },
    /// A control or invisible character other than the group separator of GS1 codes.
    #[error("a control character at position {position}")]
    Control {
        /// Position in characters, from 0.
        position: usize,
    },
    /// The track of a magnetic stripe. It must neither be stored nor shown; the text is gone here.
    #[error("card data")]
    CardData,
    /// The check digit is wrong: misread, or mistyped.
    #[error("wrong check digit, expected {expected}")]
    CheckDigit {
        /// The digit that would be right.
        expected: u8,
    },
    /// The check digit over the price or weight inside an in-store code is wrong.
    #[error("wrong check digit of the value field, expected {expected}")]
    InnerCheck {
        /// The digit that would be right.
        expected: u8,
    },
    /// Begins with `]` but has no AIM identifier (`]`, a letter, a modifier).
    #[error("no AIM identifier after ]")]
    AimId,
    /// Marked as EAN/UPC or ITF-14 by its AIM identifier, but not so many digits.
    #[error("not the digits of an EAN or UPC code")]
    EanForm,
    /// The text is no chain of application identifiers and values.
    #[error("no GS1 element string")]
    Elements,
    /// No application identifier begins here.
    #[error("no known application identifier")]
    UnknownAi,
    /// The value is too short or too long for its application identifier.
    #[error("({ai}) has a wrong length")]
    ElementLength {
        /// The application identifier.
        ai: String,
    },
    /// The value has a character that its application identifier does not allow.
    #[error("({ai}) has a character that is not allowed")]
    ElementCharacter {
        /// The application identifier.
        ai: String,
    },
    /// The value is no date or time.
    #[error("({ai}) is no date or time")]
    ElementDate {
        /// The application identifier.
        ai: String,
    },
    /// The value breaks another rule of its application identifier.
    #[error("({ai}) has a value that is not allowed")]
    ElementValue {
        /// The application identifier.
        ai: String,
    },
    /// The same application identifier stands there twice, with different values.
    #[error("({ai}) is repeated")]
    Repeated {
        /// The application identifier.
        ai: String,
    },
    /// Two application identifiers that exclude each other.
    #[error("({ai}) excludes ({other})")]
    Excluded {
        /// The application identifier with the rule.
        ai: String,
        /// The one that may not stand beside it.
        other: String,
    },
    /// An application identifier without those it needs.
    #[error("({ai}) lacks one of {needs}")]
    Lacks {
        /// The application identifier with the rule.
        ai: String,
        /// What it needs, as in the GS1 Syntax Dictionary.
        needs: &'static str,
    },
    /// A web address that is no GS1 Digital Link.
    #[error("no GS1 Digital Link")]
    Link,
}

impl ScanError {
    /// The stable code of the reason, for screens and records.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "scan_empty",
            Self::TooLong { .. } => "scan_too_long",
            Self::Control { .. } => "scan_control_character",
            Self::CardData => "scan_card_data",
            Self::CheckDigit { .. } => "scan_check_digit",
            Self::InnerCheck { .. } => "scan_inner_check",
            Self::AimId => "scan_aim_id",
            Self::EanForm => "scan_ean_form",
            Self::Elements => "scan_elements",
            Self::UnknownAi => "scan_unknown_ai",
            Self::ElementLength { .. } => "scan_element_length",
            Self::ElementCharacter { .. } => "scan_element_character",
            Self::ElementDate { .. } => "scan_element_date",
            Self::ElementValue { .. } => "scan_element_value",
            Self::Repeated { .. } => "scan_repeated",
            Self::Excluded { .. } => "scan_excluded",
            Self::Lacks { .. } => "scan_lacks",
            Self::Link => "scan_link",
        }
    }
}
