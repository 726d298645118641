//! A day of a shop through its API: sold, found again, reported.

use serde_json::{Value, json};

use crate::http_world::{Browser, CASHIER_PIN, SUPERVISOR_PIN, World, id};

fn eur(amount: i64) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

async fn sell(till: &mut Browser) -> Value {
    till.command(json!({"type": "scan", "code": "4006381333931", "quantity": 2000}))
        .await
        .expect_ok();
    till.command(json!({"type": "pay_cash", "tendered": eur(1_000)})).await.expect_ok()
}

#[tokio::test]
async fn a_sale_is_on_the_record_and_found_again() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    till.command(json!({"type": "open_day", "float": eur(10_000)})).await.expect_ok();
    let paid = sell(&mut till).await;
    assert_eq!(paid["receipt"], json!({"till": 1, "number": 1}));
    assert_eq!(paid["view"]["last_receipt"]["change"], eur(502));

    // The answer was lost: the same command again has no second effect.
    let again = json!({"id": paid["id"], "type": "pay_cash", "tendered": eur(1_000)});
    let repeated = till.post("/tills/1/commands", &again).await.expect_ok();
    assert_eq!((&repeated["repeated"], &repeated["receipt"]), (&json!(true), &paid["receipt"]));
    let other = json!({"id": paid["id"], "type": "new_basket"});
    till.post("/tills/1/commands", &other).await.expect(422, "command_id_reused");

    for query in [
        "",
        "?q=1",
        "?q=4,98",
        "?q=R1-1",
        "?from=2026-11-23&to=2026-11-23",
        "?till=1&training=false",
    ] {
        let page = till.get(&format!("/receipts{query}")).await.expect_ok();
        assert_eq!(page["receipts"].as_array().map(Vec::len), Some(1), "{query}: {page}");
        assert_eq!(page["receipts"][0]["total"], eur(498));
        assert_eq!(page["receipts"][0]["person_name"], "Cem");
    }
    for query in
        ["?q=2", "?q=R1-2", "?q=x", "?from=2026-11-24", "?till=2", "?training=true", "?before=1"]
    {
        let page = till.get(&format!("/receipts{query}")).await.expect_ok();
        assert_eq!(page, json!({"receipts": [], "next": null}), "{query}");
    }
    let receipt = till.get("/receipts/1/1").await.expect_ok();
    assert_eq!(receipt["left"], json!([{"line": 1, "left": 2000}]));
    assert_eq!(receipt["issued"]["receipt"]["tax"][0]["gross"], 498);
    till.get("/receipts/1/1?training=true").await.expect(404, "not_found");
}

#[tokio::test]
async fn a_receipt_shown_later_says_what_the_shop_was_called_when_it_was_issued() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    till.command(json!({"type": "open_day", "float": eur(10_000)})).await.expect_ok();
    sell(&mut till).await;
    let mut office = world.office().await;
    let mut settings = office.get("/settings").await.expect_ok();
    settings.as_object_mut().expect("an object").remove("revision");
    settings["name"] = json!("Umgezogen");
    settings["address"] = json!(["Neue Gasse 9"]);
    settings["tax_number"] = json!("99/999");
    settings["receipt_footer"] = json!(["Bis morgen"]);
    settings["tills"][0]["name"] = json!("Kasse hinten");
    let configure = json!({"id": id(), "type": "configure", "settings": settings});
    office.post("/shop/commands", &configure).await.expect_ok();
    sell(&mut till).await;

    let new = ["Umgezogen", "Neue Gasse 9", "99/999", "Bis morgen", "Kasse hinten"];
    let old = ["Hofladen", "Feldweg 1", "Kasse vorn"];
    for form in ["text", "html"] {
        let first = till.get(&format!("/receipts/1/1/{form}")).await.text;
        let second = till.get(&format!("/receipts/1/2/{form}")).await.text;
        for text in old {
            assert!(first.contains(text) && !second.contains(text), "{text}: {first}{second}");
        }
        for text in new {
            assert!(second.contains(text) && !first.contains(text), "{text}: {first}{second}");
        }
    }
}

#[tokio::test]
async fn a_receipt_that_was_lost_is_not_taken_for_the_one_that_got_its_number_again() {
    let mut world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    till.command(json!({"type": "open_day", "float": eur(10_000)})).await.expect_ok();
    sell(&mut till).await;
    world.restore().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    let sold = sell(&mut till).await;
    let incarnation = sold["view"]["last_receipt"]["incarnation"].as_u64().expect("a number");
    assert!(incarnation > 1);
    // Receipt 2 of the lost file, and the one that has its number now.
    let code = format!("R1-2-{incarnation}");
    for (query, found) in [("R1-2", None), (&*code, Some(2)), ("R1-1", Some(1)), ("2", Some(2))] {
        let page = till.get(&format!("/receipts?q={query}")).await.expect_ok();
        assert_eq!(page["receipts"][0]["number"].as_u64(), found, "{query}");
    }
    for rest in ["", "/text", "/html"] {
        till.get(&format!("/receipts/1/2{rest}?incarnation=1")).await.expect(404, "not_found");
        let right = format!("/receipts/1/2{rest}?incarnation={incarnation}");
        assert!(till.get(&right).await.status.is_success());
    }
    let text = till.get("/receipts/1/2/text").await.text;
    assert!(text.contains(&format!("2-{incarnation}")), "{text}");
    let first = till.get("/receipts/1/1/text").await.text;
    assert!(!first.contains(&incarnation.to_string()), "{first}");
    // What comes back says which of the two it came from.
    let back = json!({"type": "return_receipt", "receipt": {"till": 1, "number": 2}});
    till.command(back).await.expect_ok();
    till.command(json!({"type": "pay_cash"})).await.expect_ok();
    let text = till.get("/receipts/1/3/text").await.text;
    assert!(text.contains(&code), "{text}");
}

#[tokio::test]
async fn a_receipt_as_a_page_runs_nothing_and_may_use_its_own_style_only() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let name = "<script>alert(1)</script>";
    let item =
        json!({"number": "666", "name": name, "tax": 2, "group": 1, "prices": [{"amount": 100}]});
    let put = json!({"id": id(), "type": "put_item", "draft": item});
    let made = office.post("/shop/commands", &put).await.expect_ok();
    let mut till = world.till(3, CASHIER_PIN).await;
    till.command(json!({"type": "open_day", "float": eur(0)})).await.expect_ok();
    till.command(json!({"type": "add_item", "item": made["made"]["item"]})).await.expect_ok();
    till.command(json!({"type": "pay_cash"})).await.expect_ok();

    let page = till.get("/receipts/1/1/html").await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(
        !page.text.contains("<script") && page.text.contains("&lt;script&gt;"),
        "{}",
        page.text
    );
    let policy = page.headers["content-security-policy"].to_str().expect("text");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-")
            && !policy.contains("script-src"),
        "{policy}"
    );
    let text = till.get("/receipts/1/1/text").await;
    assert_eq!(text.headers["content-type"], "text/plain; charset=utf-8");
    assert!(text.text.contains("1,00"), "{}", text.text);
}

#[tokio::test]
async fn items_are_found_as_tiles_rows_and_in_full() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    for query in ["apfel", "boskoop%20äpfel", "400638", "100"] {
        let found = till.get(&format!("/items/search?q={query}")).await.expect_ok();
        assert_eq!(found[0]["name"], "Äpfel, Boskoop", "{query}: {found}");
        assert_eq!(found[0]["price"], eur(249));
    }
    assert_eq!(till.get("/items/search?q=").await.expect_ok(), json!([]));
    assert_eq!(till.get("/groups/1/items").await.expect_ok()[0]["item"], 1);
    assert_eq!(till.get("/tiles").await.expect_ok()["groups"][0]["name"], "Lebensmittel");
    let page = till.get("/items?limit=1").await.expect_ok();
    assert_eq!(
        (&page["items"][0]["codes"], &page["next"]),
        (&json!(["4006381333931"]), &json!("1"))
    );
    assert_eq!(till.get("/items?after=1").await.expect_ok(), json!({"items": [], "next": null}));
    assert_eq!(till.get("/items/1").await.expect_ok()["item"]["number"], "100");
    let stock = till.get("/stock?low=true").await.expect_ok();
    assert_eq!(
        (&stock["items"][0]["stock"], &stock["items"][0]["minimum"]),
        (&json!(0), &json!(5000))
    );

    let mut ben = world.till(2, SUPERVISOR_PIN).await;
    let receive = json!({"id": id(), "type": "move_stock", "item": 1, "kind": "received", "quantity": 7000, "reason": "Lieferung"});
    ben.post("/shop/commands", &receive).await.expect_ok();
    assert_eq!(ben.get("/stock?low=true").await.expect_ok()["items"], json!([]));
    let movements = ben.get("/stock/1/movements").await.expect_ok();
    assert_eq!(
        (&movements[0]["quantity"], &movements[0]["person_name"]),
        (&json!(7000), &json!("Ben"))
    );
    let csv = ben.get("/items/export.csv").await;
    assert_eq!(csv.headers["content-disposition"], "attachment; filename=\"items.csv\"");
    assert!(csv.text.contains("Äpfel, Boskoop") && csv.text.lines().count() == 2, "{}", csv.text);
}

#[tokio::test]
async fn the_day_is_reported_from_its_totals() {
    let world = World::shop().await;
    let mut till = world.till(2, SUPERVISOR_PIN).await;
    till.command(json!({"type": "open_day", "float": eur(10_000)})).await.expect_ok();
    sell(&mut till).await;
    sell(&mut till).await;
    let unknown =
        json!({"type": "sell_unknown", "code": "4000000000006", "group": 1, "price": eur(100)});
    till.command(unknown).await.expect_ok();
    till.command(json!({"type": "pay_cash"})).await.expect_ok();
    assert_eq!(till.get("/unknown-codes").await.expect_ok()[0]["code"], "4000000000006");

    let so_far = till.get("/tills/1/x-report").await.expect_ok();
    assert_eq!(
        (&so_far["day"]["totals"]["receipts"], &so_far["day"]["drawer"]),
        (&json!({"count": 3, "amount": 1_096}), &json!(11_096))
    );
    let today = till.get("/today").await.expect_ok();
    assert_eq!(
        (&today["turnover"], &today["receipts"], &today["date"]),
        (&eur(1_096), &json!(3), &json!("2026-11-23"))
    );
    assert_eq!(
        today["hours"],
        json!([{"hour": 10, "turnover": eur(1_096), "receipts": 3, "week_ago": eur(0)}])
    );
    assert_eq!(
        (&today["bestsellers"][0]["quantity"], &today["bestsellers"][0]["turnover"]),
        (&json!(4000), &eur(996))
    );
    assert_eq!(today["tills"][0]["turnover"], eur(1_096));
    let todo: Vec<&str> = today["todo"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|t| t["kind"].as_str())
        .collect();
    assert_eq!(todo, ["low_stock", "unknown_codes", "no_backup"]);

    let pieces = json!([{"value": 10_000, "pieces": 1}, {"value": 1_000, "pieces": 1}, {"value": 96, "pieces": 1}]);
    till.command(json!({"type": "count_drawer", "pieces": pieces})).await.expect_ok();
    till.command(json!({"type": "close_day"})).await.expect_ok();
    let days = till.get("/days").await.expect_ok();
    assert_eq!(
        (&days["days"][0]["number"], &days["days"][0]["turnover"]),
        (&json!(1), &eur(1_096))
    );
    let z = till.get("/days/1/1").await.expect_ok();
    assert_eq!((&z["closed"]["difference"], &z["till_name"]), (&json!(0), &json!("Kasse vorn")));
    assert!(till.get("/days/1/1/html").await.text.contains("10,96"));
    till.get("/days/1/2").await.expect(404, "not_found");
}

#[tokio::test]
async fn two_office_windows_do_not_overwrite_one_another() {
    let world = World::shop().await;
    let (mut one, mut other) = (world.office().await, world.office().await);
    let split = |mut read: Value| {
        let revision = read.as_object_mut().expect("an object").remove("revision");
        (read, revision.expect("a revision"))
    };
    let (settings, base) = split(one.get("/settings").await.expect_ok());
    assert_eq!(split(other.get("/settings").await.expect_ok()).1, base);
    let configure = |name: &str, base: &Value| {
        let mut settings = settings.clone();
        settings["name"] = json!(name);
        json!({"id": id(), "type": "configure", "settings": settings, "base": base})
    };
    one.post("/shop/commands", &configure("eins", &base)).await.expect_ok();
    other.post("/shop/commands", &configure("zwei", &base)).await.expect(422, "stale");
    let (now, base) = split(other.get("/settings").await.expect_ok());
    assert_eq!(now["name"], "eins");
    other.post("/shop/commands", &configure("zwei", &base)).await.expect_ok();

    let read = one.get("/items/1").await.expect_ok();
    let (mut draft, base) = (read["item"].clone(), read["revision"].clone());
    draft.as_object_mut().expect("an object").remove("id");
    let put = |name: &str| {
        let mut draft = draft.clone();
        draft["name"] = json!(name);
        json!({"id": id(), "type": "put_item", "item": 1, "draft": draft, "base": base})
    };
    one.post("/shop/commands", &put("Äpfel")).await.expect_ok();
    other.post("/shop/commands", &put("Birnen")).await.expect(422, "stale");

    let people = one.get("/people").await.expect_ok();
    let base = &people[2]["revision"];
    let put = |role: &str| json!({"id": id(), "type": "put_person", "person": 3, "name": "Cem", "role": role, "active": true, "base": base});
    one.post("/shop/commands", &put("supervisor")).await.expect_ok();
    other.post("/shop/commands", &put("cashier")).await.expect(422, "stale");
    for wrong in [json!(1), json!("x".repeat(65))] {
        one.post("/shop/commands", &configure("drei", &wrong)).await.expect(422, "bad_field");
    }
}

#[tokio::test]
async fn goods_sold_below_nothing_are_short_without_a_minimum_too() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let item =
        json!({"number": "7", "name": "Nadel", "tax": 1, "group": 1, "prices": [{"amount": 100}]});
    let put = json!({"id": id(), "type": "put_item", "draft": item});
    let made = office.post("/shop/commands", &put).await.expect_ok();
    let low = |page: Value| -> Vec<String> {
        let rows = page["items"].as_array().expect("a list").clone();
        rows.iter().map(|row| row["number"].as_str().expect("text").to_owned()).collect()
    };
    assert_eq!(low(office.get("/stock?low=true").await.expect_ok()), ["100"]);
    let mut till = world.till(3, CASHIER_PIN).await;
    till.command(json!({"type": "open_day", "float": eur(0)})).await.expect_ok();
    till.command(json!({"type": "add_item", "item": made["made"]["item"]})).await.expect_ok();
    till.command(json!({"type": "pay_cash"})).await.expect_ok();
    assert_eq!(low(office.get("/stock?low=true").await.expect_ok()), ["100", "7"]);
    assert_eq!(low(office.get("/stock?low=true&q=nadel").await.expect_ok()), ["7"]);
    let today = office.get("/today").await.expect_ok();
    assert_eq!(today["todo"][0], json!({"kind": "low_stock", "count": 2}), "{today}");
}

#[tokio::test]
async fn an_import_comes_in_over_the_network() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let csv = "Artikelnummer;Name;Preis;MwSt;Warengruppe\n200;Birnen;1,99;7;Lebensmittel\n";
    let begun = office.post_text("/imports?name=neu.csv", csv).await.expect_ok();
    let number = begun["id"].as_u64().and_then(|id| u32::try_from(id).ok()).expect("a number");
    let (imports, job) = (world.app.imports().clone(), shop::import::ImportJobId(number));
    tokio::task::spawn_blocking(move || imports.wait(job)).await.expect("joined").expect("a job");
    let ready = office.get(&format!("/imports/{number}")).await.expect_ok();
    assert_eq!((&ready["state"], &ready["name"]), (&json!("ready"), &json!("neu.csv")), "{ready}");
    office.post(&format!("/imports/{number}/apply"), &json!({"keep_good": true})).await.expect_ok();
    let imports = world.app.imports().clone();
    tokio::task::spawn_blocking(move || imports.wait(job)).await.expect("joined").expect("a job");
    assert_eq!(office.get(&format!("/imports/{number}")).await.expect_ok()["state"], "done");
    assert_eq!(office.get("/items/search?q=birnen").await.expect_ok()[0]["price"], eur(199));
    office.get("/imports/99").await.expect(404, "unknown_import");
    let apply = json!({"keep_good": true, "settings": {}});
    office.post(&format!("/imports/{number}/apply"), &apply).await.expect(422, "unknown_field");
}

#[tokio::test]
async fn the_record_is_verified_while_the_shop_works() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let begun = office.post("/record/verify", &json!({})).await.expect_ok();
    assert!(
        begun["verification"]["state"] == "running" || begun["verification"]["state"] == "good",
        "{begun}"
    );
    let done = loop {
        let record = office.get("/record").await.expect_ok();
        if record["verification"]["state"] != "running" {
            break record;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(
        (&done["verification"]["state"], &done["verification"]["problem"]),
        (&json!("good"), &Value::Null)
    );
    assert_eq!(done["seq"], done["verification"]["checked"]);
    assert_eq!(done["head"].as_str().map(str::len), Some(64));
    assert_eq!(done["backup"], Value::Null);
}

#[tokio::test]
async fn what_cannot_be_recorded_did_not_happen_and_is_said_so() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    till.command(json!({"type": "open_day", "float": eur(0)})).await.expect_ok();
    till.command(json!({"type": "scan", "code": "4006381333931"})).await.expect_ok();
    let full = |store: &mut store::Store| store.limit_pages(1);
    world.app.engine().with_store(full).await.expect("engine").expect("limited");
    let note = json!({"type": "note", "line": 1, "text": "x".repeat(150)});
    let mut last = till.get("/tills/1").await.expect_ok();
    for _ in 0..200 {
        let reply = till.command(note.clone()).await;
        if reply.status == 503 {
            reply.expect(503, "not_stored");
            let now = till.get("/tills/1").await.expect_ok();
            assert_eq!((&now["basket"], &now["seq"]), (&last["basket"], &last["seq"]));
            return;
        }
        last = reply.expect_ok()["view"].clone();
    }
    panic!("the full disk was never noticed");
}
