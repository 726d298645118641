//! Money that comes by transfer.

use domain::bank::BankAccount;
use domain::basket::{Tender, TenderKind};
use domain::cash::DrawerCounted;
use domain::event::{BankMessageTaken, Event, TransferPaid, TransferRequested};
use domain::foreign::{ForeignCash, ForeignCount};
use domain::transfer::{BankMessage, Confirmed, Finding, TenderTransfer};
use domain::{BankMessageId, BasketId, PersonId, TransferId};
use money::{Currency, ExchangeRate, Money};

/// Every event of a transfer and of the bank, and the tenders that lead to them.
pub(super) fn all() -> Vec<Event> {
    let (transfer, basket, message) = (TransferId(7), BasketId(77), BankMessageId(3));
    let amount = Money::new(3_492);
    let reference = || "TR7K2M9QX4V8AA".to_owned();
    let account = |bic: Option<&str>| BankAccount {
        iban: "DE89370400440532013000".to_owned(),
        bic: bic.map(str::to_owned),
        holder: "Hofladen Öz".to_owned(),
    };
    let asked = |bic| {
        Event::TransferRequested(TransferRequested {
            transfer,
            basket,
            reference: reference(),
            amount,
            account: account(bic),
        })
    };
    let person = PersonId(2);
    let by = [Confirmed::Bank { message }, Confirmed::Person { person }];
    let paid = by.into_iter().map(|confirmed| {
        let reason = matches!(confirmed, Confirmed::Person { .. }).then(|| "Auszug".to_owned());
        Event::TransferPaid(TransferPaid { transfer, basket, amount, confirmed, reason })
    });
    let taken = |finding, known: bool| {
        Event::BankMessageTaken(BankMessageTaken {
            message,
            said: Box::new(BankMessage {
                entry: "2026112300017/1".to_owned(),
                booked: known.then(|| "2026-11-23".parse().unwrap()),
                amount,
                currency: Currency::EUR,
                back: !known,
                reference: reference(),
                fits: known,
                by: person,
            }),
            finding,
            transfer: known.then_some(transfer),
        })
    };
    let tenders = by.into_iter().map(|confirmed| {
        let mut tender = Tender::exact(TenderKind::Transfer, amount, None);
        tender.transfer =
            Some(Box::new(TenderTransfer { transfer, reference: reference(), confirmed }));
        Event::TenderRecorded { basket, tender }
    });
    let mut foreign = Tender::exact(TenderKind::CashForeign, amount, None);
    foreign.foreign = Some(ForeignCash {
        currency: "USD".parse().unwrap(),
        amount: Money::new(5_000),
        rate: ExchangeRate::new(920_000).unwrap(),
    });
    let counted = ForeignCount {
        currency: "USD".parse().unwrap(),
        counted: Money::new(4_500),
        expected: Money::new(5_000),
        difference: Money::new(-500),
    };
    let mut events = vec![
        asked(None),
        asked(Some("COBADEFFXXX")),
        Event::TransferGivenUp { transfer, basket },
        taken(Finding::Paid, true),
        taken(Finding::SpoiledReference, false),
        Event::BankMessageSettled { message, reason: "zurücküberwiesen".to_owned() },
        Event::TenderRecorded { basket, tender: foreign },
        Event::DrawerCounted(Box::new(DrawerCounted {
            pieces: vec![],
            counted: Money::ZERO,
            expected: Money::ZERO,
            foreign: vec![counted],
        })),
    ];
    events.extend(paid.chain(tenders));
    events
}
