//! Audits over HTTP: the code, what an auditor gets and what not, and that every look is an entry.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, header};
use domain::Role;
use domain::people::{Permission, may};
use serde_json::{Value, json};

use crate::http_world::{Browser, CASHIER_PIN, MANAGER_PIN, PASSPHRASE, Reply, World, id};

const OFFICE: &str = "Finanzamt Köln-Mitte, 215/1234/5678";

/// An audit of an hour, opened by Ada: its code.
async fn opened(office: &mut Browser) -> String {
    let asked = json!({"office": OFFICE, "minutes": 60});
    let opened = office.post("/audits", &asked).await.expect_ok();
    opened["code"].as_str().expect("a code").to_owned()
}

async fn auditor(world: &World) -> (Browser, Browser) {
    let mut office = world.office().await;
    let code = opened(&mut office).await;
    let mut auditor = world.browser();
    auditor.post("/audits/enter", &json!({ "code": code })).await.expect_ok();
    (office, auditor)
}

async fn command(office: &mut Browser, mut body: Value) {
    body["id"] = json!(id());
    office.post("/shop/commands", &body).await.expect_ok();
}

async fn configure(office: &mut Browser, change: impl FnOnce(&mut Value)) {
    let mut settings = office.get("/settings").await.expect_ok();
    settings.as_object_mut().expect("an object").remove("revision");
    change(&mut settings);
    command(office, json!({"type": "configure", "settings": settings})).await;
}

async fn bare(browser: &mut Browser, method: &Method, path: &str) -> Reply {
    let mut path = format!("/api/v1{path}");
    for name in ["{till}", "{item}", "{group}", "{person}", "{number}", "{id}", "{unit}"] {
        path = path.replace(name, "1");
    }
    let request =
        browser.request(method.clone(), &path).header(header::CONTENT_TYPE, "application/json");
    browser.send(request.body(Body::from("{}")).expect("a request")).await
}

#[tokio::test]
async fn an_auditor_gets_the_audit_and_nothing_else_whatever_the_route() {
    let world = World::shop().await;
    let (_office, mut auditor) = auditor(&world).await;
    let mut seen = 0;
    // What ends the audit comes last.
    let (last, others): (Vec<_>, Vec<_>) =
        shop::http::operations().into_iter().partition(|o| o.path == "/audit/leave");
    for operation in others.iter().chain(&last) {
        let reply = bare(&mut auditor, &operation.method, operation.path).await;
        let got = reply.status.as_u16();
        let allowed = may(Role::Auditor, operation.permission);
        assert_eq!(
            !matches!(got, 401 | 403),
            allowed || operation.path == "/audits/enter" && got != 401,
            "{} {}: {got}",
            operation.method,
            operation.path
        );
        assert!(got < 500, "{} {}: {got} {}", operation.method, operation.path, reply.text);
        if operation.permission == Permission::SeeAudit {
            seen += 1;
            let reads = operation.method == Method::GET || operation.path == "/audit/leave";
            assert!(reads, "{} {} would write", operation.method, operation.path);
        }
    }
    assert!(seen >= 15, "{seen}");
}

#[tokio::test]
async fn no_command_gets_through_and_no_secret_is_shown() {
    let world = World::shop().await;
    let (_office, mut auditor) = auditor(&world).await;
    let put =
        json!({"id": id(), "type": "put_person", "name": "Eva", "role": "manager", "active": true});
    auditor.post("/shop/commands", &put).await.expect(403, "not_permitted");
    auditor.command(json!({"type": "new_basket"})).await.expect(403, "not_permitted");
    let secret = json!({"kind": "pin", "secret": "918273"});
    auditor.post("/people/1/credentials", &secret).await.expect(403, "not_permitted");
    auditor.get("/people").await.expect(403, "not_permitted");
    auditor.get("/settings").await.expect(403, "not_permitted");
    auditor.get("/audits").await.expect(403, "not_permitted");
    auditor.post("/audits/end", &json!({})).await.expect(403, "not_permitted");
    auditor.post("/record/backup", &json!({})).await.expect(403, "not_permitted");
    auditor
        .get("/record/dsfinvk.zip?from=2026-01-01&to=2026-12-31")
        .await
        .expect(403, "not_permitted");
    for path in ["/audit", "/audit/changes", "/audit/procedures.html", "/audit/notification.html"] {
        let text = auditor.get(path).await.text;
        for secret in [PASSPHRASE, MANAGER_PIN, CASHIER_PIN, "argon2"] {
            assert!(!text.contains(secret), "{path}: {secret}");
        }
    }
    let session = auditor.get("/session").await.expect_ok();
    assert_eq!(
        (session["person"].clone(), session["audit"]["office"].as_str()),
        (Value::Null, Some(OFFICE))
    );
    assert_eq!(session["permissions"], json!([]));
}

#[tokio::test]
async fn every_look_is_an_entry_before_it_is_answered_and_the_shop_sees_them() {
    let world = World::shop().await;
    let (mut office, mut auditor) = auditor(&world).await;
    auditor.get("/audit").await.expect_ok();
    auditor.get("/audit/receipts?q=17").await.expect_ok();
    assert!(auditor.get("/audit/procedures.pdf").await.status.is_success());
    auditor.post("/audit/leave", &json!({})).await.expect_ok();
    auditor.get("/audit").await.expect(401, "not_signed_in");
    let audits = office.get("/audits").await.expect_ok();
    let row = &audits[0];
    assert_eq!(
        (row["office"].as_str(), row["opened_by_name"].as_str()),
        (Some(OFFICE), Some("Ada"))
    );
    assert_eq!((row["open"].as_bool(), row["why"].as_str()), (Some(false), Some("auditor")));
    let looks: Vec<&str> =
        row["looks"].as_array().expect("looks").iter().filter_map(|l| l["what"].as_str()).collect();
    assert_eq!(looks, ["", "receipts?q=17", "procedures.pdf"]);
    // The shop's own looks are none of an audit's.
    office.get("/audit/changes").await.expect_ok();
    assert_eq!(
        office.get("/audits").await.expect_ok()[0]["looks"].as_array().expect("looks").len(),
        3
    );
}

#[tokio::test]
async fn a_code_is_good_once_and_used_up_by_guessing() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let code = opened(&mut office).await;
    office
        .post("/audits", &json!({"office": OFFICE, "minutes": 60}))
        .await
        .expect(422, "audit_running");
    let mut auditor = world.browser();
    let typed = code.to_lowercase().replace('-', " ");
    auditor.post("/audits/enter", &json!({ "code": typed })).await.expect_ok();
    let mut second = world.browser();
    second.post("/audits/enter", &json!({ "code": code })).await.expect(401, "wrong_audit_code");
    auditor.get("/audit").await.expect_ok();
    office.post("/audits/end", &json!({})).await.expect_ok();
    auditor.get("/audit").await.expect(401, "not_signed_in");

    let code = opened(&mut office).await;
    for _ in 0..6 {
        second
            .post("/audits/enter", &json!({"code": "AAAA-AAAA"}))
            .await
            .expect(401, "wrong_audit_code");
    }
    second.post("/audits/enter", &json!({ "code": code })).await.expect(401, "wrong_audit_code");
    let row = office.get("/audits").await.expect_ok()[0].clone();
    assert_eq!((row["why"].as_str(), row["entered"].clone()), (Some("wrong_code"), Value::Null));
}

#[tokio::test]
async fn it_ends_by_itself_and_goes_on_over_a_restart_until_then() {
    let mut world = World::shop().await;
    let (_, auditor) = auditor(&world).await;
    let cookies = auditor.cookies.clone();
    world.clock.advance(Duration::from_secs(59 * 60));
    world.restart().await;
    let mut auditor = world.browser();
    auditor.cookies = cookies;
    auditor.get("/audit").await.expect_ok();
    world.clock.advance(Duration::from_secs(60));
    auditor.get("/audit").await.expect(401, "not_signed_in");
    auditor.get("/session").await.expect_ok();
    let mut office = world.office().await;
    let row = office.get("/audits").await.expect_ok()[0].clone();
    assert_eq!(row["open"].as_bool(), Some(false));
    // The next one says first that time ended this one.
    opened(&mut office).await;
    let row = office.get("/audits").await.expect_ok()[1].clone();
    assert_eq!(row["why"].as_str(), Some("time"));
}

#[tokio::test]
async fn whoever_was_signed_in_in_the_browser_is_signed_out_when_an_auditor_enters_there() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let code = opened(&mut office).await;
    let manager = office.cookies.clone();
    office.post("/audits/enter", &json!({ "code": code })).await.expect_ok();
    office.get("/people").await.expect(403, "not_permitted");
    // Not with the cookie of before either.
    let mut before = world.browser();
    before.cookies = manager;
    before.get("/people").await.expect(401, "not_signed_in");
}

#[tokio::test]
async fn changes_are_told_in_words_with_who_and_from_what_to_what() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let item = json!({"number": "100", "name": "Äpfel, Elstar", "tax": 2, "group": 1,
        "codes": [{"code": "4006381333931"}], "prices": [{"amount": 279}], "minimum": 5000});
    command(&mut office, json!({"type": "put_item", "item": 1, "draft": item})).await;
    configure(&mut office, |settings| {
        settings["rates"]
            .as_array_mut()
            .expect("rates")
            .push(json!({"key": 2, "rate": 500, "from": "2027-01-01T00:00:00"}));
        settings["name"] = json!("Hofladen <script>alert(1)</script>");
    })
    .await;
    command(&mut office, json!({"type": "put_person", "person": 3, "name": "Cem", "role": "supervisor", "active": true})).await;

    let rows = |page: Value| page["changes"].as_array().expect("rows").clone();
    let prices = rows(office.get("/audit/changes?kind=prices").await.expect_ok());
    assert_eq!(prices[0]["what"], "100 Äpfel, Elstar");
    assert_eq!(prices[0]["person_name"], "Ada");
    assert_eq!(
        prices[0]["fields"],
        json!([{"field": "Preis 1 · Betrag", "from": "2,49 EUR", "to": "2,79 EUR"}])
    );
    let rates = rows(office.get("/audit/changes?kind=rates&language=en").await.expect_ok());
    let field = &rates[0]["fields"][0];
    assert_eq!(field["field"].as_str(), Some("Tax rate of key 2, 2027-01-01 · Rate"), "{rates:?}");
    assert_eq!(field["to"].as_str(), Some("5 %"));
    let settings = rows(office.get("/audit/changes?kind=settings").await.expect_ok());
    assert_eq!(settings[0]["fields"].as_array().expect("fields").len(), 1, "rates stand apart");
    let people = rows(office.get("/audit/changes?kind=people").await.expect_ok());
    assert_eq!(
        people[0]["fields"],
        json!([{"field": "Rolle", "from": "Kassierer", "to": "Schichtleitung"}])
    );
    // Pages come to the same as the whole.
    let whole = rows(office.get("/audit/changes?limit=200").await.expect_ok());
    let (mut paged, mut next) = (Vec::new(), String::new());
    loop {
        let page = office.get(&format!("/audit/changes?limit=2{next}")).await.expect_ok();
        paged.extend(rows(page.clone()));
        match page["next"].as_str() {
            Some(before) => next = format!("&before={before}"),
            None => break,
        }
    }
    assert_eq!(paged, whole);
    assert!(rows(office.get("/audit/changes?to=2026-11-22").await.expect_ok()).is_empty());
    assert_eq!(
        rows(office.get("/audit/changes?from=2026-11-23&limit=200").await.expect_ok()),
        whole
    );
    office.get("/audit/changes?from=2026-11-24&to=2026-11-23").await.expect(422, "bad_field");
    office.get("/audit/changes?before=nonsense").await.expect(422, "bad_field");
    let csv = office.get("/audit/changes.csv").await.text;
    assert!(
        csv.contains(";Preis;Ada (1);;\"100 Äpfel, Elstar\";Preis 1 · Betrag;2,49 EUR;2,79 EUR")
            || csv.contains(";Preis;Ada (1);;100 Äpfel, Elstar;Preis 1 · Betrag;2,49 EUR;2,79 EUR"),
        "{csv}"
    );
}

#[tokio::test]
async fn no_cell_of_the_changes_is_a_formula() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let named = json!({"type": "put_person", "person": 1, "name": "=HYPERLINK(\"x\")", "role": "manager", "active": true});
    command(&mut office, named).await;
    configure(&mut office, |settings| settings["name"] = json!("+Hofladen")).await;
    let csv = office.get("/audit/changes.csv").await.text;
    let table = csv.strip_prefix('\u{FEFF}').expect("the mark of UTF-8");
    let mut table = csv::ReaderBuilder::new().delimiter(b';').from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = table.records().map(|row| row.expect("a row")).collect();
    let guarded = |text: &str| rows.iter().flatten().any(|cell| cell.starts_with(text));
    assert!(guarded("'=HYPERLINK(\"x\") (1)") && guarded("'+Hofladen"), "{csv}");
    let formula = |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    assert!(!rows.iter().flatten().any(formula), "{csv}");
}

#[tokio::test]
async fn a_shop_in_austria_is_told_of_its_own_devices_and_of_no_tse() {
    let world = World::shop().await;
    let mut office = world.office().await;
    assert_eq!(office.get("/audit").await.expect_ok()["offered"]["chains"], json!(false));
    configure(&mut office, |settings| {
        settings["country"] = json!("AT");
        settings["time_zone"] = json!("Europe/Vienna");
        settings["vat_id"] = json!("ATU12345678");
        settings["rates"] = json!([
            {"key": 1, "rate": 2_000, "from": "2016-01-01T00:00:00"},
            {"key": 2, "rate": 1_000, "from": "2016-01-01T00:00:00"},
            {"key": 5, "rate": 0, "from": "2016-01-01T00:00:00"},
        ]);
        settings["rksv"] = json!({"prefix": "LADEN", "devices": [
            {"id": 1, "name": "Karte vorn", "kind": "atrust_hsm", "user": "u123456789"}]});
    })
    .await;
    assert_eq!(office.get("/audit").await.expect_ok()["offered"]["chains"], json!(true));
    let page = office.get("/audit/procedures.html").await.text;
    for said in ["Signaturerstellungseinheiten (RKSV)", "Karte vorn", "LADEN-1", "DEP7"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    for unsaid in ["keine Signatureinheit", "TSE", "146a Abs", "TR-03151", "DSFinV-K"] {
        assert!(!page.contains(unsaid), "{unsaid}: {page}");
    }
}

#[tokio::test]
async fn documents_say_what_the_shop_is_and_what_is_missing_and_run_no_script() {
    let world = World::shop().await;
    let mut office = world.office().await;
    configure(&mut office, |settings| {
        settings["name"] = json!("Müllers <script>alert(1)</script> Hofladen");
        settings["tax_number"] = json!("215/5678/1234");
        settings["signing"] = json!({"serial": "TR-TEST", "units": [{"id": 1, "name": "TSE Büro", "kind": "software"}]});
        settings["notification"] = json!({"taxpayer": "Änne Müller", "backups": "täglich auf USB",
            "tills": [{"till": 1, "device": "Lenovo", "acquired": "2026-01-05", "from": "2026-01-07"}]});
    })
    .await;
    let page = office.get("/audit/procedures.html").await;
    let policy = page.headers["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    for said in [
        "Müllers &lt;script&gt;alert(1)&lt;/script&gt; Hofladen",
        "215/5678/1234",
        "Kasse vorn",
        "TR-TEST-1",
        "TSE Büro",
        "keine zertifizierte TSE",
        "19 %",
        "täglich auf USB",
        "Änne Müller",
        "Rollen und Rechte",
        "bis 20,00 EUR",
        "Lenovo",
        "Ada",
        "AO § 147",
        "8 Jahre",
        "10 Jahre",
        "Internes Kontrollsystem",
        "Anwenderdokumentation",
    ] {
        assert!(page.text.contains(said), "{said} is missing");
    }
    assert!(!page.text.contains("<script"), "no name becomes a script");
    let sheet = office.get("/audit/notification.html").await.text;
    assert!(sheet.contains("TSE Büro: Zertifizierungs-ID (BSI-K-TR-nnnn-jjjj)"), "{sheet}");
    assert!(
        sheet.contains("05.01.2026") && sheet.contains("TR-TEST-1") && sheet.contains("Finanzamt")
    );
    let xml = office.get("/audit/notification.xml").await.text;
    assert!(
        xml.contains("<tax-number>215/5678/1234</tax-number>")
            && xml.contains("<certification missing=\"true\"/>"),
        "{xml}"
    );
    assert!(xml.contains("Müllers &lt;script&gt;") && !xml.contains("<script"));
    let pdf = office.get("/audit/procedures.pdf").await;
    assert_eq!(pdf.headers[header::CONTENT_TYPE], "application/pdf");
    assert!(pdf.text.starts_with("%PDF-1.7") && pdf.text.contains("<pdfaid:part>3</pdfaid:part>"));
    let retention = office.get("/audit/retention.html").await.text;
    assert!(retention.contains("Das Programm weigert sich"), "{retention}");
}

#[tokio::test]
async fn a_unit_that_is_gone_and_a_till_out_of_use_are_told_as_such() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let unit = |id: u16| json!({"id": id, "name": format!("TSE {id}"), "kind": "software"});
    configure(&mut office, |settings| {
        settings["signing"] = json!({"serial": "TR", "units": [unit(1), unit(2)]});
    })
    .await;
    let tills = world.app.engine().snapshot().await.expect("running");
    let tills = tills.settings.as_ref().expect("set up").tills.len();
    configure(&mut office, |settings| {
        settings["signing"] = json!({"serial": "TR", "units": [unit(1)]});
        settings["notification"] = json!({
            "units": [{"unit": 2, "certification": "BSI-K-TR-0500-2024", "until": "2026-11-20"}],
            "tills": [{"till": 1, "from": "2020-01-01", "until": "2026-11-20"}],
        });
    })
    .await;
    let xml = office.get("/audit/notification.xml").await.text;
    assert!(xml.contains(&format!("<count>{}</count>", tills - 1)), "{xml}");
    let gone = xml.split("<security-module>").nth(2).expect("a second unit");
    assert!(
        gone.contains("BSI-K-TR-0500-2024") && gone.contains("<until>20.11.2026</until>"),
        "{gone}"
    );
    configure(&mut office, |settings| {
        settings["notification"]["tills"][0]["until"] = json!("2030-01-01");
    })
    .await;
    let xml = office.get("/audit/notification.xml").await.text;
    assert!(xml.contains(&format!("<count>{tills}</count>")), "{xml}");
}
