//! Where a rule works: the till, the person, and the events so far.

use std::sync::Arc;

use jiff::civil::DateTime;
use money::Money;

use super::Context;
use crate::amount::Amount;
use crate::basket::{Basket, Line};
use crate::day::TillDay;
use crate::event::Event;
use crate::facts::{LookupFault, Stop};
use crate::goods::CodeRead;
use crate::ids::{BasketId, LineNo, TillId};
use crate::people::{Allowance, Permission, Person, allowance};
use crate::refund::RefundSource;
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::state::{State, Till};

/// How much of a right is needed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Measure {
    /// The right as such.
    Any,
    /// So many hundredths of a percent.
    Percent(u16),
    /// So much.
    Amount(Money),
}

/// A rule's place of work.
pub(super) struct Desk<'a> {
    pub(super) context: Context<'a>,
    pub(super) settings: Arc<Settings>,
    pub(super) till: &'a Till,
    pub(super) local: DateTime,
    events: Vec<Event>,
    /// The basket as the events so far leave it.
    draft: Option<Basket>,
    approved: bool,
    /// The trade item that was read for the line that comes next.
    pub(super) read: Option<Box<CodeRead>>,
}

impl<'a> Desk<'a> {
    pub(super) fn at(context: Context<'a>, till: TillId) -> Result<Self, Stop> {
        let settings = context.state.settings.clone().ok_or(Refusal::NotConfigured)?;
        let till = context.state.tills.get(&till).ok_or(Refusal::UnknownTill)?;
        let draft = till.active.and_then(|id| context.state.baskets.get(&id)).cloned();
        let local = context.state.local(context.now);
        Ok(Desk {
            context,
            settings,
            till,
            local,
            events: Vec::new(),
            draft,
            approved: false,
            read: None,
        })
    }

    pub(super) fn state(&self) -> &'a State {
        self.context.state
    }

    /// The person who is signed in here and asks.
    pub(super) fn person(&self) -> Result<&'a Person, Refusal> {
        let id = self.context.person.ok_or(Refusal::NotSignedIn)?;
        if self.till.person != Some(id) {
            return Err(Refusal::NotSignedIn);
        }
        self.context.state.people.get(&id).filter(|p| p.active).ok_or(Refusal::NotSignedIn)
    }

    /// The right as such; where it has a limit, the rule measures later.
    pub(super) fn right(&mut self, permission: Permission) -> Result<(), Refusal> {
        self.measured(permission, Measure::Any)
    }

    /// The right up to a measure, by the person's own role or by the second person's.
    pub(super) fn measured(
        &mut self,
        permission: Permission,
        measure: Measure,
    ) -> Result<(), Refusal> {
        let person = self.person()?;
        if covers(allowance(person.role, permission), measure) {
            return Ok(());
        }
        let Some(second) = self.context.approver else {
            return Err(match allowance(person.role, permission) {
                Allowance::No => Refusal::NotPermitted { permission },
                _ => Refusal::LimitExceeded { permission },
            });
        };
        let able = second != person.id
            && self
                .context
                .state
                .people
                .get(&second)
                .is_some_and(|p| p.active && covers(allowance(p.role, permission), measure));
        if !able {
            return Err(Refusal::ApprovalRefused { person: second });
        }
        if !self.approved {
            self.approved = true;
            self.events.push(Event::Approved { approver: second, permission });
        }
        Ok(())
    }

    pub(super) fn day(&self) -> Result<&'a TillDay, Refusal> {
        self.till.day.as_ref().ok_or(Refusal::DayNotOpen)
    }

    /// The amount, if it is in the shop's currency.
    pub(super) fn own(&self, amount: Amount) -> Result<Money, Refusal> {
        if amount.currency == self.settings.currency {
            Ok(amount.amount)
        } else {
            Err(Refusal::WrongCurrency)
        }
    }

    /// The present basket.
    pub(super) fn basket(&self) -> Result<&Basket, Refusal> {
        self.draft.as_ref().ok_or(Refusal::NoBasket)
    }

    /// The present basket, while nothing has been paid.
    pub(super) fn unpaid(&self) -> Result<&Basket, Refusal> {
        let basket = self.basket()?;
        if self.state().attempt_of(basket.id).is_some() {
            return Err(Refusal::AttemptRunning);
        }
        if self.state().transfer_of(basket.id).is_some() {
            return Err(Refusal::TransferWaiting);
        }
        if basket.tenders.is_empty() { Ok(basket) } else { Err(Refusal::AlreadyPaying) }
    }

    /// There is no basket yet, or one of which nothing has been paid: goods may be added.
    pub(super) fn takes_goods(&self) -> Result<(), Refusal> {
        if self.draft.is_some() { self.unpaid().map(|_| ()) } else { Ok(()) }
    }

    /// The present basket, opened if there is none; nothing has been paid.
    pub(super) fn open_basket(&mut self) -> Result<BasketId, Stop> {
        if self.draft.is_some() {
            return Ok(self.unpaid()?.id);
        }
        let id = self.state().next_basket();
        let person = self.person()?.id;
        let training = self.till.training;
        self.events.push(Event::BasketOpened { basket: id, training });
        self.draft = Some(Basket::new(id, self.till.id, self.context.now, person, training));
        Ok(id)
    }

    /// A line of the present basket, while nothing has been paid.
    pub(super) fn line(&self, line: LineNo) -> Result<&Line, Refusal> {
        self.unpaid()?.line(line).ok_or(Refusal::UnknownLine { line })
    }

    /// Adds a line; answers its number.
    pub(super) fn add_line(&mut self, mut line: Line) -> Result<LineNo, Stop> {
        let id = self.open_basket()?;
        let Some(draft) = self.draft.as_mut() else { return Err(Refusal::NoBasket.into()) };
        if draft.lines.len() >= super::MAX_LINES || draft.next_line == u16::MAX {
            return Err(super::limits::out("lines").into());
        }
        line.line = LineNo(draft.next_line);
        draft.next_line = draft.next_line.saturating_add(1);
        let number = line.line;
        draft.lines.push(line.clone());
        let read = self.read.take();
        self.events.push(Event::LineAdded { basket: id, line: Box::new(line), read });
        Ok(number)
    }

    /// Replaces a line.
    pub(super) fn change_line(&mut self, line: Line) -> Result<(), Stop> {
        let Some(draft) = self.draft.as_mut() else { return Err(Refusal::NoBasket.into()) };
        if let Some(old) = draft.lines.iter_mut().find(|l| l.line == line.line) {
            old.clone_from(&line);
        }
        let read = self.read.take();
        self.events.push(Event::LineChanged { basket: draft.id, line: Box::new(line), read });
        Ok(())
    }

    /// Goods of a receipt come back: notes how it had been paid.
    pub(super) fn note_source(&mut self, source: RefundSource) {
        let Some(draft) = self.draft.as_mut() else { return };
        draft.note_source(source.clone());
        self.events.push(Event::ReturnBegan { basket: draft.id, source });
    }

    pub(super) fn push(&mut self, event: Event) {
        self.events.push(event);
    }

    /// The lines that hang on a line (its deposit).
    pub(super) fn followers(&self, line: LineNo) -> Vec<Line> {
        self.draft
            .iter()
            .flat_map(|b| b.lines.iter())
            .filter(|l| l.deposit_of == Some(line))
            .cloned()
            .collect()
    }

    pub(super) fn done(self) -> Result<Vec<Event>, Stop> {
        Ok(self.events)
    }
}

/// A contradiction in the books: nothing is recorded, somebody must look.
pub(super) fn fault(what: &str) -> Stop {
    Stop::Fault(LookupFault(what.to_owned()))
}

fn covers(allowance: Allowance, measure: Measure) -> bool {
    match (allowance, measure) {
        (Allowance::No, _) => false,
        (Allowance::Yes, _) | (_, Measure::Any) => true,
        (Allowance::UpToPercent(limit), Measure::Percent(wanted)) => wanted <= limit,
        (Allowance::UpTo(limit), Measure::Amount(wanted)) => wanted.abs() <= limit,
        // A limit of the one kind never covers a measure of the other.
        (Allowance::UpToPercent(_), Measure::Amount(_))
        | (Allowance::UpTo(_), Measure::Percent(_)) => false,
    }
}
