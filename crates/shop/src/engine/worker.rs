//! The engine thread.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use domain::event::TerminalDayIntended;
use domain::payment::Attempt;
use domain::receipt::IssuedReceipt;
use domain::terminal_day::Closing;
use domain::voucher::{Voucher, VoucherCode};
use domain::{
    AttemptId, Command, CommandId, Context, Event, Part, PersonId, ReceiptNo, ReceiptRef, Refusal,
    State, Stop, TerminalId, TillId, VoucherId, decide,
};
use jiff::{SignedDuration, Timestamp};
use store::{Store, StoreError};
use tokio::sync::oneshot;

use super::command::{fingerprint, made, name_of, stored_fingerprint, till_of};
use super::facts::StoreFacts;
use super::names::{LogWatch, Naming};
use super::rebuild::{SCREEN, load_screens, load_state, screen, touched};
use super::rksv::RksvWork;
use super::signing::SigningWork;
use super::transfers::OpenTransfer;
use super::vouchers::{CodeTries, SoldCodes, Vouching};
use super::weighing::{WeighingJob, Weighings};
use super::{Actor, Bells, EngineError, Snapshot, TerminalKnown, Unsettled, Watchers};
use crate::api::view::{CommandAnswer, Lamp, TillView};
use crate::clock::Clock;
use crate::digital::Outlet;
use crate::personal::{Customers, Names};
use crate::view::Progress;

/// Work for the engine.
pub(super) enum Job {
    Command {
        id: CommandId,
        actor: Actor,
        command: Box<Command>,
        reply: oneshot::Sender<Result<CommandAnswer, EngineError>>,
    },
    View {
        till: TillId,
        reply: oneshot::Sender<Option<Arc<TillView>>>,
    },
    Snapshot {
        reply: oneshot::Sender<Snapshot>,
    },
    Lamps {
        till: TillId,
        lamps: Vec<Lamp>,
    },
    Progress {
        attempt: AttemptId,
        progress: Progress,
    },
    Terminal {
        terminal: TerminalId,
        known: Box<TerminalKnown>,
    },
    TerminalKnown {
        terminal: TerminalId,
        reply: oneshot::Sender<TerminalKnown>,
    },
    Transfers {
        reply: oneshot::Sender<Vec<OpenTransfer>>,
    },
    Unsettled {
        reply: oneshot::Sender<Unsettled>,
    },
    Attempts {
        terminal: TerminalId,
        reply: oneshot::Sender<Vec<Attempt>>,
    },
    Closing {
        terminal: TerminalId,
        reply: oneshot::Sender<Option<Closing>>,
    },
    Voucher {
        till: TillId,
        actor: Actor,
        code: String,
        reply: oneshot::Sender<Result<Voucher, EngineError>>,
    },
    SoldCodes {
        till: TillId,
        number: ReceiptNo,
        reply: oneshot::Sender<Vec<(VoucherId, VoucherCode)>>,
    },
    ForgetCodes {
        till: TillId,
        number: ReceiptNo,
    },
    Signing {
        till: TillId,
        reply: oneshot::Sender<SigningWork>,
    },
    Rksv {
        till: TillId,
        reply: oneshot::Sender<RksvWork>,
    },
    Weighing(WeighingJob),
    Show(TillId),
    Store(Box<dyn FnOnce(&mut Store) + Send>),
    Stop,
}

/// Commands that one transaction takes at most: bounds how long the first of them waits.
const BATCH: usize = 256;
/// Ids without an entry (refused, or so already) that are remembered, so that a repeated one gets the
/// same answer.
pub(super) const REMEMBERED: usize = 10_000;
/// How far the clock may go back before it is an entry.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// A command that is decided and recorded, but not on disk yet.
pub(super) struct Pending {
    pub(super) reply: oneshot::Sender<Result<CommandAnswer, EngineError>>,
    pub(super) till: Option<TillId>,
    pub(super) outcome: Result<CommandAnswer, EngineError>,
}

/// The engine thread's own things.
pub(super) struct Worker {
    pub(super) store: Store,
    pub(super) state: State,
    /// The opened names: changed with the state, and read anew with it.
    pub(super) names: Names,
    /// Customers' opened details: likewise.
    pub(super) customers: Customers,
    /// Whether the log still holds what was forgotten.
    pub(super) log: LogWatch,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) watchers: Arc<Watchers>,
    pub(super) bells: Arc<Bells>,
    /// Receipts without paper.
    pub(super) outlet: Arc<Outlet>,
    /// What the effect runners show, one lamp a kind.
    pub(super) lamps: HashMap<TillId, Vec<Lamp>>,
    /// The last batch could not be recorded; every till shows it until one could again.
    pub(super) not_stored: bool,
    /// The file must be opened anew: this thread ends, and the process with it.
    pub(super) over: bool,
    pub(super) last: HashMap<TillId, IssuedReceipt>,
    pub(super) last_at: Option<Timestamp>,
    /// What was said to ids that left no entry: a refusal, or none for what was so already.
    pub(super) told: HashMap<CommandId, (i64, Option<Refusal>)>,
    pub(super) told_order: VecDeque<CommandId>,
    /// Those told since the last commit: void with it, as what they were decided on is.
    pub(super) told_now: Vec<CommandId>,
    /// The state could not be read after a fault: nothing is decided until it can.
    pub(super) unread: bool,
    /// How terminals are, as their runners say.
    pub(super) terminals: HashMap<TerminalId, TerminalKnown>,
    /// What terminals said last of running payments.
    pub(super) progress: HashMap<AttemptId, Progress>,
    /// What tills wait to be weighed.
    pub(super) weighings: Weighings,
    pub(super) asides: u64, // `TillView::aside`
    /// Codes of vouchers that were sold just now.
    pub(super) codes: SoldCodes,
    /// Unknown voucher codes that were tried.
    pub(super) tries: CodeTries,
    /// Terminals that got work, or a payment to give up, since the last commit.
    pub(super) ring_terminals: BTreeSet<TerminalId>,
    /// Parts changed since the last commit.
    pub(super) dirty: BTreeSet<Part>,
    /// Tills that show another basket or receipt since the last commit.
    pub(super) screens: BTreeSet<TillId>,
    /// Tills whose screens changed since the last commit.
    pub(super) stale: BTreeSet<TillId>,
    /// Tills whose outbox got work since the last commit.
    pub(super) ring: BTreeSet<TillId>,
    /// Tills with something to sign, or to print now that it is signed, since the last commit.
    pub(super) ring_signing: BTreeSet<TillId>,
    /// Something changed that every till shows (parked baskets, settings).
    pub(super) all_stale: bool,
}

impl Worker {
    pub(super) fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        (watchers, bells, outlet): (Arc<Watchers>, Arc<Bells>, Arc<Outlet>),
    ) -> Result<Self, StoreError> {
        let mut worker = Worker {
            store,
            state: State::default(),
            names: Names::default(),
            customers: Customers::default(),
            log: LogWatch::default(),
            clock,
            watchers,
            bells,
            outlet,
            ring: BTreeSet::new(),
            lamps: HashMap::new(),
            not_stored: false,
            over: false,
            last: HashMap::new(),
            last_at: None,
            told: HashMap::new(),
            told_order: VecDeque::new(),
            told_now: Vec::new(),
            unread: false,
            terminals: HashMap::new(),
            progress: HashMap::new(),
            weighings: Weighings::new(),
            asides: 0,
            codes: SoldCodes::default(),
            tries: CodeTries::default(),
            ring_terminals: BTreeSet::new(),
            dirty: BTreeSet::new(),
            screens: BTreeSet::new(),
            stale: BTreeSet::new(),
            ring_signing: BTreeSet::new(),
            all_stale: false,
        };
        worker.reload()?;
        worker.give_up_import()?;
        Ok(worker)
    }

    /// Reads the state anew from what is on disk.
    fn reload(&mut self) -> Result<(), StoreError> {
        self.state = load_state(&self.store)?;
        self.names = Names::load(&self.store, &self.state)?;
        self.customers = Customers::load(&self.store)?;
        self.log.remembers = self.store.log_remembers()?;
        self.last = load_screens(&self.store, &mut self.state)?;
        let head = self.store.head().seq;
        self.last_at = self.store.entry(head)?.map(|(meta, _)| meta.at);
        self.dirty.clear();
        self.screens.clear();
        self.stale.clear();
        self.ring.clear();
        self.ring_terminals.clear();
        self.ring_signing.clear();
        self.know_printers();
        Ok(())
    }

    /// Tells the store which tills print nowhere.
    fn know_printers(&mut self) {
        let tills = self.state.settings.iter().flat_map(|s| &s.tills);
        let none = tills.filter(|t| t.printer.as_deref().is_none_or(str::is_empty));
        let none = none.map(|t| t.id).collect();
        self.store.set_printerless(none);
    }

    pub(super) fn run(mut self, queue: &Receiver<Job>) {
        let mut next = None;
        while !self.over {
            let job = match next.take() {
                Some(job) => job,
                None => match queue.recv() {
                    Ok(job) => job,
                    Err(_) => return,
                },
            };
            match job {
                Job::Stop => return,
                Job::View { till, reply } => {
                    let _ = reply.send(self.view(till).map(Arc::new));
                }
                Job::Snapshot { reply } => {
                    let _ = reply.send(self.snapshot());
                }
                Job::Lamps { till, lamps } => {
                    if self.put_lamps(till, lamps) {
                        self.stale.insert(till);
                        self.show(&HashMap::new());
                    }
                }
                Job::Show(till) => self.show_anew(till),
                Job::Progress { attempt, progress } => self.put_progress(attempt, progress),
                Job::Terminal { terminal, known } => self.put_terminal(terminal, *known),
                Job::TerminalKnown { terminal, reply } => {
                    let _ = reply.send(self.terminals.get(&terminal).cloned().unwrap_or_default());
                }
                Job::Transfers { reply } => {
                    let _ = reply.send(self.open_transfers());
                }
                Job::Unsettled { reply } => {
                    let _ = reply.send(self.unsettled());
                }
                Job::Attempts { terminal, reply } => {
                    let there = self.state.attempts.values().filter(|a| a.terminal == terminal);
                    let _ = reply.send(there.cloned().collect());
                }
                Job::Closing { terminal, reply } => {
                    let _ = reply.send(self.state.closing_at(terminal).cloned());
                }
                Job::Voucher { till, actor, code, reply } => {
                    let _ = reply.send(self.look_up(till, actor, &code));
                }
                Job::SoldCodes { till, number, reply } => {
                    let _ = reply.send(self.codes.of(till, number).to_vec());
                }
                Job::ForgetCodes { till, number } => self.printed_codes(till, number),
                Job::Signing { till, reply } => {
                    let _ = reply.send(self.signing_work(till));
                }
                Job::Rksv { till, reply } => {
                    let _ = reply.send(self.rksv_work(till));
                }
                Job::Weighing(job) => self.weighing_job(job),
                Job::Store(work) => work(&mut self.store),
                Job::Command { id, actor, command, reply } => {
                    next = self.batch((id, actor, command, reply), queue);
                }
            }
        }
    }

    /// Nothing could be recorded: every till says so.
    fn note_fault(&mut self, error: &StoreError) {
        self.not_stored = true;
        self.over |= matches!(error, StoreError::Poisoned(_));
        // What is in memory is shown only when it is what is on disk.
        if !self.unread {
            self.all_stale = true;
            self.show(&HashMap::new());
        }
    }

    /// Records the first command and all that wait behind it in one transaction. Answers the job
    /// that ended the batch, if it was no command.
    fn batch(
        &mut self,
        first: (
            CommandId,
            Actor,
            Box<Command>,
            oneshot::Sender<Result<CommandAnswer, EngineError>>,
        ),
        queue: &Receiver<Job>,
    ) -> Option<Job> {
        let ready = if self.unread { self.reload() } else { Ok(()) };
        if let Err(error) = ready.and_then(|()| self.store.begin()) {
            let _ = first.3.send(Err(EngineError::NotStored(error.to_string())));
            self.note_fault(&error);
            return None;
        }
        self.unread = false;
        let mut pending = Vec::new();
        let mut left = None;
        let mut job = Some(first);
        let mut broken = None;
        while let Some((id, actor, command, reply)) = job.take() {
            let till = match &*command {
                Command::Till(till, _) => Some(*till),
                Command::Shop(_) => None,
            };
            match self.one(id, actor, &command) {
                Ok(outcome) => pending.push(Pending { reply, till, outcome }),
                Err(error) => {
                    pending.push(Pending { reply, till, outcome: Err(EngineError::Stopped) });
                    broken = Some(error);
                    break;
                }
            }
            if pending.len() < BATCH {
                match queue.try_recv() {
                    Ok(Job::Command { id, actor, command, reply }) => {
                        job = Some((id, actor, command, reply));
                    }
                    Ok(other) => left = Some(other),
                    Err(_) => {}
                }
            }
        }
        let stored = match broken {
            Some(error) => Err(error),
            None => self.save_parts().and_then(|()| self.store.commit()),
        };
        match stored {
            Ok(()) => {
                self.told_now.clear();
                self.all_stale |= std::mem::take(&mut self.not_stored);
                self.answer(pending);
                self.empty_log();
            }
            Err(error) => self.take_back(pending, &error),
        }
        left
    }

    /// The disk said no: nothing of this batch happened.
    fn take_back(&mut self, pending: Vec<Pending>, error: &StoreError) {
        self.store.rollback();
        for id in self.told_now.drain(..) {
            self.told.remove(&id);
            self.told_order.retain(|other| *other != id);
        }
        // When the file cannot be read either, it is tried again with the next command.
        self.unread = self.reload().is_err();
        for one in pending {
            let _ = one.reply.send(Err(EngineError::NotStored(error.to_string())));
        }
        self.note_fault(error);
    }

    /// The time of an entry, to the millisecond that is stored: what is folded live and what is
    /// folded again later must be the same.
    pub(super) fn now(&self) -> Timestamp {
        let now = self.clock.now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// One command: seen before, refused, or recorded. Errs when the store fails: the batch is void.
    fn one(
        &mut self,
        id: CommandId,
        actor: Actor,
        command: &Command,
    ) -> Result<Result<CommandAnswer, EngineError>, StoreError> {
        let fingerprint = fingerprint(command);
        if let Some(answer) = self.seen(id, fingerprint, command)? {
            return Ok(answer);
        }
        if self.is_unasked(id, command) {
            return Ok(Err(EngineError::Refused(Refusal::NoBasket)));
        }
        let naming = match Naming::of(&self.store, command)? {
            Ok(naming) => naming,
            Err(fault) => return Ok(Err(EngineError::NotStored(fault.to_string()))),
        };
        if let Some(refusal) = self.too_many_tries(command) {
            return Ok(Err(EngineError::Refused(refusal)));
        }
        let vouching = match Vouching::of(&self.store, command, self.may_sell(command))? {
            Ok(vouching) => vouching,
            Err(fault) => return Ok(Err(EngineError::NotStored(fault.to_string()))),
        };
        let random = match super::transfers::random_for(command) {
            Ok(random) => random,
            Err(fault) => return Ok(Err(EngineError::NotStored(fault.to_string()))),
        };
        let now = self.now();
        let context = Context {
            state: &self.state,
            facts: &StoreFacts(&self.store, &self.names),
            now,
            person: actor.person,
            approver: actor.approver,
            name: naming.as_ref().map(|naming| naming.digest),
            voucher: vouching.named,
            fresh: &vouching.fresh,
            random,
        };
        let events = match decide(context, command) {
            Ok(events) => events,
            Err(Stop::Fault(fault)) => return Ok(Err(EngineError::NotStored(fault.0))),
            Err(Stop::Refused(refusal)) => {
                if let Some(seen) = self.count_try(command, Some(&refusal)) {
                    let event = Event::Refused { refusal: seen, command: name_of(command) };
                    let own = (crate::ids::own_command(now), None);
                    self.record(now, till_of(command), actor.person, own, &[event])?;
                }
                if let Some(waits) = self.begin_weighing((id, actor), command, &refusal) {
                    return Ok(Ok(waits));
                }
                return self.refuse(id, fingerprint, actor, command, refusal, now);
            }
        };
        self.count_try(command, None);
        let till = till_of(command);
        self.keep_codes(till, &events, &vouching);
        let entries = if events.is_empty() {
            self.remember(id, fingerprint, None);
            None
        } else {
            let id = (id, Some(stored_fingerprint(command, fingerprint)));
            Some(self.record(now, till, actor.person, id, &events)?)
        };
        self.keep_apart(now, command, &events, naming.as_ref())?;
        till.into_iter().for_each(|till| self.weighing_after(till, id));
        let receipt = till.and_then(|till| {
            events.iter().find_map(|e| match e {
                Event::ReceiptIssued(r) => Some(ReceiptRef { till, number: r.number }),
                _ => None,
            })
        });
        Ok(Ok(CommandAnswer {
            id,
            repeated: false,
            entries,
            receipt,
            view: None,
            made: made(&events),
        }))
    }

    /// Appends entries and folds them: the only way the state changes.
    pub(super) fn record(
        &mut self,
        now: Timestamp,
        till: Option<TillId>,
        person: Option<PersonId>,
        (id, fingerprint): (CommandId, Option<i64>),
        events: &[Event],
    ) -> Result<(u64, u64), StoreError> {
        let jumped = self.last_at.filter(|last| now.duration_since(*last) < -CLOCK_TOLERANCE);
        self.last_at = Some(now);
        let entries = match jumped {
            None => self.store.append(now, till, person, id, fingerprint, events)?,
            Some(from) => {
                let mut all = vec![Event::ClockJumped { from }];
                all.extend_from_slice(events);
                self.store.append(now, till, person, id, fingerprint, &all)?
            }
        };
        let before = entries.1.saturating_sub(u64::try_from(events.len()).unwrap_or(u64::MAX));
        for (seq, event) in (before.saturating_add(1)..).zip(events) {
            if let Event::TerminalDaySettled(told) = event {
                let settled = self.state.closings.get(&told.closing);
                self.ring_terminals.extend(settled.map(|c| c.terminal));
            }
            if let Event::TenderResolved { attempt, .. } = event {
                // Its terminal need not be asked about it any longer.
                let settled = self.state.attempts.get(attempt);
                self.ring_terminals.extend(settled.map(|a| a.terminal));
            }
            let before = till.and_then(|till| screen(&self.state, till));
            let was = self.state.settings.clone();
            let closed = self.state.apply(seq, now, till, person, event);
            if before != till.and_then(|till| screen(&self.state, till)) {
                self.screens.extend(till);
            }
            if let Some(closed) = closed {
                self.store.save_closed_day(&closed)?;
            }
            self.dirty.extend(touched(&self.state, seq, till, event));
            self.note_signing(till, event);
            if store::prints(event, events) {
                self.ring.extend(till.filter(|till| !self.store.is_printerless(*till)));
            }
            if let Event::TenderIntended { terminal, .. }
            | Event::TerminalDayIntended(TerminalDayIntended { terminal, .. }) = event
            {
                self.ring_terminals.insert(*terminal);
            }
            if let Event::TenderCancelAsked { attempt, .. } = event {
                let asked = self.state.attempts.get(attempt);
                self.ring_terminals.extend(asked.map(|a| a.terminal));
            }
            if let Event::ShopConfigured(settings) = event {
                self.know_printers();
                crate::vault::erase_removed(&mut self.store, was.as_deref(), settings)?;
            }
            self.all_stale |= domain::device::terminal_of(event).is_some();
            if let Event::DeviceConfirmed(confirmed) = event {
                self.ring_terminals.insert(confirmed.terminal);
            }
            self.all_stale |= matches!(
                event,
                Event::ShopConfigured(_)
                    | Event::PersonChanged(_)
                    | Event::PersonForgotten { .. }
                    | Event::TenderInDoubt { .. }
                    | Event::TenderResolved { .. }
                    | Event::MoneyReserved(_)
                    | Event::ReservationEnded(_)
                    | Event::TransferRequested(_)
                    | Event::TransferGivenUp { .. }
                    | Event::TransferPaid(_)
                    | Event::BankMessageTaken(_)
                    | Event::BasketParked { .. }
                    | Event::BasketRecalled { .. }
            );
            if let (Event::ReceiptIssued(receipt), Some(till), Some(person)) = (event, till, person)
            {
                self.outlet.issued(till, seq);
                let (receipt, incarnation) = ((**receipt).clone(), self.store.incarnation());
                self.last
                    .insert(till, IssuedReceipt { till, person, at: now, incarnation, receipt });
            }
        }
        self.stale.extend(till);
        Ok(entries)
    }

    pub(super) fn save_parts(&mut self) -> Result<(), StoreError> {
        while let Some(part) = self.dirty.pop_first() {
            let (kind, key) = part.name();
            match self.state.save(part) {
                Some(body) => self.store.save_part(kind, key, &body)?,
                None => self.store.delete_part(kind, key)?,
            }
        }
        while let Some(till) = self.screens.pop_first() {
            let body = serde_json::to_string(&screen(&self.state, till))?;
            self.store.save_part(SCREEN, i64::from(till.0), &body)?;
        }
        Ok(())
    }
}
