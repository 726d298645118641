//! Receipts without paper: the code on the customer's display, and the page that it leads to.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use shop::clock::Clock;
use shop::digital::{Pace, run_at};
use tower::ServiceExt as _;

use crate::http_world::{Browser, CASHIER_PIN, World, id};

pub(crate) const ADDRESS: &str = "http://192.168.1.10:7080";

/// Sets how receipts reach customers; `digital` is the settings' own field.
pub(crate) async fn digital(world: &World, digital: Value) {
    let mut office = world.office().await;
    configure(&mut office, digital).await.expect_ok();
}

pub(crate) async fn configure(office: &mut Browser, digital: Value) -> crate::http_world::Reply {
    let mut settings = office.get("/settings").await.expect_ok();
    settings.as_object_mut().expect("an object").remove("revision");
    settings["digital_receipts"] = digital;
    let put = json!({"id": id(), "type": "configure", "settings": settings});
    office.post("/shop/commands", &put).await
}

/// The runner beside a world, until the test ends.
pub(crate) fn runner(world: &World, pace: Pace) -> tokio::sync::watch::Sender<bool> {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let clock: Arc<dyn Clock> = Arc::<shop::clock::HandClock>::clone(&world.clock);
    tokio::spawn(run_at(world.app.engine().clone(), clock, stopped, pace));
    stop
}

pub(crate) async fn sell(till: &mut Browser) {
    till.command(json!({"type": "scan", "code": "4006381333931"})).await.expect_ok();
    till.command(json!({"type": "pay_cash"})).await.expect_ok();
}

pub(crate) async fn open(till: &mut Browser) {
    till.command(json!({"type": "open_day", "float": {"amount": 10_000, "currency": "EUR"}}))
        .await
        .expect_ok();
}

/// What the customer sees, once it fits; the runner shows it beside the answer.
pub(crate) async fn shown(world: &World, fits: impl Fn(&Value) -> bool) -> Value {
    let mut news = world.app.engine().subscribe(domain::TillId(1));
    loop {
        let view = world.browser().get("/tills/1/display").await.expect_ok();
        if fits(&view) {
            return view;
        }
        let waited = tokio::time::timeout(Duration::from_secs(20), news.recv()).await;
        assert!(waited.is_ok(), "nothing new is shown: {view:#}");
    }
}

/// Asks for an address as a telephone does: from elsewhere, without a session.
pub(crate) async fn fetch(
    world: &World,
    host: &str,
    path: &str,
) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
    let request =
        Request::get(path).header(header::HOST, host).body(Body::empty()).expect("a request");
    let reply =
        shop::http::receipts_router(world.app.clone()).oneshot(request).await.expect("an answer");
    let (parts, body) = reply.into_parts();
    let bytes = to_bytes(body, 8 << 20).await.expect("a body");
    (parts.status, parts.headers, bytes.to_vec())
}

/// The host and the path of what a code leads to.
pub(crate) fn parts_of(payload: &str) -> (&str, &str) {
    let rest = payload.strip_prefix("http://").expect("http");
    rest.split_at(rest.find('/').expect("a path"))
}

#[tokio::test]
async fn after_paying_the_customer_sees_a_code_that_leads_to_the_receipt() {
    let world = World::shop().await;
    digital(&world, json!({"page": {"by": "shop", "address": ADDRESS}})).await;
    let _running = runner(&world, Pace::default());
    let mut till = world.till(3, CASHIER_PIN).await;
    open(&mut till).await;
    sell(&mut till).await;
    let view = shown(&world, |view| !view["receipt"].is_null()).await;
    assert_eq!(view["receipt"]["state"], "ready");
    let payload = view["receipt"]["qr"]["payload"].as_str().expect("a code").to_owned();
    assert!(payload.starts_with(&format!("{ADDRESS}/r/")), "{payload}");
    let (host, path) = parts_of(&payload);
    assert_eq!(path.len(), "/r/".len() + 22, "128 bits and nothing else: {path}");

    let (status, headers, page) = fetch(&world, host, path).await;
    let page = String::from_utf8(page).expect("text");
    assert_eq!(status, StatusCode::OK, "{page}");
    for said in ["Äpfel, Boskoop", "2,49", "Hofladen", "Elektronischer Beleg", "noindex"] {
        assert!(page.contains(said), "{said} is missing: {page}");
    }
    assert!(!page.contains("<script"), "{page}");
    let policy = headers["content-security-policy"].to_str().expect("text");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert_eq!(headers["x-robots-tag"], "noindex, nofollow, noarchive");
    assert_eq!(headers["cache-control"], "no-store");

    // That it was opened stands in the record, once, and in the office with the receipt.
    let (again, _, _) = fetch(&world, host, path).await;
    assert_eq!(again, StatusCode::OK);
    let detail = world.office().await.get("/receipts/1/1").await.expect_ok();
    let ways = detail["handed_over"].as_array().expect("ways");
    assert_eq!(ways.iter().map(|one| &one["way"]).collect::<Vec<_>>(), ["page"]);

    let (status, headers, pdf) = fetch(&world, host, &format!("{path}/receipt.pdf")).await;
    assert_eq!(
        (status, &headers["content-type"]),
        (StatusCode::OK, &"application/pdf".parse().expect("a value"))
    );
    assert!(pdf.starts_with(b"%PDF-"), "no PDF");
    let (status, _, again) = fetch(&world, host, &format!("{path}/receipt.pdf")).await;
    assert_eq!(
        (status, again == pdf),
        (StatusCode::OK, true),
        "the same receipt makes the same bytes"
    );
    let (status, _, sheet) = fetch(&world, host, &format!("{path}/a4.pdf")).await;
    assert_eq!((status, sheet.starts_with(b"%PDF-")), (StatusCode::OK, true));
    let (status, _, data) = fetch(&world, host, &format!("{path}/receipt.json")).await;
    assert_eq!(status, StatusCode::OK);
    let data: Value = serde_json::from_slice(&data).expect("JSON");
    let receipt = &data["receipt"];
    assert_eq!(receipt["data"]["full_amount_incl_vat"], "2.49");
    assert_eq!(receipt["data"]["vat_amounts"][0]["percentage"], "7.00");
    assert_eq!(receipt["data"]["lines"][0]["item"]["gtin"], "4006381333931");
    assert_eq!(receipt["head"]["seller"]["name"], "Hofladen");
}

#[tokio::test]
async fn nobody_finds_a_receipt_by_trying_or_under_another_name() {
    let world = World::shop().await;
    digital(&world, json!({"page": {"by": "shop", "address": ADDRESS}})).await;
    let _running = runner(&world, Pace::default());
    let mut till = world.till(3, CASHIER_PIN).await;
    open(&mut till).await;
    sell(&mut till).await;
    let view = shown(&world, |view| !view["receipt"].is_null()).await;
    let payload = view["receipt"]["qr"]["payload"].as_str().expect("a code").to_owned();
    let (host, path) = parts_of(&payload);

    let (status, _, _) = fetch(&world, "evil.example", path).await;
    assert_eq!(status, StatusCode::MISDIRECTED_REQUEST);
    // Nothing of the shop but receipts is there, whatever the name.
    for other in
        ["/", "/till", "/office", "/api/v1/health", "/api/v1/settings", "/r/", "/assets/x.js"]
    {
        let (status, _, _) = fetch(&world, "127.0.0.1:7080", other).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{other}");
    }
    // Under the name for receipts the tills and the office are not found either.
    let request = Request::get("/api/v1/health")
        .header(header::HOST, host)
        .body(Body::empty())
        .expect("a request");
    let reply = shop::http::router(world.app.clone()).oneshot(request).await.expect("an answer");
    assert_eq!(reply.status(), StatusCode::MISDIRECTED_REQUEST);

    for tried in 0..200_u32 {
        let (status, _, page) = fetch(&world, host, &format!("/r/{tried:022}")).await;
        let expected =
            if tried < 120 { StatusCode::NOT_FOUND } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(status, expected, "try {tried}");
        assert!(!String::from_utf8_lossy(&page).contains("Hofladen"));
    }
    let (status, _, _) = fetch(&world, host, path).await;
    assert_eq!(status, StatusCode::OK, "whoever has the address is not held off");

    world.clock.advance(Duration::from_secs(91 * 24 * 3_600));
    let (status, _, _) = fetch(&world, host, path).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "ninety days are over");
}

#[tokio::test]
async fn the_code_goes_from_the_display_before_the_next_customer_stands_there() {
    let world = World::shop().await;
    digital(&world, json!({"page": {"by": "shop", "address": ADDRESS}})).await;
    let pace = Pace { shown: Duration::from_millis(50), ..Pace::default() };
    let _running = runner(&world, pace);
    let mut till = world.till(3, CASHIER_PIN).await;
    open(&mut till).await;
    let mut news = world.app.engine().subscribe(domain::TillId(1));
    sell(&mut till).await;
    let mut seen = Vec::new();
    while seen != [true, false] {
        let view =
            tokio::time::timeout(Duration::from_secs(20), news.recv()).await.expect("a view");
        let page = view.expect("a view").last_receipt.as_ref().and_then(|last| last.page.clone());
        let Some(page) = page else { continue };
        if seen.last() != Some(&page.on_display) {
            seen.push(page.on_display);
        }
    }
    let view = world.browser().get("/tills/1/display").await.expect_ok();
    assert_eq!((&view["state"], &view["receipt"]), (&json!("paid"), &Value::Null));
    let at_till = till.get("/tills/1").await.expect_ok();
    assert!(
        at_till["last_receipt"]["page"]["qr"]["payload"].is_string(),
        "the cashier can still show it"
    );
}

#[tokio::test]
async fn without_the_owners_word_there_is_no_page() {
    let world = World::shop().await;
    let _running = runner(&world, Pace::default());
    let mut till = world.till(3, CASHIER_PIN).await;
    open(&mut till).await;
    sell(&mut till).await;
    let view = till.get("/tills/1").await.expect_ok();
    assert_eq!(view["last_receipt"]["page"], Value::Null);
    assert_eq!(
        view["last_receipt"]["paperless"],
        json!({"page": false, "mail": false, "sms": false})
    );
    let mut office = world.office().await;
    for bad in [
        json!({"page": {"by": "shop", "address": "192.168.1.10"}}),
        json!({"page": {"by": "shop", "address": "http://a.example/\r\nX: y"}}),
        json!({"page": {"by": "shop", "address": "http://a.example/bons"}}),
        json!({"page": {"by": "host", "address": "http://bon.example.org", "days": 90}}),
        json!({"page": {"by": "host", "address": "https://bon.example.org", "days": 30}}),
        json!({"mail": {"server": "mail.example.org", "port": 25, "security": "none", "from": "a@b.de"}}),
        json!({"mail": {"server": "mail.example.org", "port": 587, "security": "starttls", "from": "a@b.de\r\nBcc: c@d.de"}}),
        json!({"sms": {"gateway": {"kind": "http", "address": "http://sms.example.org", "media": "application/json", "body": "{to}{text}"}, "prefix": "+49"}}),
    ] {
        configure(&mut office, bad).await.expect(422, "bad_settings");
    }
}

#[tokio::test]
async fn only_who_may_sends_receipts_and_nobody_is_told_to_whom() {
    let world = World::shop().await;
    digital(
        &world,
        json!({"page": {"by": "shop", "address": ADDRESS},
            "mail": {"server": "127.0.0.1", "port": 1, "security": "none", "from": "bon@laden.example"},
            "sms": {"gateway": {"kind": "seven", "from": "Laden", "address": "http://127.0.0.1:1"}, "prefix": "+49"}}),
    )
    .await;
    let mut till = world.till(3, CASHIER_PIN).await;
    open(&mut till).await;
    sell(&mut till).await;
    let receipt = json!({"till": 1, "number": 1});
    let send = |way: &str, to: &str| json!({"receipt": receipt, "way": way, "to": to});
    let path = "/tills/1/receipt/send";
    world.browser().post(path, &send("mail", "ada@example.org")).await.expect(401, "not_signed_in");
    for bad in
        ["", "ada", "ada@example.org\r\nBcc: eve@example.org", "ada@example.org, eve@example.org"]
    {
        till.post(path, &send("mail", bad)).await.expect(422, "bad_mail");
    }
    for bad in ["", "170", "0170\n1234567"] {
        till.post(path, &send("sms", bad)).await.expect(422, "bad_phone");
    }
    let unknown =
        json!({"receipt": {"till": 1, "number": 99}, "way": "mail", "to": "ada@example.org"});
    till.post(path, &unknown).await.expect(404, "not_found");
    let row = till.post(path, &send("mail", " ada.oz@example.org ")).await.expect_ok();
    assert_eq!(
        (&row["to"], &row["state"], &row["number"]),
        (&json!("a…@example.org"), &json!("waiting"), &json!("1-1"))
    );
    let row = till.post(path, &send("sms", "0170 1234567")).await.expect_ok();
    assert_eq!(row["to"], "…4567");
    for _ in 2..10 {
        till.post(path, &send("mail", "ada@example.org")).await.expect_ok();
    }
    till.post(path, &send("mail", "ada@example.org")).await.expect(422, "too_many_messages");
    // A cashier neither sets passwords nor tries them.
    till.post("/digital/secret", &json!({"way": "mail", "secret": "x"}))
        .await
        .expect(403, "not_permitted");
    till.post("/digital/test", &json!({"way": "mail", "to": "ada@example.org"}))
        .await
        .expect(403, "not_permitted");

    let mut office = world.office().await;
    let view = office
        .post("/digital/secret", &json!({"way": "mail", "secret": "geheim"}))
        .await
        .expect_ok();
    assert_eq!(view["secrets"], json!({"page": false, "mail": true, "sms": false}));
    let all = office.get("/digital").await.expect_ok().to_string();
    assert!(
        !all.contains("geheim") && !all.contains("ada.oz") && !all.contains("1701234567"),
        "{all}"
    );
    let file = std::fs::read(world.app.engine().path()).expect("the file");
    let mut on_disk = file;
    on_disk.extend(
        std::fs::read(format!("{}-wal", world.app.engine().path().display())).unwrap_or_default(),
    );
    for clear in ["ada.oz@example.org", "1701234567", "geheim"] {
        assert!(
            !on_disk.windows(clear.len()).any(|w| w == clear.as_bytes()),
            "{clear} lies there in clear"
        );
    }
    // Another server is not sent the password of the one before.
    digital(&world, json!({"mail": {"server": "localhost", "port": 1, "security": "none", "from": "bon@laden.example"}})).await;
    let view = office.get("/digital").await.expect_ok();
    assert_eq!(view["secrets"]["mail"], false);
}

/// The code as a camera reads it: drawn from its path, decoded by somebody else's program.
fn decoded(code: &Value) -> String {
    const SCALE: usize = 4;
    let size = usize::try_from(code["size"].as_u64().expect("a size")).expect("small");
    let mut dark = vec![false; size * size];
    for run in code["path"].as_str().expect("a path").split('M').skip(1) {
        let (x, rest) = run.split_once(' ').expect("x");
        let (y, rest) = rest.split_once('h').expect("y");
        let (length, _) = rest.split_once('v').expect("a length");
        let number = |text: &str| text.parse::<usize>().expect("a number");
        let start = number(y) * size + number(x);
        dark[start..start + number(length)].fill(true);
    }
    let pixel = |x: usize, y: usize| if dark[(y / SCALE) * size + x / SCALE] { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(size * SCALE, size * SCALE, pixel);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one code is seen");
    grids[0].decode().expect("it decodes").1
}

#[tokio::test]
async fn the_code_on_the_display_reads_back_to_the_address_of_the_page() {
    let world = World::shop().await;
    digital(
        &world,
        json!({"page": {"by": "host", "address": "https://bon.example.org", "days": 365}}),
    )
    .await;
    let mut till = world.till(3, CASHIER_PIN).await;
    open(&mut till).await;
    sell(&mut till).await;
    let asked = json!({"till": 1, "number": 1});
    // Without the host's token it stays on its way, and no code is shown that leads nowhere.
    let view = till.post("/tills/1/receipt/page", &asked).await.expect_ok();
    assert_eq!((&view["state"], &view["qr"]), (&json!("on_its_way"), &Value::Null));
    digital(&world, json!({"page": {"by": "shop", "address": ADDRESS}})).await;
    let view = till.post("/tills/1/receipt/page", &asked).await.expect_ok();
    assert_eq!(view["state"], "ready");
    let payload = decoded(&view["qr"]);
    assert_eq!(view["qr"]["payload"], payload.as_str());
    let (host, path) = parts_of(&payload);
    let (status, _, _) = fetch(&world, host, path).await;
    assert_eq!(status, StatusCode::OK);
}
