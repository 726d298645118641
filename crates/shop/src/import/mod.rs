//! The catalogue from and to CSV files.
//!
//! A file is read twice: [`analyse`] says how it was understood, what each line would do and what is
//! wrong; [`apply`] sends the good lines to the engine. Both need memory for one record, not for the
//! file. [`Imports`] runs that as jobs for the API, [`import_file`] for the command line, and
//! [`export_csv`] writes what the import reads.

mod amount;
mod analysis;
mod apply;
mod cells;
mod charset;
mod columns;
mod content;
mod context;
mod deposits;
mod engine;
mod export;
mod jobs;
mod line;
mod problem;
mod recalls;
mod rows;
mod seen;
#[cfg(test)]
mod tests;

pub use amount::DecimalSign;
pub use analysis::{Analysis, Counts, ErrorCount, Layout, Preview, PreviewRow, Watch, analyse};
pub use apply::{Applier, ApplyError, BATCH, ImportOutcome, Sent, analyse_with, apply};
pub(crate) use cells::guard;
pub use charset::Charset;
pub use columns::{ColumnMapping, Field};
pub(crate) use content::read_content;
pub use context::{ImportContext, Lookup, deposit_number};
pub use deposits::deposit_draft;
pub use engine::{EngineApplier, export_items};
pub use export::{ExportError, export_csv};
pub use jobs::{
    FileImport, ImportJobId, ImportProgress, ImportState, ImportStatus, Imports, JobRefusal,
    import_file,
};
pub use line::RowAction;
pub use problem::{ImportFailure, LineError, LineProblem};
pub use recalls::read_recalls;
