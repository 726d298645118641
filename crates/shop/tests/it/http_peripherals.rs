//! Devices over HTTP: models, a look at a printer, a test page, the printer that stands in.

use devices::simulator::{Faults, Printer, paper_text};
use escpos::{DecodedOp, Profile};
use serde_json::{Value, json};

use crate::http_world::{CASHIER_PIN, MANAGER_PIN, World, id};

async fn printer() -> Printer {
    let any = "127.0.0.1:0".parse().expect("an address");
    Printer::start(any, Profile::generic_80mm()).await.expect("a printer")
}

fn device(at: &str) -> Value {
    json!({"at": at, "name": "Bondrucker", "device":
        {"kind": "printer", "language": "esc_pos", "model": "TM-T20III"}})
}

#[tokio::test]
async fn a_printer_is_looked_at_tried_and_saved() {
    let (world, printer) = (World::shop().await, printer().await);
    let mut office = world.office().await;
    let at = printer.address().to_string();
    let models = office.get("/peripherals/printer-models").await.expect_ok();
    let models = models.as_array().expect("a list");
    assert!(models.iter().any(|m| m["name"] == "TM-T20III" && m["maker"] == "Epson"));
    assert!(models.iter().any(|m| m["name"] == "TSP600" && m["language"] == "star"));

    let asked = json!({"device": device(&at)});
    let state = office.post("/peripherals/state", &asked).await.expect_ok();
    assert_eq!(state, json!({"code": "ok", "drawer_level": false}));
    let open = json!({"device": device(&at), "what": "open_drawer"});
    let tried = office.post("/peripherals/try", &open).await.expect_ok();
    assert_eq!(tried, json!({"outcome": "printed", "code": ""}));
    // Who opened a drawer stands in the record, and among the changes in both languages.
    for (language, words) in [("de", "Lade zur Probe geöffnet"), ("en", "Drawer opened to try it")]
    {
        let told = office.get(&format!("/audit/changes?language={language}")).await.text;
        assert!(told.contains(words) && told.contains(&at), "{told}");
    }
    let state = office.post("/peripherals/state", &asked).await.expect_ok();
    assert_eq!(state["drawer_level"], true);
    // Where the drawer hangs on the other pin, that one gets the pulse.
    let pulses = || {
        let ops = printer.jobs().into_iter().flat_map(|job| job.ops);
        let pins = ops.filter_map(|op| match op {
            DecodedOp::DrawerPulse { second, .. } => Some(second),
            _ => None,
        });
        pins.collect::<Vec<_>>()
    };
    let mut other = device(&at);
    other["device"]["second_drawer"] = json!(true);
    let open = json!({"device": other, "what": "open_drawer"});
    office.post("/peripherals/try", &open).await.expect_ok();
    assert_eq!(pulses(), [false, true]);
    let page = json!({"device": device(&at), "what": "test_page"});
    office.post("/peripherals/try", &page).await.expect_ok();
    let paper = paper_text(&printer.jobs().last().expect("a job").ops, 48);
    for wanted in ["Testseite", "123456789012345678901234567890123456789012345678", "ÄÖÜ", "€"]
    {
        assert!(paper.contains(wanted), "{wanted} in\n{paper}");
    }
    printer.set_faults(Faults { cover_open: true, ..Faults::default() });
    let tried = office.post("/peripherals/try", &page).await.expect_ok();
    assert_eq!(tried, json!({"outcome": "not_printed", "code": "cover_open"}));

    let mut settings = office.get("/settings").await.expect_ok();
    settings.as_object_mut().expect("an object").remove("revision");
    settings["peripherals"] = json!([device(&at)]);
    settings["tills"][0]["printer"] = json!(at);
    let put = json!({"id": id(), "type": "configure", "settings": settings});
    office.post("/shop/commands", &put).await.expect_ok();
    let twice = json!([device(&at), device(&at)]);
    settings["peripherals"] = twice;
    let put = json!({"id": id(), "type": "configure", "settings": settings});
    office.post("/shop/commands", &put).await.expect(422, "bad_settings");
}

#[tokio::test]
async fn nothing_is_at_a_place_that_is_none() {
    let world = World::shop().await;
    let mut office = world.office().await;
    for at in ["", "nowhere", "/dev/tty does not exist", "192.168.1.1:0"] {
        let asked = json!({"device": device(at)});
        let reply = office.post("/peripherals/state", &asked).await;
        match reply.status.as_u16() {
            200 => assert_eq!(reply.expect_ok()["code"], "unreachable", "{at}"),
            _ => {
                reply.expect(422, "bad_field");
            }
        }
    }
}

#[tokio::test]
async fn a_till_without_a_second_printer_has_none_to_print_on() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    let on = |on: &str| json!({"on": on});
    till.post("/tills/1/printer", &on("spare")).await.expect(422, "no_spare_printer");
    assert_eq!(till.post("/tills/1/printer", &on("own")).await.status, 204);
    assert_eq!(till.post("/tills/1/printer", &on("nothing")).await.status, 204);
    till.post("/tills/9/printer", &on("own")).await.expect(404, "not_found");
}

#[tokio::test]
async fn a_sign_stands_above_receipts_as_pages_and_on_paper() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let pbm = b"P4\n16 2\n\xff\x0f\x0f\xff".to_vec();
    office.post_text("/logo", b"GIF89a".to_vec()).await.expect(422, "no_logo");
    let kept = office.post_text("/logo", pbm).await.expect_ok();
    let digest = kept["logo"].as_str().expect("a digest").to_owned();
    let shown = office.get(&format!("/logo/{digest}")).await;
    assert!(shown.status.is_success() && shown.text.contains("M0 0h8v1h-8z"), "{}", shown.text);
    let mut settings = office.get("/settings").await.expect_ok();
    settings.as_object_mut().expect("an object").remove("revision");
    settings["logo"] = json!(digest);
    let put = json!({"id": id(), "type": "configure", "settings": settings});
    office.post("/shop/commands", &put).await.expect_ok();

    let mut till = world.till(1, MANAGER_PIN).await;
    till.command(json!({"type": "open_day", "float": {"amount": 0, "currency": "EUR"}}))
        .await
        .expect_ok();
    till.command(json!({"type": "scan", "code": "4006381333931"})).await.expect_ok();
    let paid = json!({"type": "pay_cash", "tendered": {"amount": 1000, "currency": "EUR"}});
    till.command(paid).await.expect_ok();
    let page = till.get("/receipts/1/1/html").await;
    assert!(page.status.is_success(), "{}", page.text);
    assert!(page.text.contains("M0 0h8v1h-8z"), "the sign stands on the page");
}
