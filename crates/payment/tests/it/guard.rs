//! Which terminal answers is known before money is asked for.

use payment::driver::Identity;
use payment::simulator::{Device, TEST_PAN};
use payment::{Driver, End, Said};

use crate::adyen::kit as nexo;
use crate::kit::{Book, Event, World, driver, euro, locked};
use crate::scripted::{Scripted, packet, up_to_taken};
use crate::sumup::kit as sumup;

fn refused() -> End {
    End::NoMoney(Said::Cancelled { code: "not_stored" })
}

fn serials(book: &Book) -> Vec<Option<&str>> {
    book.reported.iter().map(|said| said.serial.as_deref()).collect()
}

#[tokio::test(start_paused = true)]
async fn the_registration_says_which_terminal_it_is_before_money_is_asked_for() {
    let world = World::new();
    // The register says no.
    let mut book = Book { fails_at: Some(1), ..Book::default() };
    assert_eq!(world.run(driver().pay(&euro(500)), &mut book).await, refused());
    let said = Identity { tid: Some("52523535".to_owned()), ..Identity::default() };
    assert_eq!(book.reported, [said]);
    let log = locked(&world.log).clone();
    let told = log.iter().position(|event| *event == Event::Reported);
    let about = log.iter().position(|event| matches!(event, Event::About { .. }));
    assert!(told.is_some() && told < about, "{log:?}");
    assert!(!log.contains(&Event::Till(0x06, 0x01)), "it was not asked: {log:?}");
}

#[tokio::test(start_paused = true)]
async fn a_terminal_of_the_register_is_asked_for_its_serial_number_as_well() {
    let world = World::new();
    let controls = world.terminal.controls();
    let asking = || driver().asking_who().pay(&euro(500));
    for (device, serial) in [(Device::Own, "SIM-0001"), (Device::Exchanged, "SIM-0002")] {
        controls.device(device).await;
        let mut book = Book { fails_at: Some(1), ..Book::default() };
        assert_eq!(world.run(asking(), &mut book).await, refused());
        assert_eq!(serials(&book), [None, Some(serial)]);
        assert!(book.reported[1].software.is_some() && book.reported[0].software.is_none());
    }
    // A register that says yes: it is paid.
    controls.device(Device::Own).await;
    let mut book = Book::default();
    assert!(matches!(world.run(asking(), &mut book).await, End::Acknowledged(_)));
}

#[tokio::test(start_paused = true)]
async fn a_terminal_that_does_not_say_which_one_it_is_takes_payments() {
    let mut answers = up_to_taken();
    // 84 83: it does not know the question.
    answers[1] = vec![];
    answers.insert(2, vec![0x84, 0x83, 0]);
    let end = packet(0x06, 0x1e, &[0x6c]);
    answers[5].extend(end);
    let terminal = Scripted::new(answers, None);
    let mut book = Book::default();
    let talk = driver().asking_who().pay(&euro(500));
    let pace = payment::line::Pace::default();
    let end = payment::line::run_over(talk, &terminal, &pace, &mut book).await;
    assert_eq!(end, End::NoMoney(Said::Cancelled { code: "customer" }), "asked, and stopped there");
    assert_eq!(book.reported, []);
}

#[tokio::test(start_paused = true)]
async fn an_idle_terminal_and_one_that_is_asked_about_a_payment_say_it_too() {
    let world = World::new();
    let mut book = Book::default();
    let end = world.run(driver().identity(), &mut book).await;
    let End::Identity(identity) = end else { panic!("{end:?}") };
    assert_eq!(identity.serial.as_deref(), Some("SIM-0001"));
    world.terminal.controls().device(Device::Renumbered).await;
    let mut book = Book::default();
    let purpose = payment::driver::Purpose::Payment;
    let before = payment::driver::Before("zvt1 tid=52523535 nothing".to_owned());
    let end = world.run(driver().query(&purpose, &euro(500), &before), &mut book).await;
    assert!(matches!(end, End::Unknown { .. }), "{end:?}");
    assert!(book.reported.iter().any(|said| said.tid.as_deref() == Some("52523534")));
}

#[tokio::test(start_paused = true)]
async fn another_terminal_of_adyens_is_known_by_its_name_and_not_asked() {
    for world in [nexo::World::new(), nexo::World::in_cloud()] {
        let mut book = Book::default();
        let end = world.run(world.driver().pay(&nexo::anew(500)), &mut book).await;
        assert!(matches!(end, End::Acknowledged(_)), "{end:?}");
        assert_eq!(serials(&book), [Some("000000000001")]);
        world.controls.device(Device::Exchanged).await;
        let mut book = Book::default();
        let end = world.run(world.driver().pay(&nexo::anew(500)), &mut book).await;
        assert_eq!(end, End::NoMoney(Said::Cancelled { code: "other_terminal" }));
        assert_eq!(serials(&book), [Some("********9999")], "what may be a card's number is hidden");
        assert!(book.before.0.is_empty(), "no money was asked for");
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_of_the_register_says_serial_number_and_software_before_money_is_asked_for() {
    let world = sumup::World::new();
    let asking = || world.driver.clone().asking_who().pay(&euro(500));
    let cases = [
        (Device::Own, "SIM-0001", "3.3.40.0"),
        (Device::Exchanged, "SIM-0002", "3.3.40.0"),
        (Device::Updated, "SIM-0001", "3.3.41.0"),
    ];
    for (device, serial, software) in cases {
        world.controls.device(device).await;
        // The register says no.
        let mut book = Book { fails_at: Some(1), ..Book::default() };
        assert_eq!(world.run(asking(), &mut book).await, refused());
        assert_eq!(serials(&book), [Some(serial), None], "{device:?}");
        assert_eq!(book.reported[1].software.as_deref(), Some(software), "{device:?}");
        assert!(world.controls.view().entries.is_empty(), "it was not asked");
    }
    world.controls.device(Device::Renumbered).await;
    let mut book = Book::default();
    let end = world.run(asking(), &mut book).await;
    assert_eq!(end, End::NoMoney(Said::Cancelled { code: "other_terminal" }));
    assert_ne!(book.reported[0].tid.as_deref(), Some(world.reader.as_str()));
    assert!(book.before.0.is_empty(), "no money was asked for");
    // A register that says yes: it is paid.
    world.controls.device(Device::Own).await;
    let mut book = Book::default();
    assert!(matches!(world.run(asking(), &mut book).await, End::Acknowledged(_)));
    let mut book = Book::default();
    world.run(world.driver.identity(), &mut book).await;
    assert_eq!(serials(&book), [Some("SIM-0001")], "an idle one says it too");
}

#[tokio::test(start_paused = true)]
async fn simulators_that_leak_are_paid_at_and_nothing_of_the_card_comes_through() {
    let world = World::new();
    world.terminal.controls().leak(true).await;
    let mut book = Book::default();
    let end = world.run(driver().pay(&euro(500)), &mut book).await;
    assert!(matches!(end, End::Acknowledged(_)), "{end:?}");
    let told = format!("{end:?} {:?} {:?} {:?}", book.said, book.before, book.progress);
    assert!(!told.contains(TEST_PAN), "{told}");
    let world = nexo::World::new();
    world.controls.leak(true).await;
    let mut book = Book::default();
    let end = world.run(nexo::driver().pay(&nexo::anew(500)), &mut book).await;
    let End::Acknowledged(approved) = &end else { panic!("{end:?}") };
    assert!(approved.slips.customer.iter().any(|line| line.contains("8074")), "{approved:?}");
    let told = format!("{end:?} {:?} {:?}", book.said, book.before);
    assert!(!told.contains(TEST_PAN), "{told}");
    let world = sumup::World::new();
    world.controls.leak(true).await;
    let mut book = Book::default();
    let end = world.run(world.driver.pay(&euro(500)), &mut book).await;
    assert!(matches!(end, End::Acknowledged(_)), "{end:?}");
    let told = format!("{end:?} {:?} {:?}", book.said, book.before);
    assert!(!told.contains(TEST_PAN), "{told}");
}
