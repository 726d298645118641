//! Voucher codes in the engine: made, hashed, shown once, and how often unknown ones may be tried.
//!
//! A code stands in no file: it lives in memory from the receipt that sells it until that is printed and
//! the till goes on.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use domain::event::VoucherSold;
use domain::voucher::{FreshCode, Voucher, VoucherCode, VoucherHash};
use domain::{Command, Event, ReceiptNo, Refusal, TillCommand, TillId, VoucherId};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::{Store, StoreError};

use super::worker::Worker;
use super::{Actor, EngineError};
use crate::auth::{NoRandomness, random};

/// Unknown codes until no voucher is looked up at a till for a while.
const AT_TILL: u32 = 5;
/// Unknown codes until no voucher is looked up anywhere for a while.
const IN_SHOP: u32 = 20;
/// How long that is at first; it doubles each time.
const SHORT: Duration = Duration::from_secs(60);
/// And at most.
const LONG: Duration = Duration::from_secs(60 * 60);
/// Tries are forgotten after this long without any.
const FORGET: Duration = Duration::from_secs(60 * 60);
/// Receipts whose codes are remembered at most.
const REMEMBERED: usize = 64;

/// HMAC-SHA-256 (RFC 2104) of a code under the shop's key.
pub(super) fn hash(key: &[u8; 32], code: VoucherCode) -> VoucherHash {
    hmac(key, &code.bits())
}

fn hmac(key: &[u8; 32], message: &[u8]) -> VoucherHash {
    let padded = |with: u8| {
        let mut block = [with; 64];
        block.iter_mut().zip(key).for_each(|(b, k)| *b ^= k);
        block
    };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    VoucherHash(Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().into())
}

/// What a command brings of vouchers, with all that is random about it.
pub(super) struct Vouching {
    /// The hash of the code that it names.
    pub(super) named: Option<VoucherHash>,
    /// Codes for the vouchers that it may sell.
    made: Vec<VoucherCode>,
    pub(super) fresh: Vec<FreshCode>,
}

impl Vouching {
    /// `sells`: how many vouchers it may sell at most.
    pub(super) fn of(
        store: &Store,
        command: &Command,
        sells: usize,
    ) -> Result<Result<Vouching, NoRandomness>, StoreError> {
        let text = match command {
            Command::Till(_, command) => command.voucher_code(),
            Command::Shop(_) => None,
        };
        let code = text.and_then(|text| VoucherCode::parse(text).ok());
        let mut vouching = Vouching { named: None, made: Vec::new(), fresh: Vec::new() };
        if code.is_none() && sells == 0 {
            return Ok(Ok(vouching));
        }
        let Ok(spare) = random::bytes::<32>() else { return Ok(Err(NoRandomness)) };
        let key = store.own_voucher_key(|| spare)?;
        vouching.named = code.map(|code| hash(&key, code));
        for _ in 0..sells {
            let Ok(bits) = random::bytes::<16>() else { return Ok(Err(NoRandomness)) };
            let code = VoucherCode::of(bits);
            vouching.made.push(code);
            vouching.fresh.push(FreshCode { hash: hash(&key, code), last4: code.last4() });
        }
        Ok(Ok(vouching))
    }

    /// The codes of the vouchers that were sold.
    fn sold(&self, events: &[Event]) -> Vec<(VoucherId, VoucherCode)> {
        let sold = events.iter().filter_map(|event| match event {
            Event::VoucherSold(VoucherSold { voucher, .. }) => Some(*voucher),
            _ => None,
        });
        sold.zip(self.made.iter().copied()).collect()
    }
}

/// A receipt, and the codes of the vouchers that were sold with it.
type OfReceipt = ((TillId, ReceiptNo), Vec<(VoucherId, VoucherCode)>);

/// Codes of vouchers that were sold just now, by receipt.
#[derive(Debug, Default)]
pub(super) struct SoldCodes {
    codes: VecDeque<OfReceipt>,
}

impl SoldCodes {
    pub(super) fn of(&self, till: TillId, number: ReceiptNo) -> &[(VoucherId, VoucherCode)] {
        let found = self.codes.iter().find(|(receipt, _)| *receipt == (till, number));
        found.map(|(_, codes)| codes.as_slice()).unwrap_or_default()
    }

    /// Forgets the codes of a receipt.
    pub(super) fn forget(&mut self, till: TillId, number: ReceiptNo) {
        self.codes.retain(|(receipt, _)| *receipt != (till, number));
    }

    fn keep(&mut self, receipt: (TillId, ReceiptNo), codes: Vec<(VoucherId, VoucherCode)>) {
        while self.codes.len() >= REMEMBERED {
            self.codes.pop_front();
        }
        self.codes.push_back((receipt, codes));
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Tries {
    unknown: u32,
    locks: u32,
    last: Duration,
    until: Duration,
}

impl Tries {
    fn wait(&self, now: Duration) -> Option<Duration> {
        (now < self.until).then(|| self.until.saturating_sub(now))
    }

    /// Counts an unknown code; true when no more are looked up for a while.
    fn count(&mut self, most: u32, now: Duration) -> bool {
        if now.saturating_sub(self.last.max(self.until)) >= FORGET {
            *self = Tries::default();
        }
        self.last = now;
        self.unknown = self.unknown.saturating_add(1);
        if self.unknown < most {
            return false;
        }
        self.unknown = 0;
        let long = SHORT.saturating_mul(1_u32.checked_shl(self.locks).unwrap_or(u32::MAX));
        self.locks = self.locks.saturating_add(1).min(10);
        self.until = now.saturating_add(long.min(LONG));
        true
    }
}

/// How often unknown codes were tried: at each till, and in the whole shop. In measured time.
#[derive(Debug, Default)]
pub(super) struct CodeTries {
    tills: BTreeMap<TillId, Tries>,
    shop: Tries,
}

impl CodeTries {
    fn refusal(&self, till: TillId, now: Duration) -> Option<Refusal> {
        let here = self.tills.get(&till).and_then(|tries| tries.wait(now));
        let wait = here.into_iter().chain(self.shop.wait(now)).max()?;
        let seconds = u32::try_from(wait.as_secs().saturating_add(1)).unwrap_or(u32::MAX);
        Some(Refusal::TooManyVoucherTries { seconds })
    }

    /// Counts an unknown code; true when that locks.
    fn unknown(&mut self, till: TillId, now: Duration) -> bool {
        let here = self.tills.entry(till).or_default().count(AT_TILL, now);
        self.shop.count(IN_SHOP, now) || here
    }

    /// A code was known: the till's own tries are forgotten, those of the shop are not.
    fn known(&mut self, till: TillId) {
        self.tills.remove(&till);
    }
}

/// The till where a command names a code that can be read.
fn names_code(command: &Command) -> Option<TillId> {
    let Command::Till(till, command) = command else { return None };
    VoucherCode::parse(command.voucher_code()?).is_ok().then_some(*till)
}

impl Worker {
    /// How many vouchers a command may sell: those in the baskets of its till, and one paid out.
    pub(super) fn may_sell(&self, command: &Command) -> usize {
        let Command::Till(till, command) = command else { return 0 };
        let here = self.state.baskets.values().filter(|b| b.till == *till && !b.training);
        let sold = here.flat_map(|b| &b.lines).filter(|l| {
            matches!(&l.voucher, Some(domain::voucher::LineVoucher::Sale { voucher: None, .. }))
        });
        let mut most = sold.count();
        let paid_out =
            |t: &domain::basket::Tender| t.voucher.as_ref().is_some_and(|of| of.voucher.is_none());
        let baskets = self.state.baskets.values().filter(|b| b.till == *till);
        most =
            most.saturating_add(baskets.flat_map(|b| &b.tenders).filter(|t| paid_out(t)).count());
        most.saturating_add(usize::from(matches!(command, TillCommand::PayOutVoucher)))
    }

    /// No voucher is looked up for a command now: too many unknown codes were tried.
    pub(super) fn too_many_tries(&self, command: &Command) -> Option<Refusal> {
        self.tries.refusal(names_code(command)?, self.clock.elapsed())
    }

    /// Takes in what became of a code that a command named. Answers the refusal that must be seen later:
    /// once for each time that it locks, however often it is tried.
    pub(super) fn count_try(
        &mut self,
        command: &Command,
        refusal: Option<&Refusal>,
    ) -> Option<Refusal> {
        let till = names_code(command)?;
        let now = self.clock.elapsed();
        match refusal {
            Some(Refusal::UnknownVoucher) => {
                let locks = self.tries.unknown(till, now);
                locks.then(|| self.tries.refusal(till, now)).flatten()
            }
            Some(_) => None,
            None => {
                self.tries.known(till);
                None
            }
        }
    }

    /// Remembers the codes of the vouchers that were sold, until they are printed and the till goes on.
    pub(super) fn keep_codes(&mut self, till: Option<TillId>, events: &[Event], made: &Vouching) {
        let codes = made.sold(events);
        let receipt = events.iter().find_map(|event| match event {
            Event::ReceiptIssued(receipt) => Some(receipt.number),
            _ => None,
        });
        if let (Some(till), Some(number), false) = (till, receipt, codes.is_empty()) {
            self.codes.keep((till, number), codes);
        }
    }

    /// The codes of a receipt's vouchers came out on paper: they are forgotten once the screen goes on.
    pub(super) fn printed_codes(&mut self, till: TillId, number: ReceiptNo) {
        let last = self.state.tills.get(&till).and_then(|t| t.last_receipt);
        if last.is_none_or(|last| last.number != number) {
            self.codes.forget(till, number);
        }
    }

    /// The codes that a till's screen shows: of its last receipt, to whoever issued it.
    pub(super) fn shown_codes(&self, till: TillId) -> &[(VoucherId, VoucherCode)] {
        let here = self.state.tills.get(&till);
        let issued = here.and_then(|t| t.last_receipt).and_then(|_| self.last.get(&till));
        match issued {
            Some(issued) if here.is_some_and(|t| t.person == Some(issued.person)) => {
                self.codes.of(till, issued.receipt.number)
            }
            _ => &[],
        }
    }

    /// A voucher by its code, for whoever asks at a till what is left on it; counted like any other try.
    pub(super) fn look_up(
        &mut self,
        till: TillId,
        actor: Actor,
        text: &str,
    ) -> Result<Voucher, EngineError> {
        let command = Command::Till(
            till,
            TillCommand::PayVoucher { code: text.to_owned(), amount: None, despite_expiry: false },
        );
        let refused = |refusal| Err(EngineError::Refused(refusal));
        match VoucherCode::parse(text) {
            Ok(_) => {}
            Err(domain::voucher::CodeFault::Typo) => return refused(Refusal::VoucherTypo),
            Err(domain::voucher::CodeFault::NoCode) => return refused(Refusal::NoCode),
        }
        if let Some(refusal) = self.too_many_tries(&command) {
            return refused(refusal);
        }
        let not_stored = |error: StoreError| EngineError::NotStored(error.to_string());
        let vouching = Vouching::of(&self.store, &command, 0).map_err(not_stored)?;
        let vouching = vouching.map_err(|fault| EngineError::NotStored(fault.to_string()))?;
        let found = match &vouching.named {
            Some(hash) => self.store.voucher_of(hash).map_err(not_stored)?,
            None => None,
        };
        let refusal = found.is_none().then_some(Refusal::UnknownVoucher);
        if let Some(seen) = self.count_try(&command, refusal.as_ref()) {
            self.note_alone(till, actor, seen).map_err(not_stored)?;
        }
        found.ok_or(EngineError::Refused(Refusal::UnknownVoucher))
    }

    /// Records a refusal that no command made, in a transaction of its own.
    fn note_alone(
        &mut self,
        till: TillId,
        actor: Actor,
        refusal: Refusal,
    ) -> Result<(), StoreError> {
        let now: Timestamp = self.now();
        let event = Event::Refused { refusal, command: "voucher_balance".to_owned() };
        self.store.begin()?;
        let id = (crate::ids::own_command(now), None);
        self.record(now, Some(till), actor.person, id, &[event])?;
        self.save_parts()?;
        self.store.commit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_rfc_4231() {
        // Test case 1: a key of 20 bytes 0x0b, padded with nothing as the RFC pads it.
        let mut key = [0_u8; 32];
        key[..20].fill(0x0b);
        let hash = hmac(&key, b"Hi There");
        assert_eq!(
            serde_json::to_string(&hash).expect("a text"),
            "\"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7\""
        );
    }

    #[test]
    fn unknown_codes_lock_a_till_for_longer_each_time_and_many_lock_the_shop() {
        let mut tries = CodeTries::default();
        let second = Duration::from_secs;
        let here = TillId(1);
        for n in 1..=5 {
            assert_eq!(tries.unknown(here, second(0)), n == 5);
        }
        assert_eq!(
            tries.refusal(here, second(0)),
            Some(Refusal::TooManyVoucherTries { seconds: 61 })
        );
        assert_eq!(tries.refusal(TillId(2), second(0)), None);
        assert_eq!(tries.refusal(here, second(60)), None);
        for n in 1..=5 {
            assert_eq!(tries.unknown(here, second(60)), n == 5);
        }
        assert!(tries.refusal(here, second(179)).is_some(), "twice as long");
        // Ten more, from tills that are not locked.
        for till in 3..13 {
            tries.unknown(TillId(till), second(61));
        }
        assert!(tries.refusal(TillId(40), second(61)).is_some(), "the shop is");
        tries.known(TillId(40));
        assert!(tries.refusal(TillId(40), second(61)).is_some(), "and stays so");
    }
}
