//! Signing units in the office: their secrets, setting them up, and what is said of them ahead.

use std::sync::Arc;

use serde_json::{Value, json};
use shop::clock::Clock as _;
use signing::{epson, fiskaly, simulator};

use crate::http_world::{Browser, World, id};

const TSS: &str = "3a8f0c2e-1111-4222-8333-444455556666";

fn cloud(world: &World, folder: &tempfile::TempDir) -> simulator::fiskaly::Simulator {
    let clock = Arc::clone(&world.clock);
    simulator::fiskaly::Simulator::start(simulator::fiskaly::Setup {
        listen: "127.0.0.1:0".parse().expect("an address"),
        memory: folder.path().join("cloud.tse"),
        seed: [3; 32],
        clock: Arc::new(move || clock.now()),
        tss: TSS.parse().expect("a UUID"),
        secret: fiskaly::Secret {
            api_key: "the_api_key".to_owned(),
            api_secret: "the_api_secret".to_owned(),
            admin_pin: None,
        },
        new: true,
    })
    .expect("started")
}

fn printer(world: &World, folder: &tempfile::TempDir) -> simulator::epson::Simulator {
    let clock = Arc::clone(&world.clock);
    simulator::epson::Simulator::start(simulator::epson::Setup {
        listen: "127.0.0.1:0".parse().expect("an address"),
        memory: folder.path().join("printer.tse"),
        seed: [4; 32],
        clock: Arc::new(move || clock.now()),
        secret: epson::Secret {
            shared: "EPSONKEY".to_owned(),
            admin_pin: String::new(),
            time_admin_pin: String::new(),
        },
        new: true,
    })
    .expect("started")
}

async fn configure(office: &mut Browser, units: Value) {
    let mut settings = office.get("/settings").await.expect_ok();
    let base = settings.as_object_mut().expect("an object").remove("revision");
    settings["signing"] = json!({"serial": "TR", "units": units});
    let command = json!({"id": id(), "type": "configure", "settings": settings, "base": base});
    office.post("/shop/commands", &command).await.expect_ok();
}

/// What became of it, when it is over.
async fn served(office: &mut Browser, unit: u16) -> Value {
    for _ in 0..6_000 {
        let view = office.get(&format!("/signing/units/{unit}/service")).await.expect_ok();
        if view["state"] != "running" {
            return view;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it does not end");
}

fn steps(view: &Value) -> Vec<&str> {
    view["steps"].as_array().expect("steps").iter().map(|s| s["code"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_of_fiskalys_is_told_its_secret_and_set_up_from_nothing() {
    let world = World::shop().await;
    let folder = tempfile::tempdir().expect("a folder");
    let cloud = cloud(&world, &folder);
    let mut office = world.office().await;
    let address = format!("http://{}/api/v2", cloud.address());
    let kind = json!({"fiskaly": {"address": address, "tss": TSS}});
    configure(&mut office, json!([{"id": 1, "name": "Cloud", "kind": kind}])).await;
    let rows = office.get("/signing/units").await.expect_ok();
    assert_eq!(
        (&rows[0]["needs_secret"], &rows[0]["simulator"], &rows[0]["kind"]),
        (&json!(true), &json!(true), &kind)
    );
    // Nothing was done yet, and without a secret nothing can be.
    assert_eq!(office.get("/signing/units/1/service").await.expect_ok(), Value::Null);
    office.post("/signing/units/1/service", &json!({"what": "set_up"})).await.expect_ok();
    let view = served(&mut office, 1).await;
    assert_eq!((&view["state"], &view["fault"]), (&json!("failed"), &json!("no_secret")));

    let secret = |key: &str, pin: Value| json!({"kind": "fiskaly", "api_key": key, "api_secret": "the_api_secret", "admin_pin": pin});
    for wrong in [
        secret("", json!("my_own_pin")),
        secret("with blanks", json!("my_own_pin")),
        secret("the_api_key", json!("12345")),
        json!({"kind": "epson", "shared": "a", "admin_pin": "b", "time_admin_pin": "c"}),
    ] {
        let refused = office.post("/signing/units/1/secret", &wrong).await;
        refused.expect(422, "bad_unit_secret");
    }
    let right = secret("the_api_key", json!("my_own_pin"));
    world.browser().post("/signing/units/1/secret", &right).await.expect(401, "not_signed_in");
    office.post("/signing/units/2/secret", &right).await.expect(404, "unknown_unit");
    let told = office.post("/signing/units/1/secret", &right).await;
    let hidden = ["the_api_key", "the_api_secret", "my_own_pin", simulator::fiskaly::PUK];
    assert!(hidden.iter().all(|text| !told.text.contains(text)), "{}", told.text);
    assert_eq!(told.expect_ok()[0]["needs_secret"], json!(false));

    office.post("/signing/units/1/service", &json!({"what": "set_up"})).await.expect_ok();
    let view = served(&mut office, 1).await;
    assert_eq!(view["state"], "done", "{view}");
    let all = [
        "connect",
        "create",
        "personalise",
        "admin_pin",
        "initialise",
        "self_test",
        "clients",
        "look",
    ];
    assert_eq!(steps(&view), all);
    assert_eq!(view["puk"], simulator::fiskaly::PUK);
    let again = served(&mut office, 1).await;
    assert_eq!(again["puk"], simulator::fiskaly::PUK, "the first answer may have been lost");
    assert_eq!(view["clients"], json!([{"serial": "TR-1", "till": 1}]));
    // The PUK is kept: whoever forgot the PIN tells another one, and it is set.
    let other = secret("the_api_key", json!("another_pin"));
    office.post("/signing/units/1/secret", &other).await.expect_ok();
    office.post("/signing/units/1/service", &json!({"what": "set_up"})).await.expect_ok();
    let view = served(&mut office, 1).await;
    assert_eq!((&view["state"], &view["puk"]), (&json!("done"), &Value::Null));
    office.post("/signing/units/1/service", &json!({"what": "check"})).await.expect_ok();
    let view = served(&mut office, 1).await;
    assert_eq!((&view["state"], steps(&view)), (&json!("done"), vec!["self_test", "look"]));
    let rows = office.get("/signing/units").await.expect_ok();
    assert_eq!(rows[0]["usage"]["clients"], json!({"used": 1, "most": 199}));

    // A till that is there stays; one that is not may go.
    let go = |client: &str| json!({"what": "deregister", "client": client});
    office
        .post("/signing/units/1/service", &json!({"what": "deregister"}))
        .await
        .expect(422, "bad_field");
    office.post("/signing/units/1/service", &go("TR-1")).await.expect_ok();
    assert_eq!(served(&mut office, 1).await["fault"], "client_in_use");
    office.post("/signing/units/1/service", &go("TR-9")).await.expect_ok();
    assert_eq!(served(&mut office, 1).await["state"], "done");

    // Who had it do what is in the journal and in the history of changes, in both languages.
    let done: Vec<String> = {
        let reader = store::Reader::open(world.app.engine().path()).expect("the file");
        let rows = reader.journal(1, 10_000).expect("read");
        let entries = rows.iter().map(|row| journal::decode(&row.bytes).expect("an entry"));
        let done = entries.filter_map(|(meta, event)| match event {
            domain::Event::SigningUnitServiced(done) => {
                assert!(meta.person.is_some());
                Some(format!("{:?}", done.what))
            }
            _ => None,
        });
        done.collect()
    };
    let all = ["SetUp", "Secret", "SetUp", "Secret", "SetUp", "Check", "Deregister", "Deregister"];
    assert_eq!(done, all);
    for (language, words) in [("de", "Einrichtung begonnen"), ("en", "set-up begun")] {
        let told = office.get(&format!("/audit/changes?language={language}")).await.text;
        assert!(told.contains(words), "{told}");
    }

    // In no settings, no journal, no file in clear.
    let settings = office.get("/settings").await.text;
    let reader = store::Reader::open(world.app.engine().path()).expect("the file");
    let journal: String =
        reader.journal(1, 10_000).unwrap().into_iter().map(|row| row.bytes).collect();
    let file = std::fs::read(world.app.engine().path()).expect("the file");
    for text in hidden.iter().chain(&["another_pin"]) {
        assert!(!settings.contains(text) && !journal.contains(text), "{text}");
        assert!(!file.windows(text.len()).any(|part| part == text.as_bytes()), "{text}");
    }
    // Who is told of another address knows nothing.
    let moved = json!({"fiskaly": {"address": "https://example.org/api/v2", "tss": TSS}});
    configure(&mut office, json!([{"id": 1, "name": "Cloud", "kind": moved}])).await;
    assert_eq!(office.get("/signing/units").await.expect_ok()[0]["needs_secret"], json!(true));
    // Who is removed leaves nothing.
    configure(&mut office, json!([{"id": 2, "name": "Software", "kind": "software"}])).await;
    configure(&mut office, json!([{"id": 1, "name": "Cloud", "kind": kind}])).await;
    assert_eq!(office.get("/signing/units").await.expect_ok()[0]["needs_secret"], json!(true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn epsons_unit_is_set_up_and_its_end_is_said_ahead() {
    let world = World::shop().await;
    let folder = tempfile::tempdir().expect("a folder");
    let printer = printer(&world, &folder);
    let mut office = world.office().await;
    let address = printer.address().to_string();
    let kind = json!({"epson": {"address": address, "device": "local_TSE"}});
    configure(&mut office, json!([{"id": 1, "name": "Printer", "kind": kind}])).await;
    let secret = json!({"kind": "epson", "shared": "EPSONKEY", "admin_pin": "31415", "time_admin_pin": "27182"});
    office.post("/signing/units/1/secret", &secret).await.expect_ok();
    let set_up = |puk: Value| json!({"what": "set_up", "puk": puk});
    office.post("/signing/units/1/service", &set_up(Value::Null)).await.expect_ok();
    assert_eq!(served(&mut office, 1).await["fault"], "no_puk");
    office.post("/signing/units/1/service", &set_up(json!("123456"))).await.expect_ok();
    let view = served(&mut office, 1).await;
    assert_eq!(view["state"], "done", "{view}");
    assert_eq!(steps(&view), ["connect", "initialise", "self_test", "time", "clients", "look"]);
    let rows = office.get("/signing/units").await.expect_ok();
    assert_eq!((&rows[0]["warnings"], &rows[0]["certified"]), (&json!([]), &json!(false)));

    printer.fill(simulator::STORAGE / 100 * 85);
    office.post("/signing/units/1/service", &json!({"what": "check"})).await.expect_ok();
    served(&mut office, 1).await;
    let rows = office.get("/signing/units").await.expect_ok();
    let storage =
        json!([{"what": "storage", "urgent": false, "at": null, "days": null, "percent": 85}]);
    assert_eq!(rows[0]["warnings"], storage);
    // A cashier sees none of it.
    let mut till = world.till(3, crate::http_world::CASHIER_PIN).await;
    till.post("/signing/units/1/service", &set_up(Value::Null)).await.expect(403, "not_permitted");
    till.get("/signing/units/1/service").await.expect(403, "not_permitted");
    assert_eq!(office.get("/session").await.expect_ok()["practice"], json!(true));
    // The number of one that was ever known comes to mean no other, though the shop has it no more.
    let step = domain::signing::UnitStep::Reported(Box::new(domain::signing::UnitIdentity {
        serial: "ab".repeat(32),
        public_key: "BAEC".to_owned(),
        algorithm: "ecdsa-plain-SHA256".to_owned(),
        time_format: "unixTime".to_owned(),
        encoding: "UTF-8".to_owned(),
        certificates: Vec::new(),
        certified: false,
    }));
    let command = domain::ShopCommand::SigningUnit { unit: domain::UnitId(7), step };
    let id = shop::ids::own_command(world.clock.now());
    let said = world.app.engine().shop(id, shop::engine::Actor::default(), command);
    said.await.expect("said");
    assert_eq!(office.get("/signing/next-unit").await.expect_ok(), json!({"id": 8}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_press_of_a_button_shows_a_unit_a_secret_once_and_tills_follow_when_it_is_taken() {
    let world = World::shop().await;
    let folder = tempfile::tempdir().expect("a folder");
    let printer = printer(&world, &folder);
    let taken = |admin: &str| epson::Secret {
        shared: "EPSONKEY".to_owned(),
        admin_pin: admin.to_owned(),
        time_admin_pin: "27182".to_owned(),
    };
    let mut office = world.office().await;
    let kind = json!({"epson": {"address": printer.address().to_string(), "device": "local_TSE"}});
    configure(&mut office, json!([{"id": 1, "name": "Printer", "kind": kind}])).await;
    let secret = |admin: &str| json!({"kind": "epson", "shared": "EPSONKEY", "admin_pin": admin, "time_admin_pin": "27182"});
    office.post("/signing/units/1/secret", &secret("31415")).await.expect_ok();
    let set_up = json!({"what": "set_up", "puk": "123456"});
    office.post("/signing/units/1/service", &set_up).await.expect_ok();
    assert_eq!(served(&mut office, 1).await["state"], "done");
    office.post("/signing/units/1/secret", &secret("99999")).await.expect_ok();

    let engine = world.app.engine().clone();
    let events = async |is: fn(&domain::Event) -> bool| {
        let read = move |store: &mut store::Store| {
            let rows = store.journal(1, 10_000).expect("read");
            rows.iter().filter(|row| is(&journal::decode(&row.bytes).expect("an entry").1)).count()
        };
        engine.with_store(read).await.expect("running")
    };
    let until = async |count: usize, is: fn(&domain::Event) -> bool| {
        let wait = async {
            while events(is).await < count {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(60), wait).await.expect("it happened");
    };
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let look = std::time::Duration::from_millis(30);
    let pace = shop::sign::runner::Pace { look, ..shop::sign::runner::Pace::default() };
    let clock = Arc::clone(&world.clock);
    let runner = shop::sign::runner::run_at(engine.clone(), clock, stopped, pace);
    let runner = tokio::spawn(runner);
    until(1, |event| matches!(event, domain::Event::SigningOutage(_))).await;
    assert_eq!(printer.mistold(), 1);
    for (press, what) in (2..).zip(["set_up", "check", "set_up"]) {
        office.post("/signing/units/1/service", &json!({"what": what})).await.expect_ok();
        assert_eq!(served(&mut office, 1).await["fault"], "credentials");
        tokio::time::sleep(look * 5).await;
        assert_eq!(printer.mistold(), press, "{what}");
    }
    // Somebody sets the PIN at the device: the office looks, and the tills sign again.
    printer.takes(taken("99999"));
    office.post("/signing/units/1/service", &json!({"what": "check"})).await.expect_ok();
    assert_eq!(served(&mut office, 1).await["state"], "done");
    until(1, |event| matches!(event, domain::Event::SigningRestored(_))).await;
    let _ = stop.send(true);
    runner.await.expect("ends");
}

#[tokio::test]
async fn what_a_unit_signed_is_exported_by_days() {
    let world = World::shop().await;
    let mut office = world.office().await;
    configure(&mut office, json!([{"id": 1, "name": "Software", "kind": "software"}])).await;
    let settings = office.get("/settings").await.expect_ok();
    let set = settings["signing"]["units"][0].clone();
    let set: domain::signing::UnitSettings = serde_json::from_value(set).expect("a unit");
    let file = world.app.engine().path().to_owned();
    let noon = |day: &str| format!("{day}T11:00:00Z").parse::<jiff::Timestamp>().expect("a time");
    let unit = world.app.engine().units().of(&file, &set, noon("2026-12-01"));
    let unit = unit.expect("opened");
    unit.register("TR-9", noon("2026-12-01")).expect("registered");
    for day in ["2026-12-01", "2026-12-02", "2026-12-03"] {
        let began = unit.begin("TR-9", noon(day)).expect("began");
        unit.finish(("TR-9", began.number), ("SonstigerVorgang", day), noon(day)).expect("signed");
    }
    let signed =
        |text: &str| ["2026-12-01", "2026-12-02", "2026-12-03"].map(|day| text.contains(day) as u8);
    let at = "/signing/units/1/export.tar";
    let whole = office.get(at).await;
    assert_eq!(signed(&whole.text), [1, 1, 1]);
    let part = office.get(&format!("{at}?from=2026-12-02&to=2026-12-02")).await;
    assert_eq!(signed(&part.text), [0, 1, 0]);
    let name = part.headers["content-disposition"].to_str().expect("a name").to_owned();
    assert!(name.contains("tse-1-2026-12-02-2026-12-02-") && name.contains("-TEST.tar"), "{name}");
    assert_eq!(signed(&office.get(&format!("{at}?from=2026-12-03")).await.text), [0, 0, 1]);
    let turned = format!("{at}?from=2026-12-03&to=2026-12-01");
    office.get(&turned).await.expect(422, "bad_field");
    // Beside the running program, from its file alone.
    let target = file.with_file_name("export.tar");
    let days = (None, Some("2026-12-01".parse().expect("a date")));
    let now = noon("2026-12-04");
    let certified = shop::sign::archive_of((file.as_path(), set.id), days, (now, &target));
    assert!(!certified.expect("written"));
    let kept = std::fs::read(&target).expect("read");
    assert_eq!(signed(&String::from_utf8_lossy(&kept)), [1, 0, 0]);
    let none = shop::sign::archive_of((file.as_path(), domain::UnitId(7)), days, (now, &target));
    assert!(matches!(none, Err(shop::sign::NoArchive::Unknown(_))));
}

/// The export of a unit, all of it.
const EXPORT: &str = "/signing/units/1/export.tar";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_shows_a_unit_a_wrong_pin_once() {
    let world = World::shop().await;
    let folder = tempfile::tempdir().expect("a folder");
    let printer = printer(&world, &folder);
    let mut office = world.office().await;
    let kind = json!({"epson": {"address": printer.address().to_string(), "device": "local_TSE"}});
    configure(&mut office, json!([{"id": 1, "name": "Printer", "kind": kind}])).await;
    let secret = |admin: &str| json!({"kind": "epson", "shared": "EPSONKEY", "admin_pin": admin, "time_admin_pin": "27182"});
    office.post("/signing/units/1/secret", &secret("31415")).await.expect_ok();
    let set_up = json!({"what": "set_up", "puk": "123456"});
    office.post("/signing/units/1/service", &set_up).await.expect_ok();
    assert_eq!(served(&mut office, 1).await["state"], "done");
    office.post("/signing/units/1/secret", &secret("99999")).await.expect_ok();
    for _ in 0..3 {
        office.get(EXPORT).await.expect(404, "unit_shut");
        assert_eq!(printer.mistold(), 1);
    }
    office.post("/signing/units/1/secret", &secret("31415")).await.expect_ok();
    assert_eq!(office.get(EXPORT).await.status, 200);
    // A day on which there was no such unit.
    for days in ["to=2020-01-01", "from=2020-01-01&to=2020-01-02", "from=2099-01-01"] {
        office.get(&format!("{EXPORT}?{days}")).await.expect(404, "nothing_signed");
    }
    assert_eq!(printer.mistold(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_export_is_made_at_a_time_and_days_without_a_signature_have_none() {
    let world = World::shop().await;
    let folder = tempfile::tempdir().expect("a folder");
    let cloud = cloud(&world, &folder);
    let mut office = world.office().await;
    let address = format!("http://{}/api/v2", cloud.address());
    let kind = json!({"fiskaly": {"address": address, "tss": TSS}});
    configure(&mut office, json!([{"id": 1, "name": "Cloud", "kind": kind}])).await;
    let secret = json!({"kind": "fiskaly", "api_key": "the_api_key", "api_secret": "the_api_secret", "admin_pin": "my_own_pin"});
    office.post("/signing/units/1/secret", &secret).await.expect_ok();
    office.post("/signing/units/1/service", &json!({"what": "set_up"})).await.expect_ok();
    assert_eq!(served(&mut office, 1).await["state"], "done");
    let gate = cloud.exports();
    gate.hold(simulator::Hold::Made);
    let mut other = office.clone();
    let first = tokio::spawn(async move { other.get(EXPORT).await });
    let wait = async {
        while gate.held() != simulator::Hold::Made {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), wait).await.expect("it is made");
    office.get(EXPORT).await.expect(422, "export_running");
    let tables = "/record/dsfinvk.zip?from=2026-11-01&to=2026-11-30";
    office.get(tables).await.expect(422, "export_running");
    gate.hold(simulator::Hold::Nowhere);
    assert_eq!(first.await.expect("sent").status, 200);
    assert_eq!(office.get(EXPORT).await.status, 200);
    office.get(&format!("{EXPORT}?to=2020-01-01")).await.expect(404, "nothing_signed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_reads_an_export_slowly_keeps_nobody_from_the_next_one() {
    let world = World::shop().await;
    let mut office = world.office().await;
    configure(&mut office, json!([{"id": 1, "name": "Software", "kind": "software"}])).await;
    let settings = office.get("/settings").await.expect_ok();
    let set = settings["signing"]["units"][0].clone();
    let set: domain::signing::UnitSettings = serde_json::from_value(set).expect("a unit");
    let file = world.app.engine().path().to_owned();
    let now = world.clock.now();
    let unit = world.app.engine().units().of(&file, &set, now).expect("opened");
    unit.register("TR-1", now).expect("registered");
    let long = "x".repeat(40_000);
    for _ in 0..20 {
        let began = unit.begin("TR-1", now).expect("began");
        unit.finish(("TR-1", began.number), ("SonstigerVorgang", &long), now).expect("signed");
    }
    let asked = office.request(axum::http::Method::GET, &format!("/api/v1{EXPORT}"));
    let asked = asked.body(axum::body::Body::empty()).expect("a request");
    let (status, _, unread) = office.begin(asked).await;
    assert_eq!(status, 200);
    let whole = office.get(EXPORT).await;
    assert_eq!(whole.status, 200);
    assert!(whole.text.len() > 600_000, "more than is under way at a time");
    let beside = |file: &std::path::Path| {
        let entries = std::fs::read_dir(file.parent().expect("a folder")).expect("listed");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        names.filter(|name| name.to_string_lossy().starts_with("tresen-export-")).count()
    };
    assert!(beside(&file) > 0, "it is not made in memory");
    // Two more that nobody reads: as many as may be are under way.
    let mut held = vec![unread];
    let two_more = async {
        while held.len() < 3 {
            let asked = office.request(axum::http::Method::GET, &format!("/api/v1{EXPORT}"));
            let asked = asked.body(axum::body::Body::empty()).expect("a request");
            // The one that was read may not be off its place yet.
            match office.begin(asked).await {
                (status, _, body) if status == 200 => held.push(body),
                (status, ..) => assert_eq!(status, 422),
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), two_more).await.expect("two more");
    office.get(EXPORT).await.expect(422, "export_running");
    drop(held);
    let wait = async {
        while beside(&file) > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), wait).await.expect("it goes");
}

#[tokio::test]
async fn exports_that_a_crash_left_are_deleted_at_the_start() {
    let mut world = World::shop().await;
    let folder = world.app.engine().path().parent().expect("a folder").to_owned();
    let [left, other] = ["tresen-export-aB3xY9", "tresen-import"].map(|name| folder.join(name));
    for folder in [&left, &other] {
        std::fs::create_dir(folder).expect("made");
        std::fs::write(folder.join("export.tar"), "half of it").expect("written");
    }
    world.restart().await;
    assert!(!left.exists() && other.exists());
}
