//! The counter of a demo: simulated devices, the customer's display and a phone on one page; nothing of it in a shop that sells.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::json;
use shop::clock::{Clock, HandClock};
use shop::digital::Pace;
use shop::http::{App, HttpConfig, Simulator, router};
use tower::ServiceExt as _;

use crate::http_digital::{ADDRESS, digital, open, runner, sell, shown};
use crate::http_world::{CASHIER_PIN, World};

async fn get(router: &Router, path: &str, language: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(path)
        .header(header::HOST, "127.0.0.1:7070")
        .header(header::ACCEPT_LANGUAGE, language)
        .body(Body::empty())
        .expect("a request");
    let reply = router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = reply.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.expect("a body");
    (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).expect("text"))
}

/// The same shop as a demo serves it.
async fn demo(world: &World) -> Router {
    let clock: Arc<dyn Clock> = Arc::<HandClock>::clone(&world.clock);
    let printer = Simulator {
        de: "Bondrucker",
        en: "Receipt printer",
        page: "http://127.0.0.1:41234/".to_owned(),
    };
    let config = HttpConfig { simulators: vec![printer], ..HttpConfig::default() };
    router(App::start(world.app.engine().clone(), clock, config).await.expect("a service"))
}

#[tokio::test]
async fn a_shop_that_sells_has_no_page_of_simulators() {
    let world = World::shop().await;
    let plain = router(world.app.clone());
    for path in ["/counter", "/counter/phone", "/counter/phone/scan"] {
        assert_eq!(get(&plain, path, "de").await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(world.browser().get("/session").await.expect_ok()["counter"], json!(false));
}

#[tokio::test]
async fn a_demo_shows_its_devices_side_by_side_and_calls_them_simulators() {
    let world = World::shop().await;
    let demo = demo(&world).await;
    let (status, headers, page) = get(&demo, "/counter", "de-DE").await;
    assert_eq!(status, StatusCode::OK);
    for said in [
        "<span class=\"sign\">Simulator</span> Bondrucker",
        "<iframe src=\"http://127.0.0.1:41234/\" title=\"Bondrucker\">",
        "<iframe src=\"/display/1\"",
        "<iframe src=\"/counter/phone\" title=\"Handy des Kunden\" name=\"phone\">",
    ] {
        assert!(page.contains(said), "{said} is missing: {page}");
    }
    let policy = headers["content-security-policy"].to_str().expect("text");
    assert!(policy.contains("frame-src 'self' http://127.0.0.1:*"), "{policy}");
    assert!(!policy.contains("unsafe") && !page.contains("<script"), "{policy}");
    let (_, _, english) = get(&demo, "/counter", "en").await;
    assert!(english.contains("<html lang=\"en\">") && english.contains("Receipt printer"));
}

#[tokio::test]
async fn the_phone_reads_the_code_on_the_display() {
    let world = World::shop().await;
    digital(&world, json!({"page": {"by": "shop", "address": ADDRESS}})).await;
    let demo = demo(&world).await;
    let (status, _, said) = get(&demo, "/counter/phone/scan", "de").await;
    assert_eq!(status, StatusCode::OK);
    assert!(said.contains("steht gerade kein QR-Code"), "{said}");
    let _running = runner(&world, Pace::default());
    let mut till = world.till(3, CASHIER_PIN).await;
    open(&mut till).await;
    sell(&mut till).await;
    let view = shown(&world, |view| !view["receipt"]["qr"].is_null()).await;
    let (status, headers, _) = get(&demo, "/counter/phone/scan", "de").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(headers[header::LOCATION], view["receipt"]["qr"]["payload"].as_str().expect("one"));
}
