//! Labels: what stands where, sizes and sheets, bars, and the language of their printers.

mod bars;
mod fuzz;
mod layout;
mod sizes;
mod zpl;

use label::{Label, Laid, Mark};

/// As wide as letters of DejaVu Sans Condensed are on average.
pub(crate) fn measure(text: &str, bold: bool) -> u32 {
    let wide = |c: char| match c {
        ' ' | '\u{a0}' | '.' | ',' | 'i' | 'l' | 'I' => 300,
        'm' | 'M' | 'W' | 'w' => 850,
        _ => 570,
    };
    text.chars().map(|c| wide(c) + if bold { 60 } else { 0 }).sum()
}

/// Butter, with all that belongs to it.
pub(crate) fn butter() -> Label {
    Label {
        name: "Butter gesalzen Lindenhof".to_owned(),
        price: "1,99\u{a0}€".to_owned(),
        per: String::new(),
        unit_price: "1\u{a0}kg\u{a0}= 7,96\u{a0}€".to_owned(),
        facts: vec!["250\u{a0}g".to_owned(), "zzgl.\u{a0}0,25\u{a0}€ Pfand".to_owned()],
        small: vec!["Art.\u{a0}4711".to_owned(), "ab 01.12.2026".to_owned()],
        code: "4006381333931".to_owned(),
    }
}

pub(crate) fn texts(laid: &Laid) -> Vec<String> {
    let text = |mark: &Mark| match mark {
        Mark::Text { text, .. } => Some(text.clone()),
        Mark::Bars { .. } => None,
    };
    laid.marks.iter().filter_map(text).collect()
}
