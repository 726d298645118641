//! Orders, baskets that go on at another till and goods that people who work here take, at the unit: each is a
//! transaction of its own that is closed at once, and an outage stops none of them.

use std::time::Duration;

use devices::printer::Timeouts;
use devices::simulator::Printer;
use domain::signing::Subject;
use domain::{Event, TillCommand};
use escpos::Profile;
use store::Signed;
use tokio::sync::watch;

use crate::engine_kit::{CASHIER, PAY, scan};
use crate::engine_signing::Sign;

async fn last(sign: &Sign, kind: impl Fn(&Event) -> bool) -> Subject {
    let at = sign.entries().await.iter().rposition(kind).expect("it is there");
    Subject::Entry(u64::try_from(at).expect("few") + 1)
}

async fn ordered(sign: &Sign) -> Subject {
    last(sign, |event| matches!(event, Event::BasketOrdered(_))).await
}

async fn parked(sign: &mut Sign, till: u16) -> domain::BasketId {
    sign.at(till, TillCommand::Park { name: None }).await;
    let view = sign.kit.engine.view(domain::TillId(till)).await.expect("a view");
    view.parked[0].id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_ends_the_transaction_of_its_basket_and_the_receipt_has_one_of_its_own() {
    let mut sign = Sign::start(1).await;
    sign.at(1, scan(1)).await;
    let basket = parked(&mut sign, 1).await;
    let order = ordered(&sign).await;
    let order = sign.code_of(order).await;
    assert_eq!((order.client.as_str(), order.process_type.as_str()), ("TR-1", "Bestellung-V1"));
    assert!(order.process_data.starts_with("1;\""), "{}", order.process_data);

    // At the other till: the first one's ends, and the second one's begins.
    sign.at(2, TillCommand::Recall { basket }).await;
    let over = last(&sign, |event| matches!(event, Event::BasketHandedOver(_))).await;
    let over = sign.code_of(over).await;
    assert_eq!(over.client, "TR-1");
    assert!(over.process_data.starts_with("AVTransfer^"), "{}", over.process_data);
    sign.at(2, PAY).await;
    let receipt = sign.code(basket).await;
    assert_eq!(receipt.client, "TR-2");
    let mut numbers = vec![order.transaction, over.transaction, receipt.transaction];
    numbers.dedup();
    assert_eq!(numbers.len(), 3);

    sign.at(1, scan(2)).await;
    let reason = "Pausenbrot".to_owned();
    sign.at(1, TillCommand::GiveBenefit { person: CASHIER, reason }).await;
    let entries = sign.entries().await;
    let given = entries.iter().find_map(|event| match event {
        Event::BenefitGiven(given) => Some(given.basket),
        _ => None,
    });
    let taken = sign.code(given.expect("taken")).await;
    assert!(taken.process_data.starts_with("AVSachbezug^"), "{}", taken.process_data);

    let report = sign.export(0);
    assert!(report.is_clean(), "{:?}", report.first());
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_unit_is_gone_orders_are_taken_and_say_that_they_are_not_signed() {
    let mut sign = Sign::start(1).await;
    sign.sell(1).await;
    sign.units[0].plug(false);
    sign.at(1, scan(1)).await;
    let basket = parked(&mut sign, 1).await;
    let order = ordered(&sign).await;
    let Signed::No(failed) = sign.signed(order).await else { panic!("nobody signed it") };
    assert_eq!(failed.process_type, "Bestellung-V1");
    assert!(failed.process_data.starts_with("1;\""), "{}", failed.process_data);
    sign.at(1, TillCommand::Recall { basket }).await;
    sign.at(1, PAY).await;
    assert!(matches!(sign.signed(Subject::Basket(basket)).await, Signed::No(_)));
    sign.units[0].plug(true);
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_slip_of_goods_taken_says_whose_they_are_and_that_nothing_was_paid() {
    let printer =
        Printer::start("127.0.0.1:0".parse().expect("an address"), Profile::generic_80mm());
    let printer = printer.await.expect("a printer");
    let address = printer.address().to_string();
    let change = move |settings: &mut domain::settings::Settings| {
        settings.tills[0].printer = Some(address);
        settings.print_receipts = false;
    };
    let mut sign = Sign::still(1, change).await;
    sign.run();
    let (stop, stopped) = watch::channel(false);
    let timeouts = Timeouts {
        connect: Duration::from_secs(5),
        answer: Duration::from_secs(5),
        finish: Duration::from_secs(10),
    };
    let pace = shop::print::runner::Pace { look: Duration::from_millis(20), timeouts };
    let (engine, clock) = (sign.kit.engine.clone(), sign.kit.clock.clone());
    let printing = tokio::spawn(shop::print::runner::run_at(engine, clock, stopped, pace));
    sign.at(1, scan(1)).await;
    let reason = "Pausenbrot".to_owned();
    sign.at(1, TillCommand::GiveBenefit { person: CASHIER, reason }).await;
    let wait = async {
        while printer.jobs().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("printed");
    let printed = format!("{:?}", printer.jobs());
    for text in [
        "SACHBEZUG / EIGENVERBRAUCH",
        "Entnommen von Cem",
        "Pausenbrot",
        "Nichts bezahlt, kein Umsatz",
        "AVSachbezug^",
    ] {
        assert!(printed.contains(text), "{text}: {printed}");
    }
    let _ = stop.send(true);
    printing.await.expect("ends");
    sign.end().await;
}
