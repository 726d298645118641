//! The order of the guards: limits, set-up, person and right, day, basket, rule.

use domain::command::{Denomination, DiscountValue};
use domain::decide::{shop_permission, till_permission};
use domain::facts::Stop;
use domain::{
    Amount, BasketId, Command, GroupId, ImportId, ItemId, LineNo, Permission, PersonId, Refusal,
    ShopCommand, State, TillCommand, TillId, TransferId,
};
use money::{Currency, Money, Quantity};

use crate::catalogue::{BREAD, goods, settings};
use crate::world::{CASHIER, MANAGER, OTHER_TILL, TILL, World, receipt_no};

fn euros(minor: i64) -> Amount {
    Amount { amount: Money::new(minor), currency: Currency::EUR }
}

fn why() -> String {
    "why".to_owned()
}

/// A well-formed command of each kind that needs a person.
pub(crate) fn every_till_command() -> Vec<TillCommand> {
    let (line, item, receipt) = (LineNo(1), BREAD, receipt_no(1));
    let discount = DiscountValue::Percent { basis_points: 500 };
    let (amount, price, basket) = (euros(100), euros(500), BasketId(1));
    vec![
        TillCommand::OpenDay { float: amount },
        TillCommand::Scan { code: "4006381333931".to_owned(), quantity: None, price: None },
        TillCommand::AddItem { item, quantity: None, price: None },
        TillCommand::SellUnknown {
            code: None,
            group: GroupId(1),
            price,
            quantity: None,
            name: None,
        },
        TillCommand::ChangeQuantity { line, quantity: Quantity::ONE },
        TillCommand::DiscountLine { line, discount, reason: why() },
        TillCommand::DiscountReceipt { discount, reason: why() },
        TillCommand::RemoveDiscount { line: Some(line) },
        TillCommand::OverridePrice { line, price, reason: why() },
        TillCommand::VoidLine { line },
        TillCommand::Note { line: None, text: why() },
        TillCommand::ConfirmAge { age: 18 },
        TillCommand::NewBasket,
        TillCommand::SwitchBasket { basket },
        TillCommand::AbortBasket { reason: None },
        TillCommand::GiveBenefit { person: MANAGER, reason: why() },
        TillCommand::Park { name: None },
        TillCommand::Recall { basket },
        TillCommand::ReturnLine { receipt, line, quantity: None },
        TillCommand::ReturnReceipt { receipt },
        TillCommand::ReturnWithoutReceipt { item, quantity: None, price: None, reason: why() },
        TillCommand::PayCash { tendered: None },
        TillCommand::PayTransfer { amount: None },
        TillCommand::GiveUpTransfer { transfer: TransferId(1) },
        TillCommand::ConfirmTransfer { transfer: TransferId(1), amount: None, reason: why() },
        TillCommand::PayForeignCash { tendered: amount },
        TillCommand::UndoTender,
        TillCommand::PaidIn { amount, reason: why(), purpose: None },
        TillCommand::PaidOut { amount, reason: why(), purpose: None },
        TillCommand::Drop { amount, reason: why() },
        TillCommand::NoSale { reason: why() },
        TillCommand::EndShift,
        TillCommand::CountDrawer {
            pieces: vec![Denomination { value: 100, pieces: 1 }],
            foreign: Vec::new(),
        },
        TillCommand::CloseDay { despite_doubt: None },
        TillCommand::Training { on: true },
        TillCommand::Reprint { receipt, hospitality: false },
    ]
}

pub(crate) fn every_shop_command() -> Vec<ShopCommand> {
    use domain::command::StockKind;
    use domain::people::CredentialKind;
    let draft = goods("new", 100, 1);
    let import = ImportId(1);
    vec![
        ShopCommand::Configure { settings: Box::new(settings()) },
        ShopCommand::PutItem { item: None, draft: Box::new(draft.clone()) },
        ShopCommand::RetireItem { item: BREAD, retired: true },
        ShopCommand::PutPerson {
            person: None,
            name: "Neu".to_owned(),
            role: domain::Role::Cashier,
            active: true,
        },
        ShopCommand::ForgetPerson { person: CASHIER },
        ShopCommand::MoveStock {
            item: BREAD,
            kind: StockKind::Received,
            quantity: Quantity::ONE,
            reason: why(),
        },
        ShopCommand::SettleBankMessage { message: domain::BankMessageId(1), reason: why() },
        ShopCommand::SettleUnknownCode { code: "x".to_owned() },
        ShopCommand::BeginImport { source: "list.csv".to_owned() },
        ShopCommand::ImportItems { import, items: vec![(None, draft)] },
        ShopCommand::FinishImport { import },
        ShopCommand::CancelImport { import },
        ShopCommand::SetCredential {
            person: MANAGER,
            kind: CredentialKind::Pin,
            hash: "$argon2id$".to_owned(),
        },
        ShopCommand::NoteBackup { through: 1 },
    ]
}

fn refused(w: &World, person: Option<PersonId>, command: &Command) -> Refusal {
    match w.ask(person, command) {
        Err(Stop::Refused(refusal)) => refusal,
        other => panic!("{command:?}: {other:?}"),
    }
}

#[test]
fn before_everything_the_limits_are_checked() {
    let w = World { state: State::default(), ..World::open() };
    let tired = TillCommand::NoSale { reason: String::new() };
    let command = Command::Till(TillId(99), tired);
    assert_eq!(refused(&w, None, &command), Refusal::BadText { field: "reason".to_owned() });
}

#[test]
fn a_shop_that_is_not_set_up_sells_nothing() {
    let w = World { state: State::default(), ..World::open() };
    for command in every_till_command() {
        let command = Command::Till(TILL, command);
        assert_eq!(refused(&w, Some(CASHIER), &command), Refusal::NotConfigured);
    }
}

#[test]
fn a_till_that_is_not_there_is_unknown() {
    let w = World::open();
    for command in every_till_command() {
        let command = Command::Till(TillId(3), command);
        assert_eq!(refused(&w, Some(CASHIER), &command), Refusal::UnknownTill);
    }
    let sign_in = Command::Till(TillId(3), TillCommand::SignIn { person: CASHIER });
    assert_eq!(refused(&w, None, &sign_in), Refusal::UnknownTill);
}

#[test]
fn nobody_does_anything_without_being_signed_in_here() {
    let mut w = World::open();
    for command in every_till_command() {
        // Nobody; somebody else than the till knows; signed in at another till.
        for person in [None, Some(MANAGER), Some(PersonId(99))] {
            let command = Command::Till(TILL, command.clone());
            assert_eq!(refused(&w, person, &command), Refusal::NotSignedIn, "{command:?}");
        }
        let elsewhere = Command::Till(OTHER_TILL, command);
        assert_eq!(refused(&w, Some(CASHIER), &elsewhere), Refusal::NotSignedIn);
    }
    w.office(ShopCommand::PutPerson {
        person: Some(CASHIER),
        name: "Kim".to_owned(),
        role: domain::Role::Cashier,
        active: false,
    });
    for command in every_till_command() {
        assert_eq!(w.no(command), Refusal::NotSignedIn, "barred while signed in");
    }
}

#[test]
fn the_right_is_asked_before_the_day() {
    let mut w = World::set_up(|_| ());
    w.sign_in(TILL, CASHIER);
    for command in every_till_command() {
        let permission = till_permission(&command);
        let expected = match permission {
            Permission::OverridePrice
            | Permission::GiveBenefits
            | Permission::ReturnWithoutReceipt
            | Permission::ResolvePayments
            | Permission::NoSale => Refusal::NotPermitted { permission },
            _ if matches!(command, TillCommand::OpenDay { .. } | TillCommand::Training { .. }) => {
                continue;
            }
            _ if matches!(command, TillCommand::Reprint { .. }) => Refusal::UnknownReceipt,
            _ => Refusal::DayNotOpen,
        };
        assert_eq!(w.no(command), expected);
    }
}

#[test]
fn the_day_is_asked_before_the_basket() {
    let mut w = World::set_up(|_| ());
    w.sign_in(TILL, MANAGER);
    for command in every_till_command() {
        match command {
            TillCommand::OpenDay { .. }
            | TillCommand::Training { .. }
            | TillCommand::Reprint { .. } => {}
            command => assert_eq!(w.no(command), Refusal::DayNotOpen),
        }
    }
}

#[test]
fn what_needs_a_basket_says_so() {
    let mut w = World::managed();
    for command in every_till_command() {
        use TillCommand as C;
        let needs = matches!(
            command,
            C::ChangeQuantity { .. }
                | C::DiscountLine { .. }
                | C::DiscountReceipt { .. }
                | C::RemoveDiscount { .. }
                | C::OverridePrice { .. }
                | C::VoidLine { .. }
                | C::Note { .. }
                | C::ConfirmAge { .. }
                | C::AbortBasket { .. }
                | C::GiveBenefit { .. }
                | C::Park { .. }
                | C::PayCash { .. }
                | C::UndoTender
        );
        if needs {
            assert_eq!(w.no(command), Refusal::NoBasket);
        }
    }
    assert_eq!(w.no(TillCommand::RemoveDiscount { line: None }), Refusal::NoBasket);
}

#[test]
fn while_something_is_paid_nothing_of_the_basket_changes() {
    let mut w = World::managed();
    w.add(BREAD, 1_000);
    w.pay();
    w.add(BREAD, 1_000);
    let tendered = Some(euros(100));
    w.ok(TillCommand::PayCash { tendered });
    // The state of the basket is asked before the rule: these name nothing that exists.
    let (line, item, receipt) = (LineNo(99), ItemId(99), receipt_no(99));
    let strange = vec![
        TillCommand::AddItem { item, quantity: None, price: None },
        TillCommand::Scan { code: "none".to_owned(), quantity: None, price: None },
        TillCommand::SellUnknown {
            code: None,
            group: GroupId(99),
            price: euros(1),
            quantity: None,
            name: None,
        },
        TillCommand::ReturnReceipt { receipt },
        TillCommand::ReturnLine { receipt, line, quantity: None },
        TillCommand::ReturnWithoutReceipt { item, quantity: None, price: None, reason: why() },
        TillCommand::ChangeQuantity { line, quantity: Quantity::ONE },
        TillCommand::VoidLine { line },
        TillCommand::RemoveDiscount { line: None },
    ];
    let changing = every_till_command().into_iter().filter(|command| {
        use TillCommand as C;
        matches!(
            command,
            C::Scan { .. }
                | C::AddItem { .. }
                | C::SellUnknown { .. }
                | C::ChangeQuantity { .. }
                | C::DiscountLine { .. }
                | C::DiscountReceipt { .. }
                | C::RemoveDiscount { .. }
                | C::OverridePrice { .. }
                | C::VoidLine { .. }
                | C::AbortBasket { .. }
                | C::GiveBenefit { .. }
                | C::Park { .. }
                | C::ReturnLine { .. }
                | C::ReturnReceipt { .. }
                | C::ReturnWithoutReceipt { .. }
        )
    });
    for command in changing.chain(strange) {
        assert_eq!(w.no(command), Refusal::AlreadyPaying);
    }
    w.ok(TillCommand::Note { line: None, text: why() });
    w.ok(TillCommand::ConfirmAge { age: 18 });
    w.ok(TillCommand::UndoTender);
    w.ok(TillCommand::VoidLine { line: LineNo(1) });
}

#[test]
fn a_backup_from_the_command_line_is_in_nobodys_name() {
    let noted = World::open().ask(None, &Command::Shop(ShopCommand::NoteBackup { through: 1 }));
    assert_eq!(noted.ok(), Some(vec![domain::Event::BackupMade { through: 1 }]));
}

#[test]
fn every_command_of_the_office_needs_somebody_with_the_right() {
    let w = World::open();
    for command in every_shop_command() {
        let permission = shop_permission(&command);
        let from_the_file = matches!(command, ShopCommand::NoteBackup { .. });
        let command = Command::Shop(command);
        if !from_the_file {
            assert_eq!(refused(&w, None, &command), Refusal::NotSignedIn, "{command:?}");
        }
        assert_eq!(refused(&w, Some(PersonId(99)), &command), Refusal::NotSignedIn);
        assert_eq!(refused(&w, Some(CASHIER), &command), Refusal::NotPermitted { permission });
    }
}
