//! What is wrong with a file of items, in words for the terminal.

use shop::import::{ImportFailure, LineError, LineProblem};

use crate::say::Language;

/// One line of the file: where, what stands there, what is wrong with it.
pub(crate) fn line(language: Language, error: &LineError) -> String {
    let (german, english) = words(error.code);
    let mut text = format!("{} {}", language.say("Zeile", "line"), error.line);
    if let Some(column) = error.column {
        text.push_str(&format!(", {} {column}", language.say("Spalte", "column")));
    }
    if let Some(name) = &error.column_name {
        text.push_str(&format!(" ({name})"));
    }
    text.push_str(": ");
    if !error.value.is_empty() {
        text.push_str(&format!("“{}” – ", error.value));
    }
    text.push_str(language.say(german, english));
    text
}

const fn words(problem: LineProblem) -> (&'static str, &'static str) {
    use LineProblem as P;
    match problem {
        P::RaggedLine => (
            "Die Zeile hat nicht so viele Zellen wie die Kopfzeile.",
            "The line has not as many cells as the head line.",
        ),
        P::ControlCharacters => ("Enthält Steuerzeichen.", "Contains control characters."),
        P::UnreadableCharacters => {
            ("Enthält Zeichen, die nicht lesbar sind.", "Contains characters that cannot be read.")
        }
        P::TooLong => ("Zu lang.", "Too long."),
        P::CheckDigit => ("Die Prüfziffer stimmt nicht.", "The check digit is wrong."),
        P::ScientificNotation => (
            "Die Tabellenkalkulation hat den Code gerundet. Spalte als Text speichern.",
            "The spreadsheet rounded the code. Save the column as text.",
        ),
        P::BadCode => ("Das kann kein Code sein.", "This cannot be a code."),
        P::DuplicateCode => (
            "Derselbe Code steht in einer früheren Zeile.",
            "The same code stands in an earlier line.",
        ),
        P::DuplicateNumber => (
            "Dieselbe Artikelnummer steht in einer früheren Zeile.",
            "The same item number stands in an earlier line.",
        ),
        P::DuplicateItem => (
            "Eine frühere Zeile ändert denselben Artikel.",
            "An earlier line changes the same item.",
        ),
        P::NumberTaken => (
            "Code und Artikelnummer gehören zu verschiedenen Artikeln.",
            "Code and item number belong to different items.",
        ),
        P::CodeTaken => (
            "Der Code des Gebindes gehört schon zu einem anderen Artikel.",
            "The code of the pack belongs to another item already.",
        ),
        P::MissingName => ("Der Name fehlt.", "The name is missing."),
        P::MissingPrice => ("Der Preis fehlt.", "The price is missing."),
        P::BadPrice => ("Das ist kein Betrag.", "This is no amount."),
        P::NegativePrice => ("Der Preis ist kleiner als null.", "The price is below zero."),
        P::PriceTooHigh => ("Der Preis ist zu hoch.", "The price is too high."),
        P::MissingTax => (
            "Der Steuersatz fehlt, und die Gruppe gibt keinen vor.",
            "The tax rate is missing, and the group gives none.",
        ),
        P::UnknownTax => {
            ("Diesen Steuersatz gibt es hier nicht.", "There is no such tax rate here.")
        }
        P::BadAge => ("Ein Alter von 1 bis 99 Jahren.", "An age of 1 to 99 years."),
        P::BadDeposit => ("Das ist kein Pfandbetrag.", "This is no deposit."),
        P::UnknownUnit => ("Diese Einheit ist unbekannt.", "This unit is unknown."),
        P::BadContent => (
            "Das ist kein Inhalt eines Stücks (500 g, 0,75 l), oder der Artikel wird nicht nach Stück verkauft.",
            "This is no content of a piece (500 g, 0.75 l), or the item is not sold by the piece.",
        ),
        P::NotLoose => (
            "Einen Preis je 100 g oder 100 ml hat nur, was nach Kilogramm oder Liter verkauft wird.",
            "Only what is sold by the kilogram or litre has a price per 100 g or 100 ml.",
        ),
        P::BadFlag => ("Weder ja noch nein.", "Neither yes nor no."),
        P::BadQuantity => ("Das ist keine Menge.", "This is no quantity."),
        P::BadPack => (
            "Codes, Inhalte und Preise der Gebinde passen nicht zusammen.",
            "Codes, contents and prices of the packs do not fit.",
        ),
        P::Refused => (
            "Der Artikelstamm nimmt diesen Artikel nicht an.",
            "The catalogue does not accept this item.",
        ),
    }
}

/// Why nothing was imported.
pub(crate) fn failure(language: Language, failure: &ImportFailure) -> String {
    use ImportFailure as F;
    if language == Language::En {
        return failure.to_string();
    }
    match failure {
        F::Unreadable { detail } => format!("die Datei lässt sich nicht lesen: {detail}"),
        F::Empty => "die Datei ist leer".to_owned(),
        F::MissingColumns { found, .. } => format!(
            "die erste Zeile muss die Spalten benennen (GTIN oder Artikelnummer, Bezeichnung, Preis …); \
             gefunden: {}",
            found.join(", ")
        ),
        F::TooManyColumns { line, limit } => {
            format!("Zeile {line} hat mehr als {limit} Spalten")
        }
        F::RecordTooLong { line, .. } => {
            format!("Zeile {line} endet nicht; fehlt dort ein Anführungszeichen?")
        }
        F::TooManyLines { limit } => format!("die Datei hat mehr als {limit} Zeilen"),
        F::TooManyGroups { limit } => {
            format!("die Datei würde mehr als {limit} Gruppen anlegen")
        }
        F::TooManyDeposits { limit } => {
            format!("die Datei würde mehr als {limit} Pfandartikel anlegen")
        }
        F::NotConfigured => "der Laden ist noch nicht eingerichtet".to_owned(),
        F::Cancelled => "abgebrochen".to_owned(),
        F::HasErrors { errors } => {
            format!("Zeilen mit Fehlern: {errors}; mit --keep-good werden nur sie ausgelassen")
        }
        F::Refused { refusal } => format!("abgelehnt: {refusal}"),
        F::Fault { detail } => format!("das Programm ist gescheitert: {detail}"),
    }
}
