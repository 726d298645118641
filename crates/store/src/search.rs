//! Search for items: words in any order, each a prefix, accents ignored; digits are codes and numbers
//! as well.
//!
//! A letter hits half the catalogue, so nothing is ranked over all hits: the newest few hundred hits
//! are taken and put in a sensible order. The work is bounded whatever is typed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use domain::catalogue::{Item, ItemDraft, fold};
use domain::{GroupId, ItemId};
use rusqlite::{OptionalExtension, params};

use crate::{Reader, StoreError};

/// Hits that are looked at for the order.
const CANDIDATES: usize = 240;
/// Rows of the index that are visited at most, void and superseded ones included.
const VISITS: usize = 12_000;
/// Rows taken from the index at a time.
const BATCH: usize = 400;
/// Words that count; more are ignored.
const WORDS: usize = 8;

/// What the index holds of an item: its words, one space between them.
pub(crate) fn indexed_text(draft: &ItemDraft) -> String {
    let folded = [fold(&draft.name), fold(&draft.number)];
    let mut text = String::with_capacity(draft.name.len().saturating_add(draft.number.len()));
    for word in folded.iter().flat_map(|part| split(part)) {
        text.push_str(word);
        text.push(' ');
    }
    text
}

/// Words of folded text: letters and digits. What is stored and what is typed are cut alike, and the
/// index's own tokenizer finds nothing left to cut.
fn split(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// What is typed, as words of the index.
fn words(query: &str) -> Vec<String> {
    split(&fold(query)).take(WORDS).map(|word| word.chars().take(64).collect()).collect()
}

/// The words as a query of the index, each whole or as a prefix.
fn matching(words: &[String], prefix: bool) -> String {
    let mut query = String::new();
    for word in words {
        // Only letters and digits: nothing to escape inside the quotes.
        let _ = write!(query, "\"{word}\"{} ", if prefix { "*" } else { "" });
    }
    query
}

/// An item that was hit, with what its order needs.
struct Candidate {
    item: u32,
    number: String,
    name: String,
    body: String,
}

/// Collects hits: each item once.
struct Hits<'a> {
    reader: &'a Reader,
    retired_too: bool,
    group: Option<GroupId>,
    seen: BTreeSet<u32>,
    hits: Vec<Candidate>,
}

impl Hits<'_> {
    fn full(&self) -> bool {
        self.hits.len() >= CANDIDATES
    }

    /// Takes a version when it is its item's present one.
    fn take(&mut self, version: i64) -> Result<(), StoreError> {
        let hit = self
            .reader
            .conn()
            .prepare_cached(sql!("search/candidate"))?
            .query_row(params![version, self.retired_too, self.group.map(|g| g.0)], |row| {
                Ok(Candidate {
                    item: row.get(0)?,
                    number: row.get(1)?,
                    name: row.get(2)?,
                    body: row.get(4)?,
                })
            })
            .optional()?;
        if let Some(hit) = hit
            && self.seen.insert(hit.item)
        {
            self.hits.push(hit);
        }
        Ok(())
    }

    /// Takes hits of the index, the newest versions first, leaping over imports that are not valid.
    fn take_matching(&mut self, query: &str) -> Result<(), StoreError> {
        let mut visits = 0;
        for (low, high) in self.valid_ranges()? {
            let mut high = high;
            while !self.full() && visits < VISITS && low <= high {
                let batch = i64::try_from(BATCH).unwrap_or(i64::MAX);
                let versions = self.reader.rows(
                    sql!("search/words"),
                    params![query, low, high, batch],
                    |row| row.get::<_, i64>(0),
                )?;
                visits = visits.saturating_add(versions.len());
                for version in &versions {
                    if !self.full() {
                        self.take(*version)?;
                    }
                }
                match versions.last() {
                    Some(last) if versions.len() == BATCH => high = last.saturating_sub(1),
                    _ => break,
                }
            }
        }
        Ok(())
    }

    /// Versions outside of imports that run or were cancelled, newest first; then, with what is left
    /// of the visits, the ranges of those imports: items put by hand meanwhile are among them.
    fn valid_ranges(&self) -> Result<Vec<(i64, i64)>, StoreError> {
        let void = self.reader.rows(sql!("import/void_ranges"), [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        })?;
        let mut ranges = Vec::with_capacity(void.len().saturating_mul(2).saturating_add(1));
        let mut high = i64::MAX;
        for (first, last) in &void {
            ranges.push((last.saturating_add(1), high));
            high = high.min(first.saturating_sub(1));
        }
        ranges.push((0, high));
        ranges.extend(void);
        Ok(ranges)
    }

    /// Takes items by the beginning of a code or of an item number.
    fn take_digits(&mut self, digits: &str) -> Result<(), StoreError> {
        // ':' is the character after '9': the end of everything that begins with these digits, as
        // long as only digits follow.
        let end = format!("{digits}:");
        let limit = i64::try_from(CANDIDATES).unwrap_or(i64::MAX);
        let numbers =
            self.reader.rows(sql!("search/number_prefix"), params![digits, end, limit], |row| {
                row.get::<_, i64>(0)
            })?;
        for version in numbers {
            self.take(version)?;
        }
        let codes =
            self.reader.rows(sql!("search/code_prefix"), params![digits, end, limit], |row| {
                Ok((row.get::<_, String>(0)?, ItemId(row.get(1)?)))
            })?;
        for (code, item) in codes {
            let version: Option<i64> = self
                .reader
                .row(sql!("item/get"), [item.0], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
                })?
                // A code the item had once does not count; the body's JSON holds it in quotes.
                .filter(|(_, body)| body.contains(&format!("\"{code}\"")))
                .map(|(version, _)| version);
            if let Some(version) = version {
                self.take(version)?;
            }
        }
        Ok(())
    }
}

/// Lower comes first: the very name or number, then names that begin so, then whole words, then
/// shorter names.
fn order(words: &[String], phrase: &str, candidate: &Candidate) -> (u8, usize, usize, String) {
    let name = fold(&candidate.name);
    let rank = if name == phrase || fold(&candidate.number) == phrase {
        0
    } else if name.starts_with(phrase) {
        1
    } else if words.first().is_some_and(|first| name.starts_with(first.as_str())) {
        2
    } else {
        3
    };
    let whole = |word: &&String| split(&name).any(|part| part == **word);
    let missing = words.len().saturating_sub(words.iter().filter(whole).count());
    (rank, missing, name.chars().count(), name)
}

impl Reader {
    /// Items for what a person typed: at most `limit`, best first, each once.
    ///
    /// Words may stand in any order and be cut short; accents and case do not matter. Digits alone
    /// also find codes and item numbers that begin with them. Retired items only when asked for.
    /// An empty query finds nothing.
    pub fn search(
        &self,
        query: &str,
        group: Option<GroupId>,
        retired_too: bool,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let words = words(query);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut found =
            Hits { reader: self, retired_too, group, seen: BTreeSet::new(), hits: Vec::new() };
        let trimmed = query.trim();
        if trimmed.bytes().all(|b| b.is_ascii_digit()) {
            found.take_digits(trimmed)?;
        }
        // Whole words first: "cola" shall find Cola among thousands of colanders.
        found.take_matching(&matching(&words, false))?;
        found.take_matching(&matching(&words, true))?;
        let phrase = fold(trimmed);
        let mut hits = found.hits;
        hits.sort_by_cached_key(|hit| order(&words, &phrase, hit));
        hits.truncate(limit);
        hits.iter().map(|hit| Ok(serde_json::from_str(&hit.body)?)).collect()
    }
}
