//! How often somebody may ask for what does not exist, and upload.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use super::tokens::Owner;

/// Ids that lead nowhere, and tokens that are none, for an address in a minute.
const MISSES: u32 = 30;
/// Of all addresses together: whoever has many.
const MISSES_OF_ALL: u32 = 3_000;
/// Receipts that a shop uploads in a minute.
const UPLOADS: u32 = 1_200;
/// Addresses that are remembered at most.
const REMEMBERED: usize = 20_000;

/// Counts of one minute.
#[derive(Debug)]
struct Minute<K> {
    began: u64,
    counts: HashMap<K, u32>,
    all: u32,
}

impl<K> Default for Minute<K> {
    fn default() -> Self {
        Minute { began: 0, counts: HashMap::new(), all: 0 }
    }
}

impl<K: Eq + Hash> Minute<K> {
    fn of(&mut self, now: u64) -> &mut Self {
        // A clock that goes back begins a minute as well.
        if now < self.began || now.saturating_sub(self.began) >= 60 {
            *self = Minute { began: now, ..Minute::default() };
        }
        self
    }

    fn count(&mut self, of: K) -> u32 {
        self.all = self.all.saturating_add(1);
        if self.counts.len() >= REMEMBERED && !self.counts.contains_key(&of) {
            return 1;
        }
        let count = self.counts.entry(of).or_default();
        *count = count.saturating_add(1);
        *count
    }
}

/// See the module.
#[derive(Debug, Default)]
pub struct Limits {
    misses: Mutex<Minute<IpAddr>>,
    uploads: Mutex<Minute<Owner>>,
}

impl Limits {
    pub(super) fn missed(&self, who: IpAddr, now: u64) {
        let mut misses = self.misses.lock().unwrap_or_else(PoisonError::into_inner);
        misses.of(now).count(who);
    }

    pub(super) fn is_held_off(&self, who: IpAddr, now: u64) -> bool {
        let mut misses = self.misses.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = misses.of(now);
        minute.all >= MISSES_OF_ALL || minute.counts.get(&who).is_some_and(|count| *count >= MISSES)
    }

    pub(super) fn may_upload(&self, owner: Owner, now: u64) -> bool {
        let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        uploads.of(now).count(owner) <= UPLOADS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_tries_is_held_off_and_nobody_else() {
        let limits = Limits::default();
        let (eve, ada) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        (0..MISSES).for_each(|_| limits.missed(eve, 100));
        assert!(limits.is_held_off(eve, 101) && !limits.is_held_off(ada, 101));
        assert!(!limits.is_held_off(eve, 161), "a minute later");
    }

    #[test]
    fn many_addresses_together_are_held_off_as_well() {
        let limits = Limits::default();
        for of in 0..MISSES_OF_ALL {
            limits.missed(IpAddr::from(of.to_be_bytes()), 100);
        }
        assert!(limits.is_held_off(IpAddr::from([192, 0, 2, 1]), 100));
    }
}
