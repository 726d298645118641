//! A shop behind its HTTP service, and browsers that talk to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use shop::clock::{Clock, HandClock};
use shop::engine::{Engine, Running};
use shop::http::{App, HttpConfig, router};
use store::{NewShop, Store};
use tower::ServiceExt;

pub(crate) const HOST: &str = "127.0.0.1:7070";
pub(crate) const PASSPHRASE: &str = "sieben Birnen im Regen";
pub(crate) const MANAGER_PIN: &str = "481592";
pub(crate) const SUPERVISOR_PIN: &str = "730284";
pub(crate) const CASHIER_PIN: &str = "926417";

/// A shop in a folder of its own, at a time that only the test moves.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) clock: Arc<HandClock>,
    running: Option<Running>,
    folder: tempfile::TempDir,
}

impl World {
    /// A fresh file, not set up.
    pub(crate) async fn empty() -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(HandClock::at("2026-11-23T09:15:00Z".parse().expect("a time")));
        let new = NewShop { shop: "test".to_owned(), created: clock.now() };
        let store = Store::create(&folder.path().join("shop.db"), &new).expect("a new shop");
        let (app, running) = start(store, &clock).await;
        World { app, clock, running: Some(running), folder }
    }

    /// Set up by Ada (1, manager); Ben (2) is a supervisor, Cem (3) a cashier; one item.
    pub(crate) async fn shop() -> World {
        let world = World::empty().await;
        let mut office = world.browser();
        let code = world.app.setup_code().await.expect("engine").expect("needed");
        office.post("/setup", &setup(&code)).await.expect_ok();
        for (person, name, role, pin) in
            [(2, "Ben", "supervisor", SUPERVISOR_PIN), (3, "Cem", "cashier", CASHIER_PIN)]
        {
            let put = json!({"id": id(), "type": "put_person", "name": name, "role": role, "active": true});
            office.post("/shop/commands", &put).await.expect_ok();
            let credential = json!({"kind": "pin", "secret": pin});
            office.post(&format!("/people/{person}/credentials"), &credential).await.expect_ok();
        }
        let item = json!({"number": "100", "name": "Äpfel, Boskoop", "tax": 2, "group": 1,
            "codes": [{"code": "4006381333931"}], "prices": [{"amount": 249}], "minimum": 5000});
        let put = json!({"id": id(), "type": "put_item", "draft": item});
        office.post("/shop/commands", &put).await.expect_ok();
        world
    }

    /// The program ends and starts again on the same file.
    pub(crate) async fn restart(&mut self) {
        self.app.close();
        self.running.take().expect("running").stop();
        let store = Store::open(&self.folder.path().join("shop.db")).expect("the same shop");
        let (app, running) = start(store, &self.clock).await;
        (self.app, self.running) = (app, Some(running));
    }

    /// The machine is lost, and the shop goes on from a backup of this moment.
    pub(crate) async fn restore(&mut self) {
        self.app.close();
        let backup = self.folder.path().join("backup.db");
        let restored = self.folder.path().join("restored.db");
        let file = store::Reader::open(self.app.engine().path()).expect("the file");
        file.backup(&backup, |_, _| ()).expect("a backup");
        self.running.take().expect("running").stop();
        let at = self.clock.now();
        let restoring = store::Restoring { at, command: shop::ids::own_command(at) };
        store::restore(&backup, &restored, restoring, |_, _| true).expect("restored");
        let (app, running) = start(Store::open(&restored).expect("the shop"), &self.clock).await;
        (self.app, self.running) = (app, Some(running));
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser { router: router(self.app.clone()), cookies: BTreeMap::new() }
    }

    /// A browser in which somebody is signed in at till 1.
    pub(crate) async fn till(&self, person: u32, pin: &str) -> Browser {
        let mut browser = self.browser();
        browser.post("/tills/1/sign-in", &json!({"person": person, "pin": pin})).await.expect_ok();
        browser
    }

    /// A browser in which Ada is signed in at the office.
    pub(crate) async fn office(&self) -> Browser {
        let mut browser = self.browser();
        browser
            .post("/office/sign-in", &json!({"person": "ada", "passphrase": PASSPHRASE}))
            .await
            .expect_ok();
        browser
    }
}

async fn start(store: Store, clock: &Arc<HandClock>) -> (App, Running) {
    let clock: Arc<dyn Clock> = Arc::<HandClock>::clone(clock);
    let (engine, running) = Engine::start(store, Arc::clone(&clock)).expect("an engine");
    let config = HttpConfig { hosts: vec!["kasse.lan".to_owned()], ..HttpConfig::default() };
    (App::start(engine, clock, config).await.expect("a service"), running)
}

/// What the first run sends.
pub(crate) fn setup(code: &str) -> Value {
    json!({"code": code, "shop_name": "Hofladen", "address": ["Feldweg 1", "12345 Dorf"], "country": "DE",
        "language": "de", "till_name": "Kasse vorn", "person_name": "Ada", "passphrase": PASSPHRASE,
        "pin": MANAGER_PIN})
}

/// A fresh id for a command.
pub(crate) fn id() -> String {
    shop::ids::own_uuid("2026-11-23T09:15:00Z".parse().expect("a time")).to_string()
}

/// A browser: keeps its cookies, sends the origin of the shop's own page.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    #[track_caller]
    pub(crate) fn expect_ok(self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text);
        self.json()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status.as_u16(), self.json()["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.text
        );
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        self.json()
    }
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        let request = self.request(Method::GET, &format!("/api/v1{path}")).body(Body::empty());
        self.send(request.expect("a request")).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.post_text(path, body.to_string()).await
    }

    pub(crate) async fn post_text(&mut self, path: &str, body: impl Into<Body>) -> Reply {
        let request = self
            .request(Method::POST, &format!("/api/v1{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.into());
        self.send(request.expect("a request")).await
    }

    /// A command at till 1.
    pub(crate) async fn command(&mut self, mut body: Value) -> Reply {
        body["id"] = json!(id());
        self.post("/tills/1/commands", &body).await
    }

    /// A request as the shop's own page sends it.
    pub(crate) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, HOST)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header(header::COOKIE, cookies.join("; "))
    }

    pub(crate) async fn send(&mut self, request: Request<Body>) -> Reply {
        let (status, headers, body) = self.begin(request).await;
        // An event stream does not end by itself.
        let streams =
            headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes = if streams {
            Vec::new().into()
        } else {
            to_bytes(body, usize::MAX).await.expect("a whole body")
        };
        Reply { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Sends and answers the body unread.
    pub(crate) async fn begin(&mut self, request: Request<Body>) -> (StatusCode, HeaderMap, Body) {
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("text");
            assert!(text.contains("HttpOnly; SameSite=Strict; Path=/"), "{text}");
            let (name, value) =
                text.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        (parts.status, parts.headers, body)
    }
}
