//! What a shop's country offers, and what is refused where it is another country's.

use serde_json::{Value, json};

use crate::http_world::{Browser, MANAGER_PIN, World, id};

async fn moved(office: &mut Browser, country: &str, zone: &str) {
    let mut settings = office.get("/settings").await.expect_ok();
    let base = settings.as_object_mut().expect("an object").remove("revision");
    settings["country"] = json!(country);
    settings["time_zone"] = json!(zone);
    if country == "AT" {
        // Rates that the RKSV has no place for are superseded with the move.
        let rates = settings["rates"].as_array_mut().expect("rates");
        for (key, rate) in [(1, 2_000), (2, 1_000)] {
            rates.push(json!({"key": key, "rate": rate, "from": "2026-07-01T00:00:00"}));
        }
    }
    let body = json!({"id": id(), "type": "configure", "settings": settings, "base": base});
    office.post("/shop/commands", &body).await.expect_ok();
}

/// A till day with one receipt.
async fn sold(world: &World) -> Browser {
    let mut till = world.till(1, MANAGER_PIN).await;
    let float = json!({"amount": 0, "currency": "EUR"});
    till.command(json!({"type": "open_day", "float": float})).await.expect_ok();
    till.command(json!({"type": "scan", "code": "4006381333931"})).await.expect_ok();
    till.command(json!({"type": "pay_cash", "tendered": null})).await.expect_ok();
    till
}

fn reprint() -> Value {
    json!({"type": "reprint", "receipt": {"till": 1, "number": 1}, "hospitality": true})
}

#[tokio::test]
async fn pages_are_told_what_they_have_to_know_of_each_country() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let told = |view: Value| {
        let facts = ["country", "electronic_invoices", "hospitality"].map(|key| view[key].clone());
        let (name, number) = (view["name"]["de"].clone(), view["vat_number"]["de"].clone());
        let kept = &view["customer_details"];
        let kept = (kept["years"].clone(), kept["law"].clone());
        (facts, name, number, view["nameless_up_to"]["amount"].clone(), kept)
    };
    let facts = |country: &str, electronic: bool, meals: bool| {
        [json!(country), json!(electronic), json!(meals)]
    };
    let kept = |years: u8, law: &str| (json!(years), json!(law));
    let view = told(office.get("/country").await.expect_ok());
    let germany = facts("DE", true, true);
    assert_eq!(
        view,
        (
            germany,
            json!("Deutschland"),
            json!("USt-IdNr."),
            json!(25_000),
            kept(8, "UStG § 14b (BEG IV)")
        )
    );
    moved(&mut office, "AT", "Europe/Vienna").await;
    let view = told(office.get("/country").await.expect_ok());
    let austria = facts("AT", true, false);
    assert_eq!(
        view,
        (austria, json!("Österreich"), json!("UID-Nummer"), json!(40_000), kept(7, "BAO § 132"))
    );
    moved(&mut office, "CH", "Europe/Zurich").await;
    let view = told(office.get("/country").await.expect_ok());
    let switzerland = facts("CH", false, false);
    assert_eq!(
        view,
        (
            switzerland,
            json!("Schweiz"),
            json!("MWST-Nr. (UID)"),
            json!(40_000),
            kept(10, "OR Art. 958f; MWSTG Art. 70")
        )
    );
}

#[tokio::test]
async fn what_is_german_law_is_refused_elsewhere() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let mut till = sold(&world).await;
    let at_home = till.get("/tills/1").await.expect_ok();
    assert_eq!(at_home["hospitality"], true);
    till.command(reprint()).await.expect_ok();
    for (country, zone) in [("AT", "Europe/Vienna"), ("CH", "Europe/Zurich")] {
        moved(&mut office, country, zone).await;
        for path in [
            "/record/datev.csv?from=2026-11-01&to=2026-11-30",
            "/record/datev/accounts?chart=skr03&digits=4",
            "/cash-book/1/datev.csv?month=2026-11-01",
            "/record/dsfinvk.zip?from=2026-11-01&to=2026-11-30",
        ] {
            office.get(path).await.expect(422, "not_in_country");
        }
        assert_eq!(office.get("/record").await.expect_ok()["offered"]["datev"], false);
        assert_eq!(till.get("/tills/1").await.expect_ok()["hospitality"], false);
        till.command(reprint()).await.expect(422, "not_in_country");
        assert!(office.get("/cash-book/1/export.csv?month=2026-11-01").await.status.is_success());
    }
    // A receipt is what it was when it was issued: this one is of a shop in Germany.
    let page = office.get("/receipts/1/1/html?hospitality=true").await;
    assert!(page.status.is_success() && page.text.contains("Bewirtete Personen"), "{}", page.text);
    till.command(json!({"type": "scan", "code": "4006381333931"})).await.expect_ok();
    till.command(json!({"type": "pay_cash", "tendered": null})).await.expect_ok();
    let asked = "/receipts/1/2/html?hospitality=true";
    office.get(asked).await.expect(422, "not_in_country");
    assert!(office.get("/receipts/1/2/html").await.status.is_success());
}

#[tokio::test]
async fn papers_name_the_law_of_the_shops_country_alone() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let mut said = Vec::new();
    for (country, zone) in
        [("DE", "Europe/Berlin"), ("AT", "Europe/Vienna"), ("CH", "Europe/Zurich")]
    {
        moved(&mut office, country, zone).await;
        let page = office.get("/audit/retention.html").await;
        assert!(page.status.is_success(), "{}", page.text);
        let procedures = office.get("/audit/procedures.html").await.text;
        let all = format!("{}{procedures}", page.text);
        let laws = ["(AO §", "BEG IV", "AEAO", "BAO §", "OR Art."];
        said.push(laws.map(|law| all.contains(law)));
    }
    assert_eq!(said[0], [true, true, true, false, false]);
    assert_eq!(said[1], [false, false, false, true, false]);
    assert_eq!(said[2], [false, false, false, false, true]);
}
