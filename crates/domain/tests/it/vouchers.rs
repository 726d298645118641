//! Vouchers: sold, topped up, redeemed, given back to, blocked, expired; and what always holds of them.

use domain::receipt::Receipt;
use domain::voucher::{LineVoucher, VoucherKind};
use domain::{
    Event, ItemId, LineNo, Permission, Refusal, ShopCommand, State, TaxKey, TillCommand, TillId,
    VoucherId,
};
use money::Money;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::catalogue::{BREAD, BUTTER, CHEESE, FULL, JUICE, LAMP, goods};
use crate::properties::assert_restart_finds_it;
use crate::world::{
    MANAGER, OTHER_TILL, SUPERVISOR, TILL, World, code_of, line_totals, receipt_no, receipt_of, tax,
};

const MULTI: VoucherKind = VoucherKind::MultiPurpose;
const SINGLE: VoucherKind = VoucherKind::SinglePurpose { tax: TaxKey(FULL) };
const FIRST: VoucherId = VoucherId(1);

fn code(number: u32) -> String {
    code_of(number).grouped()
}

fn pay(number: u32) -> TillCommand {
    TillCommand::PayVoucher { code: code(number), amount: None, despite_expiry: false }
}

/// Sells one voucher for cash.
fn sell(w: &mut World, amount: i64, of: VoucherKind) -> Receipt {
    let amount = w.amount(amount);
    w.ok(TillCommand::SellVoucher { amount, of });
    w.pay()
}

fn balance(w: &World, number: u32) -> i64 {
    w.book.vouchers[&VoucherId(number)].1.balance.minor()
}

/// The first receipt's goods of the examples: 3,492.
fn basket_of_row_1(w: &mut World) {
    w.add(JUICE, 2_000);
    w.add(CHEESE, 486);
    w.add(BUTTER, 2_000);
    w.add(BREAD, 1_000);
    w.add(LAMP, 1_000);
}

#[test]
fn row_11_a_multi_purpose_voucher_is_not_taxed_and_pays_like_money() {
    let mut w = World::open();
    let sold = sell(&mut w, 5_000, MULTI);
    assert_eq!(tax(&sold), [(5, 0, 5_000, 0, 5_000)]);
    assert_eq!(sold.total.minor(), 5_000);
    basket_of_row_1(&mut w);
    let used = receipt_of(&w.ok(pay(1))).expect("a receipt");
    assert_eq!(used.total.minor(), 3_492);
    assert_eq!(tax(&used), [(1, 1_900, 1_588, 302, 1_890), (2, 700, 1_497, 105, 1_602)]);
    let tender = &used.tenders[0];
    assert_eq!((used.tenders.len(), tender.amount.minor()), (1, 3_492));
    let of = tender.voucher.as_ref().expect("a voucher");
    assert_eq!((of.left, of.last4.clone()), (Some(Money::new(1_508)), Some(code_of(1).last4())));
    assert_eq!(balance(&w, 1), 1_508);
    assert_eq!(w.drawer(), 15_000, "no cash but for the voucher itself");
    let totals = &w.day().totals;
    assert_eq!(totals.tenders[&domain::basket::TenderKind::Voucher].amount.minor(), 3_492);
    assert_eq!((totals.vouchers_sold.count, totals.vouchers_sold.amount.minor()), (1, 5_000));
    assert_eq!((sold.turnover().minor(), used.turnover().minor()), (0, 3_492));
    assert_eq!(totals.receipts.amount.minor(), 3_492);
    assert_eq!(totals.tax.iter().map(|row| row.gross.minor()).sum::<i64>(), 3_492);
}

#[test]
fn row_12_a_single_purpose_voucher_is_taxed_when_it_is_sold_and_not_again() {
    let mut w = World::open();
    let sold = sell(&mut w, 2_000, SINGLE);
    assert_eq!(tax(&sold), [(1, 1_900, 1_681, 319, 2_000)]);
    let item = w.put(goods("x", 2_000, FULL));
    w.add(item, 1_000);
    w.ok(pay(1));
    assert_eq!((line_totals(w.lines()), w.total()), (vec![2_000, -2_000], 0));
    let used = w.pay();
    assert_eq!(tax(&used), [(1, 1_900, 0, 0, 0)]);
    assert_eq!((used.total.minor(), used.tenders.len(), balance(&w, 1)), (0, 0, 0));
    assert_eq!(w.day().totals.vouchers_used.amount.minor(), -2_000);
    assert_eq!(w.no_after(&item), Refusal::VoucherEmpty);
}

impl World {
    /// What the first voucher says with goods in the basket.
    fn no_after(&mut self, item: &ItemId) -> Refusal {
        self.add(*item, 1_000);
        self.no(pay(1))
    }
}

#[test]
fn a_single_purpose_voucher_takes_only_goods_of_its_key_off() {
    let mut w = World::managed();
    sell(&mut w, 2_000, SINGLE);
    w.add(BREAD, 1_000);
    assert_eq!(w.no(pay(1)), Refusal::VoucherDoesNotFit);
    let lamp = w.add(LAMP, 1_000);
    w.ok(pay(1));
    assert_eq!((w.lines().last().expect("a line").total().minor(), w.total()), (-1_890, 540));
    assert_eq!(w.no(pay(1)), Refusal::VoucherDoesNotFit, "nothing of the key is left");
    // Without its goods it takes nothing off.
    w.ok(TillCommand::VoidLine { line: lamp });
    assert_eq!(w.no(TillCommand::PayCash { tendered: None }), Refusal::VoucherDoesNotFit);
    w.ok(TillCommand::AbortBasket { reason: None });
    assert_eq!(balance(&w, 1), 2_000, "an aborted basket takes nothing");
}

#[test]
fn a_voucher_pays_in_part_and_the_rest_is_due() {
    let mut w = World::managed();
    sell(&mut w, 1_000, MULTI);
    w.add(LAMP, 1_000);
    assert!(receipt_of(&w.ok(pay(1))).is_none());
    let due = w.total() - w.basket().paid().minor();
    assert_eq!(due, 890);
    assert_eq!(w.no(pay(1)), Refusal::VoucherInUse, "it is in this basket already");
    w.ok(TillCommand::UndoTender);
    let amount = Some(w.amount(400));
    w.ok(TillCommand::PayVoucher { code: code(1), amount, despite_expiry: false });
    assert_eq!(w.pay().tenders.len(), 2);
    assert_eq!(balance(&w, 1), 600);
    // More than is on it, or than is due.
    w.add(BREAD, 1_000);
    for (minor, refusal) in
        [(601, Refusal::VoucherHoldsLess { left: 600 }), (541, Refusal::MoreThanDue)]
    {
        let amount = Some(w.amount(minor));
        let asked = TillCommand::PayVoucher { code: code(1), amount, despite_expiry: false };
        assert_eq!(w.no(asked), refusal);
    }
}

#[test]
fn a_voucher_that_is_scanned_pays() {
    let mut w = World::managed();
    sell(&mut w, 9_000, MULTI);
    let scan = |text: String| TillCommand::Scan { code: text, quantity: None, price: None };
    assert_eq!(w.no(scan(code_of(1).compact())), Refusal::NoBasket);
    w.add(LAMP, 1_000);
    assert!(receipt_of(&w.ok(scan(code_of(1).compact()))).is_some());
    w.add(LAMP, 1_000);
    let mut mistyped = code(1);
    mistyped.replace_range(5..6, if mistyped[5..6] == *"A" { "B" } else { "A" });
    assert_eq!(w.no(scan(mistyped)), Refusal::VoucherTypo);
    assert_eq!(w.no(pay(7)), Refusal::UnknownVoucher);
    let none = TillCommand::PayVoucher {
        code: "4006381333931".to_owned(),
        amount: None,
        despite_expiry: false,
    };
    assert_eq!(w.no(none), Refusal::NoCode);
}

#[test]
fn two_open_baskets_cannot_spend_the_same_money() {
    let mut w = World::managed();
    sell(&mut w, 2_500, MULTI);
    w.add(LAMP, 1_000);
    w.ok(pay(1));
    // The first one finished; the other basket holds what is left before it pays the rest.
    let add = TillCommand::AddItem { item: LAMP, quantity: None, price: None };
    w.ok_at(OTHER_TILL, add.clone());
    assert!(receipt_of(&w.ok_at(OTHER_TILL, pay(1))).is_none());
    w.add(LAMP, 1_000);
    assert_eq!(w.no(pay(1)), Refusal::VoucherInUse);
    w.ok_at(OTHER_TILL, TillCommand::UndoTender);
    w.ok(pay(1));
    assert_eq!(w.no_at(OTHER_TILL, pay(1)), Refusal::VoucherInUse);
    w.pay();
    assert_eq!(w.no_at(OTHER_TILL, pay(1)), Refusal::VoucherEmpty);
    assert_eq!(balance(&w, 1), 0);
}

#[test]
fn more_can_be_put_on_a_voucher() {
    let mut w = World::managed();
    sell(&mut w, 1_000, SINGLE);
    let amount = w.amount(500);
    w.ok(TillCommand::TopUpVoucher { code: code(1), amount });
    let receipt = w.pay();
    assert_eq!((balance(&w, 1), tax(&receipt)), (1_500, vec![(1, 1_900, 420, 80, 500)]));
    let amount = w.amount(0);
    assert!(matches!(
        w.no(TillCommand::TopUpVoucher { code: code(1), amount }),
        Refusal::OutOfLimits { .. }
    ));
}

#[test]
fn money_for_goods_goes_back_to_the_voucher_that_paid_them_first() {
    let mut w = World::managed();
    sell(&mut w, 1_000, MULTI);
    w.add(LAMP, 1_000);
    w.add(BREAD, 1_000);
    w.ok(pay(1));
    w.pay();
    assert_eq!((balance(&w, 1), w.drawer()), (0, 12_430));
    // The bread comes back: 540 of the 1,000 go back to the voucher.
    w.ok(TillCommand::ReturnLine { receipt: receipt_no(2), line: LineNo(2), quantity: None });
    let back = w.pay();
    assert_eq!((balance(&w, 1), w.drawer(), back.tenders.len()), (540, 12_430, 1));
    // The lamp: 460 to the voucher, the rest in cash.
    w.ok(TillCommand::ReturnLine { receipt: receipt_no(2), line: LineNo(1), quantity: None });
    let back = w.pay();
    assert_eq!((balance(&w, 1), w.drawer(), back.tenders.len()), (1_000, 11_000, 2));
    assert_eq!(back.tenders[0].voucher.as_ref().expect("a voucher").left, Some(Money::new(1_000)));
    // By card it goes the same way.
    w.add(LAMP, 1_000);
    w.ok(pay(1));
    w.pay();
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(5) });
    w.ok(TillCommand::PayCardExternal { amount: None });
    assert_eq!((balance(&w, 1), w.state.baskets.len()), (1_000, 0));
}

#[test]
fn a_return_can_be_paid_out_as_a_new_voucher() {
    let mut w = World::managed();
    w.sell(&[(LAMP, 1_000)]);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    let back = receipt_of(&w.ok(TillCommand::PayOutVoucher)).expect("a receipt");
    assert_eq!((back.total.minor(), balance(&w, 1), w.drawer()), (-1_890, 1_890, 11_890));
    let of = back.tenders[0].voucher.as_ref().expect("a voucher");
    assert_eq!((of.voucher, of.left), (Some(FIRST), Some(Money::new(1_890))));
    w.add(LAMP, 1_000);
    assert_eq!(w.no(TillCommand::PayOutVoucher), Refusal::BadTender);
    assert!(receipt_of(&w.ok(pay(1))).is_some());
}

#[test]
fn a_voucher_is_taken_back_as_long_as_it_is_unused() {
    let mut w = World::managed();
    sell(&mut w, 2_000, MULTI);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    w.add(BREAD, 1_000);
    w.ok(TillCommand::Park { name: None });
    assert_eq!(w.no_after(&LAMP), Refusal::VoucherInUse, "what is to be taken back pays nothing");
    w.ok(TillCommand::AbortBasket { reason: None });
    let basket = *w.state.baskets.keys().next().expect("parked");
    w.ok(TillCommand::Recall { basket });
    w.pay();
    assert_eq!((balance(&w, 1), w.drawer()), (0, 10_540));
    sell(&mut w, 2_000, MULTI);
    w.add(BREAD, 1_000);
    w.ok(pay(2));
    let again = TillCommand::ReturnReceipt { receipt: receipt_no(3) };
    assert_eq!(w.no(again), Refusal::VoucherUsed);
}

#[test]
fn goods_that_a_single_purpose_voucher_took_off_come_back_with_the_whole_receipt() {
    let mut w = World::managed();
    sell(&mut w, 1_500, SINGLE);
    w.add(LAMP, 1_000);
    w.add(BREAD, 1_000);
    w.ok(pay(1));
    let sold = w.pay();
    let line = TillCommand::ReturnLine { receipt: receipt_no(2), line: LineNo(1), quantity: None };
    assert_eq!(w.no(line), Refusal::VoucherWholeReceipt);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(2) });
    assert_eq!(
        w.no(TillCommand::VoidLine { line: LineNo(1) }),
        Refusal::LineFixed { line: LineNo(1) }
    );
    let back = w.pay();
    assert_eq!((balance(&w, 1), w.drawer()), (1_500, 11_500));
    assert!(sold.tax.iter().zip(&back.tax).all(|(sold, back)| {
        sold.net.plus(back.net) == Ok(Money::ZERO) && sold.tax.plus(back.tax) == Ok(Money::ZERO)
    }));
    let again = TillCommand::ReturnReceipt { receipt: receipt_no(2) };
    assert!(matches!(w.no(again), Refusal::NothingLeftToReturn { .. }));
}

#[test]
fn a_blocked_voucher_is_refused_until_it_is_taken_again() {
    let mut w = World::open();
    sell(&mut w, 2_000, MULTI);
    let block =
        |reason: &str| ShopCommand::BlockVoucher { voucher: FIRST, reason: reason.to_owned() };
    let cashier = w.state.tills[&TILL].person.expect("somebody");
    assert_eq!(
        w.office_no(cashier, block("lost")),
        Refusal::NotPermitted { permission: Permission::ManageVouchers }
    );
    assert!(matches!(w.office_no(SUPERVISOR, block(" ")), Refusal::BadText { .. }));
    assert_eq!(w.office(block("lost")).len(), 1);
    assert_eq!(w.office(block("lost")).len(), 0, "it is so already");
    w.add(LAMP, 1_000);
    assert_eq!(w.no(pay(1)), Refusal::VoucherBlocked { voucher: FIRST });
    w.office(ShopCommand::UnblockVoucher { voucher: FIRST, reason: "found".to_owned() });
    assert!(receipt_of(&w.ok(pay(1))).is_some());
    let unknown = ShopCommand::BlockVoucher { voucher: VoucherId(9), reason: "lost".to_owned() };
    assert_eq!(w.office_no(MANAGER, unknown), Refusal::UnknownVoucher);
}

#[test]
fn an_expired_voucher_is_refused_with_its_date_and_taken_by_right() {
    let mut w = World::open();
    sell(&mut w, 2_000, MULTI);
    w.now = "2029-12-31T22:30:00Z".parse().expect("a time");
    w.add(BREAD, 1_000);
    assert!(receipt_of(&w.ok(pay(1))).is_some(), "the last evening of the third year");
    w.now = "2029-12-31T23:30:00Z".parse().expect("a time");
    w.add(BREAD, 1_000);
    let on = "2029-12-31".parse().expect("a date");
    assert_eq!(w.no(pay(1)), Refusal::VoucherExpired { on });
    let despite = || TillCommand::PayVoucher { code: code(1), amount: None, despite_expiry: true };
    assert_eq!(w.no(despite()), Refusal::NotPermitted { permission: Permission::ManageVouchers });
    w.approved_by(MANAGER);
    assert!(receipt_of(&w.ok(despite())).is_some());
    let mut w = World::open_with(|settings| settings.voucher_years = 1);
    sell(&mut w, 2_000, MULTI);
    assert_eq!(w.book.vouchers[&FIRST].1.expires.to_string(), "2027-12-31");
}

#[test]
fn what_is_trained_with_is_in_no_ledger() {
    let mut w = World::managed();
    sell(&mut w, 2_000, MULTI);
    w.ok(TillCommand::Training { on: true });
    let receipt = sell(&mut w, 700, MULTI);
    assert!(receipt.training);
    w.add(BREAD, 1_000);
    assert!(receipt_of(&w.ok(pay(1))).is_some());
    w.ok(TillCommand::Training { on: false });
    assert_eq!((balance(&w, 1), w.book.vouchers.len(), w.book.postings.len()), (2_000, 1, 1));
}

#[test]
fn the_line_of_a_voucher_takes_no_discount_and_no_other_price() {
    use domain::command::DiscountValue;
    let mut w = World::managed();
    let amount = w.amount(2_000);
    w.ok(TillCommand::SellVoucher { amount, of: MULTI });
    let line = LineNo(1);
    let reason = || "why".to_owned();
    let off = DiscountValue::Percent { basis_points: 1_000 };
    let price = w.amount(1);
    assert_eq!(
        w.no(TillCommand::OverridePrice { line, price, reason: reason() }),
        Refusal::LineFixed { line }
    );
    assert!(
        w.at(TILL, TillCommand::DiscountLine { line, discount: off, reason: reason() }).is_err()
    );
    w.add(LAMP, 1_000);
    w.ok(TillCommand::DiscountReceipt { discount: off, reason: reason() });
    assert_eq!(line_totals(&w.totals().lines), [2_000, 1_701]);
}

/// A step of the walk: a till, and what is done there.
#[derive(Debug, Clone)]
enum Step {
    Add(u32),
    Sell(i64, bool),
    TopUp(u32, i64),
    Voucher(u32, Option<i64>),
    Cash,
    PartCash(i64),
    Card,
    PayOut,
    Undo,
    Return(u16, u64),
    ReturnLine(u16, u64, u16),
    Void(u16),
    Discount,
    Abort,
    Park,
    Recall,
    NewBasket,
    Switch,
    Block(u32, bool),
    Training(bool),
}

fn steps() -> impl Strategy<Value = Vec<(TillId, Step)>> {
    let voucher = || 1_u32..4;
    let step = prop_oneof![
        8 => prop::sample::select(vec![LAMP.0, BREAD.0, BUTTER.0]).prop_map(Step::Add),
        5 => (1_i64..4_000, any::<bool>()).prop_map(|(amount, multi)| Step::Sell(amount, multi)),
        2 => (voucher(), 1_i64..900).prop_map(|(voucher, amount)| Step::TopUp(voucher, amount)),
        8 => (voucher(), prop::option::weighted(0.4, 1_i64..900))
            .prop_map(|(voucher, amount)| Step::Voucher(voucher, amount)),
        9 => Just(Step::Cash),
        2 => (1_i64..300).prop_map(Step::PartCash),
        1 => Just(Step::Card),
        2 => Just(Step::PayOut),
        2 => Just(Step::Undo),
        4 => (1_u16..3, 1_u64..5).prop_map(|(till, number)| Step::Return(till, number)),
        3 => (1_u16..3, 1_u64..5, 1_u16..4).prop_map(|(t, n, line)| Step::ReturnLine(t, n, line)),
        2 => (1_u16..5).prop_map(Step::Void),
        1 => Just(Step::Discount),
        1 => Just(Step::Abort),
        1 => Just(Step::Park),
        1 => Just(Step::Recall),
        1 => Just(Step::NewBasket),
        1 => Just(Step::Switch),
        1 => (voucher(), any::<bool>()).prop_map(|(voucher, on)| Step::Block(voucher, on)),
        1 => prop::bool::weighted(0.2).prop_map(Step::Training),
    ];
    prop::collection::vec(((1_u16..=2).prop_map(TillId), step), 40..160)
}

fn command(w: &World, till: TillId, step: &Step) -> TillCommand {
    let reason = || "why".to_owned();
    let receipt = |till: u16, number: u64| domain::ReceiptRef {
        till: TillId(till),
        number: domain::ReceiptNo(number),
    };
    let amount = |minor: i64| w.amount(minor);
    match *step {
        Step::Add(item) => TillCommand::AddItem { item: ItemId(item), quantity: None, price: None },
        Step::Sell(minor, multi) => {
            let of = if multi { MULTI } else { SINGLE };
            TillCommand::SellVoucher { amount: amount(minor), of }
        }
        Step::TopUp(voucher, minor) => {
            TillCommand::TopUpVoucher { code: code(voucher), amount: amount(minor) }
        }
        Step::Voucher(voucher, part) => TillCommand::PayVoucher {
            code: code(voucher),
            amount: part.map(amount),
            despite_expiry: false,
        },
        Step::Cash => TillCommand::PayCash { tendered: None },
        Step::PartCash(minor) => TillCommand::PayCash { tendered: Some(amount(minor)) },
        Step::Card => TillCommand::PayCardExternal { amount: None },
        Step::PayOut => TillCommand::PayOutVoucher,
        Step::Undo => TillCommand::UndoTender,
        Step::Return(till, number) => TillCommand::ReturnReceipt { receipt: receipt(till, number) },
        Step::ReturnLine(till, number, line) => TillCommand::ReturnLine {
            receipt: receipt(till, number),
            line: LineNo(line),
            quantity: None,
        },
        Step::Void(line) => TillCommand::VoidLine { line: LineNo(line) },
        Step::Discount => TillCommand::DiscountReceipt {
            discount: domain::command::DiscountValue::Percent { basis_points: 1_000 },
            reason: reason(),
        },
        Step::Abort => TillCommand::AbortBasket { reason: None },
        Step::Park => TillCommand::Park { name: None },
        Step::NewBasket => TillCommand::NewBasket,
        Step::Recall => {
            let parked = w.state.baskets.values().find(|b| b.parked.is_some()).map(|b| b.id);
            TillCommand::Recall { basket: parked.unwrap_or(domain::BasketId(0)) }
        }
        Step::Switch => {
            let first = w.state.tills[&till].baskets.first().copied();
            TillCommand::SwitchBasket { basket: first.unwrap_or(domain::BasketId(0)) }
        }
        Step::Training(on) => TillCommand::Training { on },
        Step::Block(..) => TillCommand::NewBasket,
    }
}

fn walk(w: &mut World, till: TillId, step: &Step) -> bool {
    let happened = match *step {
        Step::Block(voucher, blocked) => {
            let (voucher, reason) = (VoucherId(voucher), "why".to_owned());
            let command = if blocked {
                ShopCommand::BlockVoucher { voucher, reason }
            } else {
                ShopCommand::UnblockVoucher { voucher, reason }
            };
            w.run(Some(MANAGER), domain::Command::Shop(command))
        }
        _ => w.at(till, command(w, till, step)),
    };
    happened.is_ok_and(|events| !events.is_empty())
}

/// What open baskets are about to take off a voucher is there.
fn assert_held_is_there(w: &World) {
    for (id, (_, voucher)) in &w.book.vouchers {
        let mut held = Money::ZERO;
        for basket in w.state.baskets.values().filter(|b| !b.training) {
            for line in basket.lines.iter().filter(|l| l.total().is_negative()) {
                if line.voucher.as_ref().and_then(LineVoucher::voucher) == Some(*id) {
                    held = held.minus(line.total()).unwrap();
                }
            }
            for tender in basket.tenders.iter().filter(|t| t.amount.is_positive()) {
                if tender.voucher.as_ref().and_then(|v| v.voucher) == Some(*id) {
                    held = held.plus(tender.amount).unwrap();
                }
            }
        }
        assert!(held <= voucher.balance, "{id}: {held:?} of {:?}", voucher.balance);
    }
}

fn assert_ledger(w: &World) {
    for (id, (_, voucher)) in &w.book.vouchers {
        let sum: i64 = w.book.postings.iter().filter(|(of, _)| of == id).map(|(_, a)| a).sum();
        assert_eq!(voucher.balance.minor(), sum);
        assert!(sum >= 0);
    }
    // The other side: what the receipts say of vouchers is what the ledger says.
    let mut said = 0_i64;
    for issued in w.book.receipts.values() {
        let lines = issued.receipt.lines.iter().filter(|l| l.voucher.is_some());
        said += lines.map(|l| l.total().minor()).sum::<i64>();
        let tenders = issued.receipt.tenders.iter().filter(|t| t.voucher.is_some());
        said -= tenders.map(|t| t.amount.minor()).sum::<i64>();
    }
    assert_eq!(said, w.book.postings.iter().map(|(_, amount)| amount).sum::<i64>());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, rng_seed: RngSeed::Fixed(20_261_125), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_do_with_vouchers_the_ledger_agrees(steps in steps()) {
        let mut w = World::managed();
        for (till, step) in &steps {
            if walk(&mut w, *till, step) {
                assert_restart_finds_it(&w);
                assert_held_is_there(&w);
            }
        }
        assert_ledger(&w);
        let mut folded = State::default();
        for (seq, entry) in (1..).zip(&w.log) {
            let json = serde_json::to_string(&entry.event).unwrap();
            let event: Event = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(&event, &entry.event);
            folded.apply(seq, entry.at, entry.till, entry.person, &event);
        }
        prop_assert_eq!(folded, w.state);
    }

    #[test]
    fn a_sale_paid_by_vouchers_and_its_full_return_are_nothing_in_every_column(
        goods in prop::collection::vec((prop::sample::select(vec![LAMP.0, BREAD.0, BUTTER.0, JUICE.0]), 1_i64..4), 1..8),
        multi in 1_i64..9_000,
        single in prop::option::of(1_i64..9_000),
        off in 0_u16..=5_000,
        gross in any::<bool>(),
    ) {
        let mut w = World::open_with(|settings| settings.prices_include_tax = gross);
        w.sign_in(TILL, MANAGER);
        sell(&mut w, multi, MULTI);
        if let Some(single) = single {
            sell(&mut w, single, SINGLE);
        }
        let before = (w.drawer(), w.day().totals.tax.clone(), w.book.vouchers.clone());
        for (item, pieces) in &goods {
            w.add(ItemId(*item), pieces * 1_000);
        }
        let percent = domain::command::DiscountValue::Percent { basis_points: off };
        let _ = w.at(TILL, TillCommand::DiscountReceipt { discount: percent, reason: "why".to_owned() });
        let _ = w.at(TILL, pay(2));
        let done = w.at(TILL, pay(1)).map(|events| receipt_of(&events).is_some());
        if done != Ok(true) {
            w.pay();
        }
        let number = w.state.tills[&TILL].receipts;
        w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(number) });
        w.pay();
        prop_assert_eq!(w.drawer(), before.0);
        prop_assert_eq!(&w.book.vouchers, &before.2, "each voucher has again what it had");
        for row in &w.day().totals.tax {
            let then = before.1.iter().find(|then| (then.key, then.rate) == (row.key, row.rate));
            prop_assert_eq!(*row, then.copied().unwrap_or(domain::totals::TaxRow { key: row.key, rate: row.rate, ..Default::default() }));
        }
        prop_assert!(w.day().totals.groups.values().all(|g| g.amount.is_zero()));
    }
}

/// A property over walks that never get anywhere would hold too.
#[test]
fn the_walks_reach_every_posting() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut reached = std::collections::BTreeMap::<String, u32>::new();
    for _ in 0..150 {
        let mut w = World::managed();
        for (till, step) in steps().new_tree(&mut runner).unwrap().current() {
            walk(&mut w, till, &step);
        }
        for entry in &w.log {
            let kind = serde_json::to_value(&entry.event).unwrap()["kind"].to_string();
            *reached.entry(kind).or_default() += 1;
        }
    }
    for kind in ["sold", "topped_up", "redeemed", "credited", "blocked", "unblocked"] {
        let times = reached.get(&format!("\"voucher_{kind}\"")).copied().unwrap_or(0);
        assert!(times >= 10, "{kind}: {reached:?}");
    }
}
