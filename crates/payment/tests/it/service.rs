//! Reservations, and what terminals want done before they take payments. Time is that of the test.

use payment::driver::{Purpose, Reference, Reserved, Reserving};
use payment::simulator::{Fault, Setup};
use payment::{Driver, End, Said};

use crate::kit::{Book, Event, World, driver, euro, locked};

async fn reserved(world: &World, amount: i64) -> Reserved {
    let talk = driver().reservation(&Reserving::Reserve, &euro(amount));
    let End::Acknowledged(yes) = world.just(talk).await else { panic!("nothing is wrong") };
    assert_eq!(yes.amount, amount);
    let reference = Reference { receipt: yes.receipt.expect("a number"), trace: yes.trace };
    Reserved { reference, amount }
}

async fn open_ones(world: &World) -> Vec<String> {
    match world.just(driver().reservations()).await {
        End::Reservations(open) => open,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_deposit_is_reserved_and_what_was_used_is_taken_later() {
    let world = World::new();
    assert!(open_ones(&world).await.is_empty());
    let tent = reserved(&world, 20_000).await;
    let drill = reserved(&world, 5_000).await;
    let ladder = reserved(&world, 8_000).await;
    let numbers = [&tent, &drill, &ladder].map(|one| one.reference.receipt.clone());
    assert_eq!(open_ones(&world).await, numbers);

    let book = driver().reservation(&Reserving::Book(tent.clone()), &euro(3_500));
    let End::Acknowledged(booked) = world.just(book).await else { panic!("nothing is wrong") };
    assert_eq!(booked.amount, 3_500);
    let part = driver().reservation(&Reserving::ReleasePart(drill.clone()), &euro(4_000));
    let End::Acknowledged(booked) = world.just(part).await else { panic!("nothing is wrong") };
    assert_eq!(booked.amount, 1_000, "what is not given back is taken");
    let release = driver().reservation(&Reserving::Release(ladder.clone()), &euro(8_000));
    assert!(matches!(world.just(release).await, End::Acknowledged(_)));
    assert!(open_ones(&world).await.is_empty());

    // A second time: the terminal says no, and no money moves.
    for step in [Reserving::Book(tent), Reserving::Release(ladder)] {
        let amount = if matches!(step, Reserving::Book(_)) { 3_500 } else { 8_000 };
        let end = world.just(driver().reservation(&step, &euro(amount))).await;
        let End::NoMoney(Said::Declined { code, .. }) = end else { panic!("{end:?}") };
        assert_eq!(code, "already_reversed");
    }
    let kinds: Vec<_> =
        world.terminal.controls().view().entries.iter().map(|e| (e.kind, e.amount)).collect();
    assert_eq!(kinds[3..], [("booking", 3_500), ("booking", 1_000), ("release", 8_000)]);
}

#[tokio::test(start_paused = true)]
async fn more_than_was_reserved_is_not_even_asked_for() {
    let world = World::new();
    let of = reserved(&world, 1_000).await;
    let cases = [
        (Reserving::Book(of.clone()), 1_001),
        (Reserving::ReleasePart(of.clone()), 1_000),
        (Reserving::Release(of.clone()), 999),
        (Reserving::Reserve, 0),
        (Reserving::Reserve, -5),
    ];
    locked(&world.log).clear();
    for (step, amount) in cases {
        let end = world.just(driver().reservation(&step, &euro(amount))).await;
        assert_eq!(end, End::NoMoney(Said::Cancelled { code: "bad_amount" }), "{step:?}");
    }
    let unnamed = Reserved { reference: Reference { receipt: "x".to_owned(), trace: None }, ..of };
    let end = world.just(driver().reservation(&Reserving::Book(unnamed), &euro(1))).await;
    assert_eq!(end, End::NoMoney(Said::Cancelled { code: "bad_reference" }));
    assert!(locked(&world.log).is_empty(), "nothing was sent");
}

#[tokio::test(start_paused = true)]
async fn what_a_terminal_wants_is_done_before_money_is_asked_for() {
    for (name, command, progress) in [
        ("initialisation_due", 0x93, "auto_initialisation"),
        ("diagnosis_due", 0x70, "auto_diagnosis"),
    ] {
        let world = World::new();
        world.terminal.controls().choose(Fault::named(name)).await;
        let mut book = Book::default();
        let end = world.run(driver().pay(&euro(500)), &mut book).await;
        assert!(matches!(end, End::Acknowledged(_)), "{name}: {end:?}");
        assert!(book.codes().contains(&progress), "{name}: {:?}", book.codes());
        let log = locked(&world.log);
        let asked: Vec<_> = log
            .iter()
            .filter_map(|event| match event {
                Event::Till(0x06, instr) => Some(*instr),
                _ => None,
            })
            .collect();
        assert_eq!(asked, [0x00, command, 0x20, 0x01], "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_terminal_that_wants_something_gets_it_once() {
    for name in ["initialisation_due", "diagnosis_due"] {
        let world = World::new();
        world.terminal.controls().choose(Fault::named(name)).await;
        let End::Identity(identity) = world.just(driver().identity()).await else {
            panic!("no answer")
        };
        assert_eq!(identity.state, Some("approved"), "{name}");
        assert_eq!(world.terminal.controls().view().fault, None, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn initialising_and_logging_off_move_no_money_and_need_no_disk() {
    let world = World::new();
    for (talk, commands) in
        [(driver().initialise(), vec![0x00, 0x93]), (driver().log_off(), vec![0x02])]
    {
        locked(&world.log).clear();
        let mut book = Book { fails_at: Some(1), ..Book::default() };
        assert_eq!(world.run(talk, &mut book).await, End::Done);
        assert_eq!(book.calls, 0);
        let log = locked(&world.log);
        let till = log.iter().filter_map(|event| match event {
            Event::Till(0x06, instr) => Some(*instr),
            _ => None,
        });
        assert_eq!(till.collect::<Vec<_>>(), commands);
    }
    assert!(world.terminal.controls().view().entries.is_empty());
}

#[tokio::test(start_paused = true)]
async fn service_may_break_anywhere_and_moves_no_money() {
    let talks: [fn() -> payment::driver::Talk; 4] = [
        || driver().initialise(),
        || driver().diagnose(),
        || driver().reservations(),
        || driver().log_off(),
    ];
    let mut played = 0;
    for talk in talks {
        for before in 1.. {
            let mut world = World::of(&Setup::default());
            world.begin_anew(Some((1, before)));
            let mut book = Book::default();
            let end = world.run(talk(), &mut book).await;
            played += 1;
            assert!(book.calls == 0 && world.terminal.controls().view().entries.is_empty());
            if locked(&world.deliveries).first().is_none_or(|count| *count < before) {
                assert!(!matches!(end, End::Unknown { .. } | End::NoMoney(_)), "{end:?}");
                break;
            }
        }
    }
    println!("service: {played} breaks");
    assert!(played > 25, "{played}");
}

#[tokio::test(start_paused = true)]
async fn what_became_of_a_reservation_is_found_out_like_of_a_payment() {
    let world = World::new();
    let of = reserved(&world, 2_000).await;
    world.terminal.controls().choose(Fault::named("lost_after_commit")).await;
    let step = Reserving::Book(of);
    let mut book = Book::default();
    let end = world.run(driver().reservation(&step, &euro(700)), &mut book).await;
    assert!(matches!(end, End::Unknown { .. }), "{end:?}");
    let purpose = Purpose::Reservation(step);
    let found = world.just(driver().query(&purpose, &euro(700), &book.before)).await;
    assert!(matches!(&found, End::Acknowledged(yes) if yes.amount == 700), "{found:?}");
}

#[tokio::test(start_paused = true)]
async fn a_terminal_whose_journal_is_full_still_says_what_became_of_the_last_payment() {
    let world = World::of(&Setup { automatic: Some(1_000), journal_limit: 1, ..Setup::default() });
    world.terminal.controls().choose(Fault::named("lost_after_commit")).await;
    let mut book = Book::default();
    let end = world.run(driver().pay(&euro(700)), &mut book).await;
    assert!(matches!(end, End::Unknown { .. }), "{end:?}");
    let found = world.just(driver().query(&Purpose::Payment, &euro(700), &book.before)).await;
    assert!(matches!(&found, End::Acknowledged(yes) if yes.amount == 700), "{found:?}");
}
