//! DSFinV-K 2.4: what a till in Germany hands to the tax auditor. The form as data (`schema`), what a shop gives in
//! (`model`), the files (`export`, `index`), and a checker that reads a package again and believes nothing (`check`).
//!
//! *Absent:* files and ZIP archives (sinks and sources come in), the clock, prices and taxes: what is exported was
//! computed when it was sold.

pub mod check;
mod csv;
mod export;
pub mod fuzz;
mod index;
pub mod model;
mod number;
pub mod schema;
mod time;
mod totals;

pub use csv::{Fault, Why, cut};
pub use export::{ExportError, Exporter, Written, WrittenFile};
pub use index::{DTD, DTD_FILE, INDEX_FILE, NOT_CERTIFIED, Supplier, index_xml};
pub use totals::{Totals, spread};
