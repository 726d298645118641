//! Papers for A4: headings, paragraphs, facts, lists and tables, as one document; rendered as a page of HTML that needs
//! nothing from elsewhere. As PDF the room `pdf` renders it. Pure: no I/O, no clock, no floats.
//!
//! What always holds: every text from outside is escaped. *Absent:* what stands in the papers, and in which words.
#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::arithmetic_side_effects,
    clippy::as_conversions
)]

mod html;

pub use html::{STYLE, render_html};

/// The language that the paper's own words (page, of) are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// German.
    De,
    /// English.
    En,
}

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its language.
    pub language: Language,
    /// What it is.
    pub title: String,
    /// Whose it is and of when, below the title.
    pub subtitle: String,
    /// What stands at the foot of each page.
    pub footer: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// A part of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of a chapter.
    Chapter(String),
    /// A heading within a chapter.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A paragraph that must not be overlooked.
    Note(String),
    /// Points.
    List(Vec<String>),
    /// Names and what they are.
    Facts(Vec<(String, String)>),
    /// A table.
    Table(Table),
}

/// A table: as many cells a row as there are columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Titles of the columns, each with its share of the width.
    pub columns: Vec<(String, u8)>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}
