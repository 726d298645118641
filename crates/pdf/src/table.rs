//! Tables: rows stay together where they can, and go on overleaf line by line where they are longer.

use crate::flow::{GREY, Look, leading};
use crate::{Face, Flow};

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

/// Between the columns, and between those of a table of much text.
const GAP: f32 = 6.0;
const WIDE_GAP: f32 = 10.0;
const BETWEEN_FACTS: f32 = 2.0;

/// The lines of one cell.
type Lines = Vec<(String, Look)>;

/// Where the columns of a table are, what stands above them, and how large it is.
struct Grid {
    /// Left edge, width, side.
    places: Vec<(f32, f32, Side)>,
    size: f32,
    head: Vec<Lines>,
    /// A thin line below each row.
    ruled: bool,
}

impl Grid {
    fn new(columns: &[Column], size: f32, gap: f32) -> Grid {
        let all: f32 = columns.iter().map(|column| column.share).sum();
        let gaps: f32 = columns.iter().skip(1).map(|_| gap).sum();
        let width = Flow::right() - Flow::left() - gaps;
        let mut x = Flow::left();
        let mut places = Vec::with_capacity(columns.len());
        for column in columns {
            let own = width * column.share / all.max(f32::EPSILON);
            places.push((x, own, column.side));
            x += own + gap;
        }
        Grid { places, size, head: Vec::new(), ruled: false }
    }
}

fn height(row: &[Lines], size: f32) -> f32 {
    let lines = row.iter().map(Vec::len).max().unwrap_or(0).max(1);
    (0..lines).map(|_| leading(size)).sum()
}

impl Flow {
    /// A table with a head, which may be empty, that stands on each of its pages again.
    pub fn table(
        &mut self,
        columns: &[Column],
        head: &[String],
        rows: impl IntoIterator<Item = Vec<Cell>>,
    ) {
        let grid = self.headed(Grid::new(columns, self.size, GAP), head);
        self.lay(&grid, rows);
        self.line(0.4);
    }

    /// A table of much text: smaller, with a thin line below each row.
    pub fn ruled_table(
        &mut self,
        columns: &[Column],
        head: &[String],
        rows: impl IntoIterator<Item = Vec<Cell>>,
    ) {
        let grid = Grid { ruled: true, ..Grid::new(columns, self.size * 0.85, WIDE_GAP) };
        let grid = self.headed(grid, head);
        self.lay(&grid, rows);
    }

    /// Rows without a head, for sums.
    pub fn sums(&mut self, columns: &[Column], rows: &[Vec<Cell>]) {
        let grid = Grid::new(columns, self.size, GAP);
        for row in rows {
            let cells = self.cells(&grid, row);
            self.row(&grid, &cells);
        }
    }

    /// Names, and what they are; on one page where they are few.
    pub fn facts<'a>(&mut self, facts: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let column = |share| Column { share, side: Side::Left };
        // The serial number of a signing unit, 64 characters, fits into a line.
        let grid = Grid::new(&[column(1.0), column(3.0)], self.size, GAP);
        let row = |(name, value): (&str, &str)| -> Vec<Lines> {
            let texts = [(name, GREY), (value, 0)];
            let cells = texts.iter().zip(&grid.places).map(|((text, grey), (_, width, _))| {
                self.styled(text, (Face::Regular, grid.size, *grey), *width)
            });
            cells.collect()
        };
        let rows: Vec<Vec<Lines>> = facts.into_iter().map(row).collect();
        let whole: f32 = rows.iter().map(|row| height(row, grid.size) + BETWEEN_FACTS).sum();
        if whole <= Self::height() / 2.0 {
            self.room(whole);
        }
        for cells in rows {
            self.row(&grid, &cells);
            self.y += BETWEEN_FACTS;
        }
    }

    fn headed(&self, grid: Grid, head: &[String]) -> Grid {
        let head: Vec<Cell> = head.iter().map(Cell::strong).collect();
        Grid { head: self.cells(&grid, &head), ..grid }
    }

    fn styled(&self, text: &str, look: Look, width: f32) -> Lines {
        self.wrap(text, look, width).into_iter().map(|line| (line, look)).collect()
    }

    fn cells(&self, grid: &Grid, row: &[Cell]) -> Vec<Lines> {
        let small = (Face::Regular, grid.size * 0.85, GREY);
        let cells = grid.places.iter().zip(row).map(|((_, width, _), cell)| {
            let face = if cell.strong { Face::Bold } else { Face::Regular };
            let mut lines = self.styled(&cell.text, (face, grid.size, 0), *width);
            lines.extend(cell.below.iter().flat_map(|text| self.styled(text, small, *width)));
            lines
        });
        cells.collect()
    }

    fn lay(&mut self, grid: &Grid, rows: impl IntoIterator<Item = Vec<Cell>>) {
        let mut first = true;
        for row in rows {
            let cells = self.cells(grid, &row);
            if std::mem::take(&mut first) {
                // No head stands alone at the foot of a page.
                self.room(height(&grid.head, grid.size) + wanted(&cells, grid.size) + GAP);
                self.head(grid);
            }
            self.row(grid, &cells);
            if grid.ruled {
                self.y += grid.size * 0.4;
                let width = Self::right() - Self::left();
                self.pages.fill((Self::left(), self.y), (width, 0.3), 170);
            } else {
                self.y += 2.0;
            }
        }
        if first {
            self.room(height(&grid.head, grid.size));
            self.head(grid);
        }
    }

    fn head(&mut self, grid: &Grid) {
        if !grid.head.is_empty() {
            for line in 0..grid.head.iter().map(Vec::len).max().unwrap_or(0) {
                self.put(grid, &grid.head, line);
            }
            self.line(0.8);
        }
    }

    /// A row, with the head again where another page begins.
    fn row(&mut self, grid: &Grid, cells: &[Lines]) {
        if self.room(wanted(cells, grid.size)) {
            self.head(grid);
        }
        for line in 0..cells.iter().map(Vec::len).max().unwrap_or(0).max(1) {
            if self.room(leading(grid.size)) {
                self.head(grid);
            }
            self.put(grid, cells, line);
        }
    }

    /// One line of each cell.
    fn put(&mut self, grid: &Grid, cells: &[Lines], line: usize) {
        self.y += leading(grid.size);
        for ((x, width, side), cell) in grid.places.iter().zip(cells) {
            let Some((text, (face, size, grey))) = cell.get(line) else { continue };
            let x = match side {
                Side::Left => *x,
                Side::Right => x + width - self.pages.width_of(text, *face, *size),
            };
            self.pages.text((x, self.y), (*face, *size), *grey, text);
        }
    }
}

/// What has to be free where a row begins: all of it, or of a long one its first lines.
fn wanted(cells: &[Lines], size: f32) -> f32 {
    let whole = height(cells, size);
    if whole <= Flow::height() / 3.0 { whole } else { leading(size) * 3.0 }
}
