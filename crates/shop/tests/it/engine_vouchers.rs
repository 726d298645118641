//! Vouchers through the engine: two tills at once, guessed codes, the file after the sale, restarts.

use std::path::Path;
use std::time::Duration;

use domain::voucher::{VoucherCode, VoucherKind};
use domain::{Command, Event, Refusal, ShopCommand, TillCommand, TillId, VoucherId};
use shop::engine::{Actor, EngineError};
use store::VoucherFilter;

use crate::engine_kit::{Answer, Kit, MANAGER, PAY, euros, refused, scan};

fn sell(kit: &mut Kit, till: u16, amount: i64) -> String {
    let of = VoucherKind::MultiPurpose;
    kit.ok(till, TillCommand::SellVoucher { amount: euros(amount), of });
    let answer = kit.ok(till, PAY);
    let view = answer.view.expect("a view");
    let sold = &view.last_receipt.as_ref().expect("a receipt").vouchers;
    assert_eq!(sold.len(), 1);
    sold[0].code.clone()
}

fn pay(code: &str) -> TillCommand {
    TillCommand::PayVoucher { code: code.to_owned(), amount: None, despite_expiry: false }
}

fn balance(kit: &Kit, voucher: u32) -> i64 {
    let row = kit.reader().voucher(VoucherId(voucher)).expect("read").expect("a voucher");
    row.voucher.balance.minor()
}

/// Sends the same payment at both tills before either is answered.
fn at_once(kit: &mut Kit, code: &str) -> [Answer; 2] {
    let actor = Actor { person: Some(MANAGER), approver: None };
    let ids = [kit.id(), kit.id()];
    let mut tickets = Vec::new();
    for (id, till) in ids.into_iter().zip([1, 2]) {
        let command = Command::Till(TillId(till), pay(code));
        tickets.push(kit.engine.submit(id, actor, command).expect("running"));
    }
    let mut answers = tickets.into_iter().map(shop::engine::Ticket::wait);
    [answers.next().expect("one"), answers.next().expect("two")]
}

#[test]
fn of_two_tills_that_redeem_one_voucher_at_once_exactly_one_succeeds_a_thousand_times() {
    let mut kit = Kit::open();
    let mut told = [0_u32; 2];
    for round in 0..1_000 {
        let code = sell(&mut kit, 1, 100);
        for till in [1, 2] {
            kit.ok(till, scan(1));
        }
        let answers = at_once(&mut kit, &code);
        let done: Vec<bool> = answers.iter().map(Result::is_ok).collect();
        assert_eq!(done.iter().filter(|done| **done).count(), 1, "{round}: {answers:?}");
        for (till, answer) in [1_u16, 2].into_iter().zip(answers) {
            match answer {
                Ok(_) => told[usize::from(till) - 1] += 1,
                Err(_) => {
                    assert!(["voucher_in_use", "voucher_empty"].contains(&refused(answer).as_str()))
                }
            }
            kit.ok(till, PAY);
        }
        assert_eq!(balance(&kit, round + 1), 0);
    }
    println!("1,000 rounds: {told:?}");
    let (liability, open) = kit.reader().voucher_liability().expect("read");
    assert_eq!((liability.minor(), open), (0, 0));
}

/// True when a file of the folder holds the text.
fn found_in(folder: &Path, text: &[u8]) -> Vec<String> {
    let files =
        std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    let holds = files.filter(|path| {
        let bytes = std::fs::read(path).expect("bytes");
        bytes.windows(text.len()).any(|window| window == text)
    });
    holds.map(|path| path.display().to_string()).collect()
}

#[test]
fn a_code_stands_in_no_file_after_the_sale_nor_after_it_was_used_or_mistyped() {
    let mut kit = Kit::open();
    let grouped = sell(&mut kit, 1, 5_000);
    let code = VoucherCode::parse(&grouped).expect("a code");
    let mut scanned = code.compact();
    kit.ok(1, scan(1));
    kit.ok(1, TillCommand::Scan { code: scanned.clone(), quantity: None, price: None });
    kit.ok(2, TillCommand::TopUpVoucher { code: grouped.clone(), amount: euros(100) });
    scanned.replace_range(1..2, if &scanned[1..2] == "0" { "1" } else { "0" });
    let mistyped = TillCommand::Scan { code: scanned.clone(), quantity: None, price: None };
    assert_eq!(refused(kit.till(2, MANAGER, mistyped)), "voucher_typo");
    let look = |kit: &Kit| {
        for text in
            [grouped.as_bytes(), code.compact().as_bytes(), &code.bits(), &scanned.as_bytes()[2..]]
        {
            assert_eq!(found_in(kit.folder.path(), text), Vec::<String>::new());
        }
    };
    look(&kit);
    // The last four characters and the public number are kept: they are what people tell vouchers by.
    assert!(!found_in(kit.folder.path(), code.last4().as_bytes()).is_empty());
    // The key is no part of the shop's file: nobody who has the file alone can try codes on it.
    let key = std::fs::read(kit.folder.path().join("shop.sqlite.voucher-key")).expect("a key");
    assert_eq!(found_in(kit.folder.path(), &key).len(), 1);
    kit.stop();
    look(&kit);
}

#[test]
fn a_screen_shows_a_code_once_and_to_whoever_sold_it() {
    let mut kit = Kit::open();
    sell(&mut kit, 1, 5_000);
    let shown = |kit: &Kit| {
        let view = kit.view(1);
        view.last_receipt.as_ref().map_or(0, |receipt| receipt.vouchers.len())
    };
    assert_eq!(shown(&kit), 1);
    kit.ok(1, TillCommand::SignIn { person: crate::engine_kit::CASHIER });
    assert_eq!(shown(&kit), 0, "somebody else");
    kit.ok(1, TillCommand::SignIn { person: MANAGER });
    kit.ok(1, scan(1));
    kit.ok(1, TillCommand::AbortBasket { reason: None });
    assert_eq!(shown(&kit), 0, "the next customer");
    sell(&mut kit, 1, 5_000);
    kit.restart();
    assert_eq!(shown(&kit), 0, "in memory alone");
}

#[test]
fn a_hundred_thousand_guesses_are_too_many_and_leave_a_handful_of_entries() {
    let mut kit = Kit::open();
    sell(&mut kit, 1, 5_000);
    let before = kit.seq();
    let mut said = std::collections::BTreeMap::<String, u32>::new();
    for guess in 0_u32..100_000 {
        let code = VoucherCode::of(u128::from(guess).to_be_bytes()).compact();
        let answer = kit.engine.voucher_blocking(TillId(1), Actor::default(), code);
        match answer {
            Err(EngineError::Refused(refusal)) => *said.entry(refusal.code()).or_default() += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(said["unknown_voucher"], 5, "{said:?}");
    assert_eq!(said["too_many_voucher_tries"], 99_995, "{said:?}");
    assert_eq!(kit.seq() - before, 1, "one entry");
    let (_, event) = kit.reader().entry(kit.seq()).expect("read").expect("an entry");
    assert!(matches!(event, Event::Refused { refusal: Refusal::TooManyVoucherTries { .. }, .. }));
    // Nor does it help to try them as payments, and a right code waits too.
    kit.ok(1, scan(1));
    let guess = VoucherCode::of([9; 16]).grouped();
    assert_eq!(refused(kit.till(1, MANAGER, pay(&guess))), "too_many_voucher_tries");
    assert_eq!(kit.view(1).basket.as_ref().expect("a basket").tenders.len(), 0);
    kit.clock.advance(Duration::from_secs(61));
    for n in 1..=5 {
        assert_eq!(refused(kit.till(1, MANAGER, pay(&guess))), "unknown_voucher", "{n}");
    }
    assert_eq!(refused(kit.till(1, MANAGER, pay(&guess))), "too_many_voucher_tries");
    assert_eq!(balance(&kit, 1), 5_000);
}

#[test]
fn whenever_the_program_ends_the_vouchers_are_what_they_were() {
    let mut kit = Kit::open();
    let code = sell(&mut kit, 1, 250);
    let receipt =
        |kit: &Kit| kit.reader().voucher(VoucherId(1)).expect("read").expect("a voucher").receipt;
    let sold = receipt(&kit);
    let steps = [
        (1, scan(1)),
        (
            1,
            TillCommand::PayVoucher {
                code: code.clone(),
                amount: Some(euros(50)),
                despite_expiry: false,
            },
        ),
        (2, TillCommand::TopUpVoucher { code: code.clone(), amount: euros(100) }),
        (2, PAY),
        (1, TillCommand::UndoTender),
        (
            1,
            TillCommand::PayVoucher {
                code: code.clone(),
                amount: Some(euros(60)),
                despite_expiry: false,
            },
        ),
        (1, PAY),
        (1, TillCommand::SellVoucher { amount: euros(700), of: VoucherKind::MultiPurpose }),
        (1, PAY),
        (
            2,
            TillCommand::ReturnReceipt {
                receipt: domain::ReceiptRef { till: TillId(1), number: domain::ReceiptNo(2) },
            },
        ),
        (2, PAY),
    ];
    for (till, command) in steps {
        kit.ok(till, command);
        let before = kit.reader().dump_tables().expect("tables");
        kit.restart();
        assert_eq!(kit.reader().dump_tables().expect("tables"), before);
    }
    assert_eq!((balance(&kit, 1), balance(&kit, 2)), (350, 700), "60 went back to it");
    assert_eq!(receipt(&kit), sold);
    let reader = kit.reader();
    for row in reader.vouchers(&VoucherFilter::default(), 10).expect("read") {
        let postings = reader.voucher_postings(row.voucher.id, 100).expect("read");
        let sum: i64 = postings.iter().map(|p| p.amount.minor()).sum();
        assert_eq!(sum, row.voucher.balance.minor(), "{postings:?}");
    }
    // Built anew from the journal, every table is the same.
    kit.stop();
    let before = kit.reader().dump_tables().expect("tables");
    let mut store = store::Store::open(&kit.file()).expect("a store");
    shop::engine::rebuild(&mut store).expect("rebuilt");
    drop(store);
    assert_eq!(kit.reader().dump_tables().expect("tables"), before);
}

#[test]
fn a_backup_that_is_put_back_takes_the_codes_that_were_sold() {
    let mut kit = Kit::open();
    let code = sell(&mut kit, 1, 5_000);
    kit.stop();
    let [backup, put_back] = ["b.sqlite", "again.sqlite"].map(|name| kit.folder.path().join(name));
    kit.reader().backup(&backup, |_, _| ()).expect("a backup");
    let at = shop::clock::Clock::now(&*kit.clock);
    let restoring = store::Restoring { at, command: kit.id() };
    store::restore(&backup, &put_back, restoring, |_, _| true).expect("put back");
    let store = store::Store::open(&put_back).expect("a store");
    let (engine, running) =
        shop::engine::Engine::start(store, kit.clock.clone()).expect("an engine");
    let found = engine.voucher_blocking(TillId(1), Actor::default(), code.clone());
    assert_eq!(found.expect("known").balance.minor(), 5_000);
    running.stop();
    // Without the key it is said, rather than that no voucher is known any more.
    std::fs::remove_file(kit.folder.path().join("again.sqlite.voucher-key")).expect("gone");
    let store = store::Store::open(&put_back).expect("a store");
    let (engine, running) =
        shop::engine::Engine::start(store, kit.clock.clone()).expect("an engine");
    let found = engine.voucher_blocking(TillId(1), Actor::default(), code);
    assert!(
        matches!(found, Err(EngineError::NotStored(why)) if why.contains("key of the vouchers"))
    );
    running.stop();
}

#[test]
fn a_blocked_voucher_is_refused_and_the_refusal_is_an_entry() {
    let mut kit = Kit::open();
    let code = sell(&mut kit, 1, 5_000);
    let block = ShopCommand::BlockVoucher { voucher: VoucherId(1), reason: "lost".to_owned() };
    kit.shop(block).expect("blocked");
    kit.ok(1, scan(1));
    let before = kit.seq();
    assert_eq!(refused(kit.till(1, MANAGER, pay(&code))), "voucher_blocked");
    assert_eq!(kit.seq(), before + 1);
}
