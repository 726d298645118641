//! Verifying a shop's file as a whole: the journal's chain, SQLite's structures, and people's names.

use std::path::Path;

use store::{Anchor, Reader, StoreError, Verdict, VerifyReport};

use crate::personal::{NameFinding, check};

/// What verifying a shop's file found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Journal and file.
    pub record: VerifyReport,
    /// Names that do not fit the journal, by person; looked at only when the chain is whole.
    pub names: Vec<NameFinding>,
}

impl Verified {
    /// True when nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.record.is_sound() && self.names.is_empty()
    }

    /// The first thing that is wrong, in English and one line; none when nothing is.
    pub fn problem(&self) -> Option<String> {
        if let Verdict::Bad(finding) = self.record.verdict {
            return Some(format!("entry {}: {}", finding.seq, finding.fault));
        }
        let structure = self.record.structure.first().cloned();
        let name = |found: &NameFinding| format!("name of {}: {}", found.whose, found.fault);
        structure.or_else(|| self.names.first().map(name))
    }
}

/// [`store::verify_file`], and then each person's name against the journal.
pub fn verify_file(
    path: &Path,
    anchors: &[Anchor],
    mut progress: impl FnMut(u64, u64) -> bool,
) -> Result<Verified, StoreError> {
    let mut goes_on = true;
    let record = store::verify_file(path, anchors, |done, of| {
        goes_on = progress(done, of);
        goes_on
    })?;
    let whole = goes_on && matches!(record.verdict, Verdict::Sound { .. });
    let names = if whole { check(&Reader::open(path)?)? } else { Vec::new() };
    Ok(Verified { record, names })
}
