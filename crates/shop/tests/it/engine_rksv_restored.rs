//! A shop out of a backup goes on with none of its chains: codes may have been handed out that it does not know.

use domain::event::RksvTold;
use domain::rksv::{RegisterSettings, RksvKind};
use domain::{Event, ShopCommand, TillId};
use shop::api::view::LampState;
use shop::clock::Clock as _;

use crate::engine_kit::Kit;
use crate::engine_rksv::{Austria, austrian};

/// The shop's own backup takes its place.
fn put_back(kit: &mut Kit) {
    let there = |name: &str| kit.folder.path().join(name);
    let (backup, restored) = (there("backup.sqlite"), there("restored.sqlite"));
    kit.reader().backup(&backup, |_, _| ()).expect("a backup");
    kit.stop();
    let command = domain::CommandId(shop::ids::own_uuid(jiff::Timestamp::UNIX_EPOCH));
    let restoring = store::Restoring { at: kit.clock.now(), command };
    store::restore(&backup, &restored, restoring, |_, _| true).expect("put back");
    for beside in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{beside}", kit.file().display()));
    }
    std::fs::rename(&restored, kit.file()).expect("in its place");
    kit.start();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rksv_chains_of_a_restored_shop_wait_for_a_new_name() {
    let mut shop = Austria::start(1).await;
    shop.first(2, RksvKind::Start).await;
    let before = shop.sell(1).await;
    shop.code(before).await;
    shop.halt().await;
    let swapped = tokio::task::spawn_blocking(move || {
        put_back(&mut shop.kit);
        shop
    });
    let mut shop = swapped.await.expect("put back");
    let saved = shop.kit.reader().parts("register").expect("read");
    assert!(saved.len() == 2 && saved.iter().all(|(_, body)| body.ends_with("\"restored\":true}")));
    shop.put_devices();
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
    assert_eq!(why, "restored");
    shop.lamp(LampState::Bad, "rksv_restored").await;
    let mut settings = austrian(sim::build::settings(2), 1);
    let own = |till| RegisterSettings { till: TillId(till), cash_register: format!("NEU-{till}") };
    settings.rksv.as_mut().expect("set").registers = vec![own(1), own(2)];
    shop.shop(ShopCommand::Configure { settings: Box::new(settings) }).await.expect("configured");
    let start = shop.last(1, RksvKind::Start).await;
    assert_eq!((start.cash_register.as_str(), start.position), ("NEU-1", 1));
    let sold = shop.sell(1).await;
    assert_eq!(shop.code(sold).await.cash_register, "NEU-1");
    shop.end().await;
}
