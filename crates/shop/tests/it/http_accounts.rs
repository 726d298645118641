//! A customer through the API: sold on account, seen in the office, paid later, and the invoice.

use serde_json::{Value, json};

use crate::http_world::{Browser, CASHIER_PIN, World, id};

fn eur(amount: i64) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

async fn ask(office: &mut Browser, mut command: Value) -> crate::http_world::Reply {
    command["id"] = json!(id());
    office.post("/shop/commands", &command).await
}

fn put(company: &str) -> Value {
    let details = json!({"name": "Anna Müller", "company": company, "street": "Weg 3",
        "postal_code": "50667", "town": "Köln", "country": "DE", "email": "anna@example.org", "vat_id": "DE123456789"});
    json!({"type": "put_customer", "details": details, "term_days": 14, "limit": eur(1_000)})
}

/// A shop with a customer, and a till that has sold them goods of 4.98 on account.
async fn sold() -> (World, Browser, Browser) {
    let world = World::shop().await;
    let mut office = world.office().await;
    let made = ask(&mut office, put("Müller & Söhne")).await.expect_ok();
    assert_eq!(made["made"]["customer"], 1);
    let mut till = world.till(3, CASHIER_PIN).await;
    till.command(json!({"type": "open_day", "float": eur(10_000)})).await.expect_ok();
    buy(&mut till).await;
    let paid = till.command(json!({"type": "pay_on_account", "customer": 1})).await.expect_ok();
    assert_eq!(paid["receipt"], json!({"till": 1, "number": 1}));
    let account = &paid["view"]["last_receipt"]["tenders"][0]["account"];
    assert_eq!(*account, json!({"customer": 1, "name": "Müller & Söhne", "due": "2026-12-07"}));
    (world, office, till)
}

async fn buy(till: &mut Browser) {
    let scan = json!({"type": "scan", "code": "4006381333931", "quantity": 2000});
    till.command(scan).await.expect_ok();
}

#[tokio::test]
async fn what_is_bought_on_account_is_owed_seen_and_paid_later() {
    let (world, mut office, mut till) = sold().await;
    let found = till.get("/tills/1/customers?q=mueller").await.expect_ok();
    assert_eq!(found, json!([]));
    let found = till.get("/tills/1/customers?q=muller%20koln").await.expect_ok();
    assert_eq!(found[0]["title"], "Müller & Söhne");
    assert_eq!((&found[0]["balance"], &found[0]["available"]), (&eur(498), &eur(502)));
    let open = till.get("/tills/1/customers/1").await.expect_ok();
    assert_eq!(open["open"][0]["left"], eur(498));
    assert_eq!(open["open"][0]["overdue"], false);

    let page = office.get("/customers?open=true").await.expect_ok();
    assert_eq!((&page["sums"]["open"], &page["sums"]["receipts"]), (&eur(498), &json!(1)));
    // Over the limit it is the supervisor's word.
    buy(&mut till).await;
    till.command(json!({"type": "scan", "code": "4006381333931", "quantity": 2000}))
        .await
        .expect_ok();
    let over = till.command(json!({"type": "pay_on_account", "customer": 1})).await;
    let over = over.expect(422, "not_permitted");
    assert_eq!(over["refusal"]["permission"], "exceed_credit");
    till.command(json!({"type": "pay_cash"})).await.expect_ok();

    world.clock.set_wall("2026-12-08T13:00:00Z".parse().expect("a time"));
    let mut office = world.office().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    let today = office.get("/today").await.expect_ok();
    let todo = today["todo"].as_array().expect("a list");
    assert!(todo.contains(&json!({"kind": "overdue_accounts", "count": 1})), "{todo:?}");
    let owed = office.get("/customers/open").await.expect_ok();
    assert_eq!(owed["items"][0]["title"], "Müller & Söhne");
    assert_eq!(
        (&owed["items"][0]["item"]["days"], &owed["sums"]["overdue"]),
        (&json!(1), &eur(498))
    );

    let record = json!({"type": "record_account_payment", "customer": 1, "amount": eur(98), "reference": "Auszug 17"});
    ask(&mut office, record).await.expect_ok();
    till.command(json!({"type": "settle_account", "customer": 1})).await.expect_ok();
    till.command(json!({"type": "pay_cash", "tendered": eur(400)})).await.expect_ok();
    let detail = office.get("/customers/1").await.expect_ok();
    assert_eq!(detail["row"]["customer"]["balance"], eur(0));
    assert_eq!(detail["details"]["company"], "Müller & Söhne");
    let postings = detail["postings"].as_array().expect("a list");
    let told: Vec<_> =
        postings.iter().map(|p| (p["kind"].clone(), p["balance"]["amount"].clone())).collect();
    assert_eq!(
        told,
        [(json!("paid"), json!(0)), (json!("paid"), json!(400)), (json!("charged"), json!(498))]
    );
    assert_eq!(postings[1]["reference"], "Auszug 17");
    let text = till.get("/receipts/1/3/text").await.text;
    assert!(
        text.contains("Zahlung auf Kundenkonto 1") && text.contains("Müller & Söhne"),
        "{text}"
    );
    let z = office.get("/receipts/1/1/text").await.text;
    for told in ["Auf Rechnung", "Kunde 1: Müller & Söhne", "offen: 4,98", "Fällig am 07.12.2026"]
    {
        assert!(z.contains(told), "{told}: {z}");
    }
}

#[tokio::test]
async fn an_invoice_says_all_that_an_invoice_must() {
    let (_world, mut office, mut till) = sold().await;
    let reply = till.get("/receipts/1/1/invoice").await;
    let policy = reply.headers["content-security-policy"].to_str().expect("a text").to_owned();
    assert!(policy.contains("style-src 'sha256-") && policy.contains("default-src 'none'"));
    let page = reply.text;
    for told in [
        "Rechnung R1-1",
        "Hofladen",
        "Feldweg 1",
        "Müller &amp; Söhne",
        "Anna Müller",
        "Weg 3",
        "50667 Köln",
        "USt-IdNr. DE123456789",
        "Leistungsdatum",
        "23.11.2026",
        "07.12.2026",
        "4,98",
        "Rechnungsbetrag",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("class=\"bill\""), "no Swiss bill in Germany");
    office.get("/receipts/1/1/invoice").await;
    // The address of then, whatever it is now.
    let mut moved = put("Müller & Söhne");
    moved["customer"] = json!(1);
    moved["details"]["town"] = json!("Bonn");
    ask(&mut office, moved).await.expect_ok();
    assert!(till.get("/receipts/1/1/invoice").await.text.contains("50667 Köln"));
    buy(&mut till).await;
    till.command(json!({"type": "pay_cash"})).await.expect_ok();
    till.get("/receipts/1/2/invoice").await.expect(404, "not_found");
    // Goods that come back are a correction of it.
    let back = json!({"type": "return_receipt", "receipt": {"till": 1, "number": 1}});
    till.command(back).await.expect_ok();
    till.command(json!({"type": "pay_cash"})).await.expect_ok();
    let page = till.get("/receipts/1/3/invoice").await.text;
    assert!(page.contains("Rechnungskorrektur R1-3") && page.contains("zu R1-1"), "{page}");
}

#[tokio::test]
async fn what_does_not_fit_is_told_by_its_code() {
    let (_world, mut office, mut till) = sold().await;
    let paid = |amount: Value| json!({"type": "record_account_payment", "customer": 1, "amount": amount, "reference": "x"});
    ask(&mut office, paid(eur(-5))).await.expect(422, "out_of_limits");
    ask(&mut office, paid(json!({"amount": 5, "currency": "CHF"})))
        .await
        .expect(422, "wrong_currency");
    ask(&mut office, paid(eur(10_000))).await.expect(422, "more_than_owed");
    let mut unknown = paid(eur(5));
    unknown["customer"] = json!(99);
    ask(&mut office, unknown).await.expect(422, "unknown_customer");
    ask(&mut office, json!({"type": "forget_customer", "customer": 1}))
        .await
        .expect(422, "account_not_settled");
    let mut stale = put("Andere");
    stale["customer"] = json!(1);
    stale["base"] = json!("0000000000000000");
    ask(&mut office, stale).await.expect(422, "stale");
    till.get("/tills/1/customers/99").await.expect(404, "not_found");
    till.get("/customers").await.expect(403, "not_permitted");
    let csv = office.get("/customers/export.csv").await.text;
    assert!(csv.contains("1;Müller & Söhne;Anna Müller;Weg 3;50667;Köln;DE;"), "{csv}");
    assert!(!csv.contains(";="), "{csv}");
}

#[tokio::test]
async fn an_account_that_nobody_could_pay_to_is_no_setting() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let mut settings = office.get("/settings").await.expect_ok();
    settings.as_object_mut().expect("an object").remove("revision");
    for (bank, problem) in [
        (json!({"iban": "DE89370400440532013001", "holder": "Hof"}), Some("iban")),
        (json!({"iban": "DE89 3704 0044 0532 0130 00", "holder": "Hof"}), Some("iban")),
        (
            json!({"iban": "DE89370400440532013000", "bic": "cobadeff", "holder": "Hof"}),
            Some("bic"),
        ),
        (json!({"iban": "DE89370400440532013000", "bic": "COBADEFFXXX", "holder": "Hof"}), None),
    ] {
        settings["bank"] = bank.clone();
        let reply = ask(&mut office, json!({"type": "configure", "settings": settings})).await;
        match problem {
            Some(problem) => {
                let told = reply.expect(422, "bad_settings");
                assert_eq!(told["refusal"]["problem"], problem, "{bank}");
            }
            None => drop(reply.expect_ok()),
        }
    }
}
