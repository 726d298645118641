//! Signing in and out, guessing, sessions, approvals, changing secrets.

use std::time::Duration;

use serde_json::{Value, json};

use crate::http_world::{CASHIER_PIN, MANAGER_PIN, PASSPHRASE, SUPERVISOR_PIN, World, id};

fn sign_in(person: u32, pin: &str) -> Value {
    json!({"person": person, "pin": pin})
}

#[tokio::test]
async fn guessing_is_stopped_and_tells_nothing_about_who_exists() {
    let world = World::shop().await;
    let mut thief = world.browser();
    let mut answers = Vec::new();
    // Somebody who exists, somebody without a PIN here, nobody.
    for person in [3, 77] {
        let mut one = Vec::new();
        for _ in 0..5 {
            let reply = thief.post("/tills/1/sign-in", &sign_in(person, "000111")).await;
            one.push((reply.status.as_u16(), reply.text));
        }
        let reply = thief.post("/tills/1/sign-in", &sign_in(person, "000111")).await;
        assert_eq!(reply.headers["retry-after"], "61");
        one.push((reply.status.as_u16(), reply.text));
        answers.push(one);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].iter().map(|a| a.0).collect::<Vec<_>>(), [401, 401, 401, 401, 401, 429]);

    // The right PIN does not help while it is locked, and the wall clock does not unlock.
    thief.post("/tills/1/sign-in", &sign_in(3, CASHIER_PIN)).await.expect(429, "locked");
    world.clock.set_wall("2026-11-24T09:15:00Z".parse().expect("a time"));
    thief.post("/tills/1/sign-in", &sign_in(3, CASHIER_PIN)).await.expect(429, "locked");
    // Somebody else is not locked.
    thief.post("/tills/1/sign-in", &sign_in(2, SUPERVISOR_PIN)).await.expect_ok();
    world.clock.advance(Duration::from_secs(60));
    thief.post("/tills/1/sign-in", &sign_in(3, CASHIER_PIN)).await.expect_ok();
}

#[tokio::test]
async fn the_tenth_wrong_pin_locks_until_a_manager_sets_a_new_one() {
    let world = World::shop().await;
    let mut thief = world.browser();
    for round in 0..2 {
        for n in 0..5 {
            thief.post("/tills/1/sign-in", &sign_in(3, "000111")).await.expect(401, "wrong_secret");
            assert!(round * 5 + n < 10);
        }
        world.clock.advance(Duration::from_secs(60));
    }
    let locked = thief.post("/tills/1/sign-in", &sign_in(3, CASHIER_PIN)).await;
    assert_eq!(
        (locked.status.as_u16(), &locked.headers["retry-after"]),
        (429, &"1741".parse().expect("a header"))
    );

    let mut office = world.office().await;
    assert_eq!(office.get("/people").await.expect_ok()[2]["locked"], true);
    let new = json!({"kind": "pin", "secret": "618033"});
    office.post("/people/3/credentials", &new).await.expect_ok();
    assert_eq!(office.get("/people").await.expect_ok()[2]["locked"], false);
    thief.post("/tills/1/sign-in", &sign_in(3, CASHIER_PIN)).await.expect(401, "wrong_secret");
    thief.post("/tills/1/sign-in", &sign_in(3, "618033")).await.expect_ok();
}

#[tokio::test]
async fn the_office_wants_the_passphrase_and_names_or_numbers() {
    let world = World::shop().await;
    let mut browser = world.browser();
    for person in [json!(1), json!("Ada"), json!(" ADA ")] {
        let body = json!({"person": person, "passphrase": PASSPHRASE});
        browser.post("/office/sign-in", &body).await.expect_ok();
    }
    let wrong = [
        json!({"person": 1, "passphrase": MANAGER_PIN}),
        json!({"person": "nobody", "passphrase": PASSPHRASE}),
        json!({"person": 3, "passphrase": CASHIER_PIN}),
        json!({"person": 1, "passphrase": "x".repeat(20_000)}),
    ];
    for body in wrong {
        browser.post("/office/sign-in", &body).await.expect(401, "wrong_secret");
    }
    let extra = json!({"person": 1, "passphrase": PASSPHRASE, "role": "manager"});
    browser.post("/office/sign-in", &extra).await.expect(422, "unknown_field");
}

#[tokio::test]
async fn a_session_is_new_at_each_sign_in_and_dead_after_signing_out() {
    let world = World::shop().await;
    // A token that somebody else planted is not taken over.
    let mut browser = world.browser();
    let planted = "a".repeat(64);
    browser.cookies.insert("tresen_till".to_owned(), planted.clone());
    browser.post("/tills/1/sign-in", &sign_in(3, CASHIER_PIN)).await.expect_ok();
    assert_ne!(browser.cookies["tresen_till"], planted);
    let mut thief = world.browser();
    thief.cookies.insert("tresen_till".to_owned(), planted);
    thief.get("/tills/1").await.expect(401, "not_signed_in");

    // Signing in again ends the session of before.
    let first = browser.clone();
    browser.post("/tills/1/sign-in", &sign_in(3, CASHIER_PIN)).await.expect_ok();
    first.clone().get("/tills/1").await.expect(401, "not_signed_in");

    // After signing out, the copied cookie is worth nothing.
    let mut copied = browser.clone();
    copied.get("/tills/1").await.expect_ok();
    browser.post("/sign-out", &json!({})).await.expect_ok();
    assert!(browser.cookies.is_empty());
    copied.get("/tills/1").await.expect(401, "not_signed_in");
    assert_eq!(copied.get("/session?till=1").await.expect_ok()["person"], Value::Null);

    // A cookie that comes twice is none.
    let mut double = world.till(3, CASHIER_PIN).await;
    double.get("/tills/1").await.expect_ok();
    let value = double.cookies["tresen_till"].clone();
    double
        .cookies
        .insert("tresen_till".to_owned(), format!("{value}; tresen_till={}", "b".repeat(64)));
    double.get("/tills/1").await.expect(401, "not_signed_in");
}

#[tokio::test]
async fn the_next_person_at_a_till_signs_the_one_before_out() {
    let world = World::shop().await;
    let mut cem = world.till(3, CASHIER_PIN).await;
    let mut ben = world.till(2, SUPERVISOR_PIN).await;
    cem.get("/tills/1").await.expect(401, "not_signed_in");
    assert_eq!(ben.get("/tills/1").await.expect_ok()["person"]["name"], "Ben");
    // Locking ends the session; the basket stays, and so does the till.
    ben.command(json!({"type": "sign_out"})).await.expect_ok();
    ben.get("/tills/1").await.expect(401, "not_signed_in");
}

#[tokio::test]
async fn a_till_and_the_office_live_side_by_side_in_one_browser() {
    let world = World::shop().await;
    let mut browser = world.till(3, CASHIER_PIN).await;
    let office = json!({"person": 1, "passphrase": PASSPHRASE});
    browser.post("/office/sign-in", &office).await.expect_ok();
    assert_eq!(browser.get("/tills/1").await.expect_ok()["person"]["name"], "Cem");
    assert_eq!(browser.get("/session").await.expect_ok()["person"]["name"], "Ada");
    assert_eq!(browser.get("/session?till=1").await.expect_ok()["person"]["name"], "Cem");
    browser.get("/people").await.expect_ok();
    // What is done at the till is done by the one at the till: Ada might, Cem may not.
    browser
        .command(json!({"type": "no_sale", "reason": "Wechselgeld"}))
        .await
        .expect(422, "not_permitted");
    browser.post("/sign-out", &json!({})).await.expect_ok();
    browser.get("/people").await.expect(403, "not_permitted");
    browser.get("/tills/1").await.expect_ok();
}

#[tokio::test]
async fn sessions_end_with_time_with_the_person_and_not_with_the_program() {
    let mut world = World::shop().await;
    let mut office = world.office().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    world.restart().await;
    let mut again = world.browser();
    again.cookies = till.cookies.clone();
    assert_eq!(again.get("/tills/1").await.expect_ok()["person"]["name"], "Cem");
    again.cookies = office.cookies.clone();
    again.get("/people").await.expect_ok();

    let bar = json!({"id": id(), "type": "put_person", "person": 3, "name": "Cem", "role": "cashier", "active": false});
    again.post("/shop/commands", &bar).await.expect_ok();
    till = world.browser();
    till.post("/tills/1/sign-in", &sign_in(3, CASHIER_PIN)).await.expect(401, "wrong_secret");

    world.clock.advance(Duration::from_secs(15 * 60));
    office = again.clone();
    office.get("/people").await.expect(401, "not_signed_in");
}

#[tokio::test]
async fn a_second_person_approves_with_their_own_pin() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    till.command(json!({"type": "open_day", "float": {"amount": 10_000, "currency": "EUR"}}))
        .await
        .expect_ok();
    let mut no_sale = json!({"type": "no_sale", "reason": "Wechselgeld"});
    let refused = till.command(no_sale.clone()).await.expect(422, "not_permitted");
    assert_eq!(
        (&refused["approvable"], &refused["refusal"]["permission"]),
        (&json!(true), &json!("no_sale"))
    );

    no_sale["approval"] = sign_in(2, "000111");
    till.command(no_sale.clone()).await.expect(403, "wrong_approval");
    no_sale["approval"] = sign_in(3, CASHIER_PIN);
    till.command(no_sale.clone()).await.expect(422, "approval_refused");
    no_sale["approval"] = sign_in(2, SUPERVISOR_PIN);
    till.command(no_sale.clone()).await.expect_ok();

    // Guessing through approvals is counted like guessing at the door.
    no_sale["approval"] = sign_in(2, "000111");
    for _ in 0..5 {
        till.command(no_sale.clone()).await.expect(403, "wrong_approval");
    }
    till.command(no_sale).await.expect(429, "locked");
}

/// The wrong secrets in the journal: till, who was signed in, body.
fn noted(world: &World) -> Vec<(Value, Value, Value)> {
    let reader = store::Reader::open(world.app.engine().path()).expect("the file");
    let rows = reader.journal(1, 10_000).expect("the journal");
    let entries = rows.iter().map(|row| -> Value { serde_json::from_str(&row.bytes).unwrap() });
    let wrong = entries.filter(|entry| entry["kind"] == "sign_in_failed");
    wrong.map(|e| (e["till"].clone(), e["person"].clone(), e["body"].clone())).collect()
}

#[tokio::test]
async fn a_wrong_secret_is_in_the_journal_with_whose_and_where_and_never_what() {
    let world = World::shop().await;
    let mut thief = world.browser();
    thief.post("/tills/1/sign-in", &sign_in(3, "000111")).await.expect(401, "wrong_secret");
    thief.post("/tills/1/sign-in", &sign_in(77, "000111")).await.expect(401, "wrong_secret");
    let office =
        json!({"person": "my secret as a name", "passphrase": "not the passphrase of anybody"});
    thief.post("/office/sign-in", &office).await.expect(401, "wrong_secret");
    let office = json!({"person": "Ada", "passphrase": "not the passphrase of anybody"});
    thief.post("/office/sign-in", &office).await.expect(401, "wrong_secret");
    // Signed in at the till: a wrong approval, and a wrong present PIN when changing one's own.
    let mut till = world.till(3, CASHIER_PIN).await;
    let approval = json!({"type": "no_sale", "reason": "x", "approval": sign_in(2, "000111")});
    till.command(approval).await.expect(403, "wrong_approval");
    let change = json!({"kind": "pin", "secret": "618033", "current": "000111"});
    till.post("/people/3/credentials", &change).await.expect(403, "wrong_current");

    let null = Value::Null;
    let pin =
        |person: u32, purpose: &str| json!({"person": person, "secret": "pin", "purpose": purpose});
    assert_eq!(
        noted(&world),
        [
            (json!(1), null.clone(), pin(3, "sign_in")),
            (json!(1), null.clone(), json!({"secret": "pin", "purpose": "sign_in"})),
            (null.clone(), null.clone(), json!({"secret": "passphrase", "purpose": "sign_in"})),
            (
                null.clone(),
                null,
                json!({"person": 1, "secret": "passphrase", "purpose": "sign_in"})
            ),
            (json!(1), json!(3), pin(2, "approval")),
            (json!(1), json!(3), pin(3, "change")),
        ]
    );
    let reader = store::Reader::open(world.app.engine().path()).expect("the file");
    let all: String = reader.journal(1, 10_000).unwrap().into_iter().map(|row| row.bytes).collect();
    for secret in ["000111", "618033", "not the passphrase", "my secret"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn hammering_at_the_door_does_not_fill_the_journal() {
    let world = World::shop().await;
    let mut thief = world.browser();
    for _ in 0..50 {
        thief.post("/tills/1/sign-in", &sign_in(3, "000111")).await;
    }
    let locks = |world: &World| -> Vec<Value> {
        noted(world).into_iter().map(|(_, _, body)| body["locked_seconds"].clone()).collect()
    };
    let null = Value::Null;
    let five = [null.clone(), null.clone(), null.clone(), null.clone(), json!(60)];
    assert_eq!(locks(&world), five);
    world.clock.advance(Duration::from_secs(60));
    for _ in 0..50 {
        thief.post("/tills/1/sign-in", &sign_in(3, "000111")).await;
    }
    assert_eq!(locks(&world)[5..], [null.clone(), null.clone(), null.clone(), null, json!(1_800)]);
    // What is right leaves no such entry.
    world.clock.advance(Duration::from_secs(1_800));
    thief.post("/tills/1/sign-in", &sign_in(3, CASHIER_PIN)).await.expect_ok();
    assert_eq!(locks(&world).len(), 10);
}

#[tokio::test]
async fn secrets_are_ones_own_or_a_managers_business() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    let new = json!({"kind": "pin", "secret": "618033"});
    till.post("/people/1/credentials", &new).await.expect(403, "not_permitted");
    till.post("/people/3/credentials", &new).await.expect(422, "bad_field");
    let wrong = json!({"kind": "pin", "secret": "618033", "current": "000111"});
    till.post("/people/3/credentials", &wrong).await.expect(403, "wrong_current");
    let easy = json!({"kind": "pin", "secret": "111111", "current": CASHIER_PIN});
    till.post("/people/3/credentials", &easy).await.expect(422, "pin_too_easy");
    let right = json!({"kind": "pin", "secret": "618033", "current": CASHIER_PIN});
    till.post("/people/3/credentials", &right).await.expect_ok();
    // The one who changed it stays; the old PIN is worth nothing.
    till.get("/tills/1").await.expect_ok();
    world
        .browser()
        .post("/tills/1/sign-in", &sign_in(3, CASHIER_PIN))
        .await
        .expect(401, "wrong_secret");

    let mut office = world.office().await;
    let reset = json!({"kind": "pin", "secret": "271828"});
    office.post("/people/3/credentials", &reset).await.expect_ok();
    till.get("/tills/1").await.expect(401, "not_signed_in");
    office.post("/people/99/credentials", &reset).await.expect(404, "not_found");
    // Nothing that is a secret, or made from one, is ever answered.
    let people = office.get("/people").await.text;
    assert!(!people.contains("argon2") && !people.contains("271828"));
}

#[tokio::test]
async fn what_is_shared_with_a_terminal_is_checked_and_never_told_back() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let read = office.get("/settings").await.expect_ok();
    let mut settings = read.clone();
    let revision = settings.as_object_mut().expect("an object").remove("revision");
    settings["terminals"] = json!([
        {"id": 1, "name": "Adyen", "protocol": "adyen_local", "address": "192.168.1.9:8443", "terminal_id": "S1F2-000158215131337"},
        {"id": 2, "name": "ZVT", "protocol": "zvt_tcp", "address": "192.168.1.8:20007"},
    ]);
    let configure = |settings: &Value| json!({"id": id(), "type": "configure", "settings": settings, "base": revision});
    let mut nameless = settings.clone();
    nameless["terminals"][0].as_object_mut().expect("an object").remove("terminal_id");
    office.post("/shop/commands", &configure(&nameless)).await.expect(422, "bad_settings");
    office.post("/shop/commands", &configure(&settings)).await.expect_ok();
    let rows = office.get("/terminals").await.expect_ok();
    assert_eq!((&rows[0]["needs_secret"], &rows[1]["needs_secret"]), (&json!(true), &json!(false)));

    let draw = shop::ids::draw;
    let setup = payment::simulator::adyen::Setup::new(draw);
    let terminal = payment::simulator::adyen::Simulator::start(&setup).expect("a terminal");
    let root = terminal.secret().root.clone();
    let secret = |passphrase: &str, root: &str| json!({"passphrase": passphrase, "key_identifier": "till", "key_version": 1, "root_certificate": root});
    for (path, body) in [
        ("/terminals/1/secret", secret("", &root)),
        ("/terminals/1/secret", secret("a passphrase", "nothing")),
        ("/terminals/2/secret", secret("a passphrase", &root)),
    ] {
        office.post(path, &body).await.expect(422, "bad_terminal_secret");
    }
    let body = secret("a passphrase", &root);
    let told = office.post("/terminals/1/secret", &body).await;
    assert!(!told.text.contains("a passphrase") && !told.text.contains("CERTIFICATE"));
    assert_eq!(told.expect_ok()[0]["needs_secret"], json!(false));
    office.post("/terminals/3/secret", &body).await.expect(404, "not_found");
    world.browser().post("/terminals/1/secret", &body).await.expect(401, "not_signed_in");
}
