//! The bank page over the network: shown, taken in, refused; and who may.

use serde_json::{Value, json};

use crate::http_world::{Browser, CASHIER_PIN, World};

async fn upload(office: &mut Browser, path: &str, body: &str) -> crate::http_world::Reply {
    office.post_text(path, body.to_owned()).await
}

/// A command of the office.
async fn order(office: &mut Browser, mut command: Value) -> crate::http_world::Reply {
    command["id"] = json!(crate::http_world::id());
    office.post("/shop/commands", &command).await
}

/// A shop with an account, and a transfer that till 1 waits for: its reference and amount.
async fn waiting(world: &World, office: &mut Browser) -> (Browser, String, i64) {
    let mut settings = office.get("/settings").await.expect_ok();
    let object = settings.as_object_mut().expect("an object");
    object.remove("revision");
    object
        .insert("bank".to_owned(), json!({"iban": "DE89370400440532013000", "holder": "Hofladen"}));
    order(office, json!({"type": "configure", "settings": settings})).await.expect_ok();
    let mut till = world.till(3, CASHIER_PIN).await;
    let float = json!({"amount": 10_000, "currency": "EUR"});
    till.command(json!({"type": "open_day", "float": float})).await.expect_ok();
    till.command(json!({"type": "scan", "code": "4006381333931"})).await.expect_ok();
    let answer = till.command(json!({"type": "pay_transfer"})).await.expect_ok();
    let transfer = &answer["view"]["transfer"];
    let reference = transfer["reference"].as_str().expect("a text").to_owned();
    let amount = transfer["amount"]["amount"].as_i64().expect("a number");
    (till, reference, amount)
}

fn list(reference: &str, minor: i64) -> String {
    format!(
        "Buchungstag;Verwendungszweck;Betrag\n23.11.2026;{reference};{},{:02}\n",
        minor / 100,
        minor % 100
    )
}

#[tokio::test]
async fn a_file_is_shown_first_and_taken_in_when_it_is_the_same() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let (mut till, reference, amount) = waiting(&world, &mut office).await;
    // The customer sees their own transfer, and nothing else of the shop.
    let display = world.browser().get("/tills/1/display").await.expect_ok();
    assert_eq!(display["transfer"]["reference"], json!(reference));
    assert!(display["transfer"]["qr"]["payload"].as_str().is_some_and(|p| p.contains(&reference)));

    let text = list(&reference, amount);
    let shown = upload(&mut office, "/bank/files", &text).await.expect_ok();
    assert_eq!((&shown["paid"], &shown["taken"]), (&json!(1), &json!(false)));
    let digest = shown["digest"].as_str().expect("a text");
    let other = list(&reference, amount + 1);
    let wrong = upload(&mut office, &format!("/bank/files?take={digest}"), &other).await;
    wrong.expect(409, "bank_file_differs");
    let done = upload(&mut office, &format!("/bank/files?take={digest}"), &text).await.expect_ok();
    assert_eq!((&done["paid"], &done["taken"]), (&json!(1), &json!(true)));
    let view = till.get("/tills/1").await.expect_ok();
    assert_eq!(view["last_receipt"]["tenders"][0]["kind"], json!("transfer"));
    let page = office.get("/transfers").await.expect_ok();
    assert_eq!(page["transfers"][0]["state"], json!("paid"));
}

#[tokio::test]
async fn what_fits_nothing_is_listed_until_somebody_says_what_was_done() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let (mut till, reference, amount) = waiting(&world, &mut office).await;
    let give_up = json!({"type": "give_up_transfer", "transfer": 1});
    till.command(give_up).await.expect_ok();
    let text = list(&reference, amount);
    let shown = upload(&mut office, "/bank/files", &text).await.expect_ok();
    let digest = shown["digest"].as_str().expect("a text");
    upload(&mut office, &format!("/bank/files?take={digest}"), &text).await.expect_ok();
    let waits = office.get("/bank/messages?waiting=true").await.expect_ok();
    assert_eq!(waits["messages"][0]["finding"], json!("given_up"));
    assert_eq!(waits["messages"][0]["amount"]["amount"], json!(amount));
    let settle = json!({"type": "settle_bank_message", "message": 1, "reason": "zurück"});
    order(&mut office, settle.clone()).await.expect_ok();
    order(&mut office, settle).await.expect(422, "unknown_bank_message");
    let waits = office.get("/bank/messages?waiting=true").await.expect_ok();
    assert_eq!(waits["messages"], json!([]));
    let all = office.get("/bank/messages").await.expect_ok();
    assert_eq!(all["messages"][0]["reason"], json!("zurück"));
}

#[tokio::test]
async fn files_that_nobody_can_use_are_told_apart_and_book_nothing() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let before = office.get("/record").await.expect_ok()["head"].clone();
    let bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><Document>&b;</Document>";
    for (text, status, code) in [
        (bomb, 422, "bank_file_entities"),
        ("<Document><BkToCstmrStmt>", 422, "bank_file_broken"),
        ("<svg/>", 422, "bank_file_not_camt"),
        ("Name;Preis\nx;1\n", 422, "bank_file_no_columns"),
        ("", 422, "bank_file_empty"),
    ] {
        upload(&mut office, "/bank/files", text).await.expect(status, code);
    }
    let large = " ".repeat(shop::bank::MAX_BYTES + 1);
    upload(&mut office, "/bank/files", &large).await.expect(413, "too_large");
    assert_eq!(office.get("/record").await.expect_ok()["head"], before);
}

#[tokio::test]
async fn a_cashier_neither_reads_nor_takes_in_what_the_bank_says() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    for path in ["/transfers", "/bank/messages"] {
        till.get(path).await.expect(403, "not_permitted");
    }
    upload(&mut till, "/bank/files", "x").await.expect(403, "not_permitted");
    let nobody: Value =
        upload(&mut world.browser(), "/bank/files", "x").await.expect(401, "not_signed_in");
    assert_eq!(nobody["status"], json!(401));
}
