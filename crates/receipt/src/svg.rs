//! Codes as inline SVG: black on white with their quiet zones, so that they scan on a dark page too.

use crate::codes::{QrMatrix, code128_widths, ean13_modules, qr_matrix};
use crate::document::Picture;
use crate::html::escape;

const BAR_HEIGHT: usize = 40;
const QUIET: usize = 10;

fn svg(width: usize, height: usize, class: &str, label: &str, path: &str) -> String {
    format!(
        "<svg class=\"{class}\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"{}\"><rect width=\"{width}\" height=\"{height}\" \
         fill=\"#fff\"/><path fill=\"#000\" d=\"{path}\"/></svg>",
        escape(label)
    )
}

/// Bars given as (is bar, width) from left to right.
fn bars(label: &str, runs: impl Iterator<Item = (bool, usize)>) -> String {
    let mut path = String::new();
    let mut x = QUIET;
    for (bar, width) in runs {
        if bar {
            path.push_str(&format!("M{x} 4h{width}v{BAR_HEIGHT}h-{width}z"));
        }
        x += width;
    }
    svg(x + QUIET, BAR_HEIGHT + 8, "bars", label, &path)
}

/// A picture of dots.
#[must_use]
pub fn picture_svg(picture: &Picture, label: &str) -> String {
    let row = usize::from(picture.row_bytes).max(1);
    let (width, height) = (row * 8, picture.data.len() / row);
    let mut path = String::new();
    for (y, row) in picture.data.chunks(row).enumerate() {
        let dots: Vec<bool> =
            row.iter().flat_map(|byte| (0..8).map(move |bit| byte & (0x80 >> bit) != 0)).collect();
        let mut x = 0;
        for run in dots.chunk_by(|a, b| a == b) {
            if run.first() == Some(&true) {
                path.push_str(&format!("M{x} {y}h{}v1h-{}z", run.len(), run.len()));
            }
            x += run.len();
        }
    }
    svg(width, height, "picture", label, &path)
}

/// A Code 128 of this text; `None` when it has no such code.
#[must_use]
pub fn code128_svg(text: &str) -> Option<String> {
    let widths = code128_widths(text)?;
    Some(bars(
        text,
        widths
            .into_iter()
            .enumerate()
            .map(|(at, width)| (at.is_multiple_of(2), usize::from(width))),
    ))
}

/// An EAN-13; `None` unless there are 13 digits.
#[must_use]
pub fn ean13_svg(digits: &str) -> Option<String> {
    let modules = ean13_modules(digits)?;
    Some(bars(digits, modules.into_iter().map(|bar| (bar, 1))))
}

/// A QR code as the path of an SVG, its quiet zone around it; `None` when the text is too long. Answers modules
/// per side and the path.
#[must_use]
pub fn qr_path(data: &str) -> Option<(usize, String)> {
    let matrix = qr_matrix(data)?;
    Some((matrix.size + 8, dark_path(&matrix, 4)))
}

/// A QR code; `None` when the text is too long. The label is what a screen reader says instead of the content.
#[must_use]
pub fn qr_svg(data: &str, label: &str) -> Option<String> {
    let (size, path) = qr_path(data)?;
    Some(svg(size, size, "qr", label, &path))
}

/// The dark modules, so far from the corner.
pub(crate) fn dark_path(matrix: &QrMatrix, margin: usize) -> String {
    let mut path = String::new();
    for (y, row) in matrix.dark.chunks(matrix.size).enumerate() {
        let mut x = margin;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&true) {
                path.push_str(&format!("M{x} {}h{}v1h-{}z", y + margin, run.len(), run.len()));
            }
            x += run.len();
        }
    }
    path
}
