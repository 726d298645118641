//! Scanners that are no keyboards: read by the program, sold by the page of their till.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::Method;
use devices::simulator::scanner::{Scanner, ScannerFaults};
use serde_json::{Value, json};
use shop::scanners::runner::{Pace, run_at};
use tokio::sync::watch;
use tokio_stream::StreamExt;

use crate::http_world::{Browser, CASHIER_PIN, World, id};

const PACE: Pace = Pace {
    look: Duration::from_millis(20),
    patience: Duration::from_secs(10),
    pause: Duration::from_millis(50),
};

/// A till's event stream, one event after another.
struct Events {
    stream: BodyDataStream,
    text: String,
}

impl Events {
    async fn of(browser: &mut Browser, till: u16) -> Self {
        let path = format!("/api/v1/tills/{till}/events");
        let request = browser.request(Method::GET, &path).body(Body::empty()).unwrap();
        let (status, _, body) = browser.begin(request).await;
        assert_eq!(status.as_u16(), 200);
        Events { stream: body.into_data_stream(), text: String::new() }
    }

    /// The next event of a kind that fits; others are passed over.
    async fn until(&mut self, kind: &str, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let named = event.contains(&format!("event: {kind}"));
                let data = event.lines().find_map(|line| line.strip_prefix("data: "));
                let data: Option<Value> = data.map(|data| serde_json::from_str(data).unwrap());
                self.text = rest.to_owned();
                if let Some(data) = data.filter(|data| named && fits(data)) {
                    return data;
                }
            }
            let more = self.stream.next().await.expect("an open stream").expect("a piece");
            self.text.push_str(std::str::from_utf8(&more).unwrap());
        }
    }

    async fn scan(&mut self) -> Value {
        self.until("scan", |_| true).await
    }

    async fn lamp(&mut self, state: &str) {
        let shows = |view: &Value| {
            let lamps = view["lamps"].as_array().unwrap();
            lamps.iter().any(|lamp| lamp["kind"] == "scanner" && lamp["state"] == state)
        };
        self.until("view", shows).await;
    }
}

/// The settings with a scanner at a till.
async fn connect(world: &World, at: &str, device: Value) {
    let mut office = world.office().await;
    let mut settings = office.get("/settings").await.expect_ok();
    settings.as_object_mut().unwrap().remove("revision");
    settings["peripherals"] = json!([{"at": at, "name": "Handscanner", "device": device}]);
    settings["tills"][0]["scanners"] = json!([at]);
    let put = json!({"id": id(), "type": "configure", "settings": settings});
    office.post("/shop/commands", &put).await.expect_ok();
}

#[tokio::test]
async fn a_scan_at_the_cable_reaches_the_pages_of_its_till_and_sells_once() {
    let world = World::shop().await;
    let scanner = Scanner::start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let line = json!({"kind": "scanner", "way": "line"});
    connect(&world, &scanner.address().to_string(), line).await;
    let (stop, stopped) = watch::channel(false);
    let engine = world.app.engine().clone();
    let runner = tokio::spawn(run_at(engine, world.clock.clone(), stopped, PACE));

    let mut till = world.till(3, CASHIER_PIN).await;
    let mut page = Events::of(&mut till, 1).await;
    let mut other = Events::of(&mut till, 1).await;
    page.lamp("ok").await;
    let float = json!({"amount": 0, "currency": "EUR"});
    till.command(json!({"type": "open_day", "float": float})).await.expect_ok();

    scanner.scan("4006381333931");
    let (one, two) = (page.scan().await, other.scan().await);
    assert_eq!(one, two, "both pages hear the same, with the same id");
    assert_eq!((&one["code"], &one["card_data"]), (&json!("4006381333931"), &json!(false)));
    let sell = json!({"type": "scan", "code": one["code"], "id": one["id"]});
    for _ in 0..2 {
        till.post("/tills/1/commands", &sell).await.expect_ok();
    }
    let sold = page.until("view", |view| !view["basket"].is_null()).await;
    assert_eq!(sold["basket"]["lines"][0]["quantity"], 1_000, "two pages sell it once");

    // Without an end, through noise, and slowly.
    scanner.set(ScannerFaults { noise: true, no_end: true, ..ScannerFaults::default() });
    scanner.scan("]E096385074");
    assert_eq!(page.scan().await["code"], "]E096385074");

    // What a card's stripe says goes no further than here.
    scanner.set(ScannerFaults::default());
    scanner.scan(";4111111111111111=25121010000000000?");
    let card = page.scan().await;
    assert_eq!((&card["code"], &card["card_data"]), (&json!(""), &json!(true)));

    // Unplugged: the lamp says so. Back again: nobody has to do anything.
    scanner.set(ScannerFaults { gone: true, ..ScannerFaults::default() });
    page.lamp("bad").await;
    scanner.set(ScannerFaults::default());
    page.lamp("ok").await;
    while scanner.listeners() == 0 {
        tokio::task::yield_now().await;
    }
    scanner.scan("4006381333931");
    assert_eq!(page.scan().await["code"], "4006381333931");
    stop.send(true).unwrap();
    runner.await.unwrap();
}

#[tokio::test]
async fn a_scanner_that_is_not_there_stops_no_sale() {
    let world = World::shop().await;
    connect(&world, "/dev/hidraw9999", json!({"kind": "scanner", "way": "hid_pos"})).await;
    let (stop, stopped) = watch::channel(false);
    let engine = world.app.engine().clone();
    let runner = tokio::spawn(run_at(engine, world.clock.clone(), stopped, PACE));
    let mut till = world.till(3, CASHIER_PIN).await;
    let mut page = Events::of(&mut till, 1).await;
    page.lamp("bad").await;
    let float = json!({"amount": 0, "currency": "EUR"});
    till.command(json!({"type": "open_day", "float": float})).await.expect_ok();
    till.command(json!({"type": "scan", "code": "4006381333931"})).await.expect_ok();
    till.command(json!({"type": "pay_cash"})).await.expect_ok();
    stop.send(true).unwrap();
    runner.await.unwrap();
}

#[tokio::test]
async fn codes_are_explained_and_lists_of_recalls_are_read() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let mut means = async |code: &str| office.get(&format!("/codes?code={code}")).await.expect_ok();
    let juice = means("%5Dd201040063813339311526110110L7").await;
    assert_eq!((&juice["batch"], &juice["best_before"]), (&json!("L7"), &json!("2026-11-01")));
    assert!(juice["item"].is_number() && juice["code"] == "4006381333931", "{juice}");
    assert_eq!(means("4006381333932").await["unreadable"], "scan_check_digit");
    assert_eq!(means("R1-99").await["receipt"], Value::Null);
    assert_eq!(
        means("https%3A%2F%2Fevil.example%2F01%2F04006381333931").await["item"],
        juice["item"]
    );
    let list = "EAN;Charge;Grund;Datum\n4006381333931;L7;Glas;20.11.2026\n4006381333932;L8;Glas;20.11.2026\n";
    let read = office.post_text("/recalls/read", list).await.expect_ok();
    assert_eq!(read["problems"], json!([{"line": 3, "problem": "goods"}]));
    assert_eq!(office.get("/recalls").await.expect_ok(), json!([]), "read is not entered");
    let enter = json!({"type": "recall_batches", "recalls": read["recalls"], "id": id()});
    office.post("/shop/commands", &enter).await.expect_ok();
    let rows = office.get("/recalls").await.expect_ok();
    assert_eq!(rows[0]["recall"]["batch"], "L7");
    assert!(rows[0]["name"].is_string());
    let mut till = world.till(3, CASHIER_PIN).await;
    let float = json!({"amount": 0, "currency": "EUR"});
    till.command(json!({"type": "open_day", "float": float})).await.expect_ok();
    let scan = json!({"type": "scan", "code": "]d2010400638133393110L7"});
    till.command(scan).await.expect(422, "recalled");
}
