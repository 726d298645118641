//! Tips asked at terminals of every kind whose day the provider closes: booked as they were given, gone with the
//! payment that is taken back, counted in the terminal's day. (Those at ZVT terminals: `engine_cards`.)

use std::sync::Arc;
use std::time::Duration;

use domain::settings::{Settings, TerminalProtocol, TerminalSettings};
use domain::{ShopCommand, TillCommand, TillId};
use money::Money;
use payment::simulator::{Controls, Customer, Fault as Any, adyen, sumup};
use shop::api::payments::TerminalKey;
use shop::api::view::TillView;
use shop::engine::Actor;

use crate::engine_adyen::share;
use crate::engine_cards::CARD;
use crate::engine_cloud::{Shop, TERMINAL, settings};
use crate::engine_kit::{MANAGER, euros, scan};
use crate::engine_printing::blocking;

/// What a simulated customer gives, minor units.
const TIP: i64 = 100;

/// Waits for a screen, for a minute at most.
async fn until(shop: &Shop, is: impl Fn(&TillView) -> bool) -> Arc<TillView> {
    let mut screens = shop.kit.engine.subscribe(TillId(1));
    for _ in 0..1_200 {
        let view = shop.kit.engine.view(TillId(1)).await.expect("a view");
        if is(&view) {
            return view;
        }
        let _ = tokio::time::timeout(Duration::from_millis(50), screens.recv()).await;
    }
    panic!("it never came: {:?}", shop.kit.engine.view(TillId(1)).await.expect("a view").payment)
}

/// The customer taps, and gives a tip when asked for one.
async fn taps(controls: &Controls, asked: bool) {
    let view = controls.wait_until(|view| view.waiting).await.expect("it waits");
    assert_eq!(view.asks_tip, asked);
    assert!(controls.customer(Customer::Tip).await);
}

/// Payments that the provider holds to.
fn charged(controls: &Controls) -> Vec<i64> {
    let view = controls.view();
    let held = view.entries.iter().filter(|e| e.kind == "payment" && !e.settled);
    held.map(|e| e.amount).collect()
}

fn tenders(view: &TillView) -> Option<usize> {
    view.basket.as_ref().map(|basket| basket.tenders.len())
}

/// `faults`: what goes wrong with further payments, all of which are found out.
async fn tips_are_booked_as_they_are_given(mut shop: Shop, controls: Controls, faults: &[Any]) {
    // The shop of the tests takes tips for its people.
    shop.send(scan(1)).await;
    let view = until(&shop, |view| view.basket.is_some()).await;
    let goods = view.basket.as_ref().expect("a basket").due.amount.minor();
    let part = Some(euros(goods - 10));
    shop.send(TillCommand::PayCard { amount: part, terminal: None }).await;
    taps(&controls, true).await;
    let view = until(&shop, |view| tenders(view) == Some(1)).await;
    let basket = view.basket.as_ref().expect("open");
    assert_eq!((basket.total.amount.minor(), basket.due.amount.minor()), (goods + TIP, 10));
    assert_eq!(charged(&controls), [goods - 10 + TIP]);
    shop.send(TillCommand::UndoTender).await;
    let view = until(&shop, |view| tenders(view) == Some(0)).await;
    assert_eq!(view.basket.as_ref().expect("open").total.amount.minor(), goods);
    assert!(charged(&controls).is_empty(), "the tip went back with the rest");
    shop.send(CARD).await;
    taps(&controls, true).await;
    assert!(shop.settled().await);
    let mut expected = vec![goods + TIP];
    for fault in faults {
        controls.choose(Some(*fault)).await;
        shop.send(scan(1)).await;
        shop.send(CARD).await;
        taps(&controls, true).await;
        assert!(shop.settled().await, "{fault:?}");
        expected.push(goods + TIP);
    }
    assert_eq!(charged(&controls), expected);
    // The terminal's day, as the shop counts it, comes to what the provider will say.
    let id = shop.kit.id();
    let actor = Actor { person: Some(MANAGER), approver: None };
    let close = ShopCommand::CloseTerminalDay { terminal: TERMINAL, despite_doubt: None };
    shop.kit.engine.shop(id, actor, close).await.expect("asked");
    for _ in 0..1_200 {
        if shop.kit.engine.closing(TERMINAL).await.expect("running").is_none() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let path = shop.kit.file();
    let days = blocking(move || {
        let reader = store::Reader::open(&path).expect("a reader");
        reader.terminal_days(None, Some(TERMINAL), 10).expect("read")
    })
    .await;
    let [day] = days.as_slice() else { panic!("{days:?}") };
    let sum: Money =
        day.closing.ours.iter().fold(Money::ZERO, |sum, of| sum.saturating_plus(of.sum));
    assert!(day.closing.alone && day.closing.matches, "{day:?}");
    assert_eq!(sum.minor(), expected.iter().sum::<i64>(), "{day:?}");
    // A shop that takes none has nobody asked for one.
    let none = Settings { tips: None, ..shop.settings.clone() };
    let (id, actor) = (shop.kit.id(), Actor { person: Some(MANAGER), approver: None });
    let configure = ShopCommand::Configure { settings: Box::new(none) };
    shop.kit.engine.shop(id, actor, configure).await.expect("configured");
    shop.send(scan(1)).await;
    shop.send(CARD).await;
    taps(&controls, false).await;
    assert!(shop.settled().await);
    assert_eq!(charged(&controls).last(), Some(&goods));
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tip_given_at_an_adyen_terminal_is_a_line_of_the_receipt_and_goes_back_with_the_payment()
{
    use adyen::{Fault, Setup, Simulator};
    let setup = Setup::new(shop::ids::draw);
    let terminal = Simulator::start(&setup).expect("a terminal");
    let address = terminal.listen(([127, 0, 0, 1], 0).into()).await.expect("listens").to_string();
    let at = settings(TerminalProtocol::AdyenLocal, address, &setup.poi_id, "");
    let shop = Shop::of(TerminalSettings { merchant: None, ..at }).await;
    share(&shop.kit, &terminal).await;
    let faults = [Fault::LostAfterOutcome, Fault::WrongTip, Fault::Tampered].map(Any::Nexo);
    tips_are_booked_as_they_are_given(shop, terminal.controls(), &faults).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tip_given_at_an_adyen_terminal_behind_the_cloud_is_booked_as_it_was_given() {
    use adyen::{Cloud, Fault, Setup, Simulator};
    let cloud = Cloud::default();
    let setup = Setup { cloud: Some(cloud.clone()), ..Setup::new(shop::ids::draw) };
    let terminal = Simulator::start(&setup).expect("a terminal");
    let address = terminal.listen(([127, 0, 0, 1], 0).into()).await.expect("listens").to_string();
    let told_for = format!("AdyenCloud {address} {}", cloud.merchant);
    let at = settings(TerminalProtocol::AdyenCloud, address, &setup.poi_id, &cloud.merchant);
    let shop = Shop::of(at).await;
    let key = TerminalKey {
        api_key: cloud.api_key,
        app_id: None,
        affiliate_key: None,
        root_certificate: Some(terminal.secret().root.clone()),
    };
    shop.tell(&told_for, &key).await;
    let faults = [Fault::LostAfterOutcome, Fault::WrongTip, Fault::Garbage].map(Any::Nexo);
    tips_are_booked_as_they_are_given(shop, terminal.controls(), &faults).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tip_given_at_a_reader_of_sumups_is_booked_as_it_was_given() {
    use sumup::{Fault, Setup, Simulator};
    let setup = Setup::default();
    let reader = Simulator::start(&setup).expect("a reader");
    let address = reader.listen(([127, 0, 0, 1], 0).into()).await.expect("listens").to_string();
    let told_for = format!("SumupCloud {address} {}", setup.merchant);
    let at = settings(TerminalProtocol::SumupCloud, address, &setup.reader, &setup.merchant);
    let shop = Shop::of(at).await;
    let secret = reader.secret();
    let key = TerminalKey {
        api_key: secret.api_key.clone(),
        app_id: Some(secret.app_id.clone()),
        affiliate_key: Some(secret.affiliate_key.clone()),
        root_certificate: secret.root.clone(),
    };
    shop.tell(&told_for, &key).await;
    let faults = [Fault::LostBeforeOutcome, Fault::WrongTip, Fault::BadLooks].map(Any::Sumup);
    tips_are_booked_as_they_are_given(shop, reader.controls(), &faults).await;
}
