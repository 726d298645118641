//! At least one event of every kind, with and without what may be left out.

use domain::account::{Customer, LineAccount, Settled, TenderAccount};
use domain::event::{Event, StockMoved, VoucherCredited, VoucherRedeemed, VoucherSold};
mod accounts;
mod audits;
mod devices;
mod goods;
mod items;
mod records;
mod reservations;
mod rksv;
mod signing;
mod terminal_days;
mod transfers;

use domain::basket::{
    DiscountOrigin, Line, LineDiscount, ReceiptDiscount, ReturnedFrom, Tender, TenderKind,
};
use domain::cash::DrawerCounted;
use domain::catalogue::{TaxShare, Unit};
use domain::command::{Denomination, StockKind};
use domain::payment::{Approval, CardFacts, Doubt, Outcome, Purpose};
use domain::people::{CredentialKind, SecretUse, WrongSecret};
use domain::receipt::Receipt;
use domain::refund::{PaidWith, RefundOf, RefundSource};
use domain::settings::Settings;
use domain::tip::Tip;
use domain::totals::TaxRow;
use domain::voucher::{LineVoucher, TenderVoucher, VoucherKind};
use domain::{
    AttemptId, BasketId, CommandId, CustomerId, DayNo, GroupId, ImportId, ItemId, LineNo,
    NameDigest, Permission, Person, PersonId, PromotionId, ReceiptNo, ReceiptRef, Refusal, Role,
    TaxKey, TerminalId, TillId, VoucherHash, VoucherId,
};
use journal::EntryMeta;
use money::{Currency, Money, Quantity, Rate};

use items::{bare_item, held_item, item};

pub(crate) fn meta(seq: u64) -> EntryMeta {
    EntryMeta {
        shop: "s1".to_owned(),
        incarnation: 1,
        seq,
        at: "2026-11-23T13:07:12.482Z".parse().unwrap(),
        till: Some(TillId(1)),
        person: Some(PersonId(2)),
        command: CommandId("0193593c-7d2e-7000-8000-00000000002a".parse().unwrap()),
    }
}

fn bare_line() -> Line {
    Line {
        line: LineNo(1),
        item: None,
        code: None,
        name: "Obst".to_owned(),
        quantity: Quantity::ONE,
        unit: Unit::Piece,
        pack: None,
        price: Money::new(199),
        list_price: None,
        reason: None,
        base: Money::new(199),
        discounts: vec![],
        tax: TaxKey(2),
        tax_split: vec![],
        rates: None,
        taxed: vec![],
        group: GroupId(3),
        agency: None,
        age: None,
        deposit_of: None,
        fixed: false,
        price_bound: false,
        hand_weighed: false,
        stocked: false,
        labelled: false,
        unknown: false,
        slip: None,
        weighing: None,
        voucher: None,
        tip: None,
        account: None,
        returned_from: None,
        note: None,
        mark: None,
    }
}

fn discount(origin: DiscountOrigin, amount: i64) -> LineDiscount {
    LineDiscount { origin, amount: Money::new(amount) }
}

fn full_line() -> Line {
    let manual = |basis_points| DiscountOrigin::Manual { reason: "Delle".to_owned(), basis_points };
    Line {
        line: LineNo(2),
        item: Some(ItemId(17)),
        code: Some("4006381333931".to_owned()),
        name: "Käse \"alt\" \\ 1/2".to_owned(),
        quantity: Quantity::new(-486),
        unit: Unit::Kilogram,
        pack: Some(Quantity::new(6_000)),
        price: Money::new(279),
        list_price: Some(Money::new(299)),
        reason: Some("Regalpreis".to_owned()),
        base: Money::new(-136),
        discounts: vec![
            discount(DiscountOrigin::Promotion { id: PromotionId(4), name: "Woche".to_owned() }, 1),
            discount(manual(Some(1_000)), 2),
            discount(manual(None), 3),
            discount(DiscountOrigin::Receipt { reason: "Stammkunde".to_owned() }, 4),
            discount(DiscountOrigin::Returned, -5),
        ],
        tax: TaxKey(1),
        tax_split: vec![TaxShare { key: TaxKey(2), weight: 70 }],
        rates: Some(vec![(TaxKey(1), Rate::new(1_900))]),
        taxed: vec![tax_row()],
        group: GroupId(3),
        agency: None,
        age: Some(18),
        deposit_of: Some(LineNo(1)),
        fixed: true,
        price_bound: true,
        hand_weighed: true,
        stocked: true,
        labelled: true,
        unknown: true,
        slip: Some("9800000000000000001700005900".to_owned()),
        weighing: None,
        voucher: None,
        tip: None,
        account: None,
        returned_from: Some(ReturnedFrom { receipt: receipt_ref(), line: LineNo(9) }),
        note: Some("ohne Tüte".to_owned()),
        mark: None,
    }
}

fn receipt_ref() -> ReceiptRef {
    ReceiptRef { till: TillId(1), number: ReceiptNo(12) }
}

fn tender() -> Tender {
    Tender {
        kind: TenderKind::Cash,
        amount: Money::new(3_492),
        tendered: Money::new(5_000),
        change: Money::new(1_508),
        rounding: Money::new(-2),
        card: None,
        voucher: None,
        refunds: Vec::new(),
        transfer: None,
        foreign: None,
        account: None,
    }
}

fn card() -> CardFacts {
    CardFacts {
        instead_of: None,
        attempt: Some(AttemptId(7)),
        terminal: Some(TerminalId(1)),
        terminal_id: Some("52500041".to_owned()),
        receipt: Some("17".to_owned()),
        trace: Some("000123".to_owned()),
        scheme: Some("girocard".to_owned()),
        last4: Some("4321".to_owned()),
        entry: Some("contactless".to_owned()),
        authorisation: Some("A1B2C3".to_owned()),
        signature: true,
        tip: Money::new(150),
        lines: vec!["Kundenbeleg".to_owned(), "girocard".to_owned()],
    }
}

fn approval() -> Box<Approval> {
    let (amount, currency) = (Money::new(3_400), Currency::EUR);
    Box::new(Approval { amount, currency, partial: true, card: card() })
}

fn of_the_terminal() -> Vec<Event> {
    let (attempt, basket, terminal) = (AttemptId(7), BasketId(77), TerminalId(1));
    let intended = |purpose| Event::TenderIntended {
        attempt,
        basket,
        terminal,
        purpose,
        amount: Money::new(3_492),
        reverses: matches!(purpose, Purpose::Reversal { .. }).then(|| Box::new(card())),
        note: String::new(),
    };
    let recorded = |outcome| Event::AttemptRecorded { attempt, basket, outcome };
    let doubt = |why, approval| Event::TenderInDoubt { attempt, basket, why, approval };
    let reason = || "Händlerbeleg".to_owned();
    vec![
        intended(Purpose::Payment),
        intended(Purpose::Refund),
        intended(Purpose::Reversal { of: AttemptId(6) }),
        Event::TenderSent { attempt, basket, before: String::new() },
        Event::TenderSent { attempt, basket, before: "zvt 17 000122".to_owned() },
        Event::TenderCancelAsked { attempt, basket },
        recorded(Outcome::Approved(approval())),
        recorded(Outcome::Declined {
            code: "blocked".to_owned(),
            text: Some("Karte gesperrt".to_owned()),
        }),
        recorded(Outcome::Declined { code: "expired".to_owned(), text: None }),
        recorded(Outcome::Cancelled { code: "customer".to_owned() }),
        Event::AttemptAcknowledged { attempt, basket, merchant: vec![] },
        Event::AttemptAcknowledged { attempt, basket, merchant: vec!["Händlerbeleg".to_owned()] },
        doubt(Doubt::ConnectionLost, None),
        doubt(Doubt::NoAnswer, None),
        doubt(Doubt::BadAnswer, None),
        doubt(Doubt::Interrupted, None),
        doubt(Doubt::NotAcknowledged, None),
        doubt(Doubt::AmountDiffers, Some(approval())),
        doubt(Doubt::CurrencyDiffers, Some(approval())),
        doubt(Doubt::TerminalDiffers, Some(approval())),
        doubt(Doubt::ReversalFailed, None),
        doubt(Doubt::NotStored, None),
        doubt(Doubt::Unreachable, None),
        doubt(Doubt::NothingToCompare, None),
        Event::TenderResolved { attempt, basket, charged: true, reason: reason() },
        Event::TenderResolved { attempt, basket, charged: false, reason: reason() },
        Event::ReversalFailed { attempt, basket, code: "unreachable".to_owned() },
        Event::TenderRecorded {
            basket,
            tender: Tender::exact(TenderKind::Card, Money::new(3_400), Some(Box::new(card()))),
        },
        Event::TenderRecorded {
            basket,
            tender: Tender::exact(TenderKind::CardExternal, Money::new(92), None),
        },
    ]
}

/// Every event of a voucher, and the lines and tenders that lead to them.
fn of_vouchers() -> Vec<Event> {
    let (voucher, basket) = (VoucherId(7), BasketId(77));
    let amount = Money::new(3_492);
    let at = |number| ReceiptRef { till: TillId(1), number: ReceiptNo(number) };
    let reason = || "verloren".to_owned();
    let sold = |of| {
        Event::VoucherSold(VoucherSold {
            voucher,
            hash: VoucherHash([0xa5; 32]),
            last4: "7QXK".to_owned(),
            of,
            amount,
            expires: "2029-12-31".parse().unwrap(),
            receipt: at(13),
        })
    };
    let redeemed = |taken_back| {
        Event::VoucherRedeemed(VoucherRedeemed { voucher, amount, receipt: at(14), taken_back })
    };
    let line = |of| {
        let line = Line { voucher: Some(of), ..bare_line() };
        Event::LineAdded { basket, line: Box::new(line), read: None }
    };
    let single = VoucherKind::SinglePurpose { tax: TaxKey(1) };
    let paid = |voucher: TenderVoucher| {
        let mut tender = Tender::exact(TenderKind::Voucher, amount, None);
        tender.voucher = Some(Box::new(voucher));
        Event::TenderRecorded { basket, tender }
    };
    vec![
        sold(VoucherKind::MultiPurpose),
        sold(single),
        Event::VoucherToppedUp { voucher, amount, receipt: at(14) },
        redeemed(false),
        redeemed(true),
        Event::VoucherCredited(VoucherCredited { voucher, amount, receipt: at(15), paid: at(14) }),
        Event::VoucherBlocked { voucher, reason: reason() },
        Event::VoucherUnblocked { voucher, reason: reason() },
        line(LineVoucher::Sale { of: VoucherKind::MultiPurpose, voucher: None }),
        line(LineVoucher::Sale { of: single, voucher: Some(voucher) }),
        line(LineVoucher::TopUp { voucher }),
        line(LineVoucher::Redeem { voucher }),
        paid(TenderVoucher { voucher: None, last4: None, left: None, paid: None }),
        paid(TenderVoucher {
            voucher: Some(voucher),
            last4: Some("7QXK".to_owned()),
            left: Some(Money::new(1_508)),
            paid: Some(at(14)),
        }),
    ]
}

fn bare_receipt() -> Receipt {
    Receipt {
        number: ReceiptNo(13),
        day: DayNo(4),
        basket: BasketId(77),
        opened: "2026-11-23T13:05:00.001Z".parse().unwrap(),
        ordered: None,
        date: "2026-11-23".parse().unwrap(),
        hour: 14,
        currency: Currency::EUR,
        training: false,
        lines: vec![bare_line()],
        tax: vec![],
        total: Money::new(199),
        saved: Money::ZERO,
        rounding: Money::ZERO,
        tenders: vec![],
        voids: 0,
        age_checked: None,
        note: None,
        print: false,
    }
}

fn tax_row() -> TaxRow {
    TaxRow {
        key: 1,
        rate: Rate::new(1_900),
        net: Money::new(1_588),
        tax: Money::new(302),
        gross: Money::new(1_890),
    }
}

fn full_receipt() -> Receipt {
    Receipt {
        training: true,
        lines: vec![bare_line(), full_line()],
        tax: vec![tax_row()],
        saved: Money::new(10),
        rounding: Money::new(-2),
        tenders: vec![tender()],
        voids: 2,
        age_checked: Some(18),
        note: Some("Danke".to_owned()),
        print: true,
        ..bare_receipt()
    }
}

fn settings() -> Settings {
    serde_json::from_str(
        r##"{"name":"Hofladen","address":["Weg 1","12345 Ort"],"tax_number":"12/345","vat_id":null,
        "country":"DE","currency":"EUR","language":"de","time_zone":"Europe/Berlin",
        "prices_include_tax":true,"cash_rounding":1,"tax_point":"payment",
        "rates":[{"key":1,"rate":1900,"from":"2007-01-01T00:00:00"}],
        "groups":[{"id":3,"name":"Obst","tax":2,"color":"#00ff00"}],
        "tills":[{"id":1,"name":"Kasse 1","printer":"10.0.0.9:9100","columns":42,"price_list":0}],
        "tiles":[17],
        "promotions":[{"id":4,"name":"Woche","group":3,"basis_points":500,"from":null,"until":null}],
        "in_store_codes":[],"reasons":["Delle"],"receipt_header":[],"receipt_footer":["Danke"],
        "lock_after_seconds":300,"print_receipts":false}"##,
    )
    .unwrap()
}

fn of_the_shop() -> Vec<Event> {
    let person = Person {
        id: PersonId(2),
        name: NameDigest([0xA5; 32]),
        role: Role::Supervisor,
        active: true,
    };
    vec![
        Event::ShopConfigured(Box::new(settings())),
        Event::PersonAdded(person.clone()),
        Event::PersonChanged(Person { active: false, ..person }),
        Event::PersonForgotten { person: PersonId(2) },
        Event::CredentialSet { person: PersonId(2), kind: CredentialKind::Pin },
        Event::SignedIn { person: PersonId(2) },
        Event::SignedOut { person: PersonId(2) },
        Event::Approved { approver: PersonId(3), permission: Permission::OverridePrice },
        Event::Refused {
            refusal: Refusal::LimitExceeded { permission: Permission::Discount },
            command: "discount_line".to_owned(),
        },
        Event::Refused {
            refusal: Refusal::AgeNotChecked { age: 18 },
            command: "pay_cash".to_owned(),
        },
        Event::ItemPut(Box::new(item())),
        Event::ItemPut(Box::new(bare_item())),
        Event::ItemPut(Box::new(held_item())),
        Event::ItemRetired { item: ItemId(17), retired: true },
        Event::ImportBegan { import: ImportId(1), source: "dach.csv".to_owned() },
        Event::ItemsImported { import: ImportId(1), items: vec![item(), bare_item()] },
        Event::ImportFinished { import: ImportId(1) },
        Event::ImportCancelled { import: ImportId(1) },
        Event::StockMoved(StockMoved {
            item: ItemId(17),
            movement: StockKind::Received,
            quantity: Quantity::new(24_000),
            counted: None,
            reason: "Lieferung".to_owned(),
        }),
        Event::StockMoved(StockMoved {
            item: ItemId(17),
            movement: StockKind::Counted,
            quantity: Quantity::new(-1_000),
            counted: Some(Quantity::new(23_000)),
            reason: String::new(),
        }),
        Event::UnknownCodeSettled { code: "4000000000013".to_owned() },
        Event::BackupMade { through: 1_234 },
        Event::ShopRestored(domain::event::ShopRestored {
            backup: "sicherung.sqlite".to_owned(),
            through: 1_234,
            incarnation: 470_220,
        }),
        Event::SignInFailed(WrongSecret {
            person: Some(PersonId(2)),
            secret: CredentialKind::Pin,
            purpose: SecretUse::Approval,
            locked_seconds: Some(60),
        }),
        Event::SignInFailed(WrongSecret {
            person: None,
            secret: CredentialKind::Passphrase,
            purpose: SecretUse::SignIn,
            locked_seconds: None,
        }),
        Event::ClockJumped { from: "2026-11-23T13:09:00.5Z".parse().unwrap() },
    ]
}

fn of_the_drawer() -> Vec<Event> {
    let reason = || "Porto".to_owned();
    vec![
        Event::DayOpened {
            day: DayNo(4),
            date: "2026-11-23".parse().unwrap(),
            float: Money::new(15_000),
        },
        Event::ShiftBegan { shift: 1, person: PersonId(2) },
        Event::ShiftEnded { shift: 1 },
        Event::CashPaidIn { amount: Money::new(500), reason: reason(), purpose: None },
        Event::CashPaidOut { amount: Money::new(501), reason: reason(), purpose: None },
        Event::CashDropped { amount: Money::new(50_000), reason: reason() },
        Event::DrawerOpened { reason: reason() },
        Event::DrawerCounted(Box::new(DrawerCounted {
            pieces: vec![Denomination { value: 5_000, pieces: 3 }],
            counted: Money::new(15_000),
            expected: Money::new(15_001),
            foreign: Vec::new(),
        })),
        Event::DayClosed { day: DayNo(4), counted: Money::new(15_000), difference: Money::new(-1) },
        Event::TrainingSwitched { on: true },
    ]
}

fn of_the_basket() -> Vec<Event> {
    let basket = BasketId(77);
    vec![
        Event::BasketOpened { basket, training: false },
        Event::BasketOpened { basket, training: true },
        Event::BasketChosen { basket: Some(basket) },
        Event::BasketChosen { basket: None },
        Event::LineAdded { basket, line: Box::new(bare_line()), read: None },
        Event::LineAdded { basket, line: Box::new(full_line()), read: None },
        Event::LineChanged { basket, line: Box::new(full_line()), read: None },
        Event::LineVoided { basket, line: LineNo(2), amount: Money::new(-136) },
        Event::DiscountGiven {
            basket,
            discount: Some(ReceiptDiscount {
                basis_points: Some(1_000),
                amount: None,
                reason: "Stammkunde".to_owned(),
            }),
        },
        Event::DiscountGiven { basket, discount: None },
        Event::ReturnBegan { basket, source: sources()[0].clone() },
        Event::ReturnBegan { basket, source: sources()[1].clone() },
        Event::LineAdded {
            basket,
            line: Box::new(Line { tip: Some(Tip { attempt: Some(AttemptId(9)) }), ..bare_line() }),
            read: None,
        },
        Event::TenderRecorded {
            basket,
            tender: Tender {
                refunds: vec![RefundOf { goods: Some(receipt_ref()), ..refund_of() }, refund_of()],
                ..tender()
            },
        },
        Event::BasketNoted { basket, text: "Zeile\n2 \u{1F9C0} \u{7f}".to_owned() },
        Event::AgeChecked { basket, age: 18 },
        Event::BasketParked { basket, name: Some("Meyer".to_owned()) },
        Event::BasketRecalled { basket },
        Event::BasketAborted { basket, total: Money::new(199), reason: None },
        Event::TenderRecorded { basket, tender: tender() },
        Event::TenderUndone { basket, tender: tender() },
        Event::ReceiptIssued(Box::new(bare_receipt())),
        Event::ReceiptIssued(Box::new(full_receipt())),
        Event::ReceiptCopied(domain::receipt::ReceiptCopied {
            receipt: receipt_ref(),
            copy: 1,
            hospitality: false,
        }),
        Event::ReceiptCopied(domain::receipt::ReceiptCopied {
            receipt: receipt_ref(),
            copy: 2,
            hospitality: true,
        }),
        Event::InvoiceIssued(domain::books::InvoiceIssued {
            receipt: receipt_ref(),
            customer: domain::CustomerId(12),
            version: 3,
        }),
    ]
}

fn refund_of() -> RefundOf {
    RefundOf { receipt: receipt_ref(), tender: 1, amount: Money::new(500), goods: None }
}

fn sources() -> [RefundSource; 2] {
    let card = CardFacts { last4: Some("4321".to_owned()), ..CardFacts::default() };
    let cash = PaidWith {
        receipt: None,
        tender: 0,
        kind: TenderKind::Cash,
        left: Money::new(1_000),
        card: None,
        voucher: None,
    };
    let (tender, kind, card) = (1, TenderKind::Card, Some(Box::new(card)));
    let card = PaidWith { receipt: Some(receipt_ref()), tender, kind, card, ..cash.clone() };
    let voucher = Some((VoucherId(7), "9KQ2".to_owned()));
    let voucher = PaidWith { kind: TenderKind::Voucher, voucher, ..cash.clone() };
    let receipt = receipt_ref();
    [
        RefundSource { receipt, paid: vec![cash.clone()], bound: false },
        RefundSource { receipt, paid: vec![voucher, cash, card], bound: true },
    ]
}

/// One event of every kind at least.
pub(crate) fn events() -> Vec<Event> {
    [
        of_the_shop(),
        of_the_drawer(),
        of_the_basket(),
        of_the_terminal(),
        of_vouchers(),
        accounts::all(),
        transfers::all(),
        devices::all(),
        terminal_days::all(),
        signing::all(),
        records::all(),
        rksv::all(),
        audits::all(),
        reservations::events(card),
        goods::events(&bare_line()),
    ]
    .concat()
}
