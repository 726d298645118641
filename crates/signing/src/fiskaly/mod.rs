//! The unit of fiskaly in the cloud (SIGN DE v2, REST over HTTPS).
//!
//! Nothing has to be kept here to find a transaction again: the interface names transactions by its own number as well
//! as by the UUID they were begun with (`tx_id_or_number`), and lists the open ones. So UUIDs are drawn at random, each
//! for one begin, and forgotten with its answer; after a crash [`Unit::open_transactions`] tells what is open, by number.
//! (UUIDs that can be computed would have to be computed from something on disk before each begin, and a shop restored
//! from a backup would compute one that is taken.) Tills are the other way round: their UUID is computed from unit and
//! serial number, so that registering twice is one registration.
//!
//! What is sent counts once: a revision of a transaction is taken once, and whenever an answer is lost the transaction
//! is read before anything is sent again.

mod export;
pub(crate) mod http;
mod setup;
mod wire;

use std::fmt;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::Method;
use hyper::header::DATE;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{Began, Fault, Finished, Identity, Span, Tell, Unit, Usage, proof};
use http::{Answer, Host, Miss};
use wire::{Client, Counts, List, Said, Token, Tss, Tx};

/// Where the interface is.
pub const LIVE: &str = "https://kassensichv-middleware.fiskaly.com/api/v2";
/// How long one answer may take unless it is said otherwise.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// How long one answer may take while a unit is made, unless it is said otherwise.
pub const SLOWLY: Duration = Duration::from_secs(60);
/// How often something is sent at most.
const TRIES: u32 = 3;
/// How much a page of a list holds at most.
const PAGE: usize = 100;
/// The state of a till that may sign.
const REGISTERED: &str = "REGISTERED";

const BAD: Fault = Fault::Unusable("bad_answer");
const SILENT: Fault = Fault::Unusable("no_answer");

/// What the shop was given by fiskaly. Shown by no `Debug`, in no fault.
#[derive(Clone)]
pub struct Secret {
    /// The API's key.
    pub api_key: String,
    /// The API's secret.
    pub api_secret: String,
    /// The PIN of the unit's administrator, with which tills are registered.
    pub admin_pin: Option<String>,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Which unit it is.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Where the interface is: [`LIVE`]; without TLS on this very machine alone.
    pub base: String,
    /// The unit's UUID.
    pub tss: Uuid,
    /// How long one answer may take.
    pub patience: Duration,
    /// How long one answer may take while a unit is set up.
    pub slowly: Duration,
    /// Random bytes that are never the same twice.
    pub draw: fn() -> [u8; 32],
}

#[derive(Default)]
struct Known {
    access: Option<String>,
    refresh: Option<String>,
    identity: Option<Identity>,
    counter: u64,
    /// It is being set up, which takes the maker longer.
    slowly: bool,
}

/// The unit. It takes one request at a time, and so does this: its counter rises from answer to answer.
pub struct Fiskaly {
    host: Host,
    setup: Setup,
    secret: Secret,
    known: Mutex<Known>,
}

impl fmt::Debug for Fiskaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fiskaly").field("setup", &self.setup).finish_non_exhaustive()
    }
}

/// What became of a request that was answered with something else than yes, or not at all.
enum Not {
    Missed(Miss),
    Said(u16, String, Duration),
}

impl From<Not> for Fault {
    fn from(not: Not) -> Self {
        let (status, code) = match not {
            Not::Missed(Miss::Unreachable) => return Fault::Unusable("unreachable"),
            Not::Missed(Miss::NotTrusted) => return Fault::Unusable("not_trusted"),
            Not::Missed(Miss::Lost) => return SILENT,
            Not::Missed(Miss::NotKept) => return Fault::Unusable("export"),
            Not::Said(status, code, _) => (status, code),
        };
        match (status, code.as_str()) {
            (_, "E_TX_NOT_FOUND" | "E_TX_UPSERT") => Fault::NoTransaction,
            (_, "E_TX_LIMIT_REACHED") => Fault::Unusable("too_many_open"),
            (_, "E_CLIENT_NOT_FOUND" | "E_CLIENT_DEREGISTERED" | "E_CLIENT_CONFLICT")
            | (_, "E_ILLEGAL_CLIENT_SERIAL" | "E_CLIENT_LIMIT_REACHED") => Fault::Refused("client"),
            (_, "E_TSS_DISABLED" | "E_TSS_DELETED" | "E_TSS_EVICTED") => {
                Fault::Unusable("disabled")
            }
            (_, "E_TSS_DEFECTIVE") => Fault::Unusable("self_test"),
            (_, "E_EXPORT_NOT_FOUND") => Fault::Unusable("export"),
            (_, "E_TSS_NOT_INITIALIZED" | "E_TSS_NOT_FOUND") => Fault::Unusable("not_set_up"),
            (507, _) => Fault::Unusable("storage_full"),
            (401 | 403, _) => Fault::Unusable("credentials"),
            (423 | 429 | 499 | 500.., _) => Fault::Unusable("busy"),
            _ => Fault::Refused("request"),
        }
    }
}

impl Not {
    /// The same may be sent again, after it was looked up.
    fn passes(&self) -> bool {
        match self {
            Not::Missed(miss) => *miss == Miss::Lost,
            Not::Said(status, code, _) => {
                matches!(status, 423 | 429 | 499 | 500 | 502..=504)
                    || code == "E_PENDING_TX_CONFLICT"
            }
        }
    }
}

impl Not {
    /// How often it is worth reading again.
    fn again(&self) -> u32 {
        match self {
            Not::Missed(_) => 1,
            Not::Said(..) => TRIES,
        }
    }
}

fn url_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

impl Fiskaly {
    /// The unit. Nothing is asked yet.
    ///
    /// # Errors
    /// When the address is none that may be asked.
    pub fn new(setup: Setup, secret: Secret) -> Result<Self, Fault> {
        let host = Host::new(&setup.base).ok_or(Fault::Refused("address"))?;
        Ok(Self { host, setup, secret, known: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks; with a token that is no longer taken once more with a new one.
    fn ask(
        &self,
        known: &mut Known,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Not> {
        let fresh = known.access.is_none();
        if fresh {
            self.authenticate(known)?;
        }
        match self.send(known, method, path, body) {
            Err(Not::Said(401, ..)) if !fresh => {
                self.authenticate(known)?;
                self.send(known, method, path, body)
            }
            answer => answer,
        }
    }

    /// Asks for what a PIN or a PUK guards, once: units block themselves after some wrong ones. So that a no is never one
    /// to an old token, the token is new.
    fn ask_guarded(
        &self,
        known: &mut Known,
        method: &Method,
        path: &str,
        body: &Value,
    ) -> Result<Answer, Fault> {
        self.authenticate(known)?;
        self.send(known, method, path, Some(body)).map_err(|not| match not {
            // Whoever was let in with the API's key and is turned away here has the wrong PIN or PUK.
            Not::Said(400 | 401 | 403, ..) => Fault::Refused("admin_pin"),
            not => not.into(),
        })
    }

    /// Sends it, with the token that there is.
    fn send(
        &self,
        known: &Known,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Not> {
        let body = body.map(|body| body.to_string().into_bytes());
        let token = known.access.as_deref();
        let patience = if known.slowly { self.setup.slowly } else { self.setup.patience };
        let answer = self.host.ask(patience, method.clone(), path, token, body);
        let answer = answer.map_err(Not::Missed)?;
        if (200..=299).contains(&answer.status) { Ok(answer) } else { Err(said(&answer)) }
    }

    fn authenticate(&self, known: &mut Known) -> Result<(), Not> {
        known.access = None;
        let refresh = known.refresh.take().map(|token| json!({ "refresh_token": token }));
        let whole = json!({ "api_key": self.secret.api_key, "api_secret": self.secret.api_secret });
        let mut last = Not::Missed(Miss::Unreachable);
        for body in refresh.iter().chain([&whole]) {
            let body = body.to_string().into_bytes();
            let answer =
                self.host.ask(self.setup.patience, Method::POST, "/auth", None, Some(body));
            let answer = answer.map_err(Not::Missed)?;
            if (200..=299).contains(&answer.status)
                && let Ok(token) = serde_json::from_slice::<Token>(&answer.body)
            {
                known.access = Some(token.access_token);
                known.refresh = token.refresh_token;
                return Ok(());
            }
            last = said(&answer);
        }
        Err(last)
    }

    fn tss(&self, rest: &str) -> String {
        format!("/tss/{}{rest}", self.setup.tss)
    }

    fn read<T: DeserializeOwned>(&self, known: &mut Known, path: &str) -> Result<T, Fault> {
        let mut tries = 0;
        loop {
            match self.ask(known, &Method::GET, path, None) {
                Ok(answer) => return serde_json::from_slice(&answer.body).map_err(|_| BAD),
                // Reading changes nothing; but whoever is silent twice would only be waited for.
                Err(not) if not.passes() && tries < not.again() => {
                    tries += 1;
                    wait(&not, self.setup.patience);
                }
                Err(not) => return Err(not.into()),
            }
        }
    }

    fn tx(&self, known: &mut Known, which: &str) -> Result<Option<Tx>, Fault> {
        match self.read(known, &self.tss(&format!("/tx/{which}"))) {
            Ok(tx) => Ok(Some(tx)),
            Err(Fault::NoTransaction) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Brings a transaction to a revision. `done` says of one that was looked up whether it is there already.
    fn put(
        &self,
        known: &mut Known,
        which: &str,
        (mut revision, body): (u64, &Value),
        done: impl Fn(&Tx) -> Result<bool, Fault>,
    ) -> Result<Tx, Fault> {
        let mut tries = 0;
        loop {
            tries += 1;
            let path = self.tss(&format!("/tx/{which}?tx_revision={revision}"));
            let not = match self.ask(known, &Method::PUT, &path, Some(body)) {
                Ok(answer) => return serde_json::from_slice(&answer.body).map_err(|_| BAD),
                Err(not) => not,
            };
            let behind = matches!(&not, Not::Said(400 | 409, code, _)
                if code == "E_TX_UPSERT" || code == "E_PENDING_TX_CONFLICT");
            if !not.passes() && !behind {
                return Err(not.into());
            }
            // Whatever became of it, the transaction knows.
            match self.tx(known, which)? {
                Some(tx) if done(&tx)? => return Ok(tx),
                Some(tx) if tx.state != "ACTIVE" => return Err(Fault::NoTransaction),
                Some(tx) => revision = tx.latest_revision.0.saturating_add(1),
                None if revision > 1 => return Err(Fault::NoTransaction),
                None => {}
            }
            if tries >= TRIES {
                return Err(not.into());
            }
            wait(&not, self.setup.patience);
        }
    }

    fn whoami(&self, known: &mut Known) -> Result<Identity, Fault> {
        if let Some(identity) = &known.identity {
            return Ok(identity.clone());
        }
        let tss: Tss = self.read(known, &self.tss(""))?;
        let identity = tss.identity()?;
        known.identity = Some(identity.clone());
        Ok(identity)
    }

    /// All tills, those that were taken off too.
    fn all_clients(&self, known: &mut Known) -> Result<Vec<Client>, Fault> {
        let mut all = Vec::new();
        for page in 0.. {
            let offset = PAGE.saturating_mul(page);
            let path = self.tss(&format!("/client?limit={PAGE}&offset={offset}"));
            let List::<Client> { data } = self.read(known, &path)?;
            let last = data.len() < PAGE;
            all.extend(data);
            if last {
                break;
            }
        }
        Ok(all)
    }

    fn client(&self, known: &mut Known, serial: &str) -> Result<Option<String>, Fault> {
        let all = self.all_clients(known)?;
        let found = all.into_iter().find(|c| c.serial_number == serial && c.state == REGISTERED);
        Ok(found.map(|client| client.id))
    }

    /// A transaction as it is open now.
    fn open(&self, known: &mut Known, (client, number): (&str, u64)) -> Result<Tx, Fault> {
        let tx = self.tx(known, &number.to_string())?.ok_or(Fault::NoTransaction)?;
        if tx.state != "ACTIVE" || tx.client_serial_number != client {
            return Err(Fault::NoTransaction);
        }
        Ok(tx)
    }

    /// Puts an open transaction on: to a new revision, and to an end.
    fn go_on(
        &self,
        known: &mut Known,
        of: (&str, u64),
        process: (&str, &str),
        finish: bool,
    ) -> Result<Finished, Fault> {
        let identity = self.whoami(known)?;
        let open = self.open(known, of)?;
        let state = if finish { "FINISHED" } else { "ACTIVE" };
        let body = json!({
            "state": state, "client_id": open.client_id, "schema": { "raw": raw(process) },
        });
        let done = |tx: &Tx| {
            if !finish {
                return Ok(tx.latest_revision.0 > open.latest_revision.0);
            }
            Ok(tx.state == "FINISHED" && proof::signed(&identity, of, process, &tx.signed()?))
        };
        let revision = open.latest_revision.0.saturating_add(1);
        let tx = self.put(known, &of.1.to_string(), (revision, &body), done)?;
        let said = tx.signed()?;
        if said.counter <= known.counter {
            return Err(Fault::Unusable("wrong_counter"));
        }
        if finish && !proof::signed(&identity, of, process, &said) {
            return Err(Fault::Unusable("bad_signature"));
        }
        known.counter = said.counter;
        Ok(said)
    }
}

fn raw((process_type, process_data): (&str, &str)) -> Value {
    use base64ct::{Base64, Encoding as _};
    let data = Base64::encode_string(process_data.as_bytes());
    json!({ "process_type": process_type, "process_data": data })
}

fn said(answer: &Answer) -> Not {
    let code = serde_json::from_slice::<Said>(&answer.body).map(|said| said.code);
    let again = answer.headers.get(hyper::header::RETRY_AFTER);
    let again = again.and_then(|text| text.to_str().ok()).and_then(|text| text.parse().ok());
    Not::Said(answer.status, code.unwrap_or_default(), Duration::from_secs(again.unwrap_or(0)))
}

/// Waits as long as was asked for, within one's own patience.
fn wait(not: &Not, patience: Duration) {
    if let Not::Said(_, _, again) = not {
        pause((*again).min(patience));
    }
}

/// Lets a time go by on this thread, which nobody else waits for.
fn pause(time: Duration) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    if let Ok(runtime) = runtime {
        runtime.block_on(async { tokio::time::sleep(time).await });
    }
}

/// A UUID of version 4 out of random bytes, or out of a name's hash.
fn uuid(bytes: &[u8]) -> Uuid {
    let mut first = [0; 16];
    first.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    uuid::Builder::from_random_bytes(first).into_uuid()
}

impl Unit for Fiskaly {
    fn set_up(&self, puk: Option<&str>, _: Timestamp, tell: Tell<'_>) -> Result<(), Fault> {
        let known = &mut *self.lock();
        known.slowly = true;
        let done = self.make(known, puk, tell);
        known.slowly = false;
        done
    }

    fn identity(&self) -> Result<Identity, Fault> {
        let known = &mut *self.lock();
        known.identity = None;
        self.whoami(known)
    }

    /// It tests itself and sets its own clock; asked is whether it is in order, and what time it has.
    fn self_test(&self, now: Timestamp) -> Result<(), Fault> {
        let known = &mut *self.lock();
        let answer = self.ask(known, &Method::GET, &self.tss(""), None).map_err(Fault::from)?;
        let tss: Tss = serde_json::from_slice(&answer.body).map_err(|_| BAD)?;
        match tss.state.as_str() {
            "INITIALIZED" => {}
            "CREATED" | "UNINITIALIZED" => return Err(Fault::Unusable("not_set_up")),
            "DEFECTIVE" => return Err(Fault::Unusable("self_test")),
            _ => return Err(Fault::Unusable("disabled")),
        }
        let identity = tss.identity()?;
        if identity.valid_until < now {
            return Err(Fault::Unusable("certificate_expired"));
        }
        known.identity = Some(identity);
        let date = answer.headers.get(DATE).and_then(|date| date.to_str().ok());
        let date = date
            .and_then(|date| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
        date.map_or(Ok(()), |date| proof::clock(date, now))
    }

    fn register(&self, client: &str, _: Timestamp) -> Result<(), Fault> {
        let known = &mut *self.lock();
        let all = self.all_clients(known)?;
        let same = all.iter().filter(|one| one.serial_number == client);
        if same.clone().any(|one| one.state == REGISTERED) {
            return Ok(());
        }
        let off = same.map(|one| one.id.clone()).next();
        let put = self.as_admin(known, |known| match off {
            // One that was taken off comes back as itself.
            Some(id) => {
                let path = self.tss(&format!("/client/{}", url_encoded(&id)));
                let body = json!({ "state": REGISTERED });
                self.ask(known, &Method::PATCH, &path, Some(&body)).map_err(Fault::from)
            }
            None => {
                let name = format!("{}/{client}", self.setup.tss);
                let id = uuid(&Sha256::digest(name.as_bytes()));
                let body = json!({ "serial_number": client });
                let path = self.tss(&format!("/client/{id}"));
                self.ask(known, &Method::PUT, &path, Some(&body)).map_err(Fault::from)
            }
        });
        match put {
            Ok(_) => Ok(()),
            Err(fault) => match self.client(known, client) {
                Ok(Some(_)) => Ok(()),
                _ => Err(fault),
            },
        }
    }

    fn clients(&self) -> Result<Vec<String>, Fault> {
        let all = self.all_clients(&mut self.lock())?.into_iter();
        Ok(all.filter(|one| one.state == REGISTERED).map(|one| one.serial_number).collect())
    }

    fn deregister(&self, client: &str, _: Timestamp) -> Result<(), Fault> {
        let known = &mut *self.lock();
        let Some(id) = self.client(known, client)? else { return Ok(()) };
        let path = self.tss(&format!("/client/{}", url_encoded(&id)));
        let body = json!({ "state": "DEREGISTERED" });
        self.as_admin(known, |known| {
            self.ask(known, &Method::PATCH, &path, Some(&body)).map(drop).map_err(Fault::from)
        })
    }

    fn usage(&self) -> Result<Usage, Fault> {
        let counts: Counts = self.read(&mut self.lock(), &self.tss(""))?;
        Ok(counts.usage())
    }

    fn open_transactions(&self, client: &str) -> Result<Vec<u64>, Fault> {
        let known = &mut *self.lock();
        let Some(id) = self.client(known, client)? else { return Ok(Vec::new()) };
        let mut open = Vec::new();
        for page in 0.. {
            let offset = PAGE.saturating_mul(page);
            let path = self.tss(&format!(
                "/client/{}/tx?states[]=ACTIVE&order=asc&limit={PAGE}&offset={offset}",
                url_encoded(&id)
            ));
            let List::<Tx> { data } = self.read(known, &path)?;
            open.extend(data.iter().filter(|tx| tx.state == "ACTIVE").map(|tx| tx.number.0));
            if data.len() < PAGE {
                break;
            }
        }
        open.sort_unstable();
        Ok(open)
    }

    fn begin(&self, client: &str, now: Timestamp) -> Result<Began, Fault> {
        let known = &mut *self.lock();
        if self.whoami(known)?.valid_until < now {
            return Err(Fault::Unusable("certificate_expired"));
        }
        let id = self.client(known, client)?.ok_or(Fault::Refused("client"))?;
        let body = json!({ "state": "ACTIVE", "client_id": id });
        let which = uuid(&(self.setup.draw)()).to_string();
        let tx = self.put(known, &which, (1, &body), |_| Ok(true))?;
        let (at, said) = (tx.began()?, tx.signed()?);
        if said.counter <= known.counter {
            return Err(Fault::Unusable("wrong_counter"));
        }
        known.counter = said.counter;
        proof::clock(at, now)?;
        Ok(Began { number: tx.number.0, at })
    }

    fn update(&self, of: (&str, u64), process: (&str, &str), _: Timestamp) -> Result<(), Fault> {
        self.go_on(&mut self.lock(), of, process, false).map(drop)
    }

    fn finish(
        &self,
        of: (&str, u64),
        process: (&str, &str),
        _: Timestamp,
    ) -> Result<Finished, Fault> {
        self.go_on(&mut self.lock(), of, process, true)
    }

    fn finished(&self, of: (&str, u64), process: (&str, &str)) -> Result<Option<Finished>, Fault> {
        let known = &mut *self.lock();
        let identity = self.whoami(known)?;
        let Some(tx) = self.tx(known, &of.1.to_string())? else { return Ok(None) };
        if tx.state != "FINISHED" || tx.client_serial_number != of.0 {
            return Ok(None);
        }
        // The signature says with which data; what else the answer says of them need not be believed.
        let said = tx.signed()?;
        Ok(proof::signed(&identity, of, process, &said).then_some(said))
    }

    fn export(&self, span: Span, _: Timestamp, out: &mut dyn Write) -> Result<(), Fault> {
        self.archive(span, out)
    }
}
