//! Cash machines over HTTP: looked at, saved, their passwords, what a till may ask.

use devices::simulator::cash_machine::CashMachine;
use devices::simulator::stand::{Fault, Stand};
use serde_json::{Value, json};

use crate::http_world::{CASHIER_PIN, World, id};

async fn machine() -> Stand<CashMachine> {
    let any = "127.0.0.1:0".parse().expect("an address");
    Stand::start(any, CashMachine::new()).await.expect("a machine")
}

fn device(at: &str, user: &str) -> Value {
    let mut device = json!({"kind": "cash_machine", "id": 7});
    if !user.is_empty() {
        device["user"] = json!(user);
    }
    json!({"at": at, "name": "Automat", "device": device})
}

#[tokio::test]
async fn a_machine_is_looked_at_saved_and_asked_by_its_till() {
    let (world, machine) = (World::shop().await, machine().await);
    let at = machine.address().to_string();
    let mut office = world.office().await;
    let asked = json!({"device": device(&at, "")});
    let seen = office.post("/cash-machines/look", &asked).await.expect_ok();
    assert_eq!((&seen["code"], &seen["certificate"]), (&json!("ok"), &Value::Null));
    let held = machine.with(|m| m.holds());
    assert_eq!(seen["sum"], json!({"amount": held, "currency": "EUR"}));
    assert_eq!(seen["pieces"][0], json!({"value": 5_000, "pieces": 20}), "the largest first");
    assert_eq!(seen["pieces"].as_array().map(Vec::len), Some(12));
    // Nothing is said of it that nobody asked.
    let mut till = world.till(3, CASHIER_PIN).await;
    till.post("/tills/1/cash-machine/look", &json!({})).await.expect(404, "not_found");

    let mut settings = office.get("/settings").await.expect_ok();
    settings.as_object_mut().expect("an object").remove("revision");
    settings["peripherals"] = json!([device(&at, "kasse")]);
    settings["tills"][0]["cash_machine"] = json!(at);
    let put = json!({"id": id(), "type": "configure", "settings": settings});
    office.post("/shop/commands", &put).await.expect_ok();
    let rows = office.get("/cash-machines").await.expect_ok();
    assert_eq!((&rows[0]["at"], &rows[0]["needs_password"]), (&json!(at), &json!(true)));
    let told = json!({"at": at, "password": "geheim-4711"});
    let rows = office.post("/cash-machines/password", &told).await.expect_ok();
    assert_eq!(rows[0]["needs_password"], false);
    assert!(!rows.to_string().contains("geheim"), "told to nobody");
    let seen = till.post("/tills/1/cash-machine/look", &json!({})).await.expect_ok();
    assert_eq!(seen["sum"]["amount"], held);
    let login = "6c6f67696e"; // login
    let recording = machine.recording().replace(' ', "");
    assert!(recording.contains(login), "it signed in");

    // Another address is not sent the password of the one before.
    settings["peripherals"][0]["at"] = json!("127.0.0.1:9");
    settings["tills"][0]["cash_machine"] = json!("127.0.0.1:9");
    let put = json!({"id": id(), "type": "configure", "settings": settings});
    office.post("/shop/commands", &put).await.expect_ok();
    let rows = office.get("/cash-machines").await.expect_ok();
    assert_eq!(rows[0]["needs_password"], true);
    let wrong = json!({"at": at, "password": "x"});
    office.post("/cash-machines/password", &wrong).await.expect(422, "bad_field");
}

#[tokio::test]
async fn what_is_wrong_with_a_machine_is_said_in_a_code() {
    let (world, machine) = (World::shop().await, machine().await);
    let mut office = world.office().await;
    let at = machine.address().to_string();
    let asked = |at: &str| json!({"device": device(at, "")});
    machine.with(|m| m.set_fault(true));
    let seen = office.post("/cash-machines/look", &asked(&at)).await.expect_ok();
    assert_eq!(seen["code"], "machine_fault");
    assert!(seen["sum"]["amount"].is_number(), "what it holds is said all the same");
    machine.set_fault(Fault::Gone);
    let seen = office.post("/cash-machines/look", &asked(&at)).await.expect_ok();
    assert_eq!((&seen["code"], &seen["sum"]), (&json!("machine_unreachable"), &Value::Null));
    // Nothing is sent over TLS to one that nobody has vouched for.
    let sealed = format!("wss://{at}");
    let seen = office.post("/cash-machines/look", &asked(&sealed)).await.expect_ok();
    assert_eq!(seen["code"], "machine_certificate");
    let printer = json!({"at": at, "name": "x", "device":
        {"kind": "printer", "language": "esc_pos", "model": "TM-T20III"}});
    let wrong = json!({"device": printer});
    office.post("/cash-machines/look", &wrong).await.expect(422, "bad_field");
}
