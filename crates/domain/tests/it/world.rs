//! A small shop in memory: the state, and the facts that a record would answer.

use domain::coupon::CouponTaken;
use domain::event::StockMoved;
use domain::goods::PackReadTwice;
use std::collections::BTreeMap;

use domain::basket::{Basket, Line};
use domain::day::{ClosedDay, TillDay};
use domain::facts::Stop;
use domain::receipt::{IssuedReceipt, Receipt};
use domain::totals::{Totals, totals};
use domain::voucher::{FreshCode, VoucherCode, VoucherHash};
use domain::{
    Amount, BasketId, Command, Context, Event, ItemId, LineNo, NameDigest, Part, PersonId,
    ReceiptNo, ReceiptRef, Refusal, Settings, ShopCommand, State, TillCommand, TillId, decide,
};
use jiff::{Timestamp, ToSpan};
use money::{Currency, Money, Quantity};

use crate::book::Book;
pub(crate) use crate::figures::{line_of, line_totals, tax};

use crate::catalogue::{self, fill};

pub(crate) const MANAGER: PersonId = PersonId(1);
pub(crate) const SUPERVISOR: PersonId = PersonId(2);
pub(crate) const CASHIER: PersonId = PersonId(3);
pub(crate) const SECOND_CASHIER: PersonId = PersonId(4);
pub(crate) const TILL: TillId = TillId(1);
pub(crate) const OTHER_TILL: TillId = TillId(2);

/// A digest that is good enough for rules, which only hand it on: no name stands in it.
pub(crate) fn digest(name: &str) -> NameDigest {
    let mut bytes = [7_u8; 32];
    for (at, byte) in name.bytes().enumerate() {
        bytes[at % 32] = bytes[at % 32].wrapping_mul(31).wrapping_add(byte);
    }
    NameDigest(bytes)
}

/// The code of the voucher with this number.
pub(crate) fn code_of(number: u32) -> VoucherCode {
    VoucherCode::of((u128::from(number) << 90 | 0x5eed).to_be_bytes())
}

/// A hash that is good enough for rules, which only compare it.
pub(crate) fn hashed(code: VoucherCode) -> VoucherHash {
    let mut hash = [9; 32];
    hash[..16].copy_from_slice(&code.bits());
    VoucherHash(hash)
}

/// The voucher code that a command brings.
fn voucher_in(command: &Command) -> Option<VoucherHash> {
    let Command::Till(_, command) = command else { return None };
    VoucherCode::parse(command.voucher_code()?).ok().map(hashed)
}

/// The name that a command brings.
fn name_of(command: &Command) -> Option<&str> {
    let Command::Shop(command) = command else { return None };
    match command.bare() {
        ShopCommand::PutPerson { name, .. } => Some(name),
        ShopCommand::PutCustomer { details, .. } => Some(details.title()),
        _ => None,
    }
}

/// An entry as the journal would keep it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) at: Timestamp,
    pub(crate) till: Option<TillId>,
    pub(crate) person: Option<PersonId>,
    pub(crate) event: Event,
}

/// The shop, its record, and the time.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) book: Book,
    pub(crate) now: Timestamp,
    pub(crate) log: Vec<Entry>,
    pub(crate) closed: Vec<ClosedDay>,
    /// The parts as a store would have saved them, by kind and key.
    pub(crate) saved: BTreeMap<(&'static str, i64), String>,
    /// Who approves the next command.
    pub(crate) approver: Option<PersonId>,
}

impl World {
    /// Set up with settings changed by `change`; nobody signed in, no day open.
    pub(crate) fn set_up(change: impl FnOnce(&mut Settings)) -> World {
        let mut settings = catalogue::settings();
        change(&mut settings);
        let mut world = World {
            state: State::default(),
            book: Book::default(),
            now: "2026-11-23T09:00:00Z".parse().unwrap(),
            log: Vec::new(),
            closed: Vec::new(),
            saved: BTreeMap::new(),
            approver: None,
        };
        fill(&mut world, settings);
        world
    }

    /// Like [`World::set_up`]; the cashier at the first till, the supervisor at the other, days open.
    pub(crate) fn open_with(change: impl FnOnce(&mut Settings)) -> World {
        let mut world = World::set_up(change);
        for (till, person) in [(TILL, CASHIER), (OTHER_TILL, SUPERVISOR)] {
            world.sign_in(till, person);
            let float = world.amount(10_000);
            world.ok_at(till, TillCommand::OpenDay { float });
        }
        world
    }

    pub(crate) fn open() -> World {
        World::open_with(|_| ())
    }

    pub(crate) fn sign_in(&mut self, till: TillId, person: PersonId) {
        self.ok_at(till, TillCommand::SignIn { person });
    }

    /// The manager at the first till: every right, so that a test meets one rule only.
    pub(crate) fn managed() -> World {
        let mut world = World::open();
        world.sign_in(TILL, MANAGER);
        world
    }

    pub(crate) fn currency(&self) -> Currency {
        self.state.settings.as_ref().unwrap().currency
    }

    pub(crate) fn amount(&self, minor: i64) -> Amount {
        Amount { amount: Money::new(minor), currency: self.currency() }
    }

    pub(crate) fn pass(&mut self, minutes: i64) {
        self.now = self.now.checked_add(minutes.minutes()).unwrap();
    }

    /// The next command comes with a second person's approval.
    pub(crate) fn approved_by(&mut self, person: PersonId) -> &mut World {
        self.approver = Some(person);
        self
    }

    /// What `decide` says, without doing it.
    pub(crate) fn ask(
        &self,
        person: Option<PersonId>,
        command: &Command,
    ) -> Result<Vec<Event>, Stop> {
        let next = self.state.counters.vouchers + 1;
        let fresh: Vec<FreshCode> = (next..next + 8)
            .map(code_of)
            .map(|code| FreshCode { hash: hashed(code), last4: code.last4() })
            .collect();
        let context = Context {
            state: &self.state,
            facts: &self.book,
            now: self.now,
            person,
            approver: self.approver,
            name: name_of(command).map(digest),
            voucher: voucher_in(command),
            fresh: &fresh,
            random: u64::from(self.state.counters.transfers + 1)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .to_be_bytes(),
        };
        decide(context, command)
    }

    /// decide → apply → keep.
    pub(crate) fn run(
        &mut self,
        person: Option<PersonId>,
        command: Command,
    ) -> Result<Vec<Event>, Refusal> {
        let till = match &command {
            Command::Till(till, _) => Some(*till),
            Command::Shop(_) => None,
        };
        let answer = self.ask(person, &command);
        assert_eq!(answer, self.ask(person, &command), "the same question, the same answer");
        self.approver = None;
        match answer {
            Ok(events) => {
                for event in &events {
                    self.happen(till, person, event.clone());
                    self.name(event, name_of(&command));
                }
                Ok(events)
            }
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(Stop::Fault(fault)) => panic!("{fault} after {command:?}"),
        }
    }

    pub(crate) fn at(&mut self, till: TillId, command: TillCommand) -> Result<Vec<Event>, Refusal> {
        let person = self.state.tills.get(&till).and_then(|t| t.person);
        self.run(person, Command::Till(till, command))
    }

    #[track_caller]
    pub(crate) fn ok_at(&mut self, till: TillId, command: TillCommand) -> Vec<Event> {
        let told = format!("{command:?}");
        self.at(till, command).unwrap_or_else(|refusal| panic!("{told}: {refusal:?}"))
    }

    #[track_caller]
    pub(crate) fn ok(&mut self, command: TillCommand) -> Vec<Event> {
        self.ok_at(TILL, command)
    }

    #[track_caller]
    pub(crate) fn no_at(&mut self, till: TillId, command: TillCommand) -> Refusal {
        let told = format!("{command:?}");
        let (state, log) = (self.state.clone(), self.log.len());
        let refusal = self.at(till, command).expect_err(&told);
        assert!(self.state == state && self.log.len() == log, "a refusal changes nothing");
        refusal
    }

    #[track_caller]
    pub(crate) fn no(&mut self, command: TillCommand) -> Refusal {
        self.no_at(TILL, command)
    }

    #[track_caller]
    pub(crate) fn office(&mut self, command: ShopCommand) -> Vec<Event> {
        let told = format!("{command:?}");
        self.run(Some(MANAGER), Command::Shop(command))
            .unwrap_or_else(|refusal| panic!("{told}: {refusal:?}"))
    }

    /// What the office does so many years later; then it is today again.
    pub(crate) fn office_in_years(&mut self, years: i64, command: ShopCommand) -> Vec<Event> {
        let today = self.now;
        self.pass(years * 366 * 24 * 60);
        let events = self.office(command);
        self.now = today;
        events
    }

    #[track_caller]
    pub(crate) fn office_no(&mut self, person: PersonId, command: ShopCommand) -> Refusal {
        let told = format!("{command:?}");
        self.run(Some(person), Command::Shop(command)).expect_err(&told)
    }

    pub(crate) fn happen(&mut self, till: Option<TillId>, person: Option<PersonId>, event: Event) {
        crate::properties::fits(&self.state, till, &event);
        let at = self.now;
        let seq = self.next_seq();
        self.closed.extend(self.state.apply(seq, at, till, person, &event));
        self.keep(till, person, &event);
        self.save(till, &event);
        self.log.push(Entry { at, till, person, event });
    }

    /// Names lie apart from the events.
    fn name(&mut self, event: &Event, name: Option<&str>) {
        match event {
            Event::PersonAdded(p) | Event::PersonChanged(p) => {
                self.book.names.insert(p.id, name.unwrap().to_owned());
            }
            Event::PersonForgotten { person } => {
                self.book.names.remove(person);
            }
            _ => {}
        }
    }

    /// What the tables of a record would take from an event.
    fn keep(&mut self, till: Option<TillId>, person: Option<PersonId>, event: &Event) {
        match event {
            Event::ItemPut(item) => {
                self.book.items.insert(item.id, (**item).clone());
            }
            Event::ItemRetired { item, retired } => {
                self.book.items.get_mut(item).unwrap().draft.retired = *retired;
            }
            Event::ItemsImported { items, .. } => self.book.imported.extend(items.iter().cloned()),
            Event::ImportFinished { .. } => {
                let items = std::mem::take(&mut self.book.imported);
                self.book.items.extend(items.into_iter().map(|i| (i.id, i)));
            }
            Event::ImportCancelled { .. } => self.book.imported.clear(),
            Event::StockMoved(StockMoved { item, quantity, .. }) => {
                self.move_stock(*item, *quantity)
            }
            Event::ReceiptCopied(domain::receipt::ReceiptCopied { receipt, copy, .. }) => {
                self.book.copies.insert(*receipt, *copy);
            }
            Event::ReceiptHandedOver(said) => {
                self.book.handed.insert((said.receipt, said.way));
            }
            Event::ReceiptIssued(receipt) => {
                self.keep_receipt(till.unwrap(), person.unwrap(), receipt)
            }
            _ => {
                self.book.bank.keep(event);
                self.keep_voucher(event);
                self.keep_account(event);
            }
        }
    }

    fn keep_receipt(&mut self, till: TillId, person: PersonId, receipt: &Receipt) {
        if receipt.training {
            return;
        }
        for line in &receipt.lines {
            if let (Some(item), true) = (line.item, line.stocked) {
                self.move_stock(item, line.units().negated());
            }
            if let Some(slip) = &line.slip {
                let receipt = ReceiptRef { till, number: receipt.number };
                assert_eq!(self.book.slips.insert(slip.clone(), receipt), None, "paid out once");
            }
            if let Some(from) = line.returned_from {
                let sum = self.book.returned.entry((from.receipt, from.line)).or_default();
                *sum = sum.plus(line.quantity.abs()).unwrap();
            }
        }
        for paper in receipt.coupons.iter().filter_map(domain::coupon::ReceiptCoupon::paper) {
            let receipt = ReceiptRef { till, number: receipt.number };
            assert_eq!(self.book.slips.insert(paper, receipt), None, "taken once");
        }
        let issued =
            IssuedReceipt { till, person, at: self.now, incarnation: 1, receipt: receipt.clone() };
        self.book.receipts.insert(ReceiptRef { till, number: receipt.number }, issued);
    }

    fn move_stock(&mut self, item: ItemId, quantity: Quantity) {
        *self.book.stock.entry(item).or_default() += quantity.thousandths();
    }

    /// Number of the entry that comes next.
    pub(crate) fn next_seq(&self) -> u64 {
        u64::try_from(self.log.len()).unwrap() + 1
    }

    fn save(&mut self, till: Option<TillId>, event: &Event) {
        let seq = self.next_seq();
        let mut parts: Vec<Part> = Part::touched(seq, event, till).into_iter().flatten().collect();
        if matches!(event, Event::ShopConfigured(_)) {
            parts.extend(self.state.tills.keys().map(|id| Part::Till(*id)));
        }
        if matches!(event, Event::ShopRestored(_)) {
            parts.extend(self.state.registers.keys().map(|id| Part::Register(*id)));
        }
        for part in parts {
            match self.state.save(part) {
                Some(body) => self.saved.insert(part.name(), body),
                None => self.saved.remove(&part.name()),
            };
        }
    }

    /// The state as a restart would find it: saved parts, then entries of unfinished baskets.
    pub(crate) fn restarted(&self) -> State {
        let mut state = State::default();
        for ((kind, _), body) in &self.saved {
            state.load(kind, body).unwrap();
        }
        for entry in &self.log {
            let open = basket_of(&entry.event).is_some_and(|b| self.state.baskets.contains_key(&b));
            if open {
                state.resume(entry.at, entry.till.unwrap(), entry.person, &entry.event);
            }
        }
        state
    }

    /// The present basket of a till.
    pub(crate) fn basket_at(&self, till: TillId) -> &Basket {
        let active = self.state.tills[&till].active.expect("a basket");
        &self.state.baskets[&active]
    }

    pub(crate) fn basket(&self) -> &Basket {
        self.basket_at(TILL)
    }

    pub(crate) fn lines(&self) -> &[Line] {
        &self.basket().lines
    }

    pub(crate) fn totals(&self) -> Totals {
        let settings = self.state.settings.as_ref().unwrap();
        totals(settings, self.basket(), self.state.local(self.now)).unwrap()
    }

    pub(crate) fn total(&self) -> i64 {
        self.totals().total.minor()
    }

    pub(crate) fn day(&self) -> &TillDay {
        self.state.tills[&TILL].day.as_ref().expect("an open day")
    }

    pub(crate) fn drawer(&self) -> i64 {
        self.day().drawer.minor()
    }

    pub(crate) fn stock(&self, item: ItemId) -> i64 {
        self.book.stock.get(&item).copied().unwrap_or(0)
    }

    /// Sells an item; answers the number of its line.
    #[track_caller]
    pub(crate) fn add(&mut self, item: ItemId, thousandths: i64) -> LineNo {
        let quantity = Some(Quantity::new(thousandths));
        let events = self.ok(TillCommand::AddItem { item, quantity, price: None });
        line_of(&events)
    }

    /// Pays the exact amount in cash; answers the receipt.
    #[track_caller]
    pub(crate) fn pay(&mut self) -> Receipt {
        self.pay_at(TILL)
    }

    #[track_caller]
    pub(crate) fn pay_at(&mut self, till: TillId) -> Receipt {
        let events = self.ok_at(till, TillCommand::PayCash { tendered: None });
        receipt_of(&events).expect("a finished receipt")
    }

    /// Adds one piece each of some items and pays.
    #[track_caller]
    pub(crate) fn sell(&mut self, items: &[(ItemId, i64)]) -> Receipt {
        for (item, thousandths) in items {
            self.add(*item, *thousandths);
        }
        self.pay()
    }
}

/// A receipt of the first till.
pub(crate) fn receipt_no(number: u64) -> ReceiptRef {
    ReceiptRef { till: TILL, number: ReceiptNo(number) }
}

pub(crate) fn receipt_of(events: &[Event]) -> Option<Receipt> {
    events.iter().find_map(|event| match event {
        Event::ReceiptIssued(receipt) => Some((**receipt).clone()),
        _ => None,
    })
}

/// The basket that an event belongs to.
pub(crate) fn basket_of(event: &Event) -> Option<BasketId> {
    match event {
        Event::BasketOpened { basket, .. }
        | Event::LineAdded { basket, .. }
        | Event::LineChanged { basket, .. }
        | Event::LineVoided { basket, .. }
        | Event::PackReadTwice(PackReadTwice { basket, .. })
        | Event::ReturnBegan { basket, .. }
        | Event::DiscountGiven { basket, .. }
        | Event::CouponTaken(CouponTaken { basket, .. })
        | Event::BasketNoted { basket, .. }
        | Event::AgeChecked { basket, .. }
        | Event::BasketParked { basket, .. }
        | Event::BasketRecalled { basket }
        | Event::BasketAborted { basket, .. }
        | Event::TenderRecorded { basket, .. }
        | Event::TenderUndone { basket, .. }
        | Event::TenderIntended { basket, .. }
        | Event::TenderSent { basket, .. }
        | Event::TenderCancelAsked { basket, .. }
        | Event::AttemptRecorded { basket, .. }
        | Event::AttemptAcknowledged { basket, .. }
        | Event::TenderInDoubt { basket, .. }
        | Event::TenderResolved { basket, .. }
        | Event::SignatureCompared { basket, .. }
        | Event::ReversalFailed { basket, .. } => Some(*basket),
        Event::SigningStarted(started) => Some(started.basket),
        Event::BasketOrdered(ordered) => Some(ordered.basket),
        Event::BasketHandedOver(over) => Some(over.basket),
        Event::BenefitGiven(given) => Some(given.basket),
        Event::BasketChosen { basket } => *basket,
        Event::ReceiptIssued(receipt) => Some(receipt.basket),
        _ => None,
    }
}
