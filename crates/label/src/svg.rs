//! A label as a picture for a page.

use std::fmt::Write as _;

use crate::layout::{Laid, Mark};

/// Micrometres in the picture's units: hundredths of a millimetre, as browsers draw no letters of more than 10,000 units.
fn units(micrometres: u32) -> String {
    let whole = micrometres.checked_div(10).unwrap_or(0);
    match micrometres.checked_rem(10) {
        Some(rest @ 1..) => format!("{whole}.{rest}"),
        _ => whole.to_string(),
    }
}

/// The label as SVG. Its texts are as wide as they were measured, whichever typeface the reader has.
#[must_use]
pub fn picture(laid: &Laid) -> String {
    let (width, height) = (units(laid.size.width), units(laid.size.height));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\">\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>"
    );
    for mark in &laid.marks {
        match mark {
            Mark::Text { x, y, size, width, bold, text } => {
                let weight = if *bold { " font-weight=\"700\"" } else { "" };
                let (x, y, size, width) = (units(*x), units(*y), units(*size), units(*width));
                let _ = write!(
                    svg,
                    "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" textLength=\"{width}\" \
                     lengthAdjust=\"spacingAndGlyphs\" font-family=\"'DejaVu Sans Condensed','Arial Narrow',sans-serif\"\
                     {weight}>{}</text>",
                    receipt::escape(text)
                );
            }
            Mark::Bars { x, y, module, height, bars } => {
                let (top, height) = (units(*y), units(*height));
                svg.push_str("<path d=\"");
                let mut left = *x;
                for run in bars.modules().chunk_by(|a, b| a == b) {
                    let wide = u32::try_from(run.len()).unwrap_or(0).saturating_mul(*module);
                    if run.first() == Some(&true) {
                        let (left, wide) = (units(left), units(wide));
                        let _ = write!(svg, "M{left} {top}h{wide}v{height}h-{wide}z");
                    }
                    left = left.saturating_add(wide);
                }
                svg.push_str("\"/>");
            }
        }
    }
    svg.push_str("</svg>");
    svg
}
