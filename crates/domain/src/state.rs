//! The shop as it is now: a fold of the journal. [`State::apply`] is the only way it changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::audit::{self, Audits};
use crate::basket::Basket;
use crate::day::ClosedDay;
use crate::device::{self, Device};
use crate::event::{
    BankMessageTaken, Event, MoneyReserved, ReservationEnded, TerminalDayIntended, TransferPaid,
    TransferRequested, VoucherSold,
};
use crate::goods::Recall;
use crate::ids::{
    AttemptId, BasketId, ClosingId, ImportId, PersonId, RecallId, TerminalId, TillId, TransferId,
    UnitId,
};
use crate::payment::{Attempt, Purpose};
use crate::people::Person;
use crate::reservation::Reservation;
use crate::rksv::{self, Register, SignerIdentity};
use crate::settings::{Settings, TillSettings};
use crate::signing::{self, Signing, Subject, Unit};
use crate::terminal_day::Closing;
pub use crate::till::{LastReceipt, Till};
use crate::transfer::{Arrived, Finding, Transfer};

/// Numbers given out so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counters {
    /// Items.
    pub items: u32,
    /// People.
    pub people: u32,
    /// Imports.
    pub imports: u32,
    /// Payment attempts.
    #[serde(default)]
    pub attempts: u64,
    /// Vouchers.
    #[serde(default)]
    pub vouchers: u32,
    /// Requests for transfers.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub transfers: u32,
    /// Messages of the bank.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub bank_messages: u32,
    /// Customers.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub customers: u32,
    /// Closings of terminals' days.
    #[serde(default)]
    pub closings: u64,
    /// Weighings at scales.
    #[serde(default, skip_serializing_if = "is_none")]
    pub weighings: u64,
    /// The import that is running.
    #[serde(default)]
    pub import: Option<ImportId>,
}

fn is_none(number: &u64) -> bool {
    *number == 0
}

fn is_nothing(number: &u32) -> bool {
    *number == 0
}

/// The shop as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Settings; none before the first set-up.
    pub settings: Option<Arc<Settings>>,
    /// The shop's time zone.
    pub zone: TimeZone,
    /// People, but those who were forgotten.
    pub people: BTreeMap<PersonId, Person>,
    /// Tills.
    pub tills: BTreeMap<TillId, Till>,
    /// Open and parked baskets.
    pub baskets: BTreeMap<BasketId, Basket>,
    /// Payment attempts that are not closed.
    pub attempts: BTreeMap<AttemptId, Attempt>,
    /// Open reservations on cards.
    pub reservations: BTreeMap<AttemptId, Reservation>,
    /// Transfers that are waited for.
    pub transfers: BTreeMap<TransferId, Transfer>,
    /// Card terminals as devices.
    pub devices: BTreeMap<TerminalId, Device>,
    /// Closings of terminals' days that have not ended, or that a person has to explain.
    pub closings: BTreeMap<ClosingId, Closing>,
    /// Signing units.
    pub units: BTreeMap<UnitId, Unit>,
    /// What ended and is not signed yet.
    pub signings: BTreeMap<Subject, Signing>,
    /// Chains of Austria's tills.
    pub registers: BTreeMap<TillId, Register>,
    /// What signature devices said of themselves last.
    pub signers: BTreeMap<UnitId, SignerIdentity>,
    /// Audits, and the program's version.
    pub audits: Audits,
    /// Recalls, lifted ones among them.
    pub recalls: BTreeMap<RecallId, Recall>,
    /// Numbers given out.
    pub counters: Counters,
}

impl Default for State {
    fn default() -> Self {
        State {
            settings: None,
            zone: TimeZone::UTC,
            people: BTreeMap::new(),
            tills: BTreeMap::new(),
            baskets: BTreeMap::new(),
            attempts: BTreeMap::new(),
            reservations: BTreeMap::new(),
            transfers: BTreeMap::new(),
            devices: BTreeMap::new(),
            closings: BTreeMap::new(),
            units: BTreeMap::new(),
            signings: BTreeMap::new(),
            registers: BTreeMap::new(),
            signers: BTreeMap::new(),
            audits: Audits::default(),
            recalls: BTreeMap::new(),
            counters: Counters::default(),
        }
    }
}

/// A part of the state that is saved as one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The settings.
    Settings,
    /// A person.
    Person(PersonId),
    /// A till.
    Till(TillId),
    /// A payment attempt; there is no document of one that is closed.
    Attempt(AttemptId),
    /// A reservation; there is no document of one that has ended.
    Reservation(AttemptId),
    /// A transfer that is waited for; there is no document of one that is closed.
    Transfer(TransferId),
    /// A card terminal as a device.
    Device(TerminalId),
    /// A closing of a terminal's day; there is no document of one that is done.
    Closing(ClosingId),
    /// A signing unit.
    Unit(UnitId),
    /// A basket that ended and is not signed yet; there is no document of one that is.
    Signing(Subject),
    /// The chain of an Austrian till.
    Register(TillId),
    /// What a signature device said of itself.
    Signer(UnitId),
    /// Audits, and the program's version.
    Audits,
    /// A recall.
    Recall(RecallId),
    /// The counters.
    Counters,
}

impl Part {
    /// The kinds that [`Part::name`] gives.
    pub const KINDS: [&'static str; 16] = [
        "settings",
        "person",
        "till",
        "attempt",
        "reservation",
        "transfer",
        "device",
        "closing",
        "unit",
        "signing",
        "entry_signing",
        "register",
        "signer",
        "audits",
        "recall",
        "counters",
    ];

    /// How the store names it.
    pub fn name(self) -> (&'static str, i64) {
        match self {
            Part::Settings => ("settings", 0),
            Part::Person(id) => ("person", i64::from(id.0)),
            Part::Till(id) => ("till", i64::from(id.0)),
            Part::Attempt(id) => ("attempt", i64::try_from(id.0).unwrap_or(i64::MAX)),
            Part::Reservation(id) => ("reservation", i64::try_from(id.0).unwrap_or(i64::MAX)),
            Part::Transfer(id) => ("transfer", i64::from(id.0)),
            Part::Device(id) => ("device", i64::from(id.0)),
            Part::Closing(id) => ("closing", i64::try_from(id.0).unwrap_or(i64::MAX)),
            Part::Unit(id) => ("unit", i64::from(id.0)),
            Part::Signing(Subject::Basket(id)) => {
                ("signing", i64::try_from(id.0).unwrap_or(i64::MAX))
            }
            Part::Signing(Subject::Entry(seq)) => {
                ("entry_signing", i64::try_from(seq).unwrap_or(i64::MAX))
            }
            Part::Register(id) => ("register", i64::from(id.0)),
            Part::Signer(id) => ("signer", i64::from(id.0)),
            Part::Audits => ("audits", 0),
            Part::Recall(id) => ("recall", i64::from(id.0)),
            Part::Counters => ("counters", 0),
        }
    }

    /// Which parts the entry `seq` changes.
    pub fn touched(seq: u64, event: &Event, till: Option<TillId>) -> [Option<Part>; 2] {
        use Event as E;
        if signing::outcome_of(event).is_some() {
            return [till.map(Part::Till), Some(Part::Signing(Subject::Entry(seq)))];
        }
        match event {
            E::ShopConfigured(_) => [Some(Part::Settings), None],
            E::PersonAdded(p) => [Some(Part::Person(p.id)), Some(Part::Counters)],
            E::PersonChanged(p) => [Some(Part::Person(p.id)), None],
            E::TenderIntended { attempt, .. } => {
                [Some(Part::Attempt(*attempt)), Some(Part::Counters)]
            }
            E::TenderSent { attempt, basket: BasketId::NONE, .. }
            | E::AttemptRecorded { attempt, basket: BasketId::NONE, .. } => {
                [Some(Part::Attempt(*attempt)), till.map(Part::Till)]
            }
            E::MoneyReserved(MoneyReserved { reservation, .. })
            | E::ReservationEnded(ReservationEnded { reservation, .. }) => {
                [Some(Part::Reservation(*reservation)), till.map(Part::Till)]
            }
            E::TenderSent { attempt, .. }
            | E::TenderCancelAsked { attempt, .. }
            | E::AttemptRecorded { attempt, .. }
            | E::AttemptAcknowledged { attempt, .. }
            | E::TenderInDoubt { attempt, .. }
            | E::TenderResolved { attempt, .. }
            | E::ReversalFailed { attempt, .. } => [Some(Part::Attempt(*attempt)), None],
            E::TransferRequested(TransferRequested { transfer, .. }) => {
                [Some(Part::Transfer(*transfer)), Some(Part::Counters)]
            }
            E::TransferGivenUp { transfer, .. }
            | E::TransferPaid(TransferPaid { transfer, .. }) => {
                [Some(Part::Transfer(*transfer)), None]
            }
            E::BankMessageTaken(BankMessageTaken { transfer, .. }) => {
                [Some(Part::Counters), transfer.map(Part::Transfer)]
            }
            E::TerminalDayIntended(TerminalDayIntended { closing, .. }) => {
                [Some(Part::Closing(*closing)), Some(Part::Counters)]
            }
            E::TerminalDaySent { .. }
            | E::TerminalDayRecorded { .. }
            | E::TerminalDayClosed(_)
            | E::TerminalDayNotClosed { .. }
            | E::TerminalDayUnknown { .. }
            | E::TerminalDaySettled { .. }
            | E::TerminalDayExplained { .. } => [event.closing().map(Part::Closing), None],
            E::PersonForgotten { person } => [Some(Part::Person(*person)), None],
            E::DeviceReported { .. }
            | E::DeviceChanged { .. }
            | E::DeviceRegistered(_)
            | E::DeviceConfirmed(_)
            | E::DeviceInspected(_)
            | E::DevicePhotographed(_) => [device::terminal_of(event).map(Part::Device), None],
            E::ItemPut(_)
            | E::ImportBegan { .. }
            | E::ItemsImported { .. }
            | E::ImportFinished { .. }
            | E::ImportCancelled { .. }
            | E::CustomerPut(_)
            | E::VoucherSold(_) => [Some(Part::Counters), None],
            E::LineAdded { line, .. } if line.weighing.is_some() => [Some(Part::Counters), None],
            E::SignedIn { .. }
            | E::SignedOut { .. }
            | E::ShiftBegan { .. }
            | E::ShiftEnded { .. }
            | E::DrawerCounted(_)
            | E::DrawerAlarmed(_)
            | E::TrainingSwitched { .. }
            | E::TenderRecorded { .. }
            | E::TenderUndone { .. } => [till.map(Part::Till), None],
            E::BenefitGiven(given) => {
                [till.map(Part::Till), Some(Part::Signing(Subject::Basket(given.basket)))]
            }
            E::BasketAborted { basket, .. } => {
                [till.map(Part::Till), Some(Part::Signing(Subject::Basket(*basket)))]
            }
            E::ReceiptIssued(receipt) => {
                [till.map(Part::Till), Some(Part::Signing(Subject::Basket(receipt.basket)))]
            }
            E::SigningFinished(signed) => [Some(Part::Signing(signed.of)), None],
            E::SigningFailed(failed) => [Some(Part::Signing(failed.of)), None],
            E::RksvSigned(signed) => {
                let sale = signed.basket.map(|basket| Part::Signing(Subject::Basket(basket)));
                [Some(Part::Register(signed.till)), sale]
            }
            E::RksvTold(told) => rksv::parts_of(told),
            E::Audit(_) | E::ProgramStarted(_) => [Some(Part::Audits), None],
            E::BatchRecalled(recall) => [Some(Part::Recall(recall.id)), None],
            E::RecallLifted(lifted) => [Some(Part::Recall(lifted.recall)), None],
            E::SigningUnitReported(_) | E::SigningOutage(_) | E::SigningRestored(_) => {
                [signing::unit_of(event).map(Part::Unit), None]
            }
            _ => [None, None],
        }
    }
}

impl State {
    /// The local time of a moment in the shop's zone.
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.zone.to_datetime(at)
    }

    /// A till's settings.
    pub fn till_settings(&self, till: TillId) -> Option<&TillSettings> {
        self.settings.as_ref()?.tills.iter().find(|t| t.id == till)
    }

    /// The number that the next basket gets.
    pub fn next_basket(&self) -> BasketId {
        let open = self.baskets.keys().next_back().map_or(0, |id| id.0);
        let ended = self.tills.values().map(|t| t.ended_basket).max().unwrap_or(0);
        BasketId(open.max(ended).saturating_add(1))
    }

    /// The payment attempt that a basket waits for.
    pub fn attempt_of(&self, basket: BasketId) -> Option<&Attempt> {
        self.attempts.values().find(|attempt| attempt.basket == basket)
    }

    /// What a till asks a terminal for that no basket waits for; not what is in doubt.
    pub fn reserving_at(&self, till: TillId) -> Option<&Attempt> {
        let here = |a: &&Attempt| {
            a.till == till && a.basket == BasketId::NONE && a.purpose != Purpose::Collection
        };
        self.attempts.values().filter(here).find(|attempt| !attempt.is_in_doubt())
    }

    /// What a till's cash machine is asked to collect; not what is in doubt.
    pub fn collecting_at(&self, till: TillId) -> Option<&Attempt> {
        let here = |a: &&Attempt| a.till == till && a.purpose == Purpose::Collection;
        self.attempts.values().filter(here).find(|attempt| !attempt.is_in_doubt())
    }

    /// The transfer that a basket waits for.
    pub fn transfer_of(&self, basket: BasketId) -> Option<&Transfer> {
        self.transfers.values().find(|transfer| transfer.basket == basket)
    }

    /// The closing of its day that a terminal is at.
    pub fn closing_at(&self, terminal: TerminalId) -> Option<&Closing> {
        self.closings.values().find(|closing| closing.terminal == terminal && closing.is_open())
    }

    /// A part as the document that is saved; none when there is no such part, or no longer.
    pub fn save(&self, part: Part) -> Option<String> {
        let document = match part {
            Part::Settings => serde_json::to_string(self.settings.as_deref()?),
            Part::Person(id) => serde_json::to_string(self.people.get(&id)?),
            Part::Till(id) => serde_json::to_string(self.tills.get(&id)?),
            Part::Attempt(id) => serde_json::to_string(self.attempts.get(&id)?),
            Part::Reservation(id) => serde_json::to_string(self.reservations.get(&id)?),
            Part::Transfer(id) => serde_json::to_string(self.transfers.get(&id)?),
            Part::Device(id) => serde_json::to_string(self.devices.get(&id)?),
            Part::Closing(id) => serde_json::to_string(self.closings.get(&id)?),
            Part::Unit(id) => serde_json::to_string(self.units.get(&id)?),
            Part::Signing(id) => serde_json::to_string(self.signings.get(&id)?),
            Part::Register(id) => serde_json::to_string(self.registers.get(&id)?),
            Part::Signer(id) => serde_json::to_string(&(id, self.signers.get(&id)?)),
            Part::Audits => serde_json::to_string(&self.audits),
            Part::Recall(id) => serde_json::to_string(self.recalls.get(&id)?),
            Part::Counters => serde_json::to_string(&self.counters),
        };
        document.ok()
    }

    /// Takes a saved document back in.
    pub fn load(&mut self, kind: &str, body: &str) -> Result<(), serde_json::Error> {
        match kind {
            "settings" => self.set_settings(serde_json::from_str(body)?),
            "person" => {
                let person: Person = serde_json::from_str(body)?;
                self.people.insert(person.id, person);
            }
            "till" => {
                let till: Till = serde_json::from_str(body)?;
                self.tills.insert(till.id, till);
            }
            "attempt" => {
                let attempt: Attempt = serde_json::from_str(body)?;
                self.attempts.insert(attempt.id, attempt);
            }
            "reservation" => {
                let reservation: Reservation = serde_json::from_str(body)?;
                self.reservations.insert(reservation.id, reservation);
            }
            "transfer" => {
                let transfer: Transfer = serde_json::from_str(body)?;
                self.transfers.insert(transfer.id, transfer);
            }
            "device" => {
                let device: Device = serde_json::from_str(body)?;
                self.devices.insert(device.terminal, device);
            }
            "closing" => {
                let closing: Closing = serde_json::from_str(body)?;
                self.closings.insert(closing.id, closing);
            }
            "unit" => {
                let unit: Unit = serde_json::from_str(body)?;
                self.units.insert(unit.id, unit);
            }
            "signing" | "entry_signing" => {
                let signing: Signing = serde_json::from_str(body)?;
                self.signings.insert(signing.of, signing);
            }
            "register" => {
                let register: Register = serde_json::from_str(body)?;
                self.registers.insert(register.till, register);
            }
            "signer" => {
                let (id, identity): (UnitId, SignerIdentity) = serde_json::from_str(body)?;
                self.signers.insert(id, identity);
            }
            "audits" => self.audits = serde_json::from_str(body)?,
            "recall" => {
                let recall: Recall = serde_json::from_str(body)?;
                self.recalls.insert(recall.id, recall);
            }
            "counters" => self.counters = serde_json::from_str(body)?,
            _ => {}
        }
        Ok(())
    }

    fn set_settings(&mut self, settings: Settings) {
        self.zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
        for till in &settings.tills {
            self.tills.entry(till.id).or_insert_with(|| Till::new(till.id));
        }
        self.settings = Some(Arc::new(settings));
    }

    /// Takes in what happened by the entry `seq`. Cannot fail; answers the day that a `day_closed` closed.
    pub fn apply(
        &mut self,
        seq: u64,
        at: Timestamp,
        till: Option<TillId>,
        person: Option<PersonId>,
        event: &Event,
    ) -> Option<ClosedDay> {
        use Event as E;
        if let Some(closing) = event.closing() {
            self.counters.closings = self.counters.closings.max(closing.0);
            crate::terminal_day::closing_event(&mut self.closings, at, person, event);
            return None;
        }
        match event {
            E::ShopConfigured(settings) => self.set_settings((**settings).clone()),
            E::PersonAdded(p) | E::PersonChanged(p) => {
                self.counters.people = self.counters.people.max(p.id.0);
                self.people.insert(p.id, p.clone());
            }
            E::PersonForgotten { person } => {
                self.people.remove(person);
            }
            E::ItemPut(item) => self.counters.items = self.counters.items.max(item.id.0),
            E::CustomerPut(c) => self.counters.customers = self.counters.customers.max(c.id.0),
            E::ImportBegan { import, .. } => {
                self.counters.imports = self.counters.imports.max(import.0);
                self.counters.import = Some(*import);
            }
            E::ItemsImported { items, .. } => {
                let highest = items.iter().map(|i| i.id.0).max().unwrap_or(0);
                self.counters.items = self.counters.items.max(highest);
            }
            E::BankMessageTaken(BankMessageTaken { message, said, finding, transfer }) => {
                self.counters.bank_messages = self.counters.bank_messages.max(message.0);
                let open = transfer.and_then(|id| self.transfers.get_mut(&id));
                let arrived = matches!(finding, Finding::TooLittle | Finding::TooMuch);
                if let (Some(open), true) = (open, arrived) {
                    open.arrived.push(Arrived { message: *message, amount: said.amount });
                }
            }
            E::ImportFinished { .. } | E::ImportCancelled { .. } => self.counters.import = None,
            E::BatchRecalled(recall) => {
                self.recalls.insert(recall.id, (**recall).clone());
            }
            E::RecallLifted(lifted) => {
                if let Some(recall) = self.recalls.get_mut(&lifted.recall) {
                    recall.lifted = Some(lifted.reason.clone());
                }
            }
            E::SigningUnitReported(_) | E::SigningOutage(_) | E::SigningRestored(_) => {
                signing::apply_unit(&mut self.units, at, event)
            }
            E::RksvSigned(_) | E::RksvTold(_) | E::ShopRestored(_) => rksv::apply(self, at, event),
            E::Audit(_) | E::ProgramStarted(_) => {
                audit::apply(&mut self.audits, at, person, event);
            }
            E::SigningFinished(signed) => {
                self.signings.remove(&signed.of);
            }
            E::SigningFailed(failed) => {
                self.signings.remove(&failed.of);
            }
            E::DeviceReported { .. }
            | E::DeviceChanged { .. }
            | E::DeviceRegistered(_)
            | E::DeviceConfirmed(_)
            | E::DeviceInspected(_)
            | E::DevicePhotographed(_) => {
                device::apply(&mut self.devices, at, person, event);
            }
            _ => {
                if let Some(till) = till {
                    let signed = signing::is_signed(self.settings.as_deref());
                    let known = (signed, &self.baskets);
                    let who = (till, person);
                    signing::moved(&mut self.signings, known, (seq, at), who, event);
                    return self.apply_at_till((seq, at), till, person, event);
                }
            }
        }
        None
    }

    fn apply_at_till(
        &mut self,
        (seq, at): (u64, Timestamp),
        id: TillId,
        person: Option<PersonId>,
        event: &Event,
    ) -> Option<ClosedDay> {
        let till = self.tills.entry(id).or_insert_with(|| Till::new(id));
        if let Some(closed) = till.apply_day(at, person, event) {
            return Some(closed);
        }
        if let Event::TenderIntended { attempt, .. } = event {
            self.counters.attempts = self.counters.attempts.max(attempt.0);
        }
        if let Event::LineAdded { line, .. } = event
            && let Some(weighing) = line.weighing.as_deref()
        {
            self.counters.weighings = self.counters.weighings.max(weighing.sequence);
        }
        if let Event::VoucherSold(VoucherSold { voucher, .. }) = event {
            self.counters.vouchers = self.counters.vouchers.max(voucher.0);
        }
        if let Event::TransferRequested(TransferRequested { transfer, .. }) = event {
            self.counters.transfers = self.counters.transfers.max(transfer.0);
        }
        crate::apply::transfer_event(&mut self.transfers, at, id, person, event);
        crate::apply::aside_event(till, &self.attempts, event);
        crate::reservation::reservation_event(&mut self.reservations, at, person, event);
        crate::apply::attempt_event(&mut self.attempts, at, id, person, event);
        let ended = match event {
            Event::ReceiptIssued(receipt) => Some(receipt.basket),
            Event::BasketAborted { basket, .. } => Some(*basket),
            Event::BenefitGiven(given) => Some(given.basket),
            _ => None,
        };
        if let Some(basket) = ended.and_then(|id| self.baskets.get(&id)) {
            let settings = self.settings.as_deref();
            let signed = signing::is_signed(settings) || rksv::is_signed(settings, event);
            let ended = (seq, at);
            signing::ended(&mut self.signings, signed, basket, ended, (id, person), event);
        }
        crate::apply::basket_event(till, &mut self.baskets, at, person, event);
        None
    }
}

impl State {
    /// Takes an entry of an unfinished basket in again at start. The till as it was saved knows the
    /// cash and the totals already: only baskets change.
    pub fn resume(&mut self, at: Timestamp, till: TillId, person: Option<PersonId>, event: &Event) {
        let till = self.tills.entry(till).or_insert_with(|| Till::new(till));
        let day = till.day.take();
        crate::apply::basket_event(till, &mut self.baskets, at, person, event);
        till.day = day;
    }
}
