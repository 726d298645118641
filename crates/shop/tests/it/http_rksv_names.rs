//! What a till had under an earlier name: its key, its receipts and its export are there as before.

use fiscal::at::verify::{Known, verify};
use fiscal::at::{AesKey, dep};
use serde_json::{Value, json};
use signing::simulator::atrust::Simulator;
use tokio::sync::watch;

use crate::http_rksv::{auditor, configure, provider, run, sell, until};
use crate::http_world::{Browser, MANAGER_PIN, World, id};

/// A shop whose one till runs as LADEN-1 and sold two things.
async fn running() -> (World, Simulator, watch::Sender<bool>) {
    let (world, provider) = (World::shop().await, provider());
    let mut office = world.office().await;
    configure(&mut office, &provider).await;
    let stop = run(&world);
    password(&mut office).await;
    until(&mut office, |till| till["state"] == "running").await;
    let mut till = world.till(1, MANAGER_PIN).await;
    let open = json!({"id": id(), "type": "open_day", "float": {"amount": 0, "currency": "EUR"}});
    till.post("/tills/1/commands", &open).await.expect_ok();
    for _ in 0..2 {
        sell(&mut till).await;
    }
    until(&mut office, |till| till["codes"] == 3).await;
    (world, provider, stop)
}

async fn password(office: &mut Browser) {
    let path = "/rksv/devices/1/password";
    office.post(path, &json!({"password": "geheim-4711"})).await.expect_ok();
}

async fn rename(office: &mut Browser, name: &str) {
    let mut settings = office.get("/settings").await.expect_ok();
    let base = settings.as_object_mut().expect("an object").remove("revision");
    settings["rksv"]["registers"] = json!([{"till": 1, "cash_register": name}]);
    let body = json!({"id": id(), "type": "configure", "settings": settings, "base": base});
    office.post("/shop/commands", &body).await.expect_ok();
}

/// The shop out of a backup, which holds no key, under a new name.
async fn restored() -> (World, Simulator, watch::Sender<bool>, String) {
    let (mut world, provider, stop) = running().await;
    let key = world.office().await.get("/rksv/1/key").await.expect_ok()["key"].clone();
    let _ = stop.send(true);
    world.restore().await;
    let stop = run(&world);
    let mut office = world.office().await;
    until(&mut office, |till| till["state"] == "restored").await;
    password(&mut office).await;
    rename(&mut office, "NEU-1").await;
    until(&mut office, |till| till["state"] == "running" && till["codes"] == 1).await;
    (world, provider, stop, key.as_str().expect("a key").to_owned())
}

fn past(view: &Value) -> &Value {
    &view["registers"][0]["past"]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lost_key_of_an_earlier_name_is_typed_in_again_and_its_export_holds() {
    let (world, _provider, stop, key) = restored().await;
    let mut office = world.office().await;
    let view = office.get("/rksv").await.expect_ok();
    assert_eq!(view["registers"][0]["cash_register"], json!("NEU-1"));
    assert_eq!(past(&view)[0]["cash_register"], json!("LADEN-1"));
    assert_eq!(past(&view)[0]["key"], json!("lost"));
    let keys = "/rksv/1/keys.json?register=LADEN-1";
    office.get(keys).await.expect(422, "rksv_no_key");

    let set = |key: &str, name: &str| json!({"key": key, "register": name});
    let other = AesKey::new([1; 32]).to_base64();
    office.post("/rksv/1/key", &set(&other, "LADEN-1")).await.expect(422, "rksv_other_key");
    office.post("/rksv/1/key", &set(&key, "NEU-1")).await.expect(422, "rksv_other_key");
    office.post("/rksv/1/key", &set(&key, "LADEN-9")).await.expect(404, "not_found");
    let view = office.post("/rksv/1/key", &set(&key, "LADEN-1")).await.expect_ok();
    assert_eq!(past(&view)[0]["key"], json!("kept"));

    let keys = office.get(keys).await.text;
    let (counter, units) = dep::read_key_file(keys.as_bytes()).expect("keys");
    assert_eq!(counter.to_base64(), key);
    let export = office.get("/record/dep7.json?till=1&register=LADEN-1").await.text;
    let report = verify(export.as_bytes(), Some(&counter), Known::Named(&units)).expect("it holds");
    assert_eq!((report.receipts, report.turnover), (3, 2 * 249));
    // The new chain has its own.
    let now = office.get("/record/dep7.json?till=1").await.text;
    assert_eq!(dep::Dep::read(now.as_bytes()).expect("an export").groups[0].receipts.len(), 1);
    let _ = stop.send(true);
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_without_turnover_of_an_earlier_name_are_shown_as_printed() {
    let (world, _provider, stop) = running().await;
    let mut office = world.office().await;
    rename(&mut office, "NEU-1").await;
    until(&mut office, |till| till["state"] == "running" && till["codes"] == 1).await;
    let rows = office.get("/rksv/1/receipts?register=LADEN-1").await.expect_ok();
    assert_eq!(rows[0]["kind"], json!("start"));
    let start = "rksv/1/receipts/1/html";
    for (name, asked) in [("LADEN-1", "?register=LADEN-1"), ("NEU-1", "")] {
        let page = office.get(&format!("/{start}{asked}")).await.text;
        assert!(page.contains("Startbeleg") && page.contains(name), "{page}");
    }
    office.get(&format!("/{start}?register=FREMD-1")).await.expect(404, "not_found");
    let mut auditor = auditor(&world, &mut office).await;
    let page = auditor.get(&format!("/audit/{start}?register=LADEN-1")).await;
    assert!(page.status.is_success() && page.text.contains("LADEN-1"), "{}", page.text);
    let _ = stop.send(true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_with_a_code_missing_is_handed_out_on_a_second_wish_to_office_and_auditor() {
    let (world, _provider, stop) = running().await;
    let mut office = world.office().await;
    let conn = rusqlite::Connection::open(world.app.engine().path()).expect("the file");
    conn.execute("DELETE FROM rksv_code WHERE position = 2", []).expect("gone");
    drop(conn);
    let mut auditor = auditor(&world, &mut office).await;
    for (browser, way) in [(&mut office, "/record"), (&mut auditor, "/audit")] {
        let path = format!("{way}/dep7.json?till=1");
        let refused = browser.get(&path).await;
        assert!(refused.text.contains("receipt 2: does not follow"), "{}", refused.text);
        refused.expect(422, "export_wrong");
        let given = browser.get(&format!("{path}&anyway=true")).await;
        let name = given.headers["content-disposition"].to_str().expect("a name");
        assert!(name.contains("dep7-LADEN-1-TEST-UNGEPRUEFT.json"), "{name}");
        let export = dep::Dep::read(given.text.as_bytes()).expect("the form");
        assert_eq!(export.groups[0].receipts.len(), 2);
    }
    let _ = stop.send(true);
}
