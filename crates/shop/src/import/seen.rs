//! What may stand in a file only once: codes, item numbers, items. Eight bytes each.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use domain::ItemId;
use domain::catalogue::ItemDraft;

use super::cells::Cells;
use super::columns::Field;
use super::problem::LineProblem;

/// What stood in earlier good lines.
#[derive(Default)]
pub(super) struct Seen {
    codes: HashSet<u64>,
    numbers: HashSet<u64>,
    items: HashSet<u32>,
    /// Keyed anew for each file, so that nobody can make texts that collide.
    hasher: RandomState,
}

impl Seen {
    /// Notes a line that is good so far; false (and an error) when something stood in an earlier line.
    pub(super) fn admit(
        &mut self,
        cells: &mut Cells<'_, '_>,
        draft: &ItemDraft,
        item: Option<ItemId>,
    ) -> bool {
        if item.is_some_and(|item| self.items.contains(&item.0)) {
            match cells.code(Field::Code).filter(|code| self.codes.contains(&self.code_key(code))) {
                Some(code) => cells.error(Field::Code, LineProblem::DuplicateCode, &code),
                None => cells.error(Field::Number, LineProblem::DuplicateItem, &draft.number),
            }
            return false;
        }
        let mut keys: Vec<u64> = Vec::with_capacity(draft.codes.len());
        for (index, code) in draft.codes.iter().enumerate() {
            let key = self.code_key(&code.code);
            if self.codes.contains(&key) || keys.contains(&key) {
                let field = if index == 0 { Field::Code } else { Field::PackCodes };
                cells.error(field, LineProblem::DuplicateCode, &code.code);
            }
            keys.push(key);
        }
        let number = self.key(&draft.number);
        // A number that was made from the code says nothing that the code does not say.
        let made = draft.codes.first().is_some_and(|code| code.code == draft.number);
        if self.numbers.contains(&number) && (!made || cells.is_good()) {
            cells.error(Field::Number, LineProblem::DuplicateNumber, &draft.number);
        }
        if !cells.is_good() {
            return false;
        }
        self.codes.extend(keys);
        self.numbers.insert(number);
        if let Some(item) = item {
            self.items.insert(item.0);
        }
        true
    }

    /// A number for a code. One GTIN is one number, however many zeros stand in front: a scan could not
    /// tell them apart.
    fn code_key(&self, code: &str) -> u64 {
        let gtin = matches!(code.len(), 8 | 12 | 13 | 14);
        exact(code, if gtin { 14 } else { code.len() }).unwrap_or_else(|| self.hash(code))
    }

    /// A number for an item number, which counts as it is written.
    fn key(&self, text: &str) -> u64 {
        exact(text, text.len()).unwrap_or_else(|| self.hash(text))
    }

    /// Apart from all exact numbers; keyed anew for each file.
    fn hash(&self, text: &str) -> u64 {
        self.hasher.hash_one(text) | (1 << 63)
    }
}

/// Up to 17 digits and a length, below 2^63.
fn exact(text: &str, length: usize) -> Option<u64> {
    if text.len() > 17 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let length = u64::try_from(length).ok()?;
    text.parse::<u64>().ok()?.checked_mul(32)?.checked_add(length)
}
