//! How events change tills and baskets.

use std::collections::BTreeMap;

use jiff::Timestamp;
use money::Money;

use crate::basket::{Basket, Parked, Tender, TenderKind};
use crate::day::{ClosedDay, Count, DayTotals, Shift, TillDay};
use crate::event::{Event, TransferPaid, TransferRequested};
use crate::ids::{AttemptId, BasketId, PersonId, TillId, TransferId};
use crate::payment::{Attempt, AttemptState, FailedTry, Outcome, Purpose};
use crate::receipt::Receipt;
use crate::state::{LastReceipt, Till};
use crate::transfer::Transfer;

/// So many receipts that were finished behind somebody's back are told.
const BACKGROUND: usize = 9;

impl Till {
    /// Events of the till day, the drawer and signing in; answers the day that was closed.
    pub(crate) fn apply_day(
        &mut self,
        at: Timestamp,
        person: Option<PersonId>,
        event: &Event,
    ) -> Option<ClosedDay> {
        use Event as E;
        match event {
            E::SignedIn { person } => {
                self.person = Some(*person);
                self.failed = None;
            }
            E::SignedOut { .. } => self.person = None,
            E::TrainingSwitched { on } => self.training = *on,
            E::DayOpened { day, date, float } => {
                self.last_day = day.0;
                let drawer_alarms = std::mem::take(&mut self.drawer_alarms);
                self.day = Some(TillDay {
                    number: *day,
                    date: *date,
                    opened: at,
                    opened_by: person.unwrap_or(PersonId(0)),
                    float: *float,
                    drawer: *float,
                    foreign: BTreeMap::new(),
                    totals: DayTotals { drawer_alarms, ..DayTotals::default() },
                    shifts: Vec::new(),
                    count: None,
                });
            }
            E::ShiftBegan { shift, person } => {
                if let Some(day) = &mut self.day {
                    day.shifts.push(Shift {
                        number: *shift,
                        person: *person,
                        began: at,
                        ended: None,
                        totals: DayTotals::default(),
                    });
                }
            }
            E::ShiftEnded { shift } => {
                if let Some(day) = &mut self.day
                    && let Some(shift) = day.shifts.iter_mut().find(|s| s.number == *shift)
                {
                    shift.ended = Some(at);
                }
            }
            E::CashPaidIn { amount, .. } => {
                self.totals(person, |t| t.paid_in.add(*amount));
                self.move_cash(*amount);
            }
            E::CashPaidOut { amount, .. } => {
                self.totals(person, |t| t.paid_out.add(*amount));
                self.move_cash(amount.negated());
            }
            E::CashDropped { amount, .. } => {
                self.totals(person, |t| t.drops.add(*amount));
                self.move_cash(amount.negated());
            }
            E::DrawerOpened { .. } => {
                self.totals(person, |t| t.no_sales = t.no_sales.saturating_add(1));
            }
            E::DrawerAlarmed(_) if self.day.is_none() => {
                self.drawer_alarms = self.drawer_alarms.saturating_add(1);
            }
            E::DrawerAlarmed(_) => {
                self.totals(person, |t| t.drawer_alarms = t.drawer_alarms.saturating_add(1));
            }
            E::DrawerCounted(count) => {
                if let Some(day) = &mut self.day {
                    day.count = Some(Count {
                        at,
                        person: person.unwrap_or(PersonId(0)),
                        pieces: count.pieces.clone(),
                        counted: count.counted,
                        expected: count.expected,
                        foreign: count.foreign.clone(),
                    });
                }
            }
            E::DayClosed { difference, .. } => {
                let day = self.day.take()?;
                return Some(ClosedDay {
                    till: self.id,
                    day,
                    closed: at,
                    closed_by: person.unwrap_or(PersonId(0)),
                    difference: *difference,
                });
            }
            _ => {}
        }
        None
    }

    /// Changes the totals of the day and of the running shift of `person`.
    fn totals(&mut self, person: Option<PersonId>, change: impl Fn(&mut DayTotals)) {
        let Some(day) = &mut self.day else { return };
        change(&mut day.totals);
        let running =
            day.shifts.iter_mut().rev().find(|s| s.ended.is_none() && Some(s.person) == person);
        if let Some(shift) = running {
            change(&mut shift.totals);
        }
    }

    fn issue(&mut self, person: Option<PersonId>, receipt: &Receipt) {
        if receipt.training {
            self.training_receipts = receipt.number.0;
        } else {
            self.receipts = receipt.number.0;
        }
        self.totals(person, |t| t.add_receipt(receipt));
        if self.active == Some(receipt.basket) {
            self.background.clear();
        } else if self.background.len() < BACKGROUND && !receipt.training {
            self.background.push(receipt.number);
        }
        self.end_basket(receipt.basket);
        self.last_receipt =
            Some(LastReceipt { number: receipt.number, training: receipt.training });
        if let Some(day) = &mut self.day
            && !receipt.training
        {
            day.count = None;
        }
    }

    fn leave(&mut self, basket: BasketId) {
        self.baskets.retain(|b| *b != basket);
        if self.active == Some(basket) {
            self.active = None;
        }
    }

    fn end_basket(&mut self, basket: BasketId) {
        self.leave(basket);
        self.ended_basket = self.ended_basket.max(basket.0);
    }

    fn enter(&mut self, basket: BasketId) {
        if !self.baskets.contains(&basket) {
            self.baskets.push(basket);
        }
        self.active = Some(basket);
        self.last_receipt = None;
    }
}

/// Events of baskets.
pub(crate) fn basket_event(
    till: &mut Till,
    baskets: &mut BTreeMap<BasketId, Basket>,
    at: Timestamp,
    person: Option<PersonId>,
    event: &Event,
) {
    use Event as E;
    match event {
        E::BasketOpened { basket, training } => {
            let by = person.unwrap_or(PersonId(0));
            baskets.insert(*basket, Basket::new(*basket, till.id, at, by, *training));
            till.enter(*basket);
        }
        E::BasketChosen { basket } => {
            till.active = *basket;
            till.last_receipt = None;
        }
        E::BasketParked { basket, name } => {
            till.leave(*basket);
            if let Some(b) = baskets.get_mut(basket) {
                let by = person.unwrap_or(PersonId(0));
                b.parked = Some(Parked { at, by, name: name.clone() });
            }
        }
        E::BasketRecalled { basket } => {
            till.enter(*basket);
            if let Some(b) = baskets.get_mut(basket) {
                b.parked = None;
                b.till = till.id;
            }
        }
        E::BasketAborted { basket, total, .. } => {
            let voids = baskets.remove(basket).map_or(0, |b| u32::from(b.voids));
            till.end_basket(*basket);
            if !till.training {
                till.totals(person, |t| {
                    t.aborted.add(*total);
                    t.voids = t.voids.saturating_add(voids);
                });
            }
        }
        E::BasketOrdered(ordered) => {
            if let Some(b) = baskets.get_mut(&ordered.basket) {
                b.ordered.clone_from(&b.lines);
                b.first_ordered.get_or_insert(at);
                // The order has it.
                b.signing = None;
            }
        }
        E::BasketHandedOver(over) => {
            if let Some(b) = baskets.get_mut(&over.basket) {
                b.first_ordered.get_or_insert(at);
                b.signing = None;
            }
        }
        E::BenefitGiven(given) => {
            let voids = baskets.remove(&given.basket).map_or(0, |b| u32::from(b.voids));
            till.end_basket(given.basket);
            till.totals(person, |t| {
                t.benefits.add(given.total);
                t.voids = t.voids.saturating_add(voids);
            });
        }
        E::ReceiptIssued(receipt) => {
            baskets.remove(&receipt.basket);
            till.issue(person, receipt);
        }
        E::TenderRecorded { basket, tender } => {
            cash(till, baskets.get(basket), tender, false);
            if let Some(b) = baskets.get_mut(basket) {
                b.failed = None;
                b.tenders.push(tender.clone());
            }
        }
        E::TenderUndone { basket, tender } => {
            cash(till, baskets.get(basket), tender, true);
            if let Some(b) = baskets.get_mut(basket)
                && let Some(last) = b.tenders.iter().rposition(|t| t == tender)
            {
                b.tenders.remove(last);
            }
        }
        _ => {
            line_event(baskets, event);
            read_in(baskets, at, event);
        }
    }
}

/// What was scanned last in the basket of an event.
fn read_in(baskets: &mut BTreeMap<BasketId, Basket>, at: Timestamp, event: &Event) {
    let basket = match event {
        Event::LineAdded { basket, .. } | Event::LineChanged { basket, .. } => *basket,
        Event::PackReadTwice(again) => again.basket,
        _ => return,
    };
    if let Some(basket) = baskets.get_mut(&basket) {
        crate::goods::read_event(basket, at, event);
    }
}

/// Cash of a training basket never reaches the drawer.
fn cash(till: &mut Till, basket: Option<&Basket>, tender: &Tender, undone: bool) {
    let counts = matches!(tender.kind, TenderKind::Cash | TenderKind::CashForeign);
    if !counts || basket.is_none_or(|b| b.training) {
        return;
    }
    let signed = |amount: Money| if undone { amount.negated() } else { amount };
    till.move_cash(signed(tender.cash()));
    if let Some(foreign) = tender.foreign {
        till.move_foreign(foreign.currency, signed(foreign.amount));
    }
}

/// Events inside one basket.
fn line_event(baskets: &mut BTreeMap<BasketId, Basket>, event: &Event) {
    use Event as E;
    match event {
        E::LineAdded { basket, line, .. } => {
            if let Some(b) = baskets.get_mut(basket) {
                b.next_line = b.next_line.max(line.line.0.saturating_add(1));
                b.lines.push((**line).clone());
            }
        }
        E::LineChanged { basket, line, .. } => {
            if let Some(old) = baskets
                .get_mut(basket)
                .and_then(|b| b.lines.iter_mut().find(|l| l.line == line.line))
            {
                *old = (**line).clone();
            }
        }
        E::LineVoided { basket, line, .. } => {
            if let Some(b) = baskets.get_mut(basket) {
                b.lines.retain(|l| l.line != *line);
                b.voids = b.voids.saturating_add(1);
            }
        }
        E::ReturnBegan { basket, source } => {
            if let Some(b) = baskets.get_mut(basket) {
                b.note_source(source.clone());
            }
        }
        E::DiscountGiven { basket, discount } => {
            if let Some(b) = baskets.get_mut(basket) {
                b.discount.clone_from(discount);
            }
        }
        E::CouponTaken(taken) => {
            if let Some(b) = baskets.get_mut(&taken.basket) {
                b.take_coupon(taken);
            }
        }
        E::BasketNoted { basket, text } => {
            if let Some(b) = baskets.get_mut(basket) {
                b.note = (!text.is_empty()).then(|| text.clone());
            }
        }
        E::TenderIntended { basket, purpose, .. } => {
            if let Some(b) = baskets.get_mut(basket) {
                b.failed = None;
                b.tried = Some(*purpose);
            }
        }
        E::SignatureCompared { attempt, basket, equal: true } => {
            if let Some(b) = baskets.get_mut(basket) {
                b.compared.push(*attempt);
            }
        }
        E::AttemptRecorded { attempt, basket, outcome } => {
            if let Some(b) = baskets.get_mut(basket) {
                let purpose = b.tried.unwrap_or(Purpose::Payment);
                b.failed = FailedTry::of(*attempt, purpose, outcome);
            }
        }
        E::SigningStarted(started) => {
            if let Some(b) = baskets.get_mut(&started.basket) {
                b.signing = Some(Box::new(started.transaction.clone()));
            }
        }
        E::AgeChecked { basket, age } => {
            if let Some(b) = baskets.get_mut(basket) {
                b.age_checked = Some(b.age_checked.unwrap_or(0).max(*age));
            }
        }
        _ => {}
    }
}

/// Events of payment attempts. What is closed leaves the state.
pub(crate) fn attempt_event(
    attempts: &mut BTreeMap<AttemptId, Attempt>,
    at: Timestamp,
    till: TillId,
    person: Option<PersonId>,
    event: &Event,
) {
    use Event as E;
    match event {
        E::TenderIntended { attempt, basket, terminal, purpose, amount, reverses, note } => {
            let intended = Attempt {
                id: *attempt,
                terminal: *terminal,
                till,
                basket: *basket,
                purpose: *purpose,
                amount: *amount,
                asked: at,
                sent: None,
                asked_by: person.unwrap_or(PersonId(0)),
                state: AttemptState::Intended,
                before: String::new(),
                reverses: reverses.clone(),
                note: note.clone(),
                cancel_asked: false,
                failures: 0,
                approval: None,
            };
            attempts.insert(*attempt, intended);
        }
        E::TenderSent { attempt, before, .. } => change(attempts, *attempt, |a| {
            a.state = AttemptState::Sent;
            a.sent = Some(at);
            a.before.clone_from(before);
        }),
        E::TenderCancelAsked { attempt, .. } => {
            change(attempts, *attempt, |a| a.cancel_asked = true)
        }
        E::AttemptRecorded { attempt, outcome: Outcome::Approved(approval), .. } => {
            change(attempts, *attempt, |a| {
                a.state = AttemptState::Recorded;
                a.approval = Some(approval.clone());
            });
        }
        E::AttemptRecorded { attempt, .. }
        | E::AttemptAcknowledged { attempt, .. }
        | E::TenderResolved { attempt, .. } => {
            attempts.remove(attempt);
        }
        E::TenderInDoubt { attempt, why, approval, .. } => change(attempts, *attempt, |a| {
            a.state = AttemptState::InDoubt { since: at, why: *why };
            if approval.is_some() {
                a.approval.clone_from(approval);
            }
        }),
        E::ReversalFailed { attempt, .. } => change(attempts, *attempt, |a| {
            a.state = AttemptState::Intended;
            a.failures = a.failures.saturating_add(1);
        }),
        _ => {}
    }
}

/// How what no basket waits for ended without doing what it was for: the till remembers the last one, until
/// a terminal is asked again.
pub(crate) fn aside_event(till: &mut Till, attempts: &BTreeMap<AttemptId, Attempt>, event: &Event) {
    use Event as E;
    match event {
        E::TenderSent { basket: BasketId::NONE, .. }
        | E::MoneyReserved(_)
        | E::ReservationEnded(_) => till.failed = None,
        E::AttemptRecorded { attempt, basket: BasketId::NONE, outcome } => {
            let purpose = attempts.get(attempt).map_or(Purpose::Reservation, |a| a.purpose);
            till.failed = FailedTry::of(*attempt, purpose, outcome);
        }
        _ => {}
    }
}

/// Events of transfers. What is closed leaves the state.
pub(crate) fn transfer_event(
    transfers: &mut BTreeMap<TransferId, Transfer>,
    at: Timestamp,
    till: TillId,
    person: Option<PersonId>,
    event: &Event,
) {
    use Event as E;
    match event {
        E::TransferRequested(TransferRequested {
            transfer,
            basket,
            reference,
            amount,
            account,
        }) => {
            let asked = Transfer {
                id: *transfer,
                reference: reference.clone(),
                till,
                basket: *basket,
                amount: *amount,
                account: account.clone(),
                asked: at,
                asked_by: person.unwrap_or(PersonId(0)),
                arrived: Vec::new(),
            };
            transfers.insert(*transfer, asked);
        }
        E::TransferGivenUp { transfer, .. } | E::TransferPaid(TransferPaid { transfer, .. }) => {
            transfers.remove(transfer);
        }
        _ => {}
    }
}

fn change(
    attempts: &mut BTreeMap<AttemptId, Attempt>,
    id: AttemptId,
    how: impl FnOnce(&mut Attempt),
) {
    if let Some(attempt) = attempts.get_mut(&id) {
        how(attempt);
    }
}
