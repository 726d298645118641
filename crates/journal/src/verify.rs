//! Verifying a chain: names the first bad entry and how it is bad. Constant memory.

use std::fmt;

use crate::chain::{GENESIS, hash};
use crate::entry::{decode, decode_meta};

/// An entry known from outside the chain: noted by a day closing, a backup, on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Its number.
    pub seq: u64,
    /// Its hash; none when only its number is known.
    pub hash: Option<[u8; 32]>,
}

/// The last entry of a journal; number 0 and the genesis hash for an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub seq: u64,
    /// Its hash.
    pub hash: [u8; 32],
}

impl Head {
    /// The head of an empty journal.
    pub const EMPTY: Head = Head { seq: 0, hash: GENESIS };
}

/// How an entry is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Its hash does not fit its bytes.
    Edited,
    /// It is not there, though later ones are.
    Missing,
    /// It stands at another entry's place.
    Swapped,
    /// The journal ends before it, though it is known from outside.
    CutOff,
    /// Its bytes are no entry that this program can read.
    Unreadable,
    /// The chain is sound in itself, but leads to another hash than the one known from outside:
    /// something at or before this entry was written anew with all hashes after it.
    Rewritten,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Edited => "edited",
            Fault::Missing => "missing",
            Fault::Swapped => "swapped",
            Fault::CutOff => "cut off",
            Fault::Unreadable => "unreadable",
            Fault::Rewritten => "rewritten",
        })
    }
}

/// The first bad entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Its number.
    pub seq: u64,
    /// How it is bad.
    pub fault: Fault,
}

/// What came of verifying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every entry is as it was written.
    Sound {
        /// The last one.
        head: Head,
    },
    /// Something is wrong; this is the first bad entry.
    Bad(Finding),
}

/// Verifies a chain whose entries it is fed in the order of their numbers.
#[derive(Debug)]
pub struct Verifier {
    head: Head,
    anchors: Vec<Anchor>,
    finding: Option<Finding>,
    /// An entry out of its place: the row it stands in, and the number it says it has.
    misplaced: Option<(u64, u64)>,
}

impl Verifier {
    /// A verifier for a whole journal, with the entries known from outside.
    pub fn new(anchors: Vec<Anchor>) -> Self {
        Verifier { head: Head::EMPTY, anchors, finding: None, misplaced: None }
    }

    /// The next row: its number, the hash stored with it, its bytes.
    ///
    /// Answers false once nothing that follows can change the verdict.
    pub fn feed(&mut self, seq: u64, stored: &[u8], bytes: &str) -> bool {
        if self.finding.is_some() {
            return false;
        }
        if let Some((row, own)) = self.misplaced {
            return self.settle(row, own, seq, bytes);
        }
        let expected = self.head.seq.saturating_add(1);
        if seq != expected {
            let fault = if seq > expected { Fault::Missing } else { Fault::Swapped };
            return self.found(expected.min(seq), fault);
        }
        let computed = hash(&self.head.hash, bytes.as_bytes());
        let fits = computed.as_slice() == stored;
        let own = match (fits, decode(bytes)) {
            (_, Ok((meta, _))) => meta.seq,
            (true, Err(_)) => return self.found(seq, Fault::Unreadable),
            // Edited bytes may have lost their meaning; the envelope says whether anything is left.
            (false, Err(_)) => match decode_meta(bytes) {
                Ok(meta) => meta.seq,
                Err(_) => return self.found(seq, Fault::Unreadable),
            },
        };
        if own != seq {
            self.misplaced = Some((seq, own));
            return true;
        }
        if !fits {
            return self.found(seq, Fault::Edited);
        }
        let other = |a: &Anchor| a.seq == seq && a.hash.is_some_and(|known| known != computed);
        if self.anchors.iter().any(other) {
            return self.found(seq, Fault::Rewritten);
        }
        self.head = Head { seq, hash: computed };
        true
    }

    /// An entry is out of place. Two that were exchanged say each other's number; when entries moved
    /// up over a hole, the one at the hole says a later number and nobody says its own.
    fn settle(&mut self, row: u64, own: u64, seq: u64, bytes: &str) -> bool {
        let says = decode_meta(bytes).map(|meta| meta.seq).ok();
        if says == Some(row) {
            return self.found(row, Fault::Swapped);
        }
        if own > row && seq >= own {
            return self.found(row, Fault::Missing);
        }
        true
    }

    fn found(&mut self, seq: u64, fault: Fault) -> bool {
        self.finding = Some(Finding { seq, fault });
        false
    }

    /// How far it has come without a finding.
    pub fn head(&self) -> Head {
        self.head
    }

    /// There are no more rows.
    pub fn finish(self) -> Verdict {
        if let Some(finding) = self.finding {
            return Verdict::Bad(finding);
        }
        if let Some((row, own)) = self.misplaced {
            let fault = if own > row { Fault::Missing } else { Fault::Swapped };
            return Verdict::Bad(Finding { seq: row, fault });
        }
        let beyond = self.anchors.iter().any(|a| a.seq > self.head.seq);
        if beyond {
            let seq = self.head.seq.saturating_add(1);
            return Verdict::Bad(Finding { seq, fault: Fault::CutOff });
        }
        Verdict::Sound { head: self.head }
    }
}
