//! The shop's papers ([`document::Document`]) on pages for the archive.

use document::{Block, Document, Language, Table};

use crate::{About, Cell, Column, Fault, Flow, Moment, Side};

/// Size of plain text.
const SIZE: f32 = 9.5;

/// A paper, by whom and of when. The same paper makes the same bytes.
///
/// # Errors
/// When something in it is not lawful in an archive.
pub fn paper(document: &Document, author: &str, made: Moment) -> Result<Vec<u8>, Fault> {
    flow(document, author, made).finish()
}

pub(crate) fn flow(document: &Document, author: &str, made: Moment) -> Flow {
    let language = match document.language {
        Language::De => "de",
        Language::En => "en",
    };
    let about = About {
        title: document.title.clone(),
        author: author.to_owned(),
        language: language.to_owned(),
        made,
    };
    let mut flow = Flow::new(about, SIZE);
    flow.foot(&document.footer);
    flow.heading(1, &document.title);
    flow.small(&document.subtitle);
    flow.space(10.0);
    for block in &document.blocks {
        write(&mut flow, block);
    }
    flow
}

fn write(flow: &mut Flow, block: &Block) {
    match block {
        Block::Chapter(text) => {
            flow.space(16.0);
            flow.chapter(text);
        }
        Block::Heading(text) => {
            flow.space(8.0);
            flow.heading(3, text);
        }
        Block::Text(text) => {
            flow.paragraph(text);
            flow.space(5.0);
        }
        Block::Note(text) => {
            flow.space(2.0);
            flow.note(text);
            flow.space(7.0);
        }
        Block::List(points) => {
            for point in points {
                flow.point(point);
                flow.space(2.0);
            }
            flow.space(4.0);
        }
        Block::Facts(facts) => {
            flow.facts(facts.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            flow.space(6.0);
        }
        Block::Table(table) => {
            write_table(flow, table);
            flow.space(6.0);
        }
    }
}

fn write_table(flow: &mut Flow, table: &Table) {
    let columns = table
        .columns
        .iter()
        .map(|(_, share)| Column { share: f32::from(*share), side: Side::Left });
    let columns: Vec<Column> = columns.collect();
    let head: Vec<String> = table.columns.iter().map(|(title, _)| title.clone()).collect();
    let rows = table.rows.iter().map(|row| row.iter().map(Cell::of).collect());
    flow.ruled_table(&columns, &head, rows);
}
