//! What an Austrian day's codes say (RKSV): each receipt has its code or it is told why not, each code is chained to the one
//! before it, and the counter goes up by exactly what was sold.

use std::collections::BTreeMap;

use domain::event::{Event, RksvSigned, RksvTold};
use domain::rksv::RksvKind;
use domain::signing::Subject;
use domain::{BasketId, TillId};
use fiscal::at::stretch::Stretch;
use fiscal::at::{AesKey, Counter, Jws, PublicKey, Signature, Sums, Unit};
use money::{Currency, Money};
use store::{Reader, StoreError};

use super::money_moved::plain;
use super::{Difference, Figure, FigureUnit, Statement, StatementKind};
use crate::rksv::{KeptKey, kept_key, key_of, kind_of, number_of, sums_of, unit_of};

/// So many entries behind the day are looked at for what is told of its last receipts.
const BEHIND: u64 = 2_000;
/// Codes that are read at a time.
const AT_ONCE: u32 = 500;
/// So many codes before the day's first are looked at for one that holds a counter.
const BEFORE: u64 = 10_000;

/// A receipt of the day.
struct Sold {
    number: u64,
    training: bool,
    kind: RksvKind,
    /// Its number in the code, but for the incarnation behind it.
    text: String,
    sums: Option<Sums>,
}

impl Sold {
    fn place(&self, difference: Difference) -> Difference {
        difference.at_receipt((self.number, self.training))
    }
}

/// All that is gathered of codes.
pub(super) struct Codes {
    till: TillId,
    sold: BTreeMap<BasketId, Sold>,
    /// Baskets that are told to have no code, and why.
    told: BTreeMap<BasketId, String>,
    /// The day's codes: each chain with its first and last place.
    chains: BTreeMap<String, (u64, u64)>,
    /// Whether the RKSV is set up where the reading is.
    set: bool,
    /// Receipts that were issued while it was not.
    not_set: Vec<BasketId>,
}

/// What the statements come to.
#[derive(Default)]
struct Found {
    signed: u64,
    outages: u64,
    verified: u64,
    waiting: u64,
    without: BTreeMap<String, u64>,
    first_without: Option<u64>,
    codes: Option<Difference>,
    codes_why: Option<&'static str>,
    chain: Option<Difference>,
    chain_figures: Vec<Figure>,
    read: u64,
    turnover: Option<Difference>,
    turnover_figures: Vec<Figure>,
    turnover_why: Option<&'static str>,
}

/// Devices as they were met: their names with their keys.
type Devices = BTreeMap<String, Option<(Unit, PublicKey)>>;

fn set(settings: &domain::settings::Settings) -> bool {
    domain::rksv::of(settings).is_some()
}

impl Codes {
    pub(super) fn new(reader: &Reader, till: TillId, first: u64) -> Result<Codes, StoreError> {
        let settings = reader.settings_before(first)?;
        Ok(Codes {
            till,
            sold: BTreeMap::new(),
            told: BTreeMap::new(),
            chains: BTreeMap::new(),
            set: settings.as_ref().is_some_and(set),
            not_set: Vec::new(),
        })
    }

    /// Hears every entry of the day.
    pub(super) fn hear(&mut self, own: bool, kind: &str, bytes: &str) {
        match (kind, own) {
            ("shop_configured", _) => {
                if let Ok((_, Event::ShopConfigured(settings))) = journal::decode(bytes) {
                    self.set = set(&settings);
                }
            }
            ("rksv_told", true) => self.told.extend(told(bytes)),
            ("rksv_signed", true) => {
                if let Ok((_, Event::RksvSigned(signed))) = journal::decode(bytes) {
                    self.reach(&signed);
                }
            }
            _ => {}
        }
    }

    /// A code belongs to the day.
    fn reach(&mut self, signed: &RksvSigned) {
        let at = signed.position;
        let span = self.chains.entry(signed.cash_register.clone()).or_insert((at, at));
        *span = (span.0.min(at), span.1.max(at));
    }

    /// Takes what ended at the till.
    pub(super) fn take(&mut self, event: &Event) {
        let Event::ReceiptIssued(receipt) = event else { return };
        if !self.set {
            self.not_set.push(receipt.basket);
        }
        let sold = Sold {
            number: receipt.number.0,
            training: receipt.training,
            kind: kind_of(receipt),
            text: number_of(receipt, 1),
            sums: sums_of(receipt).ok(),
        };
        self.sold.insert(receipt.basket, sold);
    }

    /// What can be said of the day's codes.
    pub(super) fn statements(
        mut self,
        reader: &Reader,
        (_, last): (u64, u64),
        currency: Currency,
    ) -> Result<[Statement; 3], StoreError> {
        let mut found = Found::default();
        self.each_has_one(reader, last, &mut found)?;
        let mut devices = Devices::new();
        for (register, span) in &self.chains {
            self.walk(reader, (register, *span), currency, (&mut devices, &mut found))?;
        }
        Ok(found.statements())
    }

    /// Every receipt has a code, or it is told why not.
    fn each_has_one(
        &mut self,
        reader: &Reader,
        last: u64,
        found: &mut Found,
    ) -> Result<(), StoreError> {
        let mut open = Vec::new();
        for basket in self.sold.keys().copied().collect::<Vec<_>>() {
            match reader.rksv_of(basket)? {
                // Made after the day was closed, it is the day's all the same.
                Some(code) => self.reach(&code.signed),
                None => open.push(basket),
            }
        }
        if open.iter().any(|basket| !self.told.contains_key(basket)) {
            let behind = (last.saturating_add(1), last.saturating_add(BEHIND));
            let (till, all) = (self.till, &mut self.told);
            reader.each_row(behind, |_, _, bytes| -> Result<bool, StoreError> {
                if super::walk::glance(bytes) == (Some(till), "rksv_told") {
                    all.extend(told(bytes));
                }
                Ok(true)
            })?;
        }
        for basket in open {
            let Some(sold) = self.sold.get(&basket) else { continue };
            let why = self.told.get(&basket).map(String::as_str);
            // From before it was told of each receipt.
            let why = why.or_else(|| self.not_set.contains(&basket).then_some("not_set"));
            match why {
                Some("") => {
                    let reason = sold.place(Difference::new("outage_reason", "", ""));
                    found.codes(reason);
                }
                Some(why) => {
                    let count = found.without.entry(why.to_owned()).or_default();
                    *count = count.saturating_add(1);
                    if !sold.training && found.first_without.is_none_or(|no| sold.number < no) {
                        found.first_without = Some(sold.number);
                    }
                }
                None if reader.is_being_signed(Subject::Basket(basket))? => {
                    found.waiting = found.waiting.saturating_add(1);
                }
                None => {
                    let missing = sold.place(Difference::new("code_missing", "", ""));
                    found.codes(missing);
                }
            }
        }
        Ok(())
    }

    /// Reads a chain's codes of the day in their order.
    fn walk(
        &self,
        reader: &Reader,
        (register, (first, last)): (&str, (u64, u64)),
        currency: Currency,
        (devices, found): (&mut Devices, &mut Found),
    ) -> Result<(), StoreError> {
        let key = match kept_key(reader, register)? {
            KeptKey::Key(key) => Some(key),
            KeptKey::Nothing | KeptKey::Lost => None,
        };
        if key.is_none() {
            found.turnover_why = Some("key_lost");
        }
        let of = Some(register.to_owned());
        let Some(mut stretch) = before(reader, register, first, key.as_ref())? else {
            let gap = Difference::new("code_gap", "", first.saturating_sub(1));
            found.chain.get_or_insert(self.at(reader, register, first, gap)?);
            return Ok(());
        };
        if key.is_some() && !stretch.counts() {
            found.turnover_why = Some("no_counter");
        }
        let begins = stretch.turnover();
        let mut next = first;
        while next <= last {
            let codes = reader.rksv_codes(register, next.saturating_sub(1), AT_ONCE)?;
            let mut any = false;
            for (seq, signed) in codes.into_iter().filter(|(_, code)| code.position <= last) {
                any = true;
                let sold = signed.basket.and_then(|basket| self.sold.get(&basket));
                let place = |what: Difference| match sold {
                    Some(sold) => sold.place(what),
                    None => what.at_entry(seq),
                };
                if signed.position != next {
                    let gap = Difference::new("code_gap", signed.position, next);
                    found.chain.get_or_insert(place(gap));
                }
                next = signed.position.saturating_add(1);
                found.read = found.read.saturating_add(1);
                let Ok(step) = stretch.code(&signed.jws) else {
                    let unreadable = Difference::new("code_unreadable", &signed.jws, "");
                    found.codes(place(unreadable));
                    continue;
                };
                if step.chain.0 != step.chain.1 {
                    let (is, was) = (hex(&step.chain.0), hex(&step.chain.1));
                    let broken = Difference::new("code_chain", is, was);
                    found.chain.get_or_insert(place(broken));
                }
                if let Some((counter, turnover)) = step.counter
                    && counter != turnover
                {
                    let (is, was) = (cents(counter, currency), cents(turnover, currency));
                    let wrong = Difference::new("code_counter", is, was);
                    found.turnover.get_or_insert(place(wrong));
                }
                if let Some(what) = says(sold, &signed, &step.jws, currency) {
                    found.codes(place(what));
                }
                let of_day = sold.is_some();
                if let Some(what) =
                    found.signature(reader, devices, (&signed, &step.jws), of_day)?
                {
                    found.codes(place(what));
                }
            }
            if !any {
                let gap = Difference::new("code_gap", "", next);
                found.chain.get_or_insert(self.at(reader, register, next, gap)?);
                break;
            }
        }
        let number = |what: &str, value: u64| {
            let value = i64::try_from(value).unwrap_or(i64::MAX);
            Figure::of(what, of.clone(), value, FigureUnit::Number)
        };
        found.chain_figures.extend([number("code_first", first), number("code_last", last)]);
        for (what, turnover) in [("counter_from", begins), ("counter_to", stretch.turnover())] {
            if let Some(value) = turnover.and_then(|turnover| i64::try_from(turnover).ok()) {
                found.turnover_figures.push(Figure::of(what, of.clone(), value, FigureUnit::Money));
            }
        }
        Ok(())
    }

    /// Where a code that is not there would have been: at the receipt that was sold last before it, or at the entry of the
    /// code that is there.
    fn at(
        &self,
        reader: &Reader,
        register: &str,
        position: u64,
        difference: Difference,
    ) -> Result<Difference, StoreError> {
        for near in [position, position.saturating_sub(1), position.saturating_add(1)] {
            if let Some(code) = reader.rksv_at(register, near)? {
                return Ok(match code.signed.basket.and_then(|basket| self.sold.get(&basket)) {
                    Some(sold) => sold.place(difference),
                    None => difference.at_entry(code.seq),
                });
            }
        }
        Ok(difference)
    }
}

/// What a chain is before the day's first code; none where the code before that is missing.
fn before<'a>(
    reader: &Reader,
    register: &str,
    first: u64,
    key: Option<&'a AesKey>,
) -> Result<Option<Stretch<'a>>, StoreError> {
    let Some(last) = first.checked_sub(1).filter(|last| *last > 0) else {
        return Ok(Some(Stretch::begin(register, key)));
    };
    // The counter is that of the last code that holds one, and what followed it.
    let mut behind = Vec::new();
    let mut at = last;
    let start = loop {
        let Some(code) = reader.rksv_at(register, at)? else { break None };
        let text = code.signed.jws;
        let holds =
            Jws::parse(&text).is_ok_and(|jws| matches!(jws.code.counter, Counter::Enciphered(_)));
        if holds || key.is_none() || at <= 1 || last.saturating_sub(at) >= BEFORE {
            break Some(text);
        }
        behind.push(text);
        at = at.saturating_sub(1);
    };
    let Some(start) = start else { return Ok(None) };
    // What cannot be read is said where it stands in its own day.
    let Ok(mut stretch) = Stretch::after(&start, key) else { return Ok(None) };
    for text in behind.iter().rev() {
        let _ = stretch.code(text);
    }
    Ok(Some(stretch))
}

/// Baskets that an entry tells to have no code.
fn told(bytes: &str) -> Option<(BasketId, String)> {
    match journal::decode(bytes) {
        Ok((_, Event::RksvTold(told))) => match *told {
            RksvTold::NotSigned { basket, why, .. } => Some((basket, why)),
            _ => None,
        },
        _ => None,
    }
}

/// What a code says that its receipt, or its entry, does not.
fn says(
    sold: Option<&Sold>,
    signed: &RksvSigned,
    jws: &Jws,
    currency: Currency,
) -> Option<Difference> {
    let code = &jws.code;
    if code.receipt != signed.number || code.cashbox != signed.cash_register {
        let (is, was) = (
            format!("{} {}", code.cashbox, code.receipt),
            format!("{} {}", signed.cash_register, signed.number),
        );
        return Some(Difference::new("code_number", is, was));
    }
    let out = jws.signature == Signature::OutOfOrder;
    match &signed.unsigned {
        Some(why) if why.is_empty() => return Some(Difference::new("outage_reason", "", "")),
        why if why.is_some() != out => return Some(Difference::new("code_signature", "", "")),
        _ => {}
    }
    let sold = sold?;
    let rest = code.receipt.strip_prefix(&sold.text);
    if rest.is_none_or(|rest| !rest.is_empty() && !rest.starts_with('-')) {
        return Some(Difference::new("code_number", &code.receipt, &sold.text));
    }
    let shown = match code.counter {
        Counter::Training => RksvKind::Training,
        Counter::Cancellation => RksvKind::Cancellation,
        Counter::Enciphered(_) => RksvKind::Standard,
    };
    if shown != sold.kind || signed.kind != sold.kind {
        let (is, was) = (word(shown), word(sold.kind));
        return Some(Difference::new("code_kind", is, was));
    }
    let sums = sold.sums?;
    let pair = code.sums.all().into_iter().zip(sums.all()).find(|(is, was)| is != was)?;
    Some(Difference::new("code_sums", plain(pair.0, currency), plain(pair.1, currency)))
}

const fn word(kind: RksvKind) -> &'static str {
    match kind {
        RksvKind::Training => "TRA",
        RksvKind::Cancellation => "STO",
        _ => "",
    }
}

fn cents(cents: i128, currency: Currency) -> String {
    i64::try_from(cents).map_or_else(|_| cents.to_string(), |c| plain(Money::new(c), currency))
}

fn hex(bytes: &[u8]) -> String {
    crate::auth::random::hex(bytes)
}

impl Found {
    /// Keeps what differs at the earlier receipt: codes that are missing are seen before those that are wrong.
    fn codes(&mut self, what: Difference) {
        let earlier = self.codes.as_ref().is_none_or(|kept| {
            what.training == kept.training && what.receipt.is_some() && what.receipt < kept.receipt
        });
        if earlier {
            self.codes = Some(what);
        }
    }

    /// Whether a code's signature is its device's, or it says that there is none.
    fn signature(
        &mut self,
        reader: &Reader,
        devices: &mut Devices,
        (signed, jws): (&RksvSigned, &Jws),
        of_day: bool,
    ) -> Result<Option<Difference>, StoreError> {
        if jws.signature == Signature::OutOfOrder {
            self.outages = self.outages.saturating_add(u64::from(of_day));
            return Ok(None);
        }
        self.signed = self.signed.saturating_add(u64::from(of_day));
        if !devices.contains_key(&signed.device) {
            let signer = reader.signer(&signed.device)?.and_then(|signer| key_of(&signer));
            devices.insert(signed.device.clone(), unit_of(&signed.device).zip(signer));
        }
        let Some((unit, key)) = devices.get(&signed.device).and_then(Option::as_ref) else {
            self.codes_why = Some("unknown_device");
            return Ok(None);
        };
        if !unit.is_same(&jws.code.unit) || !key.verifies(&jws.code.to_string(), &jws.signature) {
            return Ok(Some(Difference::new("code_signature", "", "")));
        }
        self.verified = self.verified.saturating_add(1);
        Ok(None)
    }

    fn statements(mut self) -> [Statement; 3] {
        let without = self.without.values().fold(0_u64, |sum, count| sum.saturating_add(*count));
        let mut figures = vec![
            Figure::count("signed", self.signed),
            Figure::count("outages", self.outages),
            Figure::count("verified", self.verified),
        ];
        for (why, count) in &self.without {
            let count = i64::try_from(*count).unwrap_or(i64::MAX);
            figures.push(Figure::of("without_code", Some(why.clone()), count, FigureUnit::Count));
        }
        figures.extend(self.first_without.map(|no| Figure::number("first_without_code", no)));
        let why = match (self.waiting > 0, without > 0) {
            (true, _) => Some("waiting"),
            (false, true) => Some("without_code"),
            (false, false) => self.codes_why,
        };
        let none = (self.read == 0 && without > 0).then_some("no_codes");
        let mut chain = vec![Figure::count("codes", self.read)];
        chain.append(&mut self.chain_figures);
        let turnover_why = none.or(self.turnover_why);
        [
            Statement::of(StatementKind::Codes, figures, self.codes, why),
            Statement::of(StatementKind::Chain, chain, self.chain, none),
            Statement::of(
                StatementKind::Turnover,
                self.turnover_figures,
                self.turnover,
                turnover_why,
            ),
        ]
    }
}
