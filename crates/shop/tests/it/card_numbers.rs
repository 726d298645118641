//! After a day of card sales at terminals that tell whole card numbers wherever there is room for one,
//! none is to be found: not in the file, not in its log, not in any answer of the API.
//!
//! Two nets. The planted numbers must be nowhere, in whatever writing. And no row of 13 to 19 digits
//! that passes the check of card numbers may stand anywhere, but for the kinds named in [`Kind`]:
//! one number in ten passes by chance, so each kind says how it is known to be no card's.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::body::Body;
use axum::http::Method;
use gs1::{is_valid_gtin, luhn};
use payment::driver::Moment;
use payment::simulator::{Fault, Setup, Simulator, TEST_PAN, TEST_TRACK_2, adyen};
use rusqlite::types::ValueRef;
use serde_json::{Value, json};
use shop::pay::runner::{Pace, run_at};
use tokio::sync::watch;

use crate::http_world::{Browser, World, id};

/// Why a number that passes the check is no card's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// The code of an item of this shop: it has a GTIN's own check digit and stands in the catalogue.
    Article,
    /// Digits in a row within a digest or an id (a UUID, or 32 and more hexadecimal digits).
    Digest,
    /// A hash kept as a number: the fingerprint of a command.
    Fingerprint,
}

/// What was looked through.
#[derive(Default)]
struct Net {
    articles: BTreeSet<String>,
    texts: usize,
    bytes: usize,
    found: Vec<String>,
    allowed: BTreeMap<Kind, usize>,
}

/// The PAN as bytes hold it: two digits each.
fn bcd() -> Vec<u8> {
    let pairs = TEST_PAN.as_bytes().chunks(2);
    pairs.map(|pair| ((pair[0] & 0x0f) << 4) | (pair[1] & 0x0f)).collect()
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte))
            << (8 * (3 - three.len()));
        for at in 0..=three.len() {
            out.push(char::from(LETTERS[(bits >> (18 - 6 * at)) as usize & 63]));
        }
    }
    out
}

impl Net {
    /// A text that a person or a program may read.
    fn text(&mut self, place: &str, text: &str) {
        self.texts += 1;
        self.bytes += text.len();
        // Whatever stands between the digits.
        let digits: String = text.chars().filter(|c| !" -./_,\u{a0}*".contains(*c)).collect();
        if digits.contains(TEST_PAN)
            || text.contains(&base64(TEST_PAN))
            || text.contains(TEST_TRACK_2)
        {
            self.found.push(format!("{place}: the planted number"));
        }
        for token in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
            for number in token.split(|c: char| !c.is_ascii_digit()) {
                if (13..=19).contains(&number.len()) && luhn(number) {
                    self.number(place, token, number);
                }
            }
        }
    }

    fn number(&mut self, place: &str, token: &str, number: &str) {
        let hex = token.bytes().filter(u8::is_ascii_hexdigit).count();
        let is_digest = hex >= 32 && token.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        let kind = if self.articles.contains(number) && is_valid_gtin(number) {
            Kind::Article
        } else if is_digest {
            Kind::Digest
        } else if place == "command.fingerprint" {
            Kind::Fingerprint
        } else {
            self.found.push(format!("{place}: {number}"));
            return;
        };
        *self.allowed.entry(kind).or_default() += 1;
    }

    /// Bytes of no known form: only for what was planted.
    fn raw(&mut self, place: &str, bytes: &[u8]) {
        self.bytes += bytes.len();
        for planted in [TEST_PAN.as_bytes(), &bcd(), TEST_TRACK_2.as_bytes()] {
            if bytes.windows(planted.len()).any(|window| window == planted) {
                self.found.push(format!("{place}: the planted number, raw"));
            }
        }
    }

    /// Every column of every table, the journal among them.
    fn database(&mut self, path: &std::path::Path) {
        let conn = rusqlite::Connection::open(path).expect("the file");
        // The search index cannot be read whole; its own tables, which it is made of, can.
        let mut tables = conn
            .prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
            )
            .expect("SQL");
        let tables: Vec<String> =
            tables.query_map([], |row| row.get(0)).expect("tables").map(Result::unwrap).collect();
        assert!(tables.len() > 25, "{tables:?}");
        for table in tables {
            let mut all = conn.prepare(&format!("SELECT * FROM \"{table}\"")).expect("SQL");
            let names: Vec<String> = all.column_names().map(str::to_owned).collect();
            let mut rows = all.query([]).expect("rows");
            while let Some(row) = rows.next().expect("a row") {
                for (at, name) in names.iter().enumerate() {
                    let place = format!("{table}.{name}");
                    match row.get_ref(at).expect("a column") {
                        ValueRef::Text(text) => self.text(&place, &String::from_utf8_lossy(text)),
                        ValueRef::Integer(number) => self.text(&place, &number.to_string()),
                        ValueRef::Blob(bytes) => self.raw(&place, bytes),
                        ValueRef::Null | ValueRef::Real(_) => {}
                    }
                }
            }
        }
    }
}

#[test]
fn the_nets_hold_what_they_are_made_for() {
    for bad in [
        TEST_PAN.to_owned(),
        format!(
            "Karte {} {} {} {}",
            &TEST_PAN[..4],
            &TEST_PAN[4..8],
            &TEST_PAN[8..12],
            &TEST_PAN[12..]
        ),
        base64(TEST_PAN),
        format!(r#"{{"note":";{TEST_TRACK_2}?"}}"#),
        "4111111111111111".to_owned(),
        "x-30569309025904".to_owned(),
    ] {
        let mut net = Net::default();
        net.text("a place", &bad);
        assert!(!net.found.is_empty(), "{bad}");
    }
    for raw in [bcd(), TEST_PAN.as_bytes().to_vec()] {
        let mut net = Net::default();
        net.raw("a place", &[vec![1, 2], raw, vec![3]].concat());
        assert!(!net.found.is_empty());
    }
    let mut net = Net::default();
    net.articles.insert("4000000000006".to_owned());
    for good in
        ["2026-11-23T09:15:00.000Z", "************8074", "0193593c-7d2e-7000-8000-4111111111111"]
    {
        net.text("a place", good);
    }
    assert_eq!(net.found, Vec::<String>::new());
}

async fn command(browser: &mut Browser, body: Value) -> Value {
    let told = format!("{body}");
    let reply = browser.command(body).await;
    assert!(reply.status.is_success(), "{told}: {}", reply.text);
    reply.json()
}

/// Waits until the payment of the present basket is over, for a minute at most.
async fn settled(browser: &mut Browser) -> Value {
    for _ in 0..6_000 {
        let view = browser.get("/tills/1").await.expect_ok();
        let open = view["basket"].is_null() || view["payment"]["truth"] == "not_charged";
        let part = view["payment"].is_null()
            && view["basket"]["tenders"].as_array().is_some_and(|t| !t.is_empty());
        if open || part {
            return view;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came");
}

async fn settings(office: &mut Browser, zvt: &str, nexo: &str) {
    let mut settings = office.get("/settings").await.expect_ok();
    settings.as_object_mut().expect("an object").remove("revision");
    settings["terminals"] = json!([
        {"id": 1, "name": "Terminal 1", "protocol": "zvt_tcp", "address": zvt},
        {"id": 2, "name": "Terminal 2", "protocol": "adyen_local", "address": nexo, "terminal_id": "S1F2-000000000001"},
    ]);
    settings["tills"][0]["terminal"] = json!(1);
    let put = json!({"id": id(), "type": "configure", "settings": settings});
    office.post("/shop/commands", &put).await.expect_ok();
}

/// Sales, a split, a payment taken back, a decline, a doubt, a return to the card, and what is swiped into fields.
async fn a_day(till: &mut Browser, zvt: &Simulator, nexo: &adyen::Simulator) {
    command(till, json!({"type": "open_day", "float": {"amount": 10_000, "currency": "EUR"}}))
        .await;
    let scan = || json!({"type": "scan", "code": "4006381333931"});
    let pay = |terminal: u32| json!({"type": "pay_card", "terminal": terminal});
    for terminal in [1, 2, 1, 2] {
        command(till, scan()).await;
        command(till, pay(terminal)).await;
        assert!(settled(till).await["basket"].is_null(), "paid at {terminal}");
    }
    for (fault, terminal) in
        [(Fault::named("decline").expect("one"), 1), (Fault::Nexo(adyen::Fault::Decline), 2)]
    {
        let controls = if terminal == 1 { zvt.controls() } else { nexo.controls() };
        controls.choose(Some(fault)).await;
        command(till, scan()).await;
        command(till, pay(terminal)).await;
        assert_eq!(settled(till).await["payment"]["truth"], "not_charged");
        command(till, json!({"type": "abort_basket"})).await;
    }
    // An outcome that is found out afterwards.
    zvt.controls().choose(Fault::named("lost_after_commit")).await;
    nexo.controls().choose(Some(Fault::Nexo(adyen::Fault::LostAfterOutcome))).await;
    for terminal in [1, 2] {
        command(till, scan()).await;
        command(till, pay(terminal)).await;
        settled(till).await;
    }
    // Taken back, and a return to the card.
    command(till, scan()).await;
    let part =
        json!({"type": "pay_card", "terminal": 1, "amount": {"amount": 100, "currency": "EUR"}});
    command(till, part).await;
    settled(till).await;
    command(till, json!({"type": "undo_tender"})).await;
    for _ in 0..6_000 {
        let view = till.get("/tills/1").await.expect_ok();
        if view["payment"].is_null() && view["basket"]["tenders"] == json!([]) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let swiped = [
        json!({"type": "note", "text": format!(";{TEST_TRACK_2}?")}),
        json!({"type": "note", "text": format!("Karte {TEST_PAN}")}),
        json!({"type": "scan", "code": format!("%B{TEST_PAN}^MUSTER/ANNA^25121010000?")}),
    ];
    for body in swiped {
        assert_eq!(till.command(body).await.status.as_u16(), 422);
    }
    command(till, json!({"type": "pay_cash"})).await;
    command(till, json!({"type": "return_receipt", "receipt": {"till": 1, "number": 1}})).await;
    command(till, json!({"type": "pay_card"})).await;
    assert!(settled(till).await["basket"].is_null());
}

/// Every answer of the API that only reads, the exports among them.
async fn answers(net: &mut Net, browsers: [&mut Browser; 2]) -> usize {
    let mut asked = 0;
    for browser in browsers {
        for operation in shop::http::operations() {
            if operation.method != Method::GET || operation.path.ends_with("/events") {
                continue;
            }
            // A PDF breaks digests into lines, where their digits can look like anything. Its words are those of the page
            // beside it, which is looked through.
            if operation.path.ends_with(".pdf") {
                continue;
            }
            let mut path = format!("/api/v1{}", operation.path);
            while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
                path.replace_range(from..=to, "1");
            }
            let request = browser.request(Method::GET, &path).body(Body::empty());
            let reply = browser.send(request.expect("a request")).await;
            net.text(operation.path, &reply.text);
            asked += usize::from(reply.status.is_success());
        }
    }
    asked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_day_of_card_sales_no_card_number_is_anywhere() {
    let any = || "127.0.0.1:0".parse().expect("an address");
    let clock = || Moment { month: 11, day: 23, hour: 10, minute: 15 };
    let setup = Setup { automatic: Some(0), hurry: 200, clock, ..Setup::default() };
    let zvt = Simulator::start(&setup).expect("a terminal");
    let setup = adyen::Setup { automatic: Some(1), ..adyen::Setup::new(shop::ids::draw) };
    let nexo = adyen::Simulator::start(&setup).expect("a terminal");
    for controls in [zvt.controls(), nexo.controls()] {
        controls.leak(true).await;
    }
    let world = World::shop().await;
    let mut office = world.office().await;
    let zvt_at = zvt.listen(any()).await.expect("listens").to_string();
    let nexo_at = nexo.listen(any()).await.expect("listens").to_string();
    settings(&mut office, &zvt_at, &nexo_at).await;
    let secret = nexo.secret();
    let secret = json!({"passphrase": secret.passphrase, "key_identifier": secret.key_identifier,
        "key_version": secret.key_version, "root_certificate": secret.root});
    office.post("/terminals/2/secret", &secret).await.expect_ok();
    let pace = Pace {
        look: Duration::from_millis(100),
        ask_again: Duration::from_millis(20),
        at_most: Duration::from_millis(200),
        line: payment::line::Pace { hurry: 200, ..payment::line::Pace::default() },
        machine: devices::cash_machine::Pace::default(),
    };
    let (stop, stopped) = watch::channel(false);
    let engine = world.app.engine().clone();
    let runner = tokio::spawn(run_at(engine, world.clock.clone(), stopped, pace));
    let mut till = world.till(1, crate::http_world::MANAGER_PIN).await;
    a_day(&mut till, &zvt, &nexo).await;
    assert!(zvt.controls().view().entries.len() >= 4 && nexo.controls().view().entries.len() >= 3);

    let mut net = Net::default();
    net.articles.insert("4006381333931".to_owned());
    let asked = answers(&mut net, [&mut till, &mut office]).await;
    assert!(asked > 40, "{asked} answers");
    let path = world.app.engine().path().to_owned();
    net.database(&path);
    // What was deleted, or is not folded in yet, lies in the file and its log.
    for file in [path.clone(), path.with_extension("db-wal")] {
        net.raw(&file.display().to_string(), &std::fs::read(&file).expect("the file"));
    }
    let Net { texts, bytes, found, allowed, .. } = net;
    println!(
        "{texts} texts and {bytes} bytes looked through, {asked} answers among them; no card's: {allowed:?}"
    );
    assert_eq!(found, Vec::<String>::new());
    // The last four digits are there: the terminals did say something.
    let payments = office.get("/payments").await;
    assert!(payments.text.contains("\"last4\":\"8074\""), "{}", payments.text);
    let _ = stop.send(true);
    runner.await.expect("the runner ends well");
}
