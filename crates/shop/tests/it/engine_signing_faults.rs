//! Units that say no, and a disk that does: nobody else pays for it, and nothing is asked for twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::signing::{SigningSettings, Subject, UnitStep};
use domain::{Event, ReceiptNo, ShopCommand, TillCommand, TillId, UnitId};
use jiff::SignedDuration;
use shop::clock::Clock;
use shop::engine::Actor;
use shop::sign::runner::Pace;
use signing::Unit;
use store::Signed;

use crate::engine_kit::{Kit, MANAGER, PAY, euros, scan};
use crate::engine_signing::{HOPELESS, PACE, Sign, Unplugged, unit};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_that_a_unit_will_not_have_stops_no_other_and_a_wrong_pin_is_tried_once() {
    let mut sign = Sign::still(1, |_| ()).await;
    let (folder, now) = (sign.kit.file().with_file_name("picky"), sign.kit.clock.now());
    std::fs::create_dir(&folder).expect("a folder");
    let mut picky = Unplugged::new(&folder, 1, now);
    picky.refuses = Some(("TR-2", "admin_pin"));
    // Whom it knows needs no PIN.
    picky.unit.register("TR-1", now).expect("registered");
    sign.units[0] = Arc::new(picky);
    sign.kit.engine.units().put(&unit(1), Arc::<Unplugged>::clone(&sign.units[0]));
    sign.run();
    for _ in 0..2 {
        let turned_away = sign.sell(2).await;
        let Signed::No(failed) = sign.signed(Subject::Basket(turned_away)).await else {
            panic!("it will not have that till")
        };
        assert_eq!((failed.why.as_str(), failed.unit), ("admin_pin", Some(UnitId(1))));
        let basket = sign.sell(1).await;
        assert_eq!(sign.code(basket).await.client, "TR-1");
        // Some looks long.
        tokio::time::sleep(PACE.look * 5).await;
    }
    assert_eq!(sign.units[0].refused.load(Ordering::SeqCst), 1);
    assert!(!sign.entries().await.iter().any(|e| matches!(e, Event::SigningOutage(_))));
    sign.end().await;
}

/// Says that a unit is down, as somebody found out.
async fn say_down(sign: &mut Sign, why: &str) {
    let step = UnitStep::Down { why: why.to_owned() };
    let command = ShopCommand::SigningUnit { unit: UnitId(1), step };
    let id = sign.kit.id();
    sign.kit.engine.shop(id, Actor::default(), command).await.expect("down");
}

/// Waits until something is so.
async fn until(what: &str, is: impl AsyncFn() -> bool) {
    let wait = async {
        while !is().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect(what);
}

async fn restored(sign: &Sign) -> usize {
    sign.entries().await.iter().filter(|e| matches!(e, Event::SigningRestored(_))).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_that_a_unit_will_not_have_keeps_no_other_from_finding_out_that_it_signs_again() {
    for code in ["admin_pin", "too_many_clients"] {
        let mut sign = Sign::still(1, |_| ()).await;
        let (folder, now) = (sign.kit.file().with_file_name("picky"), sign.kit.clock.now());
        std::fs::create_dir(&folder).expect("a folder");
        let mut picky = Unplugged::new(&folder, 1, now);
        // As a rule the first one that looks: its task began last.
        picky.refuses = Some(("TR-2", code));
        picky.unit.register("TR-1", now).expect("registered");
        picky.full.store(true, Ordering::SeqCst);
        sign.units[0] = Arc::new(picky);
        sign.kit.engine.units().put(&unit(1), Arc::<Unplugged>::clone(&sign.units[0]));
        // As it was when the program ended.
        say_down(&mut sign, "storage_full").await;
        sign.run();
        let units = sign.units.clone();
        let of = |count: fn(&Unplugged) -> &AtomicUsize| count(&units[0]).load(Ordering::SeqCst);
        until("the other one tries", async || of(|unit| &unit.begins) > 0).await;
        assert_eq!(restored(&sign).await, 0);
        units[0].full.store(false, Ordering::SeqCst);
        until("it signs", async || restored(&sign).await == 1).await;
        let basket = sign.sell(1).await;
        assert_eq!(sign.code(basket).await.client, "TR-1");
        sign.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_is_set_otherwise_while_it_is_tried_is_tried_anew() {
    let mut sign = Sign::start(1).await;
    let first = sign.sell(1).await;
    sign.code(first).await;
    // There is something to settle before it signs anything.
    sign.units[0].unit.begin("TR-1", sign.kit.clock.now()).expect("begun");
    let faulty = Arc::clone(&sign.units[0]);
    faulty.keeps.store(true, Ordering::SeqCst);
    faulty.full.store(true, Ordering::SeqCst);
    let basket = sign.sell(1).await;
    assert!(matches!(sign.signed(Subject::Basket(basket)).await, Signed::No(_)));
    until("it is tried", async || faulty.kept.load(Ordering::SeqCst)).await;
    let mut settings = sim::build::settings(2);
    let mut other = unit(1);
    other.name = "another name".to_owned();
    sign.kit.engine.units().put(&other, Arc::<Unplugged>::clone(&faulty));
    let (serial, units) = ("TR".to_owned(), vec![other]);
    settings.signing = Some(SigningSettings { serial, units, clear_text: false });
    let command = ShopCommand::Configure { settings: Box::new(settings) };
    let (id, actor) = (sign.kit.id(), Actor { person: Some(MANAGER), approver: None });
    sign.kit.engine.shop(id, actor, command).await.expect("configured");
    faulty.full.store(false, Ordering::SeqCst);
    faulty.keeps.store(false, Ordering::SeqCst);
    until("it signs", async || restored(&sign).await == 1).await;
    let basket = sign.sell(1).await;
    sign.code(basket).await;
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_office_mends_is_tried_at_once_however_long_it_did_not_sign() {
    let mut sign = Sign::still(1, |_| ()).await;
    // Nobody looks by himself.
    sign.run_at(Pace { look: Duration::from_secs(3_600), ..PACE });
    let first = sign.sell(1).await;
    sign.code(first).await;
    let faulty = Arc::clone(&sign.units[0]);
    faulty.full.store(true, Ordering::SeqCst);
    let basket = sign.sell(1).await;
    assert!(matches!(sign.signed(Subject::Basket(basket)).await, Signed::No(_)));
    let settings = sign.kit.engine.snapshot().await.expect("running").settings.expect("set");
    let mended = || {
        let units = sign.kit.engine.units();
        units.forget(UnitId(1));
        units.put(&unit(1), Arc::<Unplugged>::clone(&faulty));
        sign.kit.engine.ring_signing(&settings);
    };
    for _ in 0..3 {
        let begins = faulty.begins.load(Ordering::SeqCst);
        mended();
        until("it is tried", async || faulty.begins.load(Ordering::SeqCst) > begins).await;
    }
    assert_eq!(restored(&sign).await, 0);
    faulty.full.store(false, Ordering::SeqCst);
    mended();
    until("it signs", async || restored(&sign).await == 1).await;
    let after = sign.sell(1).await;
    sign.code(after).await;
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_did_not_sign_and_then_was_out_of_reach_still_signs_something_first() {
    let mut sign = Sign::start(1).await;
    let first = sign.sell(1).await;
    sign.code(first).await;
    let faulty = Arc::clone(&sign.units[0]);
    faulty.full.store(true, Ordering::SeqCst);
    let basket = sign.sell(1).await;
    assert!(matches!(sign.signed(Subject::Basket(basket)).await, Signed::No(_)));
    faulty.plug(false);
    let is = |e: &Event| matches!(e, Event::SigningOutage(out) if out.why == "unreachable");
    until("it is heard", async || sign.entries().await.iter().any(is)).await;
    let begins = faulty.begins.load(Ordering::SeqCst);
    faulty.plug(true);
    let tried = || faulty.begins.load(Ordering::SeqCst) > begins;
    until("it is tried", async || tried() || restored(&sign).await > 0).await;
    assert_eq!(restored(&sign).await, 0, "its storage is as full as before");
    faulty.full.store(false, Ordering::SeqCst);
    until("it signs", async || restored(&sign).await == 1).await;
    let after = sign.sell(1).await;
    sign.code(after).await;
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_tests_itself_after_an_outage_though_the_clock_was_set_back_before_it() {
    let mut sign = Sign::start(1).await;
    for till in [1, 2] {
        let first = sign.sell(till).await;
        sign.code(first).await;
    }
    let tests = sign.units[0].tests.load(Ordering::SeqCst);
    sign.kit.clock.set_wall(sign.kit.clock.now() - SignedDuration::from_hours(2));
    sign.units[0].plug(false);
    let basket = sign.sell(1).await;
    assert!(matches!(sign.signed(Subject::Basket(basket)).await, Signed::No(_)));
    sign.units[0].plug(true);
    until("it is back", async || restored(&sign).await == 1).await;
    assert!(sign.units[0].tests.load(Ordering::SeqCst) > tests);
    sign.kit.clock.advance(Duration::from_secs(3 * 3_600));
    let after = sign.sell(1).await;
    sign.code(after).await;
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_left_behind_is_looked_for_and_what_a_unit_does_not_end_is_asked_once() {
    let mut sign = Sign::start(1).await;
    let first = sign.sell(1).await;
    sign.code(first).await;
    sign.units[0].hopeless.store(true, Ordering::SeqCst);
    // Nobody tells of it: as when its basket went on at another till.
    let begun = sign.units[0].unit.begin("TR-1", sign.kit.clock.now()).expect("begun");
    let wait = async {
        let is = |e: &Event| matches!(e, Event::SigningTidied(by) if by.number == begun.number);
        while !sign.entries().await.iter().any(is)
            || sign.units[0].asked.load(Ordering::SeqCst) < HOPELESS.len()
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("tidied");
    tokio::time::sleep(PACE.look * 5).await;
    let after = sign.sell(1).await;
    sign.code(after).await;
    assert_eq!(sign.units[0].asked.load(Ordering::SeqCst), HOPELESS.len());
    assert!(!sign.entries().await.iter().any(|e| matches!(e, Event::SigningOutage(_))));
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_began_for_a_basket_that_is_sold_elsewhere_by_then_is_given_up_and_named() {
    let mut sign = Sign::start(1).await;
    let first = sign.sell(1).await;
    sign.code(first).await;
    let before = sign.units[0].begins.load(Ordering::SeqCst);
    sign.units[0].slow.store(true, Ordering::SeqCst);
    sign.at(1, scan(1)).await;
    until("begun", async || sign.units[0].begins.load(Ordering::SeqCst) > before).await;
    let view = sign.kit.engine.view(TillId(1)).await.expect("a view");
    let basket = view.basket.as_ref().expect("a basket").id;
    sign.at(1, TillCommand::Park { name: None }).await;
    sign.at(2, TillCommand::Recall { basket }).await;
    sign.at(2, PAY).await;
    sign.code(basket).await;
    let [number] = sign.units[0].unit.open_transactions("TR-1").expect("said")[..] else {
        panic!("one is open")
    };
    sign.units[0].slow.store(false, Ordering::SeqCst);
    let given_up = async || {
        let is = |e: &Event| matches!(e, Event::SigningTidied(by) if (by.number, by.basket) == (number, Some(basket)));
        sign.entries().await.iter().any(is)
    };
    until("given up", given_up).await;
    assert!(sign.units[0].unit.open_transactions("TR-1").expect("said").is_empty());
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_written_is_not_signed_again() {
    let mut sign = Sign::start(1).await;
    let first = sign.sell(1).await;
    sign.code(first).await;
    sign.halt().await;
    for _ in 0..20 {
        let reason = "Test".to_owned();
        sign.at(1, TillCommand::PaidIn { amount: euros(100), reason, purpose: None }).await;
    }
    let pages = u32::try_from(sign.kit.reader().size().expect("a size") / 4_096).expect("small");
    let limit = async |kit: &Kit, pages: u32| {
        let limit = move |store: &mut store::Store| store.limit_pages(pages);
        kit.engine.with_store(limit).await.expect("running").expect("limited");
    };
    limit(&sign.kit, pages).await;
    sign.run();
    // It is tried several times.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let work = sign.kit.engine.signing_work(TillId(1)).await.expect("running");
    assert!(!work.ended.is_empty(), "the disk was not full");
    limit(&sign.kit, 1_000_000).await;
    let wait = async {
        let work = async || sign.kit.engine.signing_work(TillId(1)).await.expect("running");
        while !work().await.ended.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("written");
    assert_eq!(sign.export(0).units[0].transactions, 1 + 20);
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_unit_said_before_it_failed_ends_no_outage() {
    let mut sign = Sign::still(1, |_| ()).await;
    *sign.units[0].holds.lock().expect("whole") = Some("TR-2");
    sign.run();
    let wait = async {
        while !sign.units[0].held.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("it is being met");
    let tests = sign.units[0].tests.load(Ordering::SeqCst);
    sign.kit.clock.advance(Duration::from_secs(1));
    let why = "unreachable".to_owned();
    let command = ShopCommand::SigningUnit { unit: UnitId(1), step: UnitStep::Down { why } };
    let id = sign.kit.id();
    sign.kit.engine.shop(id, Actor::default(), command).await.expect("down");
    sign.kit.clock.advance(Duration::from_secs(1));
    sign.units[0].pauses.store(true, Ordering::SeqCst);
    *sign.units[0].holds.lock().expect("whole") = None;
    let back = |e: &Event| matches!(e, Event::SigningRestored(_));
    let wait = async {
        while sign.units[0].tests.load(Ordering::SeqCst) == tests {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("it is tested");
    tokio::time::sleep(PACE.look * 5).await;
    assert!(!sign.entries().await.iter().any(back), "nobody knows yet");
    sign.units[0].pauses.store(false, Ordering::SeqCst);
    let wait = async {
        while !sign.entries().await.iter().any(back) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("it is back");
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_is_in_order_and_does_not_sign_stays_down_until_it_has_signed_something() {
    let mut sign = Sign::start(1).await;
    for till in [1, 2] {
        let first = sign.sell(till).await;
        sign.code(first).await;
    }
    sign.units[0].full.store(true, Ordering::SeqCst);
    let basket = sign.sell(1).await;
    let Signed::No(failed) = sign.signed(Subject::Basket(basket)).await else { panic!("signed") };
    assert_eq!(failed.why, "storage_full");
    let before = sign.units[0].begins.load(Ordering::SeqCst);
    let looks = 32;
    tokio::time::sleep(PACE.look * looks).await;
    let count = |all: &[Event], is: fn(&Event) -> bool| all.iter().filter(|e| is(e)).count();
    let all = sign.entries().await;
    assert_eq!(count(&all, |e| matches!(e, Event::SigningOutage(_))), 1);
    assert_eq!(count(&all, |e| matches!(e, Event::SigningRestored(_))), 0);
    // One till of two tries it, and ever more rarely.
    let tried = sign.units[0].begins.load(Ordering::SeqCst) - before;
    assert!((1..=7).contains(&tried), "{tried}");
    sign.units[0].full.store(false, Ordering::SeqCst);
    let wait = async {
        let back = |e: &Event| matches!(e, Event::SigningRestored(_));
        while !sign.entries().await.iter().any(back) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("it signs");
    let all = sign.entries().await;
    assert_eq!(count(&all, |e| matches!(e, Event::SigningTidied(_))), 1, "what it signed for that");
    let after = sign.sell(1).await;
    sign.code(after).await;
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_that_cannot_be_read_holds_up_none_that_comes_after_it() {
    let mut sign = Sign::start(1).await;
    let first = sign.sell(1).await;
    sign.code(first).await;
    sign.halt().await;
    let unread = sign.sell(1).await;
    // Until it is settled, whoever calls it up hears so.
    let reader = sign.kit.reader();
    let issued = reader.receipt(TillId(1), false, ReceiptNo(2)).expect("read").expect("there");
    let beside = shop::print::beside(&reader, &issued).expect("read");
    let settings = sim::build::settings(2);
    let paper = shop::print::receipt_data(&settings, "Ada", &issued, &beside, None);
    assert_eq!(paper.signing.len(), 1);
    assert!(paper.signing[0].contains("ot signed yet") || paper.signing[0].contains("och nicht"));
    drop(reader);
    let file = sign.kit.file();
    let number = move |from: u16, to: u16| {
        let file = file.clone();
        tokio::task::spawn_blocking(move || {
            let conn = rusqlite::Connection::open(&file).expect("the file");
            let sql = "UPDATE receipt SET number = ?2 WHERE till = 1 AND number = ?1";
            assert_eq!(conn.execute(sql, [from, to]).expect("set"), 1);
        })
    };
    number(2, 9_002).await.expect("set");
    sign.run();
    let Signed::No(failed) = sign.signed(Subject::Basket(unread)).await else { panic!("signed") };
    assert_eq!(failed.why, "unreadable");
    let after = sign.sell(1).await;
    sign.code(after).await;
    number(9_002, 2).await.expect("set");
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_says_in_clear_text_what_its_code_says_where_that_is_set() {
    let mut sign = Sign::start(1).await;
    let basket = sign.sell(1).await;
    let code = sign.code(basket).await;
    let Signed::Yes(by) = sign.signed(Subject::Basket(basket)).await else { panic!("unsigned") };
    let reader = sign.kit.reader();
    let issued = reader.receipt(TillId(1), false, ReceiptNo(1)).expect("read").expect("there");
    let beside = shop::print::beside(&reader, &issued).expect("read");
    drop(reader);
    let lines = |clear_text: bool| {
        let mut settings = sim::build::settings(2);
        let (serial, units) = ("TR".to_owned(), vec![unit(1)]);
        settings.signing = Some(SigningSettings { serial, units, clear_text });
        shop::print::receipt_data(&settings, "Ada", &issued, &beside, None).signing.join("\n")
    };
    // KassenSichV § 6: in clear text or in the code.
    let (signature, identity) = *by;
    let said = [
        &signature.serial,
        &signature.value,
        &signature.process_type,
        &signature.process_data,
        &identity.algorithm,
        &identity.time_format,
        &identity.public_key,
    ];
    let (clear, short) = (lines(true), lines(false));
    for text in said {
        assert!(clear.contains(text.as_str()), "{text}: {clear}");
        assert!(!short.contains(text.as_str()), "{text}: {short}");
    }
    let always = [
        signature.transaction.number.to_string(),
        signature.counter.to_string(),
        signature.transaction.began.to_string(),
        signature.finished.to_string(),
        code.client.clone(),
        "TEST".to_owned(),
    ];
    for text in always {
        assert!(clear.contains(&text) && short.contains(&text), "{text}: {clear} {short}");
    }
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipts_are_lawful_though_the_clock_is_set_back_while_they_are_signed() {
    let mut sign = Sign::start(1).await;
    let first = sign.sell(1).await;
    sign.code(first).await;
    let started = |e: &&Event| matches!(e, Event::SigningStarted(_));
    let begun = sign.entries().await.iter().filter(started).count();
    sign.at(1, scan(1)).await;
    until("it begins", async || sign.entries().await.iter().filter(started).count() > begun).await;
    sign.kit.clock.set_wall(sign.kit.clock.now() - SignedDuration::from_hours(1));
    sign.at(1, PAY).await;
    let last = |event: &Event| match event {
        Event::ReceiptIssued(receipt) => Some(receipt.basket),
        _ => None,
    };
    let mut baskets = vec![sign.entries().await.iter().rev().find_map(last).expect("a receipt")];
    sign.signed(Subject::Basket(baskets[0])).await;
    for till in [1, 2] {
        baskets.push(sign.sell(till).await);
    }
    for basket in baskets {
        match sign.signed(Subject::Basket(basket)).await {
            Signed::Yes(_) => {
                let code = sign.code(basket).await;
                assert!(code.start <= code.finish, "{code:?}");
            }
            Signed::No(failed) => {
                let all = sign.entries().await;
                let is =
                    |e: &Event| matches!(e, Event::SigningOutage(out) if out.why == failed.why);
                assert!(all.iter().any(is), "{failed:?}");
            }
        }
    }
    until("its clock is set", async || restored(&sign).await == 1).await;
    let after = sign.sell(1).await;
    let code = sign.code(after).await;
    assert_eq!(code.start, sign.kit.clock.now());
    // Its own export is whole.
    sign.end().await;
}
