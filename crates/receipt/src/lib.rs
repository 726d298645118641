//! Everything a till prints, as one document: figures in, a [`Document`] out, and the document as text, as HTML or
//! (in `devices`) as ESC/POS. Pure: no I/O, no clock, no float, and **no computing of money**: every amount arrives
//! computed, in whole minor units.
//!
//! What always holds: every text from outside passes [`clean`] before it stands in a document; no rendered line is
//! longer than the paper is wide; a copy and a training receipt cannot be taken for the real thing.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::as_conversions
)]

mod amount;
mod build;
mod cash_book;
mod clean;
mod codes;
mod data;
mod document;
mod hospitality;
mod html;
mod invoice;
mod layout;
mod report;
mod svg;
mod swiss;
mod words;

pub use amount::format_amount;
pub use build::receipt_document;
pub use cash_book::{CASH_BOOK_STYLE, CashBookData, CashBookLine, render_cash_book};
pub use clean::{clean, clean_code};
pub use codes::{
    QrMatrix, code128_symbols, code128_widths, ean8_modules, ean13_modules, qr_matrix,
};
pub use data::{
    Language, Line, LineKind, NamedAmount, ReceiptData, ReceiptKind, ReportData, ReportKind,
    ReportRow, ReportSection, Rounding, ShopHead, SubLine, TaxRow, Tender,
};
pub use document::{Align, Block, Document, Picture};
pub use hospitality::Hospitality;
pub use html::{HtmlOptions, STYLE, escape, render_html};
pub use invoice::{
    INVOICE_STYLE, Invoice, InvoiceBank, InvoiceKind, Said, Sheet, SheetRow, invoice_sheet,
    render_invoice,
};
pub use layout::{Big, Laid, TextLine, columns_of, layout, render_text};
pub use report::report_document;
pub use svg::{code128_svg, ean13_svg, picture_svg, qr_path, qr_svg};
pub use swiss::{
    SwissAddress, SwissBill, SwissFault, SwissReference, is_qr_iban, qr_reference, swiss_qr_svg,
};
