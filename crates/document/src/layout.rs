//! Where what stands on which page: lines of text and rules, in tenths of a point from the lower left corner of A4.

use crate::font::{Face, encode, width};
use crate::{Block, Document, Table};

/// A4, tenths of a point.
pub(crate) const WIDTH: i32 = 5_953;
const LEFT: i32 = 567;
const TOP: i32 = 7_800;
const BOTTOM: i32 = 720;
const USABLE: i32 = WIDTH - 2 * LEFT;
/// Between the columns of a table.
const GAP: i32 = 80;

/// What is put on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    Text { x: i32, y: i32, size: i32, face: Face, bytes: Vec<u8> },
    Rule { x: i32, y: i32, width: i32, thick: i32 },
}

/// The pages, and the chapters with the page and height where each begins.
#[derive(Debug, Default)]
pub(crate) struct Laid {
    pub(crate) pages: Vec<Vec<Mark>>,
    pub(crate) chapters: Vec<(String, usize, i32)>,
}

struct Pen {
    laid: Laid,
    y: i32,
}

#[derive(Clone, Copy)]
struct Style {
    size: i32,
    face: Face,
    leading: i32,
}

const BODY: Style = Style { size: 100, face: Face::Plain, leading: 140 };
const STRONG: Style = Style { size: 100, face: Face::Bold, leading: 140 };
const CELL: Style = Style { size: 85, face: Face::Plain, leading: 112 };
const HEAD: Style = Style { size: 85, face: Face::Bold, leading: 112 };
const TITLE: Style = Style { size: 220, face: Face::Bold, leading: 270 };
const CHAPTER: Style = Style { size: 150, face: Face::Bold, leading: 190 };
const HEADING: Style = Style { size: 115, face: Face::Bold, leading: 155 };

pub(crate) fn lay(document: &Document) -> Laid {
    let mut pen = Pen { laid: Laid { pages: vec![Vec::new()], chapters: Vec::new() }, y: TOP };
    pen.paragraph(&document.title, TITLE, 0);
    pen.paragraph(&document.subtitle, BODY, 0);
    pen.space(120);
    for block in &document.blocks {
        pen.block(block);
    }
    pen.laid
}

impl Pen {
    fn space(&mut self, height: i32) {
        self.y = self.y.saturating_sub(height);
    }

    /// Room for so much, on this page or on a fresh one.
    fn room(&mut self, height: i32) -> bool {
        if self.y.saturating_sub(height) >= BOTTOM {
            return false;
        }
        self.laid.pages.push(Vec::new());
        self.y = TOP;
        true
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.laid.pages.last_mut() {
            page.push(mark);
        }
    }

    /// A line at the pen, which does not move.
    fn put(&mut self, x: i32, style: Style, bytes: Vec<u8>) {
        let y = self.y.saturating_sub(style.size);
        self.mark(Mark::Text { x, y, size: style.size, face: style.face, bytes });
    }

    fn paragraph(&mut self, text: &str, style: Style, indent: i32) {
        for line in wrap(text, style, USABLE.saturating_sub(indent)) {
            self.room(style.leading);
            self.put(LEFT.saturating_add(indent), style, line);
            self.space(style.leading);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Chapter(text) => {
                // A heading never stands alone at the end of a page.
                self.space(160);
                self.room(700);
                let at = self.laid.pages.len().saturating_sub(1);
                self.laid.chapters.push((text.clone(), at, self.y));
                self.paragraph(text, CHAPTER, 0);
                self.space(40);
            }
            Block::Heading(text) => {
                self.space(90);
                self.room(900);
                self.paragraph(text, HEADING, 0);
                self.space(20);
            }
            Block::Text(text) => {
                self.paragraph(text, BODY, 0);
                self.space(50);
            }
            Block::Note(text) => {
                self.paragraph(text, STRONG, 140);
                self.space(50);
            }
            Block::List(points) => {
                for point in points {
                    self.room(BODY.leading);
                    self.put(LEFT.saturating_add(30), BODY, encode("•"));
                    self.paragraph(point, BODY, 140);
                    self.space(20);
                }
                self.space(40);
            }
            Block::Facts(facts) => {
                let rows: Vec<Vec<String>> =
                    facts.iter().map(|(name, value)| vec![name.clone(), value.clone()]).collect();
                let columns = vec![(String::new(), 3), (String::new(), 7)];
                self.table(&Table { columns, rows }, BODY);
            }
            Block::Table(table) => self.table(table, CELL),
        }
    }

    fn table(&mut self, table: &Table, style: Style) {
        let spans = spans(table);
        let titled = table.columns.iter().any(|(title, _)| !title.is_empty());
        if titled {
            self.room(600);
            self.head(table, &spans);
        }
        for row in &table.rows {
            let cells: Vec<Vec<Vec<u8>>> =
                row.iter().zip(&spans).map(|(cell, (_, wide))| wrap(cell, style, *wide)).collect();
            let lines = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
            // A row stays together where it can.
            let whole = i32::try_from(lines).unwrap_or(i32::MAX).saturating_mul(style.leading);
            if whole < 2_000 && self.room(whole.saturating_add(40)) && titled {
                self.head(table, &spans);
            }
            for line in 0..lines {
                if self.room(style.leading) && titled {
                    self.head(table, &spans);
                }
                for (cell, (x, _)) in cells.iter().zip(&spans) {
                    if let Some(bytes) = cell.get(line) {
                        self.put(*x, style, bytes.clone());
                    }
                }
                self.space(style.leading);
            }
            self.space(20);
            if titled {
                self.rule(3);
                self.space(25);
            }
        }
        self.space(60);
    }

    fn head(&mut self, table: &Table, spans: &[(i32, i32)]) {
        let cells: Vec<Vec<Vec<u8>>> = table
            .columns
            .iter()
            .zip(spans)
            .map(|((title, _), (_, wide))| wrap(title, HEAD, *wide))
            .collect();
        for line in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
            for (cell, (x, _)) in cells.iter().zip(spans) {
                if let Some(bytes) = cell.get(line) {
                    self.put(*x, HEAD, bytes.clone());
                }
            }
            self.space(HEAD.leading);
        }
        self.space(15);
        self.rule(8);
        self.space(30);
    }

    fn rule(&mut self, thick: i32) {
        let y = self.y;
        self.mark(Mark::Rule { x: LEFT, y, width: USABLE, thick });
    }
}

/// Where each column begins and how wide it is.
fn spans(table: &Table) -> Vec<(i32, i32)> {
    let all: i32 =
        table.columns.iter().map(|(_, share)| i32::from(*share)).fold(0, i32::saturating_add);
    let gaps =
        i32::try_from(table.columns.len().saturating_sub(1)).unwrap_or(0).saturating_mul(GAP);
    let room = USABLE.saturating_sub(gaps);
    let mut x = LEFT;
    let span = |(_, share): &(String, u8)| {
        let wide = room.saturating_mul(i32::from(*share)).checked_div(all).unwrap_or(room);
        let span = (x, wide);
        x = x.saturating_add(wide).saturating_add(GAP);
        span
    };
    table.columns.iter().map(span).collect()
}

/// A text in lines that fit: broken at spaces, and within words that are wider than a line.
fn wrap(text: &str, style: Style, wide: i32) -> Vec<Vec<u8>> {
    let fits = |bytes: &[u8]| width(style.face, style.size, bytes) <= wide;
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let bytes = encode(paragraph);
        let mut line: Vec<u8> = Vec::new();
        for word in bytes.split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
            let mut longer = line.clone();
            if !longer.is_empty() {
                longer.push(b' ');
            }
            longer.extend(word);
            if fits(&longer) {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for byte in word {
                line.push(*byte);
                if !fits(&line) && line.len() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, vec![*byte]));
                }
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_column_and_no_letter_is_lost(text in "\\PC{0,200}", wide in 200..4_000_i32) {
            let lines = wrap(&text, BODY, wide);
            for line in &lines {
                prop_assert!(width(BODY.face, BODY.size, line) <= wide || line.len() == 1);
            }
            let shown: Vec<u8> = lines.concat().into_iter().filter(|byte| *byte != b' ').collect();
            let meant: Vec<u8> = text.lines().flat_map(encode).filter(|byte| *byte != b' ').collect();
            prop_assert_eq!(shown, meant);
        }
    }

    #[test]
    fn a_long_table_repeats_its_titles_and_everything_is_on_paper() {
        let row = |n: usize| vec![n.to_string(), "Größe ".repeat(n % 60)];
        let table = Table {
            columns: vec![("Nr.".to_owned(), 1), ("Was".to_owned(), 5)],
            rows: (0..300).map(row).collect(),
        };
        let laid = lay(&Document {
            language: crate::Language::De,
            title: "T".to_owned(),
            subtitle: String::new(),
            footer: String::new(),
            blocks: vec![Block::Table(table)],
        });
        assert!(laid.pages.len() > 5);
        for page in &laid.pages {
            let heads =
                page.iter().filter(|m| matches!(m, Mark::Text { bytes, .. } if bytes == b"Nr."));
            assert_eq!(heads.count(), 1);
            for mark in page {
                let (Mark::Text { x, y, .. } | Mark::Rule { x, y, .. }) = mark;
                assert!(
                    (LEFT..WIDTH - LEFT).contains(x) && (BOTTOM - 100..=TOP).contains(y),
                    "{mark:?}"
                );
            }
        }
    }
}
