//! A report's figures as a document.

use crate::build::Builder;
use crate::words::report_title;
use crate::{Align, Block, Document, ReportData, ReportRow};

/// The document of an X or Z report, a shift or a count. Computes nothing.
#[must_use]
pub fn report_document(data: &ReportData) -> Document {
    let mut b = Builder::new(data.language, data.minor_digits);
    let title = report_title(data.kind, data.language);
    b.head(&data.shop);
    b.warnings(data.training, data.copy);
    b.text(title, Align::Center, true, true);
    b.rule();
    b.fact(b.words.till, &data.till);
    if let Some(day) = data.day_number {
        b.pair(b.words.day, &day.to_string());
    }
    b.fact(b.words.person, &data.person);
    b.fact(b.words.from, &data.from);
    b.fact(b.words.to, &data.to);
    for section in &data.sections {
        b.rule();
        b.text(&section.title, Align::Left, true, false);
        for row in &section.rows {
            self::row(&mut b, row);
        }
    }
    if let Some(difference) = data.difference {
        b.rule();
        let word = match difference {
            0 => b.words.exact,
            1.. => b.words.over,
            _ => b.words.short,
        };
        let (left, right) = (b.words.difference.to_owned(), b.money(difference));
        b.blocks.push(Block::Columns { left, right, mark: None, indent: 0, bold: true, big: true });
        b.text(word, Align::Right, true, false);
    }
    if !data.notes.is_empty() {
        b.rule();
    }
    for note in &data.notes {
        b.text(note, Align::Left, false, false);
    }
    b.signature_line(data.signature_line);
    b.warnings(data.training, data.copy);
    let name = match data.day_number {
        Some(day) => format!("{title} {day}"),
        None => title.to_owned(),
    };
    b.finish(name)
}

fn row(b: &mut Builder, row: &ReportRow) {
    let label = match row.count {
        Some(count) if row.amount.is_some() => format!("{count} × {}", row.label),
        _ => row.label.clone(),
    };
    let right = match (row.amount, row.count) {
        (Some(amount), _) => b.money(amount),
        (None, Some(count)) => count.to_string(),
        (None, None) => String::new(),
    };
    let left = crate::clean(&label);
    b.blocks.push(Block::Columns {
        left,
        right,
        mark: None,
        indent: 0,
        bold: row.strong,
        big: false,
    });
}
