//! Paper waits for the code, and carries it; receipts without turnover come out by themselves.

use std::time::Duration;

use devices::printer::Timeouts;
use devices::simulator::Printer;
use domain::ShopCommand;
use domain::rksv::RksvKind;
use escpos::Profile;
use shop::rksv::qr;
use tokio::sync::watch;

use crate::engine_rksv::{Austria, austrian};

async fn printed(printer: &Printer, wanted: &str) -> String {
    let wait = async {
        loop {
            // A line that came in two pieces is one line.
            let all = format!("{:?}", printer.jobs()).replace("\"), Text(\"", "");
            if all.contains(wanted) {
                return all;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("printed")
}

/// The shop prints at this printer from now on.
async fn prints(
    shop: &mut Austria,
    printer: &Printer,
    change: impl FnOnce(&mut domain::Settings),
) -> (watch::Sender<bool>, tokio::task::JoinHandle<()>) {
    let mut settings = austrian(sim::build::settings(2), 1);
    settings.print_receipts = true;
    settings.tills[0].printer = Some(printer.address().to_string());
    change(&mut settings);
    shop.shop(ShopCommand::Configure { settings: Box::new(settings) }).await.expect("configured");
    let (stop, stopped) = watch::channel(false);
    let pace = shop::print::runner::Pace {
        look: Duration::from_millis(20),
        timeouts: Timeouts {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(5),
            finish: Duration::from_secs(10),
        },
    };
    let (engine, clock) = (shop.kit.engine.clone(), shop.kit.clock.clone());
    (stop, tokio::spawn(shop::print::runner::run_at(engine, clock, stopped, pace)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_without_a_code_says_so_where_nothing_is_set_up() {
    let printer =
        Printer::start("127.0.0.1:0".parse().expect("an address"), Profile::generic_80mm());
    let printer = printer.await.expect("a printer");
    let mut shop = Austria::still(1).await;
    let (stop, printing) = prints(&mut shop, &printer, |settings| settings.rksv = None).await;
    shop.run();
    shop.sell(1).await;
    let paper = printed(&printer, "Kein Code nach RKSV").await;
    assert!(!paper.contains("noch aus"), "{paper}");
    let _ = stop.send(true);
    printing.await.expect("ends");
    shop.halt().await;
    tokio::task::spawn_blocking(move || shop.kit.end()).await.expect("it holds");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paper_waits_for_the_code_and_an_outage_stands_on_it() {
    let printer =
        Printer::start("127.0.0.1:0".parse().expect("an address"), Profile::generic_80mm());
    let printer = printer.await.expect("a printer");
    let mut shop = Austria::still(1).await;
    let (stop, printing) = prints(&mut shop, &printer, |_| {}).await;
    let basket = shop.sell(1).await;
    // As often as the printer's runner may look, nothing comes out.
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert!(printer.jobs().is_empty(), "printed before it had its code");
    }
    shop.run();
    let code = qr(&shop.code(basket).await).expect("a code");
    let paper = printed(&printer, &code).await;
    assert!(paper.contains("keine zugelassene") && paper.contains("Kassen-ID: TR-1"), "{paper}");
    let start = qr(&shop.first(1, RksvKind::Start).await).expect("a code");
    let paper = printed(&printer, &start).await;
    assert!(paper.contains("Startbeleg"), "{paper}");
    shop.plug(false);
    let during = shop.sell(1).await;
    let code = qr(&shop.code(during).await).expect("a code");
    let paper = printed(&printer, &code).await;
    assert!(paper.contains("Sicherheitseinrichtung ausgefallen"), "{paper}");
    shop.plug(true);
    let after = shop.last(1, RksvKind::AfterOutage).await;
    printed(&printer, &qr(&after).expect("a code")).await;
    let _ = stop.send(true);
    printing.await.expect("ends");
    shop.end().await;
}
