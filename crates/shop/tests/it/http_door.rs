//! What stands before every route: host, origin, kinds and sizes of bodies, headers.

use std::fmt::Write;

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};

use crate::http_world::{CASHIER_PIN, HOST, World, id, setup};

fn scan(host: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(Method::POST)
        .uri("/api/v1/tills/1/commands")
        .header(header::HOST, host)
        .header(header::CONTENT_TYPE, "application/json")
}

fn body() -> Body {
    Body::from(
        json!({"id": id(), "type": "open_day", "float": {"amount": 0, "currency": "EUR"}})
            .to_string(),
    )
}

#[tokio::test]
async fn only_the_shops_own_names_are_answered() {
    let world = World::empty().await;
    let mut browser = world.browser();
    for host in [
        "evil.test",
        "127.0.0.1.evil.test",
        "localhost.evil.test:7070",
        "",
        "127.0.0.1:",
        "[::1",
        "169.254.169.254",
    ] {
        let request = Request::builder().uri("/api/v1/health").header(header::HOST, host);
        let request =
            request.header("x-forwarded-host", HOST).body(Body::empty()).expect("a request");
        browser.send(request).await.expect(421, "wrong_host");
    }
    let nameless = Request::builder().uri("/till").body(Body::empty()).expect("a request");
    browser.send(nameless).await.expect(421, "wrong_host");
    for host in ["127.0.0.1:7070", "localhost", "LOCALHOST:80", "[::1]:7070", "kasse.lan:443"] {
        let request = Request::builder().uri("/api/v1/health").header(header::HOST, host);
        let request =
            request.header("x-forwarded-host", "evil.test").body(Body::empty()).expect("a request");
        browser.send(request).await.expect_ok();
    }
}

#[tokio::test]
async fn another_page_changes_nothing() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    let cookie = format!("tresen_till={}", till.cookies["tresen_till"]);
    let before = till.get("/health").await.expect_ok();
    let own = format!("http://{HOST}");
    let cases: [(&str, &[(&str, &str)]); 7] = [
        ("no origin", &[]),
        ("null", &[("origin", "null")]),
        ("foreign", &[("origin", "http://evil.test")]),
        ("another port", &[("origin", "http://127.0.0.1:8080")]),
        ("own name as a part", &[("origin", "http://127.0.0.1:7070.evil.test")]),
        ("two", &[("origin", &own), ("origin", "http://evil.test")]),
        ("cross-site", &[("origin", &own), ("sec-fetch-site", "cross-site")]),
    ];
    for (what, headers) in cases {
        let request = headers
            .iter()
            .fold(scan(HOST).header(header::COOKIE, &cookie), |r, (n, v)| r.header(*n, *v));
        let problem =
            till.send(request.body(body()).expect("a request")).await.expect(403, "cross_origin");
        assert!(problem["title"].is_string(), "{what}");
    }
    let form = till
        .request(Method::POST, "/api/v1/tills/1/commands")
        .header(header::CONTENT_TYPE, "text/plain")
        .body(body())
        .expect("a request");
    till.send(form).await.expect(415, "not_json");
    assert_eq!(till.get("/health").await.expect_ok(), before);

    let read = till.request(Method::GET, "/api/v1/tills").header("sec-fetch-site", "cross-site");
    till.send(read.body(Body::empty()).expect("a request")).await.expect(403, "cross_origin");
}

#[tokio::test]
async fn each_mistake_of_a_body_has_its_own_problem() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    let deep = format!(r#"{{"id":"{}","type":"scan","code":{}"#, id(), "[".repeat(60_000));
    let float = r#"{"amount":1,"currency":"EUR","tax":7}"#;
    let cases: Vec<(&str, String)> = vec![
        ("nothing", String::new()),
        ("no JSON", "{".to_owned()),
        ("not UTF-8 as text", "\"\\ud800\"".to_owned()),
        ("deep", deep),
        ("a list", "[]".to_owned()),
        ("no id", r#"{"type":"close_day"}"#.to_owned()),
        ("no type", format!(r#"{{"id":"{}"}}"#, id())),
        ("unknown type", format!(r#"{{"id":"{}","type":"give_all"}}"#, id())),
        (
            "unknown field",
            format!(r#"{{"id":"{}","type":"scan","code":"1","unit_price":1}}"#, id()),
        ),
        (
            "unknown field inside",
            format!(r#"{{"id":"{}","type":"open_day","float":{float}}}"#, id()),
        ),
        (
            "unknown field of a command without any",
            format!(r#"{{"id":"{}","type":"new_basket","role":"manager"}}"#, id()),
        ),
        ("wrong type", format!(r#"{{"id":"{}","type":"scan","code":1}}"#, id())),
        (
            "fraction",
            format!(r#"{{"id":"{}","type":"change_quantity","line":1,"quantity":1.5}}"#, id()),
        ),
        (
            "too large a number",
            format!(r#"{{"id":"{}","type":"change_quantity","line":1,"quantity":1e309}}"#, id()),
        ),
        ("too large", format!("\"{}\"", "x".repeat(65 * 1024))),
    ];
    let mut seen = String::new();
    for (what, body) in cases {
        let reply = till.post_text("/tills/1/commands", body).await;
        let mut problem: Value = reply.json();
        problem["detail"] = problem["detail"]
            .as_str()
            .map_or(Value::Null, |d| json!(d.replace(char::is_numeric, "#")));
        writeln!(seen, "{what}: {} {problem}", reply.status.as_u16()).expect("a string");
    }
    insta::assert_snapshot!("problems_of_bodies", seen);
}

#[tokio::test]
async fn unknown_words_in_the_address_are_refused() {
    let world = World::shop().await;
    let mut office = world.office().await;
    for (path, status, code) in [
        ("/items?limit=x", 400, "bad_query"),
        ("/items?lmit=1", 400, "bad_query"),
        ("/items?after=x", 422, "bad_field"),
        ("/receipts?from=2026-13-01", 400, "bad_query"),
        ("/receipts?before=x", 422, "bad_field"),
        ("/items/x", 404, "not_found"),
        ("/items/-1", 404, "not_found"),
        ("/items/4294967296", 404, "not_found"),
        ("/items/99", 404, "not_found"),
        ("/receipts/1/1", 404, "not_found"),
        ("/receipts/1/..%2f..%2fpeople", 404, "not_found"),
        ("/tills/7/people", 404, "not_found"),
        ("/tills/1/display/../../people", 404, "not_found"),
        ("/nothing", 404, "not_found"),
        ("/stock/1/movements?limit=-1", 400, "bad_query"),
    ] {
        let reply = office.get(path).await;
        assert_eq!(
            (reply.status.as_u16(), reply.json()["code"].as_str()),
            (status, Some(code)),
            "{path}"
        );
    }
    let put =
        office.request(Method::PUT, "/api/v1/settings").body(Body::empty()).expect("a request");
    office.send(put).await.expect(405, "method_not_allowed");
}

#[tokio::test]
async fn a_file_larger_than_the_limit_is_refused_before_it_is_read() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let claimed = tokio_stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let request = office
        .request(Method::POST, "/api/v1/imports?name=big.csv")
        .header(header::CONTENT_TYPE, "text/csv")
        .header(header::CONTENT_LENGTH, shop::http::IMPORT_LIMIT + 1)
        .body(Body::from_stream(claimed));
    office.send(request.expect("a request")).await.expect(413, "too_large");
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_it() {
    let world = World::empty().await;
    let mut browser = world.browser();
    let code = world.app.setup_code().await.expect("engine").expect("needed");
    let mut replies = vec![
        browser.get("/health").await,
        browser.get("/nothing").await,
        browser.get("/people").await,
        browser.post("/setup", &setup("no")).await,
        browser.post("/setup", &setup(&code)).await,
    ];
    for path in [
        "/",
        "/till",
        "/till/1",
        "/display/1",
        "/office",
        "/office/items",
        "/assets/none.js",
        "/api/openapi.json",
    ] {
        let request = browser.request(Method::GET, path).body(Body::empty()).expect("a request");
        replies.push(browser.send(request).await);
    }
    for reply in replies {
        let header = |name: &str| {
            reply.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
        };
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
            "{policy}"
        );
        assert!(
            policy.contains("frame-ancestors 'self'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert!(["no-store", "no-cache"].contains(&header("cache-control").as_str()));
        assert_eq!(header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn pages_are_whole_or_say_what_is_missing_and_no_path_climbs_out() {
    let world = World::empty().await;
    let mut browser = world.browser();
    for path in ["/till", "/display/1", "/office"] {
        let request = browser.request(Method::GET, path).body(Body::empty()).expect("a request");
        let reply = browser.send(request).await;
        let built = reply.status == 200 && reply.text.contains("<script");
        let says_so = reply.status == 503 && reply.text.contains("cargo xtask ui");
        assert!(built || says_so, "{path}: {} {}", reply.status, reply.text);
    }
    for path in [
        "/assets/../../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/assets/..%5c..%5cCargo.toml",
        "/assets//etc/passwd",
        "/assets/%00",
        "/Cargo.toml",
    ] {
        let request = browser.request(Method::GET, path).body(Body::empty()).expect("a request");
        let reply = browser.send(request).await;
        assert_eq!(reply.status, 404, "{path}");
    }
}
