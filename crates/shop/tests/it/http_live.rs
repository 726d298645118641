//! Event streams, and the service on a real socket.

use axum::body::{Body, BodyDataStream};
use axum::http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_stream::StreamExt;

use crate::http_world::{Browser, CASHIER_PIN, HOST, World};

/// The data of the next event, or none when the stream has ended.
async fn next(stream: &mut BodyDataStream) -> Option<Value> {
    let mut text = String::new();
    while !text.ends_with("\n\n") {
        text.push_str(std::str::from_utf8(&stream.next().await?.expect("a piece")).expect("text"));
    }
    assert!(text.contains("event: view"), "{text}");
    let data = text.lines().find_map(|line| line.strip_prefix("data: ")).expect("data");
    Some(serde_json::from_str(data).expect("JSON"))
}

async fn watch(browser: &mut Browser, path: &str) -> BodyDataStream {
    let request = browser
        .request(Method::GET, &format!("/api/v1{path}"))
        .body(Body::empty())
        .expect("a request");
    let (status, headers, body) = browser.begin(request).await;
    assert_eq!(
        (status.as_u16(), headers["content-type"].to_str().expect("text")),
        (200, "text/event-stream")
    );
    body.into_data_stream()
}

#[tokio::test]
async fn screens_follow_the_till_until_the_session_ends() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    let mut screen = watch(&mut till, "/tills/1/events").await;
    assert_eq!(next(&mut screen).await.expect("the present screen")["day"], Value::Null);
    let mut customer = watch(&mut world.browser(), "/tills/1/display/events").await;
    assert_eq!(next(&mut customer).await.expect("the present display")["state"], "idle");

    let float = json!({"amount": 0, "currency": "EUR"});
    till.command(json!({"type": "open_day", "float": float})).await.expect_ok();
    assert_eq!(next(&mut screen).await.expect("a change")["day"]["number"], 1);
    till.command(json!({"type": "scan", "code": "4006381333931"})).await.expect_ok();
    assert_eq!(next(&mut screen).await.expect("a change")["basket"]["total"]["amount"], 249);
    // The customer's display did not change when the day was opened: it is not sent twice.
    let shown = next(&mut customer).await.expect("a change");
    assert_eq!(
        (&shown["state"], &shown["lines"][0]["name"]),
        (&json!("basket"), &json!("Äpfel, Boskoop"))
    );
    for private in ["person", "day", "permissions", "parked", "lamps", "seq"] {
        assert!(shown.get(private).is_none(), "{private}");
    }
    till.command(json!({"type": "pay_cash"})).await.expect_ok();
    assert_eq!(next(&mut customer).await.expect("a change")["state"], "paid");
    assert_eq!(next(&mut screen).await.expect("a change")["basket"], Value::Null);

    till.command(json!({"type": "sign_out"})).await.expect_ok();
    while let Some(view) = next(&mut screen).await {
        assert!(view["person"].is_null(), "a locked till shows nobody's screen");
    }
}

#[tokio::test]
async fn a_browser_that_opens_streams_without_end_is_told_to_stop() {
    let world = World::shop().await;
    let mut till = world.till(3, CASHIER_PIN).await;
    let mut streams = Vec::new();
    for _ in 0..8 {
        streams.push(watch(&mut till, "/tills/1/events").await);
    }
    let refused = till.get("/tills/1/events").await;
    assert_eq!(refused.headers["retry-after"], "15");
    refused.expect(429, "too_many_streams");
    // Everything else goes on, and so do the streams that are open and those of others.
    till.get("/tills/1").await.expect_ok();
    assert!(next(&mut streams[7]).await.is_some());
    let mut customer = watch(&mut world.browser(), "/tills/1/display/events").await;
    assert!(next(&mut customer).await.is_some());
    // One page closed: its place is free as soon as the service sees it.
    drop(streams.pop());
    while !till.get("/tills/1/events").await.status.is_success() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_service_answers_on_a_socket_and_ends_with_streams_open() {
    let world = World::shop().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let service = tokio::spawn(shop::http::serve(listener, world.app.clone(), async move {
        let _ = stopped.await;
    }));
    let mut socket = TcpStream::connect(address).await.expect("connected");
    let request = format!("GET /api/v1/tills/1/display/events HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    socket.write_all(request.as_bytes()).await.expect("sent");
    let mut seen = String::new();
    while !seen.contains("event: view") {
        let mut piece = [0_u8; 4_096];
        let read = socket.read(&mut piece).await.expect("read");
        assert!(read > 0, "closed after: {seen}");
        seen.push_str(&String::from_utf8_lossy(&piece[..read]));
    }
    stop.send(()).expect("the service listens");
    service.await.expect("joined").expect("ended well");
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).await.expect("closed");
}
