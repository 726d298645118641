//! One thing below the other, on as many pages as it takes.

use crate::{About, Attachment, Face, Fault, HEIGHT, Pages, Schema, WIDTH, mm, wrapped};

/// Which side of its column a text stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Left.
    Left,
    /// Right: figures.
    Right,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Its share of the width.
    pub share: f32,
    /// Side.
    pub side: Side,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// What stands in it.
    pub text: String,
    /// Smaller and grey, below it.
    pub below: Vec<String>,
    /// Bold.
    pub strong: bool,
}

impl Cell {
    /// A plain one.
    pub fn of(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }

    /// A bold one.
    pub fn strong(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), strong: true, ..Cell::default() }
    }
}

/// Pages that are written from top to bottom.
#[derive(Debug)]
pub struct Flow {
    pages: Pages,
    y: f32,
    /// Size of plain text.
    size: f32,
}

const GREY: u8 = 80;
const GAP: f32 = 6.0;

impl Flow {
    /// An empty first page; plain text has `size` points.
    #[must_use]
    pub fn new(about: About, size: f32) -> Flow {
        Flow { pages: Pages::new(about), y: mm(20.0), size }
    }

    fn left() -> f32 {
        mm(25.0)
    }

    fn right() -> f32 {
        WIDTH - mm(20.0)
    }

    fn bottom() -> f32 {
        HEIGHT - mm(22.0)
    }

    /// Room for so many points, on another page if need be.
    fn room(&mut self, height: f32) {
        if self.y + height > Self::bottom() {
            self.pages.begin_page();
            self.y = mm(20.0);
        }
    }

    /// Leaves so many points free.
    pub fn space(&mut self, points: f32) {
        self.y += points;
    }

    /// A heading: level 1 is the title.
    pub fn heading(&mut self, level: u8, text: &str) {
        let size = match level {
            1 => self.size * 1.7,
            2 => self.size * 1.3,
            _ => self.size * 1.1,
        };
        // It does not stand alone at the foot of a page.
        self.room(size * 4.0);
        self.write(text, (Face::Bold, size), 0);
        self.y += size * 0.3;
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: &str) {
        self.write(text, (Face::Regular, self.size), 0);
    }

    /// A bold paragraph.
    pub fn strong(&mut self, text: &str) {
        self.write(text, (Face::Bold, self.size), 0);
    }

    /// A small grey paragraph.
    pub fn small(&mut self, text: &str) {
        self.write(text, (Face::Regular, self.size * 0.85), GREY);
    }

    fn write(&mut self, text: &str, (face, size): (Face, f32), grey: u8) {
        let (left, width) = (Self::left(), Self::right() - Self::left());
        for line in wrapped(text, width, |text| self.pages.width_of(text, face, size)) {
            self.room(size * 1.35);
            self.y += size * 1.35;
            self.pages.text((left, self.y), (face, size), grey, &line);
        }
    }

    /// Two blocks of lines beside each other; the right one is of names and values.
    pub fn beside(&mut self, left: &[(String, bool)], right: &[(String, String)]) {
        let (size, top) = (self.size, self.y);
        let line = size * 1.35;
        for (text, small) in left {
            let (size, grey) = if *small { (size * 0.85, GREY) } else { (size, 0) };
            let width = (Self::right() - Self::left()) * 0.5;
            for text in wrapped(text, width, |text| self.pages.width_of(text, Face::Regular, size))
            {
                self.y += line;
                self.pages.text((Self::left(), self.y), (Face::Regular, size), grey, &text);
            }
        }
        let mut y = top;
        let begin = Self::left() + (Self::right() - Self::left()) * 0.55;
        for (name, value) in right {
            y += line;
            self.pages.text((begin, y), (Face::Regular, size), GREY, name);
            let x = Self::right() - self.pages.width_of(value, Face::Regular, size);
            self.pages.text((x, y), (Face::Regular, size), 0, value);
        }
        self.y = self.y.max(y);
    }

    /// A table with a head that stands on each of its pages again.
    pub fn table(&mut self, columns: &[Column], head: &[String], rows: &[Vec<Cell>]) {
        let size = self.size;
        let head: Vec<Cell> = head.iter().map(Cell::strong).collect();
        self.room(size * 5.0);
        self.row(columns, &head);
        self.line(0.8);
        for row in rows {
            if self.y + self.height_of(columns, row) > Self::bottom() {
                self.pages.begin_page();
                self.y = mm(20.0);
                self.row(columns, &head);
                self.line(0.8);
            }
            self.row(columns, row);
            self.y += 2.0;
        }
        self.line(0.4);
    }

    /// Rows without a head, for sums.
    pub fn sums(&mut self, columns: &[Column], rows: &[Vec<Cell>]) {
        for row in rows {
            let height = self.height_of(columns, row);
            self.room(height);
            self.row(columns, row);
        }
    }

    /// A line across the page.
    pub fn line(&mut self, thick: f32) {
        self.y += 3.0;
        let width = Self::right() - Self::left();
        self.pages.fill((Self::left(), self.y), (width, thick), 0);
        self.y += thick + 1.0;
    }

    fn places(columns: &[Column]) -> Vec<(f32, f32)> {
        let all: f32 = columns.iter().map(|column| column.share).sum();
        let width = Self::right() - Self::left();
        let mut x = Self::left();
        let mut places = Vec::with_capacity(columns.len());
        for column in columns {
            let own = width * column.share / all.max(f32::EPSILON);
            places.push((x, own));
            x += own;
        }
        places
    }

    fn lines_of(&self, cell: &Cell, width: f32) -> (Vec<String>, Vec<String>) {
        let face = if cell.strong { Face::Bold } else { Face::Regular };
        let (size, small) = (self.size, self.size * 0.85);
        let text = wrapped(&cell.text, width, |text| self.pages.width_of(text, face, size));
        let below = cell.below.iter().flat_map(|text| {
            wrapped(text, width, |text| self.pages.width_of(text, Face::Regular, small))
        });
        (text, below.collect())
    }

    fn height_of(&self, columns: &[Column], row: &[Cell]) -> f32 {
        let line = self.size * 1.35;
        let heights = Self::places(columns).into_iter().zip(row).map(|((_, width), cell)| {
            let (text, below) = self.lines_of(cell, width - GAP);
            (0..text.len() + below.len()).map(|_| line).sum::<f32>()
        });
        heights.fold(line, f32::max)
    }

    fn row(&mut self, columns: &[Column], row: &[Cell]) {
        let (size, line, top) = (self.size, self.size * 1.35, self.y);
        let mut bottom = top;
        for ((column, (x, width)), cell) in columns.iter().zip(Self::places(columns)).zip(row) {
            let (text, below) = self.lines_of(cell, width - GAP);
            let face = if cell.strong { Face::Bold } else { Face::Regular };
            let whole = text.into_iter().map(|text| (text, face, size, 0));
            let below = below.into_iter().map(|text| (text, Face::Regular, size * 0.85, GREY));
            let mut y = top;
            for (text, face, size, grey) in whole.chain(below) {
                y += line;
                let x = match column.side {
                    Side::Left => x,
                    Side::Right => x + width - self.pages.width_of(&text, face, size),
                };
                self.pages.text((x, y), (face, size), grey, &text);
            }
            bottom = bottom.max(y);
        }
        self.y = bottom.max(top + line);
    }

    /// Lays a file into the document.
    pub fn attach(&mut self, file: Attachment) {
        self.pages.attach(file);
    }

    /// Adds metadata of an own kind.
    pub fn describe(&mut self, schema: Schema) {
        self.pages.describe(schema);
    }

    /// The document, its pages numbered where there are several.
    ///
    /// # Errors
    /// When a mark is not lawful in an archive.
    pub fn finish(mut self) -> Result<Vec<u8>, Fault> {
        if self.pages.count() > 1 {
            self.pages.number_pages(Self::right(), HEIGHT - mm(12.0), self.size * 0.85);
        }
        self.pages.finish()
    }
}
