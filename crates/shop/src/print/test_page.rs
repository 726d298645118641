//! The page by which somebody sees that a printer is set right: its width, its letters, its codes.

use receipt::{Align, Block, Document, Language};

/// The letters that receipts need, and one that only pictures can show.
const LETTERS: &str = "ÄÖÜ äöü ß € é ç ñ Ł";

/// The page for a printer with this many columns.
pub(crate) fn test_page(language: Language, name: &str, at: &str, columns: u8) -> Document {
    let german = language == Language::De;
    let say = |de: &str, en: &str| if german { de.to_owned() } else { en.to_owned() };
    let text = |text: String, big: bool| Block::Text { text, align: Align::Center, bold: big, big };
    let ruler: String = ('1'..='9').chain(['0']).cycle().take(usize::from(columns)).collect();
    let row = |left: String, right: &str| Block::Columns {
        left,
        right: right.to_owned(),
        mark: None,
        indent: 0,
        bold: false,
        big: false,
    };
    let blocks = vec![
        text(say("Testseite", "Test page"), true),
        text(receipt::clean(name), false),
        text(receipt::clean(at), false),
        Block::Rule,
        Block::Text { text: ruler, align: Align::Left, bold: false, big: false },
        row(say("So breit ist das Papier", "As wide as the paper"), &columns.to_string()),
        row(say("Buchstaben", "Letters"), LETTERS),
        row(say("Betrag", "Amount"), "1.234,56 €"),
        Block::Text { text: say("fett", "bold"), align: Align::Left, bold: true, big: false },
        Block::Rule,
        Block::Code128 { data: "R1-123".to_owned() },
        Block::Qr { data: "https://example.org/tresen".to_owned() },
        text(
            say(
                "Die Zahlenreihe steht in einer Zeile, die Codes lassen sich scannen: dann stimmt alles.",
                "The row of figures is one line and the codes can be scanned: then all is right.",
            ),
            false,
        ),
        Block::Cut,
    ];
    let title = say("Testseite", "Test page");
    Document { language: if german { "de" } else { "en" }.to_owned(), title, blocks }
}
