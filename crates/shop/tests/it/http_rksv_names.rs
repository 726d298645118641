//! What a till had under an earlier name: its key, its receipts and its export are there as before.

use std::time::Duration;

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

pub(crate) async fn password(office: &mut Browser) {
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
        assert_eq!(given.headers["x-tresen-marks"], "test unverified");
        let export = dep::Dep::read(given.text.as_bytes()).expect("the form");
        assert_eq!(export.groups[0].receipts.len(), 2);
    }
    let _ = stop.send(true);
}

async fn noted(office: &mut Browser, what: &str, register: Option<&str>) -> Value {
    let note =
        json!({"id": id(), "type": "note_rksv", "till": 1, "what": what, "register": register});
    office.post("/shop/commands", &note).await.expect_ok();
    office.get("/rksv").await.expect_ok()
}

async fn todos(office: &mut Browser) -> Vec<(String, u64)> {
    let today = office.get("/today").await.expect_ok();
    let rows = today["todo"].as_array().expect("a list").iter();
    let rows =
        rows.filter_map(|row| Some((row["kind"].as_str()?.to_owned(), row["count"].as_u64()?)));
    rows.filter(|(kind, _)| kind.starts_with("rksv_")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_over_two_days_is_asked_for_after_it_is_over_until_its_end_is_told() {
    let (world, provider, stop) = running().await;
    let mut office = world.office().await;
    provider.set_gone(true);
    sell(&mut world.till(1, MANAGER_PIN).await).await;
    until(&mut office, |till| till["state"] == "outage").await;
    world.clock.advance(Duration::from_secs(49 * 3_600));
    provider.set_gone(false);
    let mut office = world.office().await;
    let view = until(&mut office, |till| till["state"] == "running").await;
    let register = &view["registers"][0];
    assert_eq!(register["outage_to_tell"], json!(false), "it is over");
    let outages = register["outages_to_tell"].as_array().expect("a list");
    assert_eq!((outages.len(), &outages[0]["begin_told"]), (1, &json!(false)));
    assert!(todos(&mut office).await.contains(&("rksv_outage".to_owned(), 1)));
    let view = noted(&mut office, "outage_end_told", None).await;
    assert_eq!(view["registers"][0]["outages_to_tell"], json!([]));
    assert!(todos(&mut office).await.iter().all(|(kind, _)| kind != "rksv_outage"));
    let page = office.get("/audit/procedures.html").await.text;
    for said in ["Ausfälle der Signaturerstellungseinheiten", "keine Antwort", "gilt bis"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let _ = stop.send(true);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_owed_for_an_earlier_name_is_asked_for_under_the_next_one() {
    let (world, _provider, stop, _key) = restored().await;
    let mut office = world.office().await;
    let view = office.get("/rksv").await.expect_ok();
    let owed = &past(&view)[0];
    assert_eq!((&owed["closing_to_tell"], &owed["save_due"]), (&json!(true), &json!(true)));
    let closing = ("rksv_closing_untold".to_owned(), 1);
    let unsaved = ("rksv_unsaved".to_owned(), 1);
    let open = todos(&mut office).await;
    assert!(open.contains(&closing) && open.contains(&unsaved), "{open:?}");
    noted(&mut office, "saved", Some("LADEN-1")).await;
    let view = noted(&mut office, "closing_told", Some("LADEN-1")).await;
    let owed = &past(&view)[0];
    assert_eq!((&owed["closing_to_tell"], &owed["save_due"]), (&json!(false), &json!(false)));
    let open = todos(&mut office).await;
    assert!(!open.contains(&closing) && !open.contains(&unsaved), "{open:?}");
    let page = office.get("/audit/procedures.html").await.text;
    let device = view["devices"][0]["certificate"].as_str().expect("a number");
    for said in [
        device,
        "LADEN-1",
        "NEU-1",
        "frühere Kassen-ID",
        "in Betrieb",
        "Im Journal steht kein Ausfall",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let _ = stop.send(true);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_owed_is_asked_for_while_the_next_chain_has_not_begun() {
    let (world, provider, stop) = running().await;
    let mut office = world.office().await;
    provider.set_gone(true);
    rename(&mut office, "NEU-1").await;
    let view = office.get("/rksv").await.expect_ok();
    assert_eq!(view["registers"][0]["state"], json!("not_started"));
    assert_eq!(past(&view)[0]["closing_to_tell"], json!(true));
    assert!(todos(&mut office).await.contains(&("rksv_closing_untold".to_owned(), 1)));
    let view = noted(&mut office, "closing_told", Some("LADEN-1")).await;
    assert_eq!(past(&view)[0]["closing_to_tell"], json!(false));
    provider.set_gone(false);
    let view = until(&mut office, |till| till["state"] == "running").await;
    let owed = &past(&view)[0];
    assert_eq!((&owed["closing_to_tell"], &owed["save_due"]), (&json!(false), &json!(true)));
    let _ = stop.send(true);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_or_enters_a_secret_stands_in_the_journal_and_the_secret_does_not() {
    let (world, _provider, stop) = running().await;
    let mut office = world.office().await;
    let key = office.get("/rksv/1/key").await.expect_ok()["key"].clone();
    assert!(office.get("/rksv/1/keys.json").await.status.is_success());
    office.post("/rksv/1/key", &json!({"key": key})).await.expect_ok();
    let read = |store: &mut store::Store| store.journal(1, 100_000).expect("read");
    let rows = world.app.engine().with_store(read).await.expect("running");
    let told = rows.iter().filter_map(|row| {
        let entry: Value = serde_json::from_str(&row.bytes).expect("an entry");
        let secret = entry["body"]["secret"].clone();
        (entry["kind"] == "rksv_told" && !secret.is_null())
            .then_some((entry["person"].clone(), secret))
    });
    let said = |done: &str| (json!(1), json!({"done": done, "register": "LADEN-1"}));
    let expected = [
        (json!(1), json!({"done": "password_entered", "device": 1})),
        said("key_shown"),
        said("keys_handed_out"),
        said("key_entered"),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    let _ = stop.send(true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_ends_is_said_ahead_in_the_office_and_as_something_to_do() {
    let (world, _provider, stop) = running().await;
    let mut office = world.office().await;
    let device = office.get("/rksv").await.expect_ok()["devices"][0].clone();
    assert_eq!(device["warnings"], json!([]));
    let ends: jiff::Timestamp =
        device["valid_until"].as_str().expect("it ends").parse().expect("a time");
    let sixty = jiff::SignedDuration::from_hours(60 * 24);
    world.clock.set_wall(ends.saturating_sub(sixty).expect("in range"));
    let mut office = world.office().await;
    let device = office.get("/rksv").await.expect_ok()["devices"][0].clone();
    let warning = &device["warnings"][0];
    assert_eq!(
        (&warning["what"], &warning["days"], &warning["urgent"]),
        (&json!("certificate"), &json!(60), &json!(false))
    );
    assert!(todos(&mut office).await.contains(&("rksv_device_ending".to_owned(), 1)));
    let _ = stop.send(true);
}
