//! Transfers and the bank's messages: listed, told apart, and the same after a rebuild.

use domain::bank::BankAccount;
use domain::basket::{Tender, TenderKind};
use domain::event::{BankMessageTaken, Event, TransferPaid, TransferRequested};
use domain::transfer::{BankMessage, Confirmed, Finding, TenderTransfer, TransferState};
use domain::{BankMessageId, BasketId, TransferId};
use money::{Currency, Money};

use crate::kit::{PERSON, Shop, issued, line, opened, receipt};

const AMOUNT: Money = Money::new(199);

fn asked(id: u32, basket: u64) -> Event {
    Event::TransferRequested(TransferRequested {
        transfer: TransferId(id),
        basket: BasketId(basket),
        reference: format!("TR{id}"),
        amount: AMOUNT,
        account: BankAccount {
            iban: "DE89370400440532013000".to_owned(),
            bic: None,
            holder: "Hofladen".to_owned(),
        },
    })
}

fn taken(message: u32, of: u32, finding: Finding) -> Event {
    Event::BankMessageTaken(BankMessageTaken {
        message: BankMessageId(message),
        said: Box::new(BankMessage {
            entry: format!("bank/{message}"),
            booked: (message > 1).then(|| "2026-11-23".parse().unwrap()),
            amount: AMOUNT,
            currency: Currency::EUR,
            back: false,
            reference: format!("TR{of}"),
            fits: true,
            by: PERSON,
        }),
        finding,
        transfer: Some(TransferId(of)),
    })
}

fn paid(id: u32, basket: u64, confirmed: Confirmed) -> Vec<Event> {
    let (transfer, basket) = (TransferId(id), BasketId(basket));
    let reason = matches!(confirmed, Confirmed::Person { .. }).then(|| "Auszug".to_owned());
    let mut tender = Tender::exact(TenderKind::Transfer, AMOUNT, None);
    let of = TenderTransfer { transfer, reference: format!("TR{id}"), confirmed };
    tender.transfer = Some(Box::new(of));
    vec![
        Event::TransferPaid(TransferPaid { transfer, basket, amount: AMOUNT, confirmed, reason }),
        Event::TenderRecorded { basket, tender },
    ]
}

#[test]
fn requests_and_messages_are_listed_as_they_ended_and_a_rebuild_finds_the_same() {
    let mut shop = Shop::new();
    for id in 1..=4 {
        shop.commit(&[opened(u64::from(id)), asked(id, u64::from(id))]);
    }
    let message = BankMessageId(1);
    let mut events = vec![taken(1, 1, Finding::Paid)];
    events.extend(paid(1, 1, Confirmed::Bank { message }));
    let Some(Event::TenderRecorded { tender, .. }) = events.last().cloned() else { panic!() };
    let mut bought = receipt(1, 1, vec![line(1, 7, 1_000, 199)]);
    bought.tenders = vec![tender.clone()];
    events.push(issued(bought));
    shop.commit(&events);
    shop.commit(&paid(2, 2, Confirmed::Person { person: PERSON }));
    shop.commit(&[taken(2, 2, Finding::BorneOut)]);
    let basket = BasketId(3);
    shop.commit(&[Event::TransferGivenUp { transfer: TransferId(3), basket }]);
    shop.commit(&[taken(3, 3, Finding::GivenUp)]);
    shop.commit(&paid(4, 4, Confirmed::Person { person: PERSON }));
    let of = |transfer| {
        let mut undone = tender.clone();
        undone.transfer.as_mut().unwrap().transfer = transfer;
        undone
    };
    shop.commit(&[Event::TenderUndone { basket: BasketId(4), tender: of(TransferId(4)) }]);

    let states = |shop: &Shop| -> Vec<_> {
        shop.store.transfers(None, None, 9).unwrap().iter().map(|t| (t.id.0, t.state)).collect()
    };
    use TransferState as S;
    assert_eq!(states(&shop), [(4, S::Undone), (3, S::GivenUp), (2, S::Paid), (1, S::Paid)]);
    let rows = shop.store.transfers(Some(TransferId(3)), Some(S::Paid), 9).unwrap();
    assert_eq!(rows[0].confirmed, Some(PERSON), "who had said so first stays known");
    assert_eq!((rows[0].message, rows[0].reason.as_str()), (Some(BankMessageId(2)), "Auszug"));
    assert_eq!((rows[1].receipt.unwrap().number.0, rows[1].paid), (1, Some(AMOUNT)));
    assert_eq!(shop.store.transfer_known("TR3").unwrap().unwrap().state, S::GivenUp);
    assert_eq!(shop.store.transfer_known("TR9").unwrap(), None);

    let waiting = |shop: &Shop| shop.store.bank_messages(None, true, 9).unwrap();
    assert_eq!(waiting(&shop).iter().map(|m| m.id.0).collect::<Vec<_>>(), [3]);
    let known = shop.store.bank_message("bank/2").unwrap();
    assert_eq!(known, Some((BankMessageId(2), Finding::BorneOut)));
    assert!(shop.store.bank_message_waits(BankMessageId(3)).unwrap());
    let reason = "zurück".to_owned();
    shop.commit(&[Event::BankMessageSettled { message: BankMessageId(3), reason }]);
    assert_eq!(waiting(&shop), []);
    let all = shop.store.bank_messages(None, false, 9).unwrap();
    assert_eq!((all[0].settled, all[0].reason.as_str()), (Some(PERSON), "zurück"));
    assert_eq!((all[2].booked, all[1].booked.is_some()), (None, true));

    let before = shop.store.dump_tables().unwrap();
    shop.store.rebuild(|_, _| Vec::new()).unwrap();
    assert_eq!(shop.store.dump_tables().unwrap(), before);
}

#[test]
fn the_banks_own_reference_is_kept_once() {
    let mut shop = Shop::new();
    shop.commit(&[opened(1), asked(1, 1), taken(1, 1, Finding::TooLittle)]);
    shop.store.begin().unwrap();
    let again = shop.store.append(
        crate::kit::at(9),
        None,
        Some(PERSON),
        crate::kit::command(99),
        Some(1),
        &[taken(1, 1, Finding::TooLittle)],
    );
    assert!(again.is_err());
}
