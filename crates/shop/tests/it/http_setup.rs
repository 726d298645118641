//! The first run.

use serde_json::json;

use crate::http_world::{World, setup};

#[tokio::test]
async fn the_first_run_makes_the_shop_and_its_manager_once() {
    let world = World::empty().await;
    let mut browser = world.browser();
    let info = browser.get("/setup").await.expect_ok();
    assert_eq!(
        (&info["needed"], info["countries"].as_array().map(Vec::len)),
        (&json!(true), Some(3))
    );
    assert_eq!(browser.get("/session").await.expect_ok()["setup_needed"], true);

    let code = world.app.setup_code().await.expect("engine").expect("needed");
    let session = browser.post("/setup", &setup(&code)).await.expect_ok();
    assert_eq!(session["person"], json!({"id": 1, "name": "Ada", "role": "manager"}));
    assert_eq!(session["setup_needed"], false);
    assert_eq!(browser.get("/settings").await.expect_ok()["tills"][0]["name"], "Kasse vorn");
    assert_eq!(browser.get("/tills/1/people").await.expect_ok(), json!([{"id": 1, "name": "Ada"}]));

    assert_eq!(world.app.setup_code().await.expect("engine"), None);
    assert_eq!(browser.get("/setup").await.expect_ok(), json!({"needed": false, "countries": []}));
    browser.post("/setup", &setup(&code)).await.expect(403, "set_up_already");
}

#[tokio::test]
async fn five_wrong_codes_use_the_code_up() {
    let world = World::empty().await;
    let mut browser = world.browser();
    let code = world.app.setup_code().await.expect("engine").expect("needed");
    for _ in 0..5 {
        browser.post("/setup", &setup("ABCD-EFGH")).await.expect(403, "wrong_setup_code");
    }
    browser.post("/setup", &setup(&code)).await.expect(403, "setup_code_used_up");
    assert_eq!(browser.get("/session").await.expect_ok()["setup_needed"], true);
}

#[tokio::test]
async fn secrets_that_are_guessed_first_are_refused_and_nothing_is_recorded() {
    let world = World::empty().await;
    let mut browser = world.browser();
    let code = world.app.setup_code().await.expect("engine").expect("needed");
    for (field, value, problem) in [
        ("pin", "123456", "pin_too_easy"),
        ("pin", "1234", "pin_too_short"),
        ("pin", "12345x", "pin_not_digits"),
        ("passphrase", "kurz", "passphrase_too_short"),
        ("passphrase", "Hofladen Hofladen Ada", "passphrase_too_easy"),
    ] {
        let mut body = setup(&code);
        body[field] = json!(value);
        browser.post("/setup", &body).await.expect(422, problem);
    }
    assert_eq!(browser.get("/health").await.expect_ok()["seq"], 0);
}
