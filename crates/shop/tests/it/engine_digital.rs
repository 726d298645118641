//! Receipts on their way to customers: delivered, late, refused, of unknown fate; never twice by themselves.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use messages::simulator::{Fault, MailSink, SmsKind, SmsSink};
use serde_json::{Value, json};
use shop::digital::Pace;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::{TcpListener, TcpStream};

use crate::http_digital::{ADDRESS, digital, open, runner, sell};
use crate::http_world::{Browser, CASHIER_PIN, World};

const LOOPBACK: ([u8; 4], u16) = ([127, 0, 0, 1], 0);
const PACE: Pace = Pace { look: Duration::from_millis(20), shown: Duration::from_secs(90) };

fn quick() -> tokio::time::Interval {
    tokio::time::interval(Duration::from_millis(20))
}

/// The one message, once it fits.
async fn message(office: &mut Browser, fits: impl Fn(&Value) -> bool) -> Value {
    let mut look = quick();
    for _ in 0..1_500 {
        look.tick().await;
        let view = office.get("/digital").await.expect_ok();
        if let Some(row) = view["messages"].as_array().and_then(|rows| rows.first())
            && fits(row)
        {
            return row.clone();
        }
    }
    panic!("it stays: {:#}", office.get("/digital").await.expect_ok());
}

fn in_state(state: &'static str, note: &'static str) -> impl Fn(&Value) -> bool {
    move |row| row["state"] == state && row["note"] == note
}

async fn sold(world: &World) -> Browser {
    let mut till = world.till(3, CASHIER_PIN).await;
    open(&mut till).await;
    sell(&mut till).await;
    till
}

async fn send(till: &mut Browser, way: &str, to: &str) {
    let asked = json!({"receipt": {"till": 1, "number": 1}, "way": way, "to": to});
    till.post("/tills/1/receipt/send", &asked).await.expect_ok();
}

async fn lamp(till: &mut Browser) -> Value {
    let view = till.get("/tills/1").await.expect_ok();
    let lamps = view["lamps"].as_array().expect("lamps").clone();
    lamps.into_iter().find(|lamp| lamp["kind"] == "messages").expect("a lamp")
}

#[tokio::test]
async fn a_receipt_by_mail_is_text_and_html_and_pdf_and_its_address_is_dropped() {
    let world = World::shop().await;
    let sink = MailSink::new(Some(("laden".to_owned(), "geheim".to_owned()))).expect("a sink");
    let at = sink.listen(LOOPBACK.into(), false).await.expect("an address");
    let mail = json!({"server": "localhost", "port": at.port(), "security": "starttls", "user": "laden",
        "from": "bon@laden.example", "certificate": sink.certificate()});
    digital(&world, json!({"mail": mail})).await;
    let _running = runner(&world, PACE);
    let mut till = sold(&world).await;
    let mut office = world.office().await;
    send(&mut till, "mail", "ada@example.org").await;
    // Without the password it waits, and says why; with it, it goes.
    let row = message(&mut office, in_state("waiting", "no_secret")).await;
    assert_eq!(row["to"], "a…@example.org");
    let mut look = quick();
    while lamp(&mut till).await["code"] != "mail_no_secret" {
        look.tick().await;
    }
    office.post("/digital/secret", &json!({"way": "mail", "secret": "geheim"})).await.expect_ok();
    office
        .post(&format!("/digital/messages/{}", row["id"]), &json!({"done": false}))
        .await
        .expect_ok();
    let row = message(&mut office, in_state("done", "")).await;
    assert_eq!(row["to"], "", "the address is gone");
    let came = sink.came();
    assert_eq!(came.len(), 1);
    assert_eq!((came[0].to.as_str(), came[0].sealed), ("ada@example.org", true));
    for part in
        ["multipart/alternative", "text/plain", "text/html", "Bon-1-1.pdf", "application/pdf"]
    {
        assert!(came[0].body.contains(part), "{part} is missing");
    }
    while lamp(&mut till).await["code"] != "ok" {
        look.tick().await;
    }
}

#[tokio::test]
async fn a_mail_whose_answer_was_lost_is_not_sent_twice_by_itself_and_a_person_settles_it() {
    let world = World::shop().await;
    let sink = MailSink::new(None).expect("a sink");
    let at = sink.listen(LOOPBACK.into(), false).await.expect("an address");
    let mail = json!({"server": "127.0.0.1", "port": at.port(), "security": "none", "from": "bon@laden.example"});
    digital(&world, json!({"mail": mail})).await;
    let _running = runner(&world, PACE);
    let mut till = sold(&world).await;
    let mut office = world.office().await;
    sink.set_fault(Fault::Lost);
    send(&mut till, "mail", "ada@example.org").await;
    let row = message(&mut office, in_state("unknown", "no_answer")).await;
    sink.set_fault(Fault::None);
    world.clock.advance(Duration::from_secs(7_200));
    world.app.engine().outlet().ring();
    for _ in 0..20 {
        quick().tick().await;
    }
    assert_eq!(sink.came().len(), 1, "it went a second time by itself");
    let mut office = world.office().await;
    let mut look = quick();
    while lamp(&mut till).await["code"] != "unsettled" {
        look.tick().await;
    }
    office
        .post(&format!("/digital/messages/{}", row["id"]), &json!({"done": false}))
        .await
        .expect_ok();
    message(&mut office, in_state("done", "")).await;
    let came = sink.came();
    assert_eq!(came.len(), 2);
    let id =
        |body: &str| body.lines().find(|line| line.starts_with("Message-ID")).map(str::to_owned);
    assert_eq!(id(&came[0].body), id(&came[1].body), "the mailbox sees that it is the same");
    assert!(id(&came[0].body).is_some());
}

#[tokio::test]
async fn a_gateway_that_answers_500_for_an_hour_loses_nothing() {
    let world = World::shop().await;
    let sink = SmsSink::new(SmsKind::Seven, "geheim");
    let at = sink.listen(LOOPBACK.into()).await.expect("an address");
    let sms = json!({"gateway": {"kind": "seven", "from": "Laden", "address": format!("http://{at}")}, "prefix": "+49"});
    digital(&world, json!({"page": {"by": "shop", "address": ADDRESS}, "sms": sms})).await;
    let mut office = world.office().await;
    office.post("/digital/secret", &json!({"way": "sms", "secret": "geheim"})).await.expect_ok();
    let _running = runner(&world, PACE);
    let mut till = sold(&world).await;
    sink.set_fault(Fault::Server);
    send(&mut till, "sms", "0170 1234567").await;
    let mut tries = 0;
    for _ in 0..60 {
        let row =
            message(&mut office, |row| row["note"] == "server" && row["state"] == "waiting").await;
        let attempts = row["attempts"].as_u64().expect("a number");
        assert!(attempts >= tries, "{row}");
        tries = attempts;
        world.clock.advance(Duration::from_secs(60));
        world.app.engine().outlet().ring();
    }
    assert!(tries >= 3, "{tries} tries in an hour");
    assert!(sink.came().is_empty());
    // The till says so, and selling went on all the time.
    let mut look = quick();
    while lamp(&mut till).await["code"] != "sms_server" {
        look.tick().await;
    }
    till.command(json!({"type": "scan", "code": "4006381333931"})).await.expect_ok();
    sink.set_fault(Fault::None);
    world.clock.advance(Duration::from_secs(3_600));
    world.app.engine().outlet().ring();
    let mut office = world.office().await;
    message(&mut office, in_state("done", "")).await;
    let came = sink.came();
    assert_eq!(came.len(), 1);
    assert_eq!(came[0].to, "+491701234567");
    assert!(came[0].body.contains(&format!("{ADDRESS}/r/")), "{}", came[0].body);
}

#[tokio::test]
async fn what_is_refused_is_not_tried_again_and_what_stays_unsettled_forgets_its_address() {
    let world = World::shop().await;
    let sink = MailSink::new(None).expect("a sink");
    let at = sink.listen(LOOPBACK.into(), false).await.expect("an address");
    let mail = json!({"server": "127.0.0.1", "port": at.port(), "security": "none", "from": "bon@laden.example"});
    digital(&world, json!({"mail": mail})).await;
    let _running = runner(&world, PACE);
    let mut till = sold(&world).await;
    let mut office = world.office().await;
    sink.set_fault(Fault::Refused);
    send(&mut till, "mail", "ada@example.org").await;
    let row = message(&mut office, in_state("failed", "refused")).await;
    assert_eq!((&row["attempts"], &row["to"]), (&json!(1), &json!("a…@example.org")));
    world.clock.advance(Duration::from_secs(15 * 24 * 3_600));
    world.app.engine().outlet().ring();
    let mut office = world.office().await;
    let row = message(&mut office, |row| row["to"] == "").await;
    assert_eq!(row["state"], "failed");
    let again =
        office.post(&format!("/digital/messages/{}", row["id"]), &json!({"done": false})).await;
    again.expect(422, "receiver_forgotten");
    office
        .post(&format!("/digital/messages/{}", row["id"]), &json!({"done": true}))
        .await
        .expect_ok();
}

#[tokio::test]
async fn what_was_being_handed_over_when_the_program_ended_is_of_unknown_fate() {
    let mut world = World::shop().await;
    let sink = MailSink::new(None).expect("a sink");
    let at = sink.listen(LOOPBACK.into(), false).await.expect("an address");
    let mail = json!({"server": "127.0.0.1", "port": at.port(), "security": "none", "from": "bon@laden.example"});
    digital(&world, json!({"mail": mail})).await;
    let running = runner(&world, PACE);
    let mut till = sold(&world).await;
    sink.set_fault(Fault::Slow);
    send(&mut till, "mail", "ada@example.org").await;
    let mut office = world.office().await;
    message(&mut office, in_state("waiting", "sending")).await;
    running.send(true).expect("it runs");
    running.closed().await;
    world.restart().await;
    sink.set_fault(Fault::None);
    let _running = runner(&world, PACE);
    let mut office = world.office().await;
    message(&mut office, in_state("unknown", "interrupted")).await;
    for _ in 0..10 {
        quick().tick().await;
    }
    let view = office.get("/digital").await.expect_ok();
    assert_eq!(view["messages"][0]["state"], "unknown", "it was sent again by itself");
}

/// A way to a server that breaks off once so much went over it, and for how much it still holds.
struct Brittle {
    lines: Arc<AtomicUsize>,
    port: u16,
}

impl Brittle {
    /// By lines of the shop's, or by bytes of both.
    async fn to(server: std::net::SocketAddr, bytes: bool) -> Brittle {
        let listener =
            TcpListener::bind(std::net::SocketAddr::from(LOOPBACK)).await.expect("an address");
        let port = listener.local_addr().expect("bound").port();
        let lines = Arc::new(AtomicUsize::new(usize::MAX));
        let left = Arc::clone(&lines);
        tokio::spawn(async move {
            while let Ok((shop, _)) = listener.accept().await {
                let far = TcpStream::connect(server).await.expect("the server");
                let left = Arc::clone(&left);
                match bytes {
                    true => tokio::spawn(carry_bytes(shop, far, left)),
                    false => tokio::spawn(carry(shop, far, left)),
                };
            }
        });
        Brittle { lines, port }
    }

    fn breaks_after(&self, lines: usize) {
        self.lines.store(lines, Ordering::SeqCst);
    }
}

/// Passes lines on until there is none left; then both ends are gone.
async fn carry(shop: TcpStream, far: TcpStream, left: Arc<AtomicUsize>) {
    let (from_shop, mut to_shop) = shop.into_split();
    let (mut from_far, mut to_far) = far.into_split();
    let back = async move { tokio::io::copy(&mut from_far, &mut to_shop).await };
    let forth = async move {
        let mut from_shop = BufReader::new(from_shop);
        let mut line = Vec::new();
        loop {
            let take = |left: usize| left.checked_sub(1);
            if left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_err() {
                return;
            }
            line.clear();
            if from_shop.read_until(b'\n', &mut line).await.unwrap_or(0) == 0 {
                return;
            }
            if to_far.write_all(&line).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = forth => {}
        _ = back => {}
    }
}

/// [`carry`] by bytes, those of the answer as well.
async fn carry_bytes(shop: TcpStream, far: TcpStream, left: Arc<AtomicUsize>) {
    async fn pass(
        (mut from, mut to): (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
        left: &AtomicUsize,
    ) {
        let mut byte = [0];
        let take = |left: usize| left.checked_sub(1);
        while left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok() {
            if from.read(&mut byte).await.unwrap_or(0) == 0 || to.write_all(&byte).await.is_err() {
                return;
            }
        }
    }
    let (from_shop, to_shop) = shop.into_split();
    let (from_far, to_far) = far.into_split();
    tokio::select! {
        () = pass((from_shop, to_far), &left) => {}
        () = pass((from_far, to_shop), &left) => {}
    }
}

/// Messages whose conversation breaks off at these points, one after another until one comes through whole: what is waiting did not go,
/// what is done did, and what nobody knows is not sent again by itself. Nobody gets it twice. How many came to which state.
async fn break_off(
    world: &World,
    way: (&str, &Brittle),
    to: impl Fn(usize) -> String,
    came: impl Fn(usize) -> usize,
    points: impl Iterator<Item = usize>,
) -> BTreeMap<String, usize> {
    let (word, brittle) = way;
    let mut office = world.office().await;
    let mut seen = BTreeMap::<String, usize>::new();
    let mut unclear = Vec::new();
    for n in points {
        brittle.breaks_after(n);
        let asked = json!({"way": word, "to": to(n)});
        office.post("/digital/test", &asked).await.expect_ok();
        let tried = |row: &Value| row["state"] != "waiting" || row["attempts"] != 0;
        let row = message(&mut office, tried).await;
        brittle.breaks_after(usize::MAX);
        let state = row["state"].as_str().expect("a state").to_owned();
        *seen.entry(state.clone()).or_default() += 1;
        match state.as_str() {
            "waiting" => {
                assert_eq!(came(n), 0, "{n}: it is said to wait, and came");
                let again = json!({"done": false});
                office.post(&format!("/digital/messages/{}", row["id"]), &again).await.expect_ok();
                message(&mut office, in_state("done", "")).await;
                assert_eq!(came(n), 1, "{n}");
            }
            "unknown" => {
                unclear.push((n, came(n)));
                // Somebody asked the customer: what is settled makes room for the next.
                let settled = json!({"done": true});
                office
                    .post(&format!("/digital/messages/{}", row["id"]), &settled)
                    .await
                    .expect_ok();
            }
            "done" => {
                assert_eq!(came(n), 1, "{n}");
                break;
            }
            other => panic!("{n}: {other}"),
        }
    }
    // Hours later nothing of unknown fate has gone out once more.
    world.clock.advance(Duration::from_secs(7_200));
    world.app.engine().outlet().ring();
    for _ in 0..20 {
        quick().tick().await;
    }
    for (n, before) in &unclear {
        assert!(*before <= 1 && came(*n) <= 1, "{n}: it went a second time by itself");
    }
    assert_eq!(seen.get("done"), Some(&1), "none came through: {seen:?}");
    seen
}

#[tokio::test]
async fn a_mail_that_breaks_off_at_the_nth_line_is_sent_by_itself_once() {
    let world = World::shop().await;
    let sink = MailSink::new(None).expect("a sink");
    let at = sink.listen(LOOPBACK.into(), false).await.expect("an address");
    let way = Brittle::to(at, false).await;
    let mail = json!({"server": "127.0.0.1", "port": way.port, "security": "none", "from": "bon@laden.example"});
    digital(&world, json!({"mail": mail})).await;
    let _running = runner(&world, PACE);
    let to = |n: usize| format!("n{n}@example.org");
    let came = |n: usize| sink.came().iter().filter(|mail| mail.to == to(n)).count();
    // Every line of what is said before the letter, and some of its own.
    let points = (0..8).chain((8..).step_by(17));
    let seen = break_off(&world, ("mail", &way), to, came, points).await;
    assert!(seen["waiting"] >= 4 && seen["unknown"] >= 2, "{seen:?}");
}

/// Each gateway, through the shop.
#[tokio::test]
async fn a_text_that_breaks_off_at_the_nth_byte_is_sent_by_itself_once() {
    for kind in [SmsKind::Seven, SmsKind::Twilio, SmsKind::Generic] {
        let world = World::shop().await;
        let sink = SmsSink::new(kind, "geheim");
        let at = sink.listen(LOOPBACK.into()).await.expect("an address");
        let way = Brittle::to(at, true).await;
        let address = format!("http://127.0.0.1:{}", way.port);
        let gateway = match kind {
            SmsKind::Seven => json!({"kind": "seven", "from": "Laden", "address": address}),
            SmsKind::Twilio => {
                json!({"kind": "twilio", "account": "AC0123", "from": "+4930123", "address": address})
            }
            SmsKind::Generic => json!({"kind": "http", "address": format!("{address}/send"),
                "media": "application/json", "body": r#"{"to":"{to}","text":"{text}"}"#,
                "authorization": "Bearer {secret}"}),
        };
        let sms = json!({"gateway": gateway, "prefix": "+49"});
        digital(&world, json!({"page": {"by": "shop", "address": ADDRESS}, "sms": sms})).await;
        let mut office = world.office().await;
        let secret = json!({"way": "sms", "secret": "geheim"});
        office.post("/digital/secret", &secret).await.expect_ok();
        let _running = runner(&world, PACE);
        let to = |n: usize| format!("+49170{n:07}");
        let came = |n: usize| sink.came().iter().filter(|text| text.to == to(n)).count();
        let seen = break_off(&world, ("sms", &way), to, came, (0..).step_by(23)).await;
        assert!(seen["unknown"] >= 10, "{kind:?}: {seen:?}");
    }
}
