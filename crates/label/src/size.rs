//! Sizes of labels, and of sheets with labels on them.

/// How large a label is, micrometres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Size {
    /// Of so many millimetres.
    #[must_use]
    pub fn mm(width: u16, height: u16) -> Self {
        let um = |millimetres: u16| u32::from(millimetres).saturating_mul(1_000);
        Self { width: um(width), height: um(height) }
    }
}

/// Usual sizes of single labels with their names, millimetres: width × height.
pub const LABEL_SIZES: &[(&str, Size)] = &[
    ("57x32", Size { width: 57_000, height: 32_000 }),
    ("70x38", Size { width: 70_000, height: 38_000 }),
    ("100x50", Size { width: 100_000, height: 50_000 }),
];

/// A sheet of A4 with labels on it, micrometres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sheet {
    /// Its name: columns, rows, size of a label.
    pub name: &'static str,
    /// Labels side by side.
    pub columns: u32,
    /// Rows of them.
    pub rows: u32,
    /// How large each is.
    pub label: Size,
    /// From the left edge of the paper to the first label.
    pub left: u32,
    /// From its upper edge.
    pub top: u32,
    /// From the left edge of a label to that of the next one.
    pub across: u32,
    /// From the upper edge of a label to that of the one below.
    pub down: u32,
}

impl Sheet {
    /// How many labels it has.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.columns.saturating_mul(self.rows)
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Sheet> {
        SHEETS.iter().find(|sheet| sheet.name == name)
    }

    /// The upper left corner of a label, counted from 0 along the rows.
    #[must_use]
    pub fn corner(&self, at: u32) -> (u32, u32) {
        let row = at.checked_div(self.columns).unwrap_or(0);
        let column = at.checked_rem(self.columns).unwrap_or(0);
        let x = self.left.saturating_add(column.saturating_mul(self.across));
        (x, self.top.saturating_add(row.saturating_mul(self.down)))
    }
}

/// Sheets that shops for stationery have.
#[rustfmt::skip]
pub const SHEETS: &[Sheet] = &[
    Sheet { name: "a4-3x8-70x37", columns: 3, rows: 8, label: Size { width: 70_000, height: 37_000 }, left: 0, top: 500, across: 70_000, down: 37_000 },
    Sheet { name: "a4-3x8-70x36", columns: 3, rows: 8, label: Size { width: 70_000, height: 36_000 }, left: 0, top: 4_500, across: 70_000, down: 36_000 },
    Sheet { name: "a4-3x7-63x38", columns: 3, rows: 7, label: Size { width: 63_500, height: 38_100 }, left: 7_250, top: 15_150, across: 66_000, down: 38_100 },
    Sheet { name: "a4-2x7-99x38", columns: 2, rows: 7, label: Size { width: 99_100, height: 38_100 }, left: 4_650, top: 15_150, across: 101_600, down: 38_100 },
];

/// On which sheet (from 0), and at which place on it, the n-th label stands (from 0), when the first one stands at `start` (from 0).
#[must_use]
pub fn place(sheet: &Sheet, start: u32, n: u32) -> (u32, u32) {
    let at = start.saturating_add(n);
    let count = sheet.count();
    (at.checked_div(count).unwrap_or(0), at.checked_rem(count).unwrap_or(0))
}
