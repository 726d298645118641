//! Labels over HTTP: looked at, as PDF, as ZPL, printed on a simulated printer; whose price changes; and what is refused.

use devices::simulator::label_printer::LabelPrinter;
use devices::simulator::stand::Stand;
use label::zpl::read::{Field, Reader, Told};
use serde_json::{Value, json};

use crate::http_world::{Browser, CASHIER_PIN, World, id};

async fn put(office: &mut Browser, draft: Value) -> u64 {
    let put = json!({"id": id(), "type": "put_item", "draft": draft});
    let made = office.post("/shop/commands", &put).await.expect_ok();
    made["made"]["item"].as_u64().expect("an item")
}

/// Butter with a deposit, and cheese by weight. Item 1 is there already.
async fn goods(office: &mut Browser) -> (u64, u64) {
    let deposit = json!({"number": "P25", "name": "Pfand 0,25", "tax": 2, "group": 1, "prices": [{"amount": 25}],
        "discountable": false, "stocked": false});
    let deposit = put(office, deposit).await;
    let butter = json!({"number": "4711", "name": "Butter ^XZ~JA_ 250 g", "tax": 2, "group": 1, "deposit": deposit,
        "content": {"net": 250, "unit": "gram"}, "codes": [{"code": "4000000000013"}],
        "prices": [{"amount": 199}, {"amount": 249, "from": "2026-12-01T00:00:00"}]});
    let cheese = json!({"number": "9", "name": "Bergkäse", "tax": 2, "group": 1, "unit": "kilogram", "weighed": true,
        "per_hundred": true, "prices": [{"amount": 2190}]});
    (put(office, butter).await, put(office, cheese).await)
}

fn asked(items: &[(u64, u32)], size: &str) -> Value {
    let items: Vec<Value> =
        items.iter().map(|(item, count)| json!({"item": item, "count": count})).collect();
    json!({"items": items, "size": size})
}

#[tokio::test]
async fn labels_show_the_price_the_unit_price_and_the_deposit_apart() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let (butter, cheese) = goods(&mut office).await;
    let body = asked(&[(butter, 3), (cheese, 1), (1, 2)], "a4-3x8-70x37");
    let seen = office.post("/labels/preview", &body).await.expect_ok();
    assert_eq!((&seen["count"], &seen["pages"]), (&json!(6), &json!(1)));
    let first = &seen["labels"][0];
    assert_eq!(first["price"], "1,99\u{a0}€");
    assert_eq!(first["unit_price"], "1\u{a0}kg\u{a0}= 7,96\u{a0}€");
    let picture = first["picture"].as_str().expect("a picture");
    for wanted in ["zzgl. 0,25 € Pfand", "4000000000013", "250 g"] {
        assert!(picture.contains(wanted), "{wanted} in {picture}");
    }
    let second = &seen["labels"][1];
    assert_eq!(second["unit_price"], "100\u{a0}g\u{a0}= 2,19\u{a0}€");
    assert!(second["picture"].as_str().expect("a picture").contains("/ kg"));
    // Nothing is known of the apples' content.
    assert_eq!(seen["labels"][2]["unit_price"], Value::Null);

    let mut later = body.clone();
    later["on"] = json!("2026-12-01");
    later["start"] = json!(24);
    let seen = office.post("/labels/preview", &later).await.expect_ok();
    assert_eq!(seen["pages"], 2);
    let first = &seen["labels"][0];
    assert_eq!(first["price"], "2,49\u{a0}€");
    assert_eq!(first["unit_price"], "1\u{a0}kg\u{a0}= 9,96\u{a0}€");
    assert!(first["picture"].as_str().expect("a picture").contains("ab 01.12.2026"));
    let detail = office.get(&format!("/items/{butter}")).await.expect_ok();
    let price = json!({"amount": {"amount": 796, "currency": "EUR"}, "per": "kilogram"});
    assert_eq!(detail["unit_price"], price);
}

#[tokio::test]
async fn labels_are_had_as_pdf_and_as_zpl() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let (butter, cheese) = goods(&mut office).await;
    let pages =
        |text: &str| text.matches("/Type /Page\n").count() + text.matches("/Type/Page/").count();
    for (size, start, expected) in
        [("57x32", 1, 4), ("a4-3x8-70x37", 1, 1), ("a4-2x7-99x38", 13, 2)]
    {
        let mut body = asked(&[(butter, 3), (cheese, 1)], size);
        body["start"] = json!(start);
        let reply = office.post("/labels/pdf", &body).await;
        assert!(reply.status.is_success() && reply.text.starts_with("%PDF-1."), "{}", reply.text);
        let again = office.post("/labels/pdf", &body).await;
        assert_eq!(reply.text, again.text, "the same labels are the same file");
        let count = reply.text.split("/Count ").nth(1).and_then(|rest| {
            rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<usize>().ok()
        });
        assert!(count == Some(expected) || pages(&reply.text) == expected, "{size}: {count:?}");
    }
    let mut body = asked(&[(butter, 3), (cheese, 1)], "57x32");
    body["dpi"] = json!(300);
    let reply = office.post("/labels/zpl", &body).await;
    assert!(reply.status.is_success() && reply.text.is_ascii(), "{}", reply.text);
    let told = Reader::default().push(reply.text.as_bytes());
    let [Told::Print(first), Told::Print(second)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((first.copies, second.copies, first.width), (3, 1, 673));
    let all = first.texts().join(" ");
    // What looks like commands is a name.
    for wanted in ["^XZ~JA_", "1,99 €", "1 kg = 7,96 €"] {
        assert!(all.contains(wanted), "{wanted} in {all}");
    }
    let bars = |label: &label::zpl::read::Printed| {
        label.fields.iter().filter(|field| matches!(field, Field::Bars { .. })).count()
    };
    assert_eq!((bars(first), bars(second)), (1, 0), "goods by weight have no bars on the shelf");
    body["size"] = json!("a4-3x8-70x37");
    office.post("/labels/zpl", &body).await.expect(422, "labels_size");
    body = asked(&[(butter, 1)], "57x32");
    body["dpi"] = json!(600);
    office.post("/labels/zpl", &body).await.expect(422, "bad_field");
}

#[tokio::test]
async fn what_cannot_be_a_label_is_said() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let (butter, _) = goods(&mut office).await;
    let gift =
        json!({"number": "g", "name": "Gutschein frei", "tax": 2, "group": 1, "open_price": true});
    let gift = put(&mut office, gift).await;
    let soon = json!({"number": "s", "name": "Bald", "tax": 2, "group": 1, "prices": [{"amount": 100, "from": "2026-12-24T00:00:00"}]});
    let soon = put(&mut office, soon).await;
    let below =
        json!({"number": "m", "name": "Minus", "tax": 2, "group": 1, "prices": [{"amount": -1}]});
    let below = json!({"id": id(), "type": "put_item", "draft": below});
    office.post("/shop/commands", &below).await.expect(422, "out_of_limits");
    for (items, size, code) in [
        (vec![], "57x32", "labels_none"),
        (vec![(1, 0)], "57x32", "bad_field"),
        (vec![(1, 1_001)], "57x32", "labels_too_many"),
        (vec![(1, 600), (1, 401)], "57x32", "labels_too_many"),
        (vec![(999, 1)], "57x32", "labels_no_item"),
        (vec![(1, 1), (gift, 1)], "57x32", "labels_no_price"),
        (vec![(soon, 1)], "57x32", "labels_no_price"),
        (vec![(1, 1)], "57x3x2", "labels_size"),
        (vec![(1, 1)], "24x32", "labels_size"),
        (vec![(1, 1)], "57x201", "labels_size"),
        (vec![(1, 1)], "a5", "labels_size"),
        (vec![(butter, 1)], "25x15", "labels_no_room"),
    ] {
        for way in ["preview", "pdf", "zpl"] {
            let reply = office.post(&format!("/labels/{way}"), &asked(&items, size)).await;
            let problem = reply.expect(422, code);
            if code == "labels_no_price" {
                assert!(["Gutschein frei", "Bald"].iter().any(|name| problem["detail"] == *name));
            }
        }
    }
    for start in [0, 25] {
        let mut body = asked(&[(1, 1)], "a4-3x8-70x37");
        body["start"] = json!(start);
        office.post("/labels/pdf", &body).await.expect(422, "labels_start");
    }
    for count in [json!(-1), json!(1.5), json!("1")] {
        let body = json!({"items": [{"item": 1, "count": count}], "size": "57x32"});
        office.post("/labels/pdf", &body).await.expect(422, "bad_field");
    }
    let print = json!({"items": [{"item": 1, "count": 1}], "printer": "127.0.0.1:9"});
    office.post("/labels/print", &print).await.expect(422, "labels_no_printer");
    let mut nobody = world.browser();
    nobody.post("/labels/pdf", &asked(&[(1, 1)], "57x32")).await.expect(401, "not_signed_in");
    let mut till = world.till(3, CASHIER_PIN).await;
    let reply = till.post("/labels/preview", &asked(&[(1, 1)], "57x32")).await;
    assert!([200, 403].contains(&reply.status.as_u16()), "{}", reply.text);
}

#[tokio::test]
async fn labels_come_out_of_a_printer_of_the_settings() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let (butter, _) = goods(&mut office).await;
    let any = "127.0.0.1:0".parse().expect("an address");
    let stand = Stand::start(any, LabelPrinter::new()).await.expect("a printer");
    let at = stand.address().to_string();
    let device = json!({"at": at, "name": "Etiketten", "device":
        {"kind": "label_printer", "language": "zpl", "dpi": 203, "width": 57, "height": 32}});
    let state = json!({"device": device});
    let seen = office.post("/peripherals/state", &state).await.expect_ok();
    assert_eq!(seen, json!({"code": "ok", "drawer_level": null}));
    let test = json!({"device": device, "what": "test_page"});
    let tried = office.post("/peripherals/try", &test).await.expect_ok();
    assert_eq!(tried, json!({"outcome": "printed", "code": ""}));
    let sample = stand.with(|printer| printer.labels());
    assert!(sample[0].texts().contains(&"2000000000008"), "{sample:?}");

    let mut settings = office.get("/settings").await.expect_ok();
    settings.as_object_mut().expect("an object").remove("revision");
    settings["peripherals"] = json!([device]);
    let put = json!({"id": id(), "type": "configure", "settings": settings});
    office.post("/shop/commands", &put).await.expect_ok();
    let print = json!({"items": [{"item": butter, "count": 2}], "printer": at});
    let done = office.post("/labels/print", &print).await.expect_ok();
    assert_eq!(done, json!({"outcome": "printed", "code": "", "left": 0}));
    let labels = stand.with(|printer| (printer.labels(), printer.unknown().to_vec()));
    let last = labels.0.last().expect("a label");
    assert_eq!((last.copies, last.width, last.height), (2, 456, 256));
    assert!(last.texts().contains(&"1 kg = 7,96 €"), "{last:?}");
    assert_eq!(labels.1, Vec::<String>::new());

    stand.with(|printer| printer.set(|status| status.head_open = true));
    let done = office.post("/labels/print", &print).await.expect_ok();
    assert_eq!(done, json!({"outcome": "not_printed", "code": "head_open", "left": 0}));
    drop(stand);
    let done = office.post("/labels/print", &print).await.expect_ok();
    assert_eq!(done, json!({"outcome": "not_printed", "code": "unreachable", "left": 0}));
}

#[tokio::test]
async fn whose_price_changes_needs_a_new_label() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let (butter, cheese) = goods(&mut office).await;
    let names = |found: &Value| -> Vec<u64> {
        let items = found["items"].as_array().expect("a list");
        items.iter().map(|row| row["item"].as_u64().expect("an item")).collect()
    };
    let found = office.get("/labels/changed?since=2026-11-23").await.expect_ok();
    assert_eq!(names(&found), [1, butter - 1, butter, cheese], "all are new today");
    let found = office.get("/labels/changed?since=2026-11-24").await.expect_ok();
    assert_eq!(names(&found), [butter], "a price begins on December 1st");
    assert_eq!(found["items"][0]["from"], "2026-12-01T00:00:00");
    let found = office.get("/labels/changed?since=2026-12-02").await.expect_ok();
    assert_eq!((names(&found), &found["more"]), (vec![], &json!(false)));

    world.clock.advance(std::time::Duration::from_secs(2 * 24 * 60 * 60));
    let mut office = world.office().await;
    let mut change = async |item: u64, change: Value| {
        let detail = office.get(&format!("/items/{item}")).await.expect_ok();
        let mut draft = detail["item"].clone();
        draft.as_object_mut().expect("an object").remove("id");
        for (key, value) in change.as_object().expect("an object") {
            draft[key] = value.clone();
        }
        let put = json!({"id": id(), "type": "put_item", "item": item, "draft": draft});
        office.post("/shop/commands", &put).await.expect_ok();
    };
    change(cheese, json!({"prices": [{"amount": 1990}]})).await;
    change(1, json!({"name": "Äpfel, Elstar"})).await;
    let found = office.get("/labels/changed?since=2026-11-25").await.expect_ok();
    assert_eq!(names(&found), [butter, cheese], "a name is no price");
    let row = &found["items"][1];
    assert_eq!((&row["before"]["amount"], &row["price"]["amount"]), (&json!(2190), &json!(1990)));
    office.get("/labels/changed?since=gestern").await.expect(400, "bad_query");
}
