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
            let field = if cells.has(Field::Code) { Field::Code } else { Field::Number };
            cells.error(field, LineProblem::DuplicateItem, &draft.number);
        }
        let mut keys: Vec<u64> = Vec::with_capacity(draft.codes.len());
        for (index, code) in draft.codes.iter().enumerate() {
            let key = self.key(&code.code);
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

    /// A number for a text: exact for up to 17 digits, which all GTINs are; else a hash of 63 bits.
    fn key(&self, text: &str) -> u64 {
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        if text.len() <= 17
            && text.bytes().all(|b| b.is_ascii_digit())
            && let Ok(value) = text.parse::<u64>()
        {
            return value.saturating_mul(32).saturating_add(length);
        }
        self.hasher.hash_one(text) | (1 << 63)
    }
}
