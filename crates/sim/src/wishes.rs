//! What people at the tills and in the office ask for: mostly sensible, now and then not.

use domain::account::CustomerDetails;
use domain::catalogue::{ItemDraft, Price, TaxShare, Unit};
use domain::command::{Denomination, DiscountValue, StockKind};
use domain::tip::TipValue;
use domain::voucher::VoucherKind;
use domain::{
    Amount, BasketId, CustomerId, GroupId, ImportId, ItemId, LineNo, PersonId, PriceListId,
    ReceiptNo, ReceiptRef, ShopCommand, TaxKey, TillCommand, TillId,
};
use money::{Currency, Money, Quantity};
use shop::api::view::TillView;

use crate::build::{item, item_code};
use crate::random::Random;

/// Plain items of the world; the special ones follow.
pub const ITEMS: u32 = 20;

/// After the plain ones: deposit (21), bottle with it (22), beer from 16 (23), cheese by weight (24), an
/// open price (25), a book (26), a menu under two tax keys (27).
pub fn special_items() -> Vec<ItemDraft> {
    let mut random = Random::new(1);
    let mut draft = |n: u32| item(ITEMS + n, &mut random);
    let deposit = ItemDraft { discountable: false, ..draft(1) };
    let bottle = ItemDraft { deposit: Some(ItemId(ITEMS + 1)), ..draft(2) };
    let beer = ItemDraft { age: Some(16), deposit: Some(ItemId(ITEMS + 1)), ..draft(3) };
    let cheese = ItemDraft { weighed: true, unit: Unit::Kilogram, ..draft(4) };
    let open = ItemDraft { open_price: true, prices: Vec::new(), ..draft(5) };
    let book = ItemDraft { price_bound: true, discountable: false, ..draft(6) };
    // A menu: 70 % food, 30 % drinks (UStAE 10.1 (12)).
    let share = |key, weight| TaxShare { key: TaxKey(key), weight };
    let menu = ItemDraft { tax_split: vec![share(2, 70), share(1, 30)], ..draft(7) };
    vec![deposit, bottle, beer, cheese, open, book, menu]
}

fn small(random: &mut Random, end: u64) -> u32 {
    u32::try_from(random.below(end)).unwrap_or(0)
}

fn chance(random: &mut Random, one_in: u64) -> bool {
    random.below(one_in) == 0
}

fn euros(minor: i64) -> Amount {
    Amount { amount: Money::new(minor), currency: Currency::EUR }
}

fn amount(random: &mut Random) -> Amount {
    match random.below(30) {
        0 => euros(-1),
        1 => euros(i64::MAX),
        2 => euros(i64::MIN),
        3 => euros(0),
        4 => Amount { amount: Money::new(500), currency: Currency::CHF },
        5 => euros(1_000_000_000),
        _ => euros(i64::from(small(random, 3_000)) + 1),
    }
}

fn quantity(random: &mut Random) -> Quantity {
    Quantity::new(match random.below(25) {
        0 => 0,
        1 => -1_000,
        2 => i64::MAX,
        3 => i64::MIN,
        4 => 99_999_999,
        5..=8 => i64::from(small(random, 5_000)) + 1,
        _ => 1_000 * (i64::from(small(random, 6)) + 1),
    })
}

fn some_quantity(random: &mut Random) -> Option<Quantity> {
    (!chance(random, 3)).then(|| quantity(random))
}

fn reason(random: &mut Random) -> String {
    match random.below(20) {
        0 => String::new(),
        1 => "a\u{0}b\u{1b}@".to_owned(),
        2 => "x".repeat(500),
        _ => "Kulanz".to_owned(),
    }
}

fn discount(random: &mut Random) -> DiscountValue {
    if chance(random, 2) {
        let basis_points = u16::try_from(random.below(1_500)).unwrap_or(0);
        DiscountValue::Percent {
            basis_points: if chance(random, 12) { 12_000 } else { basis_points },
        }
    } else {
        DiscountValue::Amount { amount: amount(random) }
    }
}

fn some_item(random: &mut Random) -> ItemId {
    ItemId(small(random, u64::from(ITEMS) + 8))
}

fn some_customer(random: &mut Random) -> CustomerId {
    CustomerId(small(random, 6))
}

fn some_line(random: &mut Random, view: &TillView) -> LineNo {
    let lines = view.basket.as_ref().map(|b| b.lines.as_slice()).unwrap_or_default();
    let picked = random.pick(lines).map(|line| line.line);
    picked
        .filter(|_| !chance(random, 10))
        .unwrap_or(LineNo(u16::try_from(random.below(9)).unwrap_or(0)))
}

fn some_receipt(random: &mut Random, view: &TillView) -> ReceiptRef {
    if chance(random, 8) {
        return ReceiptRef {
            till: TillId(small(random, 4) as u16),
            number: ReceiptNo(random.below(30)),
        };
    }
    ReceiptRef { till: view.till, number: ReceiptNo(random.below(view.next_receipt).max(1)) }
}

/// What somebody at a till wants. A till that is closed or locked is opened most of the time.
pub fn at_till(random: &mut Random, view: &TillView) -> TillCommand {
    use TillCommand as C;
    if view.person.is_none() && !chance(random, 8) {
        return C::SignIn { person: PersonId(small(random, 5)) };
    }
    if view.day.is_none() && !chance(random, 8) {
        return C::OpenDay { float: amount(random) };
    }
    let paying = view.basket.as_ref().is_some_and(|b| !b.tenders.is_empty());
    match random.below(100) {
        _ if paying && !chance(random, 4) => pay(random, view),
        0..=39 => goods(random),
        40..=57 => pay(random, view),
        58..=74 => change(random, view),
        75..=90 => handle(random, view),
        _ => around(random, view),
    }
}

fn goods(random: &mut Random) -> TillCommand {
    use TillCommand as C;
    let price = chance(random, 6).then(|| amount(random));
    match random.below(10) {
        0..=4 => {
            let code = match random.below(12) {
                0 => "4006381333932".to_owned(),
                1 => "\u{1b}@\u{0}".to_owned(),
                2 => "2800011004865".to_owned(),
                3 if chance(random, 2) => crate::build::COUPON.to_owned(),
                3 => format!("{}-{}", crate::build::PAPER, random.below(30)),
                _ => item_code(small(random, u64::from(ITEMS) + 9)),
            };
            C::Scan { code, quantity: some_quantity(random), price }
        }
        5..=8 => C::AddItem { item: some_item(random), quantity: some_quantity(random), price },
        _ => C::SellUnknown {
            code: chance(random, 2).then(|| "4012345678901".to_owned()),
            group: GroupId(small(random, 5) as u16),
            price: amount(random),
            quantity: some_quantity(random),
            name: chance(random, 3).then(|| reason(random)),
        },
    }
}

fn pay(random: &mut Random, view: &TillView) -> TillCommand {
    use TillCommand as C;
    if let Some(age) = view.basket.as_ref().and_then(|b| b.age_needed)
        && !chance(random, 5)
    {
        return C::ConfirmAge { age };
    }
    match random.below(22) {
        15 | 16 => {
            let key = TaxKey(small(random, 3) as u16);
            let single = VoucherKind::SinglePurpose { tax: key };
            let of = if chance(random, 2) { single } else { VoucherKind::MultiPurpose };
            C::SellVoucher { amount: amount(random), of }
        }
        17 | 18 => {
            let sold = view.last_receipt.as_ref().and_then(|r| r.vouchers.first());
            C::PayVoucher {
                code: sold.map_or_else(|| "GS-NONE".to_owned(), |v| v.code.clone()),
                amount: chance(random, 3).then(|| amount(random)),
                despite_expiry: false,
            }
        }
        19 => C::AddTip { tip: TipValue::Amount { amount: amount(random) } },
        20 => C::PayCardExternal { amount: chance(random, 2).then(|| amount(random)) },
        21 => C::PayOutVoucher,
        14 => C::PayOutCredit {
            customer: some_customer(random),
            amount: chance(random, 3).then(|| amount(random)),
        },
        12 => C::PayOnAccount {
            customer: some_customer(random),
            amount: chance(random, 3).then(|| amount(random)),
        },
        13 => C::SettleAccount {
            customer: some_customer(random),
            amount: chance(random, 3).then(|| amount(random)),
            receipt: chance(random, 4).then(|| some_receipt(random, view)),
            credit: chance(random, 4),
        },
        0 => C::UndoTender,
        1..=3 => C::PayCash { tendered: Some(amount(random)) },
        4 => C::ConfirmAge { age: small(random, 140) as u8 },
        _ => C::PayCash { tendered: None },
    }
}

fn change(random: &mut Random, view: &TillView) -> TillCommand {
    use TillCommand as C;
    let line = some_line(random, view);
    match random.below(10) {
        0..=2 => C::ChangeQuantity { line, quantity: quantity(random) },
        3 => C::DiscountLine { line, discount: discount(random), reason: reason(random) },
        4 => C::DiscountReceipt { discount: discount(random), reason: reason(random) },
        5 if chance(random, 3) => C::GiveCouponBack { no: small(random, 4) as u16 },
        5 => C::RemoveDiscount { line: chance(random, 2).then_some(line) },
        6 => C::OverridePrice { line, price: amount(random), reason: reason(random) },
        7 | 8 => C::VoidLine { line },
        _ => C::Note { line: chance(random, 2).then_some(line), text: reason(random) },
    }
}

fn handle(random: &mut Random, view: &TillView) -> TillCommand {
    use TillCommand as C;
    let of = |random: &mut Random, all: &[shop::api::view::BasketSummary]| {
        random.pick(all).map_or(BasketId(random.below(9)), |b| b.id)
    };
    match random.below(15) {
        14 => C::GiveBenefit { person: PersonId(small(random, 4)), reason: reason(random) },
        0 | 1 => C::NewBasket,
        2 | 3 => C::SwitchBasket { basket: of(random, &view.baskets) },
        4 => C::AbortBasket { reason: chance(random, 2).then(|| reason(random)) },
        5 | 6 => C::Park { name: chance(random, 2).then(|| reason(random)) },
        7 | 8 => C::Recall { basket: of(random, &view.parked) },
        9 | 10 => {
            let line = LineNo(small(random, 5) as u16);
            C::ReturnLine {
                receipt: some_receipt(random, view),
                line,
                quantity: some_quantity(random),
            }
        }
        11 | 12 => C::ReturnReceipt { receipt: some_receipt(random, view) },
        _ => C::ReturnWithoutReceipt {
            item: some_item(random),
            quantity: some_quantity(random),
            price: chance(random, 3).then(|| amount(random)),
            reason: reason(random),
        },
    }
}

fn around(random: &mut Random, view: &TillView) -> TillCommand {
    use TillCommand as C;
    match random.below(16) {
        0 => C::PaidIn { amount: amount(random), reason: reason(random), purpose: None },
        1 => C::PaidOut { amount: amount(random), reason: reason(random), purpose: None },
        2 => C::Drop { amount: amount(random), reason: reason(random) },
        3 => C::NoSale { reason: reason(random) },
        4 => C::EndShift,
        5..=7 => C::CountDrawer {
            foreign: Vec::new(),
            pieces: vec![Denomination {
                value: i64::from(small(random, 300)),
                pieces: small(random, 90),
            }],
        },
        8..=10 => C::CloseDay { despite_doubt: None },
        // Out of it again most of the time.
        11 => C::Training { on: !view.training },
        12 => C::Training { on: false },
        13 => C::Reprint { receipt: some_receipt(random, view), hospitality: false },
        14 => C::SignOut,
        _ => C::SignIn { person: PersonId(small(random, 6)) },
    }
}

/// What the office wants.
pub fn office(random: &mut Random) -> ShopCommand {
    use ShopCommand as C;
    match random.below(18) {
        14 | 15 => {
            let customer = chance(random, 2).then(|| some_customer(random));
            let details =
                Box::new(CustomerDetails { name: reason(random), ..CustomerDetails::default() });
            let limit = chance(random, 4).then(|| amount(random));
            let (term_days, blocked) = (small(random, 400) as u16, chance(random, 8));
            C::PutCustomer { customer, details, term_days, limit, blocked }
        }
        16 => C::RecordAccountPayment {
            customer: some_customer(random),
            amount: amount(random),
            reference: reason(random),
            receipt: None,
            credit: chance(random, 3),
        },
        17 => C::ForgetCustomer { customer: some_customer(random) },
        0..=3 => C::MoveStock {
            item: some_item(random),
            kind: *random
                .pick(&[
                    StockKind::Received,
                    StockKind::Corrected,
                    StockKind::Wasted,
                    StockKind::Counted,
                ])
                .unwrap_or(&StockKind::Received),
            quantity: quantity(random),
            reason: reason(random),
        },
        4 | 5 => {
            let n = small(random, u64::from(ITEMS)) + 1;
            let mut draft = item(n, random);
            draft.prices = vec![Price {
                amount: amount(random).amount,
                list: PriceListId(0),
                from: None,
                until: None,
            }];
            C::PutItem { item: Some(ItemId(n)), draft: Box::new(draft) }
        }
        6 => C::RetireItem { item: some_item(random), retired: chance(random, 2) },
        7 => C::BeginImport { source: "Liste".to_owned() },
        8 | 9 => {
            let n = ITEMS + 50 + small(random, 40);
            C::ImportItems {
                import: ImportId(small(random, 4)),
                items: vec![(None, item(n, random))],
            }
        }
        10 => C::FinishImport { import: ImportId(small(random, 4)) },
        11 => C::CancelImport { import: ImportId(small(random, 4)) },
        12 => C::SettleUnknownCode { code: "4012345678901".to_owned() },
        _ if chance(random, 3) => C::ForgetPerson { person: PersonId(small(random, 12)) },
        _ => {
            let name = reason(random);
            C::PutPerson { person: None, name, role: domain::Role::Cashier, active: false }
        }
    }
}
