//! The disk says no, at each moment in turn: nothing half stays, and selling goes on when there is room.

use domain::account::CustomerDetails;
use domain::{Command, CustomerId, ShopCommand, TillCommand, TillId};
use shop::engine::EngineError;
use sim::build::item;

use crate::engine_kit::{Kit, MANAGER, PAY, count, euros, pieces, scan};

const ROOM: u32 = 1_000_000;

/// Commands that write in every way there is.
fn work(n: u32) -> Vec<Command> {
    use TillCommand as C;
    let till = |command| Command::Till(TillId(1), command);
    let mut random = sim::random::Random::new(u64::from(n));
    let mut wide = item(1_000 + n, &mut random);
    wide.name = "Ware ".repeat(20).trim().to_owned();
    vec![
        till(scan(1)),
        till(scan(2)),
        Command::Shop(ShopCommand::PutItem { item: None, draft: Box::new(wide) }),
        till(PAY),
        Command::Shop(ShopCommand::PutCustomer {
            customer: Some(CustomerId(1)),
            details: Box::new(CustomerDetails {
                name: format!("Kundin {n}"),
                street: "Gasse ".repeat(15).trim().to_owned(),
                ..CustomerDetails::default()
            }),
            term_days: 14,
            limit: None,
            blocked: false,
        }),
        till(scan(4)),
        till(C::PayOnAccount { customer: CustomerId(1), amount: None }),
        till(C::SettleAccount {
            customer: CustomerId(1),
            amount: None,
            receipt: None,
            credit: false,
        }),
        till(PAY),
        till(C::PaidIn { amount: euros(100), reason: "Wechselgeld".to_owned(), purpose: None }),
        till(scan(3)),
        till(C::Park { name: Some("X".repeat(150)) }),
        till(count(20_000)),
        till(C::CloseDay { despite_doubt: None }),
        till(C::OpenDay { float: euros(20_000) }),
    ]
}

#[test]
fn the_disk_is_full_at_the_nth_page_for_every_n() {
    let mut kit = Kit::open();
    let details = CustomerDetails { name: "Kundin".to_owned(), ..CustomerDetails::default() };
    let details = Box::new(details);
    kit.shop(ShopCommand::PutCustomer {
        customer: None,
        details,
        term_days: 14,
        limit: None,
        blocked: false,
    })
    .expect("a customer");
    let mut failed = 0;
    for round in 0..30_u32 {
        for command in work(round) {
            let id = kit.id();
            let (screens, seq) = (kit.screens(), kit.seq());
            let pages = u32::try_from(kit.reader().size().expect("a size") / 4_096).expect("small");
            for n in 0.. {
                kit.with_store(move |store| store.limit_pages(pages + n)).expect("limited");
                match kit.send(id, MANAGER, command.clone()) {
                    Ok(answer) => {
                        assert!(!answer.repeated, "nothing of it had happened");
                        assert_eq!(answer.entries.map(|(_, last)| last), Some(kit.seq()));
                        assert_eq!(kit.reader().head().expect("a head").seq, kit.seq());
                        break;
                    }
                    Err(EngineError::NotStored(why)) => {
                        failed += 1;
                        assert!(why.contains("disk is full"), "{why}");
                        assert_eq!(
                            (kit.screens(), kit.seq()),
                            (screens.clone(), seq),
                            "{command:?}"
                        );
                        assert_eq!(kit.reader().head().expect("a head").seq, seq);
                    }
                    Err(error) => panic!("{command:?}: {error}"),
                }
                // Now and then the program ends before there is room.
                if (round + n) % 5 == 4 {
                    kit.restart();
                    assert_eq!((kit.screens(), kit.seq()), (screens.clone(), seq), "{command:?}");
                }
            }
        }
    }
    assert!(failed > 20, "the disk was full {failed} times only");
    assert_eq!(kit.end().receipts, 90);
}

#[test]
fn a_batch_that_finds_no_room_is_void_as_a_whole() {
    let mut kit = Kit::open();
    kit.ok(1, scan(1));
    // A page that is full already: the first command of the batch that needs another one fails.
    kit.with_store(|store| store.limit_pages(1)).expect("limited");
    let actor = shop::engine::Actor { person: Some(MANAGER), approver: None };
    let mut sent = Vec::new();
    for n in 0..200_u32 {
        let command = if n % 10 == 9 { PAY } else { scan(n % 12 + 1) };
        let id = kit.id();
        let command = Command::Till(TillId(1), command);
        let ticket = kit.engine.submit(id, actor, command.clone()).expect("running");
        sent.push((id, command, ticket));
    }
    let answers: Vec<_> =
        sent.into_iter().map(|(id, command, ticket)| (id, command, ticket.wait())).collect();
    let lost =
        answers.iter().filter(|(_, _, a)| matches!(a, Err(EngineError::NotStored(_)))).count();
    assert!(lost > 0, "there was room for all");
    kit.with_store(|store| store.limit_pages(ROOM)).expect("room");
    // What was lost is new when it comes again, refused ones among them: what they were decided on
    // never happened. What was answered stands.
    for (id, command, answer) in answers {
        match (answer, kit.send(id, MANAGER, command)) {
            (Ok(first), Ok(again)) => {
                assert!(again.repeated);
                assert_eq!(first.entries, again.entries);
            }
            (Err(EngineError::NotStored(_)), Ok(again)) => assert!(!again.repeated),
            (Err(EngineError::NotStored(_)), Err(EngineError::Refused(_))) => {}
            (Err(EngineError::Refused(first)), Err(EngineError::Refused(again))) => {
                assert_eq!(first, again);
            }
            (first, again) => panic!("{first:?}, then {again:?}"),
        }
    }
    let book = kit.end();
    assert!(book.receipts > 0 && book.receipts <= 20, "{}", book.receipts);
}

#[test]
fn what_was_refused_in_a_batch_that_is_void_is_decided_anew() {
    let mut kit = Kit::open();
    kit.ok(1, scan(1));
    let actor = shop::engine::Actor { person: Some(MANAGER), approver: None };
    // The engine is held up until all three wait: they are one batch.
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let engine = kit.engine.clone();
    let (held, holding) = std::sync::mpsc::channel::<()>();
    let hold = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let work = engine.with_store(move |store| {
            store.limit_pages(1).expect("limited");
            held.send(()).expect("somebody waits");
            wait.recv().expect("told to go on");
        });
        runtime.block_on(work).expect("running");
    });
    holding.recv().expect("held");
    let mut random = sim::random::Random::new(8);
    let mut wide = item(2_000, &mut random);
    wide.codes = (0..100)
        .map(|n| domain::catalogue::Code {
            code: sim::build::item_code(3_000 + n),
            quantity: pieces(6),
            price: Some(money::Money::new(1_499)),
        })
        .collect();
    let wide = ShopCommand::PutItem { item: None, draft: Box::new(wide) };
    let commands = [
        Command::Till(TillId(1), PAY),
        Command::Till(TillId(1), PAY),
        // More than a page: it cannot fit into those there are.
        Command::Shop(wide),
    ];
    let mut tickets = Vec::new();
    let ids = commands.clone().map(|command| {
        let id = kit.id();
        tickets.push(kit.engine.submit(id, actor, command).expect("running"));
        id
    });
    go.send(()).expect("the engine waits");
    hold.join().expect("held");
    for ticket in tickets {
        let answer = ticket.wait();
        assert!(matches!(answer, Err(EngineError::NotStored(_))), "{answer:?}");
    }
    kit.with_store(|store| store.limit_pages(ROOM)).expect("room");
    // The second of them comes first this time: the basket is still there for it.
    let paid = kit.send(ids[1], MANAGER, commands[1].clone()).expect("there is a basket");
    assert!(paid.receipt.is_some());
    assert_eq!(kit.end().receipts, 1);
}
