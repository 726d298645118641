//! The register of card terminals over HTTP, photos, and stripes that are dropped.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::http_world::{Browser, CASHIER_PIN, Reply, World, id};

const TRACK: &str = ";4111111111111111=25121010000000000?";

/// A shop with a card terminal that nobody has looked at.
async fn with_terminal() -> (World, Browser) {
    let world = World::shop().await;
    let mut office = world.office().await;
    let mut settings = office.get("/settings").await.expect_ok();
    settings.as_object_mut().expect("an object").remove("revision");
    settings["terminals"] =
        json!([{"id": 1, "name": "Terminal 1", "protocol": "zvt_tcp", "address": "127.0.0.1:1"}]);
    settings["tills"][0]["terminal"] = json!(1);
    let put = json!({"id": id(), "type": "configure", "settings": settings});
    office.post("/shop/commands", &put).await.expect_ok();
    (world, office)
}

fn card() -> Value {
    json!({"make": "Muster", "identity": {"serial": "0042-17"}, "place": "Kasse vorn",
        "seal": "S-20931", "approval": "4-10205", "approval_until": "2027-01-31"})
}

async fn shop(browser: &mut Browser, mut command: Value) -> Reply {
    command["id"] = json!(id());
    browser.post("/shop/commands", &command).await
}

async fn todo(browser: &mut Browser) -> Vec<String> {
    let today = browser.get("/today").await.expect_ok();
    let kinds = today["todo"].as_array().expect("a list").iter();
    kinds.map(|todo| todo["kind"].as_str().expect("a word").to_owned()).collect()
}

#[tokio::test]
async fn a_terminal_is_registered_inspected_and_its_history_kept() {
    let (world, mut office) = with_terminal().await;
    let kinds = todo(&mut office).await;
    assert!(kinds.contains(&"terminals_unregistered".to_owned()), "{kinds:?}");
    assert!(kinds.contains(&"default_passwords".to_owned()), "{kinds:?}");
    let known = office.get("/terminals/register").await.expect_ok();
    assert_eq!(known["inspection_days"], 30);
    assert_eq!(known["points"].as_array().map(Vec::len), Some(5));
    let row = &known["terminals"][0];
    assert_eq!((&row["card"], &row["revision"]), (&Value::Null, &json!(0)));
    let register =
        json!({"type": "register_terminal", "terminal": 1, "revision": 0, "card": card()});
    shop(&mut office, register).await.expect_ok();
    let known = office.get("/terminals/register").await.expect_ok();
    let row = &known["terminals"][0];
    assert_eq!(row["card"], card());
    assert_eq!(row["registered"]["person_name"], "Ada");
    assert_eq!((&row["inspection_due"], &row["overdue"]), (&json!("2026-12-23"), &json!(false)));
    assert_eq!((&row["approval"], &row["default_password"]), (&json!("ends_soon"), &json!(true)));
    let points: Vec<Value> = known["points"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|point| json!({"point": point, "ok": point != "cables"}))
        .collect();
    let inspect = json!({"type": "inspect_terminal", "terminal": 1, "points": points, "note": "Ein Kabel zu viel"});
    shop(&mut office, inspect).await.expect_ok();
    let kinds = todo(&mut office).await;
    assert!(kinds.contains(&"terminals_stopped".to_owned()), "{kinds:?}");
    assert!(kinds.contains(&"approvals_ending".to_owned()), "{kinds:?}");
    let stale =
        json!({"type": "confirm_terminal", "terminal": 1, "revision": 1, "reason": "nachgesehen"});
    shop(&mut office, stale).await.expect(422, "stale");
    let confirm =
        json!({"type": "confirm_terminal", "terminal": 1, "revision": 2, "reason": "nachgesehen"});
    shop(&mut office, confirm).await.expect_ok();
    let history = office.get("/terminals/1/entries").await.expect_ok();
    let kinds: Vec<&str> =
        history.as_array().expect("a list").iter().filter_map(|e| e["kind"].as_str()).collect();
    assert_eq!(kinds, ["confirmed", "inspected", "registered"]);
    assert_eq!(history[0]["text"], "nachgesehen");
    let page = office.get(&format!("/terminals/1/entries?before={}", history[0]["seq"])).await;
    assert_eq!(page.expect_ok().as_array().map(Vec::len), Some(2));
    drop(world);
}

#[tokio::test]
async fn a_password_that_thieves_try_first_is_warned_about_and_another_is_not() {
    let (_world, mut office) = with_terminal().await;
    for (password, usual) in [
        ("000000", true),
        ("123456", true),
        ("654321", true),
        ("777777", true),
        ("210888", true),
        ("166831", true),
        ("918273", false),
    ] {
        office.post("/terminals/1/password", &json!({"password": password})).await.expect_ok();
        let known = office.get("/terminals/register").await.expect_ok();
        assert_eq!(known["terminals"][0]["default_password"], json!(usual), "{password}");
    }
    assert!(!todo(&mut office).await.contains(&"default_passwords".to_owned()));
}

#[tokio::test]
async fn who_may_not_changes_nothing() {
    let (world, mut office) = with_terminal().await;
    let mut cashier = world.till(3, CASHIER_PIN).await;
    cashier.get("/terminals/register").await.expect(403, "not_permitted");
    let register =
        json!({"type": "register_terminal", "terminal": 1, "revision": 0, "card": card()});
    shop(&mut cashier, register).await.expect(422, "not_permitted");
    let request = cashier.request(Method::POST, "/api/v1/terminals/1/photo").body(Body::from("x"));
    cashier.send(request.expect("a request")).await.expect(403, "not_permitted");
    let known = office.get("/terminals/register").await.expect_ok();
    assert_eq!(known["terminals"][0]["card"], Value::Null);
    let said = json!({"type": "terminal_reported", "terminal": 1, "identity": {}});
    shop(&mut office, said).await.expect(422, "bad_field");
}

#[tokio::test]
async fn a_photo_is_a_picture_and_comes_back_byte_by_byte() {
    let (_world, mut office) = with_terminal().await;
    let send = async |office: &mut Browser, bytes: Vec<u8>| {
        let request = office
            .request(Method::POST, "/api/v1/terminals/1/photo")
            .header(header::CONTENT_TYPE, "image/jpeg")
            .body(Body::from(bytes));
        office.send(request.expect("a request")).await
    };
    let jpeg = [b"\xff\xd8\xff\xe0".as_slice(), &[7; 300], b"\xff\xd9"].concat();
    for bad in [b"<svg/>".to_vec(), jpeg[..200].to_vec(), Vec::new()] {
        send(&mut office, bad).await.expect(422, "no_photo");
    }
    send(&mut office, vec![0; 4 * 1024 * 1024 + 1]).await.expect(413, "too_large");
    let known = send(&mut office, jpeg.clone()).await.expect_ok();
    let digest = known["terminals"][0]["photo"].as_str().expect("a digest").to_owned();
    let path = format!("/api/v1/terminals/1/photo/{digest}");
    let request = office.request(Method::GET, &path).body(Body::empty());
    let (status, headers, body) = office.begin(request.expect("a request")).await;
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("whole");
    assert_eq!((status.as_u16(), &bytes[..]), (200, &jpeg[..]));
    assert_eq!(headers[header::CONTENT_TYPE], "image/jpeg");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    for none in
        [format!("/terminals/1/photo/{}", "0".repeat(64)), "/terminals/1/photo/x".to_owned()]
    {
        office.get(&none).await.expect(404, "not_found");
    }
}

#[tokio::test]
async fn a_stripe_is_dropped_whatever_it_is_typed_into() {
    let (world, mut office) = with_terminal().await;
    let mut till = world.till(1, crate::http_world::MANAGER_PIN).await;
    let bodies = [
        json!({"type": "scan", "code": TRACK}),
        json!({"type": "note", "text": format!("x {TRACK}")}),
        json!({"type": "park", "name": TRACK}),
        json!({"type": "pay_voucher", "code": TRACK}),
        json!({"type": TRACK}),
    ];
    for body in bodies {
        let told = till.command(body).await;
        assert!(!told.text.contains("4111"), "{}", told.text);
        told.expect(422, "card_data");
    }
    let name = json!({"type": "put_person", "name": TRACK, "role": "cashier", "active": true});
    shop(&mut office, name).await.expect(422, "card_data");
    let mut place = card();
    place["place"] = json!("%B4111111111111111^MUSTER/ANNA^25121010000000000?");
    let command = json!({"type": "register_terminal", "terminal": 1, "revision": 0, "card": place});
    shop(&mut office, command).await.expect(422, "card_data");
    office
        .post("/office/sign-in", &json!({"person": "ada", "passphrase": TRACK}))
        .await
        .expect(422, "card_data");
    let path = "/items/search?q=%3B4111111111111111%3D25121010000000000%3F";
    till.get(path).await.expect(422, "card_data");
    // A number alone is refused in what people write, and taken where codes stand.
    till.command(json!({"type": "note", "text": "4111 1111 1111 1111"}))
        .await
        .expect(422, "card_number");
    let file = std::fs::read(world.app.engine().path()).expect("the file");
    let log = std::fs::read(world.app.engine().path().with_extension("db-wal")).unwrap_or_default();
    for bytes in [file, log] {
        assert!(!bytes.windows(16).any(|window| window == b"4111111111111111"));
    }
}
