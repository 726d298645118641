//! What an Austrian till sells before its chain begins: sold all the same, told and counted as receipts without a code.

use domain::event::RksvTold;
use domain::rksv::RksvKind;
use domain::{Event, Refusal, ShopCommand};
use shop::api::view::LampState;

use crate::engine_rksv::{Austria, austrian};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_device_nothing_begins_receipts_say_so_and_a_later_start_is_clean() {
    let mut shop = Austria::still(1).await;
    shop.plug(false);
    shop.run();
    let basket = shop.sell(1).await;
    let why = shop
        .until(async |shop: &Austria| {
            shop.entries().await.into_iter().find_map(|event| match event {
                Event::RksvTold(told) => match *told {
                    RksvTold::NotSigned { basket: of, why, .. } if of == basket => Some(why),
                    _ => None,
                },
                _ => None,
            })
        })
        .await;
    assert_eq!(why, "not_started");
    shop.lamp(LampState::Bad, "rksv_not_started").await;
    let register = shop.register(1).await.expect("a till that sold");
    assert!(!register.begun());
    assert_eq!((register.without_code, register.without_code_why), (1, vec![why]));
    assert_eq!(shop.ask(1, RksvKind::Zero).await, Err(Refusal::RksvNotStarted));
    shop.plug(true);
    shop.last(1, RksvKind::Start).await;
    shop.last(2, RksvKind::Start).await;
    let sold = shop.sell(1).await;
    assert_eq!(shop.code(sold).await.position, 2);
    let register = shop.register(1).await.expect("begun");
    assert_eq!((register.without_code, register.past.len()), (1, 0), "nobody has seen it yet");
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_in_austria_without_the_rksv_sells_and_each_receipt_is_told_to_have_no_code() {
    let mut shop = Austria::still(1).await;
    let mut settings = austrian(sim::build::settings(2), 1);
    settings.rksv = None;
    shop.shop(ShopCommand::Configure { settings: Box::new(settings) }).await.expect("configured");
    shop.run();
    for sold in 1..=2 {
        shop.sell(1).await;
        shop.until(async |shop: &Austria| {
            let register = shop.register(1).await?;
            (register.without_code == sold).then_some(())
        })
        .await;
    }
    assert_eq!(shop.register(1).await.expect("sold").without_code_why, ["not_set"]);
    assert_eq!(shop.register(2).await, None, "it sold nothing");
    shop.lamp(LampState::Bad, "rksv_not_set").await;
    let settings = austrian(sim::build::settings(2), 1);
    shop.shop(ShopCommand::Configure { settings: Box::new(settings) }).await.expect("configured");
    assert_eq!(shop.last(1, RksvKind::Start).await.position, 1);
    let [one, _] = shop.end().await;
    assert_eq!((one.receipts, one.zero), (1, 1), "what was sold before is not in the chain");
}
