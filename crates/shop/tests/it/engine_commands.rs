//! A command is answered once it is on disk, once and for all.

use std::sync::Arc;

use domain::settings::DatedRate;
use domain::{Command, Event, PersonId, ShopCommand, TaxKey, TillCommand, TillId};
use jiff::{SignedDuration, Timestamp};
use money::Rate;
use shop::engine::{Actor, EngineError};
use sim::build::settings;

use crate::engine_kit::{CASHIER, Kit, MANAGER, PAY, euros, refused, scan};

#[test]
fn what_is_answered_is_on_disk() {
    let mut kit = Kit::open();
    for n in 1..=5 {
        let (first, last) = kit.ok(1, scan(n)).entries.expect("entries");
        // Another connection sees only what is committed.
        let head = kit.reader().head().expect("a head").seq;
        assert_eq!(head, last);
        assert!(first <= last);
    }
    let paid = kit.ok(1, PAY);
    let receipt = paid.receipt.expect("a receipt");
    assert!(kit.reader().receipt(receipt.till, false, receipt.number).expect("read").is_some());
    assert_eq!(kit.end().receipts, 1);
}

#[test]
fn the_same_id_gets_the_same_answer() {
    let mut kit = Kit::open();
    kit.ok(1, scan(1));
    let id = kit.id();
    let pay = || Command::Till(TillId(1), PAY);
    let first = kit.send(id, MANAGER, pay()).expect("paid");
    for restarted in [false, true] {
        if restarted {
            kit.restart();
        }
        let seq = kit.seq();
        let again = kit.send(id, MANAGER, pay()).expect("answered again");
        assert!(again.repeated && !first.repeated);
        assert_eq!((again.entries, again.receipt), (first.entries, first.receipt));
        assert_eq!(kit.seq(), seq, "nothing happened anew");
        let other = kit.send(id, MANAGER, Command::Till(TillId(1), scan(2)));
        assert_eq!(refused(other), "command_id_reused");
        let elsewhere = kit.send(id, MANAGER, Command::Till(TillId(2), PAY));
        assert_eq!(refused(elsewhere), "command_id_reused");
    }
    assert_eq!(kit.end().receipts, 1);
}

#[test]
fn the_id_of_what_the_office_made_says_what_it_made() {
    let mut kit = Kit::new();
    let id = kit.id();
    let put = || {
        let (name, role) = ("Eva".to_owned(), domain::Role::Supervisor);
        Command::Shop(ShopCommand::PutPerson { person: None, name, role, active: true })
    };
    let first = kit.send(id, MANAGER, put()).expect("put");
    kit.restart();
    let again = kit.send(id, MANAGER, put()).expect("answered again");
    assert_eq!(first.made, again.made);
    assert_eq!(kit.engine.snapshot_blocking().expect("running").people.len(), 3);
}

#[test]
fn a_refused_id_is_refused_again_though_it_would_fit_now() {
    let mut kit = Kit::open();
    let id = kit.id();
    let pay = || Command::Till(TillId(1), PAY);
    assert_eq!(refused(kit.send(id, MANAGER, pay())), "no_basket");
    kit.ok(1, scan(1));
    assert_eq!(refused(kit.send(id, MANAGER, pay())), "no_basket");
    assert_eq!(
        refused(kit.send(id, MANAGER, Command::Till(TillId(1), scan(3)))),
        "command_id_reused"
    );
    assert_eq!(kit.view(1).basket.expect("open").lines.len(), 1);
}

#[test]
fn what_was_so_already_is_remembered_like_anything_else() {
    let mut kit = Kit::open();
    let id = kit.id();
    let off = || Command::Till(TillId(1), TillCommand::Training { on: false });
    assert_eq!(kit.send(id, MANAGER, off()).expect("it is off").entries, None);
    kit.ok(1, TillCommand::Training { on: true });
    let again = kit.send(id, MANAGER, off()).expect("answered again");
    assert!(again.repeated);
    assert!(kit.view(1).training, "a late copy of a command switches nothing");
}

#[test]
fn refusals_that_must_be_seen_later_are_entries() {
    let mut kit = Kit::open();
    kit.ok(1, TillCommand::SignIn { person: CASHIER });
    let seq = kit.seq();
    let id = kit.id();
    let no_sale =
        || Command::Till(TillId(1), TillCommand::NoSale { reason: "Wechseln".to_owned() });
    assert_eq!(refused(kit.send(id, CASHIER, no_sale())), "not_permitted");
    assert_eq!(kit.seq(), seq + 1);
    let (meta, event) = kit.reader().entry(seq + 1).expect("read").expect("an entry");
    assert_eq!((meta.till, meta.person, meta.command), (Some(TillId(1)), Some(CASHIER), id));
    assert!(matches!(event, Event::Refused { command, .. } if command == "no_sale"));
    kit.restart();
    assert_eq!(refused(kit.send(id, CASHIER, no_sale())), "not_permitted");
    assert_eq!(kit.seq(), seq + 1, "it is one entry however often it is asked");
    // Others are not.
    assert_eq!(refused(kit.till(1, CASHIER, PAY)), "no_basket");
    assert_eq!(kit.seq(), seq + 1);
}

#[test]
fn many_at_once_are_numbered_without_gaps_and_chained() {
    let kit = Kit::open();
    let engine = Arc::new(kit.engine.clone());
    let threads: Vec<_> = (0..8_u16)
        .map(|thread| {
            let engine = Arc::clone(&engine);
            std::thread::spawn(move || {
                let mut random = sim::random::Random::new(u64::from(thread) + 500);
                let actor = Actor { person: Some(MANAGER), approver: None };
                let till = TillId(thread % 2 + 1);
                let mut tickets = Vec::new();
                for n in 0..60_u32 {
                    let id = domain::CommandId(random.uuid(1_900_000_000_000 + u64::from(n)));
                    let command = if n % 4 == 3 { PAY } else { scan(n % 12 + 1) };
                    let sent = engine.submit(id, actor, Command::Till(till, command));
                    tickets.push((id, sent.expect("running")));
                }
                let said = tickets.into_iter().map(|(id, ticket)| (id, ticket.wait()));
                said.collect::<Vec<_>>()
            })
        })
        .collect();
    let answers: Vec<_> = threads.into_iter().flat_map(|t| t.join().expect("a thread")).collect();
    let mut spans = Vec::new();
    let mut receipts = 0;
    for (id, answer) in &answers {
        match answer {
            Ok(answer) => {
                spans.push((*id, answer.entries.expect("entries")));
                receipts += u64::from(answer.receipt.is_some());
            }
            // Another thread has just paid the basket that this one wanted to pay.
            Err(EngineError::Refused(refusal)) => assert_eq!(refusal.code(), "no_basket"),
            Err(error) => panic!("{error}"),
        }
    }
    assert!(spans.len() >= 360, "{}", spans.len());
    let book = kit.end();
    assert_eq!(book.receipts, receipts);
    for (id, span) in spans {
        assert_eq!(book.command(id), Some(span));
    }
}

#[test]
fn a_future_rate_and_a_dated_price_hold_from_their_minute_on() {
    let mut kit = Kit::new();
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").expect("a zone");
    let local = |at: Timestamp| zone.to_datetime(at);
    let midnight: Timestamp = "2026-12-31T23:00:00Z".parse().expect("a time");
    let mut new = settings(2);
    new.rates.push(DatedRate { key: TaxKey(1), rate: Rate::new(2_100), from: local(midnight) });
    kit.shop(ShopCommand::Configure { settings: Box::new(new) }).expect("configured");
    let mut draft = sim::build::item(900, &mut sim::random::Random::new(1));
    draft.tax = TaxKey(1);
    draft.prices[0].amount = money::Money::new(1_190);
    draft.prices.push(domain::catalogue::Price {
        amount: money::Money::new(1_210),
        from: Some(local(midnight)),
        ..draft.prices[0].clone()
    });
    kit.shop(ShopCommand::PutItem { item: None, draft: Box::new(draft) }).expect("put");

    kit.clock.set_wall(midnight.saturating_sub(SignedDuration::from_secs(1)).expect("a time"));
    kit.ok(1, TillCommand::SignIn { person: MANAGER });
    kit.ok(1, TillCommand::OpenDay { float: euros(0) });
    let rate_and_total = |kit: &mut Kit| {
        let basket = kit.ok(1, scan(900)).view.expect("a view").basket.clone().expect("open");
        let paid = kit.ok(1, PAY).receipt.expect("a receipt");
        let issued =
            kit.reader().receipt(paid.till, false, paid.number).expect("read").expect("there");
        let row = issued.receipt.tax[0];
        assert_eq!(basket.total.amount, issued.receipt.total);
        (row.rate.basis_points(), issued.receipt.total.minor(), row.tax.minor())
    };
    assert_eq!(rate_and_total(&mut kit), (1_900, 1_190, 190));
    // Opened before midnight, paid after it: one rate, that of the payment; the price of the scan.
    kit.ok(1, scan(900));
    kit.clock.set_wall(midnight);
    let paid = kit.ok(1, PAY).receipt.expect("a receipt");
    let issued = kit.reader().receipt(paid.till, false, paid.number).expect("read").expect("there");
    assert_eq!(issued.receipt.tax.len(), 1);
    assert_eq!(
        (issued.receipt.tax[0].rate.basis_points(), issued.receipt.total.minor()),
        (2_100, 1_190)
    );
    assert_eq!(rate_and_total(&mut kit), (2_100, 1_210, 210));
    kit.end();
}

#[test]
fn a_clock_that_goes_back_is_an_entry_also_when_the_shop_was_shut_meanwhile() {
    let mut kit = Kit::open();
    kit.ok(1, scan(1));
    let jumps = |kit: &Kit, from: u64| {
        let rows = kit.reader().journal(from, 100).expect("read");
        rows.iter().filter(|row| row.bytes.contains("\"kind\":\"clock_jumped\"")).count()
    };
    let before = kit.seq();
    let back = |kit: &Kit, seconds: i64| {
        let now = shop::clock::Clock::now(&*kit.clock);
        kit.clock.set_wall(now.saturating_sub(SignedDuration::from_secs(seconds)).expect("a time"));
    };
    back(&kit, 59);
    kit.ok(1, scan(2));
    assert_eq!(jumps(&kit, before), 0, "within what a clock is set right by");
    back(&kit, 61);
    let answer = kit.ok(1, scan(3));
    assert_eq!(jumps(&kit, before), 1);
    assert_eq!(
        answer.entries.map(|(first, last)| last - first),
        Some(1),
        "it belongs to the command"
    );
    kit.ok(1, scan(4));
    assert_eq!(jumps(&kit, before), 1, "said once");
    // A machine without a battery comes up years back.
    kit.stop();
    kit.clock.set_wall("2008-01-01T00:00:00Z".parse().expect("a time"));
    kit.start();
    kit.ok(1, scan(5));
    assert_eq!(jumps(&kit, before), 2);
    kit.ok(1, PAY);
    assert_eq!(kit.end().receipts, 1);
}

#[test]
fn two_tills_return_the_same_line_at_once_and_one_is_refused() {
    let mut kit = Kit::open();
    kit.ok(1, scan(1));
    let receipt = kit.ok(1, PAY).receipt.expect("a receipt");
    let take_back = TillCommand::ReturnLine { receipt, line: domain::LineNo(1), quantity: None };
    // Both have it in their basket; only one can give the money back.
    kit.ok(1, take_back.clone());
    kit.ok(2, take_back.clone());
    let actor = Actor { person: Some(MANAGER), approver: None };
    let tickets = [1, 2].map(|till| {
        let id = kit.id();
        kit.engine.submit(id, actor, Command::Till(TillId(till), PAY)).expect("running")
    });
    let answers = tickets.map(|ticket| ticket.wait());
    let done = answers.iter().filter(|a| a.is_ok()).count();
    assert_eq!(done, 1, "{answers:?}");
    for answer in answers {
        if let Err(EngineError::Refused(refusal)) = answer {
            assert_eq!(refusal.code(), "nothing_left_to_return");
        }
    }
    assert_eq!(refused(kit.till(2, PersonId(1), take_back)), "nothing_left_to_return");
    kit.end();
}

#[test]
fn closing_a_day_writes_as_little_after_a_thousand_receipts_as_after_one() {
    let entries_of_closing = |receipts: u32| {
        let mut kit = Kit::open();
        let actor = Actor { person: Some(MANAGER), approver: None };
        let mut tickets = Vec::new();
        for n in 0..receipts {
            for command in [scan(n % 12 + 1), PAY] {
                let id = kit.id();
                let sent = kit.engine.submit(id, actor, Command::Till(TillId(1), command));
                tickets.push(sent.expect("running"));
            }
        }
        for ticket in tickets {
            ticket.wait().expect("sold");
        }
        kit.ok(1, crate::engine_kit::count(100_000));
        let before = kit.reader().size().expect("a size");
        let (first, last) =
            kit.ok(1, TillCommand::CloseDay { despite_doubt: None }).entries.expect("entries");
        let closed =
            kit.reader().closed_day(TillId(1), domain::DayNo(1)).expect("read").expect("closed");
        assert_eq!(closed.day.totals.receipts.count, receipts);
        let grown = kit.reader().size().expect("a size").saturating_sub(before);
        // A shift that ends, the day that closes; its document is of one page or two.
        assert!(grown <= 8 * 4_096, "{grown}");
        kit.end();
        last - first
    };
    assert_eq!(entries_of_closing(1), entries_of_closing(1_000));
}
