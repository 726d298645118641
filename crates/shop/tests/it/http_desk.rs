//! What people see and settle at the desk: the blind count, prints in doubt, backups, faults.

use serde_json::{Value, json};
use store::OutboxState;

use crate::http_world::{Browser, CASHIER_PIN, SUPERVISOR_PIN, World};

fn eur(amount: i64) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

async fn open(till: &mut Browser) {
    till.command(json!({"type": "open_day", "float": eur(10_000)})).await.expect_ok();
}

async fn sell(till: &mut Browser) {
    till.command(json!({"type": "scan", "code": "4006381333931"})).await.expect_ok();
    till.command(json!({"type": "pay_cash"})).await.expect_ok();
}

#[tokio::test]
async fn a_cashier_counts_blind_and_a_supervisor_sees_the_difference() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    open(&mut till).await;
    sell(&mut till).await;
    // As the page sends it where no foreign cash is.
    let pieces = json!([{"value": 100, "pieces": 100}]);
    let count = json!({"type": "count_drawer", "pieces": pieces, "foreign": []});
    let counted = till.command(count.clone()).await.expect_ok();
    assert_eq!(
        counted["view"]["day"]["count"],
        json!({"counted": eur(10_000), "expected": null, "difference": null, "foreign": []})
    );
    let mut till = world.till(2, SUPERVISOR_PIN).await;
    let seen = till.get("/tills/1").await.expect_ok();
    assert_eq!(
        seen["day"]["count"],
        json!({"counted": eur(10_000), "expected": eur(10_249), "difference": eur(-249), "foreign": []})
    );
}

#[tokio::test]
async fn what_cannot_be_recorded_shows_on_every_till_until_it_can() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    open(&mut till).await;
    let limit = |pages| world.app.engine().with_store(move |store| store.limit_pages(pages));
    limit(1).await.expect("running").expect("limited");
    let mut refused = false;
    for _ in 0..200 {
        let reply = till.command(json!({"type": "scan", "code": "4006381333931"})).await;
        refused = reply.status == 503;
        if refused {
            break;
        }
    }
    assert!(refused, "there was room for all");
    let lamps = till.get("/tills/1").await.expect_ok()["lamps"].clone();
    let bad = json!([{"kind": "record", "state": "bad", "code": "not_stored", "waiting": 0}]);
    assert_eq!(lamps, bad);
    limit(1_000_000).await.expect("running").expect("room");
    till.command(json!({"type": "scan", "code": "4006381333931"})).await.expect_ok();
    assert_eq!(till.get("/tills/1").await.expect_ok()["lamps"], json!([]));
}

/// Gives the tills a printer that nobody runs: jobs are kept for it.
async fn with_printer(world: &World) {
    let engine = world.app.engine();
    let present = engine.snapshot().await.expect("running");
    let mut settings = (*present.settings.expect("set up")).clone();
    for till in &mut settings.tills {
        till.printer = Some("127.0.0.1:9".to_owned());
    }
    let manager = present.people.iter().find(|p| p.role == domain::Role::Manager).map(|p| p.id);
    let actor = shop::engine::Actor { person: manager, approver: None };
    let id = shop::ids::own_command(jiff::Timestamp::UNIX_EPOCH);
    let command = domain::ShopCommand::Configure { settings: Box::new(settings) };
    engine.shop(id, actor, command).await.expect("configured");
}

#[tokio::test]
async fn a_print_in_doubt_is_seen_and_settled() {
    let world = World::shop().await;
    with_printer(&world).await;
    let mut till = world.till(2, SUPERVISOR_PIN).await;
    open(&mut till).await;
    sell(&mut till).await;
    let waiting = till.get("/outbox").await.expect_ok();
    assert_eq!(waiting[0]["state"], "waiting");
    assert_eq!(waiting[0]["receipt"], json!({"till": 1, "number": 1}));
    let id = waiting[0]["id"].as_i64().expect("an id");
    let at = format!("/outbox/{id}");
    till.post(&at, &json!({"done": true})).await.expect(422, "print_waiting");

    let lost = move |store: &mut store::Store| {
        store.set_work(id, OutboxState::Unknown, "unreachable", true)
    };
    world.app.engine().with_store(lost).await.expect("running").expect("noted");
    assert_eq!(till.get("/outbox").await.expect_ok()[0]["state"], "unknown");
    let todo = till.get("/today").await.expect_ok()["todo"].clone();
    let prints = json!({"kind": "prints", "count": 1});
    assert!(todo.as_array().is_some_and(|todo| todo.contains(&prints)), "{todo}");

    let again = till.post(&at, &json!({"done": false})).await.expect_ok();
    assert_eq!(again[0]["state"], "waiting");
    let next = world.app.engine().with_store(|store| store.outbox_of(domain::TillId(1), 9));
    assert_eq!(next.await.expect("running").expect("read")[0].body, "copy");
    world.app.engine().with_store(lost).await.expect("running").expect("noted");
    assert_eq!(till.post(&at, &json!({"done": true})).await.expect_ok(), json!([]));
    till.post(&at, &json!({"done": true})).await.expect(404, "not_found");
}

#[tokio::test]
async fn a_backup_is_written_beside_the_shop_and_noted() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let written = office.post("/record/backup", &json!({})).await.expect_ok();
    let path = std::path::PathBuf::from(written["path"].as_str().expect("a path"));
    assert_eq!(path.parent().and_then(|p| p.file_name()), Some("backups".as_ref()));
    assert!(store::verify_file(&path, &[], |_, _| true).expect("read").is_sound());
    let record = office.get("/record").await.expect_ok();
    assert_eq!(record["backup"]["through"], written["through"]);
    let todo = office.get("/today").await.expect_ok()["todo"].clone();
    assert!(!todo.to_string().contains("no_backup"), "{todo}");
}

#[tokio::test]
async fn an_export_without_a_closed_day_or_with_its_dates_the_wrong_way_round_is_refused() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let at = |from, to| format!("/record/dsfinvk.zip?from={from}&to={to}");
    office.get(&at("2020-01-01", "2020-12-31")).await.expect(422, "no_closing");
    office.get(&at("2026-12-31", "2026-01-01")).await.expect(422, "bad_field");
    // The turn was given back.
    office.get(&at("2020-01-01", "2020-12-31")).await.expect(422, "no_closing");
    office.get("/signing/units/1/export.tar").await.expect(404, "unknown_unit");
    assert_eq!(office.get("/signing/units").await.expect_ok(), json!([]));
}

#[tokio::test]
async fn what_is_shown_of_a_receipt_is_marked_as_a_copy_and_an_x_report_is_a_page() {
    let world = World::shop().await;
    let mut till = world.till(2, SUPERVISOR_PIN).await;
    open(&mut till).await;
    sell(&mut till).await;
    assert!(till.get("/receipts/1/1/html").await.text.contains("KOPIE"));
    assert!(till.get("/receipts/1/1/text").await.text.contains("KOPIE"));
    let report = till.get("/tills/1/x-report/html").await;
    assert_eq!(report.headers["content-type"], "text/html; charset=utf-8");
    assert!(report.text.contains("2,49"), "{}", report.text);
}

#[tokio::test]
async fn an_engine_that_is_gone_is_noticed() {
    let world = World::shop().await;
    let engine = world.app.engine().clone();
    assert!(!engine.has_ended());
    let gone = engine.with_store(|_| -> () { panic!("a bug") }).await;
    assert!(gone.is_err());
    engine.ended().await;
    assert!(engine.has_ended());
}
