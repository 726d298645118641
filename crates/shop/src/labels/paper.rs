//! Labels on paper: one a page for a printer of labels, or on sheets of A4.

use std::cell::RefCell;
use std::collections::HashMap;

use label::{Laid, Mark, Sheet, place};
use pdf::{About, Face, Fault, Moment, Pages, mm};

/// Measures texts in the typeface of the PDF. A printer of labels has a narrower one.
pub(crate) struct Ruler {
    pages: Pages,
    known: RefCell<HashMap<(String, bool), u32>>,
}

const fn face(bold: bool) -> Face {
    if bold { Face::Bold } else { Face::Regular }
}

impl Ruler {
    pub(crate) fn new() -> Self {
        let nobody = About {
            title: String::new(),
            author: String::new(),
            language: String::new(),
            made: Moment { year: 2000, month: 1, day: 1, time: (0, 0, 0) },
        };
        Self { pages: Pages::new(nobody), known: RefCell::default() }
    }

    /// How wide a text is, thousandths of its size; never less than it is.
    pub(crate) fn measure(&self, text: &str, bold: bool) -> u32 {
        let key = (text.to_owned(), bold);
        if let Some(known) = self.known.borrow().get(&key) {
            return *known;
        }
        // A text of a thousand letters is not a million wide: it stays exact.
        #[expect(clippy::as_conversions, reason = "a width is positive, and saturates")]
        let width = self.pages.width_of(text, face(bold), 1_000.0).ceil() as u32;
        self.known.borrow_mut().insert(key, width);
        width
    }
}

#[expect(clippy::as_conversions, reason = "micrometres of a sheet are exact in 24 bits")]
fn points(micrometres: u32) -> f32 {
    mm(micrometres as f32 / 1_000.0)
}

/// Draws a label with its corner there.
fn draw(pages: &mut Pages, laid: &Laid, corner: (u32, u32)) {
    let at =
        |x: u32, y: u32| (points(x.saturating_add(corner.0)), points(y.saturating_add(corner.1)));
    for mark in &laid.marks {
        match mark {
            Mark::Text { x, y, size, bold, text, .. } => {
                pages.text(at(*x, *y), (face(*bold), points(*size)), 0, text);
            }
            Mark::Bars { x, y, module, height, bars } => {
                let mut left = *x;
                for run in bars.modules().chunk_by(|a, b| a == b) {
                    let wide = u32::try_from(run.len()).unwrap_or(0).saturating_mul(*module);
                    if run.first() == Some(&true) {
                        pages.fill(at(left, *y), (points(wide), points(*height)), 0);
                    }
                    left = left.saturating_add(wide);
                }
            }
        }
    }
}

/// Each label on a page of its size.
pub(crate) fn one_a_page(about: About, labels: &[(&Laid, u32)]) -> Result<Vec<u8>, Fault> {
    let all: Vec<&Laid> =
        labels.iter().flat_map(|(laid, count)| (0..*count).map(move |_| *laid)).collect();
    let size = |laid: &Laid| (points(laid.size.width), points(laid.size.height));
    let Some(first) = all.first() else { return Pages::new(about).finish() };
    let mut pages = Pages::sized(about, size(first));
    for (n, laid) in all.iter().enumerate() {
        if n > 0 {
            pages.begin_page_of(size(laid));
        }
        draw(&mut pages, laid, (0, 0));
    }
    pages.finish()
}

/// The labels along the rows of sheets, beginning at a place (from 0).
pub(crate) fn on_sheets(
    about: About,
    sheet: &Sheet,
    start: u32,
    labels: &[(&Laid, u32)],
) -> Result<Vec<u8>, Fault> {
    let mut pages = Pages::new(about);
    let all = labels.iter().flat_map(|(laid, count)| (0..*count).map(move |_| *laid));
    let mut page = 0;
    for (n, laid) in (0_u32..).zip(all) {
        let (on, at) = place(sheet, start, n);
        while page < on {
            pages.begin_page();
            page = page.saturating_add(1);
        }
        draw(&mut pages, laid, sheet.corner(at));
    }
    pages.finish()
}
