//! Austria over HTTP: a device at the provider, its password, keys that are lost and found, the export.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use fiscal::at::verify::{Known, verify};
use fiscal::at::{AesKey, dep};
use serde_json::{Value, json};
use shop::rksv::runner::{Pace, run_at};
use signing::at::Secret;
use signing::simulator::atrust::{Setup, Simulator};
use tokio::sync::watch;

use crate::http_world::{Browser, MANAGER_PIN, World, id};

const PACE: Pace = Pace {
    answer: Duration::from_secs(20),
    line: Duration::from_secs(40),
    look: Duration::from_millis(30),
};

pub(crate) fn provider() -> Simulator {
    Simulator::start(Setup {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        seed: [9; 32],
        now: "2026-11-23T09:00:00Z".parse().expect("a time"),
        user: "u123456789".to_owned(),
        secret: Secret("geheim-4711".to_owned()),
    })
    .expect("started")
}

/// Moves the shop to Austria, its till signed at the provider.
pub(crate) async fn configure(office: &mut Browser, provider: &Simulator) {
    let mut settings = office.get("/settings").await.expect_ok();
    let base = settings.as_object_mut().expect("an object").remove("revision");
    settings["country"] = json!("AT");
    settings["time_zone"] = json!("Europe/Vienna");
    settings["vat_id"] = json!("ATU12345678");
    settings["rates"] = json!([
        {"key": 1, "rate": 2_000, "from": "2016-01-01T00:00:00"},
        {"key": 2, "rate": 1_000, "from": "2016-01-01T00:00:00"},
        {"key": 5, "rate": 0, "from": "2016-01-01T00:00:00"},
    ]);
    settings["rksv"] = json!({"prefix": "LADEN", "devices": [
        {"id": 1, "name": "A-Trust", "kind": "atrust_hsm", "user": "u123456789",
         "address": provider.way(Duration::from_secs(5)).base},
    ]});
    let body = json!({"id": id(), "type": "configure", "settings": settings, "base": base});
    office.post("/shop/commands", &body).await.expect_ok();
}

pub(crate) fn run(world: &World) -> watch::Sender<bool> {
    let (stop, stopped) = watch::channel(false);
    let clock = Arc::clone(&world.clock);
    tokio::spawn(run_at(world.app.engine().clone(), clock, stopped, PACE));
    stop
}

/// Waits until the till is so.
pub(crate) async fn until(office: &mut Browser, so: impl Fn(&Value) -> bool) -> Value {
    let wait = async {
        loop {
            let view = office.get("/rksv").await.expect_ok();
            if so(&view["registers"][0]) {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("in time")
}

pub(crate) async fn sell(till: &mut Browser) {
    let scan = json!({"id": id(), "type": "scan", "code": "4006381333931"});
    till.post("/tills/1/commands", &scan).await.expect_ok();
    let pay = json!({"id": id(), "type": "pay_cash"});
    till.post("/tills/1/commands", &pay).await.expect_ok();
}

/// Who saw the key and who entered it and the password stands where changes are looked for, in both languages.
async fn told_among_the_changes(office: &mut Browser) {
    for (language, seen, entered, words) in [
        (
            "de",
            "angesehen",
            "eingetragen",
            ["Kasse in FinanzOnline LADEN-1", "Signaturerstellungseinheit 1"],
        ),
        ("en", "looked at", "entered", ["Till at FinanzOnline LADEN-1", "Signature device 1"]),
    ] {
        let asked = format!("/audit/changes?kind=settings&language={language}");
        let page = office.get(&asked).await.expect_ok();
        let rows = page["changes"].as_array().expect("rows");
        let units = rows.iter().filter(|row| row["kind"] == "unit");
        let told: Vec<(&str, &str)> = units
            .filter_map(|row| Some((row["what"].as_str()?, row["fields"][0]["to"].as_str()?)))
            .collect();
        // Newest first; at the set-up a wrong password was entered and then the right one.
        let [till, device] = words.map(|of| (of, entered));
        assert_eq!(told, [device, till, (till.0, seen), device, device]);
        assert_eq!(rows[0]["person_name"], "Ada");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_providers_device_signs_once_it_has_its_password_and_a_lost_key_is_typed_in_again() {
    let (world, provider) = (World::shop().await, provider());
    let mut office = world.office().await;
    assert_eq!(office.get("/rksv").await.expect_ok(), json!({"registers": [], "devices": []}));
    office.get("/rksv/1/key").await.expect(422, "rksv_not_set");
    configure(&mut office, &provider).await;
    let stop = run(&world);
    let view = office.get("/rksv").await.expect_ok();
    assert_eq!(view["devices"][0]["needs_password"], json!(true));
    assert_eq!(view["registers"][0]["state"], json!("not_started"));
    assert_eq!(view["registers"][0]["cash_register"], json!("LADEN-1"));
    // A wrong one is taken in, and the provider says no; the right one works by itself.
    for password in ["falsch", "geheim-4711"] {
        let path = "/rksv/devices/1/password";
        let view = office.post(path, &json!({ "password": password })).await.expect_ok();
        assert_eq!(view["devices"][0]["needs_password"], json!(false));
    }
    office
        .post("/rksv/devices/2/password", &json!({"password": "x"}))
        .await
        .expect(404, "not_found");
    let view = until(&mut office, |till| till["state"] == "running").await;
    assert_eq!(view["devices"][0]["provider"], json!("AT1"));
    assert_eq!(view["devices"][0]["certified"], json!(false), "a simulator is none");
    assert_eq!(view["registers"][0]["start_to_check"], json!(true));

    let mut till = world.till(1, MANAGER_PIN).await;
    let open = json!({"id": id(), "type": "open_day", "float": {"amount": 0, "currency": "EUR"}});
    till.post("/tills/1/commands", &open).await.expect_ok();
    sell(&mut till).await;
    until(&mut office, |till| till["codes"] == 2).await;
    let kept = office.get("/rksv/1/key").await.expect_ok();
    let key = kept["key"].as_str().expect("a key").to_owned();
    assert_eq!(kept["check"], json!(AesKey::from_base64(&key).expect("a key").check()));

    // The machine is another one: what is sealed does not open there.
    let beside = std::fs::read_dir(world.app.engine().path().parent().expect("a folder"));
    let sealing = beside.expect("read").filter_map(Result::ok).map(|entry| entry.path());
    let mut sealing = sealing.filter(|path| path.to_string_lossy().ends_with(".terminal-key"));
    std::fs::remove_file(sealing.next().expect("the key's file")).expect("gone");
    sell(&mut till).await;
    let view = until(&mut office, |till| till["state"] == "no_code").await;
    assert_eq!(view["registers"][0]["key"], json!("lost"));
    assert_eq!(view["registers"][0]["not_signed"], json!("key_lost"));
    assert_eq!(view["devices"][0]["needs_password"], json!(true));
    let paper = office.get("/receipts/1/2/text").await.text;
    assert!(paper.contains("Kein Code nach RKSV"), "{paper}");
    // The record is asked for, not the counter: it is handed out, and says what nobody checked.
    let export = office.get("/record/dep7.json?till=1").await;
    let name = export.headers["content-disposition"].to_str().expect("a name").to_owned();
    assert!(name.contains("dep7-LADEN-1-TEST-ZAEHLER-UNGEPRUEFT.json"), "{name}");
    assert_eq!(
        dep::Dep::read(export.text.as_bytes()).expect("an export").groups[0].receipts.len(),
        2
    );
    office.get("/rksv/1/keys.json").await.expect(422, "rksv_no_key");
    let set = |key: &str| json!({ "key": key });
    office.post("/rksv/1/key", &set("kurz")).await.expect(422, "rksv_bad_key");
    let other = AesKey::new([1; 32]).to_base64();
    office.post("/rksv/1/key", &set(&other)).await.expect(422, "rksv_other_key");
    office.post("/rksv/1/key", &set(&key)).await.expect_ok();
    let password = json!({"password": "geheim-4711"});
    office.post("/rksv/devices/1/password", &password).await.expect_ok();
    told_among_the_changes(&mut office).await;
    sell(&mut till).await;
    let view = until(&mut office, |till| till["codes"] == 3).await;
    assert_eq!(view["registers"][0]["state"], json!("running"));

    // The provider is gone: the receipt says so in the law's own words.
    provider.set_gone(true);
    sell(&mut till).await;
    let view = until(&mut office, |till| till["state"] == "outage").await;
    assert_eq!(view["registers"][0]["outage_to_tell"], json!(false), "not for two days");
    assert_eq!(view["devices"][0]["trouble"], json!("no_answer"));
    let paper = office.get("/receipts/1/4/text").await.text;
    assert!(paper.contains("Sicherheitseinrichtung ausgefallen"), "{paper}");
    world.clock.advance(Duration::from_secs(48 * 3_600));
    let mut office = world.office().await;
    let view = office.get("/rksv").await.expect_ok();
    assert_eq!(view["registers"][0]["outage_to_tell"], json!(true));
    let told = json!({"id": id(), "type": "note_rksv", "till": 1, "what": "outage_told"});
    office.post("/shop/commands", &told).await.expect_ok();
    let view = office.get("/rksv").await.expect_ok();
    assert_eq!(view["registers"][0]["outage_to_tell"], json!(false));
    provider.set_gone(false);
    let view = until(&mut office, |till| till["state"] == "running").await;
    assert_eq!(view["devices"][0]["trouble"], json!(null));

    // What is handed out verifies with the keys that are handed out beside it.
    let export = office.get("/record/dep7.json?till=1").await;
    let keys = office.get("/rksv/1/keys.json").await.text;
    let (counter, units) = dep::read_key_file(keys.as_bytes()).expect("keys");
    let report =
        verify(export.text.as_bytes(), Some(&counter), Known::Named(&units)).expect("it holds");
    assert_eq!((report.receipts, report.unsigned, report.turnover), (5, 1, 3 * 249));
    let filed =
        verify(export.text.as_bytes(), Some(&counter), Known::AsFiled).expect("it fits itself");
    assert_eq!(filed, report);
    office.get("/record/dep7.json?till=1&register=X").await.expect(422, "rksv_nothing");

    // Neither password nor key is in the journal or in an answer that is not asked for it.
    let read = |store: &mut store::Store| store.journal(1, 100_000).expect("read");
    let rows = world.app.engine().with_store(read).await.expect("running");
    let view = office.get("/rksv").await.text;
    for secret in ["geheim-4711", key.as_str()] {
        assert!(rows.iter().all(|row| !row.bytes.contains(secret)));
        assert!(!view.contains(secret));
    }
    let rows = office.get("/rksv/1/receipts").await.expect_ok();
    let kinds: Vec<&Value> =
        rows.as_array().expect("a list").iter().map(|row| &row["kind"]).collect();
    assert_eq!(kinds, [&json!("after_outage"), &json!("start")]);
    let page = office.get("/rksv/1/receipts/1/html").await.text;
    assert!(
        page.contains("Startbeleg") && page.contains("LADEN-1") && page.contains("<svg"),
        "{page}"
    );
    office.get("/rksv/1/receipts/2/html").await.expect(404, "not_found");
    let _ = stop.send(true);
}

/// An auditor whom the office has let in.
pub(crate) async fn auditor(world: &World, office: &mut Browser) -> Browser {
    let asked = json!({"office": "Finanzamt Österreich, GZ 17/2026", "minutes": 60});
    let opened = office.post("/audits", &asked).await.expect_ok();
    let mut auditor = world.browser();
    auditor.post("/audits/enter", &json!({"code": opened["code"]})).await.expect_ok();
    auditor
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_in_austria_sees_chains_and_outages_and_takes_the_export_along() {
    let (world, provider) = (World::shop().await, provider());
    let mut office = world.office().await;
    configure(&mut office, &provider).await;
    let stop = run(&world);
    let path = "/rksv/devices/1/password";
    office.post(path, &json!({"password": "geheim-4711"})).await.expect_ok();
    until(&mut office, |till| till["state"] == "running").await;
    let mut till = world.till(1, MANAGER_PIN).await;
    let open = json!({"id": id(), "type": "open_day", "float": {"amount": 0, "currency": "EUR"}});
    till.post("/tills/1/commands", &open).await.expect_ok();
    sell(&mut till).await;
    until(&mut office, |till| till["codes"] == 2).await;
    // The provider takes the password no more: an outage, that heals once it is right again.
    office.post(path, &json!({"password": "falsch"})).await.expect_ok();
    sell(&mut till).await;
    until(&mut office, |till| till["state"] == "outage").await;
    office.post(path, &json!({"password": "geheim-4711"})).await.expect_ok();
    until(&mut office, |till| till["state"] == "running" && till["codes"] == 4).await;

    let mut auditor = auditor(&world, &mut office).await;
    let view = auditor.get("/audit").await.expect_ok();
    let offered = json!({"dsfinvk": false, "units": false, "notification": false, "chains": true, "datev": false});
    assert_eq!(view["offered"], offered);
    assert_eq!(office.get("/record").await.expect_ok()["offered"], offered);
    let chain = &view["chains"][0];
    assert_eq!(chain["register"]["cash_register"], json!("LADEN-1"));
    assert_eq!(
        (chain["register"]["state"].as_str(), chain["register"]["codes"].as_u64()),
        (Some("running"), Some(4))
    );
    assert_eq!(chain["register"]["check"], Value::Null, "nothing of the key");
    let kinds: Vec<&str> = chain["last"]
        .as_array()
        .expect("codes")
        .iter()
        .filter_map(|code| code["kind"].as_str())
        .collect();
    assert_eq!(kinds, ["after_outage", "standard", "standard", "start"]);
    let signed: Vec<bool> = chain["last"]
        .as_array()
        .expect("codes")
        .iter()
        .filter_map(|code| code["signed"].as_bool())
        .collect();
    assert_eq!(signed, [true, false, true, true]);
    let outages = chain["outages"].as_array().expect("outages");
    assert_eq!((outages.len(), outages[0]["codes"].as_u64()), (1, Some(1)));
    assert_eq!(outages[0]["why"], json!("credentials"));
    assert!(outages[0]["until"].is_string(), "it is over: {}", outages[0]);
    assert_eq!(view["devices"][0]["provider"], json!("AT1"));
    let named = chain["last"][0]["device"].as_str().expect("a device");
    assert_eq!(named.strip_prefix("AT1/"), view["devices"][0]["certificate"].as_str());
    assert_eq!(view["tills"][0]["serial"], json!("LADEN-1"));

    let reply = auditor.get("/audit/dep7.json?till=1").await;
    assert!(reply.status.is_success(), "{}", reply.text);
    let export = dep::Dep::read(reply.text.as_bytes()).expect("an export");
    assert_eq!(export.groups.iter().map(|group| group.receipts.len()).sum::<usize>(), 4);
    let page = auditor.get("/audit/rksv/1/receipts/4/html").await;
    assert!(page.status.is_success() && page.text.contains("Sammelbeleg"), "{}", page.text);
    // What is Germany's alone is not there.
    auditor
        .get("/audit/dsfinvk.zip?from=2026-01-01&to=2026-12-31")
        .await
        .expect(422, "not_in_country");
    for paper in ["notification.html", "notification.pdf", "notification.xml"] {
        auditor.get(&format!("/audit/{paper}")).await.expect(422, "not_in_country");
    }
    assert!(auditor.get("/audit/procedures.html").await.status.is_success());
    // The keys stay in the office.
    for path in ["/rksv", "/rksv/1/key", "/rksv/1/keys.json", "/record/dep7.json?till=1"] {
        auditor.get(path).await.expect(403, "not_permitted");
    }
    let looks = office.get("/audits").await.expect_ok()[0]["looks"].clone();
    let looks: Vec<&str> =
        looks.as_array().expect("looks").iter().filter_map(|l| l["what"].as_str()).collect();
    assert_eq!(looks[..3], ["", "dep7.json?till=1", "rksv/1/receipts/4/html"]);
    let _ = stop.send(true);
}

#[tokio::test]
async fn an_auditor_in_switzerland_gets_journal_receipts_and_documents() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let mut settings = office.get("/settings").await.expect_ok();
    let base = settings.as_object_mut().expect("an object").remove("revision");
    settings["country"] = json!("CH");
    settings["time_zone"] = json!("Europe/Zurich");
    let body = json!({"id": id(), "type": "configure", "settings": settings, "base": base});
    office.post("/shop/commands", &body).await.expect_ok();
    let mut auditor = auditor(&world, &mut office).await;
    let view = auditor.get("/audit").await.expect_ok();
    let offered = json!({"dsfinvk": false, "units": false, "notification": false, "chains": false, "datev": false});
    assert_eq!(view["offered"], offered);
    assert_eq!((view["chains"].clone(), view["devices"].clone()), (json!([]), json!([])));
    auditor
        .get("/audit/dsfinvk.zip?from=2026-01-01&to=2026-12-31")
        .await
        .expect(422, "not_in_country");
    auditor.get("/audit/dep7.json?till=1").await.expect(422, "rksv_not_set");
    auditor.get("/audit/notification.html").await.expect(422, "not_in_country");
    let page = auditor.get("/audit/procedures.html").await.text;
    for unsaid in ["TSE", "DSFinV-K", "146a", "RKSV", "KassenSichV §"] {
        assert!(!page.contains(unsaid), "{unsaid}: {page}");
    }
    for path in ["/audit/receipts", "/audit/days", "/audit/changes", "/audit/procedures.html"] {
        assert!(auditor.get(path).await.status.is_success(), "{path}");
    }
}
