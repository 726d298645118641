//! What is of cash machines, and of no card terminal.

use domain::basket::{CashTaken, Tender};
use domain::event::Event;
use domain::payment::{Approval, CardFacts, CashCounted, Doubt, Outcome, Purpose};
use domain::{AttemptId, BasketId, TerminalId};
use money::{Currency, Money};

pub(super) fn events() -> Vec<Event> {
    let (attempt, basket, terminal) = (AttemptId(9), BasketId(77), TerminalId(7));
    let intended = |purpose, basket, note: &str| Event::TenderIntended {
        attempt,
        basket,
        terminal,
        purpose,
        amount: Money::new(3_492),
        reverses: None,
        note: note.to_owned(),
    };
    let cash = CashCounted { inserted: Money::new(5_000), dispensed: Money::new(1_508) };
    let facts = CardFacts { trace: Some("4711".to_owned()), ..CardFacts::default() };
    let said = Approval {
        amount: Money::new(3_492),
        currency: Currency::EUR,
        partial: false,
        card: facts,
        cash: Some(cash),
    };
    let outcome = Outcome::Approved(Box::new(said));
    let transaction = Some("4711".to_owned());
    let taken = |taken| Event::TenderRecorded {
        basket,
        tender: Tender { taken: Some(Box::new(taken)), ..super::tender() },
    };
    vec![
        intended(Purpose::Cash, basket, ""),
        intended(Purpose::Collection, BasketId::NONE, "zur Bank"),
        Event::AttemptRecorded { attempt, basket, outcome },
        Event::TenderInDoubt { attempt, basket, why: Doubt::ChangeShort, approval: None },
        Event::TenderInDoubt { attempt, basket, why: Doubt::MachineFault, approval: None },
        taken(CashTaken::Machine { attempt, terminal, transaction }),
        taken(CashTaken::Hand),
    ]
}
