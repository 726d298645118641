//! A receipt above the limit through the API: the till is told, the customer is named, the invoice is had in each form; and
//! the books.

use serde_json::{Value, json};

use crate::http_world::{Browser, CASHIER_PIN, Reply, World, id};

fn eur(amount: i64) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

/// A body that is no JSON.
fn text(reply: Reply, status: u16, kind: &str) -> String {
    assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
    let said = reply.headers[axum::http::header::CONTENT_TYPE].to_str().expect("text");
    assert!(said.starts_with(kind), "{said}");
    reply.text
}

async fn sold(till: &mut Browser, pieces: i64) -> Value {
    let scan = json!({"type": "scan", "code": "4006381333931", "quantity": pieces * 1_000});
    till.command(scan).await.expect_ok();
    let paid = till.command(json!({"type": "pay_cash", "tendered": null})).await.expect_ok();
    paid["view"]["last_receipt"].clone()
}

async fn configure(office: &mut Browser, field: &str, value: Value) {
    let mut settings = office.get("/settings").await.expect_ok();
    settings.as_object_mut().expect("an object").remove("revision");
    settings[field] = value;
    let configure = json!({"type": "configure", "settings": settings, "id": id()});
    office.post("/shop/commands", &configure).await.expect_ok();
}

fn recipient(street: &str) -> Value {
    json!({"to": "recipient", "details": {"name": "Anna Müller", "company": "Müller & Söhne", "street": street,
        "postal_code": "50667", "town": "Köln", "country": "DE"}})
}

#[tokio::test]
async fn a_high_receipt_becomes_an_invoice_with_a_name_on_it() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    till.command(json!({"type": "open_day", "float": eur(10_000)})).await.expect_ok();
    assert_eq!(sold(&mut till, 1).await["invoice_advised"], false);
    let high = sold(&mut till, 120).await;
    assert_eq!((&high["invoice_advised"], &high["total"]), (&json!(true), &eur(29_880)));
    let detail = office.get("/receipts/1/2").await.expect_ok();
    assert_eq!((&detail["invoice_advised"], &detail["invoice"]), (&json!(true), &Value::Null));
    for form in ["invoice", "invoice.xml", "invoice.pdf"] {
        office.get(&format!("/receipts/1/2/{form}")).await.expect(404, "not_found");
    }
    let receipt = json!({"till": 1, "number": 2});
    let ask = |street: &str| json!({"type": "issue_invoice", "receipt": receipt.clone(), "recipient": recipient(street)});
    till.command(ask("")).await.expect(422, "bad_text");
    till.command(ask("Weg 3")).await.expect_ok();
    let detail = office.get("/receipts/1/2").await.expect_ok();
    assert_eq!(detail["invoice_advised"], false);
    assert_eq!(
        detail["invoice"],
        json!({"customer": 1, "title": "Müller & Söhne", "on_account": false, "edition": 1})
    );
    let page = text(till.get("/receipts/1/2/invoice").await, 200, "text/html");
    for part in
        ["Müller &amp; Söhne", "Weg 3", "R1-2", "298,80", "Noch zu zahlen", "Kassenbon R1-2"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    // Whoever is named so buys nothing on account.
    let customer = office.get("/customers/1").await.expect_ok();
    assert_eq!(customer["row"]["customer"]["blocked"], true);
    // For an authority something is missing; all of it is said, in the shop's language.
    let problem = office.get("/receipts/1/2/invoice.xml").await;
    let problem = problem.expect(422, "invoice_incomplete");
    let told = problem["detail"].as_str().expect("told");
    assert!(told.contains("Ansprechpartner") && told.contains("Leitweg-ID"), "{told}");
    let missing = office.get("/receipts/1/2/invoice.pdf").await;
    let missing = missing.expect(422, "invoice_incomplete");
    assert!(missing["detail"].as_str().expect("told").contains("Steuernummer"));
    // The shop's numbers are those of the receipt's time: a later sale has them.
    configure(&mut office, "vat_id", json!("DE123456789")).await;
    sold(&mut till, 120).await;
    let receipt = json!({"till": 1, "number": 3});
    let named = json!({"type": "issue_invoice", "receipt": receipt, "recipient": {"to": "customer", "customer": 1}});
    till.command(named).await.expect_ok();
    let pdf = text(office.get("/receipts/1/3/invoice.pdf").await, 200, "application/pdf");
    assert!(pdf.starts_with("%PDF-1.7") && pdf.contains("factur-x.xml"));
    let xml = office.get("/receipts/1/3/invoice.xml?profile=en16931").await;
    let xml = text(xml, 200, "application/xml");
    assert!(xml.contains("<ram:GrandTotalAmount>298.80<"), "{xml}");
    // The receipt itself is what it was, with the fields for a meal where they are wanted.
    let plain = text(office.get("/receipts/1/2/html").await, 200, "text/html");
    let fields = office.get("/receipts/1/2/html?hospitality=true").await;
    let fields = text(fields, 200, "text/html");
    assert!(!plain.contains("Bewirtungsbeleg") && !plain.contains("Müller"));
    assert!(fields.contains("Bewirtete Personen") && fields.contains("298,80"));
}

#[tokio::test]
async fn the_books_are_had_once_a_day_is_closed_and_their_accounts_are_set() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let days = "from=2026-11-01&to=2026-11-30";
    let asked = format!("/record/datev.csv?{days}");
    office.get(&asked).await.expect(422, "datev_not_set");
    let datev = json!({"adviser": 12345, "client": 7, "year_begins": "2026-01-01", "digits": 4,
        "chart": "skr04", "accounts": [], "fixed": false});
    configure(&mut office, "datev", datev).await;
    office.get(&asked).await.expect(422, "no_closing");
    office.get("/record/datev.csv?from=2026-11-30&to=2026-11-01").await.expect(422, "bad_field");
    let rows = office.get("/record/datev/accounts?chart=skr04&digits=6").await.expect_ok();
    assert_eq!(rows[0], json!({"purpose": "cash", "tax": null, "rate": null, "number": 160_000}));
    assert!(rows.as_array().expect("rows").iter().any(|row| row["purpose"] == "sales"));
    let mut till = world.till(3, CASHIER_PIN).await;
    till.command(json!({"type": "open_day", "float": eur(10_000)})).await.expect_ok();
    sold(&mut till, 2).await;
    let counted = json!({"type": "count_drawer", "pieces": [{"value": 1, "pieces": 10_498}]});
    till.command(counted).await.expect_ok();
    till.command(json!({"type": "close_day"})).await.expect_ok();
    let file = text(office.get(&asked).await, 200, "text/csv; charset=windows-1252");
    assert!(file.starts_with("\"EXTF\";700;21;") && file.contains(";\"04\";"), "{file}");
    let book = office.get("/cash-book/1?month=2026-11-15").await.expect_ok();
    assert_eq!((&book["closing"], &book["negative"]), (&eur(10_498), &json!(false)));
    let page = office.get("/cash-book/1/html?month=2026-11-15").await;
    let page = text(page, 200, "text/html");
    assert!(page.contains("Kassenbuch") && page.contains("104,98"));
    let csv = office.get("/cash-book/1/export.csv?month=2026-11-15").await;
    assert!(text(csv, 200, "text/csv").contains("sales;;498;;10498;false"));
    let rows = office.get("/cash-book/1/datev.csv?month=2026-11-15").await;
    assert!(text(rows, 200, "text/csv").contains("+4,98"));
    office.get("/cash-book/9?month=2026-11-15").await.expect(404, "not_found");
}
