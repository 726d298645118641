//! A document on paper of so many columns: lines that are never longer than the paper is wide.

use crate::amount::MINUS;
use crate::{Align, Block, Document, Picture};

/// Narrower paper than this does not exist; narrower wishes are taken as this.
const MIN_COLUMNS: usize = 16;

/// How large text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Big {
    /// Like all other text (screens, files).
    Plain,
    /// Twice as wide and high, or only twice as high where it would not fit (printers).
    Double,
}

/// One line, indented and filled with spaces; without trailing spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextLine {
    /// The characters.
    pub text: String,
    /// Bold.
    pub bold: bool,
    /// Width factor: each character takes so many columns.
    pub width: u8,
    /// Height factor.
    pub height: u8,
}

/// A piece of the laid out document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Laid {
    /// A line of text.
    Line(TextLine),
    /// A Code 128.
    Code128(String),
    /// An EAN-13.
    Ean13(String),
    /// A QR code.
    Qr(String),
    /// A picture of dots.
    Picture(Picture),
    /// The paper is cut.
    Cut,
    /// The drawer opens.
    Drawer,
}

/// The document as plain text: codes as their content, cuts left out, `-` for the minus sign.
#[must_use]
pub fn render_text(document: &Document, columns: u8) -> String {
    let width = usize::from(columns).max(MIN_COLUMNS);
    let mut out = String::new();
    for piece in layout(document, columns, Big::Plain) {
        let lines = match piece {
            Laid::Line(line) => vec![line.text],
            Laid::Code128(data) | Laid::Ean13(data) => wrap(&format!("[{data}]"), width)
                .iter()
                .map(|line| aligned(line, Align::Center, width))
                .collect(),
            Laid::Qr(data) => wrap(&format!("[QR {data}]"), width),
            Laid::Picture(_) | Laid::Cut | Laid::Drawer => Vec::new(),
        };
        for line in lines {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

/// The document as lines and codes for paper of so many columns (at least 16).
#[must_use]
pub fn layout(document: &Document, columns: u8, big: Big) -> Vec<Laid> {
    let mut out = Laying { width: usize::from(columns).max(MIN_COLUMNS), big, pieces: Vec::new() };
    for block in &document.blocks {
        out.block(block);
    }
    out.pieces
}

struct Laying {
    width: usize,
    big: Big,
    pieces: Vec<Laid>,
}

impl Laying {
    fn line(&mut self, text: &str, bold: bool, (width, height): (u8, u8)) {
        let text = text.trim_end_matches(' ').to_owned();
        self.pieces.push(Laid::Line(TextLine { text, bold, width, height }));
    }

    fn plain(&mut self, text: &str) {
        self.line(text, false, (1, 1));
    }

    /// The columns and factors for a text whose widest unbreakable part is `need` columns.
    fn scale(&self, big: bool, need: usize) -> (usize, (u8, u8)) {
        if !big || self.big == Big::Plain {
            (self.width, (1, 1))
        } else if need <= self.width / 2 {
            (self.width / 2, (2, 2))
        } else {
            (self.width, (1, 2))
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Text { text, align, bold, big } => self.text(&paper(text), *align, *bold, *big),
            Block::Columns { left, right, mark, indent, bold, big } => {
                let mark = mark.as_deref().map(paper);
                self.columns(
                    (&paper(left), &paper(right), mark.as_deref()),
                    usize::from(*indent),
                    *bold,
                    *big,
                );
            }
            Block::Table { head, rows } => self.table(head, rows),
            Block::Banner { text } => {
                let stars = "*".repeat(self.width);
                self.plain(&stars);
                let text = match self.big {
                    Big::Plain => format!("*** {text} ***"),
                    Big::Double => text.clone(),
                };
                self.text(&paper(&text), Align::Center, true, true);
                self.plain(&stars);
            }
            Block::Rule => {
                let rule = "-".repeat(self.width);
                self.plain(&rule);
            }
            Block::Feed { lines } => (0..*lines).for_each(|_| self.plain("")),
            Block::Code128 { data } => self.pieces.push(Laid::Code128(data.clone())),
            Block::Ean13 { data } => self.pieces.push(Laid::Ean13(data.clone())),
            Block::Qr { data } => self.pieces.push(Laid::Qr(data.clone())),
            Block::Picture { picture, .. } => self.pieces.push(Laid::Picture(picture.clone())),
            Block::Cut => self.pieces.push(Laid::Cut),
            Block::Drawer => self.pieces.push(Laid::Drawer),
        }
    }

    fn text(&mut self, text: &str, align: Align, bold: bool, big: bool) {
        let longest = text.split(' ').map(columns_of).max().unwrap_or(0);
        let (width, factors) = self.scale(big, longest);
        for line in wrap(text, width) {
            self.line(&aligned(&line, align, width), bold, factors);
        }
    }

    fn columns(
        &mut self,
        (left, right, mark): (&str, &str, Option<&str>),
        indent: usize,
        bold: bool,
        big: bool,
    ) {
        let right = match mark {
            // The mark's column stays free when it is empty, so that amounts stand below each other.
            Some(mark) if !right.is_empty() || !mark.is_empty() => format!("{right} {mark:<1}"),
            _ => right.to_owned(),
        };
        let right_width = columns_of(&right);
        let gap = usize::from(right_width > 0);
        let (width, factors) = self.scale(big, indent + columns_of(left) + gap + right_width);
        let indent = indent.min(width / 4);
        let left_width = width.saturating_sub(indent + right_width + gap);
        if left_width < width / 4 {
            for line in wrap(left, width - indent) {
                self.line(&format!("{}{line}", " ".repeat(indent)), bold, factors);
            }
            for line in wrap(&right, width) {
                self.line(&aligned(&line, Align::Right, width), bold, factors);
            }
            return;
        }
        for (at, line) in wrap(left, left_width).iter().enumerate() {
            let mut out = format!("{}{line}", " ".repeat(indent));
            if at == 0 && right_width > 0 {
                let used = indent + columns_of(line) + right_width;
                out.push_str(&" ".repeat(width.saturating_sub(used)));
                out.push_str(&right);
            }
            self.line(&out, bold, factors);
        }
    }

    fn table(&mut self, head: &[String], rows: &[Vec<String>]) {
        let count = head.len();
        let cell =
            |row: &[String], at: usize| row.get(at).map(|cell| paper(cell)).unwrap_or_default();
        let all = || std::iter::once(head).chain(rows.iter().map(Vec::as_slice));
        let widths: Vec<usize> = (0..count)
            .map(|at| all().map(|row| columns_of(&cell(row, at))).max().unwrap_or(0))
            .collect();
        let gaps = count.saturating_sub(1);
        let free = self.width.checked_sub(widths.iter().sum());
        let Some(gap) = free.and_then(|free| free.checked_div(gaps)).filter(|gap| *gap > 0) else {
            return self.stacked(head, rows);
        };
        let lines: Vec<String> = all()
            .map(|row| {
                let mut out = String::new();
                for (at, width) in widths.iter().enumerate() {
                    let text = cell(row, at);
                    let fill = " ".repeat(width.saturating_sub(columns_of(&text)));
                    out.push_str(&match at {
                        // What the gaps leave over goes to the first column, so that the table ends at the edge.
                        0 => format!("{text}{fill}{}", " ".repeat(free.unwrap_or(0) - gap * gaps)),
                        _ => format!("{}{fill}{text}", " ".repeat(gap)),
                    });
                }
                out
            })
            .collect();
        for line in lines {
            self.plain(&line);
        }
    }

    /// The table of a narrow paper: each cell on its own line.
    fn stacked(&mut self, head: &[String], rows: &[Vec<String>]) {
        for row in rows {
            for (at, text) in row.iter().enumerate() {
                let label = head.get(at).map(|label| paper(label)).unwrap_or_default();
                let indent = if at == 0 { 0 } else { 2 };
                self.columns((&label, &paper(text), None), indent, false, false);
            }
        }
    }
}

/// The minus sign of documents as the hyphen that every printer has.
fn paper(text: &str) -> String {
    text.replace(MINUS, "-")
}

fn aligned(line: &str, align: Align, width: usize) -> String {
    let free = width.saturating_sub(columns_of(line));
    let before = match align {
        Align::Left => 0,
        Align::Center => free / 2,
        Align::Right => free,
    };
    format!("{}{line}", " ".repeat(before))
}

/// Lines of at most `width` columns (at least 2), broken at spaces, and within words that are too long. Always at
/// least one line. No-break spaces become spaces afterwards.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let needed = columns_of(word);
        if used > 0 && used + 1 + needed > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        for c in word.chars() {
            let c = if c == '\u{A0}' { ' ' } else { c };
            let columns = char_columns(c);
            if used + columns > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += columns;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// How many columns a text takes: East Asian wide characters and emoji two, combining marks none.
#[must_use]
pub fn columns_of(text: &str) -> usize {
    text.chars().map(char_columns).sum()
}

fn char_columns(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36F}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5BD}'
        | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}'
        | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}'
        | '\u{200B}'..='\u{200F}'
        | '\u{20D0}'..='\u{20FF}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FE20}'..='\u{FE2F}' => 0,
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{303E}'
        | '\u{3041}'..='\u{A4CF}'
        | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{1F300}'..='\u{1F64F}'
        | '\u{1F680}'..='\u{1F6FF}'
        | '\u{1F900}'..='\u{1FAFF}'
        | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}
