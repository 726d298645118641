//! A receipt as PDF for the archive: on a roll of 80 mm as long as the receipt, or on A4; its data lie in it as JSON.
//!
//! Everything is placed by what it measures, so that the same receipt makes the same bytes.

use pdf::{About, Attachment, Face, Fault, HEIGHT, Pages, Relation, WIDTH, mm, wrapped};
use receipt::{Align, Block, Picture, code128_widths, ean13_modules, qr_matrix};

use super::Paperless;
use crate::invoice::moment;

/// What the receipt is laid out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// Paper of 80 mm, one page as long as it takes.
    Roll,
    /// Sheets of A4.
    A4,
}

/// A page is no longer than this (ISO 19005-3, 6.1.13 lets it be 14,400): a very long receipt has several.
const LONGEST: f32 = 14_000.0;

/// Measures of a sheet, points.
#[derive(Debug, Clone, Copy)]
struct Form {
    width: f32,
    /// None: as high as it takes.
    height: Option<f32>,
    left: f32,
    right: f32,
    top: f32,
    size: f32,
}

impl Sheet {
    fn form(self) -> Form {
        match self {
            Sheet::Roll => {
                let width = mm(80.0);
                let (left, right) = (mm(4.0), width - mm(4.0));
                Form { width, height: None, left, right, top: mm(6.0), size: 8.5 }
            }
            Sheet::A4 => {
                let (left, right) = (mm(45.0), WIDTH - mm(45.0));
                Form { width: WIDTH, height: Some(HEIGHT), left, right, top: mm(20.0), size: 11.0 }
            }
        }
    }
}

/// Something with a place: as [`pdf::Pages`] draws it, from the upper edge of its row.
#[derive(Debug, Clone)]
enum Ink {
    Text { x: f32, y: f32, face: Face, size: f32, text: String },
    Box { x: f32, y: f32, width: f32, height: f32 },
}

/// What stays together on one page.
#[derive(Debug, Clone)]
struct Row {
    height: f32,
    ink: Vec<Ink>,
}

/// The receipt as PDF (PDF/A-3) with `receipt.json` in it.
///
/// # Errors
/// When something in it is not lawful in an archive.
pub fn pdf(of: &Paperless, json: &str, sheet: Sheet) -> Result<Vec<u8>, Fault> {
    let form = sheet.form();
    let about = About {
        title: of.document.title.clone(),
        author: of.then.name.clone(),
        language: of.document.language.clone(),
        made: moment(of.issued.at),
    };
    // Measuring needs the typeface, and the page's height what was measured.
    let ruler = Pages::new(about.clone());
    let rows = of.document.blocks.iter().flat_map(|block| rows(&ruler, form, block)).collect();
    let sheets = sheets(rows, form);
    let height = |rows: &[Row]| {
        let content: f32 = rows.iter().map(|row| row.height).sum();
        form.height.unwrap_or_else(|| (content + form.top * 2.0).max(form.width / 2.0))
    };
    let mut pages: Option<Pages> = None;
    for rows in sheets {
        let size = (form.width, height(&rows));
        let page = match &mut pages {
            Some(pages) => {
                pages.begin_page_of(size);
                pages
            }
            None => pages.insert(Pages::sized(about.clone(), size)),
        };
        let mut y = form.top;
        for row in rows {
            draw(page, &row, y);
            y += row.height;
        }
    }
    let mut pages = pages.unwrap_or(ruler);
    if sheet == Sheet::A4 && pages.count() > 1 {
        let foot = format!("{} · {}", of.then.name, of.document.title);
        pages.foot(&foot, (form.left, form.right), HEIGHT - mm(12.0), 8.0);
    }
    pages.attach(Attachment {
        name: "receipt.json".to_owned(),
        description: "DFKA-Taxonomie".to_owned(),
        media: "application/json",
        bytes: json.as_bytes().to_vec(),
        is: Relation::Alternative,
    });
    pages.finish()
}

/// The rows of each page. One that is higher than a page stands alone on one.
fn sheets(rows: Vec<Row>, form: Form) -> Vec<Vec<Row>> {
    let most = form.height.unwrap_or(LONGEST) - form.top * 2.0;
    let mut sheets: Vec<Vec<Row>> = vec![Vec::new()];
    let mut used = 0.0;
    for row in rows {
        if used + row.height > most && used > 0.0 {
            sheets.push(Vec::new());
            used = 0.0;
        }
        used += row.height;
        if let Some(last) = sheets.last_mut() {
            last.push(row);
        }
    }
    sheets
}

fn draw(pages: &mut Pages, row: &Row, top: f32) {
    for ink in &row.ink {
        match ink {
            Ink::Text { x, y, face, size, text } => {
                pages.text((*x, top + y), (*face, *size), 0, text);
            }
            Ink::Box { x, y, width, height } => {
                pages.fill((*x, top + y), (*width, *height), 0);
            }
        }
    }
}

fn leading(size: f32) -> f32 {
    size * 1.3
}

fn face(bold: bool) -> Face {
    if bold { Face::Bold } else { Face::Regular }
}

fn sized(form: Form, big: bool) -> f32 {
    if big { form.size * 1.4 } else { form.size }
}

fn rows(ruler: &Pages, form: Form, block: &Block) -> Vec<Row> {
    match block {
        Block::Text { text, align, bold, big } => {
            texts(ruler, form, (text, *align), (face(*bold), sized(form, *big)))
        }
        Block::Columns { left, right, mark, indent, bold, big } => {
            let style = (face(*bold), sized(form, *big));
            columns(ruler, form, (left, right, mark.as_deref()), *indent, style)
        }
        Block::Table { head, rows } => table(ruler, form, head, rows),
        Block::Banner { text } => banner(ruler, form, text),
        Block::Rule => {
            let line = Ink::Box {
                x: form.left,
                y: form.size * 0.5,
                width: form.right - form.left,
                height: 0.5,
            };
            vec![Row { height: form.size, ink: vec![line] }]
        }
        Block::Feed { lines } => {
            vec![Row { height: leading(form.size) * f32::from(*lines), ink: Vec::new() }]
        }
        Block::Code128 { data } => {
            let runs = code128_widths(data).unwrap_or_default().into_iter().map(f32::from);
            bars(ruler, form, runs.collect(), data)
        }
        Block::Ean13 { data } => {
            let modules = ean13_modules(data).unwrap_or_default();
            let runs = modules.chunk_by(|a, b| a == b).map(|run| run.iter().map(|_| 1.0).sum());
            // The first run of an EAN-13 is a bar.
            bars(ruler, form, runs.collect(), data)
        }
        Block::Qr { data } => qr(ruler, form, data),
        Block::Picture { picture, .. } => vec![dots(form, picture)],
        Block::Cut | Block::Drawer => Vec::new(),
    }
}

/// A printer's dot in points: 203 to the inch.
const DOT: f32 = 72.0 / 203.0;

/// A picture in the middle, as large as a printer makes it, or as wide as the paper.
fn dots(form: Form, picture: &Picture) -> Row {
    let bytes = usize::from(picture.row_bytes).max(1);
    let width = form.right - form.left;
    let dot = DOT.min(width / (f32::from(picture.row_bytes.max(1)) * 8.0));
    let left = form.left + (width - dot * f32::from(picture.row_bytes) * 8.0) / 2.0;
    let (mut ink, mut y) = (Vec::new(), 0.0);
    for row in picture.data.chunks(bytes) {
        let black: Vec<bool> =
            row.iter().flat_map(|byte| (0..8).map(move |bit| byte & (0x80 >> bit) != 0)).collect();
        let mut x = left;
        for run in black.chunk_by(|a, b| a == b) {
            let wide = run.iter().map(|_| dot).sum::<f32>();
            if run.first() == Some(&true) {
                ink.push(Ink::Box { x, y, width: wide, height: dot });
            }
            x += wide;
        }
        y += dot;
    }
    Row { height: y + form.size * 0.5, ink }
}

fn texts(
    ruler: &Pages,
    form: Form,
    (text, align): (&str, Align),
    (face, size): (Face, f32),
) -> Vec<Row> {
    let width = form.right - form.left;
    let line = |line: String| {
        let wide = ruler.width_of(&line, face, size);
        let x = match align {
            Align::Left => form.left,
            Align::Center => form.left + (width - wide) / 2.0,
            Align::Right => form.right - wide,
        };
        let ink = vec![Ink::Text { x, y: size, face, size, text: line }];
        Row { height: leading(size), ink }
    };
    wrapped(text, width, |text| ruler.width_of(text, face, size)).into_iter().map(line).collect()
}

fn columns(
    ruler: &Pages,
    form: Form,
    (left, right, mark): (&str, &str, Option<&str>),
    indent: u8,
    (face, size): (Face, f32),
) -> Vec<Row> {
    let measure = |text: &str| ruler.width_of(text, face, size);
    let narrow = if mark.is_some() { size * 1.4 } else { 0.0 };
    let x = form.left + size * 0.6 * f32::from(indent);
    let amount = measure(right);
    let gap = if right.is_empty() { 0.0 } else { amount + size };
    let room = (form.right - narrow - gap - x).max(size * 4.0);
    let lines = wrapped(left, room, measure);
    let lines = if lines.is_empty() { vec![String::new()] } else { lines };
    let row = |(at, line): (usize, String)| {
        let mut ink = vec![Ink::Text { x, y: size, face, size, text: line }];
        if at == 0 {
            let text = right.to_owned();
            ink.push(Ink::Text { x: form.right - narrow - amount, y: size, face, size, text });
            if let Some(mark) = mark {
                let x = form.right - measure(mark);
                ink.push(Ink::Text { x, y: size, face, size, text: mark.to_owned() });
            }
        }
        Row { height: leading(size), ink }
    };
    lines.into_iter().enumerate().map(row).collect()
}

fn table(ruler: &Pages, form: Form, head: &[String], rows: &[Vec<String>]) -> Vec<Row> {
    let (face, size) = (Face::Regular, form.size * 0.92);
    let all = || std::iter::once(head).chain(rows.iter().map(Vec::as_slice));
    let widest = |column: usize| {
        let cells = all().filter_map(|row| row.get(column));
        cells.map(|cell| ruler.width_of(cell, face, size)).fold(0.0, f32::max)
    };
    let widths: Vec<f32> = (0..head.len()).map(widest).collect();
    let first = widths.first().copied().unwrap_or_default();
    let numbers: f32 = widths.iter().skip(1).sum();
    // What is left over stands evenly between the columns.
    let gaps = widths.iter().skip(1).map(|_| 1.0).sum::<f32>().max(1.0);
    let gap = ((form.right - form.left - first - numbers) / gaps).max(size * 0.4);
    let row = |row: &[String]| {
        let mut right = form.left;
        let mut ink = Vec::new();
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            right += width + if at == 0 { 0.0 } else { gap };
            let x = if at == 0 { form.left } else { right - ruler.width_of(cell, face, size) };
            ink.push(Ink::Text { x, y: size, face, size, text: cell.clone() });
        }
        Row { height: leading(size), ink }
    };
    all().map(row).collect()
}

fn banner(ruler: &Pages, form: Form, text: &str) -> Vec<Row> {
    let style = (Face::Bold, form.size * 1.25);
    let lines = texts(ruler, form, (text, Align::Center), style);
    let height: f32 = lines.iter().map(|row| row.height).sum();
    let (edge, space) = (1.5, form.size * 0.5);
    let (width, inner) = (form.right - form.left, height + space * 2.0);
    let side = |x, y, width, height| Ink::Box { x, y, width, height };
    let mut ink = vec![
        side(form.left, space, width, edge),
        side(form.left, space + inner, width, edge),
        side(form.left, space, edge, inner),
        side(form.right - edge, space, edge, inner),
    ];
    let mut top = space * 2.0;
    for row in lines {
        ink.extend(row.ink.into_iter().map(|one| match one {
            Ink::Text { x, y, face, size, text } => Ink::Text { x, y: y + top, face, size, text },
            other @ Ink::Box { .. } => other,
        }));
        top += row.height;
    }
    vec![Row { height: inner + space * 2.0 + edge, ink }]
}

/// A code's own text, when the code itself does not exist.
fn caption(ruler: &Pages, form: Form, data: &str) -> Vec<Row> {
    texts(ruler, form, (data, Align::Center), (Face::Regular, form.size * 0.92))
}

/// Widths of bar, space, bar, … in modules.
fn bars(ruler: &Pages, form: Form, runs: Vec<f32>, data: &str) -> Vec<Row> {
    let modules: f32 = runs.iter().sum();
    if modules < 1.0 {
        return caption(ruler, form, data);
    }
    let width = form.right - form.left;
    // Ten modules of quiet on each side.
    let module = (width / (modules + 20.0)).min(1.2);
    let (mut x, height) = (form.left + (width - modules * module) / 2.0, mm(12.0));
    let mut ink = Vec::new();
    for (at, run) in runs.into_iter().enumerate() {
        if at.is_multiple_of(2) {
            ink.push(Ink::Box { x, y: 2.0, width: run * module, height });
        }
        x += run * module;
    }
    let mut rows = vec![Row { height: height + 4.0, ink }];
    rows.extend(caption(ruler, form, data));
    rows
}

fn qr(ruler: &Pages, form: Form, data: &str) -> Vec<Row> {
    let Some(matrix) = qr_matrix(data) else { return caption(ruler, form, data) };
    let lines: Vec<&[bool]> = matrix.dark.chunks(matrix.size).collect();
    let modules: f32 = lines.iter().map(|_| 1.0).sum();
    let side = mm(42.0).min(form.right - form.left);
    // Four modules of quiet around it.
    let module = side / (modules + 8.0);
    let left = form.left + (form.right - form.left - modules * module) / 2.0;
    let mut ink = Vec::new();
    let mut y = module * 4.0;
    for line in lines {
        let mut x = left;
        for run in line.chunk_by(|a, b| a == b) {
            let width: f32 = run.iter().map(|_| module).sum();
            if run.first() == Some(&true) {
                // A hair more than a module, else some viewers show white lines between the rows.
                ink.push(Ink::Box { x, y, width, height: module * 1.02 });
            }
            x += width;
        }
        y += module;
    }
    vec![Row { height: side, ink }]
}
