//! What the program says on the terminal, in German or English.

use std::str::FromStr;

/// The language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// German.
    De,
    /// English.
    En,
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "de" => Ok(Language::De),
            "en" => Ok(Language::En),
            _ => Err("de / en".to_owned()),
        }
    }
}

impl Language {
    /// One of two texts.
    pub const fn say<'a>(self, german: &'a str, english: &'a str) -> &'a str {
        match self {
            Language::De => german,
            Language::En => english,
        }
    }
}
