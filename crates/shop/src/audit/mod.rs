//! What an auditor and the owner need of the record: the history of changes, the documentation of procedures, the sheet
//! for the tax office, how long what is kept. All of it out of the shop's file, beside the engine.
//!
//! *Absent:* who may look (`http`), the clock, figures: amounts are those of the journal.

mod chained;
mod changes;
mod diff;
mod export;
mod material;
mod notice;
mod outages;
mod procedures;
mod retained;
mod words;

#[cfg(test)]
mod tests;

use document::Document;
pub use document::render_html;

pub use changes::{Change, FieldChange, Imported, changes, of_import};
pub use export::{CsvFault, write_csv};
pub use material::{Material, Version};
pub use notice::{notice_document, notice_xml};
pub use outages::{Outage, outages};
pub use procedures::procedures_document;
pub use retained::retention_document;
pub use words::{Words, kind_words};

/// All kinds of changes, as the history shows them.
pub const HISTORY: [store::Told; 9] = [
    store::Told::Price,
    store::Told::Item,
    store::Told::Import,
    store::Told::Rate,
    store::Told::Setting,
    store::Told::Person,
    store::Told::Clock,
    store::Told::Unit,
    store::Told::Program,
];

/// A paper as a PDF for the archive, by the shop and of the moment that its material is of.
///
/// # Errors
/// When something in it is not lawful in an archive; every text is.
pub fn render_pdf(material: &Material, document: &Document) -> Result<Vec<u8>, pdf::Fault> {
    pdf::paper(document, &material.settings.name, crate::invoice::moment(material.now))
}
