//! The document: blocks from top to bottom, nothing computed, nothing measured.

use serde::{Deserialize, Serialize};

/// Where a text or code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right edge.
    Right,
}

/// One piece of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// Running text, wrapped at words.
    Text {
        /// The text.
        text: String,
        /// Where it stands.
        align: Align,
        /// Bold.
        bold: bool,
        /// Twice as large.
        big: bool,
    },
    /// Text at the left, an amount at the right, and perhaps a mark (the tax letter) in a narrow column after it.
    Columns {
        /// Wrapped at words, below itself.
        left: String,
        /// At the right edge, on the first line.
        right: String,
        /// `Some("")` keeps the mark's column free, `None` has no such column.
        mark: Option<String>,
        /// Characters that the left text is indented by.
        indent: u8,
        /// Bold.
        bold: bool,
        /// Twice as large.
        big: bool,
    },
    /// A small table: the first column left, the others right.
    Table {
        /// Heads of the columns.
        head: Vec<String>,
        /// Rows, each as long as the head.
        rows: Vec<Vec<String>>,
    },
    /// A warning that nobody can overlook.
    Banner {
        /// The text.
        text: String,
    },
    /// A rule over the whole width.
    Rule,
    /// Empty lines.
    Feed {
        /// How many.
        lines: u8,
    },
    /// A Code 128 with its text.
    Code128 {
        /// The content.
        data: String,
    },
    /// An EAN-13 with its text.
    Ean13 {
        /// Thirteen digits.
        data: String,
    },
    /// A QR code.
    Qr {
        /// The content.
        data: String,
    },
    /// A picture of black dots, in the middle.
    Picture {
        /// The dots.
        picture: Picture,
        /// What it shows, for those who do not see it.
        says: String,
    },
    /// Cuts the paper.
    Cut,
    /// Opens the drawer.
    Drawer,
}

/// Black dots row by row from the top, most significant bit left, 1 = black.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Bytes per row (eight dots each).
    pub row_bytes: u16,
    /// All rows.
    pub data: Vec<u8>,
}

/// Something to print or show.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Document {
    /// BCP 47 tag, for the HTML's `lang`.
    pub language: String,
    /// Short name, for the HTML's `title`.
    pub title: String,
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

impl Document {
    /// The document with every text (not the content of codes) replaced, e.g. by what a printer's codepage can show.
    #[must_use]
    pub fn map_text(&self, change: impl Fn(&str) -> String) -> Self {
        let all = |texts: &[String]| texts.iter().map(|text| change(text)).collect::<Vec<_>>();
        let blocks = self.blocks.iter().map(|block| match block {
            Block::Text { text, align, bold, big } => {
                Block::Text { text: change(text), align: *align, bold: *bold, big: *big }
            }
            Block::Columns { left, right, mark, indent, bold, big } => Block::Columns {
                left: change(left),
                right: change(right),
                mark: mark.as_deref().map(&change),
                indent: *indent,
                bold: *bold,
                big: *big,
            },
            Block::Table { head, rows } => {
                Block::Table { head: all(head), rows: rows.iter().map(|row| all(row)).collect() }
            }
            Block::Banner { text } => Block::Banner { text: change(text) },
            other => other.clone(),
        });
        Self {
            language: self.language.clone(),
            title: self.title.clone(),
            blocks: blocks.collect(),
        }
    }

    /// The document with the drawer's pulse at its head, so that the drawer opens before the paper is out.
    #[must_use]
    pub fn opening_drawer(mut self) -> Self {
        self.blocks.insert(0, Block::Drawer);
        self
    }
}
