//! Terminals in the cloud: what the office may set, keys that are told to nobody, pairing, and that nobody may
//! call the shop.

use axum::http::Method;
use payment::simulator::sumup::{Setup, Simulator};
use serde_json::{Value, json};

use crate::http_world::{Browser, Reply, World, id};

/// An office whose shop has these terminals.
async fn office_with(world: &World, terminals: Value) -> (Browser, Reply) {
    let mut office = world.office().await;
    let reply = configure(&mut office, terminals).await;
    (office, reply)
}

async fn configure(office: &mut Browser, terminals: Value) -> Reply {
    let mut settings = office.get("/settings").await.expect_ok();
    let revision = settings["revision"].clone();
    settings.as_object_mut().expect("an object").remove("revision");
    if settings.get("settings").is_some() {
        settings = settings["settings"].clone();
    }
    settings["terminals"] = terminals;
    let asked = json!({"id": id(), "type": "configure", "settings": settings, "base": revision});
    office.post("/shop/commands", &asked).await
}

fn reader(change: &[(&str, Value)]) -> Value {
    let mut terminal = json!({
        "id": 1, "name": "Solo", "protocol": "sumup_cloud", "address": "api.sumup.com:443",
        "merchant": "MH4H92C7",
    });
    for (key, value) in change {
        terminal[*key] = value.clone();
    }
    terminal
}

#[tokio::test]
async fn a_terminal_in_the_cloud_has_a_merchant_and_a_number_of_its_own() {
    let number = || ("terminal_id", json!("rdr_3MSAFM23CK82VSTT4BN6RWSQ65"));
    let second = |more: &[(&str, Value)]| {
        reader(&[&[("id", json!(2)), ("name", json!("Second"))], more].concat())
    };
    let adyen = json!({
        "id": 2, "name": "Adyen", "protocol": "adyen_cloud", "address": "device-api-live.adyen.com:443",
        "merchant": "Corner_POS", "terminal_id": "S1F2-000158215131337",
    });
    // At one address, each with a number of its own; and one that is not paired yet.
    for good in [json!([reader(&[]), second(&[number()])]), json!([reader(&[number()]), adyen])] {
        let world = World::shop().await;
        let (_, reply) = office_with(&world, good).await;
        reply.expect_ok();
    }
    let local = json!({"id": 2, "name": "Adyen", "protocol": "adyen_local", "address": "192.168.1.9:8443",
        "terminal_id": "s1f2-000158215131337"});
    for (bad, problem) in [
        (json!([reader(&[("merchant", json!(null))])]), "terminal_merchant"),
        (json!([reader(&[("merchant", json!("M/../X"))])]), "terminal_merchant"),
        (json!([reader(&[("terminal_id", json!("S1F2-1"))])]), "terminal_id"),
        (json!([reader(&[("terminal_id", json!("rdr_a/b"))])]), "terminal_id"),
        (json!([reader(&[number()]), second(&[number()])]), "terminal_id_taken"),
        (
            json!([{"id": 1, "name": "A", "protocol": "adyen_cloud", "address": "a:443", "merchant": "M",
            "terminal_id": "S1F2-000158215131337"}, local]),
            "terminal_id_taken",
        ),
        (
            json!([{"id": 1, "name": "Z", "protocol": "zvt_tcp", "address": "a:1", "merchant": "M"}]),
            "terminal_merchant",
        ),
    ] {
        let world = World::shop().await;
        let (_, reply) = office_with(&world, bad).await;
        let said = reply.expect(422, "bad_settings");
        assert_eq!(said["refusal"]["problem"], problem, "{said}");
    }
}

#[tokio::test]
async fn a_key_is_told_to_the_shop_and_to_nobody_again() {
    let world = World::shop().await;
    let zvt =
        json!({"id": 2, "name": "ZVT", "protocol": "zvt_tcp", "address": "192.168.1.8:20007"});
    let (mut office, reply) = office_with(&world, json!([reader(&[]), zvt.clone()])).await;
    reply.expect_ok();
    let rows = office.get("/terminals").await.expect_ok();
    assert_eq!(
        (&rows[0]["needs_secret"], &rows[0]["default_password"]),
        (&json!(true), &json!(false))
    );
    let key = |api_key: &str, affiliate: Option<&str>| json!({"api_key": api_key, "app_id": "com.example.till", "affiliate_key": affiliate});
    for (path, body) in [
        ("/terminals/1/key", key("", Some("a"))),
        ("/terminals/1/key", key("a b", Some("a"))),
        ("/terminals/1/key", key("sup_sk_1", None)),
        ("/terminals/2/key", key("sup_sk_1", Some("a"))),
        (
            "/terminals/1/key",
            json!({"api_key": "k", "app_id": "a", "affiliate_key": "a", "root_certificate": "x"}),
        ),
        ("/terminals/1/pair", json!({"code": "SIMULATE1"})),
    ] {
        office.post(path, &body).await.expect(422, "bad_terminal_key");
    }
    let body = key("sup_sk_very-secret", Some("affiliate-secret"));
    let told = office.post("/terminals/1/key", &body).await;
    assert!(!told.text.contains("very-secret") && !told.text.contains("affiliate-secret"));
    assert_eq!(told.expect_ok()[0]["needs_secret"], json!(false));
    let settings = office.get("/settings").await;
    assert!(!settings.text.contains("very-secret"));
    office.post("/terminals/3/key", &body).await.expect(404, "not_found");
    // Whoever changes the address has to know the key: it is shown to nobody it was not told for.
    let elsewhere = reader(&[("address", json!("elsewhere.example:443"))]);
    configure(&mut office, json!([elsewhere, zvt.clone()])).await.expect_ok();
    assert_eq!(office.get("/terminals").await.expect_ok()[0]["needs_secret"], json!(true));
    let code = json!({"code": "SIMULATE1"});
    office.post("/terminals/1/pair", &code).await.expect(422, "bad_terminal_key");
    configure(&mut office, json!([reader(&[]), zvt])).await.expect_ok();
    assert_eq!(office.get("/terminals").await.expect_ok()[0]["needs_secret"], json!(false));
    world.browser().post("/terminals/1/key", &body).await.expect(401, "not_signed_in");
    world
        .browser()
        .post("/terminals/1/pair", &json!({"code": "x"}))
        .await
        .expect(401, "not_signed_in");
    let reader = store::Reader::open(world.app.engine().path()).expect("the file");
    let rows = reader.journal(1, 10_000).expect("the journal");
    let journal: String = rows.iter().map(|row| row.bytes.as_str()).collect();
    assert!(!journal.contains("very-secret") && !journal.contains("affiliate-secret"));
}

#[tokio::test]
async fn a_reader_is_paired_by_the_code_that_it_shows() {
    let setup = Setup::default();
    let simulator = Simulator::start(&setup).expect("a reader");
    let address = simulator.listen(([127, 0, 0, 1], 0).into()).await.expect("listens");
    let world = World::shop().await;
    let terminal =
        reader(&[("address", json!(address.to_string())), ("merchant", json!(setup.merchant))]);
    let (mut office, reply) = office_with(&world, json!([terminal])).await;
    reply.expect_ok();
    let key = |api_key: &str| {
        json!({
            "api_key": api_key, "app_id": setup.app_id, "affiliate_key": setup.affiliate_key,
            "root_certificate": simulator.secret().root,
        })
    };
    let pair = |code: &str| json!({"code": code});
    office.post("/terminals/1/key", &key("other")).await.expect_ok();
    office.post("/terminals/1/pair", &pair("SIMULATE1")).await.expect(422, "bad_terminal_key");
    office.post("/terminals/1/key", &key(&setup.api_key)).await.expect_ok();
    for bad in ["WRONGCODE", "short", ""] {
        office.post("/terminals/1/pair", &pair(bad)).await.expect(422, "bad_pairing_code");
    }
    let paired = office.post("/terminals/1/pair", &pair("simulate1")).await.expect_ok();
    let expected =
        json!({"terminal_id": setup.reader, "model": "virtual-solo", "serial": "SIM-0001"});
    assert_eq!(paired, expected);
    drop(simulator);
    office.post("/terminals/1/pair", &pair("SIMULATE1")).await.expect(502, "provider_unreachable");
}

/// The shop looks up how payments ended; nobody tells it. So whoever calls is turned away, whatever they say and
/// however they sign it.
#[tokio::test]
async fn nobody_tells_the_shop_how_a_payment_ended() {
    let world = World::shop().await;
    let entries = || {
        let reader = store::Reader::open(world.app.engine().path()).expect("the file");
        reader.journal(1, 10_000).expect("the journal").len()
    };
    let office = world.office().await;
    let before = entries();
    let said = json!({
        "id": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "event_type": "solo.transaction.updated",
        "payload": {"client_transaction_id": "urn:sumup:pos:sale:SIM:1;1", "merchant_code": "MH4H92C7", "status": "successful"},
        "timestamp": "2026-11-25T14:48:00Z",
    });
    for path in
        ["/webhooks/sumup", "/webhooks/adyen", "/webhooks", "/terminals/1/webhook", "/payments"]
    {
        // From nowhere, and with a session of the office's; once, and again.
        for mut caller in [world.browser(), world.browser(), office.clone()] {
            let request = caller
                .request(Method::POST, path)
                .header("x-payload-signature", "sha256=00")
                .header("hmacsignature", "AAAA")
                .header("content-type", "application/json")
                .body(said.to_string().into())
                .expect("a request");
            let reply = caller.send(request).await;
            assert!(
                [401, 403, 404, 405].contains(&reply.status.as_u16()),
                "{path}: {}",
                reply.status
            );
        }
    }
    assert_eq!(entries(), before, "nothing is written");
}
