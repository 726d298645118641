//! fiskaly's interface (SIGN DE v2) on this machine, without TLS. What is open and who is a till it keeps in memory
//! only; what it signed is in the software unit's file.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use fiscal::de::tse::log::Operation;
use fiscal::de::tse::software::Signed;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::asked::Asked;
use super::{Clock, Core, Deed, Gate, Hold, Trouble};
use crate::fiskaly::{Secret, Setup as Way};
use crate::{Fault, Unit as _};

/// Longest request that is read, bytes.
const LONGEST: usize = 1024 * 1024;

/// What the simulated unit shall be.
pub struct Setup {
    /// Its address; loopback.
    pub listen: SocketAddr,
    /// The software unit's file.
    pub memory: PathBuf,
    /// Random bytes, for its key.
    pub seed: [u8; 32],
    /// Its clock.
    pub clock: Clock,
    /// Its UUID.
    pub tss: Uuid,
    /// What it takes to be asked; of a unit that is new, without its PIN.
    pub secret: Secret,
    /// There is no unit yet: one of any UUID is made when it is asked for.
    pub new: bool,
}

/// The PUK of units that are made here.
pub const PUK: &str = "8417360025";

#[derive(Clone)]
struct Tx {
    id: String,
    number: u64,
    client: String,
    revision: u64,
    state: &'static str,
    start: Timestamp,
    schema: Value,
    last: Said,
}

#[derive(Clone)]
struct Said {
    operation: Operation,
    at: Timestamp,
    counter: u64,
    signature: Vec<u8>,
}

impl From<(Operation, Signed)> for Said {
    fn from((operation, signed): (Operation, Signed)) -> Self {
        let Signed { at, counter, signature, .. } = signed;
        Said { operation, at, counter, signature }
    }
}

#[derive(Default)]
struct Memory {
    /// The unit that there is, and where it is in its life.
    unit: Option<(Uuid, &'static str)>,
    pin: Option<String>,
    off: BTreeSet<String>,
    tokens: BTreeSet<String>,
    drawn: u64,
    admin: bool,
    clients: BTreeMap<String, String>,
    txs: Vec<Tx>,
    exports: BTreeMap<String, (bool, Vec<u8>)>,
}

struct Cloud {
    core: Core,
    tss: Uuid,
    secret: Secret,
    memory: Mutex<Memory>,
}

/// The unit, until it is dropped.
pub struct Simulator {
    address: SocketAddr,
    cloud: Arc<Cloud>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts it.
    ///
    /// # Errors
    /// When its file or its address cannot be had.
    pub fn start(setup: Setup) -> Result<Self, Fault> {
        if !setup.listen.ip().is_loopback() {
            return Err(Fault::Refused("address"));
        }
        let core = Core::open(&setup.memory, &setup.seed, "fiskaly simulator", setup.clock)?;
        let memory = Memory {
            unit: (!setup.new).then_some((setup.tss, "INITIALIZED")),
            pin: setup.secret.admin_pin.clone().filter(|_| !setup.new),
            ..Memory::default()
        };
        let memory = Mutex::new(memory);
        let cloud = Arc::new(Cloud { core, tss: setup.tss, secret: setup.secret, memory });
        let listener = TcpListener::bind(setup.listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&cloud);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let serve = move || runtime.block_on(serve(listener, shared, stopped));
        let thread = std::thread::Builder::new().name("fiskaly".to_owned()).spawn(serve)?;
        Ok(Self { address, cloud, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What shall go wrong, each once, in this order.
    pub fn script(&self, troubles: &[(Deed, Trouble)]) {
        self.cloud.core.script(troubles);
    }

    /// Where exports stay.
    #[must_use]
    pub fn exports(&self) -> &Gate {
        &self.cloud.core.gate
    }

    /// How often a wrong PIN or PUK was told: a real one blocks itself after some.
    #[must_use]
    pub fn mistold(&self) -> u64 {
        self.cloud.core.wrong.load(Ordering::SeqCst)
    }

    /// The way to it.
    #[must_use]
    pub fn way(&self, patience: Duration, draw: fn() -> [u8; 32]) -> Way {
        let base = format!("http://{}/api/v2", self.address);
        Way { base, tss: self.cloud.tss, patience, slowly: patience, draw }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

async fn serve(listener: TcpListener, cloud: Arc<Cloud>, mut stopped: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let accepted = tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else { return };
        let cloud = Arc::clone(&cloud);
        let service = service_fn(move |request| answer(Arc::clone(&cloud), request));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

/// What is answered.
enum Reply {
    Json(u16, Value),
    Tar(Vec<u8>),
    /// The connection is lost.
    Lost,
    /// Nobody waits that long.
    Late,
}

fn no(status: u16, code: &str) -> Reply {
    Reply::Json(
        status,
        json!({ "status_code": status, "error": "simulated", "code": code, "message": "" }),
    )
}

async fn answer(
    cloud: Arc<Cloud>,
    request: Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, LONGEST).collect().await.map_err(io::Error::other)?.to_bytes();
    let bearer = parts.headers.get(hyper::header::AUTHORIZATION);
    let bearer = bearer.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let asked = Asked {
        method: &parts.method,
        path: parts.uri.path().strip_prefix("/api/v2").unwrap_or_default(),
        query: parts.uri.query().unwrap_or_default(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    };
    let reply = cloud.reply(bearer, &asked);
    cloud.core.gate.sent(matches!(reply, Reply::Tar(_))).await;
    let date = cloud.core.now(None).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let response = Response::builder().header(hyper::header::DATE, date);
    let response = match reply {
        Reply::Json(status, value) => response
            .status(status)
            .header(hyper::header::CONTENT_TYPE, "application/json")
            .body(Full::from(value.to_string())),
        Reply::Tar(bytes) => response
            .header(hyper::header::CONTENT_TYPE, "application/x-tar")
            .body(Full::from(bytes)),
        Reply::Lost => return Err(io::ErrorKind::ConnectionReset.into()),
        Reply::Late => return std::future::pending().await,
    };
    response.map_err(io::Error::other)
}

impl Cloud {
    fn reply(&self, bearer: Option<&str>, asked: &Asked<'_>) -> Reply {
        let memory = &mut *self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.path == "/auth" {
            return self.auth(memory, asked);
        }
        if !bearer.is_some_and(|token| memory.tokens.contains(token)) {
            return no(401, "");
        }
        let mut path = asked.path.split('/').skip(1);
        let (Some("tss"), Some(tss)) = (path.next(), path.next().and_then(|id| id.parse().ok()))
        else {
            return no(404, "");
        };
        let path: Vec<&str> = path.collect();
        let method = asked.method.as_str();
        let Some((_, state)) = memory.unit.filter(|(unit, _)| *unit == tss) else {
            if (method, path.as_slice(), memory.unit) == ("PUT", &[], None) {
                return self.life(memory, (tss, "CREATED"));
            }
            return no(404, "E_TSS_NOT_FOUND");
        };
        match (method, path.as_slice()) {
            ("GET", []) => return self.tss(memory, (tss, state)),
            ("PATCH", []) => {
                let next = match (state, asked.text("state")) {
                    ("CREATED", "UNINITIALIZED") => "UNINITIALIZED",
                    ("UNINITIALIZED", "INITIALIZED") if memory.admin => "INITIALIZED",
                    ("UNINITIALIZED", "INITIALIZED") => return no(401, ""),
                    _ => return no(400, "E_TSS_CONFLICT"),
                };
                return self.life(memory, (tss, next));
            }
            ("PATCH", ["admin"]) if state == "CREATED" => return no(400, "E_TSS_CONFLICT"),
            ("PATCH", ["admin"]) => {
                if asked.text("admin_puk") != PUK || asked.text("new_admin_pin").len() < 6 {
                    self.core.mistold();
                    return no(401, "");
                }
                memory.pin = Some(asked.text("new_admin_pin").to_owned());
                return Reply::Json(200, json!({}));
            }
            ("POST", ["admin", "auth"]) => {
                memory.admin = memory.pin.as_deref() == Some(asked.text("admin_pin"));
                if !memory.admin {
                    self.core.mistold();
                    return no(401, "");
                }
                return Reply::Json(200, json!({}));
            }
            ("POST", ["admin", "logout"]) => {
                memory.admin = false;
                return Reply::Json(200, json!({}));
            }
            _ if state != "INITIALIZED" => return no(400, "E_TSS_NOT_INITIALIZED"),
            _ => {}
        }
        match (method, path.as_slice()) {
            ("GET", ["client"]) => {
                let all = memory
                    .clients
                    .iter()
                    .map(|(id, serial)| client(id, serial, memory.off.contains(id)));
                Reply::Json(200, json!({ "data": asked.page(all) }))
            }
            ("PUT", ["client", id]) => self.register(memory, id, asked.text("serial_number")),
            ("PATCH", ["client", id]) => self.switch(memory, id, asked.text("state")),
            ("GET", ["client", id, "tx"]) => {
                let own = memory.txs.iter().filter(|tx| {
                    tx.client == **id && asked.query("states[]").is_none_or(|s| s == tx.state)
                });
                let all = own.map(|tx| self.tx(memory, tx, None));
                Reply::Json(200, json!({ "data": asked.page(all) }))
            }
            ("GET", ["tx", which]) => self.look(memory, which),
            ("PUT", ["tx", which]) => self.put(memory, which, asked),
            ("PUT", ["export", id]) => self.export(memory, id, asked),
            ("GET", ["export", id]) => match memory.exports.get_mut(*id) {
                Some((asked_before, _)) => {
                    let done = *asked_before && !self.core.gate.stays(Hold::Made);
                    let state = if done { "COMPLETED" } else { "PENDING" };
                    *asked_before = true;
                    Reply::Json(200, json!({ "_id": id, "state": state }))
                }
                None => no(404, "E_EXPORT_NOT_FOUND"),
            },
            ("GET", ["export", id, "file"]) => match memory.exports.get(*id) {
                Some((true, tar)) => Reply::Tar(tar.clone()),
                _ => no(404, "E_EXPORT_NOT_FOUND"),
            },
            _ => no(404, ""),
        }
    }

    fn auth(&self, memory: &mut Memory, asked: &Asked<'_>) -> Reply {
        let known = !asked.text("api_key").is_empty()
            && asked.text("api_key") == self.secret.api_key
            && asked.text("api_secret") == self.secret.api_secret;
        if !known && !memory.tokens.remove(asked.text("refresh_token")) {
            return no(401, "");
        }
        memory.drawn = memory.drawn.saturating_add(1);
        let (access, refresh) =
            (format!("access-{}", memory.drawn), format!("refresh-{}", memory.drawn));
        memory.tokens.extend([access.clone(), refresh.clone()]);
        Reply::Json(
            200,
            json!({
                "access_token": access, "access_token_expires_in": 300, "refresh_token": refresh,
            }),
        )
    }

    /// Brings the unit to another part of its life.
    fn life(&self, memory: &mut Memory, unit: (Uuid, &'static str)) -> Reply {
        let trouble = self.core.trouble(Deed::SetUp);
        match trouble {
            Some(Trouble::Deaf) => return Reply::Lost,
            Some(Trouble::Busy) => return no(423, "E_TSS_LOCKED"),
            _ => memory.unit = Some(unit),
        }
        match trouble {
            Some(Trouble::Lost) => Reply::Lost,
            Some(Trouble::Late) => Reply::Late,
            _ => self.tss(memory, unit),
        }
    }

    /// Takes a till off, or lets it in again.
    fn switch(&self, memory: &mut Memory, id: &str, state: &str) -> Reply {
        if !memory.admin {
            return no(401, "");
        }
        let Some(serial) = memory.clients.get(id).cloned() else {
            return no(404, "E_CLIENT_NOT_FOUND");
        };
        let now = self.core.now(None);
        let done = match state {
            "DEREGISTERED" => self.core.unit.deregister(&serial, now),
            "REGISTERED" => self.core.unit.register(&serial, now),
            _ => return no(400, ""),
        };
        if done.is_err() {
            return no(409, "E_CLIENT_CONFLICT");
        }
        if state == "REGISTERED" {
            memory.off.remove(id)
        } else {
            memory.off.insert(id.to_owned())
        };
        Reply::Json(200, client(id, &serial, state != "REGISTERED"))
    }

    fn tss(&self, memory: &Memory, (tss, state): (Uuid, &str)) -> Reply {
        let usage = self.core.unit.usage().unwrap_or_default();
        let puk = (state == "CREATED").then_some(PUK);
        let Ok(identity) = self.core.unit.identity() else { return no(500, "") };
        let certificate = identity.certificates.first().map(Vec::as_slice).unwrap_or_default();
        Reply::Json(
            200,
            json!({
                "_id": tss, "_type": "TSS", "_env": "TEST", "state": state, "admin_puk": puk,
                "max_number_registered_clients": 199,
                "number_registered_clients": memory.clients.len().saturating_sub(memory.off.len()),
                "max_number_active_transactions": 2000,
                "number_active_transactions": memory.txs.iter().filter(|tx| tx.state == "ACTIVE").count(),
                "signature_counter": usage.counter.unwrap_or(0).to_string(),
                "description": fiscal::de::tse::NOT_CERTIFIED,
                "certificate": Base64::encode_string(certificate),
                "serial_number": identity.serial,
                "public_key": Base64::encode_string(&identity.public_key),
                "signature_algorithm": identity.algorithm.name(),
                "signature_timestamp_format": identity.time_format.name(),
                "transaction_counter": memory.txs.len().to_string(),
            }),
        )
    }

    fn register(&self, memory: &mut Memory, id: &str, serial: &str) -> Reply {
        if !memory.admin {
            return no(401, "");
        }
        if memory.clients.iter().any(|(other, taken)| taken == serial && other != id) {
            return no(409, "E_CLIENT_CONFLICT");
        }
        if self.core.unit.register(serial, self.core.now(None)).is_err() {
            return no(400, "E_ILLEGAL_CLIENT_SERIAL");
        }
        memory.clients.insert(id.to_owned(), serial.to_owned());
        Reply::Json(200, client(id, serial, false))
    }

    /// A transaction as it is told, with what goes wrong in telling it.
    fn tx(&self, memory: &Memory, tx: &Tx, trouble: Option<Trouble>) -> Value {
        let mut signature = tx.last.signature.clone();
        let mut counter = tx.last.counter;
        match trouble {
            Some(Trouble::WrongCounter) => counter = 1,
            Some(Trouble::WrongSignature) => signature.iter_mut().for_each(|byte| *byte ^= 1),
            _ => {}
        }
        let serial = memory.clients.get(&tx.client).map(String::as_str).unwrap_or_default();
        json!({
            "_id": tx.id, "_type": "TRANSACTION", "_env": "TEST",
            "number": tx.number, "state": tx.state, "schema": tx.schema,
            "tss_id": memory.unit.map(|(tss, _)| tss), "client_id": tx.client, "client_serial_number": serial,
            "revision": tx.revision, "latest_revision": tx.revision,
            "time_start": tx.start.as_second(),
            "signature": { "value": Base64::encode_string(&signature), "counter": counter.to_string() },
            "log": {
                "operation": tx.last.operation.name(),
                "timestamp": tx.last.at.as_second(),
                "timestamp_format": "unixTime",
            },
        })
    }

    fn look(&self, memory: &Memory, which: &str) -> Reply {
        match self.core.trouble(Deed::Look) {
            Some(Trouble::Busy) => return no(423, "E_TSS_LOCKED"),
            Some(Trouble::Gibberish) => return Reply::Json(200, json!("gibberish")),
            Some(Trouble::Late) => return Reply::Late,
            Some(_) => return Reply::Lost,
            None => {}
        }
        match memory.txs.iter().find(|tx| tx.is(which)) {
            Some(tx) => Reply::Json(200, self.tx(memory, tx, None)),
            None => no(404, "E_TX_NOT_FOUND"),
        }
    }

    fn put(&self, memory: &mut Memory, which: &str, asked: &Asked<'_>) -> Reply {
        let deed = match (asked.query("tx_revision"), asked.text("state")) {
            (Some("1"), _) => Operation::Start,
            (_, "ACTIVE") => Operation::Update,
            (_, "FINISHED") => Operation::Finish,
            _ => return no(400, ""),
        };
        let trouble = self.core.trouble(deed.into());
        match trouble {
            Some(Trouble::Deaf) => return Reply::Lost,
            Some(Trouble::Busy) => return no(423, "E_TSS_LOCKED"),
            Some(Trouble::Full) => return no(507, ""),
            Some(Trouble::LoggedOut) => {
                memory.tokens.retain(|token| token.starts_with("refresh"));
                return no(401, "");
            }
            _ => {}
        }
        if trouble == Some(Trouble::Twice) {
            let _first = self.take(memory, deed, which, asked, None);
        }
        let reply = self.take(memory, deed, which, asked, trouble);
        match trouble {
            Some(Trouble::Lost) => Reply::Lost,
            Some(Trouble::Late) => Reply::Late,
            Some(Trouble::Gibberish) => Reply::Json(200, json!("gibberish")),
            _ => reply,
        }
    }

    fn take(
        &self,
        memory: &mut Memory,
        operation: Operation,
        which: &str,
        asked: &Asked<'_>,
        trouble: Option<Trouble>,
    ) -> Reply {
        let revision = asked.query("tx_revision").and_then(|text| text.parse::<u64>().ok());
        let Some(revision) = revision else { return no(400, "") };
        let Some(serial) = memory.clients.get(asked.text("client_id")).cloned() else {
            return no(400, "E_CLIENT_NOT_FOUND");
        };
        if memory.off.contains(asked.text("client_id")) {
            return no(400, "E_CLIENT_DEREGISTERED");
        }
        let at = memory.txs.iter().position(|tx| tx.is(which));
        let tx = at.and_then(|at| memory.txs.get(at)).cloned();
        match &tx {
            // A revision is taken once; whoever sends it again hears what was said.
            Some(tx) if tx.revision == revision => {
                return Reply::Json(200, self.tx(memory, tx, trouble));
            }
            Some(tx) if tx.state == "ACTIVE" && tx.revision.saturating_add(1) == revision => {}
            None if revision == 1 => {}
            Some(_) => return no(409, "E_TX_UPSERT"),
            None => return no(404, "E_TX_NOT_FOUND"),
        }
        let raw = asked.body.pointer("/schema/raw");
        let part = |name| raw.and_then(|raw| raw.get(name)).and_then(Value::as_str);
        let data = part("process_data").and_then(|text| Base64::decode_vec(text).ok());
        let data = String::from_utf8(data.unwrap_or_default());
        let Ok(data) = data else { return no(400, "") };
        let process = (part("process_type").unwrap_or_default(), data.as_str());
        let number = tx.as_ref().map_or(0, |tx| tx.number);
        let now = self.core.now(trouble);
        let signed = match self.core.unit.sign(operation, (&serial, number), process, now) {
            Ok(signed) => signed,
            Err(Fault::NoTransaction) => return no(409, "E_TX_UPSERT"),
            Err(Fault::Unusable("too_many_open")) => return no(400, "E_TX_LIMIT_REACHED"),
            Err(_) => return no(400, ""),
        };
        let after = Tx {
            id: tx.as_ref().map_or(which.to_owned(), |tx| tx.id.clone()),
            number: signed.transaction,
            client: asked.text("client_id").to_owned(),
            revision,
            state: if operation == Operation::Finish { "FINISHED" } else { "ACTIVE" },
            start: tx.as_ref().map_or(signed.at, |tx| tx.start),
            schema: asked.body.get("schema").cloned().unwrap_or(json!({})),
            last: (operation, signed).into(),
        };
        let told = self.tx(memory, &after, trouble);
        match at.and_then(|at| memory.txs.get_mut(at)) {
            Some(tx) => *tx = after,
            None => memory.txs.push(after),
        }
        Reply::Json(200, told)
    }

    fn export(&self, memory: &mut Memory, id: &str, asked: &Asked<'_>) -> Reply {
        let moment = |name| {
            let seconds = asked.query(name)?.parse().ok()?;
            Timestamp::from_second(seconds).ok()
        };
        let span = (moment("start_date"), moment("end_date"));
        let mut tar = Vec::new();
        match self.core.unit.export(span, self.core.now(None), &mut tar) {
            Ok(()) => {
                memory.exports.insert(id.to_owned(), (false, tar));
                Reply::Json(200, json!({ "_id": id, "state": "PENDING" }))
            }
            Err(_) => no(500, ""),
        }
    }
}

impl Tx {
    fn is(&self, which: &str) -> bool {
        self.id == which || self.number.to_string() == which
    }
}

fn client(id: &str, serial: &str, off: bool) -> Value {
    let state = if off { "DEREGISTERED" } else { "REGISTERED" };
    json!({ "_id": id, "_type": "CLIENT", "serial_number": serial, "state": state })
}
