//! The office's people: renamed, barred, forgotten.

use serde_json::{Value, json};

use crate::http_world::{Browser, CASHIER_PIN, World, id};

async fn send(office: &mut Browser, mut command: Value) -> crate::http_world::Reply {
    command["id"] = json!(id());
    office.post("/shop/commands", &command).await
}

fn put(person: u32, name: &str, active: bool) -> Value {
    json!({"type": "put_person", "person": person, "name": name, "role": "cashier", "active": active})
}

async fn a_sale_by_cem(world: &World) -> Browser {
    let mut till = world.till(3, CASHIER_PIN).await;
    let float = json!({"amount": 10_000, "currency": "EUR"});
    till.command(json!({"type": "open_day", "float": float})).await.expect_ok();
    till.command(json!({"type": "scan", "code": "4006381333931"})).await.expect_ok();
    till.command(json!({"type": "pay_cash"})).await.expect_ok();
    till
}

#[tokio::test]
async fn who_is_forgotten_is_a_number_on_every_page_and_paper() {
    let mut world = World::shop().await;
    let mut till = a_sale_by_cem(&world).await;
    let mut office = world.office().await;
    let forget = json!({"type": "forget_person", "person": 3});
    send(&mut office, forget.clone()).await.expect(422, "person_active");
    send(&mut office, put(3, "Cem", false)).await.expect_ok();
    till.get("/tills/1").await.expect(401, "not_signed_in");
    assert!(office.get("/receipts/1/1/text").await.text.contains("Cem"));
    let report = office.get("/tills/1/x-report").await.expect_ok();
    assert_eq!(report["names"]["people"][2], json!({"id": 3, "name": "Cem"}));

    let answer = send(&mut office, forget.clone()).await.expect_ok();
    assert_eq!(answer["made"], Value::Null);
    send(&mut office, forget).await.expect(422, "unknown_person");
    for restarted in [false, true] {
        if restarted {
            world.restart().await;
            office = world.office().await;
        }
        let people = office.get("/people").await.expect_ok();
        assert_eq!(people.as_array().map(Vec::len), Some(2), "{people}");
        let page = office.get("/receipts").await.expect_ok();
        assert_eq!(page["receipts"][0]["person_name"], "Person 3");
        assert_eq!(office.get("/receipts/1/1").await.expect_ok()["person_name"], "Person 3");
        for paper in ["/receipts/1/1/text", "/receipts/1/1/html", "/tills/1/x-report/html"] {
            let text = office.get(paper).await.text;
            assert!(text.contains("Person 3") && !text.contains("Cem"), "{paper}: {text}");
        }
        let report = office.get("/tills/1/x-report").await.expect_ok();
        assert_eq!(report["names"]["people"][2], json!({"id": 3, "name": "Person 3"}));
    }
    let pin = json!({"person": 3, "pin": CASHIER_PIN});
    world.browser().post("/tills/1/sign-in", &pin).await.expect(401, "wrong_secret");
    let secret = json!({"kind": "pin", "secret": "638205"});
    office.post("/people/3/credentials", &secret).await.expect(404, "not_found");
    send(&mut office, put(3, "Cem", true)).await.expect(422, "unknown_person");
}

#[tokio::test]
async fn only_managers_forget_and_never_the_last_one() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let forget = |person: u32| json!({"type": "forget_person", "person": person});
    send(&mut office, forget(1)).await.expect(422, "last_manager");
    send(&mut office, forget(99)).await.expect(422, "unknown_person");
    send(&mut office, json!({"type": "forget_person", "person": 3, "name": "Cem"}))
        .await
        .expect(422, "unknown_field");
    let mut till = world.till(3, CASHIER_PIN).await;
    let refused = send(&mut till, forget(2)).await.expect(422, "not_permitted");
    assert_eq!(refused["refusal"]["permission"], "manage_people");
    send(&mut world.browser(), forget(2)).await.expect(401, "not_signed_in");
}

#[tokio::test]
async fn verifying_finds_a_name_that_was_edited_in_the_file() {
    let world = World::shop().await;
    let mut office = world.office().await;
    assert_eq!(verified(&world, &mut office).await, json!(["good", null, []]));
    let edit = |store: &mut store::Store| {
        let ada = store.personal("name").expect("read").remove(0);
        let key = store.personal_key(domain::PersonId(2)).expect("read").expect("a key");
        let (key, sealed) = (key.try_into().expect("32 bytes"), ada.sealed.expect("a name"));
        store.begin().expect("begun");
        store.put_personal(domain::PersonId(2), &key, "name", &sealed).expect("put");
        store.commit().expect("committed");
    };
    world.app.engine().with_store(edit).await.expect("running");
    assert_eq!(
        verified(&world, &mut office).await,
        json!(["bad", "name of person 2: edited", [{"person": 2, "fault": "edited"}]])
    );
}

/// State, problem and names of a verification, once it has ended.
async fn verified(world: &World, office: &mut Browser) -> Value {
    office.post("/record/verify", &json!({})).await.expect_ok();
    loop {
        let view = office.get("/record").await.expect_ok();
        let run = &view["verification"];
        if run["state"] != "running" {
            return json!([run["state"], run["problem"], run["names"]]);
        }
        world.app.engine().snapshot().await.expect("running");
        tokio::task::yield_now().await;
    }
}
