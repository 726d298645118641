//! The invoice as a PDF for the archive, with its XML in it (ZUGFeRD, in other countries Factur-X).

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pdf::{About, Attachment, Cell, Column, Fault, Flow, Moment, Relation, Schema, Side};
use receipt::{Sheet, invoice_sheet};

use super::Made;

/// The name that receivers look for.
const XML: &str = "factur-x.xml";

/// Always the same for the same invoice.
pub(super) fn pdf(made: &Made, xml: String) -> Result<Vec<u8>, Fault> {
    let sheet = invoice_sheet(&made.invoice);
    let about = About {
        title: sheet.title.clone(),
        author: made.then.name.clone(),
        language: sheet.tag.to_owned(),
        made: moment(made.issued.at),
    };
    let mut flow = Flow::new(about, 9.5);
    write(&mut flow, &sheet);
    flow.attach(Attachment {
        name: XML.to_owned(),
        description: "Factur-X/ZUGFeRD".to_owned(),
        media: "text/xml",
        bytes: xml.into_bytes(),
        is: Relation::Alternative,
    });
    flow.describe(schema());
    flow.finish()
}

/// A moment as a PDF says it.
pub(crate) fn moment(at: Timestamp) -> Moment {
    let at = TimeZone::UTC.to_datetime(at);
    let small = |number: i8| u8::try_from(number).unwrap_or_default();
    Moment {
        year: u16::try_from(at.year()).unwrap_or_default(),
        month: small(at.month()),
        day: small(at.day()),
        time: (small(at.hour()), small(at.minute()), small(at.second())),
    }
}

/// What a PDF says of the XML in it (Factur-X 1.0, 6.2.2).
fn schema() -> Schema {
    Schema {
        name: "Factur-X PDFA Extension Schema",
        namespace: "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
        prefix: "fx",
        properties: vec![
            ("DocumentFileName", XML.to_owned(), "Name of the embedded XML invoice file"),
            ("DocumentType", "INVOICE".to_owned(), "Type of the hybrid document"),
            ("Version", "1.0".to_owned(), "Version of the XML schema"),
            ("ConformanceLevel", "EN 16931".to_owned(), "Conformance level of the embedded XML"),
        ],
    }
}

fn write(flow: &mut Flow, sheet: &Sheet) {
    let mut sender = sheet.from.iter();
    if let Some((name, _)) = sender.next() {
        flow.strong(name);
    }
    for (text, small) in sender {
        if *small {
            flow.small(text);
        } else {
            flow.paragraph(text);
        }
    }
    flow.space(26.0);
    flow.beside(&sheet.to, &sheet.facts);
    flow.space(26.0);
    flow.heading(1, &sheet.title);
    if let Some(subtitle) = &sheet.subtitle {
        flow.paragraph(subtitle);
    }
    flow.space(8.0);
    let column = |share, side| Column { share, side };
    let columns = [
        column(5.6, Side::Left),
        column(1.7, Side::Right),
        column(1.7, Side::Right),
        column(1.5, Side::Right),
        column(1.9, Side::Right),
    ];
    let rows: Vec<Vec<Cell>> = sheet
        .rows
        .iter()
        .map(|row| {
            let mut cells: Vec<Cell> = row.cells.iter().map(Cell::of).collect();
            if let Some(first) = cells.first_mut() {
                first.below.clone_from(&row.below);
            }
            cells
        })
        .collect();
    flow.table(&columns, &sheet.head, rows);
    flow.space(4.0);
    let sums: Vec<Vec<Cell>> = sheet
        .sums
        .iter()
        .map(|(label, amount, strong)| {
            let cell = if *strong { Cell::strong } else { Cell::of };
            vec![cell(label.clone()), cell(amount.clone())]
        })
        .collect();
    flow.sums(&[column(8.0, Side::Right), column(2.2, Side::Right)], &sums);
    flow.space(16.0);
    let columns = [
        column(3.0, Side::Left),
        column(2.0, Side::Right),
        column(2.0, Side::Right),
        column(2.0, Side::Right),
    ];
    let taxes: Vec<Vec<Cell>> =
        sheet.taxes.iter().map(|row| row.iter().map(Cell::of).collect()).collect();
    flow.table(&columns, &sheet.tax_head, taxes);
    flow.space(10.0);
    for (text, small) in &sheet.notes {
        flow.space(3.0);
        if *small {
            flow.small(text);
        } else {
            flow.paragraph(text);
        }
    }
}
